"""Campaigns: listed in a sheet, named by rows, which take from them what they leave open."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from content_queue.models import Campaign
from schedules.calendar import Calendar, read_calendar, read_folder
from schedules.planner import Plan, Planning, Span, plan
from schedules.selection import index_channels
from schedules.spread import turns
from tests.schedules.offices import GOOD, big_office, table, write_book

OFFICE = big_office()
FESTIVAL: Mapping[str, object] = {
    "Đợt truyền thông": "Hoa dã quỳ 2026",
    "Mục tiêu": "Mời du khách đến Chư Đăng Ya",
    "Từ ngày": "15/10/2026",
    "Đến ngày": date(2026, 11, 30),
    "Ngày sự kiện": "14-16/11/2026",
    "Thẻ": "#GiaLai #HoaDaQuy",
    "Ngôn ngữ": "vi",
    "Kênh": "facebook ubnd-tinh, telegram ubnd-tinh",
    "Người phụ trách": "Trần Thị Bình",
}
CAMPAIGN = Campaign(
    "Hoa dã quỳ 2026",
    "Mời du khách đến Chư Đăng Ya",
    date(2026, 10, 15),
    date(2026, 11, 30),
    "14-16/11/2026",
    ("#GiaLai", "#HoaDaQuy"),
    ("vi",),
    ("facebook ubnd-tinh", "telegram ubnd-tinh"),
    "Trần Thị Bình",
)
OPEN = {**GOOD, "Mã bài": "HOA", "Kênh": "", "Đợt truyền thông": "hoa dã quỳ 2026"}
YEAR = Span(date(2026, 1, 1), date(2027, 12, 31), datetime(2026, 1, 1, tzinfo=UTC))


def read(
    tmp_path: Path,
    rows: Sequence[Mapping[str, object]],
    *lists: Mapping[str, object],
    name: str = "Chiến dịch",
) -> Calendar:
    sheets = {"Lịch": table(rows), name: table(lists or [FESTIVAL])}
    return read_calendar(write_book(tmp_path / "a.xlsx", sheets), OFFICE)


def planned(calendar: Calendar) -> Plan:
    select = index_channels(OFFICE.channels, OFFICE.agencies).select
    planning = Planning(OFFICE.occasions, select, campaigns=calendar.campaigns)
    return plan(calendar.entries, planning, span=YEAR)


def days(found: Plan) -> list[tuple[str, str]]:
    return [(post.id, f"{post.facts.day:%d/%m/%Y}") for post in found.posts]


@pytest.mark.parametrize("name", ["Chiến dịch", "chien dich", "Đợt truyền thông"])
def test_a_sheet_lists_campaigns(tmp_path: Path, name: str) -> None:
    """Every field is read, and no row of it is taken for an entry."""
    calendar = read(tmp_path, [GOOD], name=name)
    assert calendar.campaigns == {"hoa da quy 2026": CAMPAIGN}
    assert (calendar.problems, len(calendar.entries)) == ((), 1)
    assert Campaign.from_json(CAMPAIGN.as_json()) == CAMPAIGN


def test_a_file_of_yaml_lists_campaigns_for_the_others(tmp_path: Path) -> None:
    """The file's name says what it is; rows of another file name them."""
    lines = [f"  {title}: '{value}'" for title, value in FESTIVAL.items() if title != "Đến ngày"]
    (tmp_path / "chien-dich.yaml").write_text("\n".join(["-", *lines, "  Đến ngày: 30/11/2026"]), "utf-8")
    write_book(tmp_path / "lich.xlsx", {"Lịch": table([{**OPEN, "Ngày": "D"}])})
    calendar = read_folder(tmp_path, OFFICE)
    assert (calendar.problems, calendar.campaigns) == ((), {"hoa da quy 2026": CAMPAIGN})
    assert days(planned(calendar)) == [("HOA-2026-D", "14/11/2026")]


def test_a_row_takes_from_its_campaign_what_it_leaves_open(tmp_path: Path) -> None:
    """Channels, languages and hashtags; the entry itself stays as typed, so that it is known again."""
    calendar = read(tmp_path, [OPEN])
    (entry,) = calendar.entries
    assert (entry.channels, entry.languages, entry.hashtags) == ((), (), ())
    found = planned(calendar)
    assert {(each.channel.name, each.locale) for each in found.deliveries()} == {
        ("facebook ubnd-tinh", "vi"),
        ("telegram ubnd-tinh", "vi"),
    }
    assert found.posts[0].entry.hashtags == ("#GiaLai", "#HoaDaQuy")


