"""Where the command line meets the ledger: who acts, at which desk, and refusals as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.acts import By
from bot.desk import Desk, desk_of
from bot.errors import LoaError
from bot.frame import Frame
from bot.house import LEDGER
from bot.people import person_named
from content_queue.store.approvals import NotAllowedError
from content_queue.store.engine import open_ledger
from content_queue.store.writer import InlineWriter
from content_queue.texts import _

WAY = "cli"


@dataclass(frozen=True, slots=True)
class Counter:
    """An opened ledger, the office's desk, and the present moment."""

    ledger: InlineWriter
    desk: Desk
    now: datetime

    def by(self, name: str) -> By:
        """Return who acts.

        Raises:
            LoaError: nobody of this name stands in the settings.
        """
        person = person_named(self.desk.people, name)
        if person is None:
            told = _("Không có ai tên “{name}” trong settings.toml.").format(name=name)
            raise LoaError(told, next_step=_("Thêm mục [[people]] hoặc ghi đúng họ tên đã có"))
        return By(person, WAY, self.now)


@contextmanager
def open_counter(frame: Frame) -> Iterator[Counter]:
    """Open the ledger of a home beside its daemon; what is refused ends the command with its sentence."""
    desk = desk_of(frame.office())
    engine = open_ledger(f"sqlite:///{frame.home / LEDGER}")
    try:
        yield Counter(InlineWriter(engine), desk, frame.now())
    except NotAllowedError as refusal:
        raise LoaError(str(refusal)) from refusal
    finally:
        engine.dispose()
