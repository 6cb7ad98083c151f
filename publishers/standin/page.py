"""The page that shows what arrived, the way each network shows a post; no script, plain forms."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, pairwise, zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from content_queue.texts import N_, _
from publishers.standin.shown import Shown

HERE = Path(__file__).parent
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
#: Posts on one page.
PAGE = 60
#: Pictures of one card; the last says how many more there are.
PICTURES = 4
#: Network -> its name; these are the tabs, in this order.
NAMES = {"facebook": "Facebook", "zalo": "Zalo", "telegram": "Telegram"}
#: Metric of a stand-in -> how readers call it. Others are not shown.
METRICS = {
    "views": N_("lượt xem"),
    "reach": N_("người tiếp cận"),
    "reactions": N_("cảm xúc"),
    "comments": N_("bình luận"),
    "shares": N_("chia sẻ"),
    "subscribers": N_("người theo dõi"),
}
#: Note of a stand-in -> how a network calls such a post.
NOTES = {"reel": N_("Reel"), "pushed": N_("Đã gửi người quan tâm")}
_MARKED = re.compile(r"(https?://[^\s<>]+[^\s<>.,;:!?)])|(?<!\w)(#\w+)")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a text that looks alike."""

    text: str
    link: str = ""
    tag: bool = False
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One post, ready for the template."""

    platform: str
    channel: str
    when: str
    exactly: str
    title: str
    words: tuple[Word, ...]
    link: str
    site: str
    pictures: tuple[tuple[str, str], ...]
    more: int
    documents: tuple[tuple[str, str], ...]
    comments: tuple[tuple[Word, ...], ...]
    note: str
    reach: str


def card(post: Shown) -> Card:
    """Put a post into the words of the page."""
    local = post.at.astimezone(LOCAL)
    return Card(
        platform=post.platform,
        channel=post.channel,
        when=f"{local:%H:%M:%S · %d/%m/%Y}",
        exactly=local.isoformat(timespec="milliseconds"),
        title=post.title,
        words=tuple(words_of(post)),
        link=post.link,
        site=urlsplit(post.link).netloc,
        pictures=tuple(zip_longest(post.pictures, post.alts, fillvalue=""))[:PICTURES],
        more=max(0, len(post.pictures) - PICTURES),
        documents=post.documents,
        comments=tuple(tuple(pieces(comment)) for comment in post.comments),
        note=_(NOTES[post.note]) if post.note else "",
        reach=" · ".join(f"{thousands(number)} {_(METRICS[m])}" for m, number in known(post.reach)),
    )


def known(reach: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the numbers that readers see, in the order of `METRICS`."""
    return [(metric, reach[metric]) for metric in METRICS if metric in reach]


def thousands(number: int) -> str:
    """Write a number the Vietnamese way."""
    return f"{number:,}".replace(",", ".")


def words_of(post: Shown) -> Iterator[Word]:
    """Yield the text of a post, without the title that stands above it, in pieces that look alike."""
    start = len(post.text) - len(post.text.removeprefix(post.title).lstrip())
    cuts = {start, len(post.text), *(end for style in post.styles for end in (style.first, style.last))}
    for first, last in pairwise(sorted(cut for cut in cuts if cut >= start)):
        over = {style.kind: style for style in post.styles if style.first <= first < style.last}
        letters, linked = post.text[first:last], over.get("text_link")
        for word in [Word(letters, linked.link)] if linked else pieces(letters):
            yield replace(word, bold="bold" in over, italic="italic" in over)


def pieces(text: str) -> Iterator[Word]:
    """Yield a text in pieces: plain, links, hashtags."""
    end = 0
    for match in _MARKED.finditer(text):
        if match.start() > end:
            yield Word(text[end : match.start()])
        yield Word(match[0], link=match[1] or "", tag=match[1] is None)
        end = match.end()
    if end < len(text):
        yield Word(text[end:])


def words() -> dict[str, str]:
    """Return the page's own words in the language of the reader."""
    return {
        "title": _("Bài đã đăng trên các nền tảng chạy thử"),
        "note": _("Đây là nền tảng giả lập trên máy này. Không có gì được gửi ra ngoài."),
        "all": _("Tất cả"),
        "people": _("Phê duyệt"),
        "nothing": _("Chưa có bài nào. Bài sẽ hiện ở đây khi đến giờ đăng."),
        "no_people": _("Chưa có tin nhắn nào gửi tới người duyệt."),
        "older": _("Bài cũ hơn"),
        "newer": _("Bài mới hơn"),
        "page": _("Trang"),
        "account": _("Tài khoản chính thức"),
        "channel": _("Kênh"),
        "public": _("Công khai"),
        "like": _("Thích"),
        "comment": _("Bình luận"),
        "share": _("Chia sẻ"),
        "details": _("Xem chi tiết"),
        "person": _("Người duyệt"),
        "write": _("Nhắn cho bot, ví dụ /cho_duyet"),
        "send": _("Gửi"),
    }


def routes(
    shown: Callable[[], Sequence[Shown]], chats: Callable[[], Sequence[Mapping[str, Any]]]
) -> list[Route]:
    """Return the routes of the page; `shown` is newest first, `chats` the talks of bots with people."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("page.html")

    async def page(request: Request) -> Response:
        return HTMLResponse(template.render(view(shown(), chats(), request.query_params)))

    async def style(_request: Request) -> Response:
        return FileResponse(HERE / "page.css")

    return [Route("/", page), Route("/page.css", style)]


def view(
    posts: Sequence[Shown], chats: Sequence[Mapping[str, Any]], asked: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the template shows for a query: `nen_tang`, `nguoi`, `trang`."""
    platform, people = asked.get("nen_tang", ""), "nguoi" in asked
    number = int(asked["trang"]) if asked.get("trang", "").isdecimal() else 0
    chosen = [post for post in posts if platform in ("", post.platform)]
    start = number * PAGE
    return {
        "words": words(),
        "tabs": _tabs(posts, platform, people=people),
        "people": [_chat(chat) for chat in chats] if people else None,
        "waiting": sum(bool(message["buttons"]) for chat in chats for message in chat["messages"]),
        "cards": [card(post) for post in islice(chosen, start, start + PAGE)],
        "platform": platform,
        "older": number + 1 if len(chosen) > start + PAGE else None,
        "newer": number - 1 if number else None,
    }


def _tabs(posts: Sequence[Shown], platform: str, *, people: bool) -> list[dict[str, Any]]:
    counts = {name: sum(post.platform == name for post in posts) for name in NAMES}
    return [
        {"name": name, "platform": key, "count": thousands(count), "here": key == platform and not people}
        for key, name, count in (
            ("", _("Tất cả"), len(posts)),
            *((key, name, counts[key]) for key, name in NAMES.items()),
        )
    ]


def _chat(chat: Mapping[str, Any]) -> dict[str, Any]:
    """Return a talk with its messages in local time, newest first."""
    messages = [
        {**message, "when": f"{datetime.fromisoformat(message['at']).astimezone(LOCAL):%H:%M:%S}"}
        for message in reversed(chat["messages"])
    ]
    return {"chat_id": chat["chat_id"], "messages": messages[:PAGE], "toasts": chat["toasts"][-1:]}
