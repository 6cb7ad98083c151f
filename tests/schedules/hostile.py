"""Twenty-five workbooks that somebody means harm with, each made in a few lines, and more of text."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from warnings import catch_warnings

from tests.schedules.offices import GOOD, table, write_book

SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"
MEGA = 1 << 20
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = b'<Relationship Id="rX" Type="http://x/%s" Target="%s" TargetMode="External"/></Relationships>'
BILLION = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"

Parts = dict[str, bytes]
Change = Callable[[Parts], None]


def parts_of(path: Path) -> Parts:
    """Return the parts of a good calendar's workbook, written to `path`."""
    write_book(path, {"Lịch": table([GOOD])})
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def zipped(path: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)


def changed(change: Change) -> Callable[[Path], None]:
    """Return how to write a good workbook with something changed in its parts."""

    def write(path: Path) -> None:
        parts = parts_of(path)
        change(parts)
        zipped(path, parts)

    return write


def with_part(name: str, content: bytes = b"x") -> Callable[[Path], None]:
    return changed(lambda parts: parts.__setitem__(name, content))


def replaced(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    return changed(lambda parts: parts.__setitem__(name, parts[name].replace(old, new, 1)))


def with_row(row: bytes) -> Callable[[Path], None]:
    return replaced(SHEET, b"</sheetData>", row + b"</sheetData>")


def related(kind: bytes, target: bytes) -> Callable[[Path], None]:
    return replaced("xl/_rels/workbook.xml.rels", b"</Relationships>", RELATION % (kind, target))


def a_million_rows(path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(3, 1_000_003))
    with_row(rows.replace(b'<c r="A', b'<c r="D'))(path)


def shared_texts(path: Path) -> None:
    """Let a thousand cells share one text of a megabyte."""
    parts = parts_of(path)
    text = b"<si><t>" + b"x" * MEGA + b"</t></si></sst>"
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"</sst>", text)
    last = parts["xl/sharedStrings.xml"].count(b"<si>") - 1
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (n, n, last) for n in range(3, 1003)
    )
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", cells + b"</sheetData>")
    zipped(path, parts)


def same_name_twice(path: Path) -> None:
    parts = parts_of(path)
    zipped(path, parts)
    with zipfile.ZipFile(path, "a") as book, catch_warnings(action="ignore"):
        book.writestr(SHEET, parts[SHEET])


def false_size(path: Path) -> None:
    """Let the directory of the archive claim that a part is small."""
    zipped(path, parts_of(path) | {SHEET: b" " * (300 * MEGA)})
    data = bytearray(path.read_bytes())
    size = struct.pack("<I", 300 * MEGA)
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<I", 100)
    path.write_bytes(bytes(data))


def ods(table_xml: str, **more: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        content = f'{ODS_HEAD}<table:table table:name="Lịch">{table_xml}</table:table>{ODS_TAIL}'
        kind = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}
        zipped(path, kind | {"META-INF/manifest.xml": b"<m/>", "content.xml": content.encode()} | more)

    return write


REPEATED = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
    'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
)

#: What is meant, the file's name, how it is written, and the code it is refused with.
HOSTILE: tuple[tuple[str, str, Callable[[Path], object], str], ...] = (
    ("a zip bomb", "a.xlsx", with_part("xl/media/a.xml", b" " * (201 * MEGA)), "file_too_big"),
    (
        "a bomb of many parts",
        "a.xlsx",
        changed(lambda p: p.update({f"p{n}": b"" for n in range(2001)})),
        "file_too_big",
    ),
    ("a bomb with a false size", "a.xlsx", false_size, "file_broken"),
    ("two parts of one name", "a.xlsx", same_name_twice, "file_broken"),
    ("a million rows", "a.xlsx", a_million_rows, "file_too_big"),
    (
        "a cell in the far corner",
        "a.xlsx",
        with_row(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "file_too_big",
    ),
    (
        "a table wider than memory",
        "a.xlsx",
        with_row(b'<row r="300000"><c r="XFD300000"><v>1</v></c></row>'),
        "file_too_big",
    ),
    ("one text in a thousand cells", "a.xlsx", shared_texts, "file_too_big"),
    (
        "entities that multiply",
        "a.xlsx",
        replaced(SHEET, b"<worksheet", BILLION + b"<worksheet"),
        "file_entities",
    ),
    (
        "an entity that reads a file",
        "a.xlsx",
        replaced(
            "xl/sharedStrings.xml", b"<sst", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst'
        ),
        "file_entities",
    ),
    (
        "a part that hides in UTF-16",
        "a.xlsx",
        changed(lambda p: p.update({SHEET: p[SHEET].decode().encode("utf-16")})),
        "file_entities",
    ),
    ("macros by their part", "a.xlsx", with_part("xl/vbaProject.bin"), "file_macros"),
    (
        "macros by their type",
        "a.xlsx",
        replaced(TYPES, b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        "file_macros",
    ),
    ("macros of before 1995", "a.xlsx", with_part("xl/macrosheets/sheet1.xml"), "file_macros"),
    ("controls that run", "a.xlsx", with_part("xl/activeX/activeX1.bin"), "file_macros"),
    ("macros by their ending", "a.xlsm", changed(lambda _parts: None), "file_kind"),
    (
        "links to another workbook",
        "a.xlsx",
        with_part("xl/externalLinks/externalLink1.xml", b"<x/>"),
        "file_links",
    ),
    ("a program by DDE", "a.xlsx", related(b"oleObject", b"cmd|'/c calc'!A0"), "file_links"),
    (
        "a template from elsewhere",
        "a.xlsx",
        related(b"attachedTemplate", b"http://127.0.0.1/a.dotm"),
        "file_links",
    ),
    ("data from a database", "a.xlsx", with_part("xl/connections.xml", b"<x/>"), "file_links"),
    ("a file inside", "a.xlsx", with_part("xl/embeddings/oleObject1.bin"), "file_embedded"),
    (
        "a workbook of before 2007",
        "a.xlsx",
        lambda path: path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512),
        "file_old",
    ),
    ("repeated cells of LibreOffice", "a.ods", ods(REPEATED), "file_broken"),
    ("macros of LibreOffice", "a.ods", ods("", **{"Basic/script-lc.xml": b"<x/>"}), "file_macros"),
    ("links of LibreOffice", "a.ods", ods('<table:table-source xlink="a"/>'), "file_links"),
    (
        "a password of LibreOffice",
        "a.ods",
        ods("", **{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        "file_locked",
    ),
    ("sheets nested in sheets", "a.ods", ods("<table:table-row>" * 200_000), "file_broken"),
    (
        "lists nested without end",
        "a.yaml",
        lambda path: path.write_text("- a: " + "[" * 200_000),
        "file_shape",
    ),
    (
        "references that multiply",
        "a.yaml",
        lambda path: path.write_text("- a: &x [1]\n  b: [*x, *x]\n"),
        "file_shape",
    ),
    ("millions of cells", "a.csv", lambda path: path.write_text("," * 2_000_001), "file_too_big"),
)


def png(width: int, height: int) -> bytes:
    """Return a picture that claims a size and holds a line of black."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
