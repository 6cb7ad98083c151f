"""What is asked all day finds its rows by an index: a ledger of years answers as fast as one of a week."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from content_queue.store import (
    attempts,
    broadcasts,
    calendar,
    cards,
    deliveries,
    holds,
    notices,
    pictures,
    posts,
)
from content_queue.store.engine import open_ledger

NOW = datetime(2026, 11, 21, 1, tzinfo=UTC)
#: Questions that ticks, cards and people ask however little there is to do.
ASKED: dict[str, Callable[[Connection], Any]] = {
    "what is due next": deliveries.next_ready,
    "what is due": lambda c: deliveries.ready(c, NOW),
    "what is to be staged": lambda c: deliveries.to_prepare(c, NOW),
    "what is unknown": lambda c: deliveries.unconfirmed(c, NOW),
    "what is to be measured": lambda c: deliveries.to_measure(c, NOW),
    "what is to be measured next": deliveries.next_measure,
    "what waits in order": deliveries.waiting_by_due,
    "what lies hidden": deliveries.unswept,
    "what a crash left": lambda c: attempts.stranded(c, ()),
    "which cards are over": lambda c: cards.stale_cards(c, now=NOW),
    "which posts want cards": lambda c: cards.posts_wanting_cards(c, now=NOW, until=NOW + timedelta(days=2)),
    "what is untold": notices.untold,
    "which holds are in force": holds.active_holds,
    "which post is meant": lambda c: posts.find_post(c, "a0001-2026"),
    "which earlier posts are open": lambda c: calendar.open_before(c, NOW, since=NOW - timedelta(days=31)),
    "whether a picture is approved": lambda c: pictures.is_approved(c, "a.png"),
    "which pictures are needed": lambda c: pictures.needed_pictures(c, NOW, ["zalo"]),
    "how many broadcasts there were": lambda c: broadcasts.count_broadcasts(c, "Zalo tỉnh", NOW),
    "what a channel showed last": lambda c: attempts._owned(c, "Trang tỉnh"),
}


@pytest.mark.parametrize("question", ASKED)
def test_a_question_of_every_day_reads_no_whole_table(tmp_path: Path, question: str) -> None:
    """Law: what is over costs nothing more."""
    engine = open_ledger(f"sqlite:///{tmp_path / 'loa.db'}")
    asked: list[tuple[str, Any]] = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cursor, words, given, *_: asked.append((words, given))
    )
    with engine.connect() as connection:
        ASKED[question](connection)
        driver: Any = connection.connection.driver_connection
        steps = [
            step[3]
            for words, given in asked
            if words.startswith("SELECT")
            for step in driver.execute(f"EXPLAIN QUERY PLAN {words}", given)
        ]
    engine.dispose()

    assert steps
    assert [step for step in steps if step.startswith("SCAN") and "USING INDEX" not in step] == []
