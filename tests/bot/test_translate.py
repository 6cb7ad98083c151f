"""A campaign goes to translators and comes back: what they checked is planned, and only that."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.commands.init import WORKBOOK
from bot.counter import open_counter
from bot.frame import Frame
from bot.office import identify, open_office, read_calendars
from bot.planning.translating import remember, wanted_of
from bot.settings import load_settings
from content_queue.store.translations import kept_translations
from schedules.readers import read_sheets
from schedules.template import write_template
from tests.bot.homes import NOW, ROW, Stopped, home_with, loa
from tests.schedules.offices import table, write_book

FESTIVAL = {"code": "DQ-01", "campaign": "Mùa dã quỳ", "channels": "site", "text.en": ""}
TEXT = "Hoa dã quỳ nở ở Gia Lai, {ngày}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return home_with(tmp_path / "loa", {**FESTIVAL, "text.vi": TEXT}, {"code": "NG"})


def handed_out(home: Path, *words: str) -> list[dict[str, Any]]:
    """Export the campaign and return the rows by title."""
    file = home.parent / "dich.xlsx"
    file.unlink(missing_ok=True)
    done = loa(home, "translate", "export", "mua da quy", str(file), *words)
    assert done.exit_code == 0, done.output
    head, *rows = read_sheets(file)[0].rows
    return [dict(zip(head.values, row.values, strict=True)) for row in rows]  # type: ignore[arg-type]


def bring_back(home: Path, rows: Sequence[Mapping[str, object]]) -> Any:
    file = write_book(home.parent / "da-dich.xlsx", {"Bản dịch": table(rows)})
    done = loa(home, "translate", "import", str(file), "--as", "Người soạn thử", "--json")
    assert done.stderr == ""
    return json.loads(done.stdout)


def planned(home: Path) -> dict[str, str | None]:
    """Return the text of the festival by language."""
    lines = json.loads(loa(home, "plan", "--json").stdout)
    return {line["locale"]: line["text"] for line in lines if line["entry"] == "DQ-01"}


def states(home: Path) -> list[tuple[str, str, bool, str | None]]:
    found = json.loads(loa(home, "translate", "--campaign", "Mùa dã quỳ", "--json").stdout)
    return [(each["locale"], each["state"], each["stale"], each["deadline"]) for each in found]


ENGLISH = {"Bản dịch": "Wild sunflowers in Gia Lai, {date}", "Người dịch": "Hoa"}
CHECKED = {**ENGLISH, "Trạng thái": "đã kiểm", "Người kiểm": "Bình"}


def test_a_campaign_goes_out_and_comes_back(home: Path) -> None:
    """From the export to the plan: asked for, translated, checked; nothing is published before."""
    assert states(home) == [("en", "missing", False, None)]
    (row,) = handed_out(home)
    assert (row["Mã bài"], row["Ngôn ngữ"], row["Bản gốc"]) == ("DQ-01", "en", TEXT)
    assert (row["Trạng thái"], row["Hạn"], row["Thuật ngữ"]) == (
        "chưa dịch",
        "13/11/2026",
        "Gia Lai (giữ nguyên)",
    )
    assert states(home) == [("en", "missing", False, "2026-11-13")]
    assert bring_back(home, [{**row, **ENGLISH, "Trạng thái": "đã dịch"}])["taken"] == 1
    assert (states(home)[0][1], planned(home)["en"]) == ("done", None)
    assert bring_back(home, [{**row, **CHECKED}]) == {"ok": True, "taken": 1, "problems": []}
    assert states(home) == [("en", "checked", False, "2026-11-13")]
    assert planned(home)["en"] == "Wild sunflowers in Gia Lai, 20 November 2026\n\n#GiaLai"
    shown = json.loads(loa(home, "preview", "DQ-01", "--json").stdout)
    assert {view["locale"]: view["text"] for view in shown}["en"] == planned(home)["en"]


def test_a_changed_source_makes_its_translation_stale(home: Path) -> None:
    """It is published no more, handed out again with its text, and good again once it was checked anew."""
    (row,) = handed_out(home)
    bring_back(home, [{**row, **CHECKED}])
    opened = write_again(home, {**FESTIVAL, "text.vi": TEXT + " Mời quý khách."})
    assert (states(opened), planned(opened)["en"]) == ([("en", "checked", True, "2026-11-13")], None)
    (again,) = handed_out(home)
    assert (again["Bản dịch"], again["Trạng thái"]) == (ENGLISH["Bản dịch"], "chưa dịch")
    assert bring_back(home, [{**row, **CHECKED}])["problems"][0]["code"] == "translation_stale"
    text = "Wild sunflowers in Gia Lai, {date}. Welcome."
    assert bring_back(home, [{**again, **CHECKED, "Bản dịch": text}])["ok"]
    assert planned(home)["en"] == "Wild sunflowers in Gia Lai, 20 November 2026. Welcome.\n\n#GiaLai"


def write_again(home: Path, *rows: Mapping[str, str]) -> Path:
    """Save the calendar with other rows in the place of the old ones."""
    workbook = home / "calendars" / WORKBOOK
    workbook.unlink()
    write_template(workbook, open_office(home, load_settings(home)).office, [{**ROW, **row} for row in rows])
    return home


def test_an_empty_row_takes_nothing_away(home: Path) -> None:
    """Two translators work at two copies of one workbook."""
    (row,) = handed_out(home)
    bring_back(home, [{**row, **CHECKED}])
    assert bring_back(home, [row])["taken"] == 0
    assert states(home)[0][1] == "checked"


def test_what_comes_back_while_others_go_out_stays(home: Path) -> None:
    """Planning the deadlines of a large campaign takes seconds, in which a workbook may be taken in."""
    (row,) = handed_out(home)
    frame = Frame(home=home, clock=Stopped())
    with open_counter(frame) as counter:
        entries = identify(read_calendars(frame.office())).entries
        found = wanted_of(entries, counter.ledger.read_now(kept_translations), frame.office(), "Mùa dã quỳ")
        bring_back(home, [{**row, **CHECKED}])
        counter.ledger.run_now(lambda c: remember(c, found, NOW))
    assert states(home) == [("en", "checked", False, "2026-11-13")]


def test_a_wrong_row_ends_with_three_and_changes_nothing(home: Path) -> None:
    """The cell, the sentence and the remedy are those of every table; what stood stands."""
    (row,) = handed_out(home)
    file = write_book(
        home.parent / "sai.xlsx", {"Bản dịch": table([{**row, **CHECKED, "Bản dịch": "Gia Lai"}])}
    )
    done = loa(home, "translate", "import", str(file), "--as", "Người soạn thử")
    assert done.exit_code == 3
    assert done.stdout.splitlines()[:2] == [
        "Lỗi · sai.xlsx · Bản dịch · E2: Thiếu chỗ điền {ngày} có trong bản gốc.",
        "    → Chép nguyên chỗ điền vào đúng chỗ trong bản dịch; loa điền bằng ngôn ngữ ấy.",
    ]
    assert states(home) == [("en", "missing", False, "2026-11-13")]


def test_a_text_that_a_platform_refuses_is_told_at_its_cell(tmp_path: Path) -> None:
    """Nobody learns at the due time that a translation is longer than Telegram takes."""
    home = home_with(tmp_path / "loa", {**FESTIVAL, "channels": "telegram", "text.vi": TEXT})
    file = home / "channels.csv"
    file.write_text(file.read_text("utf-8-sig").replace(",vi,", ',"vi, en",'), "utf-8-sig")
    (row,) = handed_out(home)
    found = bring_back(home, [{**row, **CHECKED, "Bản dịch": ENGLISH["Bản dịch"] + " flowers" * 600}])
    assert [(p["cell"], p["code"]) for p in found["problems"]] == [("E2", "platform_refuses")]
    assert (found["taken"], states(home)[0][1]) == (0, "missing")


def test_what_the_source_lacks_is_no_fault_of_its_translation(tmp_path: Path) -> None:
    """No platform takes a post whose years nobody knows: the calendar's own check tells that at its row."""
    home = home_with(tmp_path / "loa", {**FESTIVAL, "text.vi": "Gia Lai, {số năm} năm"})
    (row,) = handed_out(home)
    assert bring_back(home, [{**row, **CHECKED, "Bản dịch": "Gia Lai, {số năm} years"}])["taken"] == 1


