"""Saved files reach the ledger, whatever else fails and however late they are."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.commands.init import WORKBOOK
from bot.house import House, open_house
from bot.planning.calendars import Calendars
from bot.secrets import rehearsal_token
from bot.settings import load_settings
from content_queue.delivery.claim import claim
from content_queue.delivery.tokens import Tokens
from content_queue.store import posts
from content_queue.store.audit import Act
from content_queue.store.notices import untold
from content_queue.store.tables import deliveries, entries
from content_queue.store.tables import posts as post_rows
from schedules.readers import read_sheets
from tests.bot.homes import home_with
from tests.content_queue.world import HandClock
from tests.publishers.contract import PNG

#: 07:00 of the day on which the row is due at 07:30, local time.
MORNING = datetime(2026, 11, 20, 0, tzinfo=UTC)
ROW = {"code": "GV", "channels": "telegram"}


class Secrets:
    def get(self, name: str) -> str:
        return rehearsal_token(name)


async def nothing() -> None:
    """Nobody waits for the plan."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    home = home_with(tmp_path, ROW)
    settings = load_settings(home)
    at_once = replace(settings, calendar=replace(settings.calendar, ask_before=False))
    opened = open_house(home, at_once, clock=HandClock(MORNING), secrets=Tokens(Secrets()))
    yield opened
    await opened.close()


def save(house: House, *rows: Mapping[str, str]) -> None:
    """Put a workbook with other rows in the place of the old one."""
    with TemporaryDirectory(dir=house.home) as folder:
        other = home_with(Path(folder), *rows) / "calendars" / WORKBOOK
        other.replace(house.home / "calendars" / WORKBOOK)


@contextmanager
def written(house: House) -> Iterator[list[str]]:
    """Collect the statements that change the ledger."""
    said: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            said.append(statement)

    event.listen(house.engine, "after_cursor_execute", listen)
    yield said
    event.remove(house.engine, "after_cursor_execute", listen)


async def column(house: House, cell: Any) -> list[Any]:
    rows = await house.ledger.read(lambda c: c.execute(cell.table.select().with_only_columns(cell)).all())
    return [row[0] for row in rows]


async def test_what_could_not_be_kept_is_read_again_at_the_next_look(house: House) -> None:
    """An edit takes an approval away: an hour of not knowing of it is an hour too long."""
    run, full = house.ledger.run, [True]

    async def failing(change: Callable[..., Any]) -> Any:
        if full:
            full.clear()
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))
        return await run(change)

    watched = replace(house)
    calendars = Calendars(watched)
    house.ledger.run = failing  # type: ignore[method-assign]
    with pytest.raises(OperationalError):
        await calendars.read_if_changed(nothing)
    await calendars.read_if_changed(nothing)

    assert await column(house, entries.c.code) == ["GV"]


async def test_an_edit_reaches_a_post_of_yesterday_that_got_a_new_time(house: House) -> None:
    """What was approved was the old text; it must not go out today."""
    calendars, clock = Calendars(house), house.clock
    assert isinstance(clock, HandClock)
    await calendars.plan_again(nothing)
    clock.at = MORNING + timedelta(minutes=30)
    await claim(house.works)
    later = MORNING + timedelta(days=1, hours=9)
    [code] = await column(house, post_rows.c.id)
    post = await house.ledger.read(lambda c: posts.find_post(c, code))
    assert post is not None
    act = Act(clock.at, "Lãnh", "cli", "new_time", code, {})
    window = timedelta(hours=2)
    await house.ledger.run(lambda c: posts.give_time(c, post, later, window=window, act=act))
    before = await column(house, post_rows.c.content_hash)
    clock.at = MORNING + timedelta(days=1)
    save(house, {**ROW, "text.vi": "Lời khác"})
    await calendars.plan_again(nothing)

    assert await column(house, post_rows.c.content_hash) != before
    assert set(await column(house, deliveries.c.due)) == {later}


