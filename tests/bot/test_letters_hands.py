"""Officers without Telegram post by hand: written to with the ready text, reminded, told when to stop."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.acts import By, cancel
from bot.mail.hand_words import MOST, RULE, attached
from bot.mail.hands import ASK, REMIND, next_word
from bot.mail.options import MailOptions
from bot.mail.postman import Postman
from bot.mail.rounds import Letters
from bot.telegram.questions import able_to_answer, unanswered
from bot.web.links import Links
from content_queue.delivery.assist import look_after
from content_queue.delivery.claim import claim
from content_queue.delivery.dispatch import Dispatch
from content_queue.media import MediaStore
from content_queue.models import MediaRef, Payload
from content_queue.store import posts
from content_queue.store.audit import acts_on
from tests.bot.desk import DESK, EDITOR, LEADER, OTHER
from tests.bot.page_house import ADDRESSES, Guest, PageHouse, page_house, with_mail
from tests.bot.test_letters import PAGE, NoSecrets
from tests.content_queue.world import DUE, World, a_post
from tests.post_office import PostOffice, post_office, text_of
from tests.publishers.contract import PNG

POST, LINK = "B0001-2026", "https://www.facebook.com/so-van-hoa/posts/1"
#: The channel's own officer has no Telegram; nobody else has an address.
OFFICER = with_mail(replace(EDITOR, telegram_id=None))
BY_HAND = replace(DESK, people=tuple(OFFICER if each == EDITOR else each for each in DESK.people))


@pytest.fixture
def mail() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture
def by_hand(world: World) -> World:
    """A world whose channel k0 has no API."""
    channels = world.works.channels
    channels["k0"] = replace(channels["k0"], mode="assisted")  # type: ignore[index]
    return world


@pytest.fixture
def letters(by_hand: World, mail: PostOffice, tmp_path: Path) -> Letters:
    options = MailOptions("127.0.0.1", mail.port, "none", sender="loa@tinh.example")
    postman = Postman(options, NoSecrets(), by_hand.clock, "Văn phòng tỉnh")
    links, store = Links(PAGE, b"key", lambda _name: ""), MediaStore(tmp_path / "media")
    return Letters(postman, by_hand.ledger, links, store)


async def fall_due(world: World) -> None:
    world.plan(a_post(channels=("k0",)))
    world.approve(POST)
    world.clock.at = DUE
    await Dispatch(world.works).send(await claim(world.works))


def got(mail: PostOffice) -> list[str]:
    return [text_of(each).replace("\r\n", "\n") for each in mail.letters_to(ADDRESSES[OFFICER.name])]


async def test_the_officer_gets_text_pictures_and_a_link_once(
    by_hand: World, letters: Letters, mail: PostOffice, tmp_path: Path
) -> None:
    """The text as it was approved, between two lines; a restart writes nothing again."""
    (tmp_path / "co.png").write_bytes(PNG)
    ref = MediaStore(tmp_path / "media").keep(tmp_path / "co.png")
    composed = a_post(channels=("k0",))
    payload = Payload("telegram", "vi", "Chào mừng\n\n  Ngày Nhà giáo", media=(ref,))
    by_hand.plan(
        replace(composed, deliveries=tuple(replace(d, payload=payload) for d in composed.deliveries))
    )
    by_hand.approve(POST)
    by_hand.clock.at = DUE
    await Dispatch(by_hand.works).send(await claim(by_hand.works))

    assert await letters.go(BY_HAND)  # somebody is asked: only time tells when to remind
    assert await letters.go(BY_HAND)
    (text,) = got(mail)
    assert text.startswith(
        f"[Văn phòng tỉnh] Nhờ đăng tay bài {POST} lên kênh k0, chậm nhất 10:00\nKính gửi {OFFICER.name},\n"
    )
    assert f"\n{RULE}\nChào mừng\n\n  Ngày Nhà giáo\n{RULE}\n" in text
    assert f"{PAGE}/mo/" in text
    (letter,) = mail.letters_to(ADDRESSES[OFFICER.name])
    assert [(each.get_filename(), each.get_content()) for each in letter.iter_attachments()] == [
        ("co.png", PNG)
    ]


async def test_an_officer_who_says_nothing_is_reminded_once(
    by_hand: World, letters: Letters, mail: PostOffice
) -> None:
    """After half of the time in which the post is useful."""
    await fall_due(by_hand)
    await letters.go(BY_HAND)
    for minutes in (59, 1, 30):
        by_hand.clock.at += timedelta(minutes=minutes)
        await letters.go(BY_HAND)
    subjects = [text.partition("\n")[0] for text in got(mail)]
    assert subjects[1:] == [
        f"[Văn phòng tỉnh] Nhắc: bài {POST} chưa được đăng tay lên kênh k0, chậm nhất 10:00"
    ]


async def test_what_may_no_longer_be_posted_is_taken_back_by_letter(
    by_hand: World, letters: Letters, mail: PostOffice
) -> None:
    """A letter cannot be closed as a card is: another one says not to post."""
    await fall_due(by_hand)
    await letters.go(BY_HAND)
    by_hand.do(cancel, POST, By(LEADER, "cli", by_hand.clock.at), reason="hoãn")
    await look_after(by_hand.works)
    assert not await letters.go(BY_HAND)
    await letters.go(BY_HAND)
    assert [text.partition("\n")[0] for text in got(mail)][1:] == [
        f"[Văn phòng tỉnh] Xin đừng đăng bài {POST} lên kênh k0 nữa"
    ]


async def test_the_page_takes_the_link_and_no_letter_follows(
    by_hand: World, letters: Letters, mail: PostOffice, tmp_path: Path
) -> None:
    """Looked at with the link of the letter, said with the PIN: the same as the button in Telegram."""
    await fall_due(by_hand)
    await letters.go(BY_HAND)
    with page_house(by_hand, tmp_path) as house:
        house.desk = BY_HAND
        guest = Guest(house)
        guest.opens(house.link(OFFICER, POST))
        assert "Đăng tay lên kênh k0" in guest.page.text
        assert guest.decides("posted", pin="000000", delivery="1", link=LINK).status_code == 403
        refused = guest.decides("posted", delivery="1", link="ở trên kênh")
        assert "Xin dán liên kết của bài trên kênh" in refused.text
        assert "Đã ghi nhận: bài đã lên kênh k0." in guest.decides("posted", delivery="1", link=LINK).text
        assert "Đăng tay lên kênh k0" not in guest.opens(f"{house.address}/bai/{POST}").text
        guest.close()
    assert [(d.state, d.link) for d in by_hand.look(posts.deliveries_of, POST)] == [("published", LINK)]
    assert [(act.actor, act.way) for act in by_hand.look(acts_on, POST)][-1] == (OFFICER.name, "mail")
    await letters.go(BY_HAND)
    assert len(got(mail)) == 1


async def test_whose_channel_it_is_may_see_and_say_and_others_may_not(
    by_hand: World, tmp_path: Path, opened: Callable[[PageHouse, object], Guest]
) -> None:
    """A commune's officer is asked for a department's post on the commune's channel, and for nothing else."""
    await fall_due(by_hand)
    commune = with_mail(replace(OTHER, telegram_id=None))
    with page_house(by_hand, tmp_path) as house:
        house.desk = replace(BY_HAND, people=(*BY_HAND.people[:2], commune))
        assert opened(house, commune).page.status_code == 404
        channels = tuple(replace(each, agency="xa-an-hoa") for each in house.desk.channels)
        house.desk = replace(house.desk, channels=channels)
        assert "Đăng tay lên kênh k0" in opened(house, commune).page.text


