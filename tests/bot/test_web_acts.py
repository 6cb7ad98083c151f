"""What the phone can do beyond yes and no, the page can, too: by the same functions."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import desk_of
from bot.frame import Frame
from content_queue.delivery.reconcile import reconcile
from content_queue.models.rules import Rule
from content_queue.outcomes import UnknownOutcomeError
from content_queue.states import DeliveryState, PostState
from content_queue.store.posts import deliveries_of, find_post
from content_queue.store.second_eye import unseen_of
from tests.bot.desk import APPROVER, LEADER
from tests.bot.page_house import POST, Guest, PageHouse, come, hidden, note_of, page_house, state
from tests.bot.test_ledger_commands import CHANNELS
from tests.bot.test_telegram_questions import LOOKS, send
from tests.bot.test_undoing import SETTINGS, published
from tests.content_queue.world import DUE, World, a_post


@pytest.fixture
def house(world: World, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(world, tmp_path) as opened:
        yield opened


@pytest.fixture
def guest(house: PageHouse) -> Iterator[Guest]:
    made = Guest(house)
    yield made
    made.close()


def test_several_say_yes_one_after_another(house: PageHouse, guest: Guest) -> None:
    """Rules are the same on every way; the page says who is waited for."""
    house.desk = replace(house.desk, rules=(Rule(("approver", "leader")),))
    house.world.plan(a_post())
    come(guest, APPROVER)
    assert note_of(guest.decides("approve")) == (
        f"Đã ghi ý kiến duyệt bài {POST}; bài còn chờ lãnh đạo duyệt."
    )
    assert state(house) == PostState.IN_REVIEW
    come(guest, LEADER)
    guest.decides("approve")
    assert state(house) == PostState.APPROVED


def test_a_leader_hurries_with_a_reason_and_a_second_person_looks(house: PageHouse, guest: Guest) -> None:
    """What cannot wait goes out by one yes, and somebody else looks afterwards."""
    house.desk = replace(house.desk, rules=(Rule(("approver", "leader")),))
    house.world.plan(a_post(tags=("khẩn",)))
    assert 'value="hurry"' not in come(guest, APPROVER).text
    assert 'value="hurry"' in come(guest, LEADER).text
    assert note_of(guest.decides("hurry", reason=" ")).startswith("Chưa có lý do.")
    guest.decides("hurry", reason="bão vào trong hai giờ tới")
    assert state(house) == PostState.APPROVED

    assert 'value="agree"' not in come(guest, LEADER).text
    page = come(guest, APPROVER)
    assert "bão vào trong hai giờ tới" in page.text
    assert note_of(guest.decides("object", reason="")).startswith("Chưa có lý do.")
    guest.decides("agree", reason="")
    assert house.world.look(unseen_of, POST) is None


def lose_an_answer(world: World) -> None:
    """Publish without an answer, to a channel that cannot be read back."""

    async def lost() -> None:
        world.clock.at = DUE
        await send(world)
        for wait in LOOKS:
            world.clock.at += wait
            await reconcile(world.works)

    world.plan(a_post())
    world.approve(POST)
    world.platform.answers = [UnknownOutcomeError("mất kết nối")]
    asyncio.run(lost())


@pytest.mark.parametrize(
    ("act", "then"), [("found", DeliveryState.PUBLISHED), ("absent", DeliveryState.SCHEDULED)]
)
def test_somebody_says_what_they_saw_on_a_channel(
    house: PageHouse, guest: Guest, act: str, then: DeliveryState
) -> None:
    """Nobody else can tell."""
    lose_an_answer(house.world)
    page = come(guest)
    assert "Chưa rõ bài đã lên kênh k0 hay chưa." in page.text
    guest.decides(act, delivery=hidden(page.text, "delivery"), link="https://t.me/c/1")
    assert [row.state for row in house.world.look(deliveries_of, POST)] == [then]


def test_a_correction_is_put_into_review_of_others(house: PageHouse, guest: Guest, tmp_path: Path) -> None:
    """What is out is corrected by the text that was typed, once another person approves."""
    (tmp_path / "settings.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "channels.csv").write_text(CHANNELS, "utf-8")
    opened = Frame(home=tmp_path).office()
    people = [replace(person, agencies=frozenset({"*"})) for person in house.desk.people]
    house.desk = replace(house.desk, opened=opened, channels=desk_of(opened).channels, people=people)
    asyncio.run(published(house.world, tmp_path))
    assert 'value="correct"' in come(guest, APPROVER).text
    told = note_of(guest.decides("correct", text="Lời đúng\nhai dòng", reason="sai số liệu"))
    assert told == f"Đã trình {POST}-DC1; người khác duyệt xong là đăng ngay."
    added = house.world.look(find_post, f"{POST}-DC1")
    assert (added.state, added.author, added.corrects) == (PostState.IN_REVIEW, APPROVER.name, POST)


def test_a_page_that_lies_open_shows_what_became_of_a_post(house: PageHouse, guest: Guest) -> None:
    """Approved elsewhere meanwhile: one decision, and the page says whose."""
    house.world.plan(a_post(due=DUE + timedelta(hours=3)))
    come(guest)
    house.world.approve(POST)
    page = guest.decides("approve")
    assert (page.status_code, note_of(page)) == (403, f"Bài {POST} đã được duyệt rồi.")
    assert f"{LEADER.name} duyệt." in page.text
