"""What was posted at a stand-in platform, in a file of its own: one JSON object a line."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class Journal:
    """An append-only file of events; a stand-in rebuilds itself from it when it starts."""

    def __init__(self, path: Path) -> None:
        """Open (and make) the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        #: Where the stand-ins of this home keep their files.
        self.folder = path.parent
        self._path = path
        self._file = path.open("a", encoding="utf-8")

    def append(self, event: Mapping[str, Any]) -> None:
        """Add one event and hand it to the operating system."""
        self._file.write(json.dumps(event, ensure_ascii=False) + "\n")
        self._file.flush()

    def replay(self) -> Iterator[dict[str, Any]]:
        """Yield all events so far; a line cut off by a crash ends them."""
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                return

    def close(self) -> None:
        """Close the file."""
        self._file.close()
