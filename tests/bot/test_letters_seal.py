"""The audit's newest seal goes out of the house by letter, too."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.mail.options import MailOptions
from bot.mail.seals import post_seal
from bot.settings import AuditSettings, Settings
from content_queue.store.audit import Head
from tests.bot.test_letters import NoSecrets
from tests.content_queue.world import HandClock
from tests.post_office import post_office, text_of

KEEPER = "luu-chieu@khac.example"
END = Head(rows=12, last=12, seal="ab" * 32)


def house(port: int) -> Any:
    mail = MailOptions("127.0.0.1", port, "none", sender="loa@tinh.example")
    settings = replace(Settings(), mail=mail, audit=AuditSettings(witness_mail=KEEPER))
    return cast("Any", SimpleNamespace(settings=settings, secrets=NoSecrets(), clock=HandClock()))


async def test_the_seal_is_written_with_how_to_hold_it_against_the_audit() -> None:
    """Whoever keeps it needs no loa: the command stands in the letter."""
    with post_office() as mail:
        await post_seal(house(mail.port), END)
        [letter] = mail.letters_to(KEEPER)
    text = text_of(letter).replace("\r\n", "\n")
    assert "Niêm của nhật ký loa, dòng cuối số 12\n" in text
    assert f"12 dòng, dòng cuối số 12, niêm {END.seal}.\n" in text
    assert f"loa audit verify --seal {END.seal[:16]}\n" in text


async def test_a_mail_server_that_is_away_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """It is in the log; tomorrow's seal covers today."""
    await post_seal(house(1), END)
    assert [getattr(each, "action", "") for each in caplog.records] == ["seal_not_sent"]
