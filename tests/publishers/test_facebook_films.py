"""Films on Facebook: brought there before their time, finished at it, watched to their end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import (
    Absent,
    Found,
    NotSentError,
    Pending,
    PublishError,
    RefusedError,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Publisher
from publishers.facebook import FacebookPublisher
from publishers.facebook.films import LOOKS
from publishers.facebook.graph import trusted
from publishers.options import FacebookOptions
from publishers.standin.facebook import FacebookStandin
from publishers.standin.server import Standin
from publishers.standin.shown import Shown
from tests.canaries import CANARY_FACEBOOK
from tests.publishers.contract import House, PublisherContract, go_out, stage
from tests.publishers.films import LYING, UPRIGHT, film
from tests.publishers.on_facebook import PAGE, OnFacebook, Order, finish, keep

MEASURES = {"video": LYING, "reel": UPRIGHT}


@pytest.fixture(params=["video", "reel"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def variant(form: str, house: House) -> Variant:
    """Return a post with a film of three pieces."""
    width, height = MEASURES[form]
    content = film((width, height), seconds=30, size=2_500_000)
    media = keep(house, content, width=width, height=height, seconds=30)
    return Variant("vi", "Lễ hội cồng chiêng", media=(media,))


class TestFilms(OnFacebook):
    """What only films have."""

    @pytest.fixture
    def payload(self, publisher: FacebookPublisher, channel: Channel, variant: Variant) -> Payload:
        return publisher.render(channel, variant)

    @pytest.fixture
    async def staged(self, publisher: FacebookPublisher, channel: Channel, payload: Payload) -> Staged:
        return await stage(publisher, channel, payload)

    async def test_a_film_arrives_whole_and_is_seen_when_it_can_be_played(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        payload: Payload,
        staged: Staged,
        house: House,
    ) -> None:
        """Nothing is seen before; the receipt is of the post, which is what can be counted and taken back."""
        assert standin.shown() == []
        outcome = await publisher.publish(channel, payload, staged)
        assert isinstance(outcome, Pending)
        assert [post.visible for post in standin.shown()] == [False]
        receipt = await finish(publisher, channel, payload, outcome)
        [post] = standin.shown()
        assert (post.visible, post.text, post.remote_id) == (True, payload.text, receipt.remote_id)
        assert receipt.link == f"https://www.facebook.com/reel/{staged.data['video']}/"
        [kept] = [standin.wall.films[str(staged.data["video"])]]
        name = kept.path.rpartition("/")[2]
        assert (standin._pictures._folder / name).read_bytes() == house.media.read(payload.media[0])

    async def test_a_film_is_taken_back_with_its_post(
        self, publisher: FacebookPublisher, standin: FacebookStandin, channel: Channel, payload: Payload
    ) -> None:
        """Neither the post nor the film stays."""
        receipt = await go_out(publisher, channel, payload)
        assert (await publisher.retract(channel, receipt)).removed
        assert (standin.wall.posts, standin.wall.films) == ({}, {})

    async def test_a_film_that_does_not_go_out_is_taken_back(
        self, publisher: FacebookPublisher, standin: FacebookStandin, channel: Channel, staged: Staged
    ) -> None:
        """Once or twice."""
        await publisher.discard(channel, staged)
        await publisher.discard(channel, staged)
        assert standin.wall.films == {}

    @pytest.mark.parametrize("word", ["drop_after", "500_before", "code_2_after", "no_id", "throttle"])
    async def test_a_start_without_an_answer_may_be_made_again(
        self, publisher: FacebookPublisher, channel: Channel, payload: Payload, fault: Order, word: str
    ) -> None:
        """Nobody sees it."""
        fault(word, "/video")
        with pytest.raises(NotSentError):
            await publisher.stage(channel, payload, {})
        await stage(publisher, channel, payload)

    @pytest.mark.parametrize(
        ("word", "error"),
        [
            ("drop_after", UnknownOutcomeError),
            ("500_after", UnknownOutcomeError),
            ("code_2_after", UnknownOutcomeError),
            ("html_502", UnknownOutcomeError),
            ("throttle", NotSentError),
            ("blocked", NotSentError),
        ],
    )
    async def test_the_finish_is_what_commits(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        payload: Payload,
        staged: Staged,
        fault: Order,
        word: str,
        error: type[PublishError],
    ) -> None:
        """Its outcome is known, or unknown, as that of any post."""
        fault(word, "/video")
        with pytest.raises(error) as caught:
            await publisher.publish(channel, payload, staged)
        assert type(caught.value) is error

    @pytest.mark.parametrize(
        ("word", "looks", "kind"),
        [("drop_before", 1, Absent), ("drop_after", 1, Unclear), ("drop_after", 3, Found)],
    )
    async def test_a_lost_finish_is_read_back_from_the_film_itself(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        payload: Payload,
        staged: Staged,
        fault: Order,
        word: str,
        looks: int,
        kind: type,
    ) -> None:
        """Never finished is absent, under way is unclear, and playable is found."""
        fault(word, "/video")
        with pytest.raises(UnknownOutcomeError):
            await publisher.publish(channel, payload, staged)
        attempt = Attempt(1, 1, payload, staged.data, datetime.now(UTC))
        found = [await publisher.find(channel, attempt) for _look in range(looks)]
        assert type(found[-1]) is kind

    @pytest.mark.parametrize("word", ["film_error", "film_expired"])
    async def test_a_film_that_facebook_cannot_use_is_told(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        payload: Payload,
        staged: Staged,
        fault: Order,
        word: str,
    ) -> None:
        """The editor makes another; the channel is well. To look again tells that it is not there."""
        outcome = await publisher.publish(channel, payload, staged)
        fault(word, staged.data["video"], 2)
        with pytest.raises(RefusedError, match="xuất lại video") as caught:
            await finish(publisher, channel, payload, outcome)
        assert type(caught.value) is RefusedError
        attempt = Attempt(1, 1, payload, staged.data, datetime.now(UTC))
        assert await publisher.find(channel, attempt) == Absent()

    async def test_a_film_is_not_waited_for_for_ever(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        payload: Payload,
        staged: Staged,
        fault: Order,
    ) -> None:
        """After so many looks, ever further apart, it is read back like any unknown outcome."""
        outcome = await publisher.publish(channel, payload, staged)
        fault("film_works", staged.data["video"], LOOKS)
        waits: list[float] = []

        async def watch() -> None:
            nonlocal outcome
            while isinstance(outcome, Pending):
                waits.append(outcome.after.total_seconds())
                outcome = await publisher.publish(channel, payload, Staged(outcome.memo))

        with pytest.raises(UnknownOutcomeError):
            await watch()
        assert (len(waits), waits[:3], max(waits)) == (LOOKS, [2, 3, 4], 20)
        assert sum(waits) > timedelta(minutes=15).total_seconds()

    async def test_nothing_is_sent_to_a_strange_host(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        payload: Payload,
        house: House,
        standins: tuple[str, Standin],
        calls: Callable[[], int],
    ) -> None:
        """An address that is not Facebook's own gets neither film nor token."""
        strange = standins[0].replace("127.0.0.1", "localhost") + "/video-upload/v26.0/1"
        with pytest.raises(NotSentError, match="nơi lạ"):
            await publisher._page(channel).graph.upload(strange, payload.media[0], house.media)
        assert calls() == 0

    async def test_a_film_needs_as_few_requests_as_it_has_pieces(
        self, publisher: FacebookPublisher, channel: Channel, payload: Payload, calls: Callable[[], int]
    ) -> None:
        """Start, the pieces, finish, and the looks at the work."""
        await go_out(publisher, channel, payload)
        pieces = {"video": 3, "reel": 1}[payload.fields["form"]]
        assert calls() == 1 + pieces + 1 + 3


