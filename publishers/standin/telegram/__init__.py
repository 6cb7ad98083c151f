"""Telegram on loopback: the Bot API as far as one publishes and approves with it.

`wire` is its words, `world` what it knows (`chats`, `inbox`, `pace`), `methods` the bots' side, `people` the
people's, `platform` the routes.
"""

from publishers.standin.telegram.platform import TelegramStandin

__all__ = ["TelegramStandin"]
