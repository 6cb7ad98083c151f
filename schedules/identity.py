"""Know an entry again after its row moved or changed.

An entry is known by its `Mã bài`. A row without one gets a code at first import and is matched
later by the same whole row, else by its match key (date words, time, channels, campaign) where
that is unique in both versions, else the old one is cancelled and a new one planned. Sheet, file
name and row number are no part of identity.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from content_queue.models import Entry


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What the ledger remembers of an entry.

    `typed` says whether an editor wrote its code; `live` is False for one that was cancelled.
    """

    code: str
    fingerprint: str
    match_key: str
    file: str
    typed: bool
    live: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """What could still be read of a wrong row; both are empty where nothing could."""

    file: str
    code: str = ""
    match_key: str = ""


@dataclass(frozen=True, slots=True)
class Matching:
    """What an import means for the ledger.

    `entries` are all good rows, each with its code; `added`, `changed` and `same` are their codes.
    `gone` are codes of known entries to cancel, `wrong` of those whose row became wrong.
    `replaced` pairs an old code of `gone` with the new one that most likely stands for it.
    """

    entries: tuple[Entry, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    gone: tuple[str, ...]
    wrong: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...]


#: Number of the row in the order given -> the known entry that it is.
_Pairs: TypeAlias = Mapping[int, KnownEntry]


def match(
    rows: Sequence[Entry],
    known: Iterable[KnownEntry],
    *,
    refused: Sequence[Refused] = (),
    readable: frozenset[str],
    new_code: Callable[[], str],
) -> Matching:
    """Find the known entry of every row, and tell what came, changed and went. Pure but for `new_code`.

    `readable` are the names of files that were read whole: only their entries can be gone. Give
    cancelled entries in `known` too, so that a row that comes back as it was is known again.
    """
    remembered = {old.code.casefold(): old for old in sorted(known, key=lambda old: old.code)}
    pairs = dict(_by_code(rows, remembered))
    unnamed = [number for number, row in enumerate(rows) if not row.code]
    left = _left(remembered, pairs)
    pairs |= _by_fingerprint(rows, unnamed, left=left)
    pairs |= _by_key(rows, unnamed, left=left, paired=pairs)
    entries = tuple(_coded(row, pairs.get(number), new_code) for number, row in enumerate(rows))
    missing = [old for old in _left(remembered, pairs) if old.live]
    wrong = _wrong(missing, refused)
    gone = [old for old in missing if old.code not in wrong and old.file in readable]
    return _matching(entries, pairs, gone=gone, wrong=wrong)


def _left(remembered: Mapping[str, KnownEntry], pairs: _Pairs) -> list[KnownEntry]:
    taken = {old.code for old in pairs.values()}
    return [old for old in remembered.values() if old.code not in taken]


def _by_code(rows: Sequence[Entry], remembered: Mapping[str, KnownEntry]) -> _Pairs:
    codes = ((number, row.code.casefold()) for number, row in enumerate(rows))
    return {number: remembered[code] for number, code in codes if code in remembered}


def _by_fingerprint(rows: Sequence[Entry], numbers: Iterable[int], *, left: Sequence[KnownEntry]) -> _Pairs:
    """Pair rows with entries of the same whole row; of equal rows, one each, the living first."""
    shelves: defaultdict[str, deque[KnownEntry]] = defaultdict(deque)
    for old in sorted(left, key=lambda old: not old.live):
        shelves[old.fingerprint].append(old)
    found = ((number, shelves[rows[number].fingerprint()]) for number in numbers)
    return {number: shelf.popleft() for number, shelf in found if shelf}


def _by_key(
    rows: Sequence[Entry], numbers: Sequence[int], *, left: Sequence[KnownEntry], paired: _Pairs
) -> _Pairs:
    """Pair what is left by the match key, where only one row and one entry have it at all."""
    keys = {number: rows[number].match_key() for number in numbers}
    in_rows, in_ledger = Counter(keys.values()), Counter(old.match_key for old in left if old.live)
    taken = {old.code for old in paired.values()}
    old_of = {old.match_key: old for old in left if old.live and old.code not in taken}
    return {
        number: old_of[key]
        for number, key in keys.items()
        if number not in paired and key in old_of and in_rows[key] == in_ledger[key] == 1
    }


def _coded(row: Entry, old: KnownEntry | None, new_code: Callable[[], str]) -> Entry:
    return replace(row, code=old.code if old else row.code or new_code())


def _wrong(missing: Sequence[KnownEntry], refused: Sequence[Refused]) -> frozenset[str]:
    """Return the codes of missing entries whose row is there, but wrong.

    A wrong row that nothing is known of may be any entry without a typed code that its file had:
    those are all kept as wrong, for a draft can be mended and a cancelled post is lost.
    """
    codes = {row.code.casefold() for row in refused if row.code}
    keys = {row.match_key for row in refused if row.match_key and not row.code}
    known_keys = {old.match_key for old in missing}
    nameless = {row.file for row in refused if not row.code and row.match_key not in known_keys}
    return frozenset(
        old.code
        for old in missing
        if old.code.casefold() in codes or old.match_key in keys or (not old.typed and old.file in nameless)
    )


def _matching(
    entries: tuple[Entry, ...], pairs: _Pairs, *, gone: Sequence[KnownEntry], wrong: frozenset[str]
) -> Matching:
    added = [entry for number, entry in enumerate(entries) if number not in pairs]
    met = [(entries[number], old) for number, old in pairs.items()]
    return Matching(
        entries=entries,
        added=tuple(sorted(entry.code for entry in added)),
        changed=tuple(sorted(entry.code for entry, old in met if entry.fingerprint() != old.fingerprint)),
        same=tuple(sorted(entry.code for entry, old in met if entry.fingerprint() == old.fingerprint)),
        gone=tuple(old.code for old in gone),
        wrong=tuple(sorted(wrong)),
        replaced=tuple(_replaced(gone, added)),
    )


def _replaced(gone: Sequence[KnownEntry], added: Sequence[Entry]) -> Iterable[tuple[str, str]]:
    """Pair what went with what came: the same row, the same key, or the only two of a file."""
    old_left, new_left = list(gone), sorted(added, key=lambda entry: entry.code)
    for alike in (_same_row, _same_key, _only_two(gone, added)):
        for old in tuple(old_left):
            new = next((entry for entry in new_left if alike(old, entry)), None)
            if new is not None:
                old_left.remove(old)
                new_left.remove(new)
                yield old.code, new.code


def _same_row(old: KnownEntry, new: Entry) -> bool:
    return old.fingerprint == new.fingerprint()


def _same_key(old: KnownEntry, new: Entry) -> bool:
    return old.match_key == new.match_key()


def _only_two(gone: Sequence[KnownEntry], added: Sequence[Entry]) -> Callable[[KnownEntry, Entry], bool]:
    went = Counter(old.file for old in gone if not old.typed)
    came = Counter(entry.place.file for entry in added)

    def alike(old: KnownEntry, new: Entry) -> bool:
        return not old.typed and old.file == new.place.file and went[old.file] == came[old.file] == 1

    return alike
