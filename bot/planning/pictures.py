"""The files that go with an entry: kept in the store, or only looked at."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from content_queue.media import linked
from content_queue.models import Entry, MediaRef


def media_of(entry: Entry, folder: Path, *, of_file: Callable[[Path], MediaRef]) -> tuple[MediaRef, ...]:
    """Return the entry's pictures, videos and documents in their order; https addresses stay addresses.

    `of_file` is `refer` to look at a file in `folder`, `MediaStore.keep` to keep it too.

    Raises:
        RefusedError: a file is gone, is of no type that is taken, or is too large.
    """
    found = [
        linked(name) if name.startswith("https://") else of_file(folder / name) for name in entry.pictures
    ]
    alts = [*entry.alts, *[""] * len(found)]
    return tuple(replace(ref, alt=alt.strip()) for ref, alt in zip(found, alts, strict=False))
