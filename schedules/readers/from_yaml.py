"""Read a YAML calendar: a list of entries, each with the columns of the workbook as its keys."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from content_queue.texts import _
from schedules.readers.sheet import Row, Sheet, decode, read_bytes
from schedules.refusals import ReadError

_NOTHING = frozenset({"", "~", "null"})


def read_yaml(path: Path) -> tuple[Sheet, ...]:
    """Read the list as one sheet whose header is every key that occurs.

    Values stay as typed: YAML would read `7:30` as 450.

    Raises:
        ReadError: it is no YAML, or no list of entries.
    """
    try:
        root = yaml.compose(decode(read_bytes(path)), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise _broken(error) from error
    if root is None:
        return ()
    if not isinstance(root, yaml.SequenceNode):
        raise _shape(root)
    entries = [_entry(node) for node in root.value]
    keys = tuple(dict.fromkeys(key for __, entry in entries for key in entry))
    rows = [_row(number, line, entry=entry, keys=keys) for number, (line, entry) in enumerate(entries, 2)]
    return (Sheet(path.name, "", (Row(1, 1, keys), *rows), cells=False),)


def _entry(node: yaml.Node) -> tuple[int, dict[str, tuple[str, int]]]:
    """Return the entry's first line, and key -> (value, line)."""
    if not isinstance(node, yaml.MappingNode):
        raise _shape(node)
    entry: dict[str, tuple[str, int]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _shape(key)
        if key.value in entry:
            raise _twice(key)
        entry[key.value] = (_text(value), _line(value))
    return _line(node), entry


def _text(node: yaml.Node) -> str:
    """Return a value as typed; a list is written as a cell would hold it."""
    if isinstance(node, yaml.ScalarNode):
        return "" if not node.style and node.value in _NOTHING else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return "; ".join(_items(node))
    raise _shape(node)


def _items(node: yaml.SequenceNode) -> Iterator[str]:
    for item in node.value:
        if not isinstance(item, yaml.ScalarNode):
            raise _shape(item)
        yield str(item.value)


def _row(number: int, line: int, *, entry: dict[str, tuple[str, int]], keys: tuple[str, ...]) -> Row:
    found = [entry.get(key, ("", line)) for key in keys]
    return Row(number, line, tuple(value for value, __ in found), tuple(at for __, at in found))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _broken(error: yaml.YAMLError) -> ReadError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    message = _("Dòng {line}: tệp YAML viết chưa đúng.").format(line=line)
    hint = _("Kiểm tra thụt dòng; đặt chữ có dấu hai chấm trong ngoặc kép.")
    return ReadError("file_broken", message, hint=hint)


def _shape(node: yaml.Node) -> ReadError:
    message = _("Dòng {line}: tệp YAML phải là danh sách các mục.").format(line=_line(node))
    hint = _("Mỗi mục bắt đầu bằng dấu gạch, mỗi cột một dòng: “- Ngày: 20/11”.")
    return ReadError("file_shape", message, hint=hint)


def _twice(key: yaml.ScalarNode) -> ReadError:
    message = _("Dòng {line}: cột “{name}” ghi hai lần trong một mục.").format(
        line=_line(key), name=key.value
    )
    return ReadError("column_twice", message, hint=_("Giữ lại một dòng."))
