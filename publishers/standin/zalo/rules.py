"""What Zalo refuses, and in which words."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from publishers.standin.counting import Tally, Window

#: Requests a minute of an app over the Article API, and of an OA: that hangs on its plan (100 or
#: 2,000), so there is no bound until a test sets one.
APP_A_MINUTE, OA_A_MINUTE = 4000, 0
#: What a client should keep, and what is counted: one request a second of an OA, twenty of the app.
NAMED = {"oa": Window(1, 1.0), "app": Window(20, 1.0)}
#: Bounds as observed: the documented 150 and 300 themselves are refused.
TITLE, DESCRIPTION, AUTHOR = 149, 299, 50
PAGE = 10
#: What an article can be, and what is said of anything else.
KINDS, WRONG_KIND = frozenset({"normal", "video"}), "type accept only 2 value normal and video."
#: Ending of a token -> code and words with which it is refused.
BAD_TOKENS = {
    "wrong": (-216, "Access token is invalid"),
    "expired": (-220, "Access token is expired or unavailable"),
}


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """An answer other than success."""

    def __init__(self, code: int, message: str, *, status: int = 200, remain: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.headers = {} if remain is None else {"X-RateLimit-Remain": str(remain)}


def oa_of(token: str) -> str:
    """Return the OA that a token opens.

    Raises:
        Refusal: none.
    """
    oa, _, ending = token.rpartition(":")
    if not token or ending in BAD_TOKENS:
        raise Refusal(*BAD_TOKENS.get(ending, BAD_TOKENS["wrong"]))
    return oa or str(int(hashlib.sha256(token.encode()).hexdigest()[:15], 16))


def check_article(asked: Mapping[str, Any]) -> None:
    """Check a whole article as it is handed in.

    Raises:
        Refusal: -201 with the field in its words.
    """
    if asked.get("type") not in KINDS:
        raise Refusal(-201, WRONG_KIND)
    _check_length(asked, "title", TITLE)
    _check_length(asked, "description", DESCRIPTION)
    (_check_film if asked["type"] == "video" else _check_normal)(asked)
    for name in ("status", "comment"):
        if asked.get(name) not in {"show", "hide"}:
            raise Refusal(-201, f"{name} is invalid")


def films_of(asked: Mapping[str, Any]) -> list[str]:
    """Return the ids of uploaded videos that a checked article shows."""
    blocks = [block["video_id"] for block in asked.get("body", ()) if block.get("video_id")]
    return [asked["video_id"], *blocks] if asked["type"] == "video" else blocks


def readable_list(asked: Mapping[str, Any]) -> tuple[int, int]:
    """Return offset and limit of a list.

    Raises:
        Refusal: -201, the page is too long or the type is missing.
    """
    if int(asked.get("limit", PAGE)) > PAGE:
        raise Refusal(-201, "maximum limit is 10")
    if asked.get("type") not in KINDS:
        raise Refusal(-201, WRONG_KIND)
    return int(asked.get("offset", 0)), int(asked.get("limit", PAGE))


def _check_length(asked: Mapping[str, Any], name: str, most: int) -> None:
    value = asked.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise Refusal(-201, f"{name} is invalid")


def _check_normal(asked: Mapping[str, Any]) -> None:
    _check_length(asked, "author", AUTHOR)
    _check_cover(asked.get("cover"))
    if not isinstance(asked.get("body"), list) or not asked["body"]:
        raise Refusal(-201, "body is invalid")
    for block in asked["body"]:
        _check_block(block)


def _check_film(asked: Mapping[str, Any]) -> None:
    if not isinstance(asked.get("video_id"), str) or not asked["video_id"]:
        raise Refusal(-201, "video_id is invalid")
    _check_url("avatar", asked.get("avatar"))


def _check_cover(cover: object) -> None:
    if not isinstance(cover, dict) or cover.get("status") not in {"show", "hide"}:
        raise Refusal(-201, "create media fail")
    if cover.get("cover_type") != "photo":
        raise Refusal(-201, "cover_type is invalid")
    _check_url("photo_url", cover.get("photo_url"))


def _check_block(block: Mapping[str, Any]) -> None:
    match block.get("type"):
        case "text" if isinstance(block.get("content"), str) and block["content"]:
            return
        case "image":
            _check_url("url", block.get("url"))
        case "video" if block.get("video_id") or block.get("url"):
            _check_url("thumb", block.get("thumb"))
        case _:
            raise Refusal(-201, "body is invalid")


def _check_url(name: str, url: object) -> None:
    if not isinstance(url, str) or not url.startswith("https://") or not url.isascii() or " " in url:
        raise Refusal(-201, f"{name} {url} is invalid")


class Limits:
    """Requests of each minute, counted for the app and each OA."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start with Zalo's own figures."""
        self._now = now
        self._most = {"app": APP_A_MINUTE, "oa": OA_A_MINUTE}
        self.tally = Tally(now, NAMED)
        self._minute = ""
        self._counted: Counter[str] = Counter()

    def set(self, **most: int) -> None:
        """Change how many requests a minute pass, 0 for any number."""
        self._most.update(most)

    def count(self, oa: str) -> None:
        """Count one request.

        Raises:
            Refusal: -32, the minute is full.
        """
        self.tally.came("oa", oa)
        self.tally.came("app", "")
        minute = self._now().isoformat(timespec="minutes")
        if minute != self._minute:
            self._minute, self._counted = minute, Counter()
        for key, most in (("app", self._most["app"]), (f"oa {oa}", self._most["oa"])):
            self._counted[key] += 1
            if most and self._counted[key] > most:
                raise Refusal(-32, "Your application/OA reached limit call api", remain=0)