@pytest.fixture
def opened() -> Iterator[Callable[[PageHouse, object], Guest]]:
    made: list[Guest] = []

    def open_for(house: PageHouse, person: object) -> Guest:
        made.append(Guest(house))
        made[-1].opens(house.link(person, POST))  # type: ignore[arg-type]
        return made[-1]

    yield open_for
    for guest in made:
        guest.close()


async def test_an_officer_with_an_address_spares_everybody_else_the_card(by_hand: World) -> None:
    """Two who are asked may both post: leaders are asked where no officer can be reached at all."""
    await fall_due(by_hand)
    (question,) = by_hand.look(unanswered, by_hand.clock.at)
    heard = [each for each in BY_HAND.people if each.telegram_id]
    assert LEADER not in able_to_answer(heard, question, BY_HAND)
    assert OFFICER not in able_to_answer(heard, question, BY_HAND)
    nobody = replace(BY_HAND, people=tuple(p for p in BY_HAND.people if "editor" not in p.roles))
    assert LEADER in able_to_answer(heard, question, nobody)


@pytest.mark.parametrize(
    ("told", "waiting_long", "word"),
    [("", False, ASK), ("", True, ASK), (ASK, False, ""), (ASK, True, REMIND), (REMIND, True, "")],
)
def test_each_word_is_said_once(told: str, waiting_long: bool, word: str) -> None:  # noqa: FBT001 # a row
    """Asked, then reminded, then left alone."""
    assert next_word(told, waiting_long=waiting_long) == word


def test_what_is_too_large_or_lies_elsewhere_is_named_not_sent() -> None:
    """Mail servers refuse letters of more than some twenty megabytes."""
    small, large = MediaRef("a", "image/png", "a.png", 10), MediaRef("b", "video/mp4", "b.mp4", MOST)
    public = MediaRef("", "image/png", "c.png", 0, url="https://x/c.png")
    assert attached([small, large, public]) == ([small], [large, public])
