"""Who speaks and where: agencies, channels, people."""

from collections.abc import Mapping
from dataclasses import dataclass

#: The locales that shipped texts and forms exist for, in the order in which they are shown.
LOCALES = ("vi", "en", "ja", "ko", "zh", "fr", "lo", "km")


@dataclass(frozen=True, slots=True)
class Agency:
    """The body that speaks and owns channels. `names` is locale -> name; `vi` is always there."""

    code: str
    names: Mapping[str, str]
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """One official destination: a Page, an OA, a Telegram channel, a website.

    `token` is the *name* of a secret, never the secret; `mode` is `api`, `assisted` (an officer
    posts by hand, when asked at the due time) or `off`.
    """

    name: str
    agency: str
    platform: str
    remote_id: str
    languages: tuple[str, ...] = ("vi",)
    groups: tuple[str, ...] = ()
    mode: str = "api"
    token: str = ""
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may say something here; known by the numeric Telegram id, written to by e-mail.

    `roles` of editor, approver, leader, admin; `agencies` are codes, or `*` for the province.
    """

    name: str
    telegram_id: int | None
    roles: frozenset[str]
    agencies: frozenset[str]
    email: str = ""
