"""The commands that need no ledger, over real files."""

import json
import stat
from pathlib import Path

import pytest

from bot.commands.init import WORKBOOK
from bot.settings import load_settings
from schedules.readers import read_sheets
from tests.bot.homes import NOW, home_with, loa

PROBLEM_KEYS = ["file", "sheet", "cell", "line", "field", "code", "severity", "message", "hint", "author"]
PLAN_KEYS = [
    "entry",
    "post",
    "post_state",
    "occasion",
    "campaign",
    "agency",
    "due",
    "planned",
    "channel",
    "platform",
    "locale",
    "state",
    "text",
]


def test_a_new_home_is_ready_for_rehearsal(tmp_path: Path) -> None:
    """Settings load, channels stand on every platform, nothing is wrong."""
    home = tmp_path / "loa"
    assert loa(home, "init").exit_code == 0
    assert load_settings(home).rehearsal
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700
    done = loa(home, "check", "--json")
    assert (done.exit_code, json.loads(done.stdout)["ok"]) == (0, True)
    channels = json.loads(loa(home, "channels", "--json").stdout)
    assert {channel["platform"] for channel in channels} == {"facebook", "zalo", "telegram", "site"}


def test_a_home_is_never_laid_over_another(tmp_path: Path) -> None:
    """What people wrote stays."""
    loa(tmp_path, "init")
    (tmp_path / "settings.toml").write_text("# của tôi")
    done = loa(tmp_path, "init", str(tmp_path))
    assert done.exit_code == 1
    assert "không ghi đè" in done.stderr
    assert (tmp_path / "settings.toml").read_text() == "# của tôi"


def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(tmp_path: Path) -> None:
    """No pattern of a programmer's is shown."""
    done = loa(home_with(tmp_path, {}), "plan", "--from", "31/2/2026")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (
        2,
        "Lỗi: Giá trị của '--from' không đúng: không có ngày “31/2/2026”; ghi như 20/11/2026.",
    )


def test_plan_gives_a_delivery_for_each_channel_and_language(tmp_path: Path) -> None:
    """The contract of other programs: these keys, local times, nulls before anything is stored."""
    home = home_with(tmp_path, {"code": "NG", "campaign": "Tri ân", "channels": "site"})
    done = loa(home, "plan", "--json")
    lines = json.loads(done.stdout)
    assert [(line["channel"], line["locale"]) for line in lines] == [
        (f"Trang tin {name}", locale)
        for name in ("UBND tỉnh", "Sở Văn hóa - Thể thao - Du lịch", "Cổng thông tin điện tử tỉnh")
        for locale in ("vi", "en")
    ]
    assert list(lines[1]) == PLAN_KEYS
    assert lines[1] == {
        "entry": "NG",
        "post": "NG-2026",
        "post_state": None,
        "occasion": None,
        "campaign": "Tri ân",
        "agency": "Ủy ban nhân dân tỉnh Gia Lai",
        "due": "2026-11-20T07:30:00+07:00",
        "planned": "2026-11-20T07:30:00+07:00",
        "channel": "Trang tin UBND tỉnh",
        "platform": "site",
        "locale": "en",
        "state": None,
        "text": "Best wishes to our teachers, 20 November 2026\n\n#GiaLai",
    }


def test_plan_prints_one_object_a_line_in_one_array(tmp_path: Path) -> None:
    """So it can be read as a whole or as it comes."""
    home = home_with(tmp_path, {"channels": "telegram"})
    lines = loa(home, "plan", "--json").stdout.splitlines()
    assert (lines[0], lines[-1]) == ("[", "]")
    assert len([json.loads(line.rstrip(",")) for line in lines[1:-1]]) == 3
    assert loa(home_with(tmp_path / "none"), "plan", "--json").stdout == "[]\n"


@pytest.mark.parametrize(
    ("words", "posts"),
    [
        ((), []),
        (("--from", "2026-01-01", "--to", "31/12/2027"), ["GT-2026", "GT-2027"]),
        (("--from", "2027-04-13", "--to", "2027-04-13"), ["GT-2027"]),
    ],
)
def test_plan_looks_where_it_is_told_to(tmp_path: Path, words: tuple[str, ...], posts: list[str]) -> None:
    """Giỗ Tổ less three days: 23/4/2026 and 13/4/2027. A first day in the past is looked at from there."""
    row = {"code": "GT", "date": "", "occasion": "Giỗ Tổ Hùng Vương", "offset": "-3", "channels": "telegram"}
    lines = json.loads(loa(home_with(tmp_path, row), "plan", "--json", *words).stdout)
    assert sorted({line["post"] for line in lines}) == posts


def test_plan_refuses_days_the_wrong_way_round(tmp_path: Path) -> None:
    """A mistake of typing ends as one."""
    done = loa(home_with(tmp_path), "plan", "--from", "2026-12-02", "--to", "2026-12-01")
    assert done.exit_code == 2
    assert "ngày cuối ở trước ngày đầu" in done.stderr


