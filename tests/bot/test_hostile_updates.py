"""Updates that would decide what they may not: none approves, all are logged, the genuine one counts."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from telegram import Bot

from bot.telegram import ApprovalBot, seals
from bot.telegram.seals import Sealing
from content_queue.states import PostState
from content_queue.store import calendar
from tests.bot.conversation import POST, TOKEN, Office
from tests.bot.desk import APPROVER, DESK
from tests.content_queue.world import DUE, NOW, a_post

NUMBERS = count(50_000)
#: What is logged of an update that is refused.
REFUSALS = {
    "update_barred",
    "stranger_wrote",
    "tap_refused",
    "words_refused",
    "update_failed",
    "update_skipped",
}
Raw = dict[str, Any]


@dataclass
class Scene:
    """The approver's card, and the hands of whoever means ill."""

    office: Office
    card: Raw
    taken: list[int] = field(default_factory=list)

    @property
    def data(self) -> str:
        return str(self.card["buttons"][0][0]["callback_data"])

    def tap(self, data: object = None, *, who: int = 8, frm: object = "", **changes: Any) -> Raw:
        """Return a tap on the approver's card, or one that claims to be."""
        message = {"message_id": self.card["message_id"], "date": 1, "chat": private(who)}
        query = {"id": "1", "from": user(who) if frm == "" else frm, "chat_instance": "1", "message": message}
        return {"callback_query": {**query, "data": self.data if data is None else data, **changes}}

    def say(self, text: object, *, who: int = 8, **changes: Any) -> Raw:
        """Return words of the approver, or of somebody who claims to be."""
        said = {"message_id": 9, "date": 1, "chat": private(who), "from": user(who), "text": text}
        return {"message": {**said, **changes}}

    async def take(self, content: Raw, number: int | None = None) -> None:
        """Let the bot take an update until it has done with it."""
        raw = {"update_id": next(NUMBERS) if number is None else number, **content}
        self.taken.append(raw["update_id"])
        for _time in range(4):
            if await self.office.bot.take(raw):
                return

    async def decide(self) -> None:
        """Let the approver tap the newest card."""
        await self.office.bot.tick()
        self.card = next(m for m in reversed(await self.office.messages(8)) if m["buttons"])
        await self.take(self.tap())


def user(number: int, **more: Any) -> Raw:
    return {"id": number, "is_bot": False, "first_name": "X", **more}


def private(number: int) -> Raw:
    return {"id": number, "type": "private", "first_name": "X"}


GROUP = {"id": -1005, "type": "supergroup", "title": "Tổ duyệt"}
CHANNEL = {"id": -1009, "type": "channel", "title": "Tin tỉnh"}
HIDDEN = {"type": "hidden_user", "date": 1, "sender_user_name": "Ai đó"}
YES = f"/duyet {POST}"


def resealed(verb: str = "d", post: str = POST, *, key: bytes = b"another bot") -> str:
    return seals.seal(verb, post, "ab" * 32, Sealing(8, key, NOW))


def changed(place: int, words: str) -> Callable[[Scene], Raw]:
    """Put other words into one place of the button's data."""

    def make(scene: Scene) -> Raw:
        parts = scene.data.split(":")
        return scene.tap(":".join([*parts[:place], words, *parts[place + 1 :]]))

    return make


