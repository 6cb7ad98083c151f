"""Read what a row says in each language: the texts, and the first comments below them."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from content_queue.texts import _
from schedules.cells import text_of
from schedules.readers import Value
from schedules.refusals import ReadError
from schedules.wording import check_words

#: Words by locale, and what is wrong with them by field.
Found: TypeAlias = tuple[dict[str, str], list[tuple[str, ReadError]]]


def texts_of(cells: Mapping[str, Value]) -> Found:
    """Return the texts; there must be one."""
    texts, wrong = _words(cells, kind="text")
    if not texts:
        message, hint = _("Chưa có nội dung."), _("Viết nội dung tiếng Việt vào cột Nội dung.")
        wrong.append(("text.vi", ReadError("text_missing", message, hint=hint)))
    return texts, wrong


def comments_of(cells: Mapping[str, Value]) -> Found:
    """Return the first comments; there may be none."""
    return _words(cells, kind="comment")


def _words(cells: Mapping[str, Value], *, kind: str) -> Found:
    """Return the words of each column that is called `<kind>.<locale>`."""
    columns = (field for field in cells if field.startswith(f"{kind}."))
    found = {field.removeprefix(f"{kind}."): text for field in columns if (text := text_of(cells[field]))}
    wrong = [(f"{kind}.{locale}", e) for locale, text in found.items() for e in _mistakes(text, locale)]
    return found, wrong


def _mistakes(text: str, locale: str) -> Iterator[ReadError]:
    try:
        check_words(text, locale=locale)
    except ReadError as error:
        yield error
