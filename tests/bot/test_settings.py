"""Settings are read whole or told wrong whole."""

from dataclasses import replace
from datetime import time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from bot.errors import CONFIGURATION, SettingsError
from bot.settings import Settings, load_settings, parse_settings
from content_queue.models import Person

ROOT = Path(__file__).parents[2]


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as told:
        parse_settings(text)
    return told.value.problems


def test_the_shipped_file_says_the_defaults_and_works_in_rehearsal() -> None:
    """What an office gets is what the code assumes, and nothing of it needs an account."""
    shipped = load_settings(ROOT)
    assert shipped.rehearsal
    assert len(shipped.people) == 2
    assert replace(shipped, people=()) == Settings()


def test_the_file_at_the_root_is_the_one_that_is_installed() -> None:
    """There are no two settings.toml to keep alike."""
    assert (ROOT / "settings.toml").read_text() == files("bot.data").joinpath("settings.toml").read_text()


def test_an_empty_file_is_a_rehearsal() -> None:
    """Nobody goes live by forgetting a line."""
    assert parse_settings("").rehearsal


def test_values_are_read_into_the_nouns_of_the_house() -> None:
    """Durations, times and people come out typed."""
    settings = parse_settings(
        '[reach]\nafter = ["20s", "7d"]\nnight_from = 02:00:00\n'
        '[[people]]\nname = "An"\nroles = ["editor"]\nagencies = ["*"]\n'
    )
    assert settings.reach.after == (timedelta(seconds=20), timedelta(days=7))
    assert settings.reach.night_from == time(2)
    assert settings.people == (Person("An", None, frozenset({"editor"}), frozenset({"*"})),)


