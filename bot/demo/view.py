"""The live view of the demonstration: one line when something changed."""

from collections import Counter
from collections.abc import Sequence

import click

from content_queue.ports import Clock
from content_queue.states import DeliveryState, PostState
from content_queue.store.posts import Queued
from content_queue.store.reach import Snapshot
from content_queue.texts import _
from content_queue.words import delivery_state_name, platform_name, post_state_name
from schedules.clock import OFFICE_ZONE


class View:
    """Remembers what was said, so that each thing is said once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._posts: dict[str, PostState] = {}
        self._counts: Counter[DeliveryState] = Counter()
        self._spoken: set[tuple[str, str, str]] = set()
        self._read = 0

    def show(self, queued: Sequence[Queued], read: Sequence[Snapshot]) -> None:
        """Say what is new."""
        self._say_posts(queued)
        self._say_published(queued)
        self._say_counts(queued)
        self._say_reach(read)

    def _line(self, text: str) -> None:
        click.echo(f"{self._clock.now().astimezone(OFFICE_ZONE):%H:%M:%S}  {text}")

    def _say_posts(self, queued: Sequence[Queued]) -> None:
        for post in {each.post.id: each.post for each in queued}.values():
            if self._posts.get(post.id) != post.state:
                self._posts[post.id] = post.state
                due = f"{post.due.astimezone(OFFICE_ZONE):%H:%M:%S}"
                said = _("Bài {post} ({state}), hẹn {due}: {summary}")
                self._line(
                    said.format(
                        post=post.id, state=post_state_name(post.state), due=due, summary=post.summary
                    )
                )

    def _say_published(self, queued: Sequence[Queued]) -> None:
        """Show one text of each post, platform and language as it went out."""
        for each in queued:
            delivery = each.delivery
            key = (delivery.post, delivery.platform, delivery.locale)
            if delivery.state == DeliveryState.PUBLISHED and key not in self._spoken:
                self._spoken.add(key)
                first = " ".join(each.text.split())[:70]
                platform = platform_name(delivery.platform)
                self._line(f"  ✓ {platform} · {delivery.locale} · {delivery.lateness_ms} ms · {first}")

    def _say_counts(self, queued: Sequence[Queued]) -> None:
        counts = Counter(each.delivery.state for each in queued)
        if counts != self._counts:
            self._counts = counts
            parts = [
                f"{delivery_state_name(state)} {counts[state]}" for state in DeliveryState if counts[state]
            ]
            self._line(" · ".join(parts))

    def _say_reach(self, read: Sequence[Snapshot]) -> None:
        if len(read) > self._read:
            self._read = len(read)
            views = Counter[str]()
            for snapshot in read:
                if snapshot.value is not None:
                    views[snapshot.metric] = max(views[snapshot.metric], snapshot.value)
            best = ", ".join(f"{metric} {value}" for metric, value in views.most_common(4))
            self._line(
                _("Số liệu tiếp cận: {count} lượt đọc; cao nhất: {best}").format(count=len(read), best=best)
            )
