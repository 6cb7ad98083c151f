"""Hold a translation against its source: placeholders, names and terms, figures."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from content_queue.localize import form_for, number, placeholders_in, unknown_placeholders
from content_queue.texts import _
from schedules.glossary import Glossary, faults
from schedules.refusals import ReadError

#: A number that Vietnamese groups, or splits before a unit: `1.234`, `12,5 %`; no phone number, no day.
_FIGURE = re.compile(
    r"(?<![\w.,/-])(?:[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?(?![\w/-]|[.,]\d)"
    r"|\d+,\d+(?=\s*(?:%|°|(?:triệu|tỷ|nghìn|km|ha|m|kg|tấn|độ)\b)))"
)


def check_translation(source: str, text: str, *, locale: str, glossary: Glossary) -> Iterator[ReadError]:
    """Tell what a translation of a Vietnamese text lost or left as it is in Vietnamese."""
    yield from _placeholders(source, text)
    yield from faults(glossary, source, text, locale=locale)
    yield from _figures(source, text, locale=locale)


def column_doubts(texts: Mapping[str, str], glossary: Glossary) -> Iterator[tuple[str, ReadError]]:
    """Give each doubt about texts in other languages that stand in the calendar itself, with the field."""
    source = texts.get("vi", "")
    for locale, text in texts.items() if source else ():
        if locale != "vi":
            told = (*faults(glossary, source, text, locale=locale), *_figures(source, text, locale=locale))
            yield from ((f"text.{locale}", error) for error in told)


def _placeholders(source: str, text: str) -> Iterator[ReadError]:
    if unknown := unknown_placeholders(text):
        message = _("Không có chỗ điền {names}.").format(names=", ".join(unknown))
        hint = _("Chép nguyên chỗ điền từ bản gốc, không dịch chữ trong ngoặc nhọn.")
        yield ReadError("placeholder_unknown", message, hint=hint)
        return
    there = placeholders_in(text)
    if lost := [name for name in placeholders_in(source) if name not in there]:
        names = ", ".join(f"{{{name}}}" for name in lost)
        message = _("Thiếu chỗ điền {names} có trong bản gốc.").format(names=names)
        hint = _("Chép nguyên chỗ điền vào đúng chỗ trong bản dịch; loa điền bằng ngôn ngữ ấy.")
        yield ReadError("placeholder_lost", message, hint=hint)


def _figures(source: str, text: str, *, locale: str) -> Iterator[ReadError]:
    """Tell figures that stand in the translation as Vietnamese writes them, where the language does not."""
    form = form_for(locale)
    for figure in dict.fromkeys(_FIGURE.findall(source)):
        right = number(Decimal(figure.replace(".", "").replace(",", ".")), form)
        left = re.search(rf"(?<![\w.,]){re.escape(figure)}(?!\w|[.,]\d)", text)
        if right != figure and left:
            message = _("Số “{figure}” còn viết theo lối Việt Nam.").format(figure=figure)
            yield ReadError("figure_vietnamese", message, hint=_("Ghi: {right}").format(right=right))