#: What it is -> the update.
FORGED: dict[str, Callable[[Scene], Raw]] = {
    "data that nobody sealed": lambda s: s.tap("d:B0001-2026:abababab:1a9d480:AAAAAAAAAAAAAAAA"),
    "another bot's seal": lambda s: s.tap(resealed()),
    "a seal cut short": lambda s: s.tap(s.data[:-1]),
    "a seal with more behind it": lambda s: s.tap(s.data + "A"),
    "another verb": changed(0, "t"),
    "no into yes": lambda s: s.tap("d" + str(s.card["buttons"][0][1]["callback_data"])[1:]),
    "another post": changed(1, "B0002-2026"),
    "another content": changed(2, "cdcdcdcd"),
    "another time": changed(3, "fffffff"),
    "a verb of nobody": changed(0, "Z"),
    "nothing between the colons": lambda s: s.tap("::::"),
    "a word": lambda s: s.tap("approve"),
    "letters that are none": lambda s: s.tap("d:\u202e\x00:ữ:ự:ợ"),
    "too long for a button": lambda s: s.tap(s.data + "A" * 4000),
    "the leader with the approver's button": lambda s: s.tap(who=7),
    "the author with the approver's button": lambda s: s.tap(who=10),
    "an editor with the approver's button": lambda s: s.tap(who=11),
    "another agency with the approver's button": lambda s: s.tap(who=9),
    "a stranger with the approver's button": lambda s: s.tap(who=99),
    "an anonymous administrator": lambda s: s.tap(who=1087968824),
    "Telegram's own number": lambda s: s.tap(who=777000),
    "a bot": lambda s: s.tap(frm=user(8, is_bot=True)),
    "a tap in a group": lambda s: s.tap(message={"message_id": 1, "date": 1, "chat": GROUP}),
    "a tap in another's chat": lambda s: s.tap(message={"message_id": 1, "date": 1, "chat": private(7)}),
    "a tap on an inline message": lambda s: s.tap(message=None, inline_message_id="i"),
    "a tap on no message": lambda s: s.tap(message=None),
    "a forwarded yes": lambda s: s.say(YES, forward_origin=HIDDEN),
    "an edited yes": lambda s: s.say(YES, edit_date=2),
    "an edit of an old word": lambda s: {"edited_message": s.say(YES, edit_date=2)["message"]},
    "a yes by way of a bot": lambda s: s.say(YES, via_bot=user(5, is_bot=True)),
    "a yes on behalf of a channel": lambda s: s.say(YES, sender_chat=CHANNEL),
    "a yes in a group": lambda s: s.say(YES, chat=GROUP),
    "a yes as a channel's post": lambda s: {"channel_post": s.say(YES, chat=CHANNEL)["message"]},
    "a yes for a business": lambda s: s.say(YES, business_connection_id="b"),
    "a stranger's yes": lambda s: s.say(YES, who=99),
    "the author's yes": lambda s: s.say(YES, who=10),
    "an editor's yes": lambda s: s.say(YES, who=11),
    "another agency's yes": lambda s: s.say(YES, who=9),
    "an urgent yes of no leader": lambda s: s.say(f"/duyet_khan {POST} gấp"),
    "a yes to no post": lambda s: s.say("/duyet B0001-2026' OR '1'='1"),
    "a yes of a hundred thousand letters": lambda s: s.say(f"/duyet {POST}{'A' * 100_000}"),
    "a kind of tomorrow": lambda s: {"hologram": s.say(YES)["message"]},
    "a tap that is a word": lambda _s: {"callback_query": "d"},
    "a tap of no person": lambda s: s.tap(frm=None),
    "a person who is a list": lambda s: s.tap(frm=[8]),
    "a text that is a number": lambda s: s.say(5),
    "a chat that is a word": lambda s: s.say(YES, chat="8"),
}


@pytest.fixture
async def scene(office: Office) -> Scene:
    office.world.plan(a_post())
    await office.bot.tick()
    return Scene(office, (await office.messages(8))[-1])


def logged(records: list[logging.LogRecord]) -> set[str]:
    return {str(getattr(record, "action", "")) for record in records}


