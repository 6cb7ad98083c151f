"""No secret stands in a log."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.redact import BLOT, JsonLines, PlainLines, Redactor, set_up_logging

TOKEN = "123456789:AAExampleTokenOfABotThatNobodyHas_123"


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.learn("mot-khoa-bi-mat")
    return redactor


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("khóa mot-khoa-bi-mat ở đây", f"khóa {BLOT} ở đây"),
        (f"GET https://api.telegram.org/bot{TOKEN}/getMe", f"GET https://api.telegram.org/bot{BLOT}/getMe"),
        (f"token {TOKEN}", f"token {BLOT}"),
        ("EAABsbCS1iHgBAExample", BLOT),
        ("/feed?access_token=abc&x=1", f"/feed?access_token={BLOT}&x=1"),
        ('{"access_token": "abc"}', f'{{"access_token": "{BLOT}"}}'),
        ("{'refresh_token': 'abc'}", f"{{'refresh_token': '{BLOT}'}}"),
        ("Authorization: Bearer abcdefgh.ijk", f"Authorization: Bearer {BLOT}"),
        ("http://loa:matkhau@proxy:3128", f"http://{BLOT}@proxy:3128"),
        ("550 <an.nguyen@gialai.gov.vn>: no such user", f"550 <{BLOT}>: no such user"),
        ("Delivery 17 published at 07:30:00", "Delivery 17 published at 07:30:00"),
    ],
)
def test_known_secrets_and_what_looks_like_one_are_blotted_out(
    redactor: Redactor, text: str, clean: str
) -> None:
    """By value and by form."""
    assert redactor.clean(text) == clean


def ours() -> list[logging.Handler]:
    return [
        each for each in logging.getLogger().handlers if isinstance(each.formatter, PlainLines | JsonLines)
    ]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream, level = io.StringIO(), logging.getLogger().level
    set_up_logging(form="json", debug=True, stream=stream).learn("mot-khoa-bi-mat")
    yield stream
    for handler in ours():
        logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(level)


def test_a_record_is_a_sentence_for_people_and_an_action_for_machines(lines: io.StringIO) -> None:
    """Extras stand beside the message."""
    logging.getLogger("loa.test").info(
        "Delivery published", extra={"action": "delivery_published", "delivery": 7}
    )
    told = json.loads(lines.getvalue())
    del told["time"]
    assert told == {
        "level": "INFO",
        "logger": "loa.test",
        "message": "Delivery published",
        "action": "delivery_published",
        "delivery": 7,
    }


def test_a_traceback_holds_no_secret(lines: io.StringIO) -> None:
    """Error texts of libraries hold addresses, and addresses hold tokens."""
    try:
        int(f"mot-khoa-bi-mat {TOKEN}")
    except ValueError:
        logging.getLogger("loa.test").exception("It went wrong")
    assert "ValueError" in lines.getvalue()
    assert "mot-khoa-bi-mat" not in lines.getvalue()
    assert TOKEN not in lines.getvalue()


def test_the_plain_form_keeps_extras_on_the_first_line(redactor: Redactor) -> None:
    """A line for people, then the traceback."""
    record = logging.LogRecord("loa", logging.ERROR, "", 0, "Delivery failed", (), None)
    record.delivery = 7
    line = PlainLines(redactor).format(record)
    assert line.endswith("ERROR   Delivery failed delivery=7")


@pytest.mark.parametrize("form", [PlainLines, JsonLines])
def test_no_word_of_others_begins_a_line_of_its_own(
    redactor: Redactor, form: type[PlainLines | JsonLines]
) -> None:
    """What a platform answered stands in a log; it forges no record, and no terminal obeys it."""
    said = "x\n2026-11-20 INFO Approved\r\x1b[2J\u2028y"
    record = logging.LogRecord("loa", logging.ERROR, "", 0, "Refused: %s", (said,), None)
    record.why = said
    line = form(redactor).format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


@pytest.mark.parametrize("name", ["httpx", "httpcore", "telegram", "telegram.ext", "apscheduler.scheduler"])
def test_libraries_that_log_addresses_are_quiet_even_at_debug(lines: io.StringIO, name: str) -> None:
    """The library httpx writes whole addresses at INFO."""
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_setting_up_twice_does_not_write_twice(lines: io.StringIO) -> None:
    """The last handler wins; handlers of others stay."""
    foreign = logging.NullHandler()
    logging.getLogger().addHandler(foreign)
    set_up_logging(form="plain", stream=io.StringIO())
    stays = foreign in logging.getLogger().handlers
    logging.getLogger().removeHandler(foreign)
    assert [type(handler.formatter) for handler in ours()] == [PlainLines]
    assert stays
