"""Put translations into entries as if they stood in columns; know which are wanted, stale or late. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from content_queue.models import Channel, Entry, Translation, TranslationState

#: Entry, its code folded, and locale -> its translation as kept.
Kept = Mapping[tuple[str, str], Translation]


def source_of(entry: Entry) -> tuple[str, str]:
    """Return the locale and the text that translators start from: the Vietnamese one, else the first."""
    locale = "vi" if "vi" in entry.texts else next(iter(entry.texts))
    return locale, entry.texts[locale]


def translated(entries: Iterable[Entry], kept: Kept) -> tuple[Entry, ...]:
    """Return the entries with every translation that may be published; a column of the calendar comes first.

    It may be published if somebody else than the translator read it, and the source is still the same.
    """
    by_entry = defaultdict(list)
    for (code, _locale), each in kept.items():
        by_entry[code].append(each)
    return tuple(_with_texts(entry, by_entry) for entry in entries)


def _with_texts(entry: Entry, by_entry: Mapping[str, Sequence[Translation]]) -> Entry:
    _locale, source = source_of(entry)
    usable = {
        each.locale: each.text
        for each in by_entry.get(entry.code.casefold(), ())
        if each.locale not in entry.texts
        and each.state is TranslationState.CHECKED
        and each.made_from(source)
    }
    return replace(entry, texts={**entry.texts, **usable}) if usable else entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text of one entry that its channels want in one language, and what is kept of it.

    `source` is the text it is to be made from.
    """

    entry: Entry
    locale: str
    source: str
    kept: Translation | None = None

    @property
    def stale(self) -> bool:
        """Tell whether it was made from another text than there is now."""
        return self.kept is not None and bool(self.kept.text) and not self.kept.made_from(self.source)

    @property
    def ready(self) -> bool:
        """Tell whether it may be published."""
        return self.kept is not None and self.kept.state is TranslationState.CHECKED and not self.stale

    def late(self, today: date) -> bool:
        """Tell whether its deadline went by."""
        return self.kept is not None and not self.ready and (self.kept.deadline or today) < today


def wanted(
    entries: Iterable[Entry], kept: Kept, select: Callable[[tuple[str, ...]], Sequence[Channel]]
) -> Iterator[Wanted]:
    """Give the texts that channels of an entry want and no column of the calendar holds."""
    for entry in entries:
        _locale, source = source_of(entry)
        heard = (channel for channel in select(entry.channels) if channel.mode != "off")
        spoken = (locale for channel in heard for locale in channel.languages)
        for locale in dict.fromkeys(spoken):
            if locale not in entry.texts and (not entry.languages or locale in entry.languages):
                yield Wanted(entry, locale, source, kept.get((entry.code.casefold(), locale)))
