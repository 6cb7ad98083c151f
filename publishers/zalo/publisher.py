"""The adapter of Zalo Official Accounts.

Memos: `{"id"}` is a hidden article; `{"token", "polls"}` was handed in and has no id yet; with both an
update of that article is under way; `{"id", "shown"}` is shown and only its link is still asked for.
"""

from collections.abc import Mapping, Sequence
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
from content_queue.ports import Limit, Media, Pacer, Secrets
from content_queue.texts import _
from publishers.http import Shards
from publishers.options import ZaloOptions
from publishers.unpaced import UNPACED
from publishers.zalo import verdicts
from publishers.zalo.account import Account
from publishers.zalo.article import render

#: Polls for an id: eight after three seconds each, then one in thirty, until the token's hour is over.
QUICK_POLLS, QUICK, SLOW = 8, timedelta(seconds=3), timedelta(seconds=30)
LAST_POLL = 125
SECOND = timedelta(seconds=1)


class ZaloPublisher:
    """Speak Zalo: articles of Official Accounts, each with a fixed token of its own."""

    def __init__(
        self,
        *,
        http: Shards,
        secrets: Secrets,
        media: Media,
        options: ZaloOptions,
        pacer: Pacer = UNPACED,
    ) -> None:
        """Take what calls need; `media` waits for pictures of our own, which Zalo cannot fetch yet."""
        self._http = http
        self._secrets = secrets
        self._media = media
        self._options = options
        self._pacer = pacer

    def render(self, channel: Channel, variant: Variant) -> Payload:
        """Put a variant into the form of an article; `text` is its title and paragraphs."""
        return render(channel, variant, self._options)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Name the windows of the OA and of the app."""
        return (
            Limit(_key(channel), self._options.per_oa_per_second, SECOND, every=True),
            # to hand in and to verify: the least that one article takes
            Limit("zalo:app", self._options.per_app_per_second, SECOND, calls=2, every=True),
        )

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        """Create the article hidden and wait for its id; nothing to do where articles are shown at once."""
        if self._options.publish_mode == "direct" or "id" in memo:
            return Staged(memo)
        account = self._account(channel)
        if "token" not in memo or memo["polls"] >= LAST_POLL:  # a token is good for an hour
            return pending({"token": await account.create({**payload.fields, "status": "hide"})})
        article_id = await account.verify(memo["token"])
        return Staged({"id": article_id}) if article_id else pending(memo)

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Show the hidden article (a full update), or create it shown where none was staged."""
        account = self._account(channel)
        memo = dict(staged.data)
        if "shown" in memo:
            return verdicts.receipt(channel, memo["id"], await _detail_if_told(account, memo["id"]))
        if "token" in memo:
            return await self._confirm(account, memo)
        article = {**payload.fields, **memo, "status": "show"}
        hand_in = account.update if "id" in memo else account.create
        return pending({**memo, "token": await hand_in(article)})

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Remove the hidden article.

        Raises:
            NotSentError: Zalo has not given its id yet, or could not be asked.
        """
        if not staged.data:
            return
        account = self._account(channel)
        article_id = await _article_id(account, staged.data)
        if article_id is None:
            raise NotSentError(_("Zalo chưa xử lý xong bài ẩn; hệ thống sẽ gỡ sau."), retry_after=SLOW)
        try:
            await account.remove(article_id)
        except ChannelClosedError:
            raise
        except RefusedError:
            return  # its only parameter is the id: there is no such article any more

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look for the article: by its id where one is held, else by title and time."""
        account = self._account(channel)
        try:
            article_id = await _article_id(account, attempt.staged)
            article = await _listed(account, article_id) if article_id else {}
        except ChannelClosedError:
            raise
        except RefusedError as error:
            return Unclear(str(error))
        if article_id:
            return verdicts.known(channel, article_id, article)
        return verdicts.by_title(channel, attempt, [row async for row in account.articles()])

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        """Read views and shares of one article."""
        return verdicts.readings(await self._account(channel).detail(receipt.remote_id))

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Remove the article. One that Zalo refuses to remove is gone if its list has no such article."""
        account, article_id = self._account(channel), _known_id(receipt)
        try:
            await account.remove(article_id)
        except ChannelClosedError:
            raise
        except RefusedError:
            if any([str(row.get("id")) == article_id async for row in account.articles()]):
                raise
        return Retraction(removed=True)

    def uneditable(self, old: Payload, new: Payload) -> str:  # noqa: ARG002 - an update is a whole article
        """Let everything be edited."""
        return ""

    async def correct(
        self, channel: Channel, receipt: Receipt, payload: Payload, *, memo: Mapping[str, Any]
    ) -> Receipt | Pending:
        """Hand in the whole article in place of the old one, and ask until Zalo has taken it over."""
        account, article_id = self._account(channel), _known_id(receipt)
        if "token" not in memo or memo["polls"] >= LAST_POLL:
            article = {**payload.fields, "id": article_id, "status": "show"}
            return pending({"token": await account.update(article)})
        return receipt if await account.verify(memo["token"]) else pending(memo)

    async def check(self, channel: Channel) -> ChannelHealth:
        """Look whether the token opens the OA that the channel names."""
        try:
            about = await self._account(channel).about()
        except ChannelClosedError as error:
            return ChannelHealth(ok=False, problems=(str(error),))
        return verdicts.health(channel, about, default_cover=self._options.default_cover)

    def _account(self, channel: Channel) -> Account:
        try:
            token = self._secrets.get(channel.token)
        except KeyError:
            token = ""
        if not (token and token.isascii() and token.isprintable()):  # it must fit into a header
            told = _("Kênh {channel} chưa có mã truy cập Zalo dùng được. Hãy đặt lại bí mật tên “{name}”.")
            raise ChannelClosedError(told.format(channel=channel.name, name=channel.token))
        turn = partial(self._pacer.turn, self.limits(channel))
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


def pending(memo: Mapping[str, Any], *, at_least: timedelta | None = None) -> Pending:
    """Ask again: soon at first, then twice a minute; the memo counts."""
    polls = memo.get("polls", -1) + 1
    wait = QUICK if polls < QUICK_POLLS else SLOW
    return Pending({**memo, "polls": polls}, max(wait, at_least or wait))


def _known_id(receipt: Receipt) -> str:
    """Return the article's id.

    Raises:
        RefusedError: a person said that it is there, and nobody knows its id.
    """
    if not receipt.remote_id:
        raise RefusedError(_("Loa không biết mã bài trên OA. Hãy mở trang OA và tự gỡ hoặc sửa bài."))
    return receipt.remote_id


def _key(channel: Channel) -> str:
    return f"zalo:{channel.remote_id}"


async def _article_id(account: Account, memo: Mapping[str, Any]) -> str | None:
    """Return the id that a memo holds or that its token now gives."""
    if "id" in memo:
        return str(memo["id"])
    return await account.verify(memo["token"]) if "token" in memo else None


async def _listed(account: Account, article_id: str) -> Mapping[str, Any]:
    """Return an article; from the list, where the detail does not say whether it is shown."""
    article = await account.detail(article_id)
    if "status" in article:
        return article
    listed = [row async for row in account.articles() if str(row.get("id")) == article_id]
    return listed[0] if listed else article


async def _detail_if_told(account: Account, article_id: str) -> Mapping[str, Any]:
    """Return the article for its link; without an answer the link is built."""
    try:
        return await account.detail(article_id)
    except PublishError:
        return {}
