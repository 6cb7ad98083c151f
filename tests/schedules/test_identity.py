from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import time
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from content_queue.models import Entry, Place
from schedules.identity import KnownEntry, Matching, Refused, match

FILE = "a.xlsx"


def row(text: str, *, code: str = "", hour: int = 7, file: str = FILE, number: int = 2) -> Entry:
    return Entry(
        code=code,
        place=Place(file, "Lịch", number),
        date_words="20/11",
        offset=0,
        at=time(hour),
        agency="sngv",
        author="A",
        campaign="",
        channels=("zalo",),
        languages=(),
        texts={"vi": text},
    )


def numbering(start: int = 1) -> Callable[[], str]:
    numbers = count(start)
    return lambda: f"B{next(numbers):04}"


def first_import(rows: Sequence[Entry]) -> Matching:
    return match(rows, (), readable=frozenset({FILE}), new_code=numbering())


def remember(entries: Iterable[Entry], typed: Iterable[str] = ()) -> list[KnownEntry]:
    known = set(typed)
    return [
        KnownEntry(entry.code, entry.fingerprint(), entry.match_key(), entry.place.file, entry.code in known)
        for entry in entries
    ]


def again(
    rows: Sequence[Entry],
    known: Sequence[KnownEntry],
    *,
    refused: Sequence[Refused] = (),
    readable: Iterable[str] = (FILE,),
) -> Matching:
    return match(rows, known, refused=refused, readable=frozenset(readable), new_code=numbering(50))


def told(matching: Matching) -> dict[str, tuple[object, ...]]:
    """Return what is not empty and not the entries themselves."""
    fields = ("added", "changed", "same", "gone", "wrong", "replaced")
    return {name: value for name in fields if (value := getattr(matching, name))}


def test_a_row_without_a_code_gets_one_and_keeps_it() -> None:
    """At first import; later the same whole row is the same entry."""
    rows = [row("a"), row("b", code="TET-01")]
    matching = first_import(rows)
    assert [entry.code for entry in matching.entries] == ["B0001", "TET-01"]
    assert told(matching) == {"added": ("B0001", "TET-01")}
    later = again(rows, remember(matching.entries, ["TET-01"]))
    assert told(later) == {"same": ("B0001", "TET-01")}
    assert later.entries == matching.entries


def test_an_entry_with_a_code_is_known_whatever_changes() -> None:
    """Text, hour and file may all be new; the case of the code does not matter."""
    known = remember([row("a", code="TET-01")], ["TET-01"])
    matching = again([row("b", code="tet-01", hour=9, file="b.xlsx")], known, readable=(FILE, "b.xlsx"))
    assert told(matching) == {"changed": ("TET-01",)}
    assert matching.entries[0].code == "TET-01"


def test_a_changed_text_is_matched_by_date_time_channels_and_campaign() -> None:
    """Where only one row and one known entry have that key."""
    known = remember(first_import([row("a"), row("x", hour=9)]).entries)
    assert told(again([row("mới"), row("x", hour=9)], known)) == {"changed": ("B0001",), "same": ("B0002",)}


def test_a_key_that_is_not_unique_matches_nothing() -> None:
    """The old one is cancelled, a new one planned, and the editor is told both."""
    known = remember(first_import([row("a"), row("b")]).entries)
    matching = again([row("mới"), row("b")], known)
    assert told(matching) == {
        "added": ("B0050",),
        "same": ("B0002",),
        "gone": ("B0001",),
        "replaced": (("B0001", "B0050"),),
    }


def test_a_row_moved_to_another_hour_is_another_entry() -> None:
    """Old and new are told as a pair where they are the only two of the file."""
    known = remember(first_import([row("a"), row("b", hour=9)]).entries)
    matching = again([row("a", hour=8), row("b", hour=9)], known)
    assert told(matching)["replaced"] == (("B0001", "B0050"),)


def test_a_row_gone_is_cancelled_only_if_its_file_was_read() -> None:
    """A file that is away or broken changes nothing."""
    known = remember(first_import([row("a"), row("b", hour=9)]).entries)
    assert told(again([row("a")], known)) == {"same": ("B0001",), "gone": ("B0002",)}
    assert told(again([], known, readable=())) == {}
    assert told(again([], known, readable=("b.xlsx",))) == {}


