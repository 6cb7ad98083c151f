"""From rows to posts and deliveries."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_queue.models import Channel, Entry, Place
from schedules.occasions import load
from schedules.planner import MissingText, Plan, Planning, Skipped, Span, Undated, plan
from schedules.refusals import ReadError

OCCASIONS = load()
CHANNELS = (
    Channel("trang-tinh", "ubnd-tinh", "facebook", "1", ("vi", "en")),
    Channel("oa-tinh", "ubnd-tinh", "zalo", "2"),
    Channel("kenh-en", "so-vhttdl", "telegram", "3", ("en", "ko")),
    Channel("cu", "so-vhttdl", "facebook", "4", mode="off"),
    Channel("tay", "xa-an-hoa", "facebook", "5", mode="assisted"),
)
START = datetime(2026, 1, 1, tzinfo=UTC)
ALL_YEARS = Span(date(2026, 1, 1), date(2031, 12, 31), START)


def select(words: Sequence[str]) -> tuple[Channel, ...]:
    if "nhầm" in words:
        raise ReadError("channel_unknown", "Không có kênh này.", hint="Xem danh sách kênh.")
    listed = {channel.name for channel in CHANNELS} - {"tay"} if "all" in words else {*words}
    return tuple(channel for channel in CHANNELS if channel.name in listed)


PLANNING = Planning(OCCASIONS, select)


def row(words: str, *, code: str = "B1", offset: int = 0, **more: object) -> Entry:
    plain = Entry(
        code=code,
        place=Place("lich.xlsx", "Lịch", 2),
        date_words=words,
        offset=offset,
        at=time(7, 30),
        agency="ubnd-tinh",
        author="Lan",
        campaign="",
        channels=("all",),
        languages=(),
        texts={"vi": "Xin chào", "en": "Hello"},
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def planned(*rows: Entry, span: Span = ALL_YEARS, planning: Planning = PLANNING) -> Plan:
    return plan(rows, planning, span=span)


def as_days(days: str) -> list[date]:
    return [date(*reversed([int(part) for part in day.split("/")])) for day in days.split()]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Tết Nguyên đán", "17/2/2026 6/2/2027 26/1/2028 13/2/2029 2/2/2030 23/1/2031"),
        ("Ngọc Hồi - Đống Đa", "21/2/2026 10/2/2027 30/1/2028 17/2/2029 6/2/2030 27/1/2031"),
        ("Giỗ Tổ Hùng Vương", "26/4/2026 16/4/2027 4/4/2028 23/4/2029 12/4/2030 1/4/2031"),
        ("Giao thừa", "16/2/2026 5/2/2027 25/1/2028 12/2/2029 1/2/2030 22/1/2031"),
        ("30 Chạp", "16/2/2026 5/2/2027 25/1/2028 12/2/2029 1/2/2030 22/1/2031"),
        ("10/3 âm lịch", "26/4/2026 16/4/2027 4/4/2028 23/4/2029 12/4/2030 1/4/2031"),
        ("20/11", "20/11/2026 20/11/2027 20/11/2028 20/11/2029 20/11/2030 20/11/2031"),
        ("20/11/2026", "20/11/2026"),
    ],
)
def test_days_of_2026_to_2031_are_those_of_the_printed_calendars(words: str, days: str) -> None:
    """Once a year, on the right day, also in the year with leap month 3."""
    assert [post.facts.day for post in planned(row(words)).posts] == as_days(days)


def test_due_is_the_local_hour_in_utc() -> None:
    """7h30 at home is half past midnight in UTC."""
    (post,) = planned(row("20/11/2026")).posts
    assert (post.id, post.year, post.due) == ("B1-2026", 2026, datetime(2026, 11, 20, 0, 30, tzinfo=UTC))


def test_a_countdown_at_midnight_of_tet_2027_follows_the_last_of_chap() -> None:
    """Giao thừa is 05/02/2027, 29 Chạp; midnight after it begins mùng 1."""
    eve, tet = planned(
        row("Giao thừa", code="A", at=time(23, 59), years=(2027,)),
        row("Tết", code="B", at=time(0, 0), years=(2027,)),
    ).posts
    assert (eve.facts.day, eve.facts.lunar) == (date(2027, 2, 5), (29, 12, False))
    assert tet.due - eve.due == timedelta(minutes=1)


def test_the_kings_day_of_2031_is_one_post_in_spite_of_leap_month_3() -> None:
    """A leap month repeats no festival."""
    posts = planned(row("Giỗ Tổ Hùng Vương", years=(2031,))).posts
    assert [(post.id, post.facts.day) for post in posts] == [("B1-2031", date(2031, 4, 1))]


def test_a_series_leads_to_a_lunar_day_across_months() -> None:
    """10/3 âm lịch 2027 is 16/4: D-30, D-7, D-1."""
    rows = [row("10/3 âm lịch", code=f"D{n}", offset=-n, years=(2027,)) for n in (30, 7, 1)]
    days = [post.facts.day for post in planned(*rows).posts]
    assert days == [date(2027, 3, 17), date(2027, 4, 9), date(2027, 4, 15)]


def test_two_occasions_of_one_day_count_their_own_years() -> None:
    """03/3/2027: 68 years of the Border Guard, 38 of the All-People Border Defence Day."""
    rows = [
        row("Ngày truyền thống Bộ đội Biên phòng", code="A", years=(2027,)),
        row("Ngày Biên phòng toàn dân", code="B", years=(2027,)),
    ]
    found = [(post.facts.day, post.facts.years) for post in planned(*rows).posts]
    assert found == [(date(2027, 3, 3), 68), (date(2027, 3, 3), 38)]


def test_23_chap_of_lunar_2026_is_in_the_plan_of_2027() -> None:
    """`Năm` is the Gregorian year of the day."""
    rows = [row("23 tháng Chạp", code="A", years=(2027,)), row("Ông Công - Ông Táo", code="B", years=(2026,))]
    found = [(post.id, post.facts.day) for post in planned(*rows).posts]
    assert found == [("B-2026", date(2026, 2, 10)), ("A-2027", date(2027, 1, 30))]


@pytest.mark.parametrize(
    ("words", "offset", "year", "day"),
    [
        ("1/1", -3, 2027, date(2026, 12, 29)),
        ("22/12", 15, 2026, date(2027, 1, 6)),
        ("Tết", -40, 2027, date(2026, 12, 28)),
    ],
)
def test_an_offset_over_the_new_year_keeps_the_year_of_the_day(
    words: str, offset: int, year: int, day: date
) -> None:
    """`Năm` is the year of the occasion's day, not of the offset day."""
    narrow = Span(day, day, START)
    (post,) = planned(row(words, offset=offset, years=(year,)), span=narrow).posts
    assert (post.id, post.facts.day, post.facts.occasion_day) == (
        f"B1-{year}",
        day,
        day - timedelta(days=offset),
    )