def test_who_brought_it_in_stands_in_the_audit(home: Path) -> None:
    """With what was brought."""
    (row,) = handed_out(home)
    bring_back(home, [{**row, **CHECKED}])
    (act,) = [a for a in json.loads(loa(home, "audit", "show", "--json").stdout) if a["verb"] == "translate"]
    assert (act["name"], act["way"]) == ("Người soạn thử", "cli")
    assert act["detail"] == {"translations": ["DQ-01 en checked"]}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Mùa hoa", "a.xlsx"), "Không có đợt nào tên “Mùa hoa”."),
        (("Mùa dã quỳ", "a.csv"), "Tệp phải có đuôi .xlsx."),
    ],
)
def test_an_export_that_cannot_be_says_why(home: Path, words: tuple[str, str], told: str) -> None:
    """No file is written."""
    done = loa(home, "translate", "export", words[0], str(home.parent / words[1]))
    assert done.exit_code == 1
    assert told in done.stderr
    assert not (home.parent / words[1]).exists()


def test_only_the_languages_asked_for_are_handed_out(home: Path) -> None:
    """A translator of Japanese gets no English rows."""
    assert handed_out(home, "--language", "ja") == []


def test_people_read_how_far_it_is(home: Path) -> None:
    """A table in Vietnamese, with the deadline that went by."""
    handed_out(home, "--days", "30")
    assert loa(home, "translate").stdout.splitlines() == [
        "Mã bài  Ngôn ngữ  Trạng thái          Hạn         Người dịch  Người kiểm",
        "DQ-01   en        chưa dịch, quá hạn  09/10/2026",
    ]
