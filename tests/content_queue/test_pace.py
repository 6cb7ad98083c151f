"""Limits are kept before the platform has to say so."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_queue.delivery.pace import BELIEVED, HANGING, LATE, POLL, Pace, Stop, Turn, slots, window
from content_queue.ports import Limit, Usage

BOT = Limit("bot", 3, timedelta(seconds=1))
WINDOW = window(BOT).total_seconds()
START = datetime(2026, 11, 20, 1, tzinfo=UTC)


@given(st.lists(st.floats(0, 2), max_size=60))
def test_no_window_ever_holds_more_than_its_count(waits: list[float]) -> None:
    """However callers come, any three begin at least a whole window before the fourth."""
    pace, now, begun = Pace(), 0.0, []
    for wait in waits:
        now += wait
        while (left := pace.wait([BOT], now)) > 0:
            now += left
        pace.enter([BOT], now)
        begun.append(now)

    assert all(later - earlier >= WINDOW - 1e-9 for earlier, later in zip(begun, begun[3:], strict=False))


def test_a_key_that_was_told_to_wait_holds_up_no_other() -> None:
    """A 429 of one bot is nobody else's."""
    pace = Pace()
    pace.stop("bot", 10.0)

    assert pace.stopped([BOT], 4.0) == Stop("bot", 6.0)
    assert pace.stopped([Limit("other", 3)], 4.0) is None
    assert pace.stopped([BOT], 10.0) is None


PAGE = Limit("page", 0)
TOLD = [
    # percent, minutes told -> seconds to the next call, seconds stopped, seconds stopped for what can wait
    (0, 0, 0.0, 0.0, 0.0),
    (74, 0, 0.0, 0.0, 0.0),
    (75, 0, 1.0, 0.0, 0.0),
    (89, 0, 1.0, 0.0, 0.0),
    (90, 0, 10.0, 0.0, BELIEVED),
    (99, 0, 10.0, 0.0, BELIEVED),
    (100, 0, 10.0, 3600.0, 3600.0),
    (130, 7, 10.0, 420.0, BELIEVED),
    (12, 3, 0.0, 180.0, 180.0),
]


@pytest.mark.parametrize(("percent", "minutes", "next_call", "stopped", "spare"), TOLD)
def test_a_told_budget_slows_a_key_down_and_stops_it(
    percent: int, minutes: int, next_call: float, stopped: float, spare: float
) -> None:
    """Slower from 75 %, nothing that can wait from 90 %, nothing from 100 % or while a wait is told."""
    pace = Pace()
    pace.enter([PAGE], 5.0)
    pace.told("page", Usage(percent, timedelta(minutes=minutes)), 5.0)
    stops = [pace.stopped([PAGE], 5.0, spare=can_wait) for can_wait in (False, True)]

    assert pace.wait([PAGE], 5.0) == next_call
    assert [stop.seconds if stop else 0.0 for stop in stops] == [stopped, spare]
    assert (pace.wait([Limit("other", 0)], 5.0), pace.stopped([Limit("other", 0)], 5.0)) == (0.0, None)


def test_a_told_budget_is_believed_for_a_while_only() -> None:
    """It falls with time, but nobody is told unless a call is made."""
    pace = Pace()
    pace.told("page", Usage(95), 0.0)
    pace.enter([PAGE], BELIEVED)

    assert (pace.wait([PAGE], BELIEVED), pace.stopped([PAGE], BELIEVED, spare=True)) == (0.0, None)


def test_a_lower_reading_takes_a_higher_one_back() -> None:
    """The last answer knows best."""
    pace = Pace()
    pace.told("page", Usage(95), 0.0)
    pace.told("page", Usage(20), 1.0)
    pace.enter([PAGE], 1.0)

    assert pace.wait([PAGE], 1.0) == 0.0


def test_a_window_counts_from_the_first_byte_not_from_the_turn() -> None:
    """Between the two lies the commit of the intent, and a lane."""
    pace = Pace()
    turns = [pace.enter([BOT], 0.0) for _call in range(3)]
    for turn in turns:
        turn.begin(0.25)
        turn.let_go()

    assert pace.wait([BOT], 0.5) == 0.25 + WINDOW - 0.5


def test_a_call_that_may_come_at_any_moment_keeps_its_place() -> None:
    """A disk may take seconds to commit an intent, a platform to answer: others would come with it."""
    pace = Pace()
    first, *_others = [pace.enter([BOT], 0.0) for _call in range(3)]
    first.hold()
    not_begun = pace.wait([BOT], 30.0)
    first.begin(30.0)
    waits = [pace.wait([BOT], at) for at in (30.5, 30.0 + WINDOW, 30.0 + HANGING)]
    first.end(31.5, quickest=0.1)

    assert (not_begun, waits) == (POLL, [pytest.approx(WINDOW - 0.5), POLL, 0.0])
    assert pace.wait([BOT], 31.5) == pytest.approx(WINDOW - 0.1)


def test_a_call_that_never_begins_gives_its_place_back() -> None:
    """An edit may have taken it back at the last moment."""
    pace = Pace()
    turns = [pace.enter([BOT], 0.0) for _call in range(3)]
    for turn in turns:
        turn.hold()
        turn.let_go()

    assert pace.wait([BOT], 1.5) == 0.0


@pytest.mark.parametrize(("answer", "late"), [(10.05, 0.0), (10.08, 0.0), (10.2, 0.12), (70.0, LATE)])
def test_a_call_whose_answer_was_slow_may_have_come_late(answer: float, late: float) -> None:
    """By as much as it took longer than the quickest, up to a bound; never before it left."""
    turn = Turn(10.0)
    turn.end(answer, quickest=0.08)

    assert turn.at == pytest.approx(10.0 + late)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["a", "b"])), max_size=60),
    st.integers(1, 4),
)
def test_planned_seconds_keep_every_window_and_come_as_soon_as_they_may(
    waiting: list[tuple[int, str]], count: int
) -> None:
    """A planned second is never before its due time, and never crowds a window."""
    rows = sorted(waiting)
    dues = [(number, key, START + timedelta(seconds=due)) for number, (due, key) in enumerate(rows)]
    planned = dict(slots(dues, lambda key: [Limit(key, count, timedelta(seconds=1))]))

    assert all(planned[number] >= due for number, _key, due in dues)
    by_key = defaultdict(list)
    for number, key, _due in dues:
        by_key[key].append(planned[number])
    for times in by_key.values():
        assert all(b - a >= timedelta(seconds=1) for a, b in zip(times, times[count:], strict=False))


def test_a_key_without_a_window_spreads_nothing() -> None:
    """What only the platform knows cannot be planned."""
    planned = list(slots([(n, "k", START) for n in range(3)], lambda _key: [PAGE]))

    assert planned == [(n, START) for n in range(3)]


def test_posts_that_make_several_calls_are_planned_further_apart() -> None:
    """Ten calls a second are five posts of two calls."""
    limit = Limit("app", 10, timedelta(seconds=1), calls=2)
    planned = [at for _number, at in slots([(n, "k", START) for n in range(10)], lambda _key: [limit])]

    assert Counter(planned) == {START: 5, START + window(limit): 5}
