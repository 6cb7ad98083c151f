"""What every adapter must do: one suite that each adapter's tests inherit.

```python
class TestTelegram(PublisherContract):
    platform, committing = "telegram", "/sendMessage"
    token, wrong_token = "1:good", "1:wrong"

    def make(self, base_url, house):
        return TelegramPublisher(http=house.http, secrets=house.secrets, media=house.media, options=…)

    @pytest.fixture
    def channel(self): …

    @pytest.fixture
    def variant(self): …
```
`base_url` is the platform's root at the stand-in (`http://127.0.0.1:…/telegram`).
"""

import json
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from content_queue.models import Channel, MediaRef, Payload, Variant
from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    Pending,
    PublishError,
    Receipt,
    RefusedError,
    Retraction,
    Staged,
    UnknownOutcomeError,
)
from content_queue.ports import Publisher
from publishers.http import Shards, open_shards
from publishers.standin.server import Standin, build
from publishers.standin.shown import Shown
from tests.publishers.serving import closed_port, serving

#: A red dot: the smallest PNG that decoders accept.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@dataclass
class Vault:
    """Secrets of a test, by name."""

    words: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.words[name]


@dataclass
class Album:
    """Pictures of a test, by hash."""

    pictures: dict[str, bytes] = field(default_factory=dict)

    def keep(self, content: bytes, name: str = "anh.png") -> MediaRef:
        """Store a picture and return its reference."""
        ref = MediaRef(f"{len(self.pictures):064x}", "image/png", name, len(content))
        self.pictures[ref.sha256] = content
        return ref

    def read(self, ref: MediaRef) -> bytes:
        return self.pictures[ref.sha256]

    def verify(self, ref: MediaRef) -> None:
        assert ref.sha256 in self.pictures

    def part(self, ref: MediaRef, start: int, size: int) -> bytes:
        return self.pictures[ref.sha256][start : start + size]


@dataclass
class House:
    """What an adapter is given."""

    http: Shards
    secrets: Vault
    media: Album


async def stage(
    publisher: Publisher, channel: Channel, payload: Payload, memo: Mapping[str, object] | None = None
) -> Staged:
    """Stage to the end, as the delivery does it, without its waiting."""
    memo = memo or {}
    for _turn in range(10):
        match await publisher.stage(channel, payload, memo):
            case Staged() as staged:
                return staged
            case Pending(memo=memo):
                pass
    raise AssertionError("staging never ends")


async def go_out(publisher: Publisher, channel: Channel, payload: Payload) -> Receipt:
    """Stage and publish to the end, as the delivery does it, without its waiting."""
    staged = await stage(publisher, channel, payload)
    for _turn in range(10):
        match await publisher.publish(channel, payload, staged):
            case Receipt() as receipt:
                return receipt
            case Pending(memo=memo):
                staged = Staged(memo)
    raise AssertionError("publishing never ends")


async def put_right(publisher: Publisher, channel: Channel, receipt: Receipt, payload: Payload) -> Receipt:
    """Correct to the end, as the delivery does it, without its waiting."""
    memo: Mapping[str, object] = {}
    for _turn in range(10):
        match await publisher.correct(channel, receipt, payload, memo=memo):
            case Receipt() as corrected:
                return corrected
            case Pending(memo=memo):
                pass
    raise AssertionError("correcting never ends")


