"""Calls wait for their turn in lines: in order, and behind nobody who is not in their way."""

import asyncio
from datetime import timedelta

import pytest

from content_queue.delivery.line import sparing
from content_queue.delivery.pace import window
from content_queue.delivery.pacer import Pacer
from content_queue.outcomes import NotSentError
from content_queue.ports import Limit, Usage
from tests.content_queue.world import HandClock

BOT = Limit("bot", 2)
WINDOW = window(BOT).total_seconds()


def chat(name: str) -> Limit:
    return Limit(f"chat:{name}", 1)


async def begin(pacer: Pacer, clock: HandClock, *calls: tuple[str, list[Limit]]) -> list[tuple[str, float]]:
    """Let calls ask for their turns in this order; return them in the order in which they began, and when."""
    begun: list[tuple[str, float]] = []

    async def one(name: str, limits: list[Limit]) -> None:
        await pacer.turn(limits)
        begun.append((name, round(clock.monotonic(), 6)))

    await asyncio.gather(*(one(name, limits) for name, limits in calls))
    return begun


async def test_calls_of_one_key_begin_in_the_order_in_which_they_asked() -> None:
    """Two a second: seven take four windows, and none overtakes."""
    clock = HandClock()
    begun = await begin(Pacer(clock), clock, *((str(n), [chat(str(n)), BOT]) for n in range(7)))

    assert begun == [(str(n), round(n // 2 * WINDOW, 6)) for n in range(7)]


async def test_the_next_request_of_a_call_waits_for_its_window_and_not_for_the_call_to_end() -> None:
    """It is asked for when the one before was answered: the call itself is under way as long as it waits."""
    clock, slow = HandClock(), Limit("oa", 1)
    pacer, begun = Pacer(clock), list[float]()
    turn = await pacer.turn([slow])
    turn.hold()
    async with pacer.timed(turn, "zalo"):
        begun.append(clock.monotonic())
        for _request in range(2):
            await pacer.turn([slow])
            begun.append(round(clock.monotonic(), 6))

    assert begun == [0.0, round(WINDOW, 6), round(2 * WINDOW, 6)]


async def test_an_answer_that_was_slow_to_come_is_counted_before_the_next_request() -> None:
    """The request may have come late to its platform: the window counts from there."""
    clock, slow = HandClock(), Limit("oa", 1)
    pacer = Pacer(clock)
    for took in (0.1, 0.6):
        turn = await pacer.turn([slow])
        turn.hold()
        async with pacer.timed(turn, "zalo"):
            begun = clock.monotonic()
            await clock.sleep(took)
            if took > 0.1:
                await pacer.turn([slow])
                assert clock.monotonic() - begun == pytest.approx(WINDOW + 0.5)


async def test_where_nobody_knows_yet_how_quick_answers_are_a_call_may_have_come_last_of_all() -> None:
    """After a start lines are cold: the first calls are taken for come when they are answered."""
    clock, wide = HandClock(), Limit("app", 2)
    pacer, came = Pacer(clock), list[float]()

    async def call() -> None:
        turn = await pacer.turn([wide])
        turn.hold()
        async with pacer.timed(turn, "zalo"):
            await clock.sleep(1.2)
            came.append(round(clock.monotonic(), 6))

    await asyncio.gather(*(call() for _call in range(4)))
    assert came == [1.2, 1.2, *[pytest.approx(1.2 + WINDOW + 1.2)] * 2]


async def test_who_waits_for_a_narrow_key_holds_up_nobody_else_of_the_wide_one() -> None:
    """The second post of a chat waits for its second; the bot's other chats do not."""
    clock, wide = HandClock(), Limit("bot", 30)
    calls = [("a1", [chat("a"), wide]), ("a2", [chat("a"), wide]), ("b", [chat("b"), wide])]

    assert await begin(Pacer(clock), clock, *calls) == [("a1", 0.0), ("b", 0.0), ("a2", round(WINDOW, 6))]


async def test_a_full_key_holds_up_no_other() -> None:
    """Hundreds that wait for one bot are nothing to another."""
    clock = HandClock()
    slow = [(f"slow{n}", [chat(str(n)), Limit("slow", 1)]) for n in range(200)]
    begun = await begin(Pacer(clock), clock, *slow, ("quick", [chat("x"), Limit("quick", 1)]))

    assert begun[:2] == [("slow0", 0.0), ("quick", 0.0)]
    assert [name for name, _at in begun[2:]] == [f"slow{n}" for n in range(1, 200)]


async def test_a_stop_is_told_at_once_and_to_those_that_wait() -> None:
    """With the time that is left; nothing is counted."""
    clock = HandClock()
    pacer = Pacer(clock)
    waiting = [asyncio.create_task(pacer.turn([BOT])) for _call in range(4)]
    await asyncio.sleep(0)
    pacer.stop("bot", timedelta(seconds=60))
    await asyncio.gather(*waiting, return_exceptions=True)

    told = [task.exception() for task in waiting]
    waits = [
        error.retry_after.total_seconds()
        for error in told
        if isinstance(error, NotSentError) and error.retry_after
    ]
    assert (told[:2], len(waits), all(50 < wait < 60 for wait in waits)) == ([None, None], 2, True)
    with pytest.raises(NotSentError):
        pacer.heed([BOT])
    pacer.heed([Limit("other", 2)])


async def test_what_can_wait_leaves_the_rest_of_a_budget_alone() -> None:
    """From 90 % on numbers are not read; what is to be published goes out, slower."""
    clock, page = HandClock(), Limit("page", 0, every=True)
    pacer = Pacer(clock)
    pacer.told("page", Usage(92))
    with pytest.raises(NotSentError), sparing():
        await pacer.turn([page])

    assert await begin(pacer, clock, ("one", [page]), ("two", [page])) == [("one", 0.0), ("two", 10.0)]


async def test_what_can_wait_lets_others_go_first() -> None:
    """Hundreds of readings in line hold up what is to be published by one call each time, not by all."""
    clock, oa = HandClock(), Limit("oa", 1)
    pacer, came = Pacer(clock), list[str]()

    async def call(name: str, *, spare: bool) -> None:
        with sparing(spare=spare):
            for part in ("", "'"):
                await pacer.turn([oa])
                came.append(name + part)

    calls = [call(f"reading {n}", spare=True) for n in range(3)] + [call("post", spare=False)]
    await asyncio.gather(*calls)

    assert came == [
        "reading 0",
        "reading 0'",
        "post",
        "reading 1",
        "post'",
        "reading 2",
        "reading 1'",
        "reading 2'",
    ]


async def test_who_gives_up_leaves_the_line() -> None:
    """A cancelled call holds up nobody."""
    clock = HandClock()
    pacer = Pacer(clock)
    await begin(pacer, clock, ("1", [BOT]), ("2", [BOT]))
    given_up = asyncio.create_task(pacer.turn([BOT]))
    await asyncio.sleep(0)
    given_up.cancel()

    assert [name for name, _at in await begin(pacer, clock, ("3", [BOT]), ("4", [BOT]))] == ["3", "4"]
