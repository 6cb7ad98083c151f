"""An office of 450 channels, and workbooks in the shapes that Excel writes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from content_queue.models import Channel
from schedules import agencies, occasions
from schedules.office import Office

PLATFORMS = ("facebook", "zalo", "telegram")

#: A row in which nothing is wrong, by field.
GOOD: Mapping[str, object] = {
    "Mã bài": "",
    "Ngày": "20/11/2026",
    "Giờ": "7h30",
    "Cơ quan": "Sở Ngoại vụ",
    "Người soạn": "Nguyễn Văn An",
    "Kênh": "facebook",
    "Nội dung": "Chúc mừng ngày Nhà giáo Việt Nam {ngày}.",
}


@cache
def big_office() -> Office:
    """Return every agency with a channel on each platform, 450 in all."""
    known = agencies.load()
    codes = list(known)
    channels = tuple(
        Channel(f"{platform} {code}", code, platform, f"id-{code}", ("vi", "en"), ("cơ sở",))
        for platform in PLATFORMS
        for code in codes
    )[:450]
    return Office(known, channels, occasions.load())


def write_book(
    path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], *, options: Mapping[str, Any] | None = None
) -> Path:
    """Write sheets of rows with real types: dates and times become serial numbers with a format."""
    with xlsxwriter.Workbook(str(path), dict(options or {})) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        hour = book.add_format({"num_format": "hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    write_cell(sheet, (number, column), value, looks=(day, hour))
    return path


def write_cell(sheet: Any, at: tuple[int, int], value: object, *, looks: tuple[Any, Any]) -> None:
    match value:
        case date() | datetime():
            sheet.write_datetime(*at, value, looks[0])
        case time():
            sheet.write_datetime(*at, value, looks[1])
        case float() | int():
            sheet.write_number(*at, value)
        case _:
            sheet.write_string(*at, str(value))


def table(rows: Sequence[Mapping[str, object]], *, titles: Sequence[str] = ()) -> list[list[object]]:
    """Return header and rows; a field that a row lacks is empty."""
    titles = titles or tuple(dict.fromkeys(title for row in rows for title in row))
    return [list(titles), *([row.get(title, "") for title in titles] for row in rows)]


def write_calendar(path: Path, rows: Sequence[Mapping[str, object]], **options: Any) -> Path:
    """Write a workbook with one sheet of these rows."""
    return write_book(path, {"Lịch": table(rows)}, options=options)
