"""Every fault of Zalo's stand-in, where it hits, and the state in which its delivery ends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from content_queue.delivery.decide import Rules, after_error, after_stage_error
from content_queue.outcomes import NotSentError, Pending, PublishError, RefusedError, Staged
from content_queue.states import DeliveryState
from publishers.standin.faults import WORDS
from publishers.standin.zalo.faults import BENDS
from tests.deliveries import a_delivery
from tests.publishers.zalo_world import CHANNEL, NOON, SAID, World, zalo_world

D = DeliveryState
#: Fault word -> (state after staging, state after showing); None: it is asked again, and ends well.
ENDS: dict[str, tuple[DeliveryState | None, DeliveryState | None]] = {
    "drop_before": (D.RETRYING, D.UNCONFIRMED),
    "drop_after": (D.RETRYING, D.UNCONFIRMED),
    "500_before": (D.RETRYING, D.UNCONFIRMED),
    "500_after": (D.RETRYING, D.UNCONFIRMED),
    "garbage": (D.RETRYING, D.UNCONFIRMED),
    "html_502": (D.RETRYING, D.UNCONFIRMED),
    "no_token": (D.RETRYING, D.UNCONFIRMED),
    "throttle": (D.RETRYING, D.RETRYING),
    "send_failed": (D.RETRYING, D.RETRYING),
    "pending_214": (D.RETRYING, D.RETRYING),
    "pending_words": (D.RETRYING, D.RETRYING),
    "night": (D.RETRYING, D.RETRYING),
    "pending_without_id": (D.RETRYING, D.UNCONFIRMED),
    "media_failed": (D.FAILED, D.FAILED),
    "no_right": (D.FAILED, D.FAILED),
    "no_quota": (D.FAILED, D.FAILED),
    "quota_words": (D.FAILED, D.FAILED),
    "out_of_quota": (D.FAILED, D.FAILED),
    "no_plan": (D.FAILED, D.FAILED),
    "wrong_kind_of_oa": (D.FAILED, D.FAILED),
    "standards": (D.FAILED, D.FAILED),
    "gone_api": (D.FAILED, D.FAILED),
    "empty_api": (D.FAILED, D.FAILED),
    "never_seen": (D.FAILED, D.FAILED),
    "text_code": (D.FAILED, D.FAILED),
    "film_token": (D.FAILED, D.FAILED),
}
#: Faults of a look whether an article is ready -> how its delivery ends after it was handed in to be shown.
LOOKS: dict[str, DeliveryState] = {
    "drop_before": D.PUBLISHED,
    "drop_after": D.PUBLISHED,
    "500_before": D.PUBLISHED,
    "500_after": D.PUBLISHED,
    "garbage": D.PUBLISHED,
    "html_502": D.PUBLISHED,
    "throttle": D.PUBLISHED,
    "pending_214": D.PUBLISHED,
    "pending_words": D.PUBLISHED,
    "pending_without_id": D.PUBLISHED,
    "send_failed": D.PUBLISHED,
    "night": D.PUBLISHED,
    "media_failed": D.FAILED,
    "no_right": D.UNCONFIRMED,
    "no_plan": D.UNCONFIRMED,
    "out_of_quota": D.UNCONFIRMED,
    "gone_api": D.UNCONFIRMED,
    "text_code": D.UNCONFIRMED,
}
#: Faults of videos: `test_zalo_films`.
FILMS = {word for word in BENDS if word.startswith("film_")}
DELIVERY = a_delivery("zalo", NOON, channel=CHANNEL.name)


@pytest.fixture
async def zalo(tmp_path: Path) -> AsyncIterator[World]:
    async with zalo_world(tmp_path) as world:
        yield world


def test_every_fault_is_tried() -> None:
    """A word that nobody orders says nothing."""
    assert ENDS.keys() | FILMS == WORDS.keys() | BENDS.keys()


@pytest.mark.parametrize("word", ENDS)
async def test_a_fault_while_an_article_is_hidden(zalo: World, word: str) -> None:
    """It is tried again where that is safe; nothing is ever seen by readers."""
    await zalo.fault(word, on="article/create")
    payload = zalo.publisher.render(CHANNEL, SAID)
    with pytest.raises(PublishError) as caught:
        await zalo.publisher.stage(CHANNEL, payload, {})
    verdict = after_stage_error(caught.value, DELIVERY, now=NOON, rules=Rules())
    assert (verdict.state, str(caught.value).endswith((".", ".)"))) == (ENDS[word][0], True)
    assert [post for post in zalo.shown() if post.visible] == []


@pytest.mark.parametrize("word", ENDS)
async def test_a_fault_while_an_article_is_shown(zalo: World, word: str) -> None:
    """What may have been shown is read back, never handed in again."""
    payload = zalo.publisher.render(CHANNEL, SAID)
    staged = await zalo.stage(payload)
    await zalo.fault(word, on="article/update")
    with pytest.raises(PublishError) as caught:
        await zalo.publisher.publish(CHANNEL, payload, staged)
    assert after_error(caught.value, DELIVERY, now=NOON, rules=Rules()).state == ENDS[word][1]
    if ENDS[word][1] == D.RETRYING:
        await zalo.publish(payload, staged)
        assert [post.visible for post in zalo.shown()] == [True]


@pytest.mark.parametrize("word", LOOKS)
async def test_a_fault_of_a_look_after_it_was_handed_in(zalo: World, word: str) -> None:
    """The article may be shown already: only Zalo's own refusal of its content ends it."""
    payload = zalo.publisher.render(CHANNEL, SAID)
    handed = await zalo.publisher.publish(CHANNEL, payload, await zalo.stage(payload))
    assert isinstance(handed, Pending)
    await zalo.fault(word, on="article/verify")
    try:
        await zalo.publish(payload, Staged(handed.memo))
        state = D.PUBLISHED
    except PublishError as error:
        state = after_error(error, DELIVERY, now=NOON, rules=Rules()).state
    assert state == LOOKS[word]
    assert len(zalo.shown()) == 1


