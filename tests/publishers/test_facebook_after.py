"""What follows a post on Facebook: its first comment, corrections, and what taking it back leaves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_queue.models import Attempt, Channel, MediaRef, Payload, Variant
from content_queue.outcomes import (
    ChannelClosedError,
    Found,
    NotSentError,
    Pending,
    Retraction,
    Staged,
)
from publishers.facebook import FacebookPublisher
from publishers.facebook.changes import uneditable
from publishers.facebook.errors import HOUR
from publishers.facebook.render import render
from publishers.options import FacebookOptions
from publishers.standin.facebook import FacebookStandin
from tests.publishers.contract import PNG, House, go_out
from tests.publishers.on_facebook import PAGE, OnFacebook, Order, Watch, finish


class TestFirstComment(OnFacebook):
    """It is made when the post stands, and never at the cost of it."""

    @pytest.fixture
    def payload(self, publisher: FacebookPublisher, channel: Channel) -> Payload:
        return publisher.render(channel, Variant("vi", "Lễ hội", comment="Xem thêm ở gialai.gov.vn"))

    async def test_it_stands_under_the_post(
        self, publisher: FacebookPublisher, standin: FacebookStandin, channel: Channel, payload: Payload
    ) -> None:
        """People approve both; the message has no part of it."""
        receipt = await go_out(publisher, channel, payload)
        [post] = standin.wall.posts.values()
        assert (post.message, post.comments) == ("Lễ hội", ("Xem thêm ở gialai.gov.vn",))
        assert (receipt.remote_id, receipt.told) == (post.id, "")
        assert "Xem thêm ở gialai.gov.vn" in payload.text

    @pytest.mark.parametrize(
        ("word", "told", "comments"),
        [
            ("weak", "bình luận đầu thì chưa", 0),
            ("duplicate", "Chưa rõ bình luận", 0),
            ("drop_after", "Chưa rõ bình luận", 1),
            ("500_before", "Chưa rõ bình luận", 0),
        ],
    )
    async def test_what_becomes_of_it_does_not_touch_the_post(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        payload: Payload,
        fault: Order,
        word: str,
        told: str,
        comments: int,
    ) -> None:
        """The post is published; that its comment is missing is told, and it is not sent twice."""
        fault(word, "/comments")
        receipt = await go_out(publisher, channel, payload)
        [post] = standin.wall.posts.values()
        assert (told in receipt.told, len(post.comments)) == (True, comments)

    async def test_it_waits_when_facebook_says_so(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        payload: Payload,
        fault: Order,
    ) -> None:
        """Then it is sent again, alone."""
        outcome = await publisher.publish(channel, payload, Staged({"photos": []}))
        assert isinstance(outcome, Pending)
        fault("throttle", "/comments")
        with pytest.raises(NotSentError):
            await publisher.publish(channel, payload, Staged(outcome.memo))
        await finish(publisher, channel, payload, outcome)
        assert [len(post.comments) for post in standin.wall.posts.values()] == [1]

    async def test_a_crash_between_the_two_is_a_post_that_is_found(
        self, publisher: FacebookPublisher, channel: Channel, payload: Payload
    ) -> None:
        """Nobody knows of the comment; that is said."""
        outcome = await publisher.publish(channel, payload, Staged({"photos": []}))
        assert isinstance(outcome, Pending)
        found = await publisher.find(channel, Attempt(1, 1, payload, outcome.memo, datetime.now(UTC)))
        assert isinstance(found, Found)
        assert (found.receipt.remote_id, "bình luận" in found.receipt.told) == (outcome.memo["made"], True)


class TestTakingBack(OnFacebook):
    """A post goes with its photos."""

    @pytest.fixture
    def media(self, house: House) -> tuple[MediaRef, ...]:
        return (house.media.keep(PNG), house.media.keep(PNG + b"2"))

    @pytest.mark.parametrize("count", [0, 1, 2])
    async def test_photos_go_with_their_post(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        media: tuple[MediaRef, ...],
        count: int,
    ) -> None:
        """One, several, none; never what a link leads to."""
        variant = Variant("vi", "Chào", media=media[:count], link="https://gialai.gov.vn")
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        assert await publisher.retract(channel, receipt) == Retraction(removed=True)
        assert (standin.wall.posts, standin.wall.photos) == ({}, {})

    async def test_a_photo_that_stays_is_told(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        media: tuple[MediaRef, ...],
        fault: Order,
    ) -> None:
        """The post is gone; the officer looks into the album."""
        receipt = await go_out(
            publisher, channel, publisher.render(channel, Variant("vi", "Chào", media=media))
        )
        photo = next(iter(standin.wall.photos))
        fault("weak", f"/{photo}")
        retraction = await publisher.retract(channel, receipt)
        assert (retraction.removed, "album" in retraction.told) == (False, True)
        assert standin.wall.posts == {}

    async def test_a_page_that_is_not_seen_is_not_a_post_that_is_gone(
        self, publisher: FacebookPublisher, standin: FacebookStandin, channel: Channel
    ) -> None:
        """The token may have lost the Page."""
        receipt = await go_out(publisher, channel, publisher.render(channel, Variant("vi", "Chào")))
        standin.wall.gone.add(PAGE)
        with pytest.raises(ChannelClosedError):
            await publisher.retract(channel, replace(receipt, remote_id=f"{PAGE}_1"))


@pytest.mark.parametrize(
    ("old", "new", "editable"),
    [
        (Variant("vi", "a"), Variant("vi", "b"), True),
        (Variant("vi", "a", comment="c"), Variant("vi", "b", comment="c"), True),
        (Variant("vi", "a"), Variant("vi", "b", comment="c"), False),
        (Variant("vi", "a"), Variant("vi", "a", link="https://a.vn"), False),
        (Variant("vi", "a"), Variant("vi", "a", media=(MediaRef("1", "image/png", "a.png", 1),)), False),
        (
            Variant("vi", "a", media=(MediaRef("1", "video/mp4", "a.mp4", 1),)),
            Variant("vi", "a", media=(MediaRef("1", "video/mp4", "a.mp4", 1),), form="reel"),
            False,
        ),
    ],
)
def test_only_words_can_be_changed(old: Variant, new: Variant, editable: bool) -> None:  # noqa: FBT001 - a row of a table
    """Everything else needs a new post, and that is said."""
    told = uneditable(render(old, FacebookOptions()), render(new, FacebookOptions()))
    assert (told == "", "gỡ bài" in told) == (editable, not editable)


class TestWaiting(OnFacebook):
    """What Facebook asks to wait."""

    async def test_each_block_that_follows_another_is_waited_out_twice_as_long(
        self, publisher: FacebookPublisher, channel: Channel, fault: Order, watch: Watch
    ) -> None:
        """Up to a day; after three quiet days it begins anew. Other Pages are not held up."""
        payload = publisher.render(channel, Variant("vi", "Chào"))
        other = replace(channel, remote_id="100064000000002")

        async def blocked(there: Channel) -> timedelta:
            fault("blocked")
            with pytest.raises(NotSentError) as caught:
                await publisher.publish(there, payload, Staged())
            wait = caught.value.retry_after
            assert wait is not None
            assert f"{wait // timedelta(minutes=1)} phút" in str(caught.value)
            return wait

        hours = [await blocked(channel) for _time in range(7)]
        assert hours == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 24 * HOUR, 24 * HOUR]
        assert await blocked(other) == HOUR
        watch.at += timedelta(days=3)
        assert await blocked(channel) == HOUR

    async def test_a_list_that_is_too_much_is_asked_for_in_smaller_pages(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        fault: Order,
        calls: Callable[[], int],
    ) -> None:
        """Code 1 of that text says so; any other code 1 is a fault of the server's."""
        payload = publisher.render(channel, Variant("vi", "Chào"))
        receipt = await go_out(publisher, channel, payload)
        attempt = Attempt(1, 1, payload, {}, datetime.now(UTC))
        before = calls()
        fault("too_much", "/published_posts")
        assert await publisher.find(channel, attempt) == Found(receipt)
        assert calls() - before == 2
        fault("code_1", "/published_posts")
        with pytest.raises(NotSentError):
            await publisher.find(channel, attempt)

    async def test_a_list_that_hides_the_newest_proves_nothing(
        self, publisher: FacebookPublisher, channel: Channel, fault: Order
    ) -> None:
        """It is late; a later look finds it."""
        payload = publisher.render(channel, Variant("vi", "Chào"))
        receipt = await go_out(publisher, channel, payload)
        attempt = Attempt(1, 1, payload, {}, datetime.now(UTC))
        fault("unlisted", "/published_posts")
        found = [await publisher.find(channel, attempt) for _look in range(2)]
        assert (isinstance(found[0], Found), found[1]) == (False, Found(receipt))

    async def test_the_second_photo_that_fails_takes_the_first_back(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        house: House,
        fault: Order,
    ) -> None:
        """All photos or none."""
        media = (house.media.keep(PNG), house.media.keep(PNG + b"2"))
        payload = publisher.render(channel, Variant("vi", "Chào", media=media))
        fault("500_before", "/photos", skip=1)
        with pytest.raises(NotSentError):
            await publisher.stage(channel, payload, {})
        assert standin.wall.photos == {}
