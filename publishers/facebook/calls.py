"""Around the calls to Graph: what a refusal means for a publish, a repeatable call, a post that is out."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

from content_queue.models import Channel
from content_queue.outcomes import NotSentError, Receipt, RefusedError, UnknownOutcomeError
from content_queue.texts import _
from publishers.facebook.errors import Means, envelope, error_from, meaning
from publishers.facebook.graph import GraphError, PageGraph


class GoneError(RefusedError):
    """The post is no longer on the Page."""


async def changing(channel: Channel, graph: PageGraph, change: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """Change a post that is out. It is gone only if the token that misses it still sees the Page.

    Raises:
        GoneError: it is.
        PublishError: whatever else the refusal means.
    """
    with repeatable(channel):
        try:
            return await change
        except GraphError as error:
            if meaning(envelope(error.body)) is not Means.MISSING:
                raise
        await graph.get_object(channel.remote_id, fields="id")
    raise GoneError(_("Bài không còn trên Trang nên không sửa được."))


def known(receipt: Receipt) -> str:
    """Return the post's id.

    Raises:
        RefusedError: a person said that it is there, and nobody knows its id.
    """
    if not receipt.remote_id:
        raise RefusedError(_("Loa không biết mã bài trên Trang. Hãy mở Trang và tự gỡ hoặc sửa bài."))
    return receipt.remote_id


@contextmanager
def translated(channel: Channel) -> Iterator[None]:
    """Say what a refusal means for a publish to this channel."""
    try:
        yield
    except GraphError as error:
        raise error_from(error.status, error.headers, error.body, page=channel.remote_id) from None


@contextmanager
def repeatable(channel: Channel) -> Iterator[None]:
    """Translate too, for calls that nobody sees: with no answer they may simply be made again."""
    try:
        with translated(channel):
            yield
    except UnknownOutcomeError as error:
        told = _("Facebook chưa trả lời được. Loa sẽ tự thử lại.")
        raise NotSentError(told) from error


@contextmanager
def forgiven(means: Means) -> Iterator[None]:
    """Take one kind of refusal for success."""
    try:
        yield
    except GraphError as error:
        if meaning(envelope(error.body)) is not means:
            raise
