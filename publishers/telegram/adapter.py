"""Telegram channels over the Bot API, through python-telegram-bot.

Platform facts, from core.telegram.org/bots/api and tdlib/telegram-bot-api:
- a send has no key against repeating, and a bot cannot read a channel's history;
- text has 4096 characters, a caption 1024; albums have 2 to 10 photos and one caption, that of the first;
- about 30 messages a second per bot and one a second per chat;
- bots are told subscribers, never views.
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from telegram import Bot, ChatMember, InputMediaPhoto, Message
from telegram.error import TelegramError

from content_queue.localize.notices import removal_notice
from content_queue.models import Attempt, Channel, MediaRef, Payload, Variant
from content_queue.outcomes import (
    Absent,
    ChannelClosedError,
    ChannelHealth,
    Found,
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
from content_queue.texts import N_, _
from publishers.http import Shards
from publishers.options import TelegramOptions
from publishers.telegram.amend import change_words, preview_of, withdraw
from publishers.telegram.errors import TOKEN_WRONG, error_from
from publishers.telegram.linked import forwarded
from publishers.telegram.probe import probe
from publishers.telegram.request import ShardedRequest
from publishers.unpaced import UNPACED

#: Characters of a message, of a caption; photos of an album; bytes of one photo.
TEXT, CAPTION, ALBUM, PHOTO = 4096, 1024, 10, 10 * 2**20
#: The windows of Telegram's limits.
SECOND = timedelta(seconds=1)
#: Rights that the bot needs in a channel -> how an officer calls them.
RIGHTS = {
    "can_post_messages": N_("đăng bài"),
    "can_edit_messages": N_("sửa bài"),
    "can_delete_messages": N_("xóa bài"),
}
_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_HASHTAG = re.compile(r"#\w+")


class TelegramPublisher:
    """Speak to Telegram channels; one `Bot` a token is kept, which is a way to speak, not a state."""

    def __init__(
        self,
        *,
        http: Shards,
        secrets: Secrets,
        media: Media,
        options: TelegramOptions,
        pacer: Pacer = UNPACED,
    ) -> None:
        """Take clients, secrets by name, stored pictures, the office's options, and who keeps the limits."""
        self._request = ShardedRequest(http)
        self._secrets = secrets
        self._media = media
        self._options = options
        self._pacer = pacer
        self._bots: dict[str, Bot] = {}

    def render(self, channel: Channel, variant: Variant) -> Payload:  # noqa: ARG002 - the same for every channel
        """Put a variant into the form of a message, a photo or an album. Pure.

        Raises:
            RefusedError: no text, too long, or pictures that Telegram does not take.
        """
        text = compose(variant)
        method = method_for(variant.media)
        _refuse_what_never_passes(variant, text)
        fields = {"method": method, "preview": variant.link}
        return Payload("telegram", variant.locale, text, fields, variant.media)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Name the windows of the chat and of the bot. Pure."""
        return self._windows(channel, channel.remote_id)

    def _windows(self, channel: Channel, chat: str) -> tuple[Limit, Limit]:
        """Return the windows that a message of the channel's bot into a chat counts in."""
        return (
            Limit(f"telegram:chat:{chat}", self._options.per_chat_per_second, SECOND),
            Limit(_key(channel), self._options.per_bot_per_second, SECOND),
        )

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged:  # noqa: ARG002
        """Bring nothing: Telegram has no hidden posts, and pictures travel with the send."""
        return Staged()

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt:  # noqa: ARG002
        """Send the message, photo or album."""
        photos = [ref.url or self._media.read(ref) for ref in payload.media]
        async with self._speaking(channel) as bot:
            return receipt_of(await _send(bot, channel.remote_id, payload, photos))

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Remove nothing: nothing was staged."""

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look in the channel's discussion group, then through the office's own chat; else ask people."""
        async with self._speaking(channel) as bot:
            chat = await bot.get_chat(channel.remote_id)
            seen = await forwarded(bot, chat.id, attempt) if chat.linked_chat_id else None
            if seen is not None:
                return Found(seen)
            into = self._options.probe_chat
            if not into:
                told = _("Telegram không cho bot đọc lại kênh. Hãy mở kênh xem bài đã lên hay chưa.")
                return Unclear(told)
            turn = partial(self._pacer.turn, self._windows(channel, into))
            return await probe(bot, channel, attempt, into=into, turn=turn)

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:  # noqa: ARG002
        """Read the subscribers; views are not told to bots."""
        async with self._speaking(channel) as bot:
            subscribers = await bot.get_chat_member_count(channel.remote_id)
        return [
            Reading("subscribers", subscribers, "bot_api"),
            Reading("views", None, "bot_api", _("Bot API không cho biết lượt xem")),
        ]

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Delete the post; after 48 hours put a removal notice in its place."""
        notice = removal_notice(channel.languages[0])
        turn = partial(self._pacer.turn, self.limits(channel))
        async with self._speaking(channel) as bot:
            return await withdraw(bot, channel.remote_id, _numbers(receipt), notice=notice, turn=turn)

    def uneditable(self, old: Payload, new: Payload) -> str:
        """Say that only words can be edited: neither the pictures nor the kind of a message."""
        if (old.fields["method"], old.media) == (new.fields["method"], new.media):
            return ""
        return _("Telegram chỉ cho sửa chữ của bài đã đăng, không thay được ảnh.")

    async def correct(
        self,
        channel: Channel,
        receipt: Receipt,
        payload: Payload,
        *,
        memo: Mapping[str, Any],  # noqa: ARG002 - an edit is made at once
    ) -> Receipt:
        """Edit the words of the post, those of an album at its first message."""
        number, fields = _numbers(receipt)[0], payload.fields
        async with self._speaking(channel) as bot:
            await change_words(bot, channel.remote_id, number, text=payload.text, fields=fields)
        return receipt

    async def check(self, channel: Channel) -> ChannelHealth:
        """Look whether the token is good, the channel is there and the bot may post."""
        try:
            async with self._speaking(channel) as bot:
                me = await bot.get_me()
                chat = await bot.get_chat(channel.remote_id)
                member = await bot.get_chat_member(channel.remote_id, me.id)
        except PublishError as error:
            return ChannelHealth(ok=False, problems=[str(error)])
        missing = missing_rights(member)
        problems = [_("Bot chưa có quyền {right} trong kênh.").format(right=_(RIGHTS[r])) for r in missing]
        return ChannelHealth("can_post_messages" not in missing, chat.title or channel.name, problems)

    @asynccontextmanager
    async def _speaking(self, channel: Channel) -> AsyncIterator[Bot]:
        """Lend the channel's bot; whatever goes wrong with it becomes ours."""
        bot = self._bot(channel)
        try:
            yield bot
        except TelegramError as error:
            raise error_from(error, key=_key(channel)) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # python-telegram-bot trips so over answers that are JSON but not the Bot API's
            told = _("Đã gửi tới Telegram nhưng không hiểu được trả lời; cần xem kênh trước khi gửi lại.")
            raise UnknownOutcomeError(told) from error

    def _bot(self, channel: Channel) -> Bot:
        token = self._token(channel)
        if token not in self._bots:
            url = f"{self._options.api_url}/bot"
            self._bots[token] = Bot(token, url, request=self._request, get_updates_request=self._request)
        return self._bots[token]

    def _token(self, channel: Channel) -> str:
        try:
            token = self._secrets.get(channel.token)
        except KeyError:
            told = _("Chưa có khóa “{name}” của kênh. Hãy đặt mã bot vào tệp khóa cùng tên.")
            raise ChannelClosedError(told.format(name=channel.token)) from None
        if not _TOKEN.fullmatch(token):
            raise ChannelClosedError(_(TOKEN_WRONG))
        return token


