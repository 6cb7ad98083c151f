"""Judge what was read back from Zalo. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from content_queue.models import Attempt, Channel, Payload
from content_queue.outcomes import Absent, ChannelHealth, Found, Reading, Receipt, Unclear
from content_queue.texts import N_, _

SOURCE = "zalo article"
#: Metric -> the field of an article that holds it.
METRICS = {"views": "total_view", "shares": "total_share"}
#: How far Zalo's clock may be behind ours.
SKEW = timedelta(minutes=2)
#: `oa_type` -> what it is called on screens.
OA_TYPES = {2: N_("OA doanh nghiệp"), 4: N_("OA cơ quan nhà nước")}


def receipt(channel: Channel, payload: Payload, article_id: str, article: Mapping[str, Any]) -> Receipt:
    """Return the receipt of a shown article: Zalo's own link, else the form it has had since 2024."""
    place = "video" if payload.fields.get("type") == "video" else "detail"
    built = f"https://rd.zapps.vn/{place}/{channel.remote_id}?id={article_id}&pageId={channel.remote_id}"
    return Receipt(article_id, str(article.get("link_view") or built))


def known(
    channel: Channel, payload: Payload, article_id: str, article: Mapping[str, Any]
) -> Found | Absent | Unclear:
    """Judge an article whose id we hold. Hidden is absent: showing it again makes no second copy."""
    match article.get("status"):
        case "show":
            return Found(receipt(channel, payload, article_id, article))
        case "hide":
            return Absent()
    return Unclear(_("Zalo không cho biết bài đang hiện hay ẩn. Hãy xem danh sách bài viết trên trang OA."))


def is_ours(attempt: Attempt, article: Mapping[str, Any]) -> bool:
    """Tell, where no id is held: a shown article of this title, made since the attempt, is ours."""
    fresh = _made_since(article, attempt.started_at - SKEW) and article.get("id") not in _articles(attempt)
    titled = article.get("title") == attempt.payload.fields["title"]
    return fresh and titled and article.get("status") == "show"


def not_seen(attempt: Attempt) -> Unclear:
    """Say that the list shows nothing of ours, which proves nothing."""
    told = _(
        "Chưa thấy bài “{title}” trong danh sách của OA. Hãy xem trang OA rồi chọn: đã đăng, hay đăng lại."
    )
    return Unclear(told.format(title=attempt.payload.fields["title"]))


def _articles(attempt: Attempt) -> set[str]:
    """Return the articles known to be of others; the id of a push has that of its article before it."""
    return {remote_id.partition("/")[0] for remote_id in attempt.owned}


def readings(article: Mapping[str, Any]) -> list[Reading]:
    """Return the numbers of an article; one that Zalo leaves out is said to be missing."""
    return [_reading(metric, article.get(name), SOURCE) for metric, name in METRICS.items()]


def followers(about: Mapping[str, Any]) -> Reading:
    """Return the followers that an OA says to have."""
    return _reading("followers", about.get("num_follower"), "zalo oa")


def health(channel: Channel, about: Mapping[str, Any], *, remarks: Iterable[str]) -> ChannelHealth:
    """Judge what an OA says of itself: is it the one that the channel names, and what to know of it."""
    oa_id = str(about.get("oa_id") or about.get("oaid") or "")
    problems = [*remarks]
    if oa_id != channel.remote_id:
        told = _("Mã truy cập thuộc OA {found}, không phải {wanted}. Hãy cấp quyền lại đúng OA.")
        problems.insert(0, told.format(found=oa_id or "?", wanted=channel.remote_id))
    return ChannelHealth(oa_id == channel.remote_id, _name(about), tuple(problems))


def _name(about: Mapping[str, Any]) -> str:
    kind = _(OA_TYPES[about["oa_type"]]) if about.get("oa_type") in OA_TYPES else ""
    package = _("gói {name}").format(name=about["package_name"]) if about.get("package_name") else ""
    known_of_it = ", ".join(part for part in (kind, package) if part)
    name = str(about.get("name", ""))
    return f"{name} ({known_of_it})" if known_of_it else name


def _made_since(article: Mapping[str, Any], moment: datetime) -> bool:
    try:
        made = datetime.fromtimestamp(int(article["create_date"]) / 1000, UTC)  # Zalo tells milliseconds
    except (KeyError, TypeError, ValueError):
        return False
    return made >= moment


def _reading(metric: str, value: object, source: str) -> Reading:
    try:
        return Reading(metric, int(str(value)), source)
    except ValueError:
        return Reading(metric, None, source, _("Zalo không cho biết số này."))