def test_a_row_that_says_its_channels_keeps_them(tmp_path: Path) -> None:
    """A campaign fills gaps only."""
    calendar = read(
        tmp_path, [{**OPEN, "Kênh": "zalo ubnd-tinh", "Ngôn ngữ": "en", "Nội dung tiếng Anh": "Hi"}]
    )
    found = [(each.channel.name, each.locale) for each in planned(calendar).deliveries()]
    assert found == [("zalo ubnd-tinh", "en")]


@pytest.mark.parametrize(
    ("day", "more"),
    [
        ("D-30, D-7, D-1, D", {}),
        ("d–30; D-7;D - 1, D", {}),
        ("T-30, T-7, T-1, T", {}),
        ("N-30, N-7, N-1, N", {}),
        ("14-16/11/2026", {"Độ lệch": "-30, -7, -1, 0"}),
    ],
)
def test_a_series_counts_from_the_first_day_of_the_event(
    tmp_path: Path, day: str, more: Mapping[str, str]
) -> None:
    """However it is typed; each post is called after its distance."""
    calendar = read(tmp_path, [{**OPEN, "Ngày": day, **more}])
    assert days(planned(calendar)) == [
        ("HOA-2026-D-30", "15/10/2026"),
        ("HOA-2026-D-7", "07/11/2026"),
        ("HOA-2026-D-1", "13/11/2026"),
        ("HOA-2026-D", "14/11/2026"),
    ]


def test_a_moved_event_moves_its_posts_and_they_stay_the_same_posts(tmp_path: Path) -> None:
    """One changed cell; what the texts say of the day follows."""
    moved = {**FESTIVAL, "Ngày sự kiện": "23/11/2026"}
    found = planned(read(tmp_path, [{**OPEN, "Ngày": "D-7, D"}], moved))
    assert days(found) == [("HOA-2026-D-7", "16/11/2026"), ("HOA-2026-D", "23/11/2026")]
    facts = found.posts[0].facts
    assert (facts.occasion_day, facts.names) == (date(2026, 11, 23), {"vi": "Hoa dã quỳ 2026"})


def test_a_series_counts_from_an_occasion(tmp_path: Path) -> None:
    """Every year, with the years that it counts."""
    row = {**GOOD, "Mã bài": "QK", "Ngày": "D-1, D", "Dịp": "Quốc khánh"}
    calendar = read(tmp_path, [row])
    assert calendar.problems == ()
    assert days(planned(calendar)) == [
        ("QK-2026-D-1", "01/09/2026"),
        ("QK-2026-D", "02/09/2026"),
        ("QK-2027-D-1", "01/09/2027"),
        ("QK-2027-D", "02/09/2027"),
    ]


def test_a_weekly_rubric_keeps_within_its_campaign(tmp_path: Path) -> None:
    """What comes again and again begins and ends with it."""
    found = days(planned(read(tmp_path, [{**OPEN, "Ngày": "thứ 7 hằng tuần"}])))
    assert (found[0], found[-1], len(found)) == (
        ("HOA-2026-10-17", "17/10/2026"),
        ("HOA-2026-11-28", "28/11/2026"),
        7,
    )


WRONG: Sequence[tuple[Mapping[str, object], Mapping[str, object], str, str, str]] = (
    ({"Kênh": ""}, {"Đợt truyền thông": "đợt lạ"}, "Lịch", "F2", "channels_missing"),
    ({"Ngày sự kiện": ""}, {"Ngày": "D-7"}, "Lịch", "B2", "event_missing"),
    ({}, {"Ngày": "D-7", "Đợt truyền thông": "", "Kênh": "facebook"}, "Lịch", "B2", "series_alone"),
    ({}, {"Ngày": "D-7", "Độ lệch": "-1"}, "Lịch", "I2", "series_twice"),
    ({}, {"Đợt truyền thông": "Hoa dã quỳ", "Kênh": "facebook"}, "Lịch", "H2", "campaign_unknown"),
    ({}, {"Ngày": "20/12/2026"}, "Lịch", "B2", "campaign_outside"),
    ({"Đợt truyền thông": ""}, {"Kênh": "facebook"}, "Chiến dịch", "A2", "name_missing"),
    ({"Từ ngày": "15/10"}, {"Kênh": "facebook"}, "Chiến dịch", "C2", "campaign_day"),
    ({"Đến ngày": "1/10/2026"}, {"Kênh": "facebook"}, "Chiến dịch", "D2", "campaign_turned"),
    ({"Ngày sự kiện": "31/11/2026"}, {"Kênh": "facebook"}, "Chiến dịch", "E2", "date_impossible"),
    ({"Ngôn ngữ": "xx"}, {"Kênh": "facebook"}, "Chiến dịch", "G2", "language_unknown"),
    ({"Kênh": "facebok"}, {"Kênh": "facebook"}, "Chiến dịch", "H2", "channel_unknown"),
)


