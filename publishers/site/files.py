"""Write whole files or none, and tell the time by the file system."""

import os
from datetime import UTC, datetime
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path`: it is there whole, on the disk, or the older file still is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _settle(path.parent)


def write_if_new(path: Path, content: bytes) -> None:
    """Put `content` at `path` unless it is there already."""
    if not path.is_file() or path.read_bytes() != content:
        write(path, content)


def moment(folder: Path) -> datetime:
    """Return the file system's time, UTC: pages are dated by it, as all files are."""
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".moment"
    probe.touch()
    return datetime.fromtimestamp(probe.stat().st_mtime, UTC)


def _settle(folder: Path) -> None:
    """Bring a rename to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
