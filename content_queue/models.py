"""The nouns of the house. Frozen, without behaviour beyond their own identity."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any

from content_queue.states import DeliveryState, PostState

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

    `token` is the *name* of a secret, never the secret; `mode` is `api` or `off`.
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
    """Somebody who may say something here; known by the numeric Telegram id.

    `roles` of editor, approver, leader, admin; `agencies` are codes, or `*` for the province.
    """

    name: str
    telegram_id: int | None
    roles: frozenset[str]
    agencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: file name, sheet (empty for CSV and YAML) and row or line from 1."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where, what, and how to write it right, in the reader's language.

    `cell` is like `D17`, empty where there is none; `severity` is `error` or `warning`.
    """

    file: str
    sheet: str
    cell: str
    line: int
    field: str
    code: str
    severity: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a calendar, read and understood; `code` is empty until identity is settled.

    `date_words` is what the editor typed; `offset` days are added to the day found; `years` are
    solar years of the occasion's day, empty for every year. `texts` is locale -> text as typed
    (NFC). `channels` are selector words as typed; `languages` narrows, empty for all.
    """

    code: str
    place: Place
    date_words: str
    offset: int
    at: time
    agency: str
    author: str
    campaign: str
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    texts: Mapping[str, str]
    years: tuple[int, ...] = ()
    title: str = ""
    link: str = ""
    pictures: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    topic: str = ""
    document: str = ""
    secrecy: str = ""

    def content(self) -> dict[str, Any]:
        """Return everything the editor wrote, without code and place: JSON-able."""
        everything = asdict(self)
        del everything["code"], everything["place"]
        return {**everything, "at": self.at.isoformat()}

    def fingerprint(self) -> str:
        """Return the SHA-256 of the whole row, wherever it stands."""
        return digest(self.content())

    def match_key(self) -> str:
        """Return the SHA-256 of what a row is known by when its text changed."""
        return digest([self.date_words, self.offset, self.at.isoformat(), self.channels, self.campaign])


@dataclass(frozen=True, slots=True)
class Facts:
    """What the planner knows about a post and localizing puts into words.

    `day` is the local day on which it appears, `at` its local time; `occasion_day` the day of the
    occasion itself, `names` the occasion's names by locale, `origin` the origin date (or only its
    year, as `date` of 1 January with `origin_year_only`), `years` the years counted since, and
    `lunar` the lunar day as (day, month, is leap month).
    """

    day: date
    at: time
    occasion: str = ""
    occasion_day: date | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    origin: date | None = None
    origin_year_only: bool = False
    years: int | None = None
    lunar: tuple[int, int, bool] | None = None


@dataclass(frozen=True, slots=True)
class MediaRef:
    """One stored picture: its SHA-256 (its name in the media store), type, and the name it came with."""

    sha256: str
    mime: str
    name: str
    size: int
    #: Public https address, where the editor gave one instead of a file.
    url: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """Exact text and media of a post for one locale, before a platform's form is put on it."""

    locale: str
    text: str
    title: str = ""
    link: str = ""
    media: tuple[MediaRef, ...] = ()
    hashtags: tuple[str, ...] = ()
    author: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """What leaves: rendered once, stored, shown, hashed and sent as stored.

    `text` is what a reader will see and what the card shows; `fields` is what the adapter puts in
    its request, JSON-able, without channel id and secret.
    """

    platform: str
    locale: str
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    media: tuple[MediaRef, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the payload as stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Payload":
        """Rebuild a payload from what `as_json` gave."""
        media = tuple(MediaRef(**ref) for ref in stored["media"])
        return cls(stored["platform"], stored["locale"], stored["text"], stored["fields"], media)

    def sha256(self) -> str:
        """Return the hash that an approval covers."""
        return digest(self.as_json())


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """One occurrence of an entry: what the planner wants to stand in the ledger.

    `id` is `<Mã bài>-<year of the occasion's day>` and is what people type; `due` is UTC.
    """

    id: str
    entry: Entry
    year: int
    due: datetime
    facts: Facts


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """One variant to one channel at one due time, before it is stored.

    `text_locale` is the locale the text is taken from (another one under `fallback`), empty while
    a text is missing and awaited.
    """

    post: str
    channel: Channel
    locale: str
    text_locale: str
    due: datetime


@dataclass(frozen=True, slots=True)
class ComposedDelivery:
    """A planned delivery with what would leave; `payload` None while a text is awaited."""

    channel: str
    platform: str
    locale: str
    payload: Payload | None


@dataclass(frozen=True, slots=True)
class ComposedPost:
    """A planned post with all its deliveries; `problems` (sentences) keep it a draft."""

    post: PlannedPost
    deliveries: tuple[ComposedDelivery, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """One post as stored. `content_hash` covers every delivery's channel, locale, due minute and payload."""

    id: str
    entry: str
    year: int
    due: datetime
    agency: str
    author: str
    campaign: str
    occasion: str
    tags: tuple[str, ...]
    summary: str
    state: PostState
    content_hash: str
    revision: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Hold:
    """A stop over a scope. Keys of `scope`: channels, platforms, agencies, campaigns, tags, languages.

    A delivery is caught when every key names something of it; an empty scope catches all.
    """

    id: int
    scope: Mapping[str, Sequence[str]]
    reason: str
    document: str
    person: str
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery as stored; times are UTC, `lateness_ms` is first byte minus planned second."""

    id: int
    post: str
    channel: str
    platform: str
    locale: str
    state: DeliveryState
    due: datetime
    planned: datetime
    window_end: datetime
    variant: str | None
    attempts: int
    staged: Mapping[str, Any] | None
    remote_id: str | None
    link: str | None
    published_at: datetime | None
    lateness_ms: int | None
    reason: str | None
    measure_step: int = 0
    looks: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a delivery, as committed before its first byte left."""

    delivery: int
    number: int
    payload: Payload
    staged: Mapping[str, Any]
    started_at: datetime


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON-able value in one canonical spelling."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
