"""What every command is given: the home folder and, on demand, what lies in it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pydantic takes a tenth of a second: only commands that need settings pay for it
    from bot.settings import Settings


@dataclass(slots=True)
class Frame:
    """The command's surroundings, filled by the options `--home`, `--lang` and `--debug`."""

    home: Path = field(default_factory=Path)
    #: Show the traceback of what nobody expected.
    debug: bool = False
    #: The language asked for on the command line; empty leaves it to the settings.
    language: str = ""

    def settings(self) -> "Settings":
        """Read the settings of the home folder, and speak the language they name.

        Raises:
            SettingsError: with a line for every mistake.
        """
        from bot.settings import load_settings  # noqa: PLC0415 -- see above
        from content_queue.texts import use  # noqa: PLC0415 -- see above

        settings = load_settings(self.home)
        use(self.language or settings.office.language)
        return settings
