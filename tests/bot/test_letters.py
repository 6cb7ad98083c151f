"""Approvers are written to: of each post once, of several in one letter, never one letter a minute."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.mail.options import MailOptions
from bot.mail.postman import Postman
from bot.mail.rounds import APART, SOON_APART, TELLING, WAITS, Letters
from bot.web.links import Links
from content_queue.store.notices import untold
from tests.bot.desk import APPROVER, AUTHOR, LEADER
from tests.bot.page_house import ADDRESSES, desk_with_mail
from tests.content_queue.world import DUE, NOW, World, a_post
from tests.post_office import PostOffice, post_office, text_of
from tests.publishers.contract import Album

PAGE = "https://duyet.tinh.example"
DESK = desk_with_mail()


class NoSecrets:
    def get(self, name: str) -> str:
        raise KeyError(name)


@pytest.fixture
def mail() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


def letters(world: World, port: int) -> Letters:
    options = MailOptions("127.0.0.1", port, "none", sender="loa@tinh.example")
    postman = Postman(options, NoSecrets(), world.clock, "Văn phòng tỉnh")
    return Letters(postman, world.ledger, Links(PAGE, b"key", lambda _name: ""), Album())


def got(mail: PostOffice, name: str = LEADER.name) -> list[str]:
    return [text_of(each).replace("\r\n", "\n") for each in mail.letters_to(ADDRESSES[name])]


async def test_who_may_decide_is_written_of_it_with_a_link_and_nobody_else(
    world: World, mail: PostOffice
) -> None:
    """The author could approve for the agency, were the post not theirs."""
    world.plan(a_post())
    await letters(world, mail.port).go(DESK)
    (letter,) = got(mail)
    assert letter.startswith(
        "[Văn phòng tỉnh] Bài B0001-2026 chờ anh/chị duyệt, đăng lúc 08:00 thứ Sáu 20/11/2026\n"
        f"Kính gửi {LEADER.name},\n"
    )
    assert f"Xem và quyết định: {PAGE}/mo/" in letter
    assert "/B0001-2026\n" in letter
    assert {name: len(got(mail, name)) for name in ADDRESSES} == {
        **dict.fromkeys(ADDRESSES, 0),
        LEADER.name: 1,
        APPROVER.name: 1,
    }
    assert got(mail, AUTHOR.name) == []


async def test_several_posts_are_one_letter_and_each_is_told_once(world: World, mail: PostOffice) -> None:
    """Forty rows of a calendar are no forty letters."""
    world.plan(*(a_post(f"B{n:04}") for n in range(40)))
    room = letters(world, mail.port)
    for _ in range(3):
        await room.go(DESK)
        world.clock.at += timedelta(seconds=5)
    (letter,) = got(mail)
    assert letter.count("Xem và quyết định: ") == 40
    assert letter.startswith("[Văn phòng tỉnh] 40 bài chờ anh/chị duyệt, sớm nhất đăng lúc 08:00")


async def test_a_post_that_changed_is_told_again_and_says_so(world: World, mail: PostOffice) -> None:
    """Not at once: editors save often."""
    later = DUE + timedelta(hours=20)
    world.plan(a_post(due=later))
    room = letters(world, mail.port)
    await room.go(DESK)
    world.plan(a_post(due=later, text="Lời khác"))
    assert await room.go(DESK)
    assert len(got(mail)) == 1
    world.clock.at += APART
    assert not await room.go(DESK)
    assert "Bài đã được sửa so với bản anh/chị nhận lần trước." in got(mail)[1]


async def test_what_is_due_soon_waits_less(world: World, mail: PostOffice) -> None:
    """But no letter a minute even then."""
    world.plan(a_post(due=NOW + timedelta(minutes=50)))
    room = letters(world, mail.port)
    await room.go(DESK)
    world.plan(a_post(due=NOW + timedelta(minutes=50)), a_post("B0002", due=NOW + timedelta(minutes=40)))
    world.clock.at += SOON_APART - timedelta(seconds=1)
    assert await room.go(DESK)
    world.clock.at += timedelta(seconds=1)
    assert not await room.go(DESK)
    assert len(got(mail)) == 2


async def test_a_restart_writes_nothing_again(world: World, mail: PostOffice) -> None:
    """What was written stands in the ledger."""
    world.plan(a_post())
    await letters(world, mail.port).go(DESK)
    world.clock.at += APART
    await letters(world, mail.port).go(DESK)
    assert len(got(mail)) == 1


async def test_a_server_that_is_away_is_tried_again_and_told_of(world: World) -> None:
    """Nothing is lost silently: people hear of it where they can, and the letters come later."""
    world.plan(a_post())
    room = letters(world, 1)
    for number in range(TELLING):
        assert await room.go(DESK)
        assert await room.go(DESK)  # not before its time: this one asks nobody
        world.clock.at += timedelta(seconds=WAITS[min(number, len(WAITS) - 1)])
    told = [each.message for each in world.look(untold) if each.key.startswith("mail:")]
    assert [each.partition("(")[0] for each in told] == ["Không gửi được thư duyệt bài "]

    with post_office() as mail:
        world.clock.at += timedelta(seconds=WAITS[-1])
        room.postman = letters(world, mail.port).postman
        await room.go(DESK)
        assert [each.count("Xem và quyết định: ") for each in got(mail)] == [
            1,
            0,
        ]  # and then that it was away


async def test_an_address_that_takes_nothing_is_told_of_and_the_others_get_theirs(world: World) -> None:
    """One typing mistake in the settings stops nobody else's letters."""
    world.plan(a_post())
    with post_office({ADDRESSES[LEADER.name]: "550 5.1.1 no such user"}) as mail:
        room = letters(world, mail.port)
        await room.go(DESK)
        world.clock.at += APART
        await room.go(DESK)
        assert [len(got(mail, name)) for name in (LEADER.name, APPROVER.name)] == [0, 1]
    (told,) = [each.message for each in world.look(untold) if each.key.startswith("mail:")]
    assert told.startswith(f"Máy chủ thư không nhận thư gửi {LEADER.name} (SMTPRecipientsRefused 550).")


async def test_letters_hold_text_as_text(world: World, mail: PostOffice, tmp_path: Path) -> None:
    """An editor's `<script>` is words, in both forms of a letter."""
    world.plan(a_post(text="<script>alert(1)</script> & chào"))
    await letters(world, mail.port).go(DESK)
    (letter,) = mail.letters_to(ADDRESSES[LEADER.name])
    html = letter.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; chào" in html.get_content()
