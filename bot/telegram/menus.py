"""The menu of commands that Telegram shows beside the field, for each person by role."""

import logging
from collections.abc import Sequence

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot.telegram.commands import menu_of
from bot.telegram.voice import ODD, Voice
from content_queue.models import Person
from content_queue.texts import _

log = logging.getLogger(__name__)


class Menus:
    """Remembers which menu each chat has; one that Telegram did not take is tried again later."""

    def __init__(self, bot: Bot, voice: Voice) -> None:
        """Begin without knowing of any."""
        self._bot = bot
        self._voice = voice
        self._shown: dict[int, Sequence[str]] = {}

    async def go(self, people: Sequence[Person]) -> None:
        """Bring menus to what people may do; whoever never wrote to the bot has no chat yet."""
        for person in people:
            chat, menu = person.telegram_id or 0, tuple(menu_of(person.roles))
            if chat and self._shown.get(chat) != menu and not self._voice.is_quiet(chat):
                await self._show(chat, menu_of(person.roles))

    async def _show(self, chat: int, menu: dict[str, str]) -> None:
        named = [BotCommand(verb, _(meaning)) for verb, meaning in menu.items()]
        if await self._voice.try_for(
            chat, lambda: self._bot.set_my_commands(named, scope=BotCommandScopeChat(chat))
        ):
            self._shown[chat] = tuple(menu)


async def name_commands(bot: Bot) -> bool:
    """Register what everybody sees who is on no list: how to ask for help. Return whether it was taken."""
    try:
        await bot.set_my_commands([BotCommand(verb, _(meaning)) for verb, meaning in menu_of(()).items()])
    except (TelegramError, *ODD) as error:
        told = {"action": "commands_unnamed", "kind": type(error).__name__}
        log.info("Commands not registered yet", extra=told)
        return False
    return True