@pytest.mark.parametrize("what", FORGED)
async def test_what_is_forged_decides_nothing_and_is_logged(
    scene: Scene, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And the genuine tap after it still counts, once."""
    caplog.set_level(logging.INFO)
    await scene.take(FORGED[what](scene))
    said = scene.office.decisions()
    told = logged(caplog.records) & REFUSALS
    await scene.decide()
    assert (said, bool(told)) == ([], True)
    assert scene.office.decisions() == [(APPROVER.name, "approved")]


# --- what was genuine once ---------------------------------------------------------------------------------

Deed = Callable[[Scene], Awaitable[None]]


async def after_an_edit(scene: Scene) -> None:
    scene.office.world.plan(a_post(text="Bản khác hẳn"))
    await scene.take(scene.tap())


async def after_an_edit_and_back(scene: Scene) -> None:
    """The hash is that of the card again; what stands was never seen by anybody since."""
    await scene.take(scene.tap())
    scene.office.world.plan(a_post(text="Bản khác hẳn"))
    scene.office.world.plan(a_post())
    await scene.take(scene.tap())


async def after_the_row_came_back(scene: Scene) -> None:
    await scene.take(scene.tap())
    scene.office.world.do(calendar.lose_entries, ["B0001"], NOW)
    scene.office.world.plan(a_post())
    await scene.take(scene.tap())


async def after_72_hours(scene: Scene) -> None:
    scene.office.bot.desk = DESK
    scene.office.world.clock.at += timedelta(hours=72)
    await scene.take(scene.tap())


async def after_its_time(scene: Scene) -> None:
    scene.office.world.clock.at = DUE
    await scene.take(scene.tap())


async def after_a_no(scene: Scene) -> None:
    await scene.take(scene.say(f"/tu_choi {POST} sai ngày"))
    await scene.take(scene.tap())


async def after_it_was_cancelled(scene: Scene) -> None:
    scene.office.world.do(calendar.lose_entries, ["B0001"], NOW)
    await scene.take(scene.tap())


@pytest.mark.parametrize(
    ("deed", "before"),
    [
        (after_an_edit, []),
        (after_an_edit_and_back, ["approved"]),
        (after_the_row_came_back, ["approved"]),
        (after_72_hours, []),
        (after_its_time, []),
        (after_a_no, ["rejected"]),
        (after_it_was_cancelled, []),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
async def test_what_was_genuine_once_decides_nothing_more(
    scene: Scene, deed: Deed, before: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """An old button is about what it was made for, and its act is done once."""
    caplog.set_level(logging.INFO)
    await deed(scene)
    assert [verdict for _who, verdict in scene.office.decisions()] == before
    assert scene.office.post().state != PostState.APPROVED
    assert "tap_refused" in logged(caplog.records)


# --- the same, again and at once ---------------------------------------------------------------------------


async def the_same_update_twice(scene: Scene) -> None:
    for _time in range(2):
        await scene.take(scene.tap(), 70_000)


async def two_updates_of_one_tap(scene: Scene) -> None:
    for _time in range(2):
        await scene.take(scene.tap())


async def a_later_number_before_it(scene: Scene) -> None:
    """Numbers come anew after a quiet week, and out of order after a crash: none is "too low"."""
    await scene.take(scene.say("/hom_nay"), 90_000)
    await scene.take(scene.tap(), 80_000)


async def poison_before_it(scene: Scene) -> None:
    await scene.take({"callback_query": {"id": []}}, 71_000)
    await scene.take(scene.tap(), 71_001)


async def a_commit_that_fails(scene: Scene) -> None:
    """The update comes again, for nothing of it was kept."""
    ledger, run = scene.office.bot._ledger, scene.office.bot._ledger.run
    deaths = iter([OSError("the machine died")])

    async def dying(change: Any) -> Any:
        def change_and_die(connection: Any) -> Any:
            done = change(connection)
            for death in deaths:
                raise death
            return done

        return await run(change_and_die)

    ledger.run = dying  # type: ignore[method-assign] # dies once, between the tap and its commit
    await scene.take(scene.tap())


async def a_death_after_the_commit(scene: Scene) -> None:
    """Telegram sends it again to the next life, which knows that it is done."""
    await scene.take(scene.tap(), 72_000)
    office = scene.office
    office.bot = ApprovalBot(
        bot=Bot(TOKEN, f"{office.url}/bot"), ledger=office.bot._ledger, clock=office.world.clock, desk=DESK
    )
    await scene.take(scene.tap(), 72_000)


async def two_people_at_once(scene: Scene) -> None:
    office = scene.office
    theirs = (await office.messages(7))[-1]
    await scene.take(scene.tap())
    mine, scene.card = scene.card, theirs
    await scene.take(scene.tap(who=7))
    scene.card = mine


@pytest.mark.parametrize(
    "deed",
    [
        the_same_update_twice,
        two_updates_of_one_tap,
        a_later_number_before_it,
        poison_before_it,
        a_commit_that_fails,
        a_death_after_the_commit,
        two_people_at_once,
    ],
    ids=lambda each: each.__name__,
)
async def test_a_genuine_tap_decides_once(scene: Scene, deed: Deed) -> None:
    """However often it comes, whatever comes around it, and whoever taps beside it."""
    await deed(scene)
    assert scene.office.decisions() == [(APPROVER.name, "approved")]
    assert scene.office.post().state == PostState.APPROVED


def test_there_are_forty_and_more() -> None:
    """The number that was asked for."""
    assert len(FORGED) >= 40
