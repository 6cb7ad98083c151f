"""An order to stop, as people type it."""

from datetime import datetime

import pytest

from bot.acts import Stop
from bot.holding.ready import READY, ReadyHold
from bot.holding.scopes import Names, names_of
from bot.holding.words import prepared, read_order
from content_queue.delivery.decide import OFFICE_ZONE
from content_queue.store.approvals import NotAllowedError
from tests.bot.desk import DESK
from tests.bot.test_scopes import a_post
from tests.content_queue.world import NOW

MOURNING, DISASTER, TROUBLE = READY


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=OFFICE_ZONE)


@pytest.fixture
def names() -> Names:
    return names_of(DESK, [a_post()])


SAID: list[tuple[str, Stop]] = [
    ("có bão", Stop({}, "có bão")),
    ("từ 24/11 00:00 đến hết 25/11 vì quốc tang, số VB 12/CĐ-TTg",
     Stop({}, "quốc tang", "12/CĐ-TTg", at(24), at(26))),
    ("zalo từ 15h ngày mai đến 24h 22/11: bảo trì",
     Stop({"platforms": ["zalo"]}, "bảo trì", "", at(21, 15), at(23))),
    ("đến 20/11 17h30 vì rà soát", Stop({}, "rà soát", "", None, at(20, 17, 30))),
    ("theo chỉ đạo từ Trung ương", Stop({}, "theo chỉ đạo từ Trung ương")),
    ("từ 3 bài trở lên bị sai", Stop({}, "từ 3 bài trở lên bị sai")),
    ("tất cả trừ cảnh báo, khẩn vì có lũ", Stop({}, "có lũ", spares=("cảnh báo", "khẩn"))),
    ("tất cả trừ thẻ #khẩn và chia buồn: lũ", Stop({}, "lũ", spares=("khẩn", "chia buồn"))),
    ("quốc tang", Stop(MOURNING.scope, MOURNING.reason, spares=MOURNING.spares)),
    ("Quốc tang, từ 24/11 đến 25/11, số VB 12/CĐ",
     Stop({}, MOURNING.reason, "12/CĐ", at(24), at(26), MOURNING.spares)),
    ("thiên tai bão số 9", Stop(DISASTER.scope, f"{DISASTER.reason}. bão số 9", spares=DISASTER.spares)),
    ("sự cố zalo", Stop({"platforms": ["zalo"]}, TROUBLE.reason)),
]  # fmt: skip


@pytest.mark.parametrize(("said", "stop"), SAID, ids=[row[0] for row in SAID])
def test_an_order_is_read_as_people_type_it(names: Names, said: str, stop: Stop) -> None:
    """Times after `từ` and `đến`, tags after `trừ`; a day alone counts whole; the rest is the reason."""
    assert read_order(said, names, ready=READY, now=NOW) == stop


def test_a_ready_hold_of_a_channel_that_is_gone_stops_nothing_by_mistake(names: Names) -> None:
    """The settings may be older than the list of channels; campaigns and tags may be still to come."""
    ready = ReadyHold("thử", "thử", channels=("k9",), tags=("chưa có",))
    with pytest.raises(NotAllowedError, match="Không có kênh “k9”"):
        prepared(ready, Stop({}, ""), names)
