"""The editors: they plan weeks ahead, edit, move and delete rows, and now and then break something."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from schedules.clock import OFFICE_ZONE
from tests.simulator.office import AGENCIES, AUTHORS, CAMPAIGNS, TAGS, Outlet, Row, Sheet
from tests.simulator.record import Record
from tests.simulator.virtual import DAY, EPOCH, VirtualLoop

HOUR = 3600.0
#: Days after which a week's file is moved out of the folder.
KEPT = 12


class Editors:
    """They hold what the files say, and save them; `saved` is called after each save."""

    def __init__(
        self, folder: Path, channels: Sequence[Outlet], *, loop: VirtualLoop, rng: Random, record: Record
    ) -> None:
        self._folder = folder
        self._channels = channels
        self._loop = loop
        self._rng = rng
        self._record = record
        self._sheets: list[Sheet] = []
        self._saves = 0
        self._count = 0
        self.rows: dict[str, Row] = {}
        self.saved: Callable[[], None] = lambda: None
        #: Posts an approver has said yes to; set by whoever watches the ledger.
        self.approved: Mapping[str, object] = {}
        self.deliveries_a_day = 20
        self.resting = False

    def begin_week(self, week: int) -> None:
        """Write the calendar of the week after next, and move an old one away."""
        if self.resting:
            return
        sheet = Sheet(f"tuan-{week:03}.csv")
        posts = self._posts_a_week()
        for _post in range(posts):
            day, minute = self._rng.randrange(7), self._rng.randrange(7 * 60, 21 * 60)
            self._add(sheet, (week * 7 + 1 + day) * DAY + minute * 60)
        self._sheets.append(sheet)
        self._save(sheet)
        for old in [old for old in self._sheets if self._is_over(old)]:
            self._sheets.remove(old)
            (self._folder / old.name).unlink(missing_ok=True)
            self._note(f"moved away {old.name}")

    def work(self) -> None:
        """Do one of the things that editors do of a day."""
        if self._sheets and not self.resting:
            deed = self._rng.choices(list(DEEDS), weights=[weight for weight, _deed in DEEDS.values()])[0]
            DEEDS[deed][1](self)

    def mend_all(self) -> None:
        """Mend every file, for the end of a run."""
        for sheet in self._sheets:
            if sheet.broken:
                self._mend_file(sheet)

    def forget(self, before: float, *, but: set[str]) -> set[str]:
        """Forget rows due before that stand in no file any more, `but` some; return their codes."""
        standing = {row.code for sheet in self._sheets for row in sheet.rows}
        old = {code for code, row in self.rows.items() if _seconds(row) < before} - standing - but
        for code in old:
            del self.rows[code]
        return old

    def standing(self, row: Row) -> bool:
        """Tell whether a row stands, right and readable, in a file of the folder."""
        return not (row.broken or row.gone) and not any(
            sheet.broken for sheet in self._sheets if row in sheet.rows
        )

    def _posts_a_week(self) -> int:
        mean = self.deliveries_a_day * 7 / _PER_POST
        return max(1, round(self._rng.gauss(mean, mean / 6)))

    def _is_over(self, sheet: Sheet) -> bool:
        last = max((_seconds(row) for row in sheet.rows), default=0.0)
        return self._loop.time() > last + KEPT * DAY

    def _add(self, sheet: Sheet, due: float) -> Row:
        self._count += 1
        code = f"SK{self._count:05}"
        count = self._rng.choice((1, 2, 3, 4, 6))
        channels = [one.name for one in self._rng.sample(self._channels, min(count, len(self._channels)))]
        row = Row(
            code,
            EPOCH + timedelta(seconds=due),
            self._rng.choice(list(AGENCIES)),
            self._rng.choice(AUTHORS),
            channels,
            english=self._rng.random() < 0.9,
            tags=self._rng.choice(TAGS),
            campaign=self._rng.choice(CAMPAIGNS),
        )
        sheet.rows.append(row)
        self.rows[code] = row
        self._touch(row, "wrote")
        return row

    def _save(self, sheet: Sheet) -> None:
        """Save a file as Excel does: whole, under its name at once."""
        target = self._folder / sheet.name
        draft = target.with_name(f"~${sheet.name}")
        draft.write_text(sheet.content(), "utf-8")
        self._saves += 1
        # the kernel's own stamps are coarser than virtual time: two saves would look like one
        stamp = self._saves * 1_000_000_000
        os.utime(draft, ns=(stamp, stamp))
        draft.replace(target)
        self._note(f"saved {sheet.name}")
        self.saved()

    def _touch(self, row: Row, deed: str) -> None:
        row.changed = self._loop.time()
        self._note(f"{deed} {row.code}/{row.revision} {row.due.isoformat()}")

    def _note(self, what: str) -> None:
        self._record.note(self._loop.time(), f"editors {what}")

    def _coming(self) -> tuple[Sheet, Row] | None:
        """Choose a row that is still to come, a near one rather than a far one."""
        now = self._loop.time()
        found = [
            (sheet, row)
            for sheet in self._sheets
            for row in sheet.rows
            if not row.gone and now - HOUR < _seconds(row) < now + 6 * DAY
        ]
        if not found:
            return None
        found.sort(key=lambda each: (_seconds(each[1]), each[1].code))
        return found[int(len(found) * self._rng.random() ** 2)]

    def _sudden(self) -> None:
        """Add a row that is due within hours."""
        now = self._loop.time()
        due = (now + 600 + self._rng.random() * 6 * HOUR) // 60 * 60
        self._add(self._sheets[-1], due)
        self._save(self._sheets[-1])

    def _edit(self) -> None:
        if chosen := self._coming():
            sheet, row = chosen
            self._reach(row, "edited after approval")
            row.revision += 1
            self._touch(row, "edited")
            self._save(sheet)

    def _move(self) -> None:
        if chosen := self._coming():
            sheet, row = chosen
            now = self._loop.time()
            due = max(now + 900, _seconds(row) + self._rng.uniform(-12, 48) * HOUR) // 60 * 60
            moved = EPOCH + timedelta(seconds=due)
            if moved.astimezone(OFFICE_ZONE).year == row.due.astimezone(OFFICE_ZONE).year:
                row.due = moved
                self._touch(row, "moved")
                self._save(sheet)

    def _delete(self) -> None:
        if chosen := self._coming():
            sheet, row = chosen
            self._reach(row, "deleted after approval")
            row.gone = True
            self._touch(row, "deleted")
            self._save(sheet)
            if self._rng.random() < 0.5:
                self._loop.call_later(self._rng.uniform(30, 8 * HOUR), self._bring_back, sheet, row)

    def _bring_back(self, sheet: Sheet, row: Row) -> None:
        if sheet in self._sheets:
            row.gone = False
            self._touch(row, "brought back")
            self._save(sheet)

    def _break_row(self) -> None:
        if chosen := self._coming():
            sheet, row = chosen
            row.broken = True
            self._record.reach("row broken")
            self._touch(row, "broke")
            self._save(sheet)
            self._loop.call_later(self._rng.uniform(60, 5 * HOUR), self._mend_row, sheet, row)

    def _mend_row(self, sheet: Sheet, row: Row) -> None:
        if sheet in self._sheets:
            row.broken = False
            self._touch(row, "mended")
            self._save(sheet)

    def _break_file(self) -> None:
        sheet = self._rng.choice(self._sheets)
        sheet.broken = True
        self._record.reach("file broken")
        self._save(sheet)
        self._loop.call_later(self._rng.uniform(10, HOUR), self._mend_file, sheet)

    def _mend_file(self, sheet: Sheet) -> None:
        sheet.broken = False
        if sheet in self._sheets:
            for row in sheet.rows:
                row.changed = self._loop.time()
            self._save(sheet)

    def _shuffle(self) -> None:
        sheet = self._rng.choice(self._sheets)
        self._rng.shuffle(sheet.rows)
        self._save(sheet)

    def _reach(self, row: Row, event: str) -> None:
        if self.approved.get(row.post):
            self._record.reach(event)


#: Deliveries of one post, on average: channels, and a second language for every fourth of them.
_PER_POST = 3.2 * 1.25
#: What editors do -> (how often, how).
DEEDS: Mapping[str, tuple[float, Callable[[Editors], None]]] = {
    "sudden": (2, Editors._sudden),
    "edit": (5, Editors._edit),
    "move": (2, Editors._move),
    "delete": (1, Editors._delete),
    "break row": (0.5, Editors._break_row),
    "break file": (0.2, Editors._break_file),
    "shuffle": (0.3, Editors._shuffle),
}


def _seconds(row: Row) -> float:
    return (row.due - EPOCH).total_seconds()