async def test_pending_words_wait_and_end_well(zalo: World) -> None:
    """However Zalo says that it still fetches pictures."""
    for word in ("pending_214", "pending_words", "pending_without_id"):
        await zalo.fault(word, on="article/verify", count=2)
    await zalo.go_out()
    assert [post.visible for post in zalo.shown()] == [True]


async def test_a_picture_that_could_not_be_fetched_is_told_while_hidden(zalo: World) -> None:
    """Half an hour before its time, with the way out."""
    await zalo.fault("media_failed", on="article/verify")
    with pytest.raises(RefusedError, match="Zalo không tải được ảnh"):
        await zalo.go_out()


async def test_a_lost_create_leaves_no_second_article_to_readers(zalo: World) -> None:
    """The first one stays hidden; the second is shown."""
    await zalo.fault("drop_after", on="article/create")
    payload = zalo.publisher.render(CHANNEL, SAID)
    with pytest.raises(PublishError):
        await zalo.publisher.stage(CHANNEL, payload, {})
    await zalo.go_out()
    assert sorted(post.visible for post in zalo.shown()) == [False, True]


@pytest.mark.parametrize("word", ["no_right", "no_plan", "text_code", "gone_api"])
async def test_what_closes_an_account_is_told_by_a_look_at_it(zalo: World, word: str) -> None:
    """The daily look finds it before a post is due."""
    await zalo.fault(word, on="oa/getoa")
    health = await zalo.publisher.check(CHANNEL)
    assert (health.ok, len(health.problems)) == (False, 1)


async def test_numbers_outlive_a_lost_look_at_the_account(zalo: World) -> None:
    """Views are read, and the followers are asked for again."""
    receipt = await zalo.go_out()
    await zalo.fault("html_502", on="oa/getoa")
    readings = await zalo.publisher.measure(CHANNEL, receipt)
    assert [(one.metric, one.value is None) for one in readings] == [("views", False), ("shares", False)]
    with pytest.raises(NotSentError):
        await zalo.publisher.figures(CHANNEL)
