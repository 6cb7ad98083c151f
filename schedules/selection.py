"""Choose channels by the words of a row: a channel's name, a platform, an agency, a group, or all."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from content_queue.models import Agency, Channel
from content_queue.texts import _
from schedules.agencies import AgencyNames, name_agencies
from schedules.agencies import key as agency_key
from schedules.names import fold, nearest
from schedules.refusals import ReadError

#: A name of an agency may hold commas, but no more than make so many pieces.
_MOST_PIECES = 5
_ALL = frozenset({"tat ca", "tat ca cac kenh", "moi kenh", "toan bo", "all", "*"})


@dataclass(frozen=True, slots=True)
class Selection:
    """The channels of an office by every word that chooses some: made once, asked for every row.

    `chosen` is folded word -> numbers of channels, `shown` the words to propose.
    """

    channels: Sequence[Channel]
    agencies: AgencyNames
    chosen: Mapping[str, tuple[int, ...]]
    shown: tuple[str, ...]
    #: What was selected before: a calendar asks for the same few selections in every row.
    selected: dict[tuple[str, ...], tuple[Channel, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def select(self, words: Sequence[str]) -> tuple[Channel, ...]:
        """Return the chosen channels, each once, in the order of the list; those off included.

        Raises:
            ReadError: a word chooses nothing.
        """
        asked = tuple(words)
        if asked not in self.selected:
            numbers = {number for word in asked for number in self._numbers(word)}
            self.selected[asked] = tuple(self.channels[number] for number in sorted(numbers))
        return self.selected[asked]

    def words(self, text: str) -> tuple[str, ...]:
        """Split a cell at `,` `;` and line breaks, but never inside a name that has a comma itself."""
        parts = (part for part in re.split(r"[;\n]", text) if part.strip())
        return tuple(dict.fromkeys(word for part in parts for word in self._pieces(part)))

    def _pieces(self, part: str) -> Iterator[str]:
        pieces = [" ".join(piece.split()) for piece in part.split(",") if piece.strip()]
        while pieces:
            longest = min(len(pieces), _MOST_PIECES)
            whole = (count for count in range(longest, 1, -1) if self._names(", ".join(pieces[:count])))
            count = next(whole, 1)
            yield ", ".join(pieces[:count])
            del pieces[:count]

    def _names(self, words: str) -> bool:
        return fold(words) in self.chosen or agency_key(words) in self.agencies.codes

    def _numbers(self, word: str) -> tuple[int, ...]:
        key = fold(word)
        found = self.chosen.get(key)
        if found is None and key in _ALL:
            return tuple(range(len(self.channels)))
        return self._numbers_of_agency(word) if found is None else found

    def _numbers_of_agency(self, word: str) -> tuple[int, ...]:
        try:
            code = self.agencies.find(word)
        except ReadError as error:
            raise (_unknown(word, self.shown) if error.code == "agency_unknown" else error) from error
        found = self.chosen.get(_code_key(code))
        if found is None:
            message = _("Cơ quan “{word}” chưa có kênh nào.").format(word=word)
            raise ReadError(
                "channel_missing", message, hint=_("Khai báo kênh của cơ quan trong danh sách kênh.")
            )
        return found


def index_channels(channels: Sequence[Channel], agencies: Mapping[str, Agency]) -> Selection:
    """Index channels by the words that choose them.

    A name goes before a platform, that before a group, and a group before an agency.
    """
    chosen: dict[str, tuple[int, ...]] = {}
    for words in _NAMINGS:
        kind: dict[str, list[int]] = {}
        for number, channel in enumerate(channels):
            for word in words(channel):
                kind.setdefault(word, []).append(number)
        for word, numbers in kind.items():
            chosen.setdefault(word, tuple(numbers))
    names = (channel.name for channel in channels)
    kinds = (word for channel in channels for word in (channel.platform, *channel.groups))
    spoken = (agencies[code].names["vi"] for code in {c.agency for c in channels} if code in agencies)
    shown = tuple(dict.fromkeys((*names, *kinds, *sorted(spoken))))
    return Selection(channels, name_agencies(agencies), chosen, shown)


def select(
    words: Sequence[str], channels: Sequence[Channel], agencies: Mapping[str, Agency]
) -> tuple[Channel, ...]:
    """Return the channels that `words` choose; for more than one row index them once.

    Raises:
        ReadError: a word chooses nothing.
    """
    return index_channels(channels, agencies).select(words)


def _by_name(channel: Channel) -> Iterator[str]:
    yield fold(channel.name)


def _by_platform(channel: Channel) -> Iterator[str]:
    yield fold(channel.platform)


def _by_agency(channel: Channel) -> Iterator[str]:
    yield _code_key(channel.agency)


def _by_group(channel: Channel) -> Iterator[str]:
    yield from {fold(group) for group in channel.groups}


#: Ways to name a channel, the most exact first.
_NAMINGS = (_by_name, _by_platform, _by_agency, _by_group)


def _code_key(code: str) -> str:
    """Return a key that no typed word folds to: names of agencies are found by their own index."""
    return f"\n{code}"


def _unknown(word: str, shown: Sequence[str]) -> ReadError:
    message = _("Không có kênh, nền tảng, cơ quan hay nhóm nào tên “{word}”.").format(word=word)
    close = ", ".join(f"“{name}”" for name in nearest(word, shown))
    hint = _("Có phải {names}?").format(names=close) if close else _("Xem các kênh bằng lệnh: loa channels")
    return ReadError("channel_unknown", message, hint=hint)
