"""What people count on is not changed by a saved file before somebody said yes."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.acts import By
from bot.house import House, open_house
from bot.planning.calendars import Calendars
from bot.planning.differences import take
from bot.settings import load_settings
from content_queue.delivery.tokens import Tokens
from content_queue.models import Person
from content_queue.states import PostState
from content_queue.store.approvals import NotAllowedError
from content_queue.store.differences import asked
from content_queue.store.notices import untold
from content_queue.store.tables import posts
from tests.bot.homes import home_with, loa
from tests.bot.test_calendars import Secrets, nothing, save
from tests.content_queue.world import HandClock

#: Ten days before the row's day.
EARLY = datetime(2026, 11, 10, 1, tzinfo=UTC)
ROW = {"code": "GV", "channels": "telegram"}
LEADER = Person("Lê Văn Cường", 7, frozenset({"leader"}), frozenset({"*"}))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    home = home_with(tmp_path, ROW)
    opened = open_house(home, load_settings(home), clock=HandClock(EARLY), secrets=Tokens(Secrets()))
    await Calendars(opened).plan_again(nothing)
    yield opened
    await opened.close()


async def approve(house: House) -> None:
    await house.ledger.run(lambda c: c.execute(update(posts).values(state=PostState.APPROVED)))


async def stand(house: House) -> list[tuple[str, str, str, datetime]]:
    rows = await house.ledger.read(lambda c: c.execute(posts.select().order_by(posts.c.id)).all())
    return [(row.id, row.state, row.summary, row.due) for row in rows]


async def save_and_read(house: House, *rows: Mapping[str, str]) -> Calendars:
    save(house, *rows)
    calendars = Calendars(house)
    await calendars.read_if_changed(nothing)
    return calendars


CHANGES: Mapping[str, tuple[list[dict[str, str]], str, str]] = {
    "changed": ([{**ROW, "text.vi": "Chúc mừng, {ngày}!"}], "• sửa: GV-2026", PostState.IN_REVIEW),
    "moved": ([{**ROW, "time": "9h"}], "• dời: GV-2026", PostState.IN_REVIEW),
    "another day": ([{**ROW, "date": "21/11"}], "• dời: GV-2026", PostState.IN_REVIEW),
    "cancelled": ([{**ROW, "code": "KHAC", "date": "1/12"}], "• hủy: GV-2026", PostState.CANCELLED),
}


@pytest.mark.parametrize("kind", CHANGES)
async def test_an_approved_post_stays_until_somebody_says_yes(house: House, kind: str) -> None:
    """Law: nothing approved is changed silently; after the yes it is, and is approved anew."""
    rows, line, after = CHANGES[kind]
    await approve(house)
    before = (await stand(house))[0]
    calendars = await save_and_read(house, *rows)
    assert (await stand(house))[0] == before
    found = await house.ledger.read(asked)
    told = [notice.message for notice in await house.ledger.read(untold) if "/nhan_lich" in notice.message]
    assert found is not None
    assert [each.startswith(line) for each in found.lines] == [True]
    assert (len(told), f"/nhan_lich {found.code}" in told[0], found.lines[0] in told[0]) == (1, True, True)

    code = found.code
    await house.ledger.run(lambda c: take(c, By(LEADER, "telegram", EARLY), code.lower()))
    await calendars.read_if_changed(nothing)
    assert (await stand(house))[0][1] == after
    assert await house.ledger.read(asked) is None


async def test_what_nobody_counts_on_changes_at_once(house: House) -> None:
    """A post in review ten days ahead is only a proposal; other rows are in force beside what waits."""
    await save_and_read(house, {**ROW, "time": "9h"})
    assert [(post, state) for post, state, _text, _due in await stand(house)] == [("GV-2026", "in_review")]
    assert await house.ledger.read(asked) is None
    await approve(house)
    await save_and_read(house, {**ROW, "time": "10h"}, {"code": "MOI", "channels": "telegram"})
    found = await house.ledger.read(asked)
    assert [post for post, *_rest in await stand(house)] == ["GV-2026", "MOI-2026"]
    assert found is not None
    assert len(found.lines) == 1


async def test_a_post_in_review_is_counted_on_a_day_before(house: House) -> None:
    """Its card is in somebody's hand; a post added for today is shown beside it."""
    clock: Any = house.clock
    clock.at = datetime(2026, 11, 19, 1, tzinfo=UTC)
    await save_and_read(
        house, {**ROW, "time": "9h"}, {"code": "GAP", "date": "19/11", "time": "20h", "channels": "telegram"}
    )
    found = await house.ledger.read(asked)
    assert found is not None
    assert [line.split(",")[0] for line in found.lines] == ["• dời: GV-2026", "• thêm: GAP-2026"]
    assert [post for post, *_rest in await stand(house)] == ["GAP-2026", "GV-2026"]


async def test_a_file_set_back_asks_nothing_any_more(house: House) -> None:
    """Law: the last good version stays in force, and the question goes with its cause."""
    await approve(house)
    before = await stand(house)
    await save_and_read(house, {**ROW, "time": "9h"})
    await save_and_read(house, ROW)
    assert await house.ledger.read(asked) is None
    assert await stand(house) == before


async def test_an_answer_is_for_what_was_shown(house: House) -> None:
    """Law: a yes to one change is no yes to the next, and only who answers for the posts may give it."""
    await approve(house)
    await save_and_read(house, {**ROW, "time": "9h"})
    first = await house.ledger.read(asked)
    await save_and_read(house, {**ROW, "time": "10h"})
    second = await house.ledger.read(asked)
    assert first is not None
    assert second is not None
    assert first.code != second.code
    stranger = Person("A", 8, frozenset({"editor"}), frozenset({"*"}))
    for person, code in ((LEADER, first.code), (stranger, second.code)):
        with pytest.raises(NotAllowedError):
            await house.ledger.run(partial(take, by=By(person, "telegram", EARLY), code=code))


async def test_the_command_line_shows_and_takes(house: House) -> None:
    """`loa import` shows, `--yes` takes exactly that."""
    assert "Không có thay đổi" in loa(house.home, "import").stdout
    await approve(house)
    calendars = await save_and_read(house, {**ROW, "time": "9h"})
    shown = loa(house.home, "import").stdout
    assert ("• dời: GV-2026" in shown, "loa import --yes" in shown) == (True, True)
    nobody = loa(house.home, "import", "--yes")
    assert (nobody.exit_code, "--as" in nobody.stderr) == (2, True)
    stranger = loa(house.home, "import", "--yes", "--as", "Người soạn thử")
    assert (stranger.exit_code, "Chỉ người phụ trách" in stranger.stderr) == (1, True)
    assert "Đã đồng ý" in loa(house.home, "import", "--yes", "--as", "Người duyệt thử").stdout
    await calendars.read_if_changed(nothing)
    ((post, state, _text, due),) = await stand(house)
    assert (post, state, due) == ("GV-2026", "in_review", datetime(2026, 11, 20, 2, tzinfo=UTC))