def test_plan_for_people_names_the_post_its_audience_and_what_is_left_out(tmp_path: Path) -> None:
    """A post in two lines, and a sum."""
    home = home_with(
        tmp_path,
        {"code": "NG", "channels": "facebook"},
        {"code": "CU", "date": "01/11/2026", "channels": "facebook"},
        {"code": "SAI", "time": "25h"},
    )
    done = loa(home, "plan")
    assert done.stdout.splitlines() == [
        "07:30 thứ Sáu 20/11/2026  NG-2026  Ủy ban nhân dân tỉnh Gia Lai: Chúc mừng các thầy cô, {ngày}",
        "    Facebook (vi): 3 kênh",
        "1 bài, 3 lượt đăng, từ 10/11/2026 đến 14/12/2026.",
        "Đã qua, không đăng: CU-2026 (07:30 Chủ nhật 01/11/2026)",
    ]
    assert "Có 1 lỗi" in done.stderr


def test_check_tells_each_mistake_at_its_cell_and_ends_with_three(tmp_path: Path) -> None:
    """The reader's mistakes and the platforms' refusals stand in one list."""
    home = home_with(
        tmp_path,
        {"code": "A", "time": "25h"},
        {"code": "B", "channels": "telegram", "text.vi": "x" * 5000},
        {"code": "C", "text.vi": "Kỷ niệm {số năm} năm", "text.en": ""},
        {"code": "D"},
    )
    done = loa(home, "check", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 3
    assert told["ok"] is False
    wrong = [each for each in told["problems"] if each["severity"] == "error"]
    assert [(each["sheet"], each["cell"], each["code"]) for each in wrong] == [
        ("Lịch", "F4", "time_impossible"),
        ("Lịch", "N5", "platform_refuses"),
        ("Lịch", "N6", "platform_refuses"),
    ]
    assert {tuple(each) for each in told["problems"]} == {tuple(PROBLEM_KEYS)}


@pytest.mark.parametrize(("role", "missed"), [("leader", False), ("approver", False), ("editor", True)])
def test_check_tells_an_office_in_which_nobody_may_approve(tmp_path: Path, role: str, missed: bool) -> None:
    """A leader may as well as an approver."""
    home = home_with(tmp_path, {})
    settings = home / "settings.toml"
    shipped = settings.read_text("utf-8")
    settings.write_text(shipped.replace('["approver", "leader"]\nagencies', f'["{role}"]\nagencies'), "utf-8")
    assert ("Chưa có ai có quyền duyệt" in loa(home, "check").stdout) is missed


def test_check_of_one_file_looks_at_that_file_only(tmp_path: Path) -> None:
    """An editor checks the file at hand, wherever it lies."""
    home = home_with(tmp_path / "home", {"time": "25h"})
    good = home_with(tmp_path / "other", {}) / "calendars" / WORKBOOK
    note, *last = loa(home, "check", str(good)).stdout.splitlines()
    copy = good.parent / "tra-lai" / good.name.replace(".", "_KIEM-TRA.")
    assert (note, last) == (f"Ghi chú · Bản có đánh dấu từng ô: {copy}", ["Không có lỗi."])
    assert loa(home, "check").exit_code == 3


def test_check_fills_in_codes_that_mean_the_same_row_later(tmp_path: Path) -> None:
    """In the folder as the daemon will give them; for a file elsewhere none that another row could get."""
    home = home_with(tmp_path / "home", {}, {"code": "GV", "time": "8h"})
    other = home_with(tmp_path / "other", {"time": "9h"}, {"code": "TET", "time": "10h"})
    codes = []
    for file in (home / "calendars" / WORKBOOK, other / "calendars" / WORKBOOK):
        done = loa(home, "check", str(file), "--json")
        (copy,) = json.loads(done.stdout)["copies"]
        codes.append([str(row.values[0]) for row in read_sheets(Path(copy))[1].rows[3:]])
    assert codes[0] == ["B0001", "GV"]
    assert (codes[1][0][0], len(codes[1][0]), codes[1][1]) == ("N", 8, "TET")


def test_check_for_people_says_the_place_and_the_way_out(tmp_path: Path) -> None:
    """File, sheet, cell, what is wrong, how to write it."""
    lines = loa(home_with(tmp_path, {"time": "25h"}), "check").stdout.splitlines()
    assert lines[0] == "Lỗi · lich-noi-dung.xlsx · Lịch · F4: Không có giờ “25h” trong ngày."
    assert lines[1].startswith("    → Ghi giờ như 7h30")
    assert lines[-1] == "1 lỗi, 0 cảnh báo."


def test_check_tells_wrong_settings_in_the_same_form(tmp_path: Path) -> None:
    """Programs read one contract; the exit code says configuration."""
    (tmp_path / "settings.toml").write_text('[telegram]\nproxi = ""\n')
    done = loa(tmp_path, "check", "--json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert done.exit_code == 78
    assert (problem["file"], problem["line"], problem["severity"]) == ("settings.toml", 2, "error")


def test_check_tells_missing_secrets_when_it_is_no_rehearsal(tmp_path: Path) -> None:
    """Every named secret is looked for before anything is due."""
    home = home_with(tmp_path)
    text = (home / "settings.toml").read_text()
    (home / "settings.toml").write_text(text.replace("rehearsal = true", "rehearsal = false"))
    done = loa(home, "check", "--json")
    told = json.loads(done.stdout)["problems"]
    assert done.exit_code == 78
    assert {each["code"] for each in told} == {"secret_missing"}
    assert len(told) == 10


def test_a_person_of_an_unknown_agency_is_a_mistake_in_the_settings(tmp_path: Path) -> None:
    """Rights that name nobody are told before they are missed."""
    home = home_with(tmp_path)
    text = (home / "settings.toml").read_text()
    (home / "settings.toml").write_text(
        text.replace('agencies = ["*"]', 'agencies = ["UBND xã Không Có"]', 1)
    )
    done = loa(home, "plan")
    assert done.exit_code == 78
    assert "Người duyệt thử" in done.stderr


def test_preview_shows_each_platform_and_language_as_it_will_appear(tmp_path: Path) -> None:
    """One look, with the facts filled in; channels that look alike are counted."""
    home = home_with(tmp_path, {"code": "NG", "channels": "telegram, site"})
    assert loa(home, "preview", "ng").stdout.splitlines() == [
        "NG-2026  07:30 thứ Sáu 20/11/2026",
        "",
        "── Telegram (vi) · Telegram UBND tỉnh và 2 kênh khác",
        "Chúc mừng các thầy cô, 20/11/2026",
        "",
        "#GiaLai",
        "",
        "── Trang tin (vi) · Trang tin UBND tỉnh và 2 kênh khác",
        "Chúc mừng các thầy cô, 20/11/2026",
        "",
        "#GiaLai",
        "",
        "── Trang tin (en) · Trang tin UBND tỉnh và 2 kênh khác",
        "Best wishes to our teachers, 20 November 2026",
        "",
        "#GiaLai",
    ]


def test_preview_knows_a_row_without_code_by_the_code_that_plan_shows(tmp_path: Path) -> None:
    """What is listed can be asked for, with or without its year."""
    home = home_with(tmp_path, {"channels": "telegram"})
    (code,) = {line["post"] for line in json.loads(loa(home, "plan", "--json").stdout)}
    assert code == "B0001-2026"
    assert loa(home, "preview", code).stdout == loa(home, "preview", "B0001").stdout


def test_preview_says_why_a_text_cannot_go_out(tmp_path: Path) -> None:
    """A language without text, a text too long."""
    home = home_with(tmp_path, {"code": "X", "channels": "site", "text.en": ""})
    assert "Chưa đăng được: Chưa có nội dung tiếng “en”." in loa(home, "preview", "X").stdout
    (view,) = [
        each for each in json.loads(loa(home, "preview", "X", "--json").stdout) if each["locale"] == "en"
    ]
    assert view["text"] is None


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"code": "A"}, "Không có mục nào mang mã “X”."),
        ({"code": "X", "years": "2025"}, "không còn ngày nào"),
    ],
)
def test_preview_of_what_is_not_there_names_the_next_step(
    tmp_path: Path, row: dict[str, str], told: str
) -> None:
    """No empty answer."""
    done = loa(home_with(tmp_path, row), "preview", "X")
    assert done.exit_code == 1
    assert told in done.stderr
    assert "Tiếp theo: " in done.stderr


