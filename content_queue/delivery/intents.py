"""Intents: written down before the first byte leaves, several in one commit, few ahead of their calls."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from content_queue.delivery.claim import settle
from content_queue.delivery.works import Works
from content_queue.store import Connection, LedgerError, attempts, deliveries
from content_queue.store.deliveries import Standing

Batch = Sequence[tuple[Standing, "asyncio.Future[Standing | None]"]]


class Intents:
    """Commits intents in batches, in the order in which they are asked for.

    A crash leaves at most two batches whose calls have not begun, the calls in the lanes, and the
    receipts that were not yet committed: these few are then asked about, everything else is certain.
    """

    def __init__(self, works: Works) -> None:
        self._works = works
        self._room = asyncio.Semaphore(2 * works.rules.batch)
        self._asked: list[tuple[Standing, asyncio.Future[Standing | None]]] = []
        self._committing: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def busy(self) -> bool:
        """Tell whether a batch is being committed."""
        return self._committing is not None and not self._committing.done()

    def close(self) -> None:
        """Let nothing more leave: whoever asks, or has asked and is in no batch yet, gets no intent."""
        self._closed = True
        for _standing, future in self._asked:
            future.set_result(None)
        self._asked.clear()

    async def intend(self, standing: Standing) -> Standing | None:
        """Return the delivery as it stands once its intent is durable; None if it may no longer leave."""
        if self._closed:
            return None
        future: asyncio.Future[Standing | None] = asyncio.get_running_loop().create_future()
        self._asked.append((standing, future))
        if not self.busy:
            self._committing = asyncio.create_task(self._commit_all())
        return await future

    def has_begun(self) -> None:
        """Make room: the call of one intent has begun."""
        self._room.release()

    async def _commit_all(self) -> None:
        while self._asked:
            batch = self._asked[: self._works.rules.batch]
            del self._asked[: len(batch)]
            for _each in batch:
                await self._room.acquire()
            now = self._works.clock.now()
            try:
                going = await self._commit(batch, now)
            except LedgerError:
                await self._take_back(batch, now)
                going = {}
            except Exception as error:  # noqa: BLE001 - each of the batch must learn that it has no intent
                for _standing, future in batch:
                    self._room.release()
                    future.set_exception(error)
                continue
            self._tell(batch, going)

    async def _commit(self, batch: Batch, now: datetime) -> dict[int, Standing]:
        """Return what may leave: its intent is durable."""

        def change(connection: Connection) -> list[Standing]:
            """Look once more, since a hold or an edit may have come after the claim; then intend."""
            claimed = {s.delivery.id: s.delivery.variant for s, _future in batch}
            found = deliveries.standing_of(connection, list(claimed))
            same = [s for s in found if _as_claimed(s, claimed)]
            going = settle(connection, same, now)
            attempts.intend(connection, going, now)
            return going

        return {s.delivery.id: s for s in await self._works.ledger.run(change)}

    async def _take_back(self, batch: Batch, begun: datetime) -> None:
        """Nothing left, but the commit that failed may be durable all the same."""
        works, ids = self._works, [standing.delivery.id for standing, _future in batch]
        ready_at = works.clock.now() + works.rules.retry_waits[0]
        await works.keep(partial(attempts.unsend, ids=ids, begun=begun, ready_at=ready_at))

    def _tell(self, batch: Batch, going: dict[int, Standing]) -> None:
        for standing, future in batch:
            found = going.pop(standing.delivery.id, None)  # of two claims of one delivery, one goes
            if found is None:
                self._room.release()
            future.set_result(found)


def _as_claimed(standing: Standing, claimed: Mapping[int, str | None]) -> bool:
    """Tell whether it is still what was claimed and staged; else a later claim of it takes care."""
    delivery = standing.delivery
    return delivery.variant == claimed[delivery.id] and delivery.staged is not None
