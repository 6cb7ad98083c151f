"""Every fault of Facebook's stand-in, where it hits, and the state in which its delivery ends."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from content_queue.delivery.decide import Rules, after_error, after_stage_error
from content_queue.models import Attempt, Channel, Variant
from content_queue.outcomes import Found, NotSentError, PublishError, Staged, Unclear
from content_queue.states import DeliveryState
from publishers.facebook import FacebookPublisher
from publishers.standin.facebook import FacebookStandin
from publishers.standin.facebook.faults import BENDS
from publishers.standin.faults import WORDS
from tests.deliveries import a_delivery
from tests.publishers.contract import PNG, House
from tests.publishers.on_facebook import OnFacebook, Order

D = DeliveryState
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Ends:
    """How a delivery ends: its upload bent, its publish bent; how many posts readers then see."""

    staged: DeliveryState | None
    published: DeliveryState | None
    seen: int = 0


#: Fault word -> its ends; None: nothing is wrong.
ENDS: dict[str, Ends] = {
    "drop_before": Ends(D.RETRYING, D.UNCONFIRMED),
    "drop_after": Ends(D.RETRYING, D.UNCONFIRMED, 1),
    "500_before": Ends(D.RETRYING, D.UNCONFIRMED),
    "500_after": Ends(D.RETRYING, D.UNCONFIRMED, 1),
    "garbage": Ends(D.RETRYING, D.UNCONFIRMED, 1),
    "throttle": Ends(D.RETRYING, D.RETRYING),
    "code_1": Ends(D.RETRYING, D.UNCONFIRMED),
    "too_much": Ends(D.RETRYING, D.UNCONFIRMED),
    "code_2_after": Ends(D.RETRYING, D.UNCONFIRMED, 1),
    "app_limit": Ends(D.RETRYING, D.RETRYING),
    "expired": Ends(D.FAILED, D.FAILED),
    "roleless": Ends(D.FAILED, D.FAILED),
    "weak": Ends(D.FAILED, D.FAILED),
    "gated": Ends(D.FAILED, D.FAILED),
    "duplicate": Ends(D.RETRYING, D.UNCONFIRMED),
    "duplicate_368": Ends(D.RETRYING, D.UNCONFIRMED),
    "blocked": Ends(D.RETRYING, D.RETRYING),
    "error_200": Ends(D.FAILED, D.FAILED),
    "html_502": Ends(D.RETRYING, D.UNCONFIRMED),
    "empty_500": Ends(D.RETRYING, D.UNCONFIRMED),
    "odd_500": Ends(D.RETRYING, D.UNCONFIRMED),
    "no_type": Ends(D.RETRYING, D.UNCONFIRMED, 1),
    "no_id": Ends(D.RETRYING, D.UNCONFIRMED, 1),
    "empty": Ends(D.RETRYING, D.UNCONFIRMED),
    "old_version": Ends(None, None, 1),
}
#: Faults of a look at the Page's list, after a publish whose answer was lost -> what it then says.
LISTS: dict[str, type[Found | Unclear | NotSentError]] = {
    "unlisted": Unclear,
    "empty": Unclear,
    "too_much": Found,
    "old_version": Found,
    "drop_before": NotSentError,
    "500_before": NotSentError,
    "garbage": NotSentError,
    "html_502": NotSentError,
    "throttle": NotSentError,
    "app_limit": NotSentError,
}
#: Faults of films: `test_facebook_films`, all of them.
FILMS = {word for word in BENDS if word.startswith("film_")}
DELIVERY = a_delivery("facebook", NOW)


def test_every_fault_is_tried() -> None:
    """A word that nobody orders says nothing."""
    assert ENDS.keys() | LISTS.keys() | FILMS == WORDS.keys() | BENDS.keys()


class TestFaults(OnFacebook):
    """Each of them, once where nothing is seen yet and once where it counts."""

    @pytest.mark.parametrize("word", ENDS)
    async def test_a_fault_of_an_upload(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        house: House,
        fault: Order,
        word: str,
    ) -> None:
        """It is tried again where that is safe; nothing is ever seen by readers."""
        payload = publisher.render(channel, Variant("vi", "Ảnh", media=(house.media.keep(PNG),)))
        fault(word, "/photos")
        state = None
        try:
            await publisher.stage(channel, payload, {})
        except PublishError as error:
            state = after_stage_error(error, DELIVERY, now=NOW, rules=Rules()).state
        assert (state, [post for post in standin.shown() if post.visible]) == (ENDS[word].staged, [])

    @pytest.mark.parametrize("word", ENDS)
    async def test_a_fault_of_the_publish(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        fault: Order,
        word: str,
    ) -> None:
        """What may be out is read back, never sent again; what was refused for now is sent once more."""
        payload, state = publisher.render(channel, Variant("vi", "Chào mừng")), None
        fault(word)
        try:
            await publisher.publish(channel, payload, Staged())
        except PublishError as error:
            state = after_error(error, DELIVERY, now=NOW, rules=Rules()).state
        assert (state, len(standin.shown())) == (ENDS[word].published, ENDS[word].seen)

    @pytest.mark.parametrize("word", LISTS)
    async def test_a_fault_of_the_look_at_the_list(
        self,
        publisher: FacebookPublisher,
        standin: FacebookStandin,
        channel: Channel,
        fault: Order,
        word: str,
    ) -> None:
        """What a list does not show proves nothing; a look that failed is made again."""
        payload = publisher.render(channel, Variant("vi", "Chào mừng"))
        fault("drop_after")
        with pytest.raises(PublishError):
            await publisher.publish(channel, payload, Staged())
        [post] = standin.shown()
        attempt = Attempt(1, 1, payload, {}, post.at)
        times = 2 if word == "drop_before" else 1  # aiohttp asks once more where a connection broke
        fault(word, "/published_posts", times)
        try:
            found: type = type(await publisher.find(channel, attempt))
        except PublishError as error:
            found = type(error)
        assert found == LISTS[word]
        assert len(standin.shown()) == 1
