"""Judge what was read back from Zalo. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from content_queue.models import Attempt, Channel
from content_queue.outcomes import Absent, ChannelHealth, Found, Reading, Receipt, Unclear
from content_queue.texts import N_, _

SOURCE = "zalo article"
#: Metric -> the field of an article that holds it.
METRICS = {"views": "total_view", "shares": "total_share"}
#: How far Zalo's clock may be behind ours.
SKEW = timedelta(minutes=2)
#: `oa_type` -> what it is called on screens.
OA_TYPES = {2: N_("OA doanh nghiệp"), 4: N_("OA cơ quan nhà nước")}


def receipt(channel: Channel, article_id: str, article: Mapping[str, Any]) -> Receipt:
    """Return the receipt of a shown article: Zalo's own link, else the form it has had since 2024."""
    built = f"https://rd.zapps.vn/detail/{channel.remote_id}?id={article_id}&pageId={channel.remote_id}"
    return Receipt(article_id, str(article.get("link_view") or built))


def known(channel: Channel, article_id: str, article: Mapping[str, Any]) -> Found | Absent | Unclear:
    """Judge an article whose id we hold. Hidden is absent: showing it again makes no second copy."""
    match article.get("status"):
        case "show":
            return Found(receipt(channel, article_id, article))
        case "hide":
            return Absent()
    return Unclear(_("Zalo không cho biết bài đang hiện hay ẩn. Hãy xem danh sách bài viết trên trang OA."))


def by_title(channel: Channel, attempt: Attempt, articles: Sequence[Mapping[str, Any]]) -> Found | Unclear:
    """Judge the list where no id is held: a shown article of this title, made since the attempt, is ours."""
    title = attempt.payload.fields["title"]
    for article in articles:
        fresh = _made_since(article, attempt.started_at - SKEW) and article.get("id") not in attempt.owned
        if fresh and article.get("title") == title:
            verdict = known(channel, str(article.get("id")), article)
            if isinstance(verdict, Found):
                return verdict
    return Unclear(
        _(
            "Chưa thấy bài “{title}” trong danh sách của OA. Hãy xem trang OA rồi chọn đã đăng hay đăng lại."
        ).format(title=title)
    )


def readings(article: Mapping[str, Any]) -> list[Reading]:
    """Return the numbers of an article; one that Zalo leaves out is said to be missing."""
    return [_reading(metric, article.get(name)) for metric, name in METRICS.items()]


def health(channel: Channel, about: Mapping[str, Any], *, default_cover: str) -> ChannelHealth:
    """Judge what an OA says of itself: is it the one that the channel names, and what to know of it."""
    oa_id = str(about.get("oa_id") or about.get("oaid") or "")
    problems = [
        _("Gia hạn mã truy cập chưa tự động: hãy thay mã trong tệp bí mật trước khi hết hạn (25 giờ)."),
        _("Ảnh trong máy chưa gửi được lên Zalo: bài cần ảnh có địa chỉ https."),
    ]
    if not default_cover:
        problems.append(_("Chưa đặt zalo.default_cover: bài không có ảnh https sẽ bị từ chối."))
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


def _reading(metric: str, value: object) -> Reading:
    try:
        return Reading(metric, int(str(value)), SOURCE)
    except ValueError:
        return Reading(metric, None, SOURCE, _("Zalo không cho biết số này."))
