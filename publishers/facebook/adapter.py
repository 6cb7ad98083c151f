"""Publish to Facebook Pages: photos first and unseen, then one call that commits.

Source of the calls: Meta's Pages API guide and the references of feed, photo and insights, v26.0.
"""

from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from content_queue.models import Attempt, Channel, MediaRef, Payload, Variant
from content_queue.outcomes import (
    Absent,
    ChannelClosedError,
    ChannelHealth,
    Found,
    NotSentError,
    Pending,
    PublishError,
    Reading,
    Receipt,
    RefusedError,
    Retraction,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Limit, Media, Pacer, Secrets
from content_queue.texts import _
from publishers.facebook import hidden, reach, readback
from publishers.facebook.calls import GoneError, changing, forgiven, known, repeatable, translated
from publishers.facebook.errors import Means
from publishers.facebook.graph import GraphError, PageGraph
from publishers.facebook.render import PICTURES, render
from publishers.facebook.usage import Line, limits_of
from publishers.http import Shards
from publishers.options import FacebookOptions
from publishers.unpaced import UNPACED

#: Pages of `published_posts` that are read, and posts on each (Meta's maximum).
PAGES, PAGE_SIZE = 3, 100
#: The time that an unpublished post whose answer was lost is given to be listed.
LOST = timedelta(seconds=60)


class FacebookPublisher:
    """Speak Graph for one Page at a time."""

    def __init__(
        self,
        *,
        http: Shards,
        secrets: Secrets,
        media: Media,
        options: FacebookOptions,
        pacer: Pacer = UNPACED,
    ) -> None:
        """Take connections, secrets by name, stored pictures, the office's choices, who keeps the limits."""
        self._http = http
        self._secrets = secrets
        self._media = media
        self._options = options
        self._pacer = pacer

    def render(self, channel: Channel, variant: Variant) -> Payload:  # noqa: ARG002 - the same on every Page
        """Put text, link and hashtags into one message. Pure.

        Raises:
            RefusedError: no text, too long, too many photos, or one that Facebook does not take.
        """
        return render(variant, self._options)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Name the Page and the app: Facebook tells their budgets in the headers of its answers."""
        return limits_of(channel.remote_id)

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        """Upload the photos unseen, in order, all or none; make the post too where it is revealed later.

        `memo` may hold ids uploaded before, the id of the unpublished post, or that one was lost.
        """
        photos = await self._photos(channel, payload, memo)
        if not self._options.reveal or "post" in memo:
            return Staged({**memo, "photos": photos})
        if photos != list(memo.get("photos", ())):  # kept before anything hangs on them
            return Pending({"photos": photos}, timedelta())
        return await self._make_hidden(channel, payload, photos, looks="lost" in memo)

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt:
        """Reveal the post that lies there, or make it, with what was staged attached.

        Raises:
            NotSentError: not every photo lies at Facebook.
            UnknownOutcomeError: also for an answer without an id.
        """
        graph, photos = self._graph(channel), staged.data.get("photos", ())
        if "post" in staged.data:
            with translated(channel):
                return await hidden.reveal(graph, staged.data["post"])
        if len(photos) != len(payload.media):
            raise NotSentError(_("Ảnh của bài chưa tải đủ lên Facebook. Loa sẽ tải lại rồi đăng."))
        with translated(channel):
            return readback.receipt(await hidden.make(graph, channel.remote_id, payload, photos=photos))

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Delete the unpublished post and the photos that no post shows; what is gone is fine."""
        graph, post = self._graph(channel), staged.data.get("post")
        for node in ([post] if post else []) + list(staged.data.get("photos", ())):
            with repeatable(channel), forgiven(Means.MISSING):
                await graph.delete_object(node)

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look how an attempt stands: by its own unpublished post, else by the Page's list.

        Not to be on the list proves nothing. An office may take such a post for absent, once.
        """
        if "post" in attempt.staged:
            with repeatable(channel):
                return await hidden.state_of(self._graph(channel), attempt.staged["post"])
        found = readback.matching(await self._published(channel), attempt)
        if found is not None:
            return Found(found)
        if self._options.resend_when_unlisted and attempt.number == 1:
            return Absent(proven=False)
        told = _("Chưa thấy bài trong danh sách của Trang, nhưng danh sách có thể chậm. Hãy mở Trang xem.")
        return Unclear(told)

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        """Read viewers, views, clicks, reactions and shares, each by a request of its own."""
        graph, post, version = self._graph(channel), receipt.remote_id, self._options.version
        readings = []
        for metric, name in reach.INSIGHTS.items():
            answer = await _number(channel, graph.get_connections(post, "insights", metric=name))
            readings.append(reach.insight(metric, answer, version))
        answer = await _number(channel, graph.get_object(post, fields="shares"))
        return [*readings, reach.shares(answer, version)]

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Delete the post; one that is gone is gone."""
        graph = self._graph(channel)
        with suppress(GoneError):
            await changing(channel, graph, graph.delete_object(known(receipt)))
        return Retraction(removed=True)

    def uneditable(self, old: Payload, new: Payload) -> str:
        """Say that only the message can be edited: neither photos nor the link below it."""
        if (old.media, old.fields.get("link")) == (new.media, new.fields.get("link")):
            return ""
        return _("Facebook chỉ cho sửa chữ của bài đã đăng, không thay được ảnh hay đường dẫn đính kèm.")

    async def correct(
        self,
        channel: Channel,
        receipt: Receipt,
        payload: Payload,
        *,
        memo: Mapping[str, Any],  # noqa: ARG002 - an edit is made at once
    ) -> Receipt:
        """Edit the message of the post; Facebook lets only the app that made it."""
        graph, edit = self._graph(channel), {"message": payload.fields["message"]}
        path = f"{self._options.version}/{known(receipt)}"
        answer = await changing(channel, graph, graph.request(path, post_args=edit, method="POST"))
        if answer.get("success") is not True:
            raise NotSentError(_("Facebook chưa xác nhận đã sửa bài. Loa sẽ tự thử lại."))
        return receipt

    async def check(self, channel: Channel) -> ChannelHealth:
        """Read the Page's name with its token, and which API version really answers."""
        try:
            graph = self._graph(channel)
            with repeatable(channel):
                page = await graph.get_object(channel.remote_id, fields="id,name")
        except RefusedError as error:
            return ChannelHealth(ok=False, problems=(str(error),))
        problems = tuple(version_problems(graph.served, wanted=self._options.version))
        return ChannelHealth(ok=True, name=str(page.get("name", "")), problems=problems)

    async def _photos(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> list[str]:
        """Return the ids of all photos, uploading those that `memo` does not have."""
        photos: list[str] = list(memo.get("photos", ()))
        waiting = list(zip(payload.media, payload.fields.get("alt_texts", ()), strict=True))[len(photos) :]
        graph, fresh = self._graph(channel), list[str]()
        try:
            for ref, alt in waiting:
                fresh.append(await self._upload(channel, ref, alt, graph=graph))
        except PublishError:
            with suppress(PublishError):  # what stays there is unseen
                await self.discard(channel, Staged({"photos": fresh}))
            raise
        return photos + fresh

    async def _make_hidden(
        self, channel: Channel, payload: Payload, photos: list[str], *, looks: bool
    ) -> Staged | Pending:
        """Make the unpublished post; where one was made without an answer, look for that first."""
        graph, page = self._graph(channel), channel.remote_id
        if looks:
            with repeatable(channel):
                post = await hidden.lost(graph, page, payload, photos=photos)
            # its photos may hang on what was not found: begin anew
            return Staged({"photos": photos, "post": post}) if post else Pending({}, timedelta())
        try:
            with translated(channel):
                made = await hidden.make(graph, page, payload, photos=photos, published=False)
        except UnknownOutcomeError:
            return Pending({"photos": photos, "lost": True}, LOST)
        return Staged({"photos": photos, "post": made["id"]})

    async def _upload(self, channel: Channel, ref: MediaRef, alt: str, *, graph: PageGraph) -> str:
        """Bring one photo to Facebook, unseen, and return its id."""
        page = channel.remote_id
        more = {"published": False, "alt_text_custom": alt or None}
        with repeatable(channel):
            if ref.sha256:
                # a name of our own: the file's might tell about the house
                source = (f"{ref.sha256[:16]}.{PICTURES[ref.mime]}", self._media.read(ref), ref.mime)
                answer = await graph.put_photo(source, album_path=f"{page}/photos", **more)
            else:
                answer = await graph.put_object(page, "photos", url=ref.url, **more)
        if not answer.get("id"):
            raise NotSentError(_("Facebook nhận ảnh nhưng không trả mã ảnh. Loa sẽ tải lại."))
        return str(answer["id"])

    async def _published(self, channel: Channel) -> list[Mapping[str, Any]]:
        """Return the Page's latest posts; an empty page may still be followed by others."""
        graph, after = self._graph(channel), None
        posts: list[Mapping[str, Any]] = []
        for _turn in range(PAGES):
            with repeatable(channel):
                answer = await graph.get_connections(
                    channel.remote_id, "published_posts", fields=readback.FIELDS, limit=PAGE_SIZE, after=after
                )
            posts += answer.get("data", ())
            after = readback.next_cursor(answer)
            if after is None:
                break
        return posts

    def _graph(self, channel: Channel) -> PageGraph:
        """Return the channel's own way to Graph.

        Raises:
            ChannelClosedError: its secret is missing.
        """
        token = self._secret(channel.token)
        app_secret = self._secret(self._options.app_secret) if self._options.app_secret else ""
        line = Line(self._pacer, channel.remote_id)
        return PageGraph(token, http=self._http, options=self._options, line=line, app_secret=app_secret)

    def _secret(self, name: str) -> str:
        try:
            return self._secrets.get(name)
        except KeyError:
            told = _("Chưa có bí mật “{name}” của kênh Facebook. Hãy đặt nó vào thư mục bí mật rồi thử lại.")
            raise ChannelClosedError(told.format(name=name)) from None


async def _number(channel: Channel, asked: Awaitable[dict[str, Any]]) -> Mapping[str, Any]:
    """Return an answer to a question for one number; a refusal of this number alone is one too."""
    with repeatable(channel):
        try:
            return await asked
        except GraphError as error:
            if isinstance(error.body, dict) and reach.is_gated(error.body):
                return error.body
            raise


def version_problems(served: str, *, wanted: str) -> Iterator[str]:
    """Tell when another version answers: an expired one is replaced without a word."""
    if served and served != wanted:
        told = _(
            "Facebook trả lời bằng phiên bản {served} thay cho {wanted}. Hãy sửa mục version của [facebook]."
        )
        yield told.format(served=served, wanted=wanted)
