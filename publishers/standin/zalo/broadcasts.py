"""Pushes of articles to the followers of an account: by day only, and each follower gets few."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from publishers.standin.zalo.rules import Refusal

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: Hours in which Zalo takes them, and how many of an account in a day and in a month (0: any number).
FIRST, LAST = time(6), time(21, 59, 59)
A_DAY, A_MONTH = 1, 4
#: Articles of one push.
ELEMENTS = 5
#: Target -> the words that it may hold; lists are separated by commas.
TARGETS: Mapping[str, frozenset[str]] = {
    "gender": frozenset("012"),
    "ages": frozenset("01234567"),
    "locations": frozenset("012"),
    "cities": frozenset(map(str, range(64))),
    "platform": frozenset("123"),
}


class Broadcasts:
    """What was pushed, counted by the days and months of Vietnam."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start without any."""
        self._now = now
        self._counted: Counter[tuple[str, str]] = Counter()
        self.messages: dict[str, list[str]] = {}

    def check(self, oa: str, asked: Mapping[str, Any]) -> list[str]:
        """Return the articles that are to be pushed.

        Raises:
            Refusal: it is night, the quota is used up, or something is wrong in what is asked.
        """
        articles = _articles(asked)
        _check_target(asked.get("recipient"))
        local = self._now().astimezone(ZONE)
        if not FIRST <= local.time() <= LAST:
            raise Refusal(-234, "This message type is not allowed to be sent at night (22:00 - 06:00)")
        if self._counted[oa, f"{local:%Y-%m-%d}"] >= A_DAY or self._counted[oa, f"{local:%Y-%m}"] >= A_MONTH:
            raise Refusal(-211, "Out of quota")
        return articles

    def take(self, event: Mapping[str, Any]) -> None:
        """Take note of a push."""
        local = datetime.fromisoformat(event["at"]).astimezone(ZONE)
        self._counted[event["oa"], f"{local:%Y-%m-%d}"] += 1
        self._counted[event["oa"], f"{local:%Y-%m}"] += 1
        self.messages[event["message"]] = event["articles"]


def _articles(asked: Mapping[str, Any]) -> list[str]:
    try:
        payload = asked["message"]["attachment"]["payload"]
        kinds = (asked["message"]["attachment"]["type"], payload["template_type"])
        elements = [(each["media_type"], each["attachment_id"]) for each in payload["elements"]]
    except (KeyError, TypeError):
        raise Refusal(-201, "message is invalid") from None
    if kinds != ("template", "media") or not 1 <= len(elements) <= ELEMENTS:
        raise Refusal(-201, "message is invalid")
    if any(kind != "article" for kind, _id in elements):
        raise Refusal(-233, "Message type is not supported")
    return [article for _kind, article in elements]


def _check_target(recipient: object) -> None:
    target = recipient.get("target") if isinstance(recipient, Mapping) else None
    if not isinstance(target, Mapping) or not target:
        raise Refusal(-201, "recipient is invalid")
    for name, words in target.items():
        if name not in TARGETS or not set(str(words).split(",")) <= TARGETS[name]:
            raise Refusal(-201, f"{name} is invalid")
