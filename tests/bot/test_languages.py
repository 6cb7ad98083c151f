"""Languages of an office: its own words take effect, and what nobody confirmed is told."""

import json
from pathlib import Path

from bot.settings import load_settings
from tests.bot.homes import home_with, loa

UNCONFIRMED = (
    "chưa có ai thạo tiếng xác nhận. "
    "Nhờ người đọc lại rồi ghi tên người ấy vào tệp ngon-ngu.csv (từ: xác nhận)."
)
WORDLESS = (
    "Tiếng Jrai: chưa có đủ tên ngày, thứ, tháng nên các chỗ điền hiện bằng tiếng Việt. "
    "Ghi các từ ấy vào tệp ngon-ngu.csv."
)


def notes(home: Path) -> list[str]:
    found: list[str] = json.loads(loa(home, "check", "--json").stdout)["notes"]
    return [note for note in found if note.startswith("Tiếng")]


def with_channel(home: Path, languages: str) -> Path:
    """Add a site in these languages."""
    file = home / load_settings(home).channels
    head = file.read_text("utf-8-sig").splitlines()[0]
    cells = {"name": "Trang mới", "agency": "UBND tỉnh", "platform": "site", "remote_id": "moi"}
    cells["languages"] = f'"{languages}"'
    row = ",".join(cells.get(name, "") for name in head.split(","))
    file.write_text(file.read_text("utf-8-sig").rstrip() + f"\n{row}\n", "utf-8-sig")
    return home


def test_check_says_which_languages_nobody_has_confirmed(tmp_path: Path) -> None:
    """Forms that were not found in print say so; a language without words says what stands in."""
    home = with_channel(home_with(tmp_path, {}), "ja, jra")
    assert notes(home) == [
        f"Tiếng Nhật: cách viết lễ kỷ niệm, số thứ tự, ngày âm lịch {UNCONFIRMED}",
        WORDLESS,
    ]


def test_the_words_of_an_office_are_what_readers_see(tmp_path: Path) -> None:
    """A confirmed form is asked about no more, and Jrai days are Jrai."""
    home = with_channel(
        home_with(tmp_path, {"code": "NG", "channels": "site", "languages": "jra", "text.jra": "{ngày}"}),
        "ja, jra",
    )
    words = ["Ngôn ngữ;Từ;Cách viết", "ja;xác nhận;Lê Văn Bình", "jra;ngày;hrơi {ngày}/{tháng}/{năm}"]
    (home / "ngon-ngu.csv").write_text("\n".join(words), "utf-8-sig")
    assert notes(home) == [WORDLESS]
    planned = json.loads(loa(home, "plan", "--json").stdout)
    assert [line["text"] for line in planned] == ["hrơi 20/11/2026\n\n#GiaLai"]


def test_a_mistake_in_the_words_is_told_by_check(tmp_path: Path) -> None:
    """At its cell, as in every table."""
    home = home_with(tmp_path, {})
    (home / "ngon-ngu.csv").write_text("Ngôn ngữ;Từ;Cách viết\njra;ngày;hrơi", "utf-8-sig")
    problems = json.loads(loa(home, "check", "--json").stdout)["problems"]
    assert [(p["file"], p["cell"], p["code"]) for p in problems] == [("ngon-ngu.csv", "C2", "word_unusable")]
