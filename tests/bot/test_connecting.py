"""`loa channels connect` and `check`, as an officer types them, against the stand-ins over real sockets."""

import json
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.commands.init import lay_out
from bot.errors import CHANNELS, CONFIGURATION, FAILED, OK
from bot.frame import Frame
from bot.secrets import FOLDER, KEY
from publishers.standin.server import build
from tests.publishers.serving import serving

WHO = "Người duyệt thử"
BOT = "700000009:AAE-canary-of-a-connected-bot-0123456789"


@dataclass
class Town:
    """A home in rehearsal whose stand-ins run in this process."""

    home: Path
    url: str

    def loa(self, *words: str, answers: Sequence[str] = ()) -> Result:
        said = "".join(f"{line}\n" for line in answers)
        return CliRunner().invoke(cli, words, input=said, obj=Frame(home=self.home), prog_name="loa")

    def connect(self, *words: str, answers: Sequence[str] = ()) -> Result:
        return self.loa("channels", "connect", *words, "--as", WHO, answers=answers)

    def rows(self, *names: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / "loa.db")) as ledger:
            return ledger.execute(f"SELECT {', '.join(names)} FROM tokens ORDER BY name").fetchall()  # noqa: S608

    def channels(self, platform: str) -> list[dict[str, str]]:
        listed = json.loads(self.loa("channels", "--json").stdout)
        return [channel for channel in listed if channel["platform"] == platform]

    def say_yes(self, link: str, oa: str) -> str:
        answer = httpx.get(f"{link}&choose={oa}", trust_env=False)
        return str(answer.headers["location"])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    home = tmp_path / "tinh"
    lay_out(home)
    folder = home / "standin"
    folder.mkdir()
    with serving(build(folder, now=lambda: datetime.now(UTC))) as url:
        where = {"port": int(url.rpartition(":")[2]), "pid": os.getpid()}
        (folder / "standin.json").write_text(json.dumps(where))
        yield Town(home, url)


def link_in(said: str) -> str:
    (link,) = re.findall(r"http://\S+/v4/oa/permission\S+", said)
    return str(link)


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")
def test_one_token_of_a_person_opens_all_pages_that_this_person_ticked(town: Town) -> None:
    """Law: what would publish is kept, what would not is refused with the reason; other Pages are named."""
    first, second, third = (channel["remote_id"] for channel in town.channels("facebook"))
    done = town.connect("facebook", answers=[f"short:{first},{second}-,{third}~,77"])

    assert done.exit_code == CHANNELS
    assert "1 trên 3 kênh đăng được." in done.stdout
    assert "chưa được đánh dấu" in done.stdout
    assert "CREATE_CONTENT" in done.stdout
    assert "Trang 77 (77)" in done.stdout
    assert [name for (name,) in town.rows("name")] == ["facebook-ubnd-tinh"]
    assert "short:" not in done.stdout + done.stderr
    assert "page:forever" not in done.stdout + done.stderr


def test_an_oa_is_connected_by_the_address_that_comes_back(town: Town) -> None:
    """Law: the right OA of the right link, pasted, is all a server without a browser needs."""
    channel = town.channels("zalo")[0]
    name, oa = channel["channel"], channel["remote_id"]
    shown = town.connect("zalo", name, answers=[""])
    assert shown.exit_code == CHANNELS
    link = link_in(shown.stdout)

    stranger, wrong = town.say_yes(link.replace("state=", "state=x"), oa), town.say_yes(link, "99")
    right = town.say_yes(link, oa)
    done = town.connect("zalo", name, answers=["https://loa/", stranger, wrong, right])

    assert done.exit_code == OK, done.output
    assert link_in(done.stdout) == link  # what was sent to somebody before still works
    assert "Người đồng ý đã chọn OA 99" in done.stdout
    assert town.rows("name", "account", "version", "rehearsal") == [(f"zalo-{oa}", oa, 1, 1)]
    code = parse_qs(urlsplit(right).query)["code"][0]
    assert code.encode() not in (town.home / "loa.db").read_bytes()


def test_a_channel_that_is_well_is_left_alone_unless_it_is_asked_for(town: Town) -> None:
    """Law: to connect the rest, nobody goes through all again."""
    channel = town.channels("zalo")[0]
    link = link_in(town.connect("zalo", channel["channel"], answers=[""]).stdout)
    town.connect("zalo", channel["channel"], answers=[town.say_yes(link, channel["remote_id"])])

    done = town.connect("zalo", answers=["", ""])
    assert channel["channel"] not in done.stdout
    assert done.stdout.count("permission") == 2
    assert town.connect("zalo", channel["channel"], answers=[""]).stdout.count("permission") == 1


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")
def test_the_rights_of_a_bot_are_looked_at_in_each_of_its_channels(town: Town) -> None:
    """Law: a bot without the right to post is found when it is connected, not when it posts."""
    asked = town.connect("telegram", "--again", answers=["", BOT, "no token"])
    assert asked.exit_code == CHANNELS
    assert "2 trên 3 kênh đăng được." in asked.stdout
    assert "Mã bot không đúng dạng" in asked.stdout
    assert [name for (name,) in town.rows("name")] == ["telegram-svhttdl"]

    again = town.connect("telegram")  # what is there is not asked for
    assert (again.exit_code, "2 trên 2 kênh đăng được." in again.stdout) == (OK, True)


