"""A year as a table, and two calendars beside each other."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.commands.init import WORKBOOK
from bot.office import open_office
from bot.settings import load_settings
from schedules.template import write_template
from tests.bot.homes import ROW, home_with, loa

VICTORY = {"code": "DBP", "date": "", "occasion": "Chiến thắng Điện Biên Phủ", "channels": "site"}
TEACHERS = {"code": "NG", "channels": "site", "campaign": "Tri ân", "title": "Chúc mừng thầy cô"}
MOON = {"code": "RAM", "date": "rằm tháng Giêng", "channels": "site", "title": "Rằm tháng Giêng"}


def other(home: Path, *rows: Mapping[str, str], name: str = "moi.xlsx") -> str:
    """Write another calendar beside the home."""
    file = home.parent / name
    opened = open_office(home, load_settings(home))
    write_template(file, opened.office, [{**ROW, **row} for row in rows])
    return str(file)


def differences(home: Path, file: str, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(loa(home, "plan", "--diff", file, "--json", *words).stdout)
    return found


def test_a_year_is_a_table_of_its_posts(tmp_path: Path) -> None:
    """From the first of January on, whatever day it is; lunar days and years stand beside."""
    home = home_with(tmp_path, VICTORY, TEACHERS, MOON)
    head, *rows, sum_ = loa(home, "plan", "--year", "2026").stdout.splitlines()
    assert head.split("  ")[0] == "Ngày"
    assert [row.split()[2] for row in rows] == ["03/03/2026", "07/05/2026", "20/11/2026"]
    assert ["rằm tháng Giêng" in rows[0], "72" in rows[1].split(), "Tri ân" in rows[2]] == [True] * 3
    assert sum_ == "3 bài, 18 lượt đăng, từ 01/01/2026 đến 31/12/2026."


def test_a_year_and_days_exclude_each_other(tmp_path: Path) -> None:
    """Nobody guesses which was meant."""
    done = loa(home_with(tmp_path, TEACHERS), "plan", "--year", "2027", "--from", "01/02/2027")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (
        2,
        "Lỗi: Ghi --year, hoặc --from và --to; không ghi cả hai.",
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([VICTORY, TEACHERS, MOON], []),
        ([MOON, VICTORY, TEACHERS], []),
        (
            [VICTORY, {**TEACHERS, "time": "8h"}, {**MOON, "text.en": "Full moon, {date}"}],
            [("NG-2026", "moved", []), ("RAM-2027", "changed", ["texts.en"])],
        ),
        (
            [VICTORY, {**TEACHERS, "date": "21/11", "title": "Tri ân"}, MOON],
            [("NG-2026", "moved", ["title"])],
        ),
        ([VICTORY, MOON], [("NG-2026", "cancelled", [])]),
        (
            [VICTORY, TEACHERS, MOON, {"code": "QK", "date": "2/9", "channels": "site"}],
            [("QK-2027", "added", [])],
        ),
    ],
)
def test_what_another_calendar_does_to_the_plan(
    tmp_path: Path, rows: list[dict[str, str]], told: list[tuple[str, str, list[str]]]
) -> None:
    """Each post that comes, goes, moves or changes, in the order of their times; a new order is nothing."""
    home = home_with(tmp_path / "loa", VICTORY, TEACHERS, MOON)
    found = differences(home, other(home, *rows))
    assert [(each["post"], each["kind"], each["fields"]) for each in found] == told


def test_rows_without_codes_are_known_by_what_they_say(tmp_path: Path) -> None:
    """As they are when the calendar itself is saved again."""
    bare = [{**row, "code": ""} for row in (VICTORY, TEACHERS, MOON)]
    home = home_with(tmp_path / "loa", *bare)
    changed = other(home, bare[2], {**bare[1], "title": "Tri ân thầy cô"}, bare[0])
    assert [(each["kind"], each["fields"]) for each in differences(home, changed)] == [("changed", ["title"])]


def test_other_calendars_of_the_office_are_left_alone(tmp_path: Path) -> None:
    """A file stands for the one that its rows are known from; nobody is told that the others go."""
    home = home_with(tmp_path / "loa", VICTORY)
    shutil.copy(other(home, TEACHERS, MOON, name="hai.xlsx"), home / "calendars" / "hai.xlsx")
    found = differences(home, other(home, TEACHERS))
    assert [(each["post"], each["kind"]) for each in found] == [("RAM-2027", "cancelled")]


def test_people_read_the_differences(tmp_path: Path) -> None:
    """Which file is held against which, a line a post, and the count."""
    home = home_with(tmp_path / "loa", VICTORY, TEACHERS)
    done = loa(home, "plan", "--diff", other(home, {**TEACHERS, "time": "8h", "text.en": "Dear teachers"}))
    assert done.stdout.splitlines() == [
        f"moi.xlsx so với {WORKBOOK}:",
        "> dời   NG-2026, từ 07:30 thứ Sáu 20/11/2026 sang 08:00 thứ Sáu 20/11/2026; Nội dung (en)",
        "- hủy   DBP-2027, 07:30 thứ Sáu 07/05/2027: Ngày Chiến thắng Điện Biên Phủ",
        "Thêm 0, sửa 0, dời 1, hủy 1.",
    ]
    done = loa(home, "plan", "--diff", other(home, VICTORY, TEACHERS, name="cu.xlsx"))
    assert done.stdout.splitlines()[-1] == "Không khác gì."
