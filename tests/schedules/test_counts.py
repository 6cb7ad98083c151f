"""Offsets and years as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.counts import read_offset, read_years
from schedules.refusals import ReadError


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        (None, 0),
        ("", 0),
        ("0", 0),
        ("-3", -3),
        ("−3", -3),
        ("+7", 7),
        ("7", 7),
        (-3, -3),
        (-3.0, -3),
        ("D-3", -3),
        ("d + 7", 7),
        ("D-30", -30),
        ("trước 3 ngày", -3),
        ("Sau 7 ngày", 7),
        ("3 ngày trước", -3),
        ("-3 ngày", -3),
    ],
)
def test_an_offset_is_days_before_or_after(typed: object, days: int) -> None:
    """A series of D-30, D-7, D-1 is ordinary."""
    assert read_offset(typed) == days


@pytest.mark.parametrize("typed", ["3,5", 2.5, "vài ngày", "-400", 400, "-", True])
def test_what_is_no_offset_is_refused(typed: object) -> None:
    """A post on the wrong day is worse than none."""
    with pytest.raises(ReadError) as refused:
        read_offset(typed)
    assert refused.value.code == "offset_unreadable"


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        (None, ()),
        ("", ()),
        ("hằng năm", ()),
        ("2027", (2027,)),
        (2027, (2027,)),
        (2027.0, (2027,)),
        ("2026-2030", (2026, 2027, 2028, 2029, 2030)),
        ("2026 – 2028", (2026, 2027, 2028)),
        ("2028, 2026", (2026, 2028)),
        ("2026-2027; 2030", (2026, 2027, 2030)),
    ],
)
def test_years_are_one_some_or_all(typed: object, years: tuple[int, ...]) -> None:
    """A date without a year holds every year; the column narrows it."""
    assert read_years(typed) == years


@pytest.mark.parametrize("typed", ["27", "2030-2026", "2026-", "1900", "năm sau", 27.5, "2026,"])
def test_what_is_no_list_of_years_is_refused(typed: object) -> None:
    """Two digits are a guess."""
    with pytest.raises(ReadError) as refused:
        read_years(typed)
    assert refused.value.code == "years_unreadable"


@given(st.text() | st.integers() | st.floats() | st.none())
def test_any_cell_is_read_or_refused(cell: object) -> None:
    """No cell brings the reader down."""
    for read in (read_offset, read_years):
        with suppress(ReadError):
            read(cell)