def compose(variant: Variant) -> str:
    """Return the whole message: text, then link and hashtags that are not in it yet, each on its line."""
    text = variant.text.strip()
    link = "" if variant.link in text else variant.link
    said = {tag.casefold() for tag in _HASHTAG.findall(text)}
    tags = [f"#{tag.lstrip('#')}" for tag in variant.hashtags]
    line = " ".join(tag for tag in tags if tag.casefold() not in said)
    return unicodedata.normalize("NFC", "\n\n".join(part for part in (text, link, line) if part))


def method_for(media: Sequence[MediaRef]) -> str:
    """Return the Bot API's method for so many pictures."""
    return ("sendMessage", "sendPhoto", "sendMediaGroup")[min(len(media), 2)]


def length(text: str) -> int:
    """Count as Telegram does at most: UTF-16 units, which are never fewer than code points."""
    return len(text.encode("utf-16-le")) // 2


def receipt_of(sent: Sequence[Message]) -> Receipt:
    """Return the receipt of a message, or of an album: all its ids, and the link of the first.

    Raises:
        UnknownOutcomeError: accepted, but without an id (`message_id` 0: sent later, by a busy channel).
    """
    ids = [message.message_id for message in sent]
    if not ids or 0 in ids:
        raise UnknownOutcomeError(_("Telegram đã nhận bài nhưng chưa cho số bài. Hãy mở kênh để kiểm tra."))
    return Receipt(",".join(map(str, ids)), sent[0].link)


