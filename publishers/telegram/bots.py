"""The office's bots: one `Bot` a token, and what goes wrong with it in our words."""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from telegram import Bot
from telegram.error import ChatMigrated, TelegramError

from content_queue.models import Channel
from content_queue.outcomes import ChannelClosedError, UnknownOutcomeError
from content_queue.ports import Secrets
from content_queue.texts import _
from publishers.telegram.errors import TOKEN_WRONG, error_from
from publishers.telegram.request import ShardedRequest

T = TypeVar("T")

log = logging.getLogger(__name__)
_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)


class Bots:
    """Speak as the bots of an office; a `Bot` that is kept is a way to speak, not a state."""

    def __init__(self, request: ShardedRequest, secrets: Secrets, api_url: str) -> None:
        """Take the wire, tokens by name, and where the Bot API is."""
        self._request, self._secrets, self._url = request, secrets, f"{api_url}/bot"
        self._bots: dict[str, Bot] = {}

    @asynccontextmanager
    async def speaking(self, channel: Channel) -> AsyncIterator[Bot]:
        """Lend the channel's bot; whatever goes wrong with it becomes ours."""
        bot = self._bot(channel)
        try:
            yield bot
        except TelegramError as error:
            raise error_from(error, key=key_of(channel)) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # python-telegram-bot trips so over answers that are JSON but not the Bot API's
            told = _("Đã gửi tới Telegram nhưng không hiểu được trả lời; cần xem kênh trước khi gửi lại.")
            raise UnknownOutcomeError(told) from error

    async def in_chat(self, channel: Channel, call: Callable[[Bot, str], Awaitable[T]]) -> T:
        """Make a call in the channel's chat; one that has moved is followed, once.

        Telegram refuses the call when it says where the chat has gone, so it is safe to make it there.
        """
        async with self.speaking(channel) as bot:
            try:
                return await call(bot, channel.remote_id)
            except ChatMigrated as moved:
                log.warning("Channel has moved", extra={"action": "channel_moved", "channel": channel.name})
                return await call(bot, str(moved.new_chat_id))

    def _bot(self, channel: Channel) -> Bot:
        token = self._token(channel)
        if token not in self._bots:
            self._bots[token] = Bot(
                token, self._url, request=self._request, get_updates_request=self._request
            )
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


def key_of(channel: Channel) -> str:
    """Return the pacing key of a channel's bot."""
    return f"telegram:{channel.token}"
