"""Claims: taken for sending, but nothing has left yet; harmless, and whoever knows better takes them back."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from content_queue.states import DeliveryState
from content_queue.store.tables import attempts, deliveries


def one_of(*states: DeliveryState) -> ColumnElement[bool]:
    """Ask for states in literals: only then does SQLite know that a partial index covers the question."""
    words = [str(state) for state in states]
    return deliveries.c.state.in_(
        bindparam("states", words, expanding=True, literal_execute=True, unique=True)
    )


#: What the index of open deliveries covers: a request may be under way, or nobody knows how it ended.
IS_OPEN = one_of(DeliveryState.PUBLISHING, DeliveryState.UNCONFIRMED)
#: The delivery has an attempt that has not ended: a request may be under way.
BEGUN = (
    select(attempts.c.delivery)
    .where(attempts.c.delivery == deliveries.c.id, attempts.c.ended_at.is_(None))
    .exists()
)
#: The delivery is claimed, and nothing has left.
CLAIMED = (deliveries.c.state == DeliveryState.PUBLISHING) & ~BEGUN


def claims_of(connection: Connection, posts: Sequence[str]) -> frozenset[int]:
    """Return the deliveries of posts that are only claimed."""
    rows = connection.execute(select(deliveries.c.id).where(CLAIMED, deliveries.c.post.in_(posts)))
    return frozenset(row.id for row in rows)


def take_back(connection: Connection, post: str) -> None:
    """Let a post's claims wait again: whoever holds one finds that it may not leave."""
    connection.execute(
        update(deliveries).where(CLAIMED, deliveries.c.post == post).values(state=DeliveryState.SCHEDULED)
    )
