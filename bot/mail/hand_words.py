"""What letters to officers who post by hand say: plain text, to be copied as it stands. Pure."""

from collections.abc import Sequence

from bot.mail.hands import ASK, REMIND, STOP, Errand
from bot.mail.letter import Attachment, Letter
from bot.moments import show_hour
from content_queue.models import MediaRef
from content_queue.texts import _
from content_queue.words import platform_name

#: Between what is for the officer and what is for readers.
RULE = "-" * 40
#: Bytes of the files of one letter; mail servers take little more once they are written as text.
MOST = 15 * 1024 * 1024


def attached(media: Sequence[MediaRef]) -> tuple[list[MediaRef], list[MediaRef]]:
    """Return the files that go along in a letter, and those that are too large or lie elsewhere."""
    along, left, size = list[MediaRef](), list[MediaRef](), 0
    for ref in media:
        fits = not ref.url and size + ref.size <= MOST
        (along if fits else left).append(ref)
        size += ref.size if fits else 0
    return along, left


def hand_letter(errand: Errand, *, office: str, link: str, files: Sequence[Attachment] = ()) -> Letter:
    """Write one letter."""
    names = _names(errand)
    subjects = {
        ASK: _("[{office}] Nhờ đăng tay bài {post} lên kênh {channel}, chậm nhất {end}"),
        REMIND: _("[{office}] Nhắc: bài {post} chưa được đăng tay lên kênh {channel}, chậm nhất {end}"),
        STOP: _("[{office}] Xin đừng đăng bài {post} lên kênh {channel} nữa"),
    }
    greeting = _("Kính gửi {name},").format(name=errand.person.name)
    body = [_stopped(names)] if errand.what == STOP else _asking(errand, names, link)
    ending = _("Thư do phần mềm loa gửi tự động; xin không trả lời thư này.")
    text = "\n\n".join([greeting, *body, ending]) + "\n"
    subject = subjects[errand.what].format(office=office, **names)
    return Letter(errand.person.email, subject, text, files=tuple(files))


def _names(errand: Errand) -> dict[str, str]:
    delivery = errand.standing.delivery
    return {
        "post": delivery.post,
        "channel": delivery.channel,
        "platform": platform_name(delivery.platform),
        "end": show_hour(delivery.window_end),
    }


def _asking(errand: Errand, names: dict[str, str], link: str) -> list[str]:
    asked = _(
        "Nhờ anh/chị đăng bài {post} lên kênh {channel} ({platform}), chậm nhất {end}. Xin chép nguyên văn "
        "phần giữa hai dòng kẻ, không sửa chữ, kèm các tệp của thư này nếu có."
    )
    reminded = _("Bài dưới đây đến nay chưa có ai báo đã đăng.")
    then = _("Đăng xong, xin mở liên kết này, dán địa chỉ của bài trên kênh rồi bấm “Đã đăng”:\n{link}")
    small = _(
        "Mở liên kết chỉ để xem; muốn báo đã đăng, xin nhập mã PIN của anh/chị trên trang. "
        "Liên kết dùng được trong 72 giờ và dành riêng cho anh/chị, xin đừng chuyển tiếp thư này."
    )
    return [
        *([reminded] if errand.what == REMIND else []),
        asked.format(**names),
        f"{RULE}\n{errand.payload.text if errand.payload else ''}\n{RULE}",
        *_left_out(errand),
        then.format(link=link),
        small,
    ]


def _left_out(errand: Errand) -> list[str]:
    """Name the files that do not go along."""
    _along, left = attached(errand.payload.media if errand.payload else ())
    if not left:
        return []
    head = _("Tệp không gửi kèm được, xin tải ở liên kết dưới đây hoặc ở địa chỉ ghi sẵn:")
    return ["\n".join([head, *(f"• {ref.url or ref.name}" for ref in left)])]


def _stopped(names: dict[str, str]) -> str:
    told = _(
        "Bài {post} không còn chờ đăng tay lên kênh {channel}: đã hết khung giờ, bị tạm dừng, hoặc bài đã "
        "thay đổi. Nếu chưa đăng, xin đừng đăng nữa; nếu đã đăng rồi, xin báo ngay cho văn phòng."
    )
    return told.format(**names)
