"""The nightly copy: one a day, the last seven kept, each can be opened."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.backup import FOLDER, back_up_nightly
from bot.house import House, open_house
from bot.secrets import rehearsal_token
from bot.settings import Settings
from content_queue.delivery.tokens import Tokens
from content_queue.store import marks
from content_queue.store.engine import open_ledger
from content_queue.store.writer import InlineWriter
from tests.content_queue.world import HandClock


class Secrets:
    def get(self, name: str) -> str:
        return rehearsal_token(name)


def a_house(home: Path, clock: HandClock) -> House:
    return open_house(home, Settings(), clock=clock, secrets=Tokens(Secrets()))


async def test_seven_nights_are_kept_and_the_newest_holds_what_was_committed(tmp_path: Path) -> None:
    """An eighth night removes the first."""
    clock = HandClock()
    house = a_house(tmp_path, clock)
    for night in range(9):
        await house.ledger.run(lambda c, n=night: marks.keep_mark(c, "night", n))  # type: ignore[misc]
        back_up_nightly(house)
        clock.at += timedelta(days=1)
    await house.close()
    names = sorted(path.name for path in (tmp_path / FOLDER).iterdir())
    copy = InlineWriter(open_ledger(f"sqlite:///{tmp_path / FOLDER / names[-1]}"))
    kept = copy.read_now(lambda c: marks.read_mark(c, "night"))
    copy.close()

    assert [name for name in names if name.endswith(".db")] == [
        f"loa-2026-11-{day}.db" for day in range(22, 29)
    ]
    assert kept == 8


async def test_a_second_copy_of_a_night_replaces_the_first(tmp_path: Path) -> None:
    """After a restart at the same hour nothing piles up."""
    house = a_house(tmp_path, HandClock())
    back_up_nightly(replace(house))
    back_up_nightly(house)
    await house.close()

    assert len(list((tmp_path / FOLDER).glob("*.db"))) == 1
