"""Limits are kept before the platform has to say so."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from content_queue.delivery.pace import Pace, slots, window
from content_queue.ports import Limit

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

    assert pace.wait([BOT], 4.0) == 6.0
    assert pace.wait([Limit("other", 3, timedelta(seconds=1))], 4.0) == 0.0


def test_a_window_counts_from_the_first_byte_not_from_the_turn() -> None:
    """Between the two lies the commit of the intent, and a lane."""
    pace = Pace()
    turns = [pace.enter([BOT], 0.0) for _call in range(3)]
    for turn in turns:
        turn.at = 0.25

    assert pace.wait([BOT], 0.5) == 0.25 + WINDOW - 0.5


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


def test_posts_that_make_several_calls_are_planned_further_apart() -> None:
    """Ten calls a second are five posts of two calls."""
    limit = Limit("app", 10, timedelta(seconds=1), calls=2)
    planned = [at for _number, at in slots([(n, "k", START) for n in range(10)], lambda _key: [limit])]

    assert Counter(planned) == {START: 5, START + window(limit): 5}
