"""Open an office: its agencies, channels, occasions and people, and the entries of its calendars."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from bot.errors import SettingsError
from bot.settings import Settings
from content_queue.models import Campaign, Entry, Person, Problem, digest
from content_queue.models.rules import Rule
from content_queue.texts import _
from publishers import PLATFORMS
from schedules import agencies, occasions
from schedules.agencies import AgencyNames, name_agencies
from schedules.calendar import Calendar, Kept, read_folder
from schedules.channels import read_channels
from schedules.glossary import glossary_with, read_glossary
from schedules.identity import KnownEntry, Matching, Refused, match
from schedules.office import Office
from schedules.own_occasions import read_own_occasions
from schedules.own_words import read_own_words
from schedules.planner import Planning
from schedules.readers import READERS
from schedules.refusals import ReadError
from schedules.selection import Selection, index_channels

#: Names of the tables that an office may keep beside its list of channels, without their endings:
#: its own words for languages, and terms that translations are held to.
OWN_WORDS, OWN_TERMS, OWN_OCCASIONS = "ngon-ngu", "thuat-ngu", "dip"
TABLES = (OWN_WORDS, OWN_TERMS, OWN_OCCASIONS)


#: What stands behind an entry's code in the code of one of its posts: `-2026`, `-2026-11-20`, `-2026-d-7`.
_OCCURRENCE = re.compile(r"-\d{4}(?:-\d\d-\d\d)?(?:-d(?:[+-]\d+)?)?$")


@dataclass(frozen=True, slots=True)
class OfficeHome:
    """An office and where it lives. `problems` are the mistakes in its list of channels."""

    home: Path
    settings: Settings
    office: Office
    people: tuple[Person, ...]
    selection: Selection
    problems: tuple[Problem, ...]
    #: Hash of what posts are made by: settings, agencies, channels.
    rules_hash: str
    #: Whose yes posts need, with the agencies by their codes.
    approval_rules: tuple[Rule, ...] = ()
    #: Folded name -> campaign, as far as calendars were read.
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)

    @property
    def calendars(self) -> Path:
        """The folder people save their calendars in."""
        return self.home / self.settings.calendar.folder

    def knowing(self, campaigns: Mapping[str, Campaign]) -> "OfficeHome":
        """Return the office with the campaigns that its calendars list."""
        return replace(self, campaigns=campaigns)

    def planning(self) -> Planning:
        """Return how this office plans."""
        calendar = self.settings.calendar
        return Planning(
            occasions=self.office.occasions,
            select=self.selection.select,
            missing=calendar.missing_text,
            fallback=calendar.fallback,
            window=timedelta(minutes=calendar.window_minutes),
            campaigns=self.campaigns,
        )


def open_office(home: Path, settings: Settings) -> OfficeHome:
    """Read what an office knows before it reads a calendar.

    Raises:
        SettingsError: there is no list of channels, or a person's agency is unknown.
    """
    bodies = agencies.load()
    names = name_agencies(bodies)
    people, approval = _people(settings.people, names), _rules(settings.approval.rules, names)
    path = home / settings.channels
    if not path.is_file():
        told = _("Không thấy danh sách kênh {path}.").format(path=path)
        raise SettingsError([told], next_step=_("Tạo tệp này, hoặc sửa mục channels trong settings.toml"))
    channels, problems = read_channels(path, bodies, PLATFORMS)
    own = read_own_words(beside(home, OWN_WORDS))
    terms = read_glossary(beside(home, OWN_TERMS))
    glossary = glossary_with(terms.terms, bodies)
    dated = read_own_occasions(beside(home, OWN_OCCASIONS), occasions.load())
    office = Office(bodies, channels, dated.occasions, own.forms(), glossary)
    rules = [repr(settings.calendar), repr(bodies), repr(channels), _publishing(settings)]
    rules += [repr(own.words)] if own.words else []
    selection = index_channels(channels, bodies)
    problems = (*problems, *own.problems, *terms.problems, *dated.problems)
    return OfficeHome(home, settings, office, people, selection, problems, digest(rules), approval)


def beside(home: Path, stem: str) -> Path | None:
    """Return the table of this name in a home, whatever kind of file it is; None if there is none."""
    return next((path for ending in READERS if (path := home / f"{stem}{ending}").is_file()), None)


def office_files(home: Path, settings: Settings) -> list[Path]:
    """Return the files that an office is made of, besides its settings."""
    return [home / settings.channels, *(path for stem in TABLES if (path := beside(home, stem)))]


def _publishing(settings: Settings) -> str:
    """Return what settings say of how posts are put into the platforms' forms."""
    return repr([getattr(settings, platform) for platform in PLATFORMS])


def _people(people: Iterable[Person], names: AgencyNames) -> tuple[Person, ...]:
    """Return people with codes for the agencies that settings may name in any way."""
    found: list[Person] = []
    problems: list[str] = []
    for person in people:
        try:
            codes = frozenset("*" if word == "*" else names.find(word) for word in person.agencies)
        except ReadError as error:
            problems.append(f"settings.toml: [[people]] {person.name}: {error.message} {error.hint}")
        else:
            found.append(replace(person, agencies=codes))
    if problems:
        raise SettingsError(problems)
    return tuple(found)


def _rules(rules: Iterable[Rule], names: AgencyNames) -> tuple[Rule, ...]:
    """Return rules of approval with codes for the agencies that settings may name in any way."""
    found: list[Rule] = []
    problems: list[str] = []
    for number, rule in enumerate(rules, 1):
        try:
            found.append(replace(rule, agencies=frozenset(map(names.find, rule.agencies))))
        except ReadError as error:
            problems.append(f"settings.toml: [[approval.rules]] ({number}): {error.message} {error.hint}")
    if problems:
        raise SettingsError(problems)
    return tuple(found)


def read_calendars(opened: OfficeHome, kept: Kept | None = None) -> Calendar:
    """Read all calendars of an office; `kept` saves checking files again that are as they were.

    Raises:
        SettingsError: there is no folder of calendars.
    """
    if not opened.calendars.is_dir():
        told = _("Không thấy thư mục lịch {path}.").format(path=opened.calendars)
        raise SettingsError([told], next_step=_("Tạo thư mục này, hoặc sửa mục [calendar] folder"))
    return read_folder(opened.calendars, opened.office, kept)


def identify(calendar: Calendar, known: Sequence[KnownEntry] = (), *, taken: Iterable[str] = ()) -> Matching:
    """Give every row its code: its own, the one the ledger knows it by, or the next free one.

    `taken` are more codes that are not free.
    """
    rows: tuple[Entry | Refused | KnownEntry, ...] = (*calendar.entries, *calendar.refused, *known)
    fresh = new_codes({*taken, *(row.code for row in rows)})
    return match(
        calendar.entries,
        known,
        refused=calendar.refused,
        readable=calendar.files,
        new_code=lambda: next(fresh),
    )


def new_codes(taken: Iterable[str]) -> Iterator[str]:
    """Yield codes that can be typed in a chat and are not taken: B0001, B0002 and so on."""
    folded = {code.casefold() for code in taken}
    return (code for number in count(1) if (code := f"B{number:04d}").casefold() not in folded)


def entry_named(entries: Iterable[Entry], words: str) -> Entry | None:
    """Return the entry of this `Mã bài`; a year behind it, as in a post's id, is passed over."""
    wanted = words.strip().casefold()
    by_code = {entry.code.casefold(): entry for entry in entries}
    return by_code.get(wanted) or by_code.get(_OCCURRENCE.sub("", wanted))