def test_check_says_where_a_token_is_and_what_it_needs(town: Town) -> None:
    """Law: the keys of this object are a contract with other programs."""
    done = town.loa("channels", "check", "--json")
    channels = json.loads(done.stdout)
    assert done.exit_code == OK
    assert {channel["ok"] for channel in channels} == {True}
    assert list(channels[0]) == [
        "channel",
        "platform",
        "ok",
        "problems",
        "renews_at",
        "ends_at",
        "person_by",
        "lost_at",
    ]
    listed = json.loads(town.loa("channels", "--json").stdout)
    assert {channel["health"]["ok"] for channel in listed} == {True}  # the look is kept


def test_a_channel_whose_platform_wants_to_be_left_alone_says_until_when(town: Town) -> None:
    """Law: people see when it goes on by itself, and the next look does not prolong the wait."""
    name = town.channels("facebook")[0]["channel"]
    httpx.post(f"{town.url}/facebook/_fault", json={"next": "throttle"}, trust_env=False)
    for _look in range(2):
        done = town.loa("channels", "check", name)
        assert (done.exit_code, "Nền tảng yêu cầu chờ đến" in done.stdout) == (CHANNELS, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["connect", "zalo", "--as", "Ai đó"], FAILED, "Không có ai tên"),
        (["connect", "zalo", "Kênh lạ", "--as", WHO], FAILED, "Kênh lạ"),
        (["check", "Kênh lạ"], FAILED, "Kênh lạ"),
        (["connect", "site", "--as", WHO], 2, "site"),
    ],
)
def test_what_is_not_known_is_refused(town: Town, words: list[str], code: int, said: str) -> None:
    """Law: a slip of the hand connects nothing."""
    done = town.loa("channels", *words)
    assert (done.exit_code, said in done.stderr) == (code, True)


# --- the key of the ledger ------------------------------------------------------------------------------


@pytest.fixture
def real(tmp_path: Path) -> Town:
    """A home that is no rehearsal, towards platforms that nobody can reach."""
    home = tmp_path / "that"
    lay_out(home)
    settings = home / "settings.toml"
    text = settings.read_text("utf-8").replace("rehearsal = true", "rehearsal = false")
    settings.write_text(re.sub(r'(api|oauth)_url = "https://[^"]*"', r'\1_url = "http://127.0.0.1:9"', text))
    return Town(home, "")


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")
def test_the_first_connection_makes_the_key_and_says_to_keep_a_copy(real: Town) -> None:
    """Law: an office needs no ceremony, and is told what it may not lose."""
    channel = real.channels("telegram")[0]["channel"]
    done = real.connect("telegram", channel, answers=[BOT])

    key = real.home / FOLDER / KEY
    assert key.stat().st_mode & 0o777 == 0o600
    assert "cất một bản" in done.stdout
    assert real.rows("name", "rehearsal") == [("telegram-ubnd-tinh", 0)]
    assert BOT not in done.output
    assert BOT.encode() not in (real.home / "loa.db").read_bytes()


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")
def test_a_key_is_changed_and_everything_opens_as_before(real: Town) -> None:
    """Law: after a change the old key opens nothing, and no channel was lost."""
    channel = real.channels("telegram")[0]["channel"]
    real.connect("telegram", channel, answers=[BOT])
    key = real.home / FOLDER / KEY
    old, sealed = key.read_text(), real.rows("sealed")

    done = real.loa("secrets", "rekey")
    assert (done.exit_code, "Đã khóa lại 1 khóa" in done.stdout) == (OK, True)
    assert (key.read_text() != old, len(key.read_text().split())) == (True, 1)
    assert real.rows("sealed") != sealed

    key.write_text(old)
    refused = real.loa("secrets", "rekey")
    assert (refused.exit_code, "telegram-ubnd-tinh" in refused.stderr) == (FAILED, True)
    assert old.strip() in key.read_text()  # nothing is thrown away
    assert real.loa("secrets", "rekey", "--forget").exit_code == OK
    assert real.rows("sealed") == [(None,)]


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")
def test_a_lost_key_is_said_before_anything_is_sealed_by_another(real: Town) -> None:
    """Law: two keys, each with half of the tokens, is what nobody finds out of again."""
    first, second = (channel["channel"] for channel in real.channels("telegram")[:2])
    real.connect("telegram", first, answers=[BOT])
    (real.home / FOLDER / KEY).unlink()

    done = real.connect("telegram", second, answers=[BOT])
    assert (done.exit_code, "bản cất riêng" in done.stderr) == (CONFIGURATION, True)
    assert not (real.home / FOLDER / KEY).exists()
