"""What is planned: rows of a calendar, their mistakes, the posts and deliveries they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from typing import Any

from content_queue.models.digests import digest
from content_queue.models.office import Channel


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: file name, sheet (empty for CSV and YAML) and row or line from 1."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where, what, and how to write it right, in the reader's language.

    `cell` is like `D17`, empty where there is none; `severity` is `error` or `warning`; `author` is
    who wrote the row, where that is known.
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
    author: str = ""


#: Fields that older versions did not have.
_LATER = ("form", "alts", "comments", "series", "until", "anniversaries", "persons", "hashtags")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a calendar, read and understood; `code` is empty until identity is settled.

    `date_words` is what the editor typed; `offset` days are added to the day found; `years` are
    solar years of the occasion's day, empty for every year. `texts` is locale -> text as typed
    (NFC). `channels` are selector words as typed; `languages` narrows, empty for all. `pictures` are
    files beside the calendar or public addresses, videos and documents too; `alts` say in their order
    what is to be seen on them, for those who cannot see. `comments` is locale -> first comment.
    `series` are several offsets instead of one, ascending; without `date_words` they count from the
    event of the campaign. From `at` to `until` the channels take turns. `anniversaries` narrows to
    years that are `round`, `five` or `other`; `persons` says who is seen in the pictures and by what
    right; `hashtags` are its campaign's.
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
    form: str = ""
    alts: tuple[str, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)
    series: tuple[int, ...] = ()
    until: time | None = None
    anniversaries: tuple[str, ...] = ()
    persons: str = ""
    hashtags: tuple[str, ...] = ()
    _hash: str = field(default="", init=False, repr=False, compare=False)

    def content(self) -> dict[str, Any]:
        """Return everything the editor wrote, without code and place: JSON-able.

        What came with later versions is left out where it is empty, so that older rows are known again.
        """
        left_out = {"code", "place", "_hash", *(name for name in _LATER if not getattr(self, name))}
        written = [each.name for each in fields(self) if each.name not in left_out]
        hours = {"at": self.at.isoformat()} | ({"until": self.until.isoformat()} if self.until else {})
        return {name: getattr(self, name) for name in written} | hours

    def fingerprint(self) -> str:
        """Return the SHA-256 of the whole row, wherever it stands; it is reckoned once."""
        if not self._hash:
            object.__setattr__(self, "_hash", digest(self.content()))
        return self._hash

    def match_key(self) -> str:
        """Return the SHA-256 of what a row is known by when its text changed."""
        key = [self.date_words, self.offset, self.at.isoformat(), self.channels, self.campaign]
        return digest([*key, self.series] if self.series else key)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the planner knows about a post and localizing puts into words.

    `day` is the local day on which it appears, `at` its local time; `occasion_day` the day of the
    occasion itself, `names` the occasion's names by locale, `origin` the origin date (or only its
    year, as `date` of 1 January with `origin_year_only`), `years` the years counted since, and
    `lunar` the lunar day as (day, month, is leap month). `others` are the facts of the other occasions
    that lie on the occasion's day, in the order of the house's list.
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
    others: tuple["Facts", ...] = ()


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