class PublisherContract:
    """The laws of an adapter, against the stand-in over real HTTP."""

    platform: ClassVar[str]
    #: A part of the path of the one committing request; faults are ordered there.
    committing: ClassVar[str] = ""
    token: ClassVar[str]
    wrong_token: ClassVar[str]
    #: Requests that one reading of a post's numbers makes: docs/benchmarks.md reckons a year by it.
    reading_calls: ClassVar[int] = 1
    figures_calls: ClassVar[int] = 1
    #: Further secrets, by name.
    more_secrets: ClassVar[Mapping[str, str]] = {}

    def make(self, base_url: str, house: House) -> Publisher:
        """Make the adapter under test, speaking to `base_url`."""
        raise NotImplementedError

    @pytest.fixture
    def channel(self) -> Channel:
        """Return a channel whose `token` is `"kenh"`."""
        raise NotImplementedError

    @pytest.fixture
    def variant(self) -> Variant:
        """Return something to say that passes here."""
        raise NotImplementedError

    @pytest.fixture
    def too_long(self, variant: Variant) -> Variant:
        """Return something too long for this platform."""
        return replace(variant, text="Tin " * 20_000)

    # what the tests stand on

    @pytest.fixture
    def standins(self, tmp_path: Path) -> Iterator[tuple[str, Standin]]:
        app = build(tmp_path / "standin", now=lambda: datetime.now(UTC), platforms=[self.platform])
        with serving(app) as base_url:
            yield f"{base_url}/{self.platform}", app.state.standins[self.platform]

    @pytest.fixture
    def base_url(self, standins: tuple[str, Standin]) -> str:
        return standins[0]

    @pytest.fixture
    def standin(self, standins: tuple[str, Standin]) -> Standin:
        return standins[1]

    @pytest.fixture
    async def house(self, transport: str) -> AsyncIterator[House]:
        http = open_shards(transport, connections=4)
        yield House(http, Vault({"kenh": self.token, **self.more_secrets}), Album())
        await http.close()

    @pytest.fixture
    def publisher(self, base_url: str, house: House) -> Publisher:
        return self.make(base_url, house)

    @pytest.fixture
    def stranger(self, base_url: str, house: House) -> Publisher:
        """Return the adapter with a token that the platform does not know."""
        vault = Vault({**house.secrets.words, "kenh": self.wrong_token})
        return self.make(base_url, replace(house, secrets=vault))

    @pytest.fixture
    def unplugged(self, house: House) -> Publisher:
        """Return the adapter with nobody at the other end."""
        return self.make(f"http://127.0.0.1:{closed_port()}/{self.platform}", house)

    @pytest.fixture
    def fault(self, base_url: str) -> Callable[[str], None]:
        def order(word: str, on: str | None = None, count: int = 1, skip: int = 0) -> None:
            place = self.committing if on is None else on
            asked = {"next": word, "count": count, "on": place, "skip": skip}
            httpx.post(f"{base_url}/_fault", json=asked, trust_env=False).raise_for_status()

        return order

    @staticmethod
    def visible(standin: Standin) -> list[Shown]:
        """Return what readers can see."""
        return [post for post in standin.shown() if post.visible]

    # rendering

    def test_render_is_pure(self, publisher: Publisher, channel: Channel, variant: Variant) -> None:
        """What is approved is known by its hash, so the same words give the same hash."""
        first, second = publisher.render(channel, variant), publisher.render(channel, variant)
        assert first == second
        assert first.sha256() == second.sha256()

    def test_a_variant_with_an_author_comes_out_the_same_for_every_channel(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """Channels that say the same share one payload, so it may hang on nothing of them."""
        signed, other = (
            replace(variant, author="UBND tỉnh"),
            replace(channel, name="Kênh khác", remote_id="9"),
        )
        assert publisher.render(channel, signed) == publisher.render(other, signed)

    def test_a_payload_survives_storing(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """It leaves from the ledger, so it is JSON and its hash holds."""
        payload = publisher.render(channel, variant)
        stored = json.dumps(payload.as_json(), ensure_ascii=False)
        assert Payload.from_json(json.loads(stored)).sha256() == payload.sha256()

    def test_a_payload_names_no_channel_and_no_secret(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """Content only: where it goes and with whose key is the delivery's."""
        stored = json.dumps(publisher.render(channel, variant).as_json(), ensure_ascii=False)
        assert channel.remote_id not in stored
        assert self.token not in stored

    def test_text_stays_composed(self, publisher: Publisher, channel: Channel, variant: Variant) -> None:
        """Vietnamese is kept in NFC."""
        payload = publisher.render(channel, replace(variant, text="Đặc sản phở Gia Lai, ngày hội"))
        assert "Đặc sản phở Gia Lai, ngày hội" in payload.text
        assert unicodedata.is_normalized("NFC", payload.text)

    @pytest.mark.parametrize("text", ["", "  \n\t "])
    def test_empty_text_is_refused(
        self, publisher: Publisher, channel: Channel, variant: Variant, text: str
    ) -> None:
        """Nothing to say is said to the editor, not to the platform."""
        empty = replace(variant, text=text, title="", media=(), link="", hashtags=())
        with pytest.raises(RefusedError):
            publisher.render(channel, empty)

    def test_too_long_text_is_refused(
        self, publisher: Publisher, channel: Channel, too_long: Variant
    ) -> None:
        """Lengths are checked before approval."""
        with pytest.raises(RefusedError):
            publisher.render(channel, too_long)

    def test_limits_are_pure(self, publisher: Publisher, channel: Channel) -> None:
        """The pacer may ask as often as it likes."""
        assert list(publisher.limits(channel)) == list(publisher.limits(channel))

    # going out

    async def test_what_was_approved_arrives_once(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """The stand-in shows exactly the text that was approved, and one post."""
        payload = publisher.render(channel, variant)
        await go_out(publisher, channel, payload)
        assert [post.text for post in self.visible(standin)] == [payload.text]

    async def test_staging_shows_nothing_and_may_be_repeated(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """A crash after staging costs nothing."""
        payload = publisher.render(channel, variant)
        await stage(publisher, channel, payload)
        await stage(publisher, channel, payload)
        assert self.visible(standin) == []
        await go_out(publisher, channel, payload)
        assert len(self.visible(standin)) == 1

    async def test_what_was_staged_is_json(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """It is stored, so it is JSON, and it holds no secret."""
        staged = await stage(publisher, channel, publisher.render(channel, variant))
        stored = json.dumps(dict(staged.data))
        assert json.loads(stored) == dict(staged.data)
        assert self.token not in stored

    async def test_a_receipt_has_id_and_link(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """People can open what went out."""
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        assert [post.remote_id for post in self.visible(standin)] == [receipt.remote_id]
        assert (receipt.link or "").startswith("http")

    async def test_discarding_twice_is_fine(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """Removing what is gone is success."""
        staged = await stage(publisher, channel, publisher.render(channel, variant))
        await publisher.discard(channel, staged)
        await publisher.discard(channel, staged)
        assert self.visible(standin) == []

    # going wrong

    async def test_a_refused_connection_is_not_sent(
        self, unplugged: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """Nobody at the other end: trying again is safe."""
        with pytest.raises(NotSentError):
            await go_out(unplugged, channel, unplugged.render(channel, variant))

    @pytest.mark.parametrize(
        ("word", "arrived"),
        [("drop_before", 0), ("drop_after", 1), ("500_before", 0), ("500_after", 1), ("garbage", 1)],
    )
    async def test_no_trustworthy_answer_is_unknown(
        self,
        publisher: Publisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        fault: Callable[[str], None],
        word: str,
        arrived: int,
    ) -> None:
        """It left; whether it went out nobody told. The adapter does not try again."""
        payload = publisher.render(channel, variant)
        staged = await stage(publisher, channel, payload)
        fault(word)
        with pytest.raises(UnknownOutcomeError) as caught:
            await publisher.publish(channel, payload, staged)
        assert len(self.visible(standin)) == arrived
        assert self.token not in str(caught.value)

    async def test_a_throttled_request_is_not_sent(
        self,
        publisher: Publisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        fault: Callable[[str], None],
    ) -> None:
        """The platform said: later."""
        payload = publisher.render(channel, variant)
        staged = await stage(publisher, channel, payload)
        fault("throttle")
        with pytest.raises(NotSentError):
            await publisher.publish(channel, payload, staged)
        assert self.visible(standin) == []

    async def test_a_wrong_token_closes_the_channel(
        self, stranger: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """No variant will pass until a person mends it; and the token is in no message."""
        with pytest.raises(ChannelClosedError) as caught:
            await go_out(stranger, channel, stranger.render(channel, variant))
        assert self.visible(standin) == []
        assert self.wrong_token not in str(caught.value)

    async def test_a_missing_secret_closes_the_channel(
        self, base_url: str, house: House, channel: Channel, variant: Variant
    ) -> None:
        """The secret that a channel names is not there: a person must mend it."""
        publisher = self.make(base_url, replace(house, secrets=Vault(self.more_secrets)))
        with pytest.raises(ChannelClosedError):
            await go_out(publisher, channel, publisher.render(channel, variant))

    # taking back and correcting

    async def test_what_is_taken_back_is_gone(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """Readers see it no more, and nothing is left to be told."""
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        assert await publisher.retract(channel, receipt) == Retraction(removed=True)
        assert self.visible(standin) == []

    async def test_taking_back_twice_is_the_same_as_once(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """Removing what is gone is success, and takes nothing else along."""
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        other = await go_out(
            publisher, channel, publisher.render(channel, replace(variant, text="Tin khác."))
        )
        await publisher.retract(channel, receipt)
        assert await publisher.retract(channel, receipt) == Retraction(removed=True)
        assert [post.remote_id for post in self.visible(standin)] == [other.remote_id]

    async def test_words_are_corrected_in_place(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """One post stays, under its id, and says what was approved as the correction."""
        old = publisher.render(channel, variant)
        new = publisher.render(channel, replace(variant, text=f"{variant.text} (đã sửa)"))
        receipt = await go_out(publisher, channel, old)
        assert not publisher.uneditable(old, new)
        assert await put_right(publisher, channel, receipt, new) == receipt
        assert [(p.remote_id, p.text) for p in self.visible(standin)] == [(receipt.remote_id, new.text)]

    async def test_correcting_twice_is_the_same_as_once(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """After a crash it is simply done again."""
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        new = publisher.render(channel, replace(variant, text=f"{variant.text} (đã sửa)"))
        await put_right(publisher, channel, receipt, new)
        assert await put_right(publisher, channel, receipt, new) == receipt
        assert [post.text for post in self.visible(standin)] == [new.text]

    async def test_what_is_gone_cannot_be_corrected(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """It is said, and nothing appears anew."""
        payload = publisher.render(channel, variant)
        receipt = await go_out(publisher, channel, payload)
        await publisher.retract(channel, receipt)
        with pytest.raises(RefusedError) as caught:
            await put_right(publisher, channel, receipt, payload)
        assert not isinstance(caught.value, ChannelClosedError)
        assert self.visible(standin) == []

    async def test_without_a_network_nothing_is_taken_back_or_corrected(
        self, publisher: Publisher, unplugged: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """It is tried again later."""
        payload = publisher.render(channel, variant)
        receipt = await go_out(publisher, channel, payload)
        with pytest.raises(NotSentError):
            await unplugged.retract(channel, receipt)
        with pytest.raises(NotSentError):
            await put_right(unplugged, channel, receipt, payload)

    async def test_a_wrong_token_takes_nothing_back(
        self, publisher: Publisher, stranger: Publisher, standin: Standin, channel: Channel, variant: Variant
    ) -> None:
        """A refusal is never taken for "gone already"."""
        payload = publisher.render(channel, variant)
        receipt = await go_out(publisher, channel, payload)
        with pytest.raises(ChannelClosedError):
            await stranger.retract(channel, receipt)
        with pytest.raises(ChannelClosedError):
            await put_right(stranger, channel, receipt, payload)
        assert len(self.visible(standin)) == 1

    async def test_what_nobody_knows_the_id_of_is_left_to_people(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """A person said that it is there; it can be taken back by hand only."""
        payload = publisher.render(channel, variant)
        with pytest.raises(RefusedError):
            await publisher.retract(channel, Receipt(""))
        with pytest.raises(RefusedError):
            await put_right(publisher, channel, Receipt(""), payload)

    # afterwards

    async def test_numbers_name_their_source(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """A number without a source is no number; a missing one says why."""
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        readings = await publisher.measure(channel, receipt)
        assert readings
        assert all(reading.metric and reading.source for reading in readings)
        assert all(reading.value is not None or reading.reason for reading in readings)

    async def test_a_reading_costs_as_many_calls_as_are_reckoned(
        self,
        publisher: Publisher,
        house: House,
        channel: Channel,
        variant: Variant,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A night's readings stay inside each key's budget only if nobody asks for more unseen."""
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        asked, request = list[str](), house.http.request

        async def counted(method: str, url: str, **more: Any) -> httpx.Response:
            asked.append(method)
            return await request(method, url, **more)

        monkeypatch.setattr(house.http, "request", counted)
        await publisher.measure(channel, receipt)
        of_post = len(asked)
        await publisher.figures(channel)
        assert (of_post, len(asked) - of_post) == (self.reading_calls, self.figures_calls)

    async def test_figures_of_a_channel_name_their_source(
        self, publisher: Publisher, channel: Channel
    ) -> None:
        """As numbers of posts do; where nobody counts there is none."""
        readings = await publisher.figures(channel)
        assert bool(readings) == bool(self.figures_calls)
        assert all(reading.metric and reading.source for reading in readings)
        assert all(reading.value is not None or reading.reason for reading in readings)

    async def test_figures_without_a_network_come_later(self, unplugged: Publisher, channel: Channel) -> None:
        """Nothing is sent by asking: it is asked for again, and no number is made up."""
        if self.figures_calls:
            with pytest.raises(NotSentError):
                await unplugged.figures(channel)

    async def test_a_good_channel_is_well(self, publisher: Publisher, channel: Channel) -> None:
        """A look at the channel costs nothing and tells its name."""
        health = await publisher.check(channel)
        assert (health.ok, list(health.problems)) == (True, [])
        assert health.name

    async def test_a_channel_with_a_wrong_token_is_told(self, stranger: Publisher, channel: Channel) -> None:
        """What is wrong is said with the next step, and without the token."""
        health = await stranger.check(channel)
        assert not health.ok
        assert health.problems
        assert self.wrong_token not in " ".join(health.problems)

    async def test_checking_without_a_network_says_so(self, unplugged: Publisher, channel: Channel) -> None:
        """Unreachable is told or raised as what it is, nothing else."""
        try:
            health = await unplugged.check(channel)
        except PublishError:
            return
        assert not health.ok
