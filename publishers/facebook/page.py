"""One Page as a call works with it, and what its refusals mean there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from content_queue.models import Channel
from content_queue.outcomes import NotSentError, UnknownOutcomeError
from content_queue.ports import Media
from content_queue.texts import _
from publishers.facebook.errors import Means, envelope, error_from, meaning
from publishers.facebook.graph import GraphError, PageGraph
from publishers.memory import Memory
from publishers.options import FacebookOptions

#: Blocks of posting that follow each other within this time count together.
AGAIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Page:
    """A Page, the way to it, the stored files, and what the office chose. Made anew for each call."""

    channel: Channel
    graph: PageGraph
    media: Media
    options: FacebookOptions
    memory: Memory

    @property
    def id(self) -> str:
        """Return the Page's number."""
        return self.channel.remote_id

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Say what a refusal means for a publish."""
        try:
            yield
        except GraphError as error:
            blocks = self._blocks(error)
            answer = (error.status, error.headers, error.body)
            raise error_from(*answer, page=self.id, blocks=blocks) from None

    @contextmanager
    def repeatable(self) -> Iterator[None]:
        """Say it for calls that may simply be made again when no answer came."""
        try:
            with self.committing():
                yield
        except UnknownOutcomeError as error:
            raise NotSentError(_("Facebook chưa trả lời được. Loa sẽ tự thử lại.")) from error

    def _blocks(self, error: GraphError) -> int:
        """Return how often posting was limited before this time; it is counted too."""
        if meaning(envelope(error.body)) is not Means.BLOCKED:
            return 0
        key = ("blocked", self.id)
        blocks: int = self.memory.recall(key) or 0
        self.memory.keep(key, blocks + 1, AGAIN)
        return blocks


@contextmanager
def forgiven(means: Means) -> Iterator[None]:
    """Take one kind of refusal for success."""
    try:
        yield
    except GraphError as error:
        if meaning(envelope(error.body)) is not means:
            raise
