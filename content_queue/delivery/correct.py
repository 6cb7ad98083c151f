"""How a delivery goes out: by a publish, or, where it corrects another, by an edit of what is out.

An edit is safe to repeat, so an answer that nobody can trust is no unknown outcome. What a platform refuses
to edit follows as a post of its own, with the same approved text, which says that it is a correction.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from content_queue.delivery.works import Works
from content_queue.models import Channel, Payload
from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    Pending,
    Receipt,
    RefusedError,
    Staged,
    UnknownOutcomeError,
)
from content_queue.store import corrections
from content_queue.store.deliveries import Standing
from content_queue.texts import _

Commit: TypeAlias = Callable[[Staged], Awaitable[Receipt | Pending]]


class NotEditedError(NotSentError):
    """The platform will not edit this post: what was approved follows as a post of its own."""


def way_out(works: Works, channel: Channel, standing: Standing, payload: Payload) -> Commit:
    """Return the committing call of a delivery; after `Pending` it is called again with that memo."""
    delivery, publisher = standing.delivery, works.publisher(channel)
    if not delivery.in_place:
        return partial(publisher.publish, channel, payload)

    async def edit(held: Staged) -> Receipt | Pending:
        receipt = await works.ledger.read(partial(corrections.corrected_receipt, delivery=delivery))
        try:
            return await publisher.correct(channel, receipt, payload, memo=held.data)
        except UnknownOutcomeError as error:
            raise NotSentError(str(error)) from error
        except ChannelClosedError:
            raise
        except RefusedError as error:
            await works.keep(partial(corrections.let_follow, delivery=delivery.id))
            told = _("Không sửa được bài tại chỗ ({why}); sẽ đăng bài đính chính riêng.")
            raise NotEditedError(told.format(why=error)) from error

    return edit
