"""Read one workbook in a process of its own, which may die of it: a script, started by `apart`.

Takes the bytes of a workbook on stdin and its kind (`xlsx`, `ods`) as argument, and answers with one
line of JSON: `{"sheets": [[name, [[number, cells], …], [[row, column], …]], …]}`, the last being
the cells that hold formulas, or `{"refused": code}`. It imports nothing of ours: it has to start in
hundredths of a second, and should know nothing worth stealing.
"""

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

#: Bytes of address space and seconds of processor time that a workbook may take.
MEMORY, SECONDS = 768 * 1024 * 1024, 20
#: Bytes of all parts of a workbook, unpacked, and their number.
LARGEST_UNPACKED, MOST_PARTS = 200 * 1024 * 1024, 2_000
#: Cells of one sheet, empty ones included; characters of all texts.
MOST_CELLS, MOST_LETTERS = 2_000_000, 32 * 1024 * 1024
#: Rows of one sheet, those that are only formatted included.
MOST_ROWS = 200_000

#: Files of the compound document format: a workbook of before 2007, or one with a password.
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: What the names of parts tell: code of the refusal, shape of the name.
_PARTS = (
    ("file_macros", re.compile(r"vbaProject|xl/macrosheets/|activeX/|^Basic/|^Scripts/", re.IGNORECASE)),
    (
        "file_links",
        re.compile(r"xl/externalLinks/|xl/queryTables/|xl/connections\.xml|customData/", re.IGNORECASE),
    ),
    ("file_embedded", re.compile(r"xl/embeddings/|^Object \d", re.IGNORECASE)),
)
#: What parts of XML tell. No workbook needs a document type; only links of cells lead out of a file.
_CONTENTS = (
    ("file_entities", (b"<!DOCTYPE", b"<!ENTITY")),
    ("file_macros", (b"<script:event-listener",)),
    ("file_locked", (b"<manifest:encryption-data",)),
    (
        "file_links",
        (b"<table:table-source", b"<table:cell-range-source", b"<table:database-source", b"<office:dde"),
    ),
)
#: How a part begins whose letters take two bytes each: what stands in it could not be looked for.
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
#: The part that says of each part what it is.
_TYPES = "[Content_Types].xml"
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["'][^>]*>\s*<(?:\w+:)?f\b"""
)
_SHEET_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class Refused(Exception):  # noqa: N818 -- the answer, not an error of ours
    """A workbook that is not read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main() -> None:
    """Answer what the workbook on stdin holds, or why it is refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(_answer(sys.stdin.buffer.read(), sys.argv[1]), sys.stdout, ensure_ascii=True)


def _answer(data: bytes, kind: str) -> dict[str, Any]:
    try:
        formulas = look_inside(data, kind)
        return {"sheets": list(_sheets(data, formulas))}
    except Refused as refusal:
        return {"refused": refusal.code}
    except PasswordError:
        return {"refused": "file_locked"}
    except MemoryError:
        return {"refused": "file_too_big"}
    except (CalamineError, OSError, ValueError, RecursionError, LookupError):
        return {"refused": "file_broken"}


def _sheets(data: bytes, formulas: dict[str, list[tuple[int, int]]]) -> Iterator[list[Any]]:
    """Give every sheet of cells that has a row; charts stand on sheets of their own."""
    book, letters = CalamineWorkbook.from_filelike(BytesIO(data)), 0
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        rows = _rows(book.get_sheet_by_name(meta.name))
        letters += sum(len(cell) for _number, cells in rows for cell in cells if isinstance(cell, str))
        if letters > MOST_LETTERS:
            raise Refused("file_too_big")
        if rows:
            yield [meta.name, rows, formulas.get(meta.name, [])]


