"""What would hurt later is told before: at its cell, as a warning, and nothing is refused for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from PIL import Image

from bot.office import open_office, read_calendars
from bot.planning.cautions import caution_problems
from bot.settings import load_settings
from content_queue.media import refer
from content_queue.outcomes import RefusedError
from tests.bot.homes import NOW, home_with, loa

DAY = {"text.vi": "{ngày}", "text.en": "{date}"}
PLAIN = {"text.vi": "Mời bà con", "text.en": "Welcome"}
ONE = {"code": "MOT", "date": "20/11/2026", "time": "7h30", "channels": "telegram", **PLAIN}
TWO = {**ONE, "code": "HAI", "date": "25/12/2026", "text.vi": "Tin khác", "text.en": "Other news"}

CASES: Mapping[str, tuple[Sequence[Mapping[str, str]], list[tuple[str, str]]]] = {
    "nothing": ([ONE, TWO], []),
    "nine minutes apart": ([ONE, {**TWO, "date": "20/11/2026", "time": "7h39"}], [("HAI", "posts_close")]),
    "ten minutes apart": ([ONE, {**TWO, "date": "20/11/2026", "time": "7h40"}], []),
    "close on other channels": ([ONE, {**TWO, "date": "20/11/2026", "channels": "facebook"}], []),
    "the same text within 30 days": (
        [ONE, {**TWO, **PLAIN, "date": "20/12/2026"}],
        [("HAI", "text_again")],
    ),
    "the same text after 31 days": ([ONE, {**TWO, **PLAIN, "date": "21/12/2026"}], []),
    "the same text with a day in it": (
        [{**ONE, **DAY}, {**TWO, **DAY}],
        [],
    ),
    "a week's rubric in Tết": (
        [{**ONE, "date": "thứ 2 hằng tuần", "years": "2027"}],
        [("MOT", "day_of_rest")],
    ),
    "a greeting on New Year's Day": ([{**ONE, "date": "1/1/2027", "text.vi": "Mừng Tết Dương lịch"}], []),
    "a missing language": ([{**ONE, "text.en": "", "channels": "tất cả"}], [("MOT", "language_missing")]),
    "one language is meant": ([{**ONE, "text.en": "", "channels": "tất cả", "languages": "vi"}], []),
}


def warned(home: Path) -> list[tuple[str, str]]:
    opened = open_office(home, load_settings(home))
    calendar = read_calendars(opened)
    found = caution_problems(calendar, opened, now=NOW, folder=opened.calendars)
    codes = {entry.place.row: entry.code for entry in calendar.entries}
    told = list(found)
    assert {problem.severity for problem in told} <= {"warning"}
    return [(codes[problem.line], problem.code) for problem in told]


@pytest.mark.parametrize("case", CASES)
def test_a_caution_is_told_for_its_row(tmp_path: Path, case: str) -> None:
    """And only where it is one."""
    rows, expected = CASES[case]
    assert sorted(warned(home_with(tmp_path, *rows))) == expected


def test_quiet_hours_are_the_offices_own(tmp_path: Path) -> None:
    """They may run over midnight; what cannot wait is let be."""
    late = {**ONE, "time": "22h30"}
    urgent, early = {**TWO, "time": "23h", "tags": "khẩn"}, {**TWO, "code": "BA", "time": "21h59"}
    home = home_with(tmp_path, late, urgent, early)
    file = home / "settings.toml"
    text = file.read_text("utf-8").replace('quiet_from = "00:00"', 'quiet_from = "22:00"')
    file.write_text(text.replace('quiet_to = "00:00"', 'quiet_to = "06:00"'), "utf-8")
    assert [each for each in warned(home) if each[1] == "time_quiet"] == [("MOT", "time_quiet")]


@pytest.mark.parametrize(("size", "found"), [((500, 400), True), ((600, 315), False), ((1200, 200), True)])
def test_a_small_picture_is_told(tmp_path: Path, size: tuple[int, int], *, found: bool) -> None:
    """By its pixels, not by its bytes."""
    home = home_with(tmp_path, {**ONE, "pictures": "anh.png", "alts": "Hoa"})
    Image.new("RGB", size).save(home / "calendars" / "anh.png")
    assert (("MOT", "picture_small") in warned(home)) is found


def test_a_picture_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    """A few bytes may claim so many that they fill all memory."""
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bom.png")
    assert (tmp_path / "bom.png").stat().st_size < 100_000
    with pytest.raises(RefusedError, match="quá lớn để mở"):
        refer(tmp_path / "bom.png")


def test_cautions_stand_in_the_marked_copy_and_refuse_nothing(tmp_path: Path) -> None:
    """`loa check` ends well, and says where the copy lies."""
    home = home_with(tmp_path, ONE, {**TWO, "date": "20/11/2026", "time": "7h35"})
    result = loa(home, "check")
    assert (result.exit_code, "chưa đến 10 phút" in result.output) == (0, True), result.output
    assert [copy.name for copy in (home / "calendars" / "tra-lai").iterdir()] == [
        "lich-noi-dung_KIEM-TRA.xlsx"
    ]
