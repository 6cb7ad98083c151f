"""What people do while the daemon lives or dies: through the command line, a process of its own."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.acts import By, approve, cancel, give_new_time
from bot.desk import Desk
from bot.undoing.takeback import take_back, touched_by_post
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act
from content_queue.store.corrections import Corrected, Correction, add_correction, next_number, published_of
from content_queue.store.holds import Order, begin_hold
from content_queue.store.posts import find_post
from content_queue.store.tables import attempts, deliveries
from content_queue.store.writer import InlineWriter
from tests.content_queue.world import LEADER, WINDOW, a_post, read_and_plan
from tests.torture.wall import CHANNELS, CORRECTED, Wall

POST = "B0001-2026"
DESK = Desk((LEADER,), {}, (), window=WINDOW)
OLD, NEW = a_post().post.entry.texts["vi"], "Chào mừng các thầy cô giáo"


def _edit(connection: Connection, now: datetime) -> None:
    """Word the post anew in the calendar, and approve it again while it is early enough."""
    read_and_plan(connection, [a_post(channels=CHANNELS, text=NEW)], now=now)
    approve(connection, By(LEADER, "cli", now).yes(POST), now, desk=DESK)


def _hold(connection: Connection, now: datetime) -> None:
    begin_hold(connection, Order({"agencies": ["svhttdl"]}, "quốc tang", "", LEADER.name, "cli"), now)


def _cancel(connection: Connection, now: datetime) -> None:
    cancel(connection, POST, By(LEADER, "cli", now), reason="hoãn")


def _new_time(connection: Connection, now: datetime) -> None:
    """Give what has not gone out, or was missed, another hour."""
    at = now + timedelta(minutes=20)
    give_new_time(connection, POST, By(LEADER, "cli", now), at=at, desk=DESK)


def _take_back(connection: Connection, now: datetime) -> None:
    by = By(LEADER, "cli", now)
    take_back(connection, touched_by_post(connection, POST, by), by, reason="sai số liệu")


def _correct(connection: Connection, now: datetime) -> None:
    """Correct whatever is out by now, by one person's word and another's yes."""
    post, out = find_post(connection, POST), published_of(connection, POST)
    words = f"{CORRECTED}{next_number(connection, POST)}"
    lines = [Corrected(row, replace(payload, text=words), in_place=True) for row, payload in out]
    if post is not None and lines:
        act = Act(now, "Trần Văn Soạn", "cli", "correct", POST, {"reason": "sai"})
        asked = Correction(post, lines, now + timedelta(hours=24), WINDOW)
        correction = add_correction(connection, asked, act).id
        approve(connection, By(LEADER, "cli", now).yes(correction), now, desk=DESK)


#: What people do -> how, and the texts that must no longer leave afterwards where nothing has begun to.
ACTS: Mapping[str, tuple[Callable[[Connection, datetime], None], tuple[str, ...]]] = {
    "edit": (_edit, (OLD,)),
    "hold": (_hold, (OLD, NEW)),
    "cancel": (_cancel, (OLD, NEW)),
    "new time": (_new_time, ()),
    "take back": (_take_back, (OLD, NEW, f"{CORRECTED}1", f"{CORRECTED}2")),
    "correct": (_correct, ()),
}


def act(kind: str, ledger: InlineWriter, wall: Wall, now: datetime) -> None:
    """Do it at once, and forbid the wall what it forbids; what is refused is left."""
    do, over = ACTS[kind]

    def change(connection: Connection) -> set[str]:
        with suppress(NotAllowedError):
            do(connection, now)
        begun = select(deliveries.c.channel).join(attempts).where(attempts.c.ended_at.is_(None))
        return {row.channel for row in connection.execute(begun)}

    leaving = ledger.run_now(change)
    wall.forbidden |= {(channel, text) for channel in set(CHANNELS) - leaving for text in over}