@pytest.mark.parametrize(
    ("words", "year", "years", "origin", "year_only"),
    [
        ("Ngọc Hồi - Đống Đa", 2026, 237, date(1789, 1, 1), True),
        ("Khởi nghĩa nông dân Tây Sơn", 2026, 255, date(1771, 1, 1), True),
        ("Ngày Chiến thắng Điện Biên Phủ", 2026, 72, date(1954, 5, 7), False),
        ("Ngày Thương binh - Liệt sĩ", 2027, 80, date(1947, 7, 27), False),
        ("Năm Du lịch quốc gia - Gia Lai 2026", 2026, None, date(2026, 1, 1), True),
        ("Tết", 2026, None, None, False),
        ("7/5", 2026, None, None, False),
    ],
)
def test_anniversaries_count_from_the_origin(
    words: str, year: int, years: int | None, origin: date | None, *, year_only: bool
) -> None:
    """Lunar events count by the lunar year; a plain date counts nothing."""
    (post,) = planned(row(words, years=(year,))).posts
    assert (post.facts.years, post.facts.origin, post.facts.origin_year_only) == (years, origin, year_only)


def test_a_post_knows_its_occasion_and_its_lunar_day() -> None:
    """What localizing needs, by the occasion's own day and not the offset one."""
    (post,) = planned(row("Giỗ Tổ Hùng Vương", offset=-3, years=(2027,))).posts
    assert (post.facts.occasion, post.facts.names["vi"]) == ("gio-to", "Giỗ Tổ Hùng Vương")
    assert (post.facts.occasion_day, post.facts.lunar) == (date(2027, 4, 16), (10, 3, False))


def test_a_plain_date_has_no_occasion() -> None:
    """20/11 as a date is a date."""
    (post,) = planned(row("20/11/2026")).posts
    assert (post.facts.occasion, dict(post.facts.names), post.facts.lunar) == ("", {}, (12, 10, False))


def test_a_weekly_occasion_makes_a_post_a_week_with_its_day_in_the_id() -> None:
    """Ids stay unique where a year has many days."""
    span = Span(date(2026, 11, 21), date(2026, 12, 25), START)
    posts = planned(row("Cồng chiêng cuối tuần"), span=span).posts
    assert [post.id for post in posts] == [
        f"B1-{day}" for day in ("2026-11-21", "2026-11-28", "2026-12-05", "2026-12-12", "2026-12-19")
    ]