def _rows(sheet: CalamineSheet) -> list[list[Any]]:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise Refused("file_too_big")
    rows = enumerate(sheet.to_python(skip_empty_area=False), start=1)
    return [
        [number, [cell if isinstance(cell, str | float) else _tagged(cell) for cell in cells]]
        for number, cells in rows
        if any(not isinstance(cell, str) or cell.strip() for cell in cells)
    ]


def _tagged(cell: object) -> object:
    """Return a value of a kind that JSON lacks as `{kind: text}`."""
    match cell:
        case datetime():
            return {"datetime": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case time():
            return {"time": cell.isoformat()}
        case timedelta():
            return {"seconds": cell.total_seconds()}
    return cell


def look_inside(data: bytes, kind: str) -> dict[str, list[tuple[int, int]]]:
    """Refuse what no calendar holds; return the cells with formulas, by the sheet's name."""
    if data.startswith(_COMPOUND):
        raise Refused("file_locked" if _ENCRYPTED in data else "file_old")
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            _look_at_names(book.infolist())
            parts = {part.filename: _unpacked(book, part) for part in book.infolist() if _is_text(part)}
    except (MemoryError, Refused):
        raise
    except Exception as error:  # zipfile lets the errors of its codecs through
        raise Refused("file_broken") from error
    if b"macroenabled" in parts.get(_TYPES, b"").lower():
        raise Refused("file_macros")
    for content in parts.values():
        _look_at(content)
    return dict(_FORMULAS[kind](parts))


def _look_at_names(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Refused("file_too_big")
    if len(set(names)) != len(names):
        raise Refused("file_broken")  # two programs would read two different workbooks
    for code, shape in _PARTS:
        if any(map(shape.search, names)):
            raise Refused(code)


def _is_text(part: zipfile.ZipInfo) -> bool:
    return part.filename.endswith((".xml", ".rels"))


def _unpacked(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Return a part's bytes; no more than it claims are unpacked of what claims to be small."""
    with book.open(part) as opened:
        return opened.read(part.file_size + 1)


def _look_at(content: bytes) -> None:
    if content.count(b"<row") > MOST_ROWS:
        raise Refused("file_too_big")
    if content.startswith(_WIDE):
        raise Refused("file_entities")
    for code, words in _CONTENTS:
        if any(word in content for word in words):
            raise Refused(code)
    for relation in _RELATION.findall(content) if b"External" in content else ():
        if b"External" in relation and b"/hyperlink" not in relation:
            raise Refused("file_links")


def _formulas_of_xlsx(parts: dict[str, bytes]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    book, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return
    targets = {each.get("Id"): each.get("Target", "") for each in _tree(relations)}
    for sheet in _tree(book).iter(_SHEET_MAIN):
        target = targets.get(sheet.get(_RELATION_ID), "")
        content = parts.get(target.removeprefix("/") if target.startswith("/") else f"xl/{target}", b"")
        found = _FORMULA.findall(content)
        yield sheet.get("name", ""), [(int(row), _column(letters)) for letters, row in found]


def _column(letters: bytes) -> int:
    """Return the column from 0."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - ord("A") + 1
    return column - 1


def _formulas_of_ods(parts: dict[str, bytes]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    content = parts.get("content.xml", b"")
    for table in _tree(content).iter(f"{_TABLE}table") if b"table:formula" in content else ():
        yield table.get(f"{_TABLE}name", ""), list(_formulas_of_table(table))


def _formulas_of_table(table: ET.Element) -> Iterator[tuple[int, int]]:
    number = 1
    for row in table.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in row:
            if cell.get(f"{_TABLE}formula"):
                yield number, column
            column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        number += int(row.get(f"{_TABLE}number-rows-repeated", "1"))


def _tree(content: bytes) -> ET.Element:
    try:
        return ET.fromstring(content)  # noqa: S314 -- parts with a document type were refused before
    except ET.ParseError as error:
        raise Refused("file_broken") from error


_FORMULAS = {"xlsx": _formulas_of_xlsx, "ods": _formulas_of_ods}

if __name__ == "__main__":
    main()
