"""The occasions that ship with the house."""

import re
from datetime import date

import pytest

from schedules.names import fold
from schedules.occasions import Occasion, Occasions, _refuse_doubles, load
from schedules.rules import LastOfLunarMonth, LunarRule, Movable, SolarDay, Weekly, days

OCCASIONS = load()
KINDS = {"holiday", "major", "trad", "resp", "foreign", "local", "comm", "custom"}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Tết", "tet-nguyen-dan"),
        ("Tết Nguyên đán", "tet-nguyen-dan"),
        ("Giao thừa", "giao-thua"),
        ("giỗ tổ", "gio-to"),
        ("Giỗ Tổ Hùng Vương", "gio-to"),
        ("GIO TO HUNG VUONG", "gio-to"),
        ("Ngọc Hồi - Đống Đa", "ngoc-hoi-dong-da"),
        ("Ngọc Hồi–Đống Đa", "ngoc-hoi-dong-da"),
        ("Chiến thắng Ngọc Hồi - Đống Đa", "ngoc-hoi-dong-da"),
        ("Quốc khánh", "quoc-khanh"),
        ("National Day", "quoc-khanh"),
        ("Ngày Phụ nữ Việt Nam", "phu-nu-viet-nam"),
        ("Ngày Chiến thắng", "giai-phong-mien-nam"),
        ("Ngày truyền thống Bộ đội Biên phòng tỉnh Gia Lai", "bien-phong-gia-lai"),
        ("Lễ hội Hoa dã quỳ - Núi lửa Chư Đang Ya", "hoa-da-quy"),
    ],
)
def test_an_occasion_is_found_by_what_people_call_it(words: str, key: str) -> None:
    """Names, short names and English names; marks, case and dashes do not matter."""
    found = OCCASIONS.find(words)
    assert found is not None
    assert found.key == key


def test_an_unknown_occasion_is_none_with_names_to_propose() -> None:
    """A slip of the hand is told, not guessed."""
    assert OCCASIONS.find("Giỗ Tổ Hùng Vươn") is None
    assert OCCASIONS.nearest("Giỗ Tổ Hùng Vươn")[0] == "Giỗ Tổ Hùng Vương"


def test_all_rows_of_the_office_list_ship() -> None:
    """53 solar, 12 lunar, and 4 that move or come weekly."""
    kinds = [type(occasion.rule) for occasion in OCCASIONS.values()]
    counted = {kind: kinds.count(kind) for kind in (SolarDay, LunarRule, LastOfLunarMonth, Movable, Weekly)}
    assert counted == {SolarDay: 53, LunarRule: 11, LastOfLunarMonth: 1, Movable: 3, Weekly: 1}


@pytest.mark.parametrize("occasion", OCCASIONS.values(), ids=OCCASIONS)
def test_an_occasion_is_complete(occasion: Occasion) -> None:
    """Names in both languages, known kinds, a source where it is verified, an origin that fits."""
    assert all(occasion.names[locale].strip() for locale in ("vi", "en"))
    assert set(occasion.kinds) <= KINDS
    assert bool(occasion.source) or not occasion.verified
    if occasion.origin:
        assert occasion.origin.year == occasion.origin_year
        assert days(occasion.rule, 2028)[0].timetuple()[1:3] == occasion.origin.timetuple()[1:3]
    if occasion.counts:
        assert occasion.origin_year is not None


def test_sources_are_named_in_full() -> None:
    """No key of a list that the reader does not have."""
    assert [o.key for o in OCCASIONS.values() if re.search(r"\b[KS]\d+\b", o.source + o.note)] == []


def test_the_great_days_are_marked() -> None:
    """Those of decree 145/2013."""
    great = [occasion.key for occasion in OCCASIONS.values() if "major" in occasion.kinds]
    assert great == [
        "thanh-lap-dang",
        "giai-phong-mien-nam",
        "dien-bien-phu",
        "sinh-nhat-bac",
        "cach-mang-thang-tam",
        "quoc-khanh",
        "tet-nguyen-dan",
        "gio-to",
    ]


@pytest.mark.parametrize(
    ("key", "verified", "origin", "origin_year"),
    [
        ("dien-bien-phu", True, date(1954, 5, 7), 1954),
        ("ngoc-hoi-dong-da", True, None, 1789),
        ("khoi-nghia-tay-son", True, None, 1771),
        ("toan-quoc-khang-chien", False, date(1946, 12, 19), 1946),
        ("van-hoa-cac-dan-toc", True, None, 2008),  # the year of the decision, which was made on another day
        ("quoc-te-lao-dong", False, date(1886, 5, 1), 1886),
        ("tet-nguyen-dan", True, None, None),
    ],
)
def test_origin_and_standing_are_kept_apart(
    key: str, origin: date | None, origin_year: int | None, *, verified: bool
) -> None:
    """An unconfirmed row is offered as unconfirmed; a mere year is not made a day."""
    occasion = OCCASIONS[key]
    assert (occasion.verified, occasion.origin, occasion.origin_year) == (verified, origin, origin_year)


def test_a_day_off_that_is_not_law_yet_is_a_switch_that_is_off() -> None:
    """24/11 has its principle, not yet its paragraph."""
    assert OCCASIONS["van-hoa-viet-nam"].day_off is False
    assert "NQ 80-NQ/TW" in OCCASIONS["van-hoa-viet-nam"].legal_basis


def test_no_two_occasions_may_go_by_one_name() -> None:
    """A name that means two days means none."""
    one, two = (Occasion(key, {"vi": "Tết", "en": key}, (), SolarDay(1, 1)) for key in ("a", "b"))
    with pytest.raises(ValueError, match="two occasions"):
        _refuse_doubles(Occasions({"a": one, "b": two}))


def test_every_shipped_name_leads_to_its_own_occasion() -> None:
    """Whatever the template offers can be read back."""
    for occasion in OCCASIONS.values():
        for name in (*occasion.names.values(), *occasion.aliases):
            assert OCCASIONS.find(fold(name)) is occasion
