"""Publish to Facebook Pages: what is unseen first, then one call that commits.

Source of the calls: Meta's Pages API guide and the references of feed, photo, video and insights, v26.0.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import (
    Absent,
    ChannelClosedError,
    ChannelHealth,
    Found,
    Pending,
    Reading,
    Receipt,
    RefusedError,
    Retraction,
    Staged,
    Unclear,
)
from content_queue.ports import Limit, Media, Pacer, Secrets
from content_queue.texts import _
from publishers.facebook import changes, comments, films, numbers, posts
from publishers.facebook.graph import PageGraph
from publishers.facebook.page import Page
from publishers.facebook.render import render
from publishers.facebook.usage import Line, limits_of
from publishers.http import Shards
from publishers.memory import Memory, forgetful
from publishers.options import FacebookOptions
from publishers.unpaced import UNPACED


@dataclass(frozen=True, slots=True)
class Way:
    """How posts of one form go out."""

    stage: Callable[[Page, Payload, Mapping[str, Any]], Awaitable[Staged | Pending]]
    publish: Callable[[Page, Payload, Mapping[str, Any]], Awaitable[Receipt | Pending]]
    find: Callable[[Page, Attempt], Awaitable[Found | Absent | Unclear]]


#: Form of a payload -> its way; words, links and photos have no form.
WAYS: Mapping[str, Way] = {
    "": Way(posts.stage, posts.publish, posts.find),
    "video": Way(films.stage_video, films.publish_video, films.find),
    "reel": Way(films.stage_reel, films.publish_reel, films.find),
}


class FacebookPublisher:
    """Speak Graph for one Page at a time."""

    def __init__(
        self,
        *,
        http: Shards,
        secrets: Secrets,
        media: Media,
        options: FacebookOptions,
        **more: Any,
    ) -> None:
        """Take connections, secrets by name, stored files, the office's choices.

        `more` may hold the `pacer` that keeps the limits and the `memory` of what was learned.
        """
        self._http = http
        self._secrets = secrets
        self._media = media
        self._options = options
        self._pacer: Pacer = more.get("pacer", UNPACED)
        self._memory: Memory = more.get("memory") or forgetful()

    def render(self, channel: Channel, variant: Variant) -> Payload:  # noqa: ARG002 - the same on every Page
        """Put text, link and hashtags into one message. Pure.

        Raises:
            RefusedError: no text, too long, or media that Facebook does not take.
        """
        return render(variant, self._options)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Name the Page and the app: Facebook tells their budgets in the headers of its answers."""
        return limits_of(channel.remote_id)

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        """Bring photos and films to Facebook, unseen; `memo` holds how far that came."""
        return await _way(payload).stage(self._page(channel), payload, memo)

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Make or reveal the post, then its first comment; a film is looked at until it can be played."""
        page = self._page(channel)
        if comments.MADE in staged.data:
            return await comments.follow(page, payload, staged.data)
        outcome = await _way(payload).publish(page, payload, staged.data)
        if isinstance(outcome, Receipt) and "comment" in payload.fields:
            return Pending(comments.due(outcome, staged.data), timedelta())
        return outcome

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Delete the unpublished post, the film, and the photos that no post shows; what is gone is fine."""
        single = [staged.data[name] for name in ("post", "video") if name in staged.data]
        await posts.delete(self._page(channel), [*single, *staged.data.get("photos", ())])

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look how an attempt stands: its post is known, or its film, else the Page's list is read."""
        if comments.MADE in attempt.staged:
            return Found(comments.without(attempt.staged))
        return await _way(attempt.payload).find(self._page(channel), attempt)

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        """Read viewers, views, clicks, reactions, comments and shares, all in one request."""
        return await numbers.of_post(self._page(channel), receipt.remote_id)

    async def figures(self, channel: Channel) -> Sequence[Reading]:
        """Read the Page's own numbers: followers now, and the last day that has ended."""
        return await numbers.of_page(self._page(channel))

    def uneditable(self, old: Payload, new: Payload) -> str:
        """Say why what was published cannot become `new` in place; empty where it can. Pure."""
        return changes.uneditable(old, new)

    async def correct(
        self, channel: Channel, receipt: Receipt, payload: Payload, *, memo: Mapping[str, Any]
    ) -> Receipt | Pending:
        """Write other words over a post."""
        del memo  # one call does it
        return await changes.correct(self._page(channel), receipt, payload)

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Delete a post with its photos and films; to delete what is gone is fine."""
        return await changes.retract(self._page(channel), receipt)

    async def check(self, channel: Channel) -> ChannelHealth:
        """Read the Page's name with its token, and which API version really answers."""
        try:
            page = self._page(channel)
            with page.repeatable():
                told = await page.graph.get_object(page.id, fields="id,name")
        except RefusedError as error:
            return ChannelHealth(ok=False, problems=(str(error),))
        problems = tuple(version_problems(page.graph.served, wanted=self._options.version))
        return ChannelHealth(ok=True, name=str(told.get("name", "")), problems=problems)

    def _page(self, channel: Channel) -> Page:
        """Return the channel's Page, with its own way to Graph.

        Raises:
            ChannelClosedError: its secret is missing.
        """
        token = self._secret(channel.token)
        app_secret = self._secret(self._options.app_secret) if self._options.app_secret else ""
        line = Line(self._pacer, channel.remote_id)
        graph = PageGraph(token, http=self._http, options=self._options, line=line, app_secret=app_secret)
        return Page(channel, graph, self._media, self._options, self._memory)

    def _secret(self, name: str) -> str:
        try:
            return self._secrets.get(name)
        except KeyError:
            told = _("Chưa có bí mật “{name}” của kênh Facebook. Hãy đặt nó vào thư mục bí mật rồi thử lại.")
            raise ChannelClosedError(told.format(name=name)) from None


def _way(payload: Payload) -> Way:
    return WAYS[payload.fields.get("form", "")]


def version_problems(served: str, *, wanted: str) -> Iterator[str]:
    """Tell when another version answers: an expired one is replaced without a word."""
    if served and served != wanted:
        told = _(
            "Facebook trả lời bằng phiên bản {served} thay cho {wanted}. Hãy sửa mục version của [facebook]."
        )
        yield told.format(served=served, wanted=wanted)
