"""Edits in a chat: another text or time, approved by somebody who wrote none of it, kept by the calendar."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import desk_of
from bot.frame import Frame
from content_queue.states import PostState
from content_queue.store.notices import untold
from content_queue.store.posts import payloads_of
from tests.bot.conversation import POST, Office
from tests.bot.desk import DESK
from tests.bot.test_ledger_commands import CHANNELS, Loa
from tests.bot.test_undoing import OLD, SETTINGS, deliver, planned
from tests.content_queue.world import DUE, World, a_world

NEW = "Ngày hội dời sang 21/11"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "settings.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "channels.csv").write_text(CHANNELS, "utf-8")
    made = a_world(tmp_path)
    opened = Frame(home=tmp_path).office()
    made.works.channels.update({channel.name: channel for channel in opened.office.channels})  # type: ignore[attr-defined]
    yield made
    made.ledger.close()


@pytest.fixture
def office(office: Office, world: World, tmp_path: Path) -> Office:
    opened = Frame(home=tmp_path).office()
    agency = opened.office.channels[0].agency
    people = tuple(replace(p, agencies=frozenset({"*"}) | p.agencies | {agency}) for p in DESK.people)
    office.bot.desk = replace(DESK, opened=opened, channels=desk_of(opened).channels, people=people)
    planned(world, tmp_path)
    return office


def texts(office: Office) -> set[str]:
    found = office.world.look(payloads_of, POST)
    return {payload.text for _row, payload in found}


async def edited(office: Office, who: int = 8) -> None:
    [told] = await office.say(who, f"/sua {POST}\n{NEW}")
    assert told.splitlines()[0] == f"Bài {POST} sẽ thành (2 lượt đăng):"
    await office.tap(who, "Trình duyệt bản sửa")


async def test_an_edit_is_shown_confirmed_and_approved_by_another(office: Office) -> None:
    """Neither who edited it nor who wrote the row says yes to it."""
    old = texts(office)
    await edited(office)
    assert {text.partition("\n")[0] for text in texts(office) - old} == {NEW}
    assert (office.post().state, office.post().edited_by) == (PostState.IN_REVIEW, "Lê Văn Duyệt")
    refused = "Người soạn bài không tự duyệt bài của mình. Xin nhờ người khác duyệt."
    assert await office.say(8, f"/duyet {POST}") == [refused]
    assert await office.say(10, f"/duyet {POST}") == [refused]
    await office.bot.tick()
    assert any("Người sửa: Lê Văn Duyệt" in text for text in await office.texts(7))
    await office.tap(7, "Duyệt")
    office.world.clock.at = DUE
    await deliver(office.world)
    assert {text.partition("\n")[0] for _channel, text, _staged in office.world.platform.published} == {NEW}


async def test_the_calendar_does_not_undo_an_edit_until_its_row_changes(
    office: Office, tmp_path: Path
) -> None:
    """Then the row counts, is approved anew, and whoever edited is told."""
    await edited(office)
    now = texts(office)
    office.world.approve(POST)
    planned(office.world, tmp_path)
    assert (texts(office), office.post().state) == (now, PostState.APPROVED)
    planned(office.world, tmp_path, OLD + " – mới")
    assert (office.post().state, office.post().edited_by) == (PostState.IN_REVIEW, "")
    assert any(OLD in text for text in texts(office))
    told = [word.message for word in office.world.look(untold)]
    assert f"Dòng của bài {POST} trong lịch đã đổi: bản trong lịch thay bản sửa của Lê Văn Duyệt" in " ".join(
        told
    )


async def test_the_rows_author_is_told_to_change_it_too(office: Office) -> None:
    """With what was written."""
    await edited(office)
    [told] = [text for text in await office.texts(10) if "đã sửa bài" in text]
    assert told.startswith(f"Lê Văn Duyệt đã sửa bài {POST}; bản sửa chờ người khác duyệt.")
    assert told.endswith(NEW)


async def test_a_time_is_edited_at_once(office: Office, tmp_path: Path) -> None:
    """And stands against the calendar as a text does."""
    [told, *_more] = await office.say(7, f"/sua {POST} 20/11 15:00")
    planned(office.world, tmp_path)
    assert told.startswith(f"Đã sửa giờ bài {POST}: 15:00")
    assert (office.post().state, office.post().due) == (PostState.IN_REVIEW, DUE + timedelta(hours=7))
    assert (await office.say(7, f"/duyet {POST}"))[0].startswith("Người soạn bài không tự duyệt")


async def test_what_changed_since_it_was_shown_is_not_edited(office: Office) -> None:
    """A button means what stands above it."""
    await office.say(8, f"/sua {POST}\n{NEW}")
    await office.say(7, f"/sua {POST} 20/11 15:00")
    assert (await office.tap(8, "Trình duyệt bản sửa")).startswith("Việc này đã làm rồi, hoặc đã có thay đổi")
    assert all(NEW not in text for text in texts(office))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "Xin ghi mã bài và giờ mới"),
        (f"{POST}\n{OLD}", "Nội dung không khác"),
        (f"{POST} hôm kia", "Không đọc được giờ “hôm kia”"),
        ("X-1 20/11 15:00", "Không có bài"),
    ],
)
async def test_an_edit_that_cannot_be_is_refused(office: Office, words: str, told: str) -> None:
    """With how to write it."""
    [answer] = await office.say(8, f"/sua {words}")
    assert answer.startswith(told)


async def test_what_is_out_is_corrected_and_not_edited(office: Office) -> None:
    """Readers have seen it."""
    office.world.approve(POST)
    office.world.clock.at = DUE
    await deliver(office.world)
    answer = await office.say(8, f"/sua {POST}\n{NEW}")
    assert answer[0] == f"Bài {POST} đã đăng hoặc đang đăng. Xin đính chính: /dinh_chinh {POST}"


def test_the_server_edits_too(world: World, tmp_path: Path) -> None:
    """The same act without Telegram: a text from a file, or a time, not both."""
    planned(world, tmp_path)
    loa = Loa(tmp_path, world)
    (tmp_path / "moi.txt").write_text(NEW, "utf-8")
    who = ("--as", "Lê Văn Duyệt")
    told = loa("edit", POST, *who, "--text", str(tmp_path / "moi.txt"))
    moved = loa("edit", POST, *who, "--at", "20/11 15:00")
    assert told[1][0].startswith(f"Đã trình bản sửa của bài {POST}, đăng lúc 08:00")
    assert moved[1][0].startswith(f"Đã trình bản sửa của bài {POST}, đăng lúc 15:00")
    assert loa("edit", POST, *who)[0] == 2
    assert loa("approve", POST, *who)[0] == 1
    assert loa("approve", POST, "--as", "Nguyễn Thị Lãnh")[0] == 0
