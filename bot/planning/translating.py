"""Hand texts to translators and take back what they wrote: what is asked for, and what is kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.acts import By
from bot.checkup import plan_ahead, refused_lines
from bot.errors import LoaError
from bot.office import OfficeHome
from bot.planning.listing import Line
from content_queue.models import Entry, Translation, TranslationState, digest
from content_queue.store import Connection
from content_queue.store.audit import Act, note
from content_queue.store.translations import Kept, keep_translations, kept_translations
from content_queue.texts import _
from schedules.names import fold, nearest
from schedules.refusals import ReadError
from schedules.translation_rows import Given
from schedules.translations import Wanted, wanted
from schedules.working_days import working_day_before


def wanted_of(entries: Sequence[Entry], kept: Kept, opened: OfficeHome, campaign: str = "") -> list[Wanted]:
    """Return the texts that a campaign wants in other languages; of all entries where none is named.

    Raises:
        LoaError: no entry is of that campaign.
    """
    named = [entry for entry in entries if not campaign or fold(entry.campaign) == fold(campaign)]
    if not named and campaign:
        close = nearest(campaign, {entry.campaign for entry in entries if entry.campaign})
        step = _("Các đợt gần giống: {names}").format(names=", ".join(close)) if close else ""
        raise LoaError(_("Không có đợt nào tên “{name}”.").format(name=campaign), next_step=step)
    return list(wanted(named, kept, opened.selection.select))


def with_deadlines(found: Iterable[Wanted], opened: OfficeHome, *, days: int, now: datetime) -> list[Wanted]:
    """Return the texts with their deadlines; where none is set, so many working days before the post."""
    found = list(found)
    entries = {each.entry.code: each.entry for each in found}
    plan = plan_ahead(entries.values(), opened, now)
    due = {
        post.entry.code: working_day_before(post.facts.day, days, opened.office.occasions)
        for post in reversed(plan.posts)
    }
    return [
        replace(each, kept=_asked(each, due[each.entry.code])) if each.entry.code in due else each
        for each in found
    ]


def _asked(each: Wanted, day: date) -> Translation:
    fresh = Translation(each.entry.code, each.locale, digest(each.source), "", TranslationState.MISSING)
    kept = each.kept or fresh
    return kept if kept.deadline else replace(kept, deadline=day)


def remember(connection: Connection, found: Iterable[Wanted], now: datetime) -> None:
    """Keep the deadlines that were given out; a text that came back meanwhile stays."""
    known = kept_translations(connection)
    asked = [each.kept for each in found if each.kept]
    standing = [(known.get((each.entry.casefold(), each.locale), each), each.deadline) for each in asked]
    keep_translations(
        connection, [replace(each, deadline=each.deadline or day) for each, day in standing], now
    )


def refused_by_platforms(
    given: Given, entries: Iterable[Entry], opened: OfficeHome, *, now: datetime
) -> Given:
    """Return a workbook without the texts that a platform would refuse, each told at its cell."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for each in given.translations:
        if each.text:
            texts[each.entry][each.locale] = each.text
    some = [entry for entry in entries if entry.code in texts]
    spoken = [replace(entry, texts={**entry.texts, **texts[entry.code]}) for entry in some]
    own = {_reason(*told) for told in refused_lines(some, opened, now=now, folder=opened.calendars)}
    refused: dict[tuple[str, str], ReadError] = {}
    for line, reason in refused_lines(spoken, opened, now=now, folder=opened.calendars):
        place = line.post.entry.code, line.delivery.text_locale
        if place[1] in texts[place[0]] and _reason(line, reason) not in own:
            hint = _("Sửa bản dịch cho vừa nền tảng; xem bản gốc: loa preview {entry}").format(entry=place[0])
            refused[place] = ReadError("platform_refuses", reason, hint=hint)
    return given.without(refused)


def _reason(line: Line, reason: str) -> tuple[str, str]:
    """Return what is refused of an entry whatever its language, such as a picture that is not there."""
    return line.post.entry.code, reason


def take_in(connection: Connection, given: Collection[Translation], by: By) -> list[Translation]:
    """Keep what translators gave; return what changed. An empty row takes nothing away."""
    known = kept_translations(connection)
    real = [each for each in given if each.text or not _text_of(known, each)]
    changed = keep_translations(connection, real, by.now)
    if changed:
        named = [f"{each.entry} {each.locale} {each.state}" for each in changed]
        note(connection, Act(by.now, by.person.name, by.way, "translate", "", {"translations": named}))
    return changed


def _text_of(known: Kept, given: Translation) -> str:
    old = known.get((given.entry.casefold(), given.locale))
    return old.text if old else ""
