"""The plan leaves the house as feeds of phones and as a workbook that says the same."""

from pathlib import Path

import pytest

from bot.commands.init import WORKBOOK
from bot.office import open_office
from bot.settings import load_settings
from schedules.calendar import read_calendar
from schedules.feeds import Event, feed
from tests.bot.homes import NOW, home_with, loa

ROWS = (
    {"code": "GV", "title": "Nhà giáo; chúc mừng, tri ân", "channels": "telegram", "years": "2026"},
    {
        "date": "",
        "occasion": "Giỗ Tổ Hùng Vương",
        "offset": "-3",
        "agency": "Sở Ngoại vụ",
        "tags": "#lễ hội #gốc",
    },
    {
        "date": "mùng 5 tháng Giêng",
        "time": "21 giờ 5",
        "form": "bài viết",
        "comment.vi": "Xem thêm ở cổng thông tin",
        "languages": "en, vi",
        "link": "https://a.vn",
        "pictures": "https://a.vn/a.jpg, https://a.vn/b.jpg, https://a.vn/c.jpg",
        "alts": "\nChợ phiên\nNúi",
    },
    {"date": "17 đến 23-11", "text.ja": "こんにちは"},
)


def unfolded(path: Path) -> list[str]:
    """Return the lines of a feed as a phone reads them."""
    data = path.read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_each_agency_channel_and_language_has_its_feed(tmp_path: Path) -> None:
    """A post stands in the feeds of all that it concerns, and in no other."""
    home = home_with(tmp_path / "home", *ROWS[:2])
    assert loa(home, "export", "ics", str(tmp_path / "out")).exit_code == 0
    found = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.ics")}
    assert {"tat-ca.ics", "co-quan/ubnd-tinh.ics", "co-quan/sngv.ics", "ngon-ngu/vi.ics"} <= found
    assert "kenh/telegram-ubnd-tinh.ics" in found
    telegram = unfolded(tmp_path / "out/kenh/telegram-ubnd-tinh.ics")
    assert [line for line in telegram if line.startswith(("UID", "DTSTART", "SUMMARY", "STATUS"))][:4] == [
        "UID:GV-2026@loa",
        "DTSTART:20261120T003000Z",
        "SUMMARY:Nhà giáo\\; chúc mừng\\, tri ân",
        "STATUS:TENTATIVE",
    ]
    assert "UID:GV-2026@loa" not in unfolded(tmp_path / "out/co-quan/sngv.ics")
    assert list((tmp_path / "out").rglob("*.part")) == []


def test_two_channels_whose_names_read_alike_have_a_feed_each(tmp_path: Path) -> None:
    """What folds to the same file name is told apart, and no feed takes in the other's posts."""
    home = home_with(tmp_path / "home", {"code": "GV", "channels": "telegram"})
    with (home / "channels.csv").open("a", encoding="utf-8") as channels:
        channels.write("Telegram (UBND) tỉnh,ubnd-tinh,telegram,-1009,vi,cap-tinh,api,telegram-ubnd-tinh,\n")
    assert loa(home, "export", "ics", str(tmp_path / "out")).exit_code == 0
    found = sorted((tmp_path / "out" / "kenh").glob("telegram-ubnd-tinh*.ics"))
    names = {line for path in found for line in unfolded(path) if line.startswith("X-WR-CALNAME")}
    assert names == {"X-WR-CALNAME:Telegram UBND tỉnh", "X-WR-CALNAME:Telegram (UBND) tỉnh"}


@pytest.mark.parametrize("title", ["ạ" * 200, "a\\b;c,d\ne", "", "🎉" * 40])
def test_lines_are_short_and_letters_whole(tmp_path: Path, title: str) -> None:
    """A phone that joins the lines again has the very text."""
    text = feed("x", [Event("A-2026", NOW, title, title, "CANCELLED", 3)], NOW)
    (tmp_path / "a.ics").write_bytes(text.encode())
    lines = unfolded(tmp_path / "a.ics")
    escaped = title.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    assert [line for line in lines if line.startswith("SUMMARY")] == [f"SUMMARY:{escaped}"]
    assert ("STATUS:CANCELLED" in lines, "SEQUENCE:3" in lines, lines[-2:]) == (
        True,
        True,
        ["END:VCALENDAR", ""],
    )


def test_the_exported_workbook_holds_the_same_entries(tmp_path: Path) -> None:
    """Read again it is the same plan, each entry with its code; nothing is written over."""
    home = home_with(tmp_path / "home", *ROWS)
    out = tmp_path / "ra.xlsx"
    assert loa(home, "export", "xlsx", str(out)).exit_code == 0
    office = open_office(home, load_settings(home)).office
    before, after = read_calendar(home / "calendars" / WORKBOOK, office), read_calendar(out, office)
    assert [e.fingerprint() for e in after.entries] == [e.fingerprint() for e in before.entries]
    assert sorted(entry.code for entry in after.entries) == ["B0001", "B0002", "B0003", "GV"]
    assert loa(home, "export", "xlsx", str(out)).exit_code != 0


@pytest.mark.parametrize(("kind", "target"), [("ics", "out"), ("xlsx", "ra.xlsx")])
def test_an_export_says_that_rows_were_left_out(tmp_path: Path, kind: str, target: str) -> None:
    """Law: nothing is lost silently; who takes the plan along hears that it is not all of it."""
    home = home_with(tmp_path / "home", {"code": "A"}, {"code": "B", "time": "25h"})
    told = loa(home, "export", kind, str(tmp_path / target))
    assert (told.exit_code, told.stderr.startswith("Có 1 lỗi trong lịch")) == (0, True)