@pytest.mark.parametrize(("listed", "row", "sheet", "cell", "code"), WRONG)
def test_a_mistake_about_a_campaign_is_told_at_its_cell(
    tmp_path: Path, listed: Mapping[str, object], row: Mapping[str, object], sheet: str, cell: str, code: str
) -> None:
    """In the sheet of campaigns, or at the row that lacks something."""
    rows = [{**OPEN, "Độ lệch": "", **row}]
    problems = read(tmp_path, rows, {**FESTIVAL, **listed}).problems
    assert (problems[0].sheet, problems[0].cell, problems[0].code) == (sheet, cell, code), problems


def test_a_name_that_stands_twice_counts_for_nobody(tmp_path: Path) -> None:
    """Two answers are none."""
    calendar = read(tmp_path, [GOOD], FESTIVAL, FESTIVAL)
    assert (calendar.campaigns, [problem.code for problem in calendar.problems]) == ({}, ["name_twice"] * 2)


def test_names_of_campaigns_are_free_where_none_is_listed(tmp_path: Path) -> None:
    """Calendars of before have no such sheet."""
    rows = [{**GOOD, "Đợt truyền thông": "Tết 2027"}]
    assert read_calendar(write_book(tmp_path / "a.xlsx", {"Lịch": table(rows)}), OFFICE).problems == ()


def test_channels_take_turns_between_two_hours(tmp_path: Path) -> None:
    """Each agency has its minute, evenly, always the same; all channels of one agency go together."""
    rows = [{**GOOD, "Giờ": "7:00–9:00, rải đều", "Kênh": "facebook, telegram"}]
    calendar = read(tmp_path, rows)
    assert calendar.problems == ()
    found = planned(calendar)
    post = found.posts[0]
    after = {(each.channel.agency, each.due - post.due) for each in found.deliveries() if each.locale == "vi"}
    minutes = sorted(each.total_seconds() / 60 for _agency, each in after)
    agencies = {agency for agency, _after in after}
    assert len(after) == len(agencies) == len(set(minutes)) > 100
    assert (minutes[0], minutes[-1] < 120) == (0, True)
    assert max(later - earlier for earlier, later in pairwise(minutes)) < 2


def test_an_agency_that_joins_moves_nobody() -> None:
    """What is approved keeps its minute."""
    names = [f"xa-{number}" for number in range(136)]
    length = date(2026, 1, 1) - date(2025, 12, 31)
    fewer, more = turns(names[:135], length), turns(names, length)
    assert {name: more[name] for name in fewer} == fewer


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("7:00–9:00, rải đều", ("07:00:00", "09:00:00")),
        ("7h đến 9h30 rải đều", ("07:00:00", "09:30:00")),
        ("từ 19h30 tới 21 giờ; rải đều các xã", ("19:30:00", "21:00:00")),
        ("7h - 9h, chia đều", ("07:00:00", "09:00:00")),
    ],
)
def test_turns_are_read_as_people_type_them(tmp_path: Path, typed: str, hours: tuple[str, str]) -> None:
    """A span of hours counts only with the word for it: else it is a slip."""
    (entry,) = read(tmp_path, [{**GOOD, "Giờ": typed}]).entries
    assert (entry.at.isoformat(), entry.until and entry.until.isoformat()) == hours


def test_hours_that_are_turned_are_refused(tmp_path: Path) -> None:
    """The last one lies behind the first."""
    calendar = read(tmp_path, [{**GOOD, "Giờ": "9h đến 7h, rải đều"}])
    assert [(problem.cell, problem.code) for problem in calendar.problems] == [("C2", "time_turned")]