def deliveries(found: Plan) -> list[tuple[str, str, str]]:
    return [(each.channel.name, each.locale, each.text_locale) for each in found.deliveries()]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("wait", [("trang-tinh", "en", "en"), ("kenh-en", "en", "en"), ("kenh-en", "ko", "")]),
        ("fallback", [("trang-tinh", "en", "en"), ("kenh-en", "en", "en"), ("kenh-en", "ko", "en")]),
        ("skip", [("trang-tinh", "en", "en"), ("kenh-en", "en", "en")]),
    ],
)
def test_each_channel_and_language_has_a_delivery(
    missing: MissingText, expected: list[tuple[str, str, str]]
) -> None:
    """A missing Korean text waits, borrows, or is skipped; a channel that is off gets nothing."""
    planning = replace(PLANNING, missing=missing, fallback=("ja", "en", "vi"))
    found = planned(row("20/11/2026"), planning=planning)
    vietnamese = [("trang-tinh", "vi", "vi"), ("oa-tinh", "vi", "vi")]
    assert sorted(deliveries(found)) == sorted([*vietnamese, *expected])


def test_a_fallback_without_any_text_waits() -> None:
    """There is nothing to borrow."""
    planning = replace(PLANNING, missing="fallback", fallback=("vi",))
    only = row("20/11/2026", channels=("kenh-en",), texts={"fr": "Bonjour", "vi": " "})
    assert deliveries(planned(only, planning=planning)) == [("kenh-en", "en", ""), ("kenh-en", "ko", "")]


def test_what_is_skipped_is_said() -> None:
    """Nothing is lost silently."""
    found = planned(row("20/11/2026"), planning=replace(PLANNING, missing="skip"))
    assert found.skipped == (Skipped("B1-2026", "ko", ("kenh-en",)),)


def test_channels_that_officers_post_on_are_planned_as_others() -> None:
    """Nobody would be asked to post what was never planned."""
    found = planned(row("20/11/2026", channels=("tay", "cu")))
    assert (deliveries(found), found.unheard) == ([("tay", "vi", "vi")], ())


def test_a_row_narrows_the_languages() -> None:
    """A channel without any of them gets nothing."""
    only = row("20/11/2026", languages=("en",))
    assert deliveries(planned(only)) == [("trang-tinh", "en", "en"), ("kenh-en", "en", "en")]


@pytest.mark.parametrize(
    ("channels", "missing", "texts"),
    [(("cu",), "wait", {"vi": "x"}), (("oa-tinh",), "skip", {"en": "x"})],
)
def test_a_post_that_no_channel_would_carry_is_told(
    channels: tuple[str, ...], missing: MissingText, texts: dict[str, str]
) -> None:
    """Neither planned nor forgotten."""
    planning = replace(PLANNING, missing=missing)
    found = planned(row("20/11/2026", channels=channels, texts=texts), planning=planning)
    assert (found.posts, [post.id for post in found.unheard]) == ((), ["B1-2026"])


NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)  # 12 o'clock at home; the window of 7h30 closed at 9h30


def test_a_row_whose_window_closed_before_it_was_seen_is_past() -> None:
    """Listed, never planned."""
    found = plan([row("20/11")], PLANNING, span=Span(date(2026, 11, 20), date(2026, 12, 25), NOON))
    assert (found.posts, [post.id for post in found.past]) == ((), ["B1-2026"])


@pytest.mark.parametrize(("at", "is_past"), [(time(10, 0), True), (time(10, 1), False)])
def test_the_window_closes_on_its_minute(at: time, *, is_past: bool) -> None:
    """Two hours after due: at 12:00 a post of 10:00 is past, one of 10:01 is not."""
    found = plan([row("20/11", at=at)], PLANNING, span=Span(date(2026, 11, 20), date(2026, 11, 20), NOON))
    assert bool(found.past) is is_past


@pytest.mark.parametrize(
    "known",
    [{"known_posts": {"B1-2026"}}, {"seen": {"B1": datetime(2026, 11, 1, tzinfo=UTC)}}],
    ids=["in the ledger", "seen in time"],
)
def test_what_was_seen_in_time_stays_planned(known: dict[str, object]) -> None:
    """The ledger makes it missed and tells people; the planner does not hide it."""
    span = Span(date(2026, 11, 20), date(2026, 12, 25), NOON)
    found = plan([row("20/11")], PLANNING, span=span, **known)  # type: ignore[arg-type]
    assert ([post.id for post in found.posts], found.past) == (["B1-2026"], ())


