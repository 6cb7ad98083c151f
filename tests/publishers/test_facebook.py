"""Facebook: the contract of every adapter, and what only Facebook has, over real HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_queue.models import Attempt, Channel, Variant
from content_queue.outcomes import (
    ChannelClosedError,
    Found,
    NotSentError,
    PublishError,
    RefusedError,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Publisher
from publishers.facebook import FacebookPublisher
from publishers.facebook.errors import HOUR
from publishers.options import FacebookOptions
from publishers.standin.facebook import FacebookStandin
from publishers.standin.server import Standin
from tests.canaries import CANARY_FACEBOOK
from tests.publishers.contract import PNG, House, PublisherContract, go_out

Order = Callable[..., None]
PAGE = "100064000000001"


class TestFacebook(PublisherContract):
    """An adapter like the others, with photos that go first and are seen last."""

    platform, committing = "facebook", "/feed"
    figures_calls = 2
    token, wrong_token = CANARY_FACEBOOK, f"expired-{CANARY_FACEBOOK}"

    def make(self, base_url: str, house: House) -> Publisher:
        options = FacebookOptions(api_url=base_url)
        return FacebookPublisher(http=house.http, secrets=house.secrets, media=house.media, options=options)

    @pytest.fixture
    def channel(self) -> Channel:
        return Channel("UBND xã Ia Grai", "ia-grai", "facebook", PAGE, token="kenh")

    @pytest.fixture
    def variant(self) -> Variant:
        return Variant("vi", "Chào mừng Ngày Nhà giáo Việt Nam 20/11", hashtags=("GiaLai",))

    @pytest.fixture
    def album(self, variant: Variant, house: House) -> Variant:
        """Return a post with two photos."""
        refs = (house.media.keep(PNG), replace(house.media.keep(PNG + b"2"), alt="Lễ hội cồng chiêng"))
        return replace(variant, media=refs, link="https://gialai.gov.vn/tin")

    async def test_photos_are_shown_in_order_with_the_post(
        self, publisher: Publisher, standin: Standin, channel: Channel, album: Variant
    ) -> None:
        """Two photos and a text are one post; the link stands in the text."""
        payload = publisher.render(channel, album)
        await go_out(publisher, channel, payload)
        [post] = standin.shown()
        assert (post.text, post.link, len(post.pictures)) == (payload.text, "", 2)
        assert payload.text.splitlines()[-3:] == ["https://gialai.gov.vn/tin", "", "#GiaLai"]

    async def test_a_link_without_photos_is_a_field(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """Facebook makes its preview of the field, not of the text."""
        payload = publisher.render(channel, replace(variant, link="https://gialai.gov.vn/tin"))
        await go_out(publisher, channel, payload)
        [post] = standin.shown()
        assert (post.text, post.link) == (payload.text, "https://gialai.gov.vn/tin")
        assert "gialai.gov.vn" not in payload.text

    async def test_all_photos_or_none(
        self, publisher: Publisher, standin: Standin, channel: Channel, album: Variant, house: House
    ) -> None:
        """A second photo that fails leaves nothing behind, and no post goes out without it."""
        house.media.pictures[album.media[1].sha256] = b"no picture"
        with pytest.raises(RefusedError) as caught:
            await publisher.stage(channel, publisher.render(channel, album), {})
        assert type(caught.value) is RefusedError
        assert isinstance(standin, FacebookStandin)
        assert (standin.wall.photos, standin.shown()) == ({}, [])

    async def test_photos_are_discarded_once_or_twice(
        self, publisher: Publisher, standin: Standin, channel: Channel, album: Variant
    ) -> None:
        """An edit takes back what was staged; what is gone already is fine."""
        staged = await publisher.stage(channel, publisher.render(channel, album), {})
        assert isinstance(staged, Staged)
        await publisher.discard(channel, staged)
        await publisher.discard(channel, staged)
        assert isinstance(standin, FacebookStandin)
        assert standin.wall.photos == {}

    async def test_staging_goes_on_where_it_stood(
        self, publisher: Publisher, standin: Standin, channel: Channel, album: Variant
    ) -> None:
        """Photos uploaded before are not uploaded again."""
        payload = publisher.render(channel, album)
        staged = await publisher.stage(channel, payload, {})
        assert isinstance(staged, Staged)
        assert await publisher.stage(channel, payload, staged.data) == staged
        assert isinstance(standin, FacebookStandin)
        assert list(standin.wall.photos) == staged.data["photos"]

    @pytest.mark.parametrize(
        "word", ["drop_after", "500_before", "garbage", "code_1", "code_2_after", "no_id"]
    )
    async def test_an_upload_without_an_answer_may_be_made_again(
        self, publisher: Publisher, channel: Channel, album: Variant, fault: Order, word: str
    ) -> None:
        """Nobody sees an upload, so it is never of unknown outcome."""
        fault(word, "/photos")
        with pytest.raises(NotSentError):
            await publisher.stage(channel, publisher.render(channel, album), {})

    async def test_a_post_waits_for_all_its_photos(
        self, publisher: Publisher, standin: Standin, channel: Channel, album: Variant
    ) -> None:
        """What was approved with photos never leaves without them."""
        with pytest.raises(NotSentError):
            await publisher.publish(channel, publisher.render(channel, album), Staged({"photos": ["1"]}))
        assert standin.shown() == []

    @pytest.mark.parametrize(
        ("word", "error", "arrived"),
        [
            ("code_1", UnknownOutcomeError, 0),
            ("code_2_after", UnknownOutcomeError, 1),
            ("duplicate", UnknownOutcomeError, 0),
            ("duplicate_368", UnknownOutcomeError, 0),
            ("html_502", UnknownOutcomeError, 0),
            ("empty_500", UnknownOutcomeError, 0),
            ("odd_500", UnknownOutcomeError, 0),
            ("no_type", UnknownOutcomeError, 1),
            ("no_id", UnknownOutcomeError, 1),
            ("app_limit", NotSentError, 0),
            ("blocked", NotSentError, 0),
            ("expired", ChannelClosedError, 0),
            ("roleless", ChannelClosedError, 0),
            ("weak", ChannelClosedError, 0),
            ("gated", ChannelClosedError, 0),
            ("too_much", UnknownOutcomeError, 0),
            ("error_200", ChannelClosedError, 0),
        ],
    )
    async def test_what_facebook_says_decides(
        self,
        publisher: Publisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        fault: Order,
        word: str,
        error: type[PublishError],
        arrived: int,
    ) -> None:
        """Every way to fail over the wire is the error that the daemon acts on."""
        payload = publisher.render(channel, variant)
        fault(word)
        with pytest.raises(error) as caught:
            await publisher.publish(channel, payload, Staged())
        assert type(caught.value) is error
        assert len(standin.shown()) == arrived

    async def test_a_throttled_page_waits_as_long_as_it_is_told(
        self, publisher: Publisher, channel: Channel, variant: Variant, fault: Order
    ) -> None:
        """Calls made while throttled prolong it; and other Pages go on."""
        fault("throttle")
        with pytest.raises(NotSentError) as caught:
            await publisher.publish(channel, publisher.render(channel, variant), Staged())
        assert (caught.value.retry_after, caught.value.key) == (
            timedelta(minutes=7),
            f"facebook:page:{PAGE}",
        )

    @pytest.mark.parametrize("photos", [False, True])
    async def test_what_went_out_without_an_answer_is_found(
        self,
        publisher: Publisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        album: Variant,
        fault: Order,
        photos: bool,  # noqa: FBT001 - a row of a table
    ) -> None:
        """The Page's own list tells by photos or by words, even far behind newer posts."""
        attempt = await self._lost(publisher, channel, album if photos else variant, fault)
        assert isinstance(standin, FacebookStandin)
        for number in range(120):
            standin.wall.post(PAGE, f"Tin {number}")
        found = await publisher.find(channel, attempt)
        assert isinstance(found, Found)
        assert found.receipt.remote_id.startswith(f"{PAGE}_")

    async def test_not_to_be_found_proves_nothing(
        self, publisher: Publisher, channel: Channel, variant: Variant, fault: Order
    ) -> None:
        """The list is ranked, bounded and late."""
        attempt = await self._lost(publisher, channel, variant, fault)
        fault("empty", "/published_posts")
        assert isinstance(await publisher.find(channel, attempt), Unclear)

    async def test_an_older_post_of_the_same_words_is_another(
        self, publisher: Publisher, channel: Channel, variant: Variant, fault: Order
    ) -> None:
        """Greetings return every year."""
        attempt = await self._lost(publisher, channel, variant, fault)
        later = replace(attempt, started_at=attempt.started_at + timedelta(minutes=10))
        assert isinstance(await publisher.find(channel, later), Unclear)

    @staticmethod
    async def _lost(publisher: Publisher, channel: Channel, variant: Variant, fault: Order) -> Attempt:
        """Send a post whose answer is lost."""
        payload = publisher.render(channel, variant)
        staged = await publisher.stage(channel, payload, {})
        assert isinstance(staged, Staged)
        attempt = Attempt(1, 1, payload, staged.data, datetime.now(UTC))
        fault("drop_after")
        with pytest.raises(UnknownOutcomeError):
            await publisher.publish(channel, payload, staged)
        return attempt

    async def test_another_version_that_answers_is_told(
        self, publisher: Publisher, channel: Channel, fault: Order
    ) -> None:
        """An expired version is replaced without a word; people hear of it."""
        fault("old_version", "")
        health = await publisher.check(channel)
        assert health.ok
        assert ["v21.0" in problem and "v26.0" in problem for problem in health.problems] == [True]

    async def test_the_app_secret_is_named_when_it_is_missing(
        self, base_url: str, house: House, channel: Channel
    ) -> None:
        """A setting that names no secret is told by its name."""
        publisher = FacebookPublisher(
            http=house.http,
            secrets=house.secrets,
            media=house.media,
            options=FacebookOptions(api_url=base_url, app_secret="khong-co"),
        )
        health = await publisher.check(channel)
        assert (health.ok, "khong-co" in " ".join(health.problems)) == (False, True)

    async def test_an_hour_is_the_wait_when_none_is_told(
        self, publisher: Publisher, channel: Channel, variant: Variant, fault: Order
    ) -> None:
        """The whole app waits, and says so by its key."""
        fault("app_limit")
        with pytest.raises(NotSentError) as caught:
            await publisher.publish(channel, publisher.render(channel, variant), Staged())
        assert (caught.value.retry_after, caught.value.key) == (HOUR, "facebook:app")
