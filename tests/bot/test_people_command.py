"""`loa people pin`: what is kept opens for that PIN alone, and stands where nobody else reads it."""

import re
from pathlib import Path

import pytest

from bot.pins import fits, kept_as, new_pin, refusal_of, secret_of
from content_queue.store.audit import acts_on
from content_queue.store.engine import open_ledger
from content_queue.store.writer import InlineWriter
from tests.bot.homes import home_with, loa
from tests.canaries import CANARY_PIN

PERSON = "Người duyệt thử"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return home_with(tmp_path)


def test_a_pin_that_was_made_is_shown_once_and_kept_as_a_hash(home: Path) -> None:
    """Mode 600, in the folder of secrets, and written down without the PIN."""
    told = loa(home, "people", "pin", PERSON, "--generate")
    found = re.search(r"Mã PIN: (\d{8}) ", told.output)
    assert found is not None, told.output
    path = home / "secrets" / secret_of(PERSON)
    kept = path.read_text().strip()
    assert (path.stat().st_mode & 0o777, fits(found[1], kept), fits(found[1] + "0", kept)) == (
        0o600,
        True,
        False,
    )
    assert found[1] not in kept
    ledger = InlineWriter(open_ledger(f"sqlite:///{home / 'loa.db'}"))
    assert [(a.actor, a.verb, a.detail) for a in ledger.read_now(lambda c: acts_on(c, "page"))] == [
        (PERSON, "pin_set", {})
    ]
    ledger.close()


def test_a_pin_is_removed(home: Path) -> None:
    """And with it the right to decide on the page."""
    loa(home, "people", "pin", PERSON, "--generate")
    assert loa(home, "people", "pin", PERSON, "--remove").output == f"Đã bỏ mã PIN của {PERSON}.\n"
    assert list((home / "secrets").glob("pin-*")) == []


def test_nobody_else_gets_a_pin(home: Path) -> None:
    """A name that is not in the settings."""
    told = loa(home, "people", "pin", "Ai Đó", "--generate")
    assert (told.exit_code, "Không có ai tên “Ai Đó”" in told.output) == (1, True)


@pytest.mark.parametrize(
    ("pin", "told"),
    [
        ("12345", "Mã PIN cần từ 6 đến 12 chữ số."),
        ("1234567890123", "Mã PIN cần từ 6 đến 12 chữ số."),
        ("12345a", "Mã PIN cần từ 6 đến 12 chữ số."),
        ("１２３４８５", "Mã PIN cần từ 6 đến 12 chữ số."),
        ("123456", "Mã PIN dễ đoán. Xin đừng dùng dãy số liền nhau hay một số lặp lại."),
        ("987654", "Mã PIN dễ đoán. Xin đừng dùng dãy số liền nhau hay một số lặp lại."),
        ("000000", "Mã PIN dễ đoán. Xin đừng dùng dãy số liền nhau hay một số lặp lại."),
        ("135790", ""),
    ],
)
def test_a_pin_that_would_be_guessed_is_refused(pin: str, told: str) -> None:
    """Digits of the number keys, no runs."""
    assert refusal_of(pin) == told


def test_the_same_pin_is_never_kept_the_same_way_twice() -> None:
    """Two people of one PIN do not know it of each other."""
    assert kept_as(CANARY_PIN) != kept_as(CANARY_PIN)


def test_check_says_who_is_not_reached_and_who_cannot_decide(home: Path) -> None:
    """Before the day on which Telegram is blocked."""
    settings = home / "settings.toml"
    text = settings.read_text("utf-8").replace("telegram_id = 1001", 'email = "duyet@vidu.example"')
    text = text.replace("telegram_id = 1002\n", "")
    text = text.replace('host = ""', 'host = "thu.vidu.example"').replace(
        'sender = ""', 'sender = "a@b.example"'
    )
    settings.write_text(text, "utf-8")
    half = loa(home, "check").stdout
    assert "Duyệt qua thư cần cả [mail] host và [page] public_url" in half
    assert f"cũng không nhận được thư: {PERSON}, Người soạn thử." in half

    page = "[page]\n" + text.partition("[page]\n")[2].replace(
        'public_url = ""', 'public_url = "https://d.example"', 1
    )
    settings.write_text(text.partition("[page]\n")[0] + page, "utf-8")
    whole = loa(home, "check").stdout
    assert "cũng không nhận được thư: Người soạn thử." in whole
    assert f"chưa có mã PIN để quyết định: {PERSON}." in whole
    loa(home, "people", "pin", PERSON, "--generate")
    assert "chưa có mã PIN" not in loa(home, "check").stdout


@pytest.mark.parametrize("kept", ["", "rehearsal", "scrypt-1-8-1:" + "A" * 24 + ":" + "A" * 44, CANARY_PIN])
def test_what_was_kept_otherwise_opens_for_nothing(kept: str) -> None:
    """A cheaper hash is none."""
    assert not fits(CANARY_PIN, kept)


def test_a_made_pin_is_one_that_is_taken() -> None:
    """By chance a run may come; then another is made."""
    given = iter([(1234567).to_bytes(8, "big"), (77777777).to_bytes(8, "big"), (40281957).to_bytes(8, "big")])
    assert new_pin(lambda _size: next(given)) == "40281957"