async def test_a_channel_that_officers_post_on_is_planned_from_the_calendar(house: House) -> None:
    """Its officer is asked at the due time, so there must be something to ask about."""
    channels = house.home / "channels.csv"
    listed = channels.read_text("utf-8").replace(",api,telegram-svhttdl", ",assisted,", 1)
    channels.write_text(listed, encoding="utf-8")
    await Calendars(house).plan_again(nothing)

    assert "Telegram Sở Văn hóa - Thể thao - Du lịch" in await column(house, deliveries.c.channel)


async def test_what_is_planned_as_before_is_not_written_again(house: House) -> None:
    """Law: a reading that finds nothing new changes nothing, in the same process and after a restart."""
    first = Calendars(house)
    await first.plan_again(nothing)

    with written(house) as said:
        await first.plan_again(nothing)
        await Calendars(house).plan_again(nothing)

    assert said == []


async def test_a_row_that_is_mended_as_it_was_comes_back(house: House) -> None:
    """Law: a wrong row takes its post back to draft, a good one brings it to review, changed or not."""
    calendars, states = Calendars(house), []
    for row in (ROW, {**ROW, "author": ""}, ROW):
        save(house, row)
        await calendars.plan_again(nothing)
        states += await column(house, post_rows.c.state)

    assert states == ["in_review", "draft", "in_review"]


async def test_a_row_that_comes_back_as_it_was_is_planned_again(house: House) -> None:
    """Law: a row gone cancels its post; back in its file, the post is back too."""
    calendars, states, other = Calendars(house), [], {**ROW, "code": "KHAC", "date": "21/11"}
    for rows in ((ROW, other), (other,), (ROW, other)):
        save(house, *rows)
        await calendars.plan_again(nothing)
        states.append(sorted(await column(house, post_rows.c.state)))

    assert states == [["in_review"] * 2, ["cancelled", "in_review"], ["in_review"] * 2]


async def test_a_changed_list_of_channels_plans_all_anew(house: House) -> None:
    """Law: a post goes where the list of channels says now, though its row is as it was."""
    calendars = Calendars(house)
    await calendars.plan_again(nothing)
    before = await column(house, deliveries.c.channel)
    listed = house.home / "channels.csv"
    added = "\nKênh mới,ubnd-tinh,telegram,-100777,vi,,api,telegram-tinh\n"
    listed.write_text(listed.read_text("utf-8-sig").rstrip() + added, "utf-8-sig")
    await calendars.plan_again(nothing)

    assert sorted({*await column(house, deliveries.c.channel)} - {*before}) == ["Kênh mới"]


async def test_the_order_of_the_list_is_followed_when_nothing_else_changed(house: House) -> None:
    """Law: the first of the list goes first, from the moment that it is the first."""
    calendars, listed = Calendars(house), house.home / "channels.csv"
    await calendars.plan_again(nothing)
    head, *lines = listed.read_text("utf-8-sig").strip().splitlines()
    listed.write_text("\n".join([head, *lines[::-1]]) + "\n", "utf-8-sig")
    await calendars.plan_again(nothing)

    assert [*house.channels] == [line.split(",")[0] for line in lines[::-1]]
    assert [*house.works.channels] == [*house.channels]


async def test_seconds_that_could_not_be_given_are_given_at_the_next_look(house: House) -> None:
    """Law: a full disk after a reading leaves no delivery without its second."""
    read, full = house.ledger.read, [True]

    async def failing(query: Callable[..., Any]) -> Any:
        if full and getattr(query, "__name__", "") == "fresh":
            full.clear()
            raise OperationalError("SELECT", {}, Exception("disk I/O error"))
        return await read(query)

    house.ledger.read = failing  # type: ignore[method-assign]
    calendars = Calendars(house)
    with pytest.raises(OperationalError):
        await calendars.read_if_changed(nothing)
    assert not calendars._seconds_stand
    await calendars.read_if_changed(nothing)

    assert full == []
    assert calendars._seconds_stand


