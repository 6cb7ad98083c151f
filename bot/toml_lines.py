"""On which line of a TOML file a key stands; `tomllib` does not say."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

#: Where something stands: section and key names, and positions in arrays of tables.
Path = tuple[str | int, ...]


def lines_of_keys(text: str) -> Mapping[Path, int]:
    """Map the path of every section and key to its line, from 1. `text` must be valid TOML."""
    found: dict[Path, int] = {}
    tables: Counter[Path] = Counter()
    section: Path = ()
    for number, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            section = _section(parsed, tables)
            found[section] = number
            continue
        for path in _paths(parsed):
            found[(*section, *path)] = number
    return found


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of `path`, else of the nearest thing around it, else 1."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def line_in_message(error: tomllib.TOMLDecodeError, text: str) -> int:
    """Return the line a syntax error names; "end of document" is the last one."""
    told = re.search(r"at line (\d+)", str(error))
    return int(told[1]) if told else max(1, len(text.splitlines()))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield first line and text of each statement; it ends where TOML accepts it."""
    pending, first = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not pending:
            first = number
            if not line.strip() or line.lstrip().startswith("#"):
                continue
        pending += line + "\n"
        try:
            tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        yield first, pending
        pending = ""


def _section(parsed: Mapping[str, Any], tables: Counter[Path]) -> Path:
    """Return the path that a header line opens; `[[x]]` counts."""
    path: Path = ()
    inner: Any = parsed
    while inner:
        (name,) = inner
        path, inner = (*path, name), inner[name]
        if isinstance(inner, list):
            tables[path] += 1
            return (*path, tables[path] - 1)
    return path


def _paths(parsed: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the path of every key of a statement, inline tables included."""
    for name, value in parsed.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, *rest) for rest in _paths(value))
