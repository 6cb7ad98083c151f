"""What letters say. Pure; the text of posts is data, and every template escapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.mail.letter import Letter
from bot.moments import show
from bot.press import filled
from content_queue.models import Person, Post
from content_queue.texts import _, spoken

#: Letters of a message that a subject quotes.
FIRST = 120

LETTER = Path(__file__).parent / "templates" / "letter.html"


@dataclass(frozen=True, slots=True)
class Item:
    """One post of a letter: what it is about, whether it came before in another form, and its link."""

    post: Post
    agency: str
    link: str
    changed: bool = False


def waiting_letter(person: Person, items: Sequence[Item], *, office: str, page: str) -> Letter:
    """Write which posts wait for a person's decision, earliest first, each with its link."""
    count = len(items)
    if count == 1:
        one = _("[{office}] Bài {post} chờ anh/chị duyệt, đăng lúc {due}")
        subject = one.format(office=office, post=items[0].post.id, due=show(items[0].post.due))
    else:
        many = _("[{office}] {count} bài chờ anh/chị duyệt, sớm nhất đăng lúc {due}")
        subject = many.format(office=office, count=count, due=show(items[0].post.due))
    blocks = [_block(item) for item in items]
    ending = [_("Xem tất cả: {link}").format(link=page), *_small_print()]
    text = "\n\n".join([_greeting(person), _opening(count), *blocks, *ending]) + "\n"
    return Letter(person.email, subject, text, _html(person=person, items=items, page=page, office=office))


def link_letter(person: Person, link: str, *, office: str) -> Letter:
    """Write the link that a person asked for on the page."""
    subject = _("[{office}] Liên kết mở trang duyệt bài").format(office=office)
    said = _("Liên kết mở trang duyệt bài mà anh/chị vừa yêu cầu:\n{link}").format(link=link)
    text = "\n\n".join([_greeting(person), said, *_small_print()]) + "\n"
    return Letter(person.email, subject, text, _html(person=person, items=(), page=link, office=office))


def news_letter(person: Person, messages: Sequence[str], *, office: str, link: str) -> Letter:
    """Write what people are told in Telegram, to whom it cannot be told there."""
    first = messages[0].partition("\n")[0]
    many = _("[{office}] {count} tin cần biết").format(office=office, count=len(messages))
    subject = f"[{office}] {first[:FIRST]}" if len(messages) == 1 else many
    opened = _("Mở trang để xem và quyết định: {link}").format(link=link)
    hint = _(
        "Lệnh bắt đầu bằng dấu / là để gõ trong Telegram; "
        "không có Telegram thì mở bài trên trang và làm ở đó."
    )
    text = "\n\n".join([_greeting(person), *messages, opened, hint, *_small_print()]) + "\n"
    return Letter(person.email, subject, text)


def _greeting(person: Person) -> str:
    return _("Kính gửi {name},").format(name=person.name)


def _opening(count: int) -> str:
    if count == 1:
        return _("Có một bài đang chờ anh/chị duyệt:")
    return _("Có {count} bài đang chờ anh/chị duyệt:").format(count=count)


def _block(item: Item) -> str:
    lines = [
        _("Bài {post}, đăng lúc {due}").format(post=item.post.id, due=show(item.post.due)),
        item.agency,
        item.post.summary,
        *([_("Bài đã được sửa so với bản anh/chị nhận lần trước.")] if item.changed else []),
        _("Xem và quyết định: {link}").format(link=item.link),
    ]
    return "\n".join(lines)


def _small_print() -> list[str]:
    return [
        _(
            "Mở liên kết chỉ để xem; muốn duyệt hay từ chối, xin nhập mã PIN của anh/chị trên trang. "
            "Liên kết dùng được trong 72 giờ và dành riêng cho anh/chị, xin đừng chuyển tiếp thư này."
        ),
        _("Thư do phần mềm loa gửi tự động; xin không trả lời thư này."),
    ]


def _html(**facts: object) -> str:
    return filled(LETTER, small_print=_small_print(), lang=spoken(), **facts)
