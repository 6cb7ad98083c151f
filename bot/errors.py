"""What a command may end with, said for people.

LoaError                  one clear sentence, the next step, an exit code
|-- SettingsError         settings, secrets or channels are wrong (78)
|-- CalendarWrongError    a calendar has errors (3)
`-- AlreadyRunningError   another daemon serves this home (6)
"""

from collections.abc import Sequence
from pathlib import Path

from content_queue.texts import _

OK, FAILED, USAGE, CALENDAR, CHANNELS, RUNNING, CONFIGURATION = 0, 1, 2, 3, 5, 6, 78


class LoaError(Exception):
    """Why a command could not do what was asked; `next_step` is what to type or mend next."""

    exit_code = FAILED

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.next_step = next_step


class SettingsError(LoaError):
    """The configuration is wrong; `problems` holds one sentence for each thing to mend.

    `lines` are the lines of `settings.toml` they are about, as far as they are about one.
    """

    exit_code = CONFIGURATION

    def __init__(self, problems: Sequence[str], *, next_step: str = "", lines: Sequence[int] = ()) -> None:
        super().__init__("\n".join(problems), next_step=next_step)
        self.problems = tuple(problems)
        self.lines = tuple(lines)


class CalendarWrongError(LoaError):
    """A calendar has errors."""

    exit_code = CALENDAR


class AlreadyRunningError(LoaError):
    """Another daemon serves this home."""

    exit_code = RUNNING

    def __init__(self, home: Path) -> None:
        message = _("loa đang chạy cho thư mục {home}; không chạy hai lần một lúc.").format(home=home)
        super().__init__(message, next_step=_("Xem việc đang làm: loa queue"))