async def test_another_picture_of_the_same_name_is_another_post(house: House) -> None:
    """Law: what is approved is what leaves, pictures too."""
    calendars, hashes = Calendars(house), []
    for picture in (PNG, PNG + b"\0"):
        (house.home / "calendars" / "anh.png").write_bytes(picture)
        save(house, {**ROW, "pictures": "anh.png"})
        await calendars.plan_again(nothing)
        hashes += await column(house, post_rows.c.content_hash)

    assert len(set(hashes)) == 2


async def test_a_file_with_mistakes_comes_back_marked_and_its_author_is_told(house: House) -> None:
    """Law: who wrote a wrong row hears of it, with the place of the copy; the copy is never read."""
    save(house, ROW, {**ROW, "code": "SAI", "time": "25h", "author": "Trần Thị Bình"}, {**ROW, "code": ""})
    calendars = Calendars(house)
    await calendars.read_if_changed(nothing)
    copy = house.home / "calendars" / "tra-lai" / WORKBOOK.replace(".", "_KIEM-TRA.")
    told = [(notice.author, notice.message) for notice in await house.ledger.read(untold)]
    mistakes, lich = [sheet.rows for sheet in read_sheets(copy)][:2]
    assert [row.values[2] for row in mistakes[2:]] == ["F5", "F4"]  # the mistake, and two posts at one moment
    assert [row.values[0] for row in lich[3:]] == ["GV", "SAI", "B0001"]
    assert [author for author, message in told if "Lịch!F5" in message] == ["Trần Thị Bình"]
    assert any("tra-lai/" in message for _author, message in told)
    read = calendars._read
    await calendars.read_if_changed(nothing)
    await calendars.read_if_changed(nothing)
    assert calendars._read == read


async def test_a_mended_file_comes_back_without_marks(house: House) -> None:
    """Law: nobody mends what is mended already."""
    calendars = Calendars(house)
    copy = house.home / "calendars" / "tra-lai" / WORKBOOK.replace(".", "_KIEM-TRA.")
    said = []
    for row in ({**ROW, "time": "25h"}, ROW):
        save(house, row)
        await calendars.plan_again(nothing)
        said.append(len(read_sheets(copy)[0].rows))
    assert said == [3, 2]


@pytest.mark.parametrize("in_the_way", ["folder", "file"])
async def test_a_copy_that_cannot_be_written_holds_up_nothing(house: House, in_the_way: str) -> None:
    """Law: what was read is in force, though the folder, or the disk, is not ours to write to."""
    copies = house.home / "calendars" / "tra-lai"
    if in_the_way == "folder":
        copies.write_text("no folder")
    else:
        (copies / f".{WORKBOOK.replace('.', '_KIEM-TRA.')}.part").mkdir(parents=True)
    save(house, ROW, {**ROW, "code": "SAI", "time": "25h"})
    await Calendars(house).plan_again(nothing)
    assert await column(house, post_rows.c.id) == ["GV-2026"]


async def test_films_and_rich_text_go_from_the_calendar_into_what_is_approved(house: House) -> None:
    """With the measures of the film, as a video with its words styled; an urgent one rings at night."""
    film = Path(__file__).parent.parent / "films" / "dung.mp4"
    (house.home / "calendars" / "phim.mp4").write_bytes(film.read_bytes())
    row = {
        **ROW,
        "pictures": "phim.mp4",
        "alts": "Đoàn cồng chiêng",
        "text.vi": "**Mời** xem",
        "tags": "Khẩn cấp",
    }
    save(house, row)
    await Calendars(house).plan_again(nothing)
    left = await house.ledger.read(lambda c: posts.payloads_of(c, "GV-2026"))
    [payload] = {
        payload.sha256(): payload for _d, payload in left if payload and payload.locale == "vi"
    }.values()
    [ref] = payload.media
    assert (ref.kind, ref.width, ref.height, ref.seconds) == ("video", 270, 480, 4.0)
    assert (payload.fields["method"], ref.alt) == ("sendVideo", "Đoàn cồng chiêng")
    assert payload.fields["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert (payload.fields["urgent"], payload.text.splitlines()[0]) == (True, "Mời xem")