def test_channels_are_listed_with_their_agencies(tmp_path: Path) -> None:
    """Wrong rows are counted, and told by check."""
    home = home_with(tmp_path)
    with (home / "channels.csv").open("a", encoding="utf-8") as file:
        file.write("Kênh sai,ubnd-tinh,myspace,1,vi,,api,,\n")
    done = loa(home, "channels")
    assert done.stdout.splitlines()[-1] == "12 kênh."
    assert "Có 1 lỗi trong danh sách kênh" in done.stderr
    assert loa(home, "check").exit_code == 78


def test_the_template_is_written_once(tmp_path: Path) -> None:
    """It holds this office's channels, and never replaces a file."""
    home = home_with(tmp_path)
    file = tmp_path / "moi.xlsx"
    assert loa(home, "template", str(file)).exit_code == 0
    assert file.stat().st_size > 0
    assert "không ghi đè" in loa(home, "template", str(file)).stderr
    assert loa(home, "template", str(tmp_path / "moi.xls")).exit_code == 1


def test_a_home_without_channels_is_told(tmp_path: Path) -> None:
    """Configuration, not a calendar."""
    home = home_with(tmp_path)
    (home / "channels.csv").unlink()
    done = loa(home, "plan")
    assert done.exit_code == 78
    assert "Không thấy danh sách kênh" in done.stderr


def test_the_settings_name_the_language_of_the_screen(tmp_path: Path) -> None:
    """An office that speaks English is answered in English, unless the command line says otherwise."""
    home = home_with(tmp_path)
    text = (home / "settings.toml").read_text()
    (home / "settings.toml").write_text(text.replace('language = "vi"', 'language = "en"'))
    (home / "channels.csv").unlink()
    assert "Không thấy" not in loa(home, "plan").stderr
    assert "Không thấy" in loa(home, "--lang", "vi", "plan").stderr
    assert NOW.tzinfo is not None
