"""Telegram channels over the Bot API, through python-telegram-bot.

`adapter` speaks to channels, `errors` says what refusals mean, `request` is the wire, which the approval bot
uses too.
"""

from publishers.telegram.adapter import TelegramPublisher

__all__ = ["TelegramPublisher"]
