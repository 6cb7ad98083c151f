"""Broadcasts: by day, within the quota, and never twice."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from content_queue.outcomes import (
    Absent,
    ChannelClosedError,
    NotSentError,
    Pending,
    PublishError,
    Receipt,
    RefusedError,
    Retraction,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from publishers.hours import ZONE, until_open
from tests.publishers.zalo_world import CHANNEL, NOON, SAID, World, attempt, zalo_world

PUSHED = replace(SAID, form="broadcast")


@pytest.fixture
async def zalo(tmp_path: Path) -> AsyncIterator[World]:
    async with zalo_world(tmp_path) as world:
        yield world


async def test_an_article_is_shown_and_pushed_once(zalo: World) -> None:
    """The receipt names both, and opens the article."""
    receipt = await zalo.go_out(PUSHED)
    (post,) = zalo.shown()
    assert zalo.messages() == [[post.remote_id]]
    assert receipt.remote_id.partition("/")[0] == post.remote_id
    assert receipt.link == f"{zalo.url}/detail/99/{post.remote_id}"


async def test_an_article_alone_is_pushed_to_nobody(zalo: World) -> None:
    """Law: a broadcast has an approval of its own."""
    await zalo.go_out(SAID)
    assert zalo.messages() == []


@pytest.mark.parametrize(
    "word", ["drop_before", "drop_after", "500_before", "500_after", "garbage", "no_token"]
)
async def test_a_push_without_a_trustworthy_answer_is_never_repeated(zalo: World, word: str) -> None:
    """However often the delivery asks: what left once does not leave again, and a person looks."""
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    shown = await zalo.until(payload, "shown")
    await zalo.fault(word, on="oa/message")
    pending = await zalo.publisher.publish(CHANNEL, payload, Staged(shown.memo))
    assert pending == Pending({**shown.memo, "asked": True}, timedelta())
    arrived = len(zalo.messages())
    for _time in range(3):
        with pytest.raises(UnknownOutcomeError, match="Chương trình không tự gửi lại"):
            await zalo.publisher.publish(CHANNEL, payload, Staged(pending.memo))
    assert len(zalo.messages()) == arrived == (0 if word.endswith("before") else 1)


@pytest.mark.parametrize("memo", [{"id": "a", "shown": True}, {"id": "a", "shown": True, "asked": True}])
async def test_nothing_proves_that_a_push_did_not_arrive(zalo: World, memo: dict[str, object]) -> None:
    """Not even a crash before its call: there is nothing to ask Zalo for."""
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    found = await zalo.publisher.find(CHANNEL, attempt(payload, memo))
    assert isinstance(found, Unclear)
    assert "Tin quảng bá" in found.why


async def test_a_hidden_article_was_pushed_to_nobody(zalo: World) -> None:
    """Then all of it may be done again."""
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    staged = await zalo.stage(payload)
    assert await zalo.publisher.find(CHANNEL, attempt(payload, staged.data)) == Absent()


async def test_an_article_that_is_shown_and_not_pushed_is_left_to_people(zalo: World) -> None:
    """It is out, so it is not absent; its push is not, so it is not published."""
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    staged = await zalo.stage(payload)
    await zalo.publisher.publish(CHANNEL, payload, staged)
    found = await zalo.publisher.find(CHANNEL, attempt(payload, staged.data))
    assert isinstance(found, Unclear)
    assert "tin chưa được gửi" in found.why


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("out_of_quota", ChannelClosedError),
        ("no_plan", ChannelClosedError),
        ("no_right", ChannelClosedError),
        ("wrong_kind_of_oa", RefusedError),
        ("standards", RefusedError),
        ("night", RefusedError),
    ],
)
async def test_a_refused_push_says_that_the_article_is_shown(
    zalo: World, word: str, kind: type[PublishError]
) -> None:
    """Readers of the OA see it already: whoever mends this must know."""
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    shown = await zalo.until(payload, "shown")
    await zalo.fault(word, on="oa/message")
    with pytest.raises(PublishError, match="Bài viết đã hiện trên OA nhưng chưa gửi được") as caught:
        await zalo.publisher.publish(CHANNEL, payload, Staged(shown.memo))
    assert type(caught.value) is kind


async def test_a_push_that_certainly_did_not_leave_is_tried_again(zalo: World) -> None:
    """A throttled one did not."""
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    shown = await zalo.until(payload, "shown")
    await zalo.fault("throttle", on="oa/message")
    with pytest.raises(NotSentError):
        await zalo.publisher.publish(CHANNEL, payload, Staged(shown.memo))
    assert isinstance(await zalo.publish(payload, Staged(shown.memo)), Receipt)
    assert len(zalo.messages()) == 1


# --- hours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "wait"),
    [
        (time(6), None),
        (time(12), None),
        (time(21, 30), None),
        (time(5, 59), timedelta(minutes=1)),
        (time(0), timedelta(hours=6)),
        (time(21, 31), timedelta(hours=8, minutes=29)),
        (time(23, 59), timedelta(hours=6, minutes=1)),
    ],
)
def test_followers_are_written_to_by_day(at: time, wait: timedelta | None) -> None:
    """From 06:00 to 21:30 in Vietnam, whatever the zone of the asker."""
    local = datetime.combine(NOON.date(), at, ZONE)
    assert until_open("zalo", "broadcast", local.astimezone(UTC)) == wait
    assert until_open("zalo", "", local) is None
    assert until_open("telegram", "broadcast", local) is None


async def test_at_night_nothing_is_begun(zalo: World) -> None:
    """Not even the article is shown: both wait for the morning."""
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    staged = await zalo.stage(payload)
    zalo.now = NOON.replace(hour=15)  # 22:00 in Vietnam
    with pytest.raises(NotSentError, match="từ 06:00 đến 21:30") as caught:
        await zalo.publisher.publish(CHANNEL, payload, staged)
    assert caught.value.retry_after == timedelta(hours=8)
    assert [post.visible for post in zalo.shown()] == [False]


# --- quotas ---------------------------------------------------------------------------------------------


async def test_a_day_and_a_month_have_so_many(zalo: World) -> None:
    """They begin at midnight in Vietnam; what the ledger counts is told before anything is made."""
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    await zalo.publisher.stage(CHANNEL, payload, {})
    assert zalo.asked_since == [
        datetime(2026, 11, 20, tzinfo=ZONE),
        datetime(2026, 11, 1, tzinfo=ZONE),
    ]


@pytest.mark.parametrize(
    ("day", "month", "said"),
    [
        (1, 4, "hôm nay đã gửi tin cho người quan tâm"),
        (0, 1, "tháng này đã gửi đủ 1 tin"),
        (2, 1, "tháng này"),
    ],
)
async def test_a_used_up_quota_is_told_before_and_heeded_at_the_time(
    zalo: World, day: int, month: int, said: str
) -> None:
    """Half an hour before, people can still choose another day; a late one is caught at its second."""
    zalo.options = {"broadcasts_per_day": day, "broadcasts_per_month": month}
    payload = zalo.publisher.render(CHANNEL, PUSHED)
    staged = await zalo.stage(payload)
    zalo.pushed = 1
    with pytest.raises(RefusedError, match=said) as caught:
        await zalo.publisher.stage(CHANNEL, payload, {})
    assert "Hãy cho giờ mới" in str(caught.value)
    with pytest.raises(RefusedError, match=said):
        await zalo.publisher.publish(CHANNEL, payload, staged)
    assert [post.visible for post in zalo.shown()] == [False]


async def test_an_office_may_leave_the_counting_to_zalo(zalo: World) -> None:
    """0 counts nothing."""
    zalo.options, zalo.pushed = {"broadcasts_per_day": 0, "broadcasts_per_month": 0}, 99
    await zalo.go_out(PUSHED)
    assert (len(zalo.messages()), zalo.asked_since) == (1, [])


# --- afterwards -----------------------------------------------------------------------------------------


async def test_taking_back_removes_the_article_and_says_what_stays(zalo: World) -> None:
    """What reached followers cannot be recalled."""
    receipt = await zalo.go_out(PUSHED)
    taken = await zalo.publisher.retract(CHANNEL, receipt)
    assert (taken.removed, "không cho thu hồi" in taken.told, zalo.shown()) == (False, True, [])
    assert await zalo.publisher.retract(CHANNEL, receipt) == taken
    alone = await zalo.go_out(SAID)
    assert await zalo.publisher.retract(CHANNEL, alone) == Retraction(removed=True)


async def test_the_article_of_a_broadcast_is_measured_and_corrected(zalo: World) -> None:
    """Whoever opens the message reads the corrected text."""
    receipt = await zalo.go_out(PUSHED)
    readings = await zalo.publisher.measure(CHANNEL, receipt)
    assert [reading.metric for reading in readings] == ["views", "shares"]
    new = zalo.publisher.render(CHANNEL, replace(PUSHED, text="Tiêm chủng\nĐã dời."))
    memo: dict[str, object] = {}
    while isinstance(result := await zalo.publisher.correct(CHANNEL, receipt, new, memo=memo), Pending):
        memo = dict(result.memo)
    assert (result, [post.text for post in zalo.shown()]) == (receipt, [new.text])
    assert len(zalo.messages()) == 1
