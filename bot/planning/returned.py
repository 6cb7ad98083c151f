"""Give calendars back with their mistakes marked, beside where they lie."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.planning.cautions import at_cells, cautions_of
from bot.planning.reading import Reading
from content_queue.models import Entry, Problem, digest
from schedules.annotated import RETURNED, Codes, copy_of, write_annotated
from schedules.cautions import Caution
from schedules.office import Office
from schedules.readers import read_sheets
from schedules.refusals import ReadError

log = logging.getLogger(__name__)


def give_back(
    path: Path,
    office: Office,
    *,
    problems: Sequence[Problem],
    codes: Codes,
    cautions: Sequence[Caution] = (),
) -> Path | None:
    """Write the annotated copy of a calendar and return where; None for what has no cells or cannot be read.

    Raises:
        OSError: the copy cannot be written.
    """
    if path.suffix.lower() not in RETURNED:
        return None
    try:
        sheets = read_sheets(path)
    except ReadError:
        return None
    target = copy_of(path)
    target.parent.mkdir(exist_ok=True)
    problems = [*problems, *at_cells(cautions, sheets, path.name)]
    part = target.with_name(f".{target.name}.part")
    write_annotated(part, sheets, office=office, problems=problems, codes=codes)
    part.replace(target)
    return target


def codes_of(entries: Iterable[Entry], file: str) -> Codes:
    """Return the codes of a file's entries by sheet and row."""
    return {(e.place.sheet, e.place.row): e.code for e in entries if e.place.file == file and e.code}


class Returns:
    """Writes the copies of a home's calendars anew where something about them changed."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}

    def write(self, reading: Reading) -> None:
        """Write a copy of every calendar that has problems, or has had some; one that fails is logged."""
        found = list(cautions_of(reading.plan, reading.opened, reading.opened.calendars))
        for file, problems in _by_file(reading).items():
            path = reading.opened.calendars / file
            codes = codes_of(reading.matching.entries, file)
            here = [caution for caution in found if caution.place.file == file]
            said = [*map(repr, problems), *(repr((c.place, c.field, str(c.error))) for c in here)]
            state = digest([said, sorted(map(repr, codes.items()))])
            if self._written.get(file) == state or not (said or copy_of(path).exists()):
                continue
            try:
                give_back(path, reading.opened.office, problems=problems, codes=codes, cautions=here)
            except OSError as error:
                told = {"action": "copy_unwritten", "file": file, "kind": type(error).__name__}
                log.warning("Annotated copy not written", extra=told)
            else:
                self._written[file] = state


def _by_file(reading: Reading) -> Mapping[str, list[Problem]]:
    found: dict[str, list[Problem]] = {file: [] for file in reading.calendar.files}
    for problem in reading.calendar.problems:
        found.setdefault(problem.file, []).append(problem)
    return found
