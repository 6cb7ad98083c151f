"""The adapter of Zalo Official Accounts.

Memos: `{"id"}` is a hidden article; `{"token", "polls"}` was handed in and has no id yet; with both an
update of that article is under way; `{"id", "shown"}` is shown and only its link, or its push to the
followers, is still to come. `films` and `film` stand beside them, see there.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from content_queue.models import Attempt, Channel, Payload, Variant
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
from content_queue.ports import Limit, Media, Secrets
from content_queue.texts import _
from publishers.http import Shards
from publishers.options import ZaloOptions
from publishers.zalo import films, push, verdicts
from publishers.zalo.account import Account
from publishers.zalo.around import ZaloAround
from publishers.zalo.article import render, request
from publishers.zalo.waits import LAST_POLL, LONGEST, pending

SECOND = timedelta(seconds=1)


class ZaloPublisher:
    """Speak Zalo: articles of Official Accounts, each with a fixed token of its own."""

    def __init__(
        self, *, http: Shards, secrets: Secrets, media: Media, options: ZaloOptions, around: ZaloAround
    ) -> None:
        """Take what calls need, and what the house around says."""
        self._http = http
        self._secrets = secrets
        self._media = media
        self._options = options
        self._around = around

    def render(self, channel: Channel, variant: Variant) -> Payload:
        """Put a variant into the form of an article; `text` is its title and paragraphs."""
        return render(channel, variant, self._options, self._around.pictures)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Name the windows of the OA and of the app."""
        return (
            Limit(_key(channel), self._options.per_oa_per_second, SECOND, every=True),
            # to hand in and to verify: the least that one article takes
            Limit("zalo:app", self._options.per_app_per_second, SECOND, calls=2, every=True),
        )

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        """Bring the videos, create the article hidden and wait for its id.

        Where articles are shown at once, the videos are all there is to do.
        """
        if "id" in memo:
            return Staged(memo)
        if push.is_broadcast(payload) and not memo:
            await push.heed_quota(channel, self._around, self._options)
        account = self._account(channel)
        brought = await films.bring(account, self._media, payload, memo)
        if brought is not None:
            return brought
        if self._options.publish_mode == "direct":
            return Staged(memo)
        return await self._hide(account, payload, memo)

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Show the hidden article (a full update), or create it shown where none was staged; then push it."""
        account = self._account(channel)
        memo = dict(staged.data)
        if "shown" in memo:
            shown = verdicts.receipt(channel, payload, memo["id"], await _detail_if_told(account, memo["id"]))
            return await push.push(account, payload, memo, shown) if push.is_broadcast(payload) else shown
        if "token" in memo:
            return await self._confirm(account, memo)
        if push.is_broadcast(payload):
            push.heed_hours(self._around.now())
            await push.heed_quota(channel, self._around, self._options)
        article = request(payload, memo.get("films", {}), **_id_of(memo), status="show")
        hand_in = account.update if "id" in memo else account.create
        return pending({**memo, "token": await hand_in(article)})

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Remove the hidden article; videos that were brought are seen by nobody.

        Raises:
            NotSentError: Zalo has not given its id yet, or could not be asked.
        """
        if not staged.data.keys() & {"id", "token"}:
            return
        account = self._account(channel)
        article_id = await _article_id(account, staged.data)
        if article_id is None:
            raise NotSentError(_("Zalo chưa xử lý xong bài ẩn; hệ thống sẽ gỡ sau."), retry_after=LONGEST)
        await _remove(account, article_id)

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look for the article: by its id where one is held, else by title and time.

        A push to followers cannot be looked for: a person says whether it arrived.
        """
        if "shown" in attempt.staged and push.is_broadcast(attempt.payload):
            return push.unclear()
        found = await self._find_article(channel, attempt)
        return push.not_begun() if isinstance(found, Found) and push.is_broadcast(attempt.payload) else found

    async def _find_article(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        account = self._account(channel)
        try:
            article_id = await _article_id(account, attempt.staged)
            article = await _listed(account, attempt.payload, article_id) if article_id else {}
        except ChannelClosedError:
            raise
        except RefusedError as error:
            return Unclear(str(error))
        if article_id:
            return verdicts.known(channel, attempt.payload, article_id, article)
        return await _by_title(account, channel, attempt)

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        """Read views and shares of one article."""
        return verdicts.readings(await self._account(channel).detail(_known_id(receipt)))

    async def figures(self, channel: Channel) -> Sequence[Reading]:
        """Read the followers of the OA."""
        return [verdicts.followers(await self._account(channel).about())]

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Remove the article; a push that went out stays with the followers, and opens nothing any more."""
        await _remove(self._account(channel), _known_id(receipt))
        told = push.what_stays(receipt)
        return Retraction(removed=not told, told=told)

    def uneditable(self, old: Payload, new: Payload) -> str:
        """Let everything be edited but the kind of the article."""
        if old.fields.get("type") == new.fields.get("type"):
            return ""
        return _("Zalo không đổi được bài viết thành bài video hay ngược lại. Hãy gỡ bài rồi đăng bài mới.")

    async def correct(
        self, channel: Channel, receipt: Receipt, payload: Payload, *, memo: Mapping[str, Any]
    ) -> Receipt | Pending:
        """Hand in the whole article in place of the old one, and ask until Zalo has taken it over."""
        account, article_id = self._account(channel), _known_id(receipt)
        brought = await films.bring(account, self._media, payload, memo)
        if brought is not None:
            return brought
        if "token" not in memo or memo["polls"] >= LAST_POLL:
            article = request(payload, memo.get("films", {}), id=article_id, status="show")
            kept = {name: value for name, value in memo.items() if name == "films"}
            return pending({**kept, "token": await account.update(article)})
        return receipt if await account.verify(memo["token"]) else pending(memo)

    async def check(self, channel: Channel) -> ChannelHealth:
        """Look whether the token opens the OA that the channel names."""
        try:
            about = await self._account(channel).about()
        except ChannelClosedError as error:
            return ChannelHealth(ok=False, problems=(str(error),))
        return verdicts.health(channel, about, remarks=self._remarks())

    def _remarks(self) -> Iterator[str]:
        """Say what an office should know of its settings."""
        if not self._around.pictures:
            yield _("Chưa đặt media.public_url: ảnh trên máy không lên được Zalo, chỉ ảnh có địa chỉ https.")
        if not (self._around.pictures or self._options.default_cover):
            yield _("Chưa đặt zalo.default_cover: bài không có ảnh https sẽ bị từ chối.")

    async def _hide(self, account: Account, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        """Create the article hidden, and ask for its id."""
        kept = {name: value for name, value in memo.items() if name == "films"}
        if "token" not in memo or memo["polls"] >= LAST_POLL:  # a token is good for an hour
            article = request(payload, memo.get("films", {}), status="hide")
            return pending({**kept, "token": await account.create(article)})
        article_id = await account.verify(memo["token"])
        return Staged({**kept, "id": article_id}) if article_id else pending(memo)

    def _account(self, channel: Channel) -> Account:
        try:
            token = self._secrets.get(channel.token)
        except KeyError:
            token = ""
        if not (token and token.isascii() and token.isprintable()):  # it must fit into a header
            told = _("Kênh {channel} chưa có mã truy cập Zalo dùng được. Hãy đặt lại bí mật tên “{name}”.")
            raise ChannelClosedError(told.format(channel=channel.name, name=channel.token))
        turn = partial(self._around.pacer.turn, self.limits(channel))
        return Account(self._http, self._options.api_url, token, _key(channel), turn)

    @staticmethod
    async def _confirm(account: Account, memo: dict[str, Any]) -> Pending:
        """Ask whether what was handed in is shown. It may be, whatever goes wrong here but a refusal."""
        article_id, wait = None, None
        try:
            article_id = await account.verify(memo["token"])
        except NotSentError as error:
            wait = error.retry_after
        except ChannelClosedError as error:
            raise UnknownOutcomeError(str(error)) from error
        if article_id:
            return Pending({"id": article_id, "shown": True}, timedelta())
        if memo["polls"] >= LAST_POLL:
            raise UnknownOutcomeError(_("Sau một giờ Zalo vẫn chưa xử lý xong bài. Hãy xem trang OA."))
        return pending(memo, at_least=wait)


def _key(channel: Channel) -> str:
    return f"zalo:{channel.remote_id}"


def _id_of(memo: Mapping[str, Any]) -> dict[str, str]:
    return {"id": memo["id"]} if "id" in memo else {}


def _known_id(receipt: Receipt) -> str:
    """Return the article's id.

    Raises:
        RefusedError: a person said that it is there, and nobody knows its id.
    """
    if not receipt.remote_id:
        raise RefusedError(_("Loa không biết mã bài trên OA. Hãy mở trang OA và tự gỡ hoặc sửa bài."))
    return receipt.remote_id.partition(push.MARK)[0]


async def _remove(account: Account, article_id: str) -> None:
    """Remove an article. One that Zalo refuses to remove is gone if it cannot be read either."""
    try:
        await account.remove(article_id)
    except ChannelClosedError:
        raise
    except RefusedError as refusal:
        try:
            await account.detail(article_id)
        except ChannelClosedError:
            raise
        except RefusedError:
            return
        raise refusal from None


async def _article_id(account: Account, memo: Mapping[str, Any]) -> str | None:
    """Return the id that a memo holds or that its token now gives."""
    if "id" in memo:
        return str(memo["id"])
    return await account.verify(memo["token"]) if "token" in memo else None


async def _listed(account: Account, payload: Payload, article_id: str) -> Mapping[str, Any]:
    """Return an article; from the list, where the detail does not say whether it is shown."""
    article = await account.detail(article_id)
    if "status" in article:
        return article
    async for row in account.articles(payload.fields["type"]):
        if str(row.get("id")) == article_id:
            return row
    return article


async def _by_title(account: Account, channel: Channel, attempt: Attempt) -> Found | Unclear:
    """Look through the list, no further than to the one that is ours."""
    async for row in account.articles(attempt.payload.fields["type"]):
        if verdicts.is_ours(attempt, row):
            return Found(verdicts.receipt(channel, attempt.payload, str(row.get("id")), row))
    return verdicts.not_seen(attempt)


async def _detail_if_told(account: Account, article_id: str) -> Mapping[str, Any]:
    """Return the article for its link; without an answer the link is built."""
    try:
        return await account.detail(article_id)
    except PublishError:
        return {}
