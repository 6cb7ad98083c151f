"""What the bot shows of days, channels and numbers: posts to come, how channels stand, what was reached."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bot.acts import post_called
from bot.moments import local_day, read_edge, show, show_day, show_hour
from bot.planning.remembered import Look
from bot.telegram.showing import LISTED, View, concerning, line_of, more_of
from content_queue.delivery.check import HEALTH
from content_queue.models import Channel
from content_queue.states import PostState
from content_queue.store.approvals import PROVINCE
from content_queue.store.marks import read_mark
from content_queue.store.posts import posts_in
from content_queue.store.reach import Snapshot, snapshots
from content_queue.texts import N_, _
from content_queue.words import platform_name, post_state_name
from schedules.names import fold

#: Days that `/lich` shows without a day.
DAYS = 7
#: Days whose posts `/so_lieu` sums up without a code.
LATELY = timedelta(days=7)
#: Metric -> how it reads.
METRICS: Mapping[str, str] = {
    "reach": N_("người tiếp cận"),
    "views": N_("lượt xem"),
    "clicks": N_("lượt bấm"),
    "reactions": N_("lượt bày tỏ cảm xúc"),
    "comments": N_("bình luận"),
    "shares": N_("lượt chia sẻ"),
    "subscribers": N_("người theo dõi"),
    "followers": N_("người theo dõi"),
}


def schedule(view: View, words: str) -> list[str]:
    """List the posts of a day, or of the days to come, by day."""
    if words:
        first = read_edge(words, view.now, end=False)
        last = local_day(first)[1]
    else:
        first, last = local_day(view.now)[0], local_day(view.now, DAYS - 1)[1]
    states = tuple(state for state in PostState if state != PostState.CANCELLED)
    found = concerning(view, posts_in(view.connection, states=states, first=first, last=last))
    if not found:
        return [_("Không có bài nào trong những ngày này.")]
    days: dict[str, list[str]] = {}
    for post in found[:LISTED]:
        told = f"{line_of(post, show_hour(post.due))} · {post_state_name(post.state)}"
        days.setdefault(show_day(post.due), []).append(told)
    lines = [line for day, told in days.items() for line in (f"\n{day}", *told)]
    return ["\n".join([*lines, *more_of(found)]).strip()]


def channels(view: View, words: str) -> list[str]:
    """Count the channels of a person's agencies by platform and name the ill ones; or find some by name."""
    own = [each for each in view.desk.channels if {PROVINCE, each.agency} & view.person.agencies]
    kept: Mapping[str, Look] = read_mark(view.connection, HEALTH, {})
    if words:
        found = [_one(each, kept) for each in own if fold(words) in fold(each.name)]
        none = _("Không có kênh nào mang tên như vậy trong phạm vi anh/chị phụ trách.")
        return ["\n".join(found[:LISTED]) or none]
    counted = Counter(each.platform for each in own)
    told = _("{platform}: {count} kênh")
    lines = [told.format(platform=platform_name(name), count=count) for name, count in counted.items()]
    ill = [_one(each, kept) for each in own if each.name in kept and not kept[each.name]["ok"]]
    head = _("{count} kênh không đăng được:").format(count=len(ill))
    return ["\n".join([*lines, *([head, *ill[:LISTED]] if ill else [_("Không kênh nào báo lỗi.")])])]


def _one(channel: Channel, kept: Mapping[str, Look]) -> str:
    look = kept.get(channel.name)
    told = _("chưa xem") if look is None else _("tốt") if look["ok"] else " ".join(look["problems"])
    return f"• {channel.name} ({platform_name(channel.platform)}): {told}"


def numbers(view: View, words: str) -> list[str]:
    """Sum up what a post reached, by platform; without a code, what each post of the last days did."""
    if words:
        post = post_called(view.connection, words.split(" ", maxsplit=1)[0])
        lines = list(_sums(snapshots(view.connection, post=post.id)))
        head = _("Số liệu của bài {post}, đọc lúc gần nhất:").format(post=post.id)
        return ["\n".join([head, *(lines or [_("Chưa đọc được số nào.")])])]
    found = concerning(
        view, posts_in(view.connection, states=tuple(PostState), first=view.now - LATELY, last=view.now)
    )
    read = [(post, list(_sums(snapshots(view.connection, post=post.id)))) for post in found[-LISTED:]]
    told = [f"{line_of(post, show(post.due))}\n  " + "; ".join(sums) for post, sums in read if sums]
    return [
        "\n".join(told) if told else _("Chưa có số liệu của bài nào trong 7 ngày qua. Một bài: /so_lieu MÃ")
    ]


def _sums(found: Sequence[Snapshot]) -> Iterator[str]:
    """Add up the newest number of each delivery; what a platform does not give is left out, not zero."""
    newest = {(each.delivery, each.metric): each for each in found if each.value is not None}
    sums: Counter[tuple[str, str]] = Counter()
    for each in newest.values():
        sums[each.platform, each.metric] += each.value or 0
    for platform in dict.fromkeys(platform for platform, _metric in sums):
        told = ", ".join(
            f"{value} {_(METRICS.get(metric, metric))}"
            for (where, metric), value in sums.items()
            if where == platform
        )
        yield f"{platform_name(platform)}: {told}"
