"""How fast one may send: about 30 messages a second per bot, one a second per chat (Telegram's bots FAQ)."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from publishers.standin.counting import Tally, Window
from publishers.standin.telegram.wire import flood

#: Whose window -> (messages, seconds). "About" 30; and a chat's short bursts pass, as the FAQ says.
WINDOWS = {"bot": (33, 1.0), "chat": (4, 3.0)}
#: What the FAQ names, and what is counted: nobody should go beyond, whether it passes or not.
NAMED = {"bot": Window(30, 1.0), "chat": Window(1, 1.0)}


class Pace:
    """Sliding windows over what was sent; `enforced` turns them off for a load test."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Count by the given clock."""
        self.enforced = True
        self.tally = Tally(now, NAMED)
        self._now = now
        self._sent: defaultdict[tuple[str, int], deque[datetime]] = defaultdict(deque)

    def admit(self, bot: int, chat: int, *, count: int = 1) -> None:
        """Let `count` messages of `bot` into `chat`.

        Raises:
            Refusal: 429, a window is full; nothing is counted then.
        """
        self.tally.came("bot", bot, count)
        self.tally.came("chat", chat)
        if not self.enforced:
            return
        now = self._now()
        keys = [("bot", bot), ("chat", chat)]
        for key in keys:
            self._leave_room(key, now)
        for key in keys:
            # an album counts its photos against the bot, but is one post in the chat
            self._sent[key].extend([now] * (count if key[0] == "bot" else 1))

    def _leave_room(self, key: tuple[str, int], now: datetime) -> None:
        count, seconds = WINDOWS[key[0]]
        sent, window = self._sent[key], timedelta(seconds=seconds)
        while sent and now - sent[0] >= window:
            sent.popleft()
        if len(sent) >= count:
            left = window - (now - sent[len(sent) - count])
            raise flood(max(1, -int(-left.total_seconds() // 1)))
