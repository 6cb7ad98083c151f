"""Take back and correct, at the command line and in the chat, on a real home."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.desk import desk_of
from bot.frame import Frame
from bot.platforms import Renderers
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.delivery.retract import retract
from content_queue.models import Channel, Variant
from content_queue.store.posts import find_post
from content_queue.store.tables import deliveries, posts
from tests.bot.conversation import POST, Office
from tests.bot.desk import DESK
from tests.bot.test_ledger_commands import CHANNELS, Loa
from tests.content_queue.world import DUE, World, a_post, a_world

AGENCY = "Sở Văn hóa, Thể thao và Du lịch"
SETTINGS = f"""
[[people]]
name = "Nguyễn Thị Lãnh"
roles = ["leader"]
agencies = ["*"]

[[people]]
name = "Lê Văn Duyệt"
roles = ["approver"]
agencies = ["{AGENCY}"]

[[people]]
name = "Hồ Thị Viết"
roles = ["editor"]
agencies = ["{AGENCY}"]
"""
OLD, NEW = "Ngày hội mở cửa 20/11", "Ngày hội mở cửa 21/11\n\nKính mời bà con."
LEADER, APPROVER = ("--as", "Nguyễn Thị Lãnh"), ("--as", "Lê Văn Duyệt")
DC1 = f"{POST}-DC1"


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
def loa(tmp_path: Path, world: World) -> Loa:
    return Loa(tmp_path, world)


def planned(world: World, home: Path, text: str = OLD) -> None:
    """Bring a row into the ledger, rendered for Telegram as the daemon does it."""
    agency = Frame(home=home).office().office.channels[0].agency
    payload = Renderers(home, Frame(home=home).settings())["telegram"].render(
        Channel("k0", agency, "telegram", "@k0"), Variant("vi", text, hashtags=("#GiaLai",), author=AGENCY)
    )
    composed = a_post(channels=("k0", "k1"), text=text, texts={"vi": text}, agency=agency, at=time(8))
    rows = tuple(replace(row, payload=payload) for row in composed.deliveries)
    world.plan(replace(composed, deliveries=rows))


async def deliver(world: World) -> None:
    await Dispatch(world.works).send(await claim(world.works))


async def published(world: World, home: Path) -> None:
    planned(world, home)
    world.approve(POST)
    world.clock.at = DUE
    await deliver(world)
    world.clock.at = DUE + timedelta(hours=1)


def said(world: World) -> list[str]:
    return [text for _name, text, _memo in world.platform.corrected]


async def test_a_text_file_corrects_in_place_after_an_approval(
    loa: Loa, world: World, tmp_path: Path
) -> None:
    """Asked for by one, approved by another, edited at once; the story tells it from both ends."""
    await published(world, tmp_path)
    (tmp_path / "moi.txt").write_text(NEW, "utf-8")
    words = ("correct", POST, "--text", str(tmp_path / "moi.txt"), *APPROVER, "--reason", "sai ngày", "--yes")
    code, lines = loa(*words)
    assert (code, lines[:2]) == (0, [f"Đính chính bài {POST}:", "Telegram: sửa tại chỗ 2 lượt"])
    assert lines[-1] == f"Đã trình {DC1}. Duyệt xong là đăng ngay: loa approve {DC1}"
    assert "không tự duyệt" in "".join(loa("approve", DC1, *APPROVER)[1])
    assert loa("approve", DC1, *LEADER)[0] == 0
    world.clock.at += timedelta(seconds=3)
    await deliver(world)
    assert said(world) == [f"ĐÍNH CHÍNH lần 1 (bài đăng ngày 20/11/2026): {NEW}\n\n#GiaLai"] * 2
    assert any(line.startswith(f"Đính chính {DC1}, ") for line in loa("why", POST)[1])
    assert f"Đây là bài đính chính của {POST}." in loa("why", DC1)[1]


async def test_the_row_as_it_now_stands_corrects(loa: Loa, world: World, tmp_path: Path) -> None:
    """An editor mends the row of what is out: that changes nothing by itself, and is what corrects it."""
    await published(world, tmp_path)
    words = ("correct", POST, *APPROVER, "--reason", "sai ngày", "--yes")
    code, lines = loa(*words)
    assert (code, "Nội dung chưa khác" in lines[0]) == (1, True)
    planned(world, tmp_path, "Ngày hội mở cửa 22/11")
    assert loa(*words)[0] == 0
    assert loa("approve", DC1, *LEADER)[0] == 0
    world.clock.at += timedelta(seconds=3)
    await deliver(world)
    assert said(world)[0].endswith(" Ngày hội mở cửa 22/11\n\n#GiaLai")


async def test_what_is_being_taken_back_is_not_corrected(loa: Loa, world: World, tmp_path: Path) -> None:
    """While its platform is away the post still stands; a correction of it would come after it had gone."""
    await published(world, tmp_path)
    (tmp_path / "moi.txt").write_text(NEW, "utf-8")
    loa("retract", POST, *LEADER, "--reason", "sai số liệu", "--yes")
    words = ("correct", POST, "--text", str(tmp_path / "moi.txt"), *APPROVER, "--reason", "sai ngày", "--yes")
    code, lines = loa(*words)
    assert (code, "đang được gỡ" in lines[0]) == (1, True)


async def test_a_newer_correction_takes_the_place_of_one_that_has_not_gone_out(
    loa: Loa, world: World, tmp_path: Path
) -> None:
    """Else whoever says yes to the older one last lets it write over what is right."""
    await published(world, tmp_path)
    for text in (OLD.replace("20", "22"), NEW):
        (tmp_path / "moi.txt").write_text(text, "utf-8")
        words = ("correct", POST, "--text", str(tmp_path / "moi.txt"), *APPROVER, "--reason", "sai", "--yes")
        assert loa(*words)[0] == 0
    assert loa("approve", f"{POST}-DC2", *LEADER)[0] == 0
    assert loa("approve", DC1, *LEADER)[0] == 1
    world.clock.at += timedelta(seconds=3)
    await deliver(world)
    assert said(world) == [f"ĐÍNH CHÍNH lần 2 (bài đăng ngày 20/11/2026): {NEW}\n\n#GiaLai"] * 2
    assert f"Thay bằng {POST}-DC2." in "".join(loa("why", DC1)[1])


async def test_a_campaign_is_corrected_where_its_rows_say_something_else(
    loa: Loa, world: World, tmp_path: Path
) -> None:
    """All of it at once; nothing where nothing differs, and a file of one text is for one post."""
    await published(world, tmp_path)
    table = posts.update().values(campaign="Ngày hội")
    world.do(lambda c: c.execute(table))
    words = ("correct", "--campaign", "ngày hội", *APPROVER, "--reason", "sai ngày", "--yes")
    code, lines = loa(*words)
    assert (code, "không có bài đã đăng nào khác" in lines[0]) == (1, True)
    planned(world, tmp_path, "- 22/11\n- 23/11")
    world.do(lambda c: c.execute(table))
    code, lines = loa(*words)
    assert (code, lines[:2]) == (0, [f"Đính chính bài {POST}:", "Telegram: sửa tại chỗ 2 lượt"])
    assert lines[-1] == f"Đã trình {DC1}. Duyệt xong là đăng ngay: loa approve {DC1}"
    assert "ĐÍNH CHÍNH lần 1 (bài đăng ngày 20/11/2026):\n\n- 22/11" in "\n".join(lines)
    for wrong in ((POST, "--campaign", "x"), (), ("--campaign", "x", "--text", __file__)):
        assert loa("correct", *wrong, *APPROVER, "--reason", "x")[0] == 2


@pytest.mark.parametrize("words", [("retract", POST), ("correct", POST), ("correct", "--campaign", "Hội")])
async def test_an_editor_does_neither(loa: Loa, world: World, tmp_path: Path, words: tuple[str, ...]) -> None:
    """By the same rule as approvals."""
    await published(world, tmp_path)
    world.do(lambda c: c.execute(posts.update().values(campaign="Hội")))
    code, lines = loa(*words, "--as", "Hồ Thị Viết", "--reason", "x", "--yes")
    assert (code, "Hồ Thị Viết không có quyền duyệt bài." in lines[0]) == (1, True)


async def test_a_post_is_taken_back_at_the_command_line(loa: Loa, world: World, tmp_path: Path) -> None:
    """What it touches is listed before; asked for twice, the second says that there is nothing left."""
    await published(world, tmp_path)
    words = ("retract", POST, *LEADER, "--reason", "sai số liệu", "--yes")
    code, lines = loa(*words)
    assert (code, lines[1:]) == (
        0,
        [
            "Telegram: gỡ 2 lượt đã đăng (k0, k1)",
            "Đã ghi yêu cầu gỡ 2 lượt. Kết quả từng kênh: loa why MÃ_BÀI",
        ],
    )
    await retract(world.works)
    assert loa(*words) == (0, ["Không còn gì để gỡ: chưa có lượt nào đã đăng, hoặc đã gỡ rồi."])
    assert [state for (state,) in world.rows(deliveries, "state")] == ["retracted", "retracted"]
    story = loa("why", POST)[1]
    assert "09:00 thứ Sáu 20/11/2026: Nguyễn Thị Lãnh cho gỡ bài. Lý do: sai số liệu" in story
    assert [line for line in story if line.startswith("  Gỡ lúc ")] == [
        "  Gỡ lúc 09:00 thứ Sáu 20/11/2026."
    ] * 2


def test_half_an_order_is_a_usage_error(loa: Loa) -> None:
    """A post or a campaign, not both, not neither."""
    assert loa("retract", *LEADER, "--reason", "x")[0] == 2
    assert loa("retract", POST, "--campaign", "A", *LEADER, "--reason", "x")[0] == 2


# in the chat


async def out(office: Office) -> None:
    office.world.plan(a_post(channels=("k0",)))
    office.world.approve(POST)
    office.world.clock.at = DUE
    await deliver(office.world)


async def test_a_chat_takes_back_what_it_listed(office: Office) -> None:
    """Nothing happens before the button; a second tap changes nothing."""
    await out(office)
    [told] = await office.say(7, f"/go_bai {POST} sai số liệu")
    assert told.splitlines()[1:] == ["Telegram: gỡ 1 lượt đã đăng (k0)"]
    assert await retract(office.world.works) is False
    toast = await office.tap(7, "Gỡ khỏi mọi kênh")
    assert toast.startswith("Đã ghi yêu cầu gỡ 1 lượt.")
    await retract(office.world.works)
    assert office.world.platform.retracted == [("k0", "id-1")]
    assert (await office.tap(7, "Gỡ khỏi mọi kênh")).startswith("Việc này đã làm rồi")
    assert len(office.world.platform.retracted) == 1


async def test_what_changed_since_it_was_listed_is_not_confirmed(office: Office) -> None:
    """A button means what was shown above it."""
    await out(office)
    await office.say(7, f"/go_bai {POST} sai")
    office.world.do(lambda c: c.execute(deliveries.update().values(state="unconfirmed")))
    assert (await office.tap(7, "Gỡ khỏi mọi kênh")).startswith("Việc này đã làm rồi, hoặc đã có thay đổi")
    assert await retract(office.world.works) is False


async def test_a_whole_campaign_is_named_in_the_chat(office: Office) -> None:
    """By its name, as in a hold."""
    office.world.plan(a_post(channels=("k0",), campaign="Tri ân"))
    [told] = await office.say(7, "/gỡ bài đợt Tri ân vì hoãn lễ")
    assert told.splitlines()[-1] == "1 lượt chưa đăng sẽ không đăng nữa."
    await office.tap(7, "Gỡ khỏi mọi kênh")
    assert [state for (state,) in office.world.rows(deliveries, "state")] == ["cancelled"]


@pytest.mark.parametrize("who", [9, 11, 12])
async def test_others_take_nothing_back(office: Office, who: int) -> None:
    """Approvers of other agencies, editors, technicians."""
    await out(office)
    [told] = await office.say(who, f"/go_bai {POST} sai")
    assert "không" in told
    assert (await office.buttons(who))[-1] == []


async def test_a_chat_corrects_with_the_lines_that_were_typed(
    office: Office, world: World, tmp_path: Path
) -> None:
    """The text after the code keeps its lines; another person approves it with one tap."""
    (tmp_path / "settings.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "channels.csv").write_text(CHANNELS, "utf-8")
    opened = Frame(home=tmp_path).office()
    channels = desk_of(opened).channels
    people = [replace(p, agencies=frozenset({"*"})) for p in DESK.people]
    office.bot.desk = replace(DESK, opened=opened, channels=channels, people=people)
    await published(office.world, tmp_path)
    [told] = await office.say(8, f"/dinh_chinh {POST}\n{NEW}")
    assert told.splitlines()[:2] == [f"Đính chính bài {POST}:", "Telegram: sửa tại chỗ 2 lượt"]
    await office.tap(8, "Trình duyệt đính chính")
    assert office.post(DC1).author == "Lê Văn Duyệt"
    await office.bot.tick()
    await office.tap(7, "Duyệt")
    office.world.clock.at += timedelta(seconds=3)
    await deliver(office.world)
    assert said(office.world) == [f"ĐÍNH CHÍNH lần 1 (bài đăng ngày 20/11/2026): {NEW}\n\n#GiaLai"] * 2
    assert office.world.look(find_post, POST).state == "approved"