class TestPieces(OnFacebook):
    """What only an upload in pieces has."""

    @pytest.fixture
    def form(self) -> str:
        return "video"

    @pytest.fixture
    def payload(self, publisher: FacebookPublisher, channel: Channel, variant: Variant) -> Payload:
        return publisher.render(channel, variant)

    async def test_an_upload_goes_on_where_it_stood(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        payload: Payload,
        calls: Callable[[], int],
    ) -> None:
        """After a crash only the missing pieces are sent: each that arrived is kept in the memo."""
        memo: dict[str, object] = {}
        for _step in range(2):
            outcome = await publisher.stage(channel, payload, memo)
            assert isinstance(outcome, Pending)
            memo = dict(outcome.memo)
        assert (memo["from"], memo["to"], calls()) == (1_048_576, 2_097_152, 2)
        await stage(publisher, channel, payload, memo)
        assert calls() == 4

    async def test_a_session_that_stands_elsewhere_is_begun_anew_once(
        self, publisher: FacebookPublisher, standin: FacebookStandin, channel: Channel, payload: Payload
    ) -> None:
        """A piece whose answer was lost, or a session that is over; a second refusal is told."""
        begun = await publisher.stage(channel, payload, {})
        assert isinstance(begun, Pending)
        await publisher.stage(channel, payload, begun.memo)  # arrived, and nobody noted it
        anew = await publisher.stage(channel, payload, begun.memo)
        assert anew == Pending({"anew": True}, timedelta())
        staged = await stage(publisher, channel, payload, anew.memo)
        await publisher.publish(channel, payload, staged)
        assert len(standin.wall.posts) == 1
        with pytest.raises(RefusedError):
            await publisher.stage(channel, payload, {**begun.memo, "anew": True})

    @pytest.mark.parametrize("word", ["garbage", "drop_after", "empty"])
    async def test_a_piece_without_an_answer_is_sent_again(
        self, publisher: FacebookPublisher, channel: Channel, payload: Payload, fault: Order, word: str
    ) -> None:
        """It may have come or not: that is seen by the next answer."""
        begun = await publisher.stage(channel, payload, {})
        assert isinstance(begun, Pending)
        fault(word, "/videos")
        with pytest.raises(NotSentError):
            await publisher.stage(channel, payload, begun.memo)
        await stage(publisher, channel, payload, begun.memo)


