"""Warn of what is no mistake in a row, and may still not be meant."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from content_queue.texts import _
from schedules.agencies import former_name
from schedules.anniversaries import class_of
from schedules.names import fold
from schedules.occasions import Occasions
from schedules.refusals import ReadError
from schedules.rules import DaySpan
from schedules.selection import Selection
from schedules.spans import read_span

#: Platforms where a channel can say something under its own post by itself.
COMMENTED = frozenset({"facebook"})


def doubts(
    values: Mapping[str, Any], occasions: Occasions, selection: Selection
) -> Iterator[tuple[str, ReadError]]:
    """Give each doubt about the fields that could be read, with the field."""
    if (silent := _silent(values, selection)) is not None:
        yield "channels", silent
    if (unsaid := _unsaid(values, selection)) is not None:
        yield f"comment.{next(iter(values['comments']))}", unsaid
    yield from _pictured(values)
    if (ceremony := _ceremony(values, occasions)) is not None:
        yield ceremony
    words = values.get("date_words", "")
    if words and occasions.find(words) is None and isinstance(read_span(words), DaySpan):
        message = _("“{words}” là nhiều ngày: bài đăng mỗi ngày một lần.").format(words=words)
        yield "date", ReadError("date_each_day", message, hint=_("Chỉ đăng một lần thì ghi một ngày."))
    for field, text in (
        ("title", values.get("title", "")),
        ("text.vi", values.get("texts", {}).get("vi", "")),
        ("comment.vi", values.get("comments", {}).get("vi", "")),
    ):
        if former := former_name(text):
            message = _("“{name}” là tên trước ngày 01/7/2025.").format(name=former[0])
            yield field, ReadError("name_former", message, hint=former[1])


def _silent(values: Mapping[str, Any], selection: Selection) -> ReadError | None:
    """Return a warning if every chosen channel is off."""
    if not values.get("channels") or any(c.mode != "off" for c in selection.select(values["channels"])):
        return None
    message = _("Các kênh đã chọn đều đang tắt nên không đăng gì.")
    return ReadError("channels_off", message, hint=_("Bật kênh (chế độ api) hoặc chọn kênh khác."))


#: Words of a picture's text that tell of people, folded.
_PEOPLE = re.compile(
    r"\b(?:em be|tre em|hoc sinh|sinh vien|chau|cu ba|cu ong|nguoi|nghe nhan|can bo|chien si|ba con|"
    r"phu nu|benh nhan|chan dung|anh chi|co giao|thay giao|gia dinh|nhan dan)\b"
)
_NOBODY = frozenset({"khong", "khong co", "khong co ai", "khong co nguoi", "none"})
#: A basis stands behind a colon, or is one of these words.
_BASIS = re.compile(r":|dong y|cong cong|su kien cong khai|consent")


def _pictured(values: Mapping[str, Any]) -> Iterator[tuple[str, ReadError]]:
    """Doubt pictures that are not described, and people in them that nothing lets be shown."""
    if not values.get("pictures"):
        return
    pictures, alts = values.get("pictures", ()), values.get("alts", ())
    shown = [name for name in pictures if not name.lower().endswith(_NO_PICTURES)]
    if not shown or "alts" not in values:
        return
    if len([alt for alt in alts if alt]) < len(shown):
        message = _("Có {count} ảnh chưa có mô tả cho người không nhìn thấy ảnh.").format(
            count=len(shown) - len([alt for alt in alts if alt])
        )
        yield "alts", ReadError("alt_missing", message, hint=_("Ghi cột Mô tả ảnh, mỗi ảnh một dòng."))
    persons = fold(values.get("persons", ""))
    seen = persons if persons not in _NOBODY else ""
    if (seen and not _BASIS.search(persons)) or (not persons and _PEOPLE.search(fold(" ".join(alts)))):
        message = _("Ảnh có người mà chưa ghi căn cứ để đăng hình của họ.")
        hint = _("Ghi cột Người trong ảnh: ai, rồi dấu hai chấm và căn cứ, ví dụ em Lan: phiếu đồng ý 12/11.")
        yield "persons", ReadError("persons_basis", message, hint=hint)


def _ceremony(values: Mapping[str, Any], occasions: Occasions) -> tuple[str, ReadError] | None:
    """Doubt a ceremony in a year that is not round, as decree 111/2018 has it for days of founding."""
    occasion = occasions.find(values.get("date_words", ""))
    if occasion is None or not _RULED & {*occasion.kinds} or not occasion.origin_year or occasion.lunar:
        return None
    texts = {"title": values.get("title", "")} | {f"text.{k}": t for k, t in values.get("texts", {}).items()}
    field = next((name for name, text in texts.items() if _CEREMONY in fold(text)), None)
    if field is None or {*values.get("anniversaries", ())} == {"round"}:
        return None
    years = values.get("years", ())
    wrong = [year for year in years if class_of(year - occasion.origin_year) != "round"]
    if years and not wrong:
        return None
    message = _("“Lễ kỷ niệm” chỉ tổ chức ở năm tròn (Nghị định 111/2018/NĐ-CP); mục này có cả năm khác.")
    hint = _("Ghi “chỉ năm tròn” ở cột Năm, hoặc đổi chữ, ví dụ “kỷ niệm 72 năm”.")
    return field, ReadError("ceremony_year", message, hint=hint)


#: Kinds of occasions that the decree is about; historical festivals of the moon's calendar come every year.
_RULED = frozenset({"trad", "resp", "major", "local"})
_CEREMONY = "le ky niem"
_NO_PICTURES = (".mp4", ".m4v", ".pdf", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt")


def _unsaid(values: Mapping[str, Any], selection: Selection) -> ReadError | None:
    """Return a warning if there is a first comment and no chosen channel can write it."""
    if not values.get("comments") or not values.get("channels"):
        return None
    if any(channel.platform in COMMENTED for channel in selection.select(values["channels"])):
        return None
    message = _("Các kênh đã chọn không có bình luận đầu nên nội dung này không được đăng.")
    hint = _("Chỉ Facebook có bình luận đầu: chọn thêm kênh Facebook, hoặc đưa nội dung này vào bài.")
    return ReadError("comment_unsaid", message, hint=hint)
