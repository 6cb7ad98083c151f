"""Understand what calendars say before the ledger is touched: match rows with entries, plan, compose.

Posts that are planned from what they were planned from before are left out: an office edits one row
at a time, and composing for 450 channels is most of the work.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from bot.house import House
from bot.office import OfficeHome, identify
from bot.planning.compose import composer
from bot.planning.pictures import media_of
from bot.planning.remembered import known as remembered
from content_queue.models import ComposedDelivery, ComposedPost, Entry, Move, PlannedPost, Problem, digest
from content_queue.outcomes import RefusedError
from content_queue.store.calendar import EntryRow, OpenPost
from schedules.calendar import Calendar
from schedules.campaigns import inheriting, moved
from schedules.clock import OFFICE_ZONE
from schedules.identity import Matching
from schedules.planner import Plan, Span, plan
from schedules.translations import Kept, Wanted, translated, wanted


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows before a reading.

    `entries` are all entries by code, `posts` the codes of all posts; `open` earlier posts that may
    still go out; `sources` says of these and of later posts what they were planned from;
    `translations` are all that were brought in, `moves` of events by the campaigns' folded names.
    """

    entries: Mapping[str, EntryRow]
    posts: Collection[str]
    open: Mapping[str, OpenPost]
    sources: Mapping[str, str]
    translations: Kept = field(default_factory=dict)
    moves: Mapping[str, Move] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of all calendars comes to.

    `planned` are the codes of all posts that are to stand, `composed` those of them that are not yet
    planned from this, `sources` what these are planned from.
    """

    opened: OfficeHome
    calendar: Calendar
    matching: Matching
    plan: Plan
    planned: frozenset[str]
    composed: Sequence[ComposedPost]
    sources: Mapping[str, str]
    problems: Sequence[Problem]
    #: Of entries that translators work at: the texts that no column of a calendar holds.
    wanted: Sequence[Wanted] = ()


def understand(
    house: House, opened: OfficeHome, calendar: Calendar, *, known: Known, problems: Sequence[Problem]
) -> Reading:
    """Match the rows of a calendar with entries, plan their posts and compose what is new of them.

    `problems` are mistakes in the list of channels.
    """
    calendar = replace(calendar, campaigns=moved(calendar.campaigns, known.moves))
    concerned = _concerned(known.entries.values(), calendar)
    matching = identify(calendar, [remembered(row) for row in concerned], taken=known.entries)
    entries = translated(matching.entries, known.translations)
    plans = _plans(house, opened.knowing(calendar.campaigns), entries, known=known)
    posts = {post.id: (one, post) for one in plans for post in one.posts}
    sources = {name: _source(post, opened) for name, (_plan, post) in posts.items()}
    composed = [
        _compose(house, opened, one, post)
        for name, (one, post) in posts.items()
        if known.sources.get(name) != sources[name]
    ]
    sure = {item.post.id: sources[item.post.id] for item in composed if not _hangs_on_more(item)}
    told = (*problems, *calendar.problems)
    given = {code for code, _locale in known.translations}
    typed = (entry for entry in matching.entries if entry.code.casefold() in given)
    foreign = inheriting(typed, calendar.campaigns)
    missing = tuple(wanted(foreign, known.translations, opened.selection.select))
    return Reading(opened, calendar, matching, plans[0], frozenset(posts), composed, sure, told, missing)


def _concerned(entries: Iterable[EntryRow], calendar: Calendar) -> list[EntryRow]:
    """Return the entries that rows of this calendar may be, or may have left behind in its files."""
    rows, refused = calendar.entries, calendar.refused
    files = {*calendar.files, *(row.place.file for row in rows), *(row.file for row in refused)}
    codes = {
        code.casefold() for code in (*(row.code for row in rows), *(row.code for row in refused)) if code
    }
    prints = {row.fingerprint() for row in rows}
    keys = {row.match_key() for row in rows} | {row.match_key for row in refused}
    return [
        old
        for old in entries
        if old.file in files
        or old.code.casefold() in codes
        or old.fingerprint in prints
        or old.match_key in keys
    ]


def _plans(house: House, opened: OfficeHome, entries: Sequence[Entry], *, known: Known) -> list[Plan]:
    """Plan from today on, and earlier days for posts that wait for a new time: an edit still reaches them."""
    now = house.clock.now()
    today = now.astimezone(OFFICE_ZONE).date()
    seen = {code: row.first_seen for code, row in known.entries.items()}
    planning = partial(plan, planning=opened.planning(), known_posts=known.posts, seen=seen)
    ahead = timedelta(days=house.settings.calendar.horizon_days)
    plans = [planning(entries, span=Span(today, today + ahead, now))]
    if known.open:
        first = min(post.due for post in known.open.values()).astimezone(OFFICE_ZONE).date()
        waiting = {post.entry for post in known.open.values()}
        some = [entry for entry in entries if entry.code in waiting]
        plans.append(planning(some, span=Span(first, today - timedelta(days=1), now)).only(known.open))
    return plans


def _source(post: PlannedPost, opened: OfficeHome) -> str:
    """Return the hash of all that a post is made of, but for its pictures."""
    return digest([opened.rules_hash, post.entry.fingerprint(), post.due.isoformat(), repr(post.facts)])


def _hangs_on_more(item: ComposedPost) -> bool:
    """Tell whether a post may come out otherwise from the same row: pictures change, and what refuses it."""
    return bool(item.problems or item.post.entry.pictures)


def _compose(house: House, opened: OfficeHome, planned: Plan, post: PlannedPost) -> ComposedPost:
    try:
        media = media_of(post.entry, opened.calendars, of_file=house.media.keep)
    except RefusedError as error:
        return ComposedPost(post, (), (str(error),))
    problems: dict[str, None] = {}
    payload_of = composer(post, office=opened.office, publishers=house.works.publishers, media=media)
    found = []
    for delivery in planned.deliveries_of(post):
        payload = None
        if delivery.text_locale:
            try:
                payload = payload_of(delivery)
            except RefusedError as error:
                problems[str(error)] = None
        channel = delivery.channel
        after = delivery.due - post.due
        found.append(ComposedDelivery(channel.name, channel.platform, delivery.locale, payload, after))
    return ComposedPost(post, tuple(found), tuple(problems))
