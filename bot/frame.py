"""What every command is given: the home folder and, on demand, what lies in it."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from content_queue.texts import use

if TYPE_CHECKING:  # each takes a tenth of a second to import: only commands that need them pay for it
    from bot.office import OfficeHome
    from bot.settings import Settings
    from content_queue.ports import Clock


@dataclass(slots=True)
class Frame:
    """The command's surroundings, filled by the options `--home`, `--lang` and `--debug`."""

    home: Path = field(default_factory=Path)
    #: Show the traceback of what nobody expected.
    debug: bool = False
    #: The language asked for on the command line; empty leaves it to the settings.
    language: str = ""
    #: The one source of time; None is the machine's own.
    clock: "Clock | None" = None

    def now(self) -> datetime:
        """Return the wall time, aware, UTC."""
        if self.clock is None:
            from schedules.clock import SystemClock  # noqa: PLC0415 -- see above

            self.clock = SystemClock()
        return self.clock.now()

    def settings(self) -> "Settings":
        """Read the settings of the home folder, and speak the language they name.

        Raises:
            SettingsError: with a sentence for every mistake.
        """
        from bot.settings import load_settings  # noqa: PLC0415 -- see above

        settings = load_settings(self.home)
        use(self.language or settings.office.language)
        return settings

    def office(self) -> "OfficeHome":
        """Read settings, agencies, channels and occasions.

        Raises:
            SettingsError: with a sentence for every mistake.
        """
        from bot.office import open_office  # noqa: PLC0415 -- see above

        return open_office(self.home, self.settings())
