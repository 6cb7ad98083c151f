"""How cells of our workbooks look: one format for each kind of value and each mark."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

#: What a cell is told by its colour; words stand beside it, or in its comment.
Mark = Literal["", "error", "warning", "example", "head", "words"]

#: Options with which every workbook is opened: a text that begins with `=` is no formula.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

_CELL: Mapping[str, Any] = {"valign": "top", "text_wrap": True}
_MARKS: Mapping[Mark, Mapping[str, Any]] = {
    "": _CELL,
    "words": _CELL,
    "error": {**_CELL, "bg_color": "#F8CBAD", "border": 1, "border_color": "#C00000"},
    "warning": {**_CELL, "bg_color": "#FFE699", "border": 1, "border_color": "#BF8F00"},
    "example": {**_CELL, "italic": True, "font_color": "#7F7F7F"},
    "head": {
        "bold": True,
        "bg_color": "#1F4E79",
        "font_color": "#FFFFFF",
        "valign": "vcenter",
        "border": 1,
        "text_wrap": True,
    },
}
#: How a value is shown: as text, which Excel makes nothing of, a day, an hour, or as it is.
Form = Literal["@", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm", "General"]


@contextmanager
def new_workbook(path: Path) -> Iterator[Any]:
    """Open a workbook that is written as this ends.

    Raises:
        OSError: it cannot be written; XlsxWriter has a name of its own for that.
    """
    try:
        with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
            yield book
    except FileCreateError as error:
        raise OSError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Looks:
    """The cell formats of one workbook."""

    book: Any
    _made: dict[tuple[Mark, Form], Any] = field(default_factory=dict)

    def look(self, mark: Mark = "", form: Form = "@") -> Any:
        """Return the format of a cell."""
        if (mark, form) not in self._made:
            self._made[mark, form] = self.book.add_format({**_MARKS[mark], "num_format": form})
        return self._made[mark, form]
