"""The days that an office lives by, as `loa plan` gives them over the years."""

import json
from pathlib import Path

import pytest

from tests.bot.homes import home_with, loa

YEARS = range(2026, 2032)
#: Name as people write it -> its day in each of `YEARS`, from the printed almanacs.
DAYS = {
    "Giao thừa": "16/02 05/02 25/01 12/02 01/02 22/01",
    "Tết Nguyên đán": "17/02 06/02 26/01 13/02 02/02 23/01",
    "Chiến thắng Ngọc Hồi - Đống Đa": "21/02 10/02 30/01 17/02 06/02 27/01",
    "Rằm tháng Giêng": "03/03 20/02 09/02 27/02 16/02 06/02",
    "Giỗ Tổ Hùng Vương": "26/04 16/04 04/04 23/04 12/04 01/04",
    "Tết Trung thu": "25/09 15/09 03/10 22/09 12/09 01/10",
}
#: The same days as they are typed without their names.
TYPED = {
    "30 Chạp": DAYS["Giao thừa"],
    "mùng 1 Tết": DAYS["Tết Nguyên đán"],
    "5/1 âm lịch": DAYS["Chiến thắng Ngọc Hồi - Đống Đa"],
    "rằm tháng Giêng": DAYS["Rằm tháng Giêng"],
    "10/3 ÂL": DAYS["Giỗ Tổ Hùng Vương"],
    "15/8 âm lịch": DAYS["Tết Trung thu"],
}


def planned(home: Path) -> dict[str, list[str]]:
    """Return the days of each entry, `17/02/2026`, as other programs read them."""
    asked = ("--from", "2026-01-01", "--to", "2031-12-31")
    done = loa(home, "plan", *asked, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    found: dict[str, list[str]] = {}
    for line in json.loads(done.stdout):
        year, month, day = line["due"][:10].split("-")
        found.setdefault(line["entry"], []).append(f"{day}/{month}/{year}")
    return found


@pytest.mark.parametrize(("column", "days"), [("occasion", DAYS), ("date", TYPED)])
def test_days_of_the_moon_fall_where_the_almanac_has_them(
    tmp_path: Path, column: str, days: dict[str, str]
) -> None:
    """Leap months of 2028 and 2031 repeat nothing; 30 Chạp is the last day even where it is the 29th."""
    rows = [
        {"code": f"M-{number}", "date": "", column: words, "channels": "Telegram UBND tỉnh"}
        for number, words in enumerate(days)
    ]
    assert planned(home_with(tmp_path, *rows)) == {
        f"M-{number}": [f"{day}/{year}" for day, year in zip(each.split(), YEARS, strict=True)]
        for number, each in enumerate(days.values())
    }


def test_an_offset_is_counted_from_the_day_of_each_year(tmp_path: Path) -> None:
    """`Năm` is the year of the occasion's day: three days before Tết 2031 is the 20th of January."""
    row = {"code": "T", "date": "", "occasion": "Tết Nguyên đán", "offset": "-3", "years": "2030-2031"}
    home = home_with(tmp_path, {**row, "channels": "Telegram UBND tỉnh"})
    assert planned(home) == {"T": ["30/01/2030", "20/01/2031"]}
