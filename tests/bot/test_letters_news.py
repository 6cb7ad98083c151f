"""What people are told reaches those without Telegram, and others where Telegram stays away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.mail.news import APART, LATE, OLD
from content_queue.store.approvals import PROVINCE
from content_queue.store.notices import Told, Word, keep_told, tell, untold
from tests.bot.desk import APPROVER, AUTHOR, EDITOR, LEADER, OTHER
from tests.bot.page_house import ADDRESSES, desk_with_mail
from tests.bot.test_letters import got, letters
from tests.content_queue.world import World
from tests.post_office import PostOffice, post_office

#: The leader and the editor have no Telegram; the approver of the same agency has both.
DESK = desk_with_mail()
BY_MAIL = {LEADER.name, EDITOR.name}
MIXED = replace(DESK, people=[replace(p, telegram_id=None) if p.name in BY_MAIL else p for p in DESK.people])


@pytest.fixture
def mail() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


def say(world: World, words: str, *, agency: str = "svhttdl", author: str = "") -> None:
    """Have something to tell."""
    world.do(tell, Word(words, agency, author, words), world.clock.at)


def counted(mail: PostOffice) -> dict[str, int]:
    return {name: len(got(mail, name)) for name in ADDRESSES if got(mail, name)}


async def test_who_has_no_telegram_is_told_by_letter(world: World, mail: PostOffice) -> None:
    """Those who answer for the agency, and the author; once."""
    say(world, "Bài B1 lỡ giờ.\nCho giờ mới: /gio_moi B1", author=EDITOR.name)
    room = letters(world, mail.port)
    for _ in range(3):
        await room.go(MIXED)
        world.clock.at += timedelta(minutes=1)
    assert counted(mail) == {LEADER.name: 1, EDITOR.name: 1}
    [letter] = got(mail)
    assert letter.startswith(f"[Văn phòng tỉnh] Bài B1 lỡ giờ.\nKính gửi {LEADER.name},\n\nBài B1 lỡ giờ.\n")
    assert "/mo/" in letter


async def test_several_are_one_letter_and_the_next_waits(world: World, mail: PostOffice) -> None:
    """Bad days have many notices."""
    for number in range(5):
        say(world, f"Tin {number}", agency=PROVINCE)
    room = letters(world, mail.port)
    await room.go(MIXED)
    say(world, "Tin nữa", agency=PROVINCE)
    assert await room.go(MIXED)
    world.clock.at += APART
    await room.go(MIXED)
    assert [each.splitlines()[0] for each in got(mail)] == [
        "[Văn phòng tỉnh] 5 tin cần biết",
        "[Văn phòng tỉnh] Tin nữa",
    ]


async def test_where_telegram_does_not_reach_a_letter_follows(world: World, mail: PostOffice) -> None:
    """But not before Telegram had its time."""
    say(world, "Bài B1 lỡ giờ.")
    room = letters(world, mail.port)
    await room.go(DESK)
    world.clock.at += LATE - timedelta(seconds=1)
    await room.go(DESK)
    assert counted(mail) == {}
    world.clock.at += timedelta(seconds=1)
    await room.go(DESK)
    assert counted(mail) == {LEADER.name: 1, APPROVER.name: 1, AUTHOR.name: 1}
    assert got(mail, OTHER.name) == []


async def test_what_telegram_told_is_not_told_again(world: World, mail: PostOffice) -> None:
    """In one's own chat, or to all."""
    say(world, "Bài B1 lỡ giờ.")
    [notice] = world.look(untold)
    room = letters(world, mail.port)
    world.do(keep_told, [Told(notice.id, (LEADER.telegram_id or 0,), done=False)], world.clock.at)
    world.clock.at += LATE
    await room.go(DESK)
    assert counted(mail) == {APPROVER.name: 1, AUTHOR.name: 1}
    say(world, "Bài B2 lỡ giờ.")
    world.do(keep_told, [Told(notice.id + 1, (7, 8), done=True)], world.clock.at)
    world.clock.at += LATE
    await room.go(DESK)
    assert counted(mail) == {APPROVER.name: 1, AUTHOR.name: 1}


async def test_old_notices_are_no_news(world: World, mail: PostOffice) -> None:
    """Who gets an address today is not told of last year."""
    say(world, "Chuyện cũ")
    world.clock.at += OLD + timedelta(minutes=1)
    await letters(world, mail.port).go(MIXED)
    assert counted(mail) == {}