def test_a_transport_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said at once, not at the first post."""
    text = '[publish]\ntransport = "aiohttp"'
    assert parse_settings(text).publish.transport == "aiohttp"
    monkeypatch.setattr("bot.settings.find_spec", lambda _name: None)
    assert problems(text) == (
        (
            'settings.toml dòng 2: [publish] transport: "aiohttp": chưa cài thư viện này. '
            'Hãy cài: pip install -r requirements/fast.txt, hoặc viết "httpx"'
        ),
    )


PERSON = '[[people]]\nname = "An"\nroles = ["editor"]\nagencies = ["*"]\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[telegram]\n\nproxi = ""',
            'settings.toml dòng 3: [telegram] proxi: không có mục này. Có phải "proxy"?',
        ),
        (
            "[publish]\nconnections = true",
            "settings.toml dòng 2: [publish] connections: true: cần một số nguyên. Ví dụ: 32",
        ),
        (
            '[publish]\nconnections = "nhanh"',
            'settings.toml dòng 2: [publish] connections: "nhanh": cần một số nguyên. Ví dụ: 32',
        ),
        (
            "[publish]\nconnections = 0",
            "settings.toml dòng 2: [publish] connections: 0: cần số từ 1 trở lên. Ví dụ: 32",
        ),
        (
            '[publish]\ntransport = "curl"',
            (
                'settings.toml dòng 2: [publish] transport: "curl": chỉ nhận một trong: '
                "'httpx', 'aiohttp'. Ví dụ: \"httpx\""
            ),
        ),
        (
            "[reach]\nspread_minutes = 90",
            "settings.toml dòng 2: [reach] spread_minutes: 90: cần số không quá 60. Ví dụ: 10",
        ),
        (
            'rehearsal = "có"',
            'settings.toml dòng 1: rehearsal: "có": cần true hoặc false, không có ngoặc kép. Ví dụ: true',
        ),
        (
            "[calendar]\nfolder = 3",
            'settings.toml dòng 2: [calendar] folder: 3: cần chữ trong ngoặc kép. Ví dụ: "calendars"',
        ),
        (
            '[calendar]\nfolder = ""',
            'settings.toml dòng 2: [calendar] folder: "": không được để trống. Ví dụ: "calendars"',
        ),
        (
            '[calendar]\nfallback = "vi"',
            (
                'settings.toml dòng 2: [calendar] fallback: "vi": cần một danh sách trong ngoặc vuông. '
                'Ví dụ: ["vi", "en"]'
            ),
        ),
        (
            '[calendar]\nmissing_text = "cho"',
            (
                'settings.toml dòng 2: [calendar] missing_text: "cho": chỉ nhận một trong: '
                "'wait', 'fallback', 'skip'. Ví dụ: \"wait\""
            ),
        ),
        (
            '[approval]\nbot_token = "khóa bot"',
            (
                'settings.toml dòng 2: [approval] bot_token: "khóa bot": chỉ dùng chữ không dấu, '
                "số và các dấu - _ . trong tên. "
                'Ví dụ: "telegram-approval-bot"'
            ),
        ),
        (
            '[reach]\nafter = ["1h",\n "1 tuần"]',
            (
                'settings.toml dòng 2: [reach] after: "1 tuần": cần một khoảng thời gian. '
                'Ví dụ: "20s", "5m", "1h", "7d"'
            ),
        ),
        (
            "[reach]\nafter = []",
            (
                "settings.toml dòng 2: [reach] after: danh sách không được để trống. "
                'Ví dụ: ["1h", "1d", "7d", "30d"]'
            ),
        ),
        (
            '[backup]\nat = "25:00"',
            'settings.toml dòng 2: [backup] at: "25:00": cần một giờ trong ngày. Ví dụ: "02:30"',
        ),
        (
            "zalo = 1",
            (
                "settings.toml dòng 1: zalo: 1: cần một phần riêng mở đầu bằng tên trong ngoặc vuông. "
                "Ví dụ: [zalo]"
            ),
        ),
        (
            '[[people]]\nname = "An"\nroles = ["sep"]\nagencies = ["*"]',
            (
                "settings.toml dòng 3: [[people]] (1) roles: \"sep\": chỉ nhận một trong: 'editor', "
                "'approver', "
                "'leader', 'spokesperson', 'admin'. Ví dụ: [\"approver\"]"
            ),
        ),
        (
            PERSON + 'telegram_id = "@an"',
            'settings.toml dòng 5: [[people]] (1) telegram_id: "@an": cần một số nguyên. Ví dụ: 123456789',
        ),
        (
            PERSON + "telegram_id = -100",
            "settings.toml dòng 5: [[people]] (1) telegram_id: -100: cần số lớn hơn 0. Ví dụ: 123456789",
        ),
        (
            '[[people]]\nname = "An"\nagencies = ["*"]',
            'settings.toml dòng 1: [[people]] (1) roles: thiếu mục này. Ví dụ: roles = ["approver"]',
        ),
        (
            PERSON + PERSON,
            (
                'settings.toml dòng 1: [[people]]: "An" có ở hai người; '
                "mỗi tên, mỗi số Telegram, mỗi địa chỉ thư chỉ dùng một lần"
            ),
        ),
        (
            '[telegram]\nproxy = "proxy.tinh:3128"',
            'settings.toml dòng 2: [telegram] proxy: cần một địa chỉ. Ví dụ: "https://vidu.vn"',
        ),
        ("[zalo]\na b = 1", "settings.toml dòng 2: thiếu dấu = giữa tên và giá trị"),
        (
            "[zalo]\ncomment = show",
            "settings.toml dòng 2: giá trị viết sai. Chữ phải đặt trong ngoặc kép; đúng/sai viết true/false",
        ),
        ("[zalo]\n[zalo]", "settings.toml dòng 2: phần trong ngoặc vuông này đã có ở trên; hãy gộp làm một"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_how_to_write_it_right(text: str, told: str) -> None:
    """Line, section, key, what stands there, what may stand there."""
    assert problems(text) == (told,)


@pytest.mark.parametrize(
    "secret",
    [
        "123456789:AAExampleTokenOfABotThatNobodyHas_123",
        "EAABsbCS1iHgBAExampleOfAPageToken1234567890",
        "0123456789abcdef0123456789abcdef",
        "kX9-abcdefghijklmnopqrstuvwxyzABCDEF0123456789",
    ],
)
@pytest.mark.parametrize("place", ["[approval]\nbot_token", "[facebook]\napp_secret", "[telegram]\ntokken"])
def test_a_secret_is_refused_wherever_it_stands_and_never_repeated(place: str, secret: str) -> None:
    """Settings name secrets; what is refused must not reach a screen either."""
    (told,) = problems(f'{place} = "{secret}"')
    assert "không viết chính khóa" in told
    assert secret not in told


def test_an_address_with_a_hash_in_it_is_no_secret() -> None:
    """Pictures are often named so."""
    cover = "https://vidu.vn/0123456789abcdef0123456789abcdef.jpg"
    assert parse_settings(f'[zalo]\ndefault_cover = "{cover}"').zalo.default_cover == cover


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    """A password in an address is a secret."""
    (told,) = problems('[telegram]\nproxy = "http://loa:matkhau@proxy.tinh:3128"')
    assert "địa chỉ có mật khẩu" in told
    assert "matkhau" not in told


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    """One reading, one list to mend."""
    told = problems('[office]\nnam = "x"\n[zalo]\ncomment = "có"\n[facebook]\nphotos_limit = "mười"')
    assert [line.split(":")[0] for line in told] == [f"settings.toml dòng {line}" for line in (2, 4, 6)]


def test_a_home_without_settings_names_the_command_that_makes_one(tmp_path: Path) -> None:
    """The way out is part of the sentence."""
    with pytest.raises(SettingsError) as told:
        load_settings(tmp_path)
    assert told.value.exit_code == CONFIGURATION
    assert told.value.next_step == f"Tạo thư mục làm việc: loa init {tmp_path}"


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    """A byte-order mark and decomposed letters are no mistakes."""
    (tmp_path / "settings.toml").write_bytes('\ufeff[office]\r\nname = "Ti\u0309nh"\r\n'.encode())
    assert load_settings(tmp_path).office.name == "Tỉnh"


def test_a_file_in_a_legacy_encoding_is_told(tmp_path: Path) -> None:
    """No traceback of a codec."""
    (tmp_path / "settings.toml").write_bytes('[office]\nname = "Tính"'.encode("cp1252"))
    with pytest.raises(SettingsError) as told:
        load_settings(tmp_path)
    assert "không phải văn bản UTF-8" in told.value.problems[0]
