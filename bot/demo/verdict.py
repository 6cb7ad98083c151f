"""What the demonstration came to: all that should go out did, once and in time, and nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content_queue.states import DeliveryState, PostState
from content_queue.store.posts import Queued
from content_queue.store.reach import Snapshot

#: A delivery later than this against its planned second is late, in milliseconds.
LATE = 2000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts of the demonstration; it is good when nothing is wanting, twice, late or uninvited."""

    published: int
    wanting: int
    twice: int
    uninvited: int
    late: int
    latest_ms: int
    readings: int

    def good(self) -> bool:
        """Tell whether everything happened as it should."""
        wrong = self.wanting or self.twice or self.uninvited or self.late
        return not wrong and self.published > 0 and self.readings > 0


def judge(
    queued: Sequence[Queued],
    shown: Sequence[Mapping[str, Any]],
    read: Sequence[Snapshot],
    *,
    accounts: Mapping[str, str],
) -> Verdict:
    """Compare the ledger with what the stand-in platforms show; the office's own site is in the ledger alone.

    `accounts` is channel name -> the platform's id of it.
    """
    wanted = [each for each in queued if each.post.state == PostState.APPROVED]
    published = [each for each in wanted if each.delivery.state == DeliveryState.PUBLISHED]
    late = [each.delivery.lateness_ms or 0 for each in published]
    expected = Counter(
        (each.delivery.platform, accounts[each.delivery.channel], each.delivery.remote_id)
        for each in published
        if each.delivery.platform != "site"
    )
    there = Counter(
        (each["platform"], each["channel"], each["remote_id"]) for each in shown if each["visible"]
    )
    return Verdict(
        published=len(published),
        wanting=len(wanted) - len(published) + (expected - there).total(),
        twice=sum(count - 1 for count in there.values()),
        uninvited=len(set(there) - set(expected)),
        late=sum(ms > LATE for ms in late),
        latest_ms=max(late, default=0),
        readings=sum(snapshot.value is not None for snapshot in read),
    )
