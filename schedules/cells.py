"""Turn the value of a cell into the text that its editor saw."""

import re
import unicodedata
from datetime import date, datetime, time

from schedules.readers import Value

#: Marks without width that web pages bring along; never the joiners of Khmer and emoji.
_NO_WIDTH = re.compile(r"[\ufeff\u2060]")


def text_of(value: Value) -> str:
    """Return the text in NFC, its lines kept, without blanks around it and at the ends of lines."""
    if value == "":  # most cells of a calendar
        return ""
    text = unicodedata.normalize("NFC", _shown(value))
    if not text.isascii():
        text = _NO_WIDTH.sub("", text)
    if "\n" not in text and "\r" not in text:
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def is_blank(value: Value) -> bool:
    """Tell whether nothing is to be seen in a cell."""
    return value == "" or (isinstance(value, str) and not line_of(value))


def line_of(value: Value) -> str:
    """Return the text on one line, blanks squeezed."""
    return " ".join(text_of(value).split())


def lines_of(value: Value) -> tuple[str, ...]:
    """Return the lines of a cell, blank ones before others kept: which line it is, means something."""
    lines = [text_of(line) for line in value.splitlines()] if isinstance(value, str) else [text_of(value)]
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


def split(text: str) -> tuple[str, ...]:
    """Split a list in a cell at `,` `;` or line breaks; each once, in the order written."""
    return tuple(dict.fromkeys(word.strip() for word in re.split(r"[,;\n]", text) if word.strip()))


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return value
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() != time():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
    return str(value)
