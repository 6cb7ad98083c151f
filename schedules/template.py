"""Write the workbook that people plan in: headings, lists to choose from, two examples and a guide."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from content_queue.models import Campaign
from content_queue.texts import _
from schedules.columns import (
    CALENDAR_COLUMNS,
    CALENDAR_SHEET,
    COUNTER,
    EVERY_CHANNEL,
    EXAMPLE,
    language_columns,
    marks_example,
)
from schedules.entry_sheet import (
    Shown,
    Stretch,
    count_letters,
    help_typing,
    set_columns,
    set_height,
    set_print,
)
from schedules.list_sheets import write_campaigns, write_channels, write_guide, write_head, write_lists
from schedules.looks import Looks, new_workbook
from schedules.office import Office

#: Rows that are made ready for entries.
READY = 2000
#: The languages whose texts have a column from the start; others are added by name.
LANGUAGE_FIELDS = ("text.en",)


def write_template(
    path: Path,
    office: Office,
    rows: Iterable[Mapping[str, str]] = (),
    *,
    languages: Sequence[str] = LANGUAGE_FIELDS,
    campaigns: Sequence[Campaign] = (),
) -> None:
    """Write a calendar workbook for `office`, with `rows` (field -> text) below the two examples.

    `languages` are the fields of texts that get a column beside the Vietnamese one. Every cell is text,
    so that Excel makes no date of this year out of `20/11` and no formula of a text that begins with `=`.
    """
    with new_workbook(path) as book:
        looks = Looks(book)
        columns = calendar_columns(languages)
        _write_calendar(book, looks, columns=columns, rows=[*_examples(office), *rows])
        write_campaigns(book, looks, campaigns=campaigns)
        write_channels(book, looks, channels=office.channels)
        write_lists(book, looks, office=office)
        write_guide(book, looks)


def calendar_columns(languages: Sequence[str] = LANGUAGE_FIELDS) -> list[Shown]:
    """Return the template's columns in order; a counter follows each text."""
    found: list[Shown] = []
    titles = {column.field: column.title for column in language_columns()}
    for column in CALENDAR_COLUMNS:
        kind, _dot, locale = column.field.partition(".")
        found.append(Shown(column.title, column.field))
        found += [Shown(COUNTER)] if kind == "text" else []
        for field in (field for field in languages if locale and field.startswith(f"{kind}.")):
            found.append(Shown(titles[field], field))
            found += [Shown(f"{COUNTER} {field.removeprefix('text.')}")] if kind == "text" else []
    return found


def _write_calendar(
    book: Any, looks: Looks, *, columns: Sequence[Shown], rows: Sequence[Mapping[str, str]]
) -> None:
    sheet, texts = book.add_worksheet(CALENDAR_SHEET), dict[tuple[int, int], str]()
    set_columns(sheet, looks, columns)
    write_head(sheet, (column.title for column in columns), looks=looks)
    for number, row in enumerate(rows, start=1):
        look = looks.look("example" if marks_example(row.get("code", "")) else "")
        for place, column in enumerate(columns):
            text = texts[number, place] = row.get(column.field, "")
            sheet.write_string(number, place, text, look)
        set_height(sheet, columns, number, [row.get(column.field, "") for column in columns])
    stretch = Stretch(0, 1, max(READY, len(rows)))
    help_typing(sheet, columns, stretch)
    count_letters(sheet, looks, columns=columns, rows=stretch, texts=texts)
    set_print(sheet, columns, stretch)


def _examples(office: Office) -> list[dict[str, str]]:
    agency = next((agency.names["vi"] for agency in office.agencies.values()), "")
    shared = {"code": EXAMPLE, "agency": agency, "author": _("Nguyễn Văn An"), "channels": EVERY_CHANNEL}
    dated = {
        "date": "20/11",
        "time": "7h30",
        "title": _("Chúc mừng ngày Nhà giáo"),
        "text.vi": _("Chúc mừng ngày Nhà giáo Việt Nam {ngày}."),
        "text.en": "Happy Vietnamese Teachers' Day, {date}.",
        "tags": _("giáo dục"),
    }
    named = {
        "occasion": next((o.names["vi"] for o in office.occasions.values() if o.lunar), ""),
        "offset": "-3",
        "time": "19:00",
        "title": _("Sắp đến ngày lễ"),
        "text.vi": _("Còn ba ngày nữa là {tên dịp}, {ngày dịp}."),
        "tags": _("lễ hội"),
    }
    return [{**shared, **dated}, {**shared, **named}]
