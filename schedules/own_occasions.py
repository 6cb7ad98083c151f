"""Read an office's own occasions: what it adds to the shipped ones, confirms of them, or puts a date to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from content_queue.models import Problem
from content_queue.texts import _
from schedules.cells import line_of, split, text_of
from schedules.columns import OCCASION_COLUMNS, Header, find_header
from schedules.dates import read_date
from schedules.names import fold
from schedules.occasions import Occasion, Occasions
from schedules.readers import Row, Sheet, file_problem, read_sheets
from schedules.refusals import ReadError
from schedules.rules import DateRule, DayRule, Movable, certain_years, days, plain


@dataclass(frozen=True, slots=True)
class OwnOccasions:
    """All occasions of an office, and what is wrong in its table; `rows` are its rows, field -> text."""

    occasions: Occasions
    problems: tuple[Problem, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """One occasion that an update adds or changes: `fields` are those that differ."""

    name: str
    new: bool
    fields: tuple[str, ...]


def read_own_occasions(path: Path | None, shipped: Occasions) -> OwnOccasions:
    """Read the table over the shipped occasions; a wrong row is left out alone."""
    if path is None:
        return OwnOccasions(shipped)
    try:
        sheets = read_sheets(path)
    except ReadError as error:
        return OwnOccasions(shipped, (file_problem(path.name, error),))
    found = next(((s, header) for s in sheets if (header := find_header(s, OCCASION_COLUMNS))), None)
    if found is None:
        return OwnOccasions(shipped, (file_problem(path.name, _headless()),))
    return _read(*found, shipped=shipped)


def _read(sheet: Sheet, header: Header, *, shipped: Occasions) -> OwnOccasions:
    problems, by_key, rows = list(header.problems), dict(shipped.by_key), list[Mapping[str, str]]()
    if any(problem.severity == "error" for problem in problems):
        return OwnOccasions(shipped, tuple(problems))
    for row in sheet.rows[sheet.rows.index(header.row) + 1 :]:
        cells = _cells(row, header)
        if not any(cells.values()):
            continue
        try:
            occasion = _occasion(cells, Occasions(by_key))
        except ReadError as error:
            field = "origin" if error.code == "years_unreadable" else "date" if cells["name"] else "name"
            column = header.fields.get(field, min(header.fields.values()))
            problems.append(sheet.problem(row, column, field=field, error=error))
        else:
            by_key[occasion.key] = occasion
            rows.append(cells)
    return OwnOccasions(Occasions(by_key), tuple(problems), tuple(rows))


def _cells(row: Row, header: Header) -> dict[str, str]:
    known = {field: line_of(row.at(column)) for field, column in header.fields.items()}
    return {column.field: known.get(column.field, "") for column in OCCASION_COLUMNS}


def _occasion(cells: Mapping[str, str], known: Occasions) -> Occasion:
    if not cells["name"]:
        raise ReadError("name_missing", _("Dịp chưa có tên."), hint=_("Ghi tên dịp, ví dụ Quốc khánh."))
    old = known.find(cells["name"])
    rule = _rule(cells["date"], old.rule if old else None, known)
    fresh = Occasion(fold(cells["name"]).replace(" ", "-"), {"vi": cells["name"]}, ("local",), rule)
    base = replace(old or fresh, rule=rule)
    names = dict(base.names) | ({"en": cells["en"]} if cells["en"] else {})
    base = replace(
        base,
        names=names,
        source=cells["source"] or base.source,
        verified_by=cells["verified_by"] or base.verified_by,
        note=cells["note"] or base.note,
    )
    if cells["kinds"]:
        base = replace(base, kinds=split(text_of(cells["kinds"])))
    if cells["aliases"]:
        base = replace(base, aliases=(*base.aliases, *split(text_of(cells["aliases"]).replace(";", "\n"))))
    if cells["origin"]:
        base = replace(base, origin_year=_origin(cells["origin"]), origin=None, counts=True)
    return replace(base, verified=base.verified or bool(base.source and base.verified_by))


def _origin(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):  # noqa: PLR2004 -- digits of a year
        message = _("Năm gốc “{text}” không phải một năm.").format(text=text)
        raise ReadError("years_unreadable", message, hint=_("Ghi bốn chữ số, ví dụ 1945."))
    return int(text)


def _rule(words: str, old: DayRule | None, known: Occasions) -> DayRule:
    """Return when it falls: as before, as every year's rule, or on days that are announced year by year."""
    rules: list[DateRule] = [read_date(part, known) for part in words.split(";") if part.strip()]
    announced = [found[0] for rule in rules if (found := _certain(rule))]
    if len(rules) == 1 and not announced:
        return plain(rules[0])
    if len(announced) != len(rules) or (rules and old is not None and not isinstance(old, Movable)):
        message = _("“{text}”: dịp có ngày cố định thì ghi một ngày không có năm.").format(text=words)
        hint = _("Ngày công bố từng năm thì ghi đủ năm, cách nhau bằng dấu chấm phẩy.")
        raise ReadError("occasion_mixed", message, hint=hint)
    before = dict(old.dates) if isinstance(old, Movable) else {}
    if not rules and old is not None:
        return old
    return Movable(before | {day.year: (day,) for day in announced})


def _certain(rule: DateRule) -> list[date]:
    return [day for year in certain_years(rule) for day in days(rule, year)]


def _headless() -> ReadError:
    message = _("Không thấy hàng tiêu đề.")
    return ReadError("header_missing", message, hint=_("Cần các cột: Dịp, Ngày, Nguồn, Người xác nhận."))


def changes(before: Occasions, after: Occasions) -> Iterator[Changed]:
    """Give what an update adds and changes."""
    for key, occasion in after.items():
        old = before.get(key)
        if old is None:
            yield Changed(occasion.names["vi"], new=True, fields=())
        elif old != occasion:
            differing = (name for name in Occasion.__slots__ if getattr(old, name) != getattr(occasion, name))
            yield Changed(occasion.names["vi"], new=False, fields=tuple(differing))
