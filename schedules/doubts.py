"""Warn of what is no mistake in a row, and may still not be meant."""

from collections.abc import Iterator, Mapping
from typing import Any

from content_queue.texts import _
from schedules.agencies import former_name
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


def _unsaid(values: Mapping[str, Any], selection: Selection) -> ReadError | None:
    """Return a warning if there is a first comment and no chosen channel can write it."""
    if not values.get("comments") or not values.get("channels"):
        return None
    if any(channel.platform in COMMENTED for channel in selection.select(values["channels"])):
        return None
    message = _("Các kênh đã chọn không có bình luận đầu nên nội dung này không được đăng.")
    hint = _("Chỉ Facebook có bình luận đầu: chọn thêm kênh Facebook, hoặc đưa nội dung này vào bài.")
    return ReadError("comment_unsaid", message, hint=hint)