def missing_rights(member: ChatMember) -> list[str]:
    """Return which of `RIGHTS` a member lacks; the owner lacks none."""
    if member.status == ChatMember.OWNER:
        return []
    return [right for right in RIGHTS if not getattr(member, right, False)]


def _numbers(receipt: Receipt) -> list[int]:
    """Return the numbers of a post's messages.

    Raises:
        RefusedError: a person said that it is there, without its link.
    """
    numbers = [int(number) for number in receipt.remote_id.split(",") if number.isdecimal()]
    if not numbers:
        raise RefusedError(_("Loa không biết số bài trên kênh. Hãy mở kênh và tự gỡ hoặc sửa bài."))
    return numbers


def _key(channel: Channel) -> str:
    return f"telegram:{channel.token}"


def _refuse_what_never_passes(variant: Variant, text: str) -> None:
    """Raise `RefusedError` with the first thing that an editor must mend."""
    limit = CAPTION if variant.media else TEXT
    if not variant.text.strip():
        raise RefusedError(_("Bài chưa có nội dung chữ. Hãy viết nội dung cho bài."))
    if length(text) > limit:
        told = (
            _("Bài có ảnh trên Telegram chỉ được {limit} ký tự, bài này có {count}. Hãy rút gọn hoặc bỏ ảnh.")
            if variant.media
            else _("Bài trên Telegram chỉ được {limit} ký tự, bài này có {count}. Hãy rút gọn.")
        )
        raise RefusedError(told.format(limit=limit, count=length(text)))
    if len(variant.media) > ALBUM:
        told = _("Một bài Telegram chỉ được {limit} ảnh, bài này có {count}. Hãy bớt ảnh.")
        raise RefusedError(told.format(limit=ALBUM, count=len(variant.media)))
    for ref in variant.media:
        if ref.size > PHOTO:
            told = _("Ảnh “{name}” lớn hơn 10 MB, Telegram không nhận. Hãy giảm dung lượng ảnh.")
            raise RefusedError(told.format(name=ref.name))


async def _send(bot: Bot, chat: str, payload: Payload, photos: Sequence[str | bytes]) -> Sequence[Message]:
    """Make the one committing call, as plain text: what editors wrote is data, never markup."""
    match payload.fields["method"]:
        case "sendMessage":
            options = preview_of(payload.fields)
            return [await bot.send_message(chat, payload.text, link_preview_options=options)]
        case "sendPhoto":
            name = payload.media[0].name
            return [await bot.send_photo(chat, photos[0], caption=payload.text, filename=name)]
    album = [
        InputMediaPhoto(photo, filename=ref.name) for photo, ref in zip(photos, payload.media, strict=True)
    ]
    return await bot.send_media_group(chat, album, caption=payload.text)