@pytest.mark.parametrize(
    "old", [row("20/11/2025"), row("20/11", years=(2024, 2025)), row("23/12/2024 âm lịch")]
)
def test_a_row_that_lies_wholly_behind_us_is_past_once(old: Entry) -> None:
    """An editor who typed last year's date is told so."""
    found = plan([old], PLANNING, span=Span(date(2026, 11, 20), date(2026, 12, 25), NOON))
    assert (found.posts, [post.id for post in found.past]) == ((), ["B1-2025"])


def test_a_day_that_nobody_announced_is_told() -> None:
    """The sunflower festival has no date until it has one."""
    festival = row("Lễ hội Hoa dã quỳ")
    found = planned(festival, span=Span(date(2026, 11, 1), date(2026, 12, 5), START))
    assert (found.posts, found.undated) == ((), (Undated(festival, 2026),))


def test_a_lunar_day_that_a_year_lacks_is_told() -> None:
    """A 30th of a month of 29 days."""
    third = row("30/3 âm lịch", years=(2026, 2027, 2028))
    found = planned(third)
    told = {undated.year for undated in found.undated} | {post.year for post in found.posts}
    assert (told, bool(found.undated)) == ({2026, 2027, 2028}, True)


def test_days_beyond_2053_are_planned_with_a_warning() -> None:
    """Their moons may yet be computed otherwise."""
    span = Span(date(2053, 1, 1), date(2054, 12, 31), START)
    found = planned(row("Tết"), row("2/9", code="B2"), span=span)
    assert [post.id for post in found.uncertain] == ["B1-2054"]
    assert len(found.posts) == 4


@pytest.mark.parametrize("bad", [row("32/13"), row("20/11", channels=("nhầm",)), row("Lễ gì đó")])
def test_a_row_that_no_longer_means_anything_stops_no_other(bad: Entry) -> None:
    """It is told, and the others are planned."""
    good = row("20/11/2026", code="B2")
    found = planned(bad, good)
    assert [post.id for post in found.posts] == ["B2-2026"]
    assert [refused.entry for refused in found.refused] == [bad]


WORDS = ("20/11", "Tết", "10/3 âm lịch", "Quốc khánh", "30 Chạp", "Hoa dã quỳ", "1/1", "5/12/2026")
ROWS = [
    row(WORDS[n % len(WORDS)], code=f"B{n:03}", offset=n % 30 - 15, at=time(6 + n % 12)) for n in range(200)
]


def told(found: Plan) -> tuple[object, ...]:
    return (
        found.posts,
        list(found.deliveries()),
        found.past,
        found.undated,
        found.skipped,
        found.unheard,
        found.refused,
    )


@settings(max_examples=20)
@given(st.permutations(ROWS))
def test_shuffled_rows_plan_the_same(shuffled: list[Entry]) -> None:
    """Where a row stands is no part of it."""
    span = Span(date(2026, 12, 1), date(2027, 1, 5), START)
    assert told(planned(*shuffled, span=span)) == told(planned(*ROWS, span=span))


def chopped(first: date, last: date, step: int) -> Iterable[Span]:
    while first <= last:
        end = min(last, first + timedelta(days=step - 1))
        yield Span(first, end, START)
        first = end + timedelta(days=1)


@settings(max_examples=20)
@given(st.integers(5, 400))
def test_a_span_planned_in_pieces_is_the_span_planned_at_once(step: int) -> None:
    """The horizon may move by any number of days: no post is lost or doubled at its edges."""
    first, last = date(2026, 6, 1), date(2027, 6, 30)
    rows = ROWS[:24]
    pieces = [post for span in chopped(first, last, step) for post in planned(*rows, span=span).posts]
    assert pieces == list(planned(*rows, span=Span(first, last, START)).posts)


def test_ids_are_unique() -> None:
    """People type them."""
    ids = [post.id for post in planned(*ROWS).posts]
    assert len(ids) == len(set(ids))


def test_deliveries_come_one_at_a_time() -> None:
    """Five years of 200 rows over 450 channels are never held at once."""
    many = tuple(replace(CHANNELS[1], name=f"k{n}") for n in range(450))
    found = planned(*ROWS, planning=replace(PLANNING, select=lambda _: many))
    first = next(found.deliveries())
    assert (first.post, first.channel.name) == (found.posts[0].id, "k0")
    assert sum(1 for _ in found.deliveries_of(found.posts[0])) == 450
