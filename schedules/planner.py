"""Plan: from rows to posts and deliveries. Pure; the same rows in any order give the same plan."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal

from content_queue.models import Campaign, Channel, Entry, PlannedDelivery, PlannedPost
from schedules.campaigns import inherited
from schedules.dates import read_date
from schedules.lunar import WARN_AFTER
from schedules.names import fold
from schedules.occasions import Occasions
from schedules.occurrences import Dated, dated, last_occurrence, occurrences, years_between
from schedules.refusals import ReadError
from schedules.rules import is_lunar, lacks_day
from schedules.spread import turns

#: Nothing was seen before.
NEVER: Mapping[str, datetime] = {}

MissingText = Literal["wait", "fallback", "skip"]


@dataclass(frozen=True, slots=True)
class Planning:
    """How an office plans.

    `select` turns the channel words of a row into channels and raises `ReadError`. `missing` says
    what happens where a channel's language has no text: it waits for one, takes the first language
    of `fallback` that has one (and waits if none has), or is skipped. `window` is how long after
    its due time a post is still useful.
    """

    occasions: Occasions
    select: Callable[[tuple[str, ...]], Sequence[Channel]]
    missing: MissingText = "wait"
    fallback: tuple[str, ...] = ("vi", "en")
    window: timedelta = timedelta(minutes=120)
    #: Folded name -> campaign: what rows leave open they take from theirs.
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """The local days, both included, on which the planned posts appear, seen from `now`."""

    first: date
    last: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Undated:
    """A row whose day does not exist in a year, or is not announced yet."""

    entry: Entry
    year: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Deliveries of a post that are not planned for want of a text, by the office's own rule."""

    post: str
    locale: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row whose date or channels no longer mean anything."""

    entry: Entry
    error: ReadError


@dataclass(frozen=True, slots=True)
class Plan:
    """What should stand in the ledger, and everything that should not, with its reason.

    `posts` are ordered by due time. `past` are posts whose window closed before they were first
    seen; `unheard` would go to no channel; `uncertain` stand on lunar days that may yet be
    published otherwise (they are planned all the same).
    """

    planning: Planning
    posts: tuple[PlannedPost, ...]
    past: tuple[PlannedPost, ...] = ()
    unheard: tuple[PlannedPost, ...] = ()
    uncertain: tuple[PlannedPost, ...] = ()
    undated: tuple[Undated, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    refused: tuple[Refused, ...] = ()

    def only(self, posts: Collection[str]) -> "Plan":
        """Return the plan with no other posts than these."""
        return replace(self, posts=tuple(post for post in self.posts if post.id in posts))

    def deliveries(self) -> Iterator[PlannedDelivery]:
        """Give all deliveries, one at a time, post by post."""
        for post in self.posts:
            yield from self.deliveries_of(post)

    def deliveries_of(self, post: PlannedPost) -> Iterator[PlannedDelivery]:
        """Give the deliveries of one post: one for each of its channels and languages."""
        return _deliveries(post, self.planning)


def plan(
    entries: Iterable[Entry],
    planning: Planning,
    *,
    span: Span,
    known_posts: Collection[str] = frozenset(),
    seen: Mapping[str, datetime] = NEVER,
) -> Plan:
    """Return the posts of all rows whose day of appearing lies in the span.

    `known_posts` are ids that already stand in the ledger: they are never "past". `seen` is Mã bài
    -> when the row was first seen; a row that is not there is seen now.
    """
    planning = replace(planning, select=cache(planning.select))
    rows, refused = _understood(entries, planning)
    found = [post for row in rows for post in _within(row, span)]
    ended = [post for row in rows if (post := last_occurrence(row))]
    late = {
        post.id: post
        for post in (*found, *ended)
        if post.id not in known_posts and post.due + planning.window <= seen.get(post.entry.code, span.now)
    }
    wanted = _in_order(post for post in found if post.id not in late)
    heard = {post.id for post in wanted if next(_deliveries(post, planning), None)}
    moonlit = {row.entry.code for row in rows if is_lunar(row.rule)}
    return Plan(
        planning,
        posts=tuple(post for post in wanted if post.id in heard),
        past=_in_order(late.values()),
        unheard=tuple(post for post in wanted if post.id not in heard),
        uncertain=tuple(post for post in wanted if post.entry.code in moonlit and _is_far(post)),
        undated=tuple(_undated(rows, span)),
        skipped=tuple(skipped for post in wanted for skipped in _skipped(post, planning)),
        refused=refused,
    )


def _understood(
    entries: Iterable[Entry], planning: Planning
) -> tuple[tuple[Dated, ...], tuple[Refused, ...]]:
    """Return the rows that mean something, ordered by code, and those that do not."""
    rows, refused = [], []
    for row in sorted(entries, key=lambda entry: entry.code):
        campaign = planning.campaigns.get(fold(row.campaign)) if row.campaign else None
        entry = inherited(row, campaign)
        try:
            planning.select(entry.channels)
            rule = read_date(entry.date_words, planning.occasions)
            rows.append(dated(entry, rule, planning.occasions, campaign=campaign))
        except ReadError as error:
            refused.append(Refused(row, error))
    return tuple(rows), tuple(refused)


def _within(row: Dated, span: Span) -> Iterator[PlannedPost]:
    for year in years_between(row, span.first, last=span.last):
        yield from (post for post in occurrences(row, year) if span.first <= post.facts.day <= span.last)


def _in_order(posts: Iterable[PlannedPost]) -> tuple[PlannedPost, ...]:
    return tuple(sorted(posts, key=lambda post: (post.due, post.id)))


def _is_far(post: PlannedPost) -> bool:
    day = post.facts.occasion_day
    return day is not None and day > WARN_AFTER


def _undated(rows: Iterable[Dated], span: Span) -> Iterator[Undated]:
    for row in rows:
        years = years_between(row, span.first, last=span.last)
        yield from (Undated(row.entry, year) for year in years if lacks_day(row.rule, year))


def _audience(entry: Entry, planning: Planning) -> Iterator[tuple[Channel, str]]:
    """Give the channels that are not off, each with each of the languages the row is for."""
    for channel in planning.select(entry.channels):
        if channel.mode != "off":
            for locale in channel.languages:
                if not entry.languages or locale in entry.languages:
                    yield channel, locale


def _deliveries(post: PlannedPost, planning: Planning) -> Iterator[PlannedDelivery]:
    written = {locale for locale, text in post.entry.texts.items() if text.strip()}
    after = _turns(post.entry, planning)
    for channel, locale in _audience(post.entry, planning):
        source = _text_locale(locale, written, planning)
        if source is not None:
            due = post.due + after[channel.agency] if after else post.due
            yield PlannedDelivery(post.id, channel, locale, source, due)


def _turns(entry: Entry, planning: Planning) -> Mapping[str, timedelta]:
    """Return how much later than the post each agency carries it; empty where all do at once."""
    if entry.until is None:
        return {}
    length = datetime.combine(date.min, entry.until) - datetime.combine(date.min, entry.at)
    return turns((channel.agency for channel in planning.select(entry.channels)), length)


def _text_locale(locale: str, written: Collection[str], planning: Planning) -> str | None:
    """Return whose text a delivery takes: "" while it is awaited, None if it is skipped."""
    if locale in written:
        return locale
    if planning.missing == "fallback":
        return next((other for other in planning.fallback if other in written), "")
    return None if planning.missing == "skip" else ""


def _skipped(post: PlannedPost, planning: Planning) -> Iterator[Skipped]:
    """Give what the missing texts of a post keep from being planned, language by language."""
    if planning.missing != "skip":
        return
    written = {locale for locale, text in post.entry.texts.items() if text.strip()}
    wanting: dict[str, list[str]] = defaultdict(list)
    for channel, locale in _audience(post.entry, planning):
        if locale not in written:
            wanting[locale].append(channel.name)
    yield from (Skipped(post.id, locale, tuple(names)) for locale, names in sorted(wanting.items()))