class TestWhole(OnFacebook):
    """Videos that go in one request at their second: by choice, or as only their address is known."""

    @pytest.fixture
    def form(self) -> str:
        return "video"

    @pytest.fixture
    def options(self, base_url: str) -> FacebookOptions:
        return FacebookOptions(api_url=base_url, video_upload="simple")

    @pytest.fixture(params=["file", "address"])
    def payload(
        self, publisher: FacebookPublisher, channel: Channel, variant: Variant, request: pytest.FixtureRequest
    ) -> Payload:
        if request.param == "address":
            there = replace(variant.media[0], sha256="", url="https://gialai.gov.vn/le-hoi.mp4")
            variant = replace(variant, media=(there,))
        return publisher.render(channel, variant)

    async def test_it_goes_out_in_one(
        self, publisher: FacebookPublisher, standin: FacebookStandin, channel: Channel, payload: Payload
    ) -> None:
        """Nothing is staged; the answer names the film."""
        assert await publisher.stage(channel, payload, {}) == Staged()
        receipt = await go_out(publisher, channel, payload)
        [post] = standin.shown()
        assert (post.visible, post.remote_id, len(post.pictures)) == (True, receipt.remote_id, 1)

    @pytest.mark.parametrize("word", ["no_id", "drop_after", "code_1"])
    async def test_without_an_answer_the_list_of_the_page_tells(
        self,
        publisher: FacebookPublisher,
        channel: Channel,
        payload: Payload,
        fault: Order,
        word: str,
    ) -> None:
        """Nobody knows the film's number."""
        fault(word, "/videos")
        with pytest.raises(UnknownOutcomeError):
            await publisher.publish(channel, payload, Staged())
        found = await publisher.find(channel, Attempt(1, 1, payload, {}, datetime.now(UTC)))
        assert type(found) is (Unclear if word == "code_1" else Found)


def test_the_token_goes_to_no_strange_host() -> None:
    """Whatever address an answer names."""
    ours = "https://graph.facebook.com"
    assert trusted("https://rupload.facebook.com/video-upload/v26.0/1", ours)
    assert trusted("http://127.0.0.1:9/facebook/video-upload/v26.0/1", "http://127.0.0.1:9/facebook")
    strange = [
        "http://rupload.facebook.com/1",
        "https://facebook.com.example.org/1",
        "https://xfacebook.com/1",
    ]
    assert [address for address in strange if trusted(address, ours)] == []


class TestContract(PublisherContract):
    """A post with a film is a post like any other; what Facebook still works on has arrived too."""

    platform, committing = "facebook", "/video"
    figures_calls = 2
    token, wrong_token = CANARY_FACEBOOK, f"expired-{CANARY_FACEBOOK}"

    def make(self, base_url: str, house: House) -> Publisher:
        options = FacebookOptions(api_url=base_url)
        return FacebookPublisher(http=house.http, secrets=house.secrets, media=house.media, options=options)

    @pytest.fixture
    def channel(self) -> Channel:
        return Channel("UBND xã Ia Grai", "ia-grai", "facebook", PAGE, token="kenh")

    @pytest.fixture
    def variant(self, form: str, house: House) -> Variant:
        width, height = MEASURES[form]
        media = keep(house, film((width, height), seconds=30), width=width, height=height, seconds=30)
        return Variant("vi", "Lễ hội cồng chiêng", media=(media,))

    @staticmethod
    def visible(standin: Standin) -> list[Shown]:
        assert isinstance(standin, FacebookStandin)
        return [post for post in standin.shown() if standin.wall.posts[post.remote_id].published]
