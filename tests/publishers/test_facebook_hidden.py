"""Facebook with posts that lie unpublished until their second: the contract again, and what is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import Absent, Found, Pending, Staged, Unclear, UnknownOutcomeError
from content_queue.ports import Publisher
from publishers.facebook import FacebookPublisher
from publishers.options import FacebookOptions
from publishers.standin.facebook import FacebookStandin
from publishers.standin.server import Standin
from tests.canaries import CANARY_FACEBOOK
from tests.publishers.contract import PNG, House, PublisherContract, stage

Order = Callable[..., None]
PAGE = "100064000000001"


class TestRevealing(PublisherContract):
    """An adapter like the others: made before, revealed at the second."""

    platform, committing = "facebook", f"/{PAGE}_"
    figures_calls = 2
    token, wrong_token = CANARY_FACEBOOK, f"expired-{CANARY_FACEBOOK}"

    def make(self, base_url: str, house: House) -> Publisher:
        options = FacebookOptions(api_url=base_url, reveal=True)
        return FacebookPublisher(http=house.http, secrets=house.secrets, media=house.media, options=options)

    @pytest.fixture
    def channel(self) -> Channel:
        return Channel("UBND xã Ia Grai", "ia-grai", "facebook", PAGE, token="kenh")

    @pytest.fixture(params=[0, 2], ids=["text", "photos"])
    def variant(self, request: pytest.FixtureRequest, house: House) -> Variant:
        media = tuple(house.media.keep(PNG + str(n).encode()) for n in range(request.param))
        return Variant("vi", "Chào mừng Ngày Nhà giáo Việt Nam 20/11", media=media)

    async def test_the_post_lies_there_before_its_second(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """Photos are kept before anything hangs on them; the post's id is what is revealed."""
        payload = publisher.render(channel, variant)
        staged = await stage(publisher, channel, payload)
        [post] = standin.shown()
        assert (post.visible, post.remote_id, len(post.pictures)) == (
            False,
            staged.data["post"],
            len(variant.media),
        )
        assert await publisher.stage(channel, payload, staged.data) == staged

    async def test_to_reveal_twice_shows_it_once(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """So a lost answer costs nothing."""
        payload = publisher.render(channel, variant)
        staged = await stage(publisher, channel, payload)
        assert await publisher.publish(channel, payload, staged) == await publisher.publish(
            channel, payload, staged
        )
        assert len(standin.shown()) == 1

    @pytest.mark.parametrize(("word", "kind"), [("drop_after", Found), ("drop_before", Absent)])
    async def test_a_lost_reveal_is_read_back_for_certain(
        self,
        publisher: Publisher,
        channel: Channel,
        variant: Variant,
        fault: Order,
        word: str,
        kind: type[Found | Absent],
    ) -> None:
        """The post is asked itself, not a list: shown is found, unpublished is absent."""
        payload = publisher.render(channel, variant)
        staged = await stage(publisher, channel, payload)
        fault(word)
        with pytest.raises(UnknownOutcomeError):
            await publisher.publish(channel, payload, staged)
        found = await publisher.find(channel, an_attempt(payload, staged))
        assert found == Absent() or isinstance(found, Found)
        assert type(found) is kind

    @pytest.mark.parametrize(("word", "made"), [("drop_after", 1), ("500_before", 0), ("no_id", 1)])
    async def test_an_unpublished_post_whose_answer_was_lost_is_found_again(
        self,
        publisher: Publisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        fault: Order,
        word: str,
        made: int,
    ) -> None:
        """It is adopted where it was made, and made anew where it was not: one post, none left over."""
        payload = publisher.render(channel, variant)
        memo = {}
        if variant.media:
            uploaded = await publisher.stage(channel, payload, {})
            assert isinstance(uploaded, Pending)
            memo = dict(uploaded.memo)
        fault(word, "/feed")
        lost = await publisher.stage(channel, payload, memo)
        assert isinstance(lost, Pending)
        assert (lost.after, len(standin.shown())) == (timedelta(seconds=60), made)
        staged = await stage(publisher, channel, payload, lost.memo)
        await publisher.publish(channel, payload, staged)
        assert [post.visible for post in standin.shown()] == [True]

    async def test_what_was_made_and_is_not_wanted_is_removed(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """The post and its photos."""
        staged = await stage(publisher, channel, publisher.render(channel, variant))
        await publisher.discard(channel, staged)
        assert isinstance(standin, FacebookStandin)
        assert (standin.wall.posts, standin.wall.photos) == ({}, {})


class TestUnlisted:
    """What no list shows, where the office takes that for absence."""

    @pytest.mark.parametrize(("number", "found"), [(1, Absent(proven=False)), (2, None)])
    async def test_it_is_taken_for_absent_once(
        self, base_url: str, house: House, number: int, found: Absent | None
    ) -> None:
        """At the first attempt only: then a person decides."""
        options = FacebookOptions(api_url=base_url, resend_when_unlisted=True)
        publisher = FacebookPublisher(
            http=house.http, secrets=house.secrets, media=house.media, options=options
        )
        channel = Channel("Trang", "ia-grai", "facebook", PAGE, token="kenh")
        payload = publisher.render(channel, Variant("vi", "Tin"))
        told = await publisher.find(channel, replace(an_attempt(payload, Staged()), number=number))
        assert told == found or (found is None and isinstance(told, Unclear))

    standins = TestRevealing.standins
    base_url = TestRevealing.base_url
    house = TestRevealing.house
    platform, token, more_secrets = "facebook", CANARY_FACEBOOK, TestRevealing.more_secrets


def an_attempt(payload: Payload, staged: Staged) -> Attempt:
    return Attempt(1, 1, payload, staged.data, datetime.now(UTC))
