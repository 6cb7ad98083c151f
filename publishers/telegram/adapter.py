"""Telegram channels over the Bot API, through python-telegram-bot.

Platform facts, from core.telegram.org/bots/api and tdlib/telegram-bot-api:
- a send has no key against repeating, and a bot cannot read a channel's history;
- a film in a large channel may be taken without a number: it appears when it has been made ready;
- about 30 messages a second per bot and one a second per chat;
- bots are told subscribers and reactions, never views.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Bot, Message
from telegram.error import BadRequest

from content_queue.localize.notices import removal_notice
from content_queue.models import Attempt, Channel, MediaRef, Payload, Variant
from content_queue.outcomes import (
    Absent,
    ChannelHealth,
    Found,
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
from publishers.around import NOTHING_AROUND, Around
from publishers.http import Shards
from publishers.options import TelegramOptions
from publishers.telegram.amend import change_words, withdraw
from publishers.telegram.bots import Bots, key_of
from publishers.telegram.health import look_at
from publishers.telegram.linked import forwarded
from publishers.telegram.probe import probe
from publishers.telegram.render import METHODS, kind_in, render
from publishers.telegram.request import ShardedRequest
from publishers.telegram.send import Source, file_ids, is_waiting, receipt_of, send
from publishers.telegram.uploads import Key, Uploads

log = logging.getLogger(__name__)
#: The windows of Telegram's limits.
SECOND = timedelta(seconds=1)
#: A file of so many bytes is brought before its time, where there is a chat for it.
LARGE = 2**20
#: How often and how long one looks for a film that was taken without a number.
LOOKS, LOOK_AGAIN = 20, timedelta(seconds=30)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: Where numbers come from.
SOURCE = "bot_api"


class TelegramPublisher:
    """Speak to Telegram channels."""

    def __init__(
        self,
        *,
        http: Shards,
        secrets: Secrets,
        media: Media,
        options: TelegramOptions,
        around: Around = NOTHING_AROUND,
    ) -> None:
        """Take clients, secrets by name, stored files, the office's options, and what the house offers."""
        self._bots = Bots(ShardedRequest(http), secrets, options.api_url)
        self._media = media
        self._options = options
        self._around = around
        self._uploads = Uploads()

    def render(self, channel: Channel, variant: Variant) -> Payload:  # noqa: ARG002 - the same for every channel
        """Put a variant into the form of a message, a photo, film, file or album. Pure.

        Raises:
            RefusedError: no text, too long, or files that Telegram does not take.
        """
        looks = self._options.link_preview
        return render(variant, preview="" if looks == "auto" else looks)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Name the windows of the chat and of the bot. Pure."""
        return self._windows(channel, channel.remote_id)

    def _windows(self, channel: Channel, chat: str) -> tuple[Limit, Limit]:
        """Return the windows that a message of the channel's bot into a chat counts in."""
        return (
            Limit(f"telegram:chat:{chat}", self._options.per_chat_per_second, SECOND),
            Limit(key_of(channel), self._options.per_bot_per_second, SECOND),
        )

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged:  # noqa: ARG002
        """Bring large files, where the office has a chat for it; else they travel with the send."""
        if not self._options.probe_chat:
            return Staged()
        files = {}
        for ref in payload.media:
            if not ref.url and ref.size >= LARGE:
                files[ref.sha256] = await self._bring(channel, payload, ref)
        return Staged({"files": {name: file for name, file in files.items() if file}} if files else {})

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Send the message, photo, film, file or album; or look for what was taken without a number."""
        if "accepted" in staged.data:
            return await self._seek(channel, payload, staged.data)
        files = staged.data.get("files", {})
        sending = partial(self._send, channel=channel, payload=payload, files=files)
        return await self._bots.in_chat(channel, sending)

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Remove nothing: what was brought early was deleted at once."""

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look in the channel's discussion group, then through the office's own chat; else ask people."""
        seen = await self._bots.in_chat(channel, partial(_copied, attempt=attempt))
        if seen is not None:
            return Found(seen)
        into = self._options.probe_chat
        if not into:
            told = _("Telegram không cho bot đọc lại kênh. Hãy mở kênh xem bài đã lên hay chưa.")
            return Unclear(told)
        async with self._bots.speaking(channel) as bot:
            turn = partial(self._around.pacer.turn, self._windows(channel, into))
            return await probe(bot, channel, attempt, into=into, turn=turn)

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:  # noqa: ARG002
        """Say that bots are told no views; reactions and comments come by themselves."""
        return [Reading("views", None, SOURCE, _("Bot API không cho biết lượt xem"))]

    async def figures(self, channel: Channel) -> Sequence[Reading]:
        """Read the subscribers."""
        subscribers = await self._bots.in_chat(channel, Bot.get_chat_member_count)
        return [Reading("subscribers", subscribers, SOURCE)]

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Delete the post; after 48 hours put a removal notice in its place."""
        notice = removal_notice(channel.languages[0])
        turn = partial(self._around.pacer.turn, self.limits(channel))
        told = partial(withdraw, numbers=_numbers(receipt), notice=notice, turn=turn)
        return await self._bots.in_chat(channel, told)

    def uneditable(self, old: Payload, new: Payload) -> str:
        """Say that only words can be edited: neither the files nor the kind of a message."""
        if (old.fields.get("method"), old.media) == (new.fields.get("method"), new.media):
            return ""
        return _("Telegram chỉ cho sửa chữ của bài đã đăng, không thay được ảnh, video hay tệp.")

    async def correct(
        self,
        channel: Channel,
        receipt: Receipt,
        payload: Payload,
        *,
        memo: Mapping[str, Any],  # noqa: ARG002 - an edit is made at once
    ) -> Receipt:
        """Edit the words of the post, those of an album at its first message."""
        edit = partial(change_words, number=_numbers(receipt)[0], payload=payload)
        await self._bots.in_chat(channel, edit)
        return receipt

    async def check(self, channel: Channel) -> ChannelHealth:
        """Look whether the token is good, the channel is there and the bot may post."""
        try:
            return await self._bots.in_chat(channel, partial(look_at, channel=channel))
        except PublishError as error:
            return ChannelHealth(ok=False, problems=[str(error)])

    async def _send(
        self, bot: Bot, chat: str, *, channel: Channel, payload: Payload, files: Mapping[str, str]
    ) -> Receipt | Pending:
        keys = [_file_key(channel, payload, ref) for ref in payload.media]
        sent = await self._send_known(bot, chat, payload=payload, keys=keys, files=files)
        if is_waiting(sent):
            return Pending({"accepted": sent[0].date.isoformat(), "looks": 0}, LOOK_AGAIN)
        for key, file in zip(keys, file_ids(sent), strict=False):
            self._uploads.keep(key, file)
        return receipt_of(sent)

    async def _send_known(
        self, bot: Bot, chat: str, *, payload: Payload, keys: Sequence[Key], files: Mapping[str, str]
    ) -> Sequence[Message]:
        """Send with the ids of files that the bot has brought; one that Telegram forgot is brought anew."""
        ids = [files.get(key[1]) or self._uploads.known(key) for key in keys]
        known = zip(payload.media, ids, strict=True)
        sources = [ref.url or file or self._media.read(ref) for ref, file in known]
        silent = self._is_silent(payload) or None
        try:
            return await send(bot, chat, payload, sources, silent=silent)
        except BadRequest as error:
            if not any(ids) or "wrong file identifier" not in str(error).lower():
                raise
        for key in keys:
            self._uploads.forget(key)
        return await send(bot, chat, payload, self._bare(payload), silent=silent)

    def _bare(self, payload: Payload) -> list[Source]:
        return [ref.url or self._media.read(ref) for ref in payload.media]

    def _is_silent(self, payload: Payload) -> bool:
        """Tell whether the post comes at night and is not urgent."""
        first, last = self._options.silent_from, self._options.silent_to
        if first == last or payload.fields.get("urgent"):
            return False
        return _is_between(self._around.now().astimezone(ZONE).time(), first, last)

    async def _bring(self, channel: Channel, payload: Payload, ref: MediaRef) -> str:
        """Return Telegram's id of a file; empty where it could not be brought, which the send will tell."""
        alone = Payload("telegram", payload.locale, ref.name, _alone(payload, ref), (ref,))
        into = self._options.probe_chat

        async def bring() -> str:
            await self._around.pacer.turn(self._windows(channel, into))
            async with self._bots.speaking(channel) as bot:
                [sent] = await send(bot, into, alone, self._bare(alone), silent=True)
                await bot.delete_message(into, sent.message_id)
                return file_ids([sent])[0]

        try:
            return await self._uploads.once(_file_key(channel, payload, ref), bring)
        except PublishError as error:
            log.warning("File not brought early", extra={"action": "file_not_brought", "why": str(error)})
            return ""

    async def _seek(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Receipt | Pending:
        """Look in the discussion group for a film that was taken without a number.

        Raises:
            UnknownOutcomeError: it has not appeared, or there is nowhere to look.
        """
        attempt = Attempt(0, 0, payload, {}, datetime.fromisoformat(memo["accepted"]))
        seen = await self._bots.in_chat(channel, partial(_copied, attempt=attempt))
        if seen is not None:
            return seen
        if memo["looks"] + 1 >= LOOKS:
            told = _(
                "Telegram đã nhận bài và đang chuẩn bị video, nhưng chưa cho số bài. Hãy mở kênh để xem."
            )
            raise UnknownOutcomeError(told)
        return Pending({**memo, "looks": memo["looks"] + 1}, LOOK_AGAIN)


async def _copied(bot: Bot, chat: str, *, attempt: Attempt) -> Receipt | None:
    """Return the receipt of a post that was forwarded into its channel's discussion group."""
    found = await bot.get_chat(chat)
    return await forwarded(bot, found.id, attempt) if found.linked_chat_id else None


def _is_between(at: time, first: time, last: time) -> bool:
    return first <= at < last if first < last else at >= first or at < last


def _alone(payload: Payload, ref: MediaRef) -> dict[str, Any]:
    form = payload.fields.get("as")
    return {"method": METHODS[kind_in(form, ref)], "preview": "", **({"as": form} if form else {})}


def _file_key(channel: Channel, payload: Payload, ref: MediaRef) -> Key:
    return channel.token, ref.sha256, kind_in(payload.fields.get("as"), ref)


def _numbers(receipt: Receipt) -> list[int]:
    """Return the numbers of a post's messages.

    Raises:
        RefusedError: a person said that it is there, without its link.
    """
    numbers = [int(number) for number in receipt.remote_id.split(",") if number.isdecimal()]
    if not numbers:
        raise RefusedError(_("Loa không biết số bài trên kênh. Hãy mở kênh và tự gỡ hoặc sửa bài."))
    return numbers