def test_a_row_that_became_wrong_is_not_gone() -> None:
    """It is found by its code or its key; its post goes back to draft."""
    known = remember([row("a", code="TET-01"), row("b", code="B0001", hour=9)], ["TET-01"])
    by_code = Refused(FILE, code="tet-01")
    by_key = Refused(FILE, match_key=row("", hour=9).match_key())
    assert told(again([], known, refused=[by_code, by_key])) == {"wrong": ("B0001", "TET-01")}


def test_a_wrong_row_that_nothing_is_known_of_may_be_any_of_its_file() -> None:
    """Rather a draft too many than a post cancelled for a typing slip; typed codes are certain."""
    known = remember(
        [row("a", code="TET-01"), row("b", code="B0001"), row("c", code="B0002", file="b.xlsx")], ["TET-01"]
    )
    matching = again([], known, refused=[Refused(FILE)], readable=(FILE, "b.xlsx"))
    assert told(matching) == {"gone": ("B0002", "TET-01"), "wrong": ("B0001",)}


def test_a_cancelled_entry_comes_back_only_as_the_same_row() -> None:
    """It takes no other row's place, and cannot be gone twice."""
    (old,) = remember([row("a", code="B0001")])
    dead = replace(old, live=False)
    assert told(again([row("a")], [dead])) == {"same": ("B0001",)}
    assert told(again([row("khác")], [dead])) == {"added": ("B0050",)}
    assert told(again([], [dead])) == {}


def test_a_code_typed_later_is_told_as_the_successor() -> None:
    """An entry is known by its code, so a new code is a new entry."""
    known = remember(first_import([row("a")]).entries)
    matching = again([row("a", code="NHA-GIAO")], known)
    assert told(matching) == {
        "added": ("NHA-GIAO",),
        "gone": ("B0001",),
        "replaced": (("B0001", "NHA-GIAO"),),
    }


def test_the_code_we_gave_may_be_typed_into_the_file() -> None:
    """As in the copy that is sent back to the editor."""
    known = remember(first_import([row("a")]).entries)
    assert told(again([row("b", code="B0001", hour=9)], known)) == {"changed": ("B0001",)}


ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(7, 9), st.booleans()), max_size=8)


def build(specs: Sequence[tuple[str, int, bool]]) -> list[Entry]:
    """Build rows; those with a code have different ones."""
    return [
        row(text, hour=hour, code=f"T-{number}" if coded else "", number=number)
        for number, (text, hour, coded) in enumerate(specs, start=2)
    ]


@given(specs=ROWS, data=st.data())
def test_shuffled_rows_in_renamed_files_and_sheets_are_the_same_entries(
    specs: list[tuple[str, int, bool]], data: st.DataObject
) -> None:
    """Sheet, file name and row number are no part of identity."""
    first = first_import(build(specs))
    known = remember(first.entries)
    moved = [
        replace(entry, place=Place("khác.xlsx", "Trang2", number))
        for number, entry in enumerate(data.draw(st.permutations(build(specs))), start=40)
    ]
    later = again(moved, known, readable=(FILE, "khác.xlsx"))
    assert set(told(later)) <= {"same"}
    assert sorted(later.same) == sorted(entry.code for entry in first.entries)


@given(before=ROWS, after=ROWS, lost=st.integers(0, 3))
def test_nothing_is_lost_and_nothing_is_two_things(
    before: list[tuple[str, int, bool]], after: list[tuple[str, int, bool]], lost: int
) -> None:
    """Every row is one entry; every known entry is met, gone or wrong, and only one of these."""
    known = remember(first_import(build(before)).entries)
    matching = again(build(after), known, refused=[Refused(FILE)] * lost)
    met = [*matching.changed, *matching.same]
    codes = [entry.code for entry in matching.entries]
    assert len(set(codes)) == len(codes) == len(after)
    assert sorted([*met, *matching.added]) == sorted(codes)
    assert sorted([*met, *matching.gone, *matching.wrong]) == sorted(old.code for old in known)
    assert {old for old, _new in matching.replaced} <= set(matching.gone)
    assert {new for _old, new in matching.replaced} <= set(matching.added)
