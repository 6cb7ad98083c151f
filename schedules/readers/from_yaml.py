"""Read a YAML calendar: a list of entries, each with the columns of the workbook as its keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from content_queue.texts import _
from schedules.readers.sheet import MOST_CELLS, Row, Sheet, decode, read_bytes, too_many_cells
from schedules.refusals import ReadError

#: Key -> its value as typed, and the line where that stands.
_Entry: TypeAlias = dict[str, tuple[str, int]]

_NOTHING = frozenset({"", "~", "null"})


def read_yaml(path: Path) -> tuple[Sheet, ...]:
    """Read the list as one sheet whose header is every key that occurs.

    Values stay as typed: YAML would read `7:30` as 450. The file is read event by event, for a tree
    of it may be deeper than the stack and, by references, larger than all memory.

    Raises:
        ReadError: it is no YAML, or no list of entries.
    """
    events = yaml.parse(decode(read_bytes(path)), Loader=yaml.CSafeLoader)
    try:
        entries = list(_entries(events))
    except yaml.YAMLError as error:
        raise _broken(error) from error
    if not entries:
        return ()
    keys = tuple(dict.fromkeys(key for __, entry in entries for key in entry))
    if len(entries) * len(keys) > MOST_CELLS:
        raise too_many_cells()
    rows = [_row(number, line, entry=entry, keys=keys) for number, (line, entry) in enumerate(entries, 2)]
    return (Sheet(path.name, "", (Row(1, 1, keys), *rows), cells=False),)


def _entries(events: Iterator[yaml.Event]) -> Iterator[tuple[int, _Entry]]:
    """Give each entry's first line, and its values by key."""
    next(events)  # the stream begins
    if isinstance(next(events), yaml.StreamEndEvent):
        return
    _want(yaml.SequenceStartEvent, next(events))
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        yield _line(_want(yaml.MappingStartEvent, event)), _entry(events)
    next(events)  # the document ends
    _want(yaml.StreamEndEvent, next(events))


def _entry(events: Iterator[yaml.Event]) -> _Entry:
    entry: _Entry = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _want(yaml.ScalarEvent, event)
        if key.value in entry:
            raise _twice(key)
        value = next(events)
        entry[key.value] = _text(value, events), _line(value)
    return entry


def _text(event: yaml.Event, events: Iterator[yaml.Event]) -> str:
    """Return a value as typed; a list is written as a cell would hold it."""
    if isinstance(event, yaml.SequenceStartEvent):
        return "; ".join(_items(events))
    scalar = _want(yaml.ScalarEvent, event)
    return "" if not scalar.style and scalar.value in _NOTHING else str(scalar.value)


def _items(events: Iterator[yaml.Event]) -> Iterator[str]:
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        yield str(_want(yaml.ScalarEvent, event).value)


def _want(kind: type[yaml.Event], event: yaml.Event) -> Any:
    """Return the event if it is of the kind that may stand here."""
    if not isinstance(event, kind):
        raise _shape(event)
    return event


def _row(number: int, line: int, *, entry: _Entry, keys: tuple[str, ...]) -> Row:
    found = [entry.get(key, ("", line)) for key in keys]
    return Row(number, line, tuple(value for value, __ in found), tuple(at for __, at in found))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _broken(error: yaml.YAMLError) -> ReadError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    message = _("Dòng {line}: tệp YAML viết chưa đúng.").format(line=line)
    hint = _("Kiểm tra thụt dòng; đặt chữ có dấu hai chấm trong ngoặc kép.")
    return ReadError("file_broken", message, hint=hint)


def _shape(event: yaml.Event) -> ReadError:
    message = _("Dòng {line}: tệp YAML phải là danh sách các mục.").format(line=_line(event))
    hint = _("Mỗi mục bắt đầu bằng dấu gạch, mỗi cột một dòng: “- Ngày: 20/11”.")
    return ReadError("file_shape", message, hint=hint)


def _twice(key: yaml.ScalarEvent) -> ReadError:
    message = _("Dòng {line}: cột “{name}” ghi hai lần trong một mục.").format(
        line=_line(key), name=key.value
    )
    return ReadError("column_twice", message, hint=_("Giữ lại một dòng."))
