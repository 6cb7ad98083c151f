"""The Telegram adapter: the contract, and what is Telegram's own."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from content_queue.localize.rich import letters
from content_queue.models import Attempt, Channel, MediaRef, Variant
from content_queue.outcomes import (
    Absent,
    ChannelClosedError,
    Found,
    NotSentError,
    RefusedError,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Limit, Pacer, Publisher
from publishers.around import Around
from publishers.http import open_shards
from publishers.options import TelegramOptions
from publishers.standin.forms import Form, read_form
from publishers.standin.server import Standin
from publishers.telegram import TelegramPublisher
from publishers.telegram.entities import length
from publishers.telegram.render import compose
from publishers.unpaced import UNPACED, Unpaced
from tests.canaries import CANARY_TELEGRAM
from tests.publishers.contract import PNG, Album, House, PublisherContract, Vault, go_out, put_right
from tests.publishers.serving import serving

TOKEN = CANARY_TELEGRAM
CHANNEL = Channel("tinh-tg", "ubnd-tinh", "telegram", "@gialai_tinh", token="kenh")


#: Noon and an hour after midnight, local time.
NOON, NIGHT = datetime(2026, 11, 20, 5, tzinfo=UTC), datetime(2026, 11, 20, 18, tzinfo=UTC)


def telegram(
    base_url: str, house: House, *, pacer: Pacer = UNPACED, at: datetime = NOON, **options: Any
) -> TelegramPublisher:
    """Make the adapter, at an hour that stands."""
    told = TelegramOptions(api_url=base_url, **options)
    return TelegramPublisher(
        http=house.http,
        secrets=house.secrets,
        media=house.media,
        options=told,
        around=Around(lambda: at, pacer),
    )


class TestContract(PublisherContract):
    """The laws, and what only Telegram does, at the stand-in."""

    platform, committing = "telegram", "/send"
    reading_calls = 0
    token, wrong_token = TOKEN, "123456:sai"

    def make(self, base_url: str, house: House) -> Publisher:
        return telegram(base_url, house)

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def variant(self) -> Variant:
        return Variant(
            "vi",
            "Kính mời bà con dự <b>ngày hội</b> & xem *cồng chiêng*.",
            link="https://gialai.gov.vn/le-hoi",
        )

    @pytest.mark.parametrize(("count", "ids"), [(1, 1), (2, 2), (10, 10)])
    async def test_pictures_travel_with_the_text(
        self,
        publisher: Publisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        house: House,
        count: int,
        ids: int,
    ) -> None:
        """One photo is a photo, more are an album: one post, one caption, the receipt with all ids."""
        media = tuple(house.media.keep(PNG + bytes([n])) for n in range(count))
        payload = publisher.render(channel, replace(variant, media=media))
        receipt = await go_out(publisher, channel, payload)
        [post] = standin.shown()
        assert (post.text, len(post.pictures), post.remote_id) == (payload.text, count, receipt.remote_id)
        assert len(receipt.remote_id.split(",")) == ids
        assert receipt.link == "https://t.me/gialai_tinh/1"

    @pytest.mark.parametrize("count", [0, 1, 3])
    async def test_after_48_hours_a_removal_notice_stands_in_its_place(
        self,
        publisher: Publisher,
        standin: Standin,
        channel: Channel,
        variant: Variant,
        house: House,
        monkeypatch: pytest.MonkeyPatch,
        count: int,
    ) -> None:
        """A bot cannot delete what is older; what stays is said, and doing it twice changes nothing."""
        media = tuple(house.media.keep(PNG + bytes([n])) for n in range(count))
        receipt = await go_out(publisher, channel, publisher.render(channel, replace(variant, media=media)))
        monkeypatch.setattr("publishers.standin.telegram.methods.DELETABLE", timedelta(seconds=-1))
        first = await publisher.retract(channel, receipt)
        assert first == await publisher.retract(channel, receipt)
        assert (first.removed, "tự xóa" in first.told) == (False, count > 0)
        [post] = standin.shown()
        assert (post.text, len(post.pictures)) == ("Bài viết này đã được gỡ.", count)

    async def test_the_words_below_pictures_are_corrected(
        self, publisher: Publisher, standin: Standin, channel: Channel, variant: Variant, house: House
    ) -> None:
        """A caption is edited; other pictures, or none, are not possible in place."""
        media = tuple(house.media.keep(PNG + bytes([n])) for n in range(2))
        old = publisher.render(channel, replace(variant, media=media))
        new = publisher.render(channel, replace(variant, media=media, text="Đã sửa."))
        await put_right(publisher, channel, await go_out(publisher, channel, old), new)
        assert [post.text for post in standin.shown()] == [new.text]
        assert publisher.uneditable(old, publisher.render(channel, replace(variant, media=media[:1])))
        assert publisher.uneditable(old, publisher.render(channel, variant))

    async def test_a_private_channel_has_a_link_for_its_members(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """A channel without a name is linked by its number."""
        channel = replace(channel, remote_id="-1001234567890")
        receipt = await go_out(publisher, channel, publisher.render(channel, variant))
        assert receipt.link == "https://t.me/c/1234567890/1"

    @pytest.mark.parametrize("standing", ["gone", "no_rights", "kicked"])
    async def test_a_lost_channel_is_closed(
        self,
        publisher: Publisher,
        base_url: str,
        house: House,
        channel: Channel,
        variant: Variant,
        standing: str,
    ) -> None:
        """Kicked, without rights, gone: pause the channel and tell its owner, in sending and in checking."""
        asked = {"chat_id": channel.remote_id, "standing": standing}
        (await house.http.request("POST", f"{base_url}/_people/standing", json=asked)).raise_for_status()
        with pytest.raises(ChannelClosedError):
            await go_out(publisher, channel, publisher.render(channel, variant))
        health = await publisher.check(channel)
        assert (health.ok, bool(health.problems)) == (False, True)

    async def test_a_flood_wait_is_passed_on(
        self, publisher: Publisher, fault: Callable[[str], None], channel: Channel, variant: Variant
    ) -> None:
        """The wait is Telegram's own, and it is the bot's."""
        fault("throttle")
        with pytest.raises(NotSentError) as caught:
            await go_out(publisher, channel, publisher.render(channel, variant))
        assert (caught.value.retry_after, caught.value.key) == (timedelta(seconds=1), "telegram:kenh")

    async def test_a_look_back_is_unclear(
        self, publisher: Publisher, channel: Channel, variant: Variant
    ) -> None:
        """A bot cannot read its channel; people are asked."""
        attempt = Attempt(1, 1, publisher.render(channel, variant), {}, None)  # type: ignore[arg-type]
        assert isinstance(await publisher.find(channel, attempt), Unclear)

    @pytest.fixture
    def prober(self, base_url: str, house: House) -> TelegramPublisher:
        """An adapter that may look into channels through the office's own chat."""
        return telegram(base_url, house, probe_chat="-100999")

    async def lost(
        self, prober: TelegramPublisher, fault: Callable[[str], None], *, how: str, variant: Variant
    ) -> tuple[str, Attempt]:
        """Publish one post for certain, lose the answer of the next; return its id and the attempt."""
        known = await go_out(prober, CHANNEL, prober.render(CHANNEL, replace(variant, text="Bài trước")))
        payload = prober.render(CHANNEL, variant)
        fault(how)
        with pytest.raises(UnknownOutcomeError):
            await go_out(prober, CHANNEL, payload)
        owned = (known.remote_id,)
        return known.remote_id, Attempt(1, 1, payload, {}, datetime.now(UTC), owned)

    async def test_a_post_whose_answer_was_lost_is_found(
        self, prober: TelegramPublisher, fault: Callable[[str], None], variant: Variant
    ) -> None:
        """It is there: nothing is sent again."""
        known, attempt = await self.lost(prober, fault, how="drop_after", variant=variant)
        found = await prober.find(CHANNEL, attempt)

        assert isinstance(found, Found)
        assert found.receipt.remote_id == str(int(known) + 1)

    async def test_a_post_that_never_arrived_is_absent(
        self, prober: TelegramPublisher, fault: Callable[[str], None], variant: Variant
    ) -> None:
        """Behind the last known post there is nothing."""
        _known, attempt = await self.lost(prober, fault, how="drop_before", variant=variant)

        assert await prober.find(CHANNEL, attempt) == Absent()

    async def test_an_earlier_post_of_the_same_words_is_not_taken_for_it(
        self, prober: TelegramPublisher, fault: Callable[[str], None], variant: Variant
    ) -> None:
        """The same greeting last year proves nothing."""
        payload = prober.render(CHANNEL, variant)
        known = await go_out(prober, CHANNEL, payload)
        fault("drop_before")
        with pytest.raises(UnknownOutcomeError):
            await go_out(prober, CHANNEL, payload)
        attempt = Attempt(1, 1, payload, {}, datetime.now(UTC), (known.remote_id,))

        assert await prober.find(CHANNEL, attempt) == Absent()

    async def test_a_lost_post_is_found_where_others_followed_it(
        self, prober: TelegramPublisher, fault: Callable[[str], None], variant: Variant
    ) -> None:
        """What went out meanwhile, in another language perhaps, does not hide it."""
        known, attempt = await self.lost(prober, fault, how="drop_after", variant=variant)
        later = await go_out(prober, CHANNEL, prober.render(CHANNEL, replace(variant, text="Bài sau")))
        found = await prober.find(CHANNEL, replace(attempt, owned=(later.remote_id, known)))

        assert isinstance(found, Found)
        assert found.receipt.remote_id == str(int(known) + 1)

    async def test_the_copies_are_removed_from_the_offices_chat(
        self, prober: TelegramPublisher, fault: Callable[[str], None], variant: Variant, standin: Any
    ) -> None:
        """The probe leaves no noise."""
        _known, attempt = await self.lost(prober, fault, how="drop_after", variant=variant)
        await prober.find(CHANNEL, attempt)

        assert [post for post in standin.shown() if post.channel == "-100999"] == []

    @pytest.fixture
    def group(self, base_url: str) -> None:
        """Give the channel a discussion group."""
        asked = {"chat_id": CHANNEL.remote_id, "group_id": -1001234500000}
        httpx.post(f"{base_url}/_people/link", json=asked, trust_env=False).raise_for_status()

    @pytest.mark.usefixtures("group")
    @pytest.mark.parametrize("photos", [0, 1, 3])
    async def test_a_lost_post_is_found_by_its_copy_in_the_discussion_group(
        self,
        publisher: TelegramPublisher,
        standin: Any,
        fault: Callable[[str], None],
        variant: Variant,
        house: House,
        photos: int,
    ) -> None:
        """No other chat is needed, as often as one looks; the receipt is the one that was lost."""
        media = tuple(house.media.keep(PNG + str(n).encode()) for n in range(photos))
        _known, attempt = await self.lost(
            publisher, fault, how="drop_after", variant=replace(variant, media=media)
        )
        found = [await publisher.find(CHANNEL, attempt) for _look in range(2)]

        last = max(standin.shown(), key=lambda post: int(post.remote_id.split(",")[0]))
        assert [isinstance(each, Found) and each.receipt.remote_id for each in found] == [last.remote_id] * 2

    @pytest.mark.usefixtures("group")
    async def test_a_copy_of_another_post_is_not_taken_for_it(
        self, publisher: TelegramPublisher, fault: Callable[[str], None], variant: Variant
    ) -> None:
        """Neither of other words, nor one whose number is known, nor an older one of the same words."""
        known, attempt = await self.lost(publisher, fault, how="drop_before", variant=variant)
        same = replace(attempt, payload=publisher.render(CHANNEL, replace(variant, text="Bài trước")))
        later = attempt.started_at + timedelta(minutes=5)
        looks = [attempt, same, replace(same, owned=(), started_at=later)]

        assert [type(await publisher.find(CHANNEL, each)) for each in looks] == [Unclear] * 3
        assert isinstance(await publisher.find(CHANNEL, replace(same, owned=())), Found)
        assert known

    @pytest.mark.usefixtures("group")
    async def test_the_newest_copies_are_seen_behind_hundreds(
        self,
        publisher: TelegramPublisher,
        standin: Any,
        fault: Callable[[str], None],
        variant: Variant,
    ) -> None:
        """More than one answer holds: the older ones are let go."""
        standin.world.pace.enforced = False
        for _post in range(101):
            await go_out(publisher, CHANNEL, publisher.render(CHANNEL, replace(variant, text="Bài khác")))
        _known, attempt = await self.lost(publisher, fault, how="drop_after", variant=variant)

        assert isinstance(await publisher.find(CHANNEL, attempt), Found)

    async def test_copies_of_the_probe_take_turns(
        self, base_url: str, house: House, fault: Callable[[str], None], variant: Variant
    ) -> None:
        """Each copy is a message of the bot's into the office's chat."""
        turns: list[Sequence[Limit]] = []

        class Notes(Unpaced):
            async def turn(self, limits: Sequence[Limit]) -> None:
                turns.append(limits)

        prober = telegram(base_url, house, pacer=Notes(), probe_chat="-100999")
        _known, attempt = await self.lost(prober, fault, how="drop_before", variant=variant)
        await prober.find(CHANNEL, attempt)

        keys = {tuple(limit.key for limit in limits) for limits in turns}
        assert (len(turns) > 4, keys) == (True, {("telegram:chat:-100999", "telegram:kenh")})

    async def test_without_a_known_post_nothing_can_be_told(
        self, prober: TelegramPublisher, variant: Variant
    ) -> None:
        """There is no place to begin at."""
        attempt = Attempt(1, 1, prober.render(CHANNEL, variant), {}, datetime.now(UTC))

        assert isinstance(await prober.find(CHANNEL, attempt), Unclear)


@contextmanager
def answering(answer: Callable[[str, Form], Response]) -> Iterator[str]:
    """Serve a Bot API that answers everything by one function of method and form."""

    async def entry(request: Request) -> Response:
        return answer(request.path_params["method"], await read_form(request))

    with serving(Starlette(routes=[Route("/bot{token}/{method}", entry, methods=["POST"])])) as url:
        yield url


@pytest.fixture
async def house(transport: str) -> AsyncIterator[House]:
    http = open_shards(transport, connections=4)
    yield House(http, Vault({"kenh": TOKEN}), Album())
    await http.close()


def _ok(message_id: int) -> Response:
    message = {"message_id": message_id, "date": 1, "chat": {"id": -1001, "type": "channel", "title": "K"}}
    return JSONResponse({"ok": True, "result": message})


async def test_a_message_on_the_wire(house: House) -> None:
    """Field by field: plain text, the link previewed, nothing else."""
    seen: list[tuple[str, Form]] = []

    def answer(method: str, form: Form) -> Response:
        seen.append((method, form))
        return _ok(7)

    variant = Variant("vi", "Chào 🎉", link="https://gialai.gov.vn", hashtags=("GiaLai",))
    with answering(answer) as url:
        publisher = telegram(url, house)
        await publisher.publish(CHANNEL, publisher.render(CHANNEL, variant), Staged())
    [(method, form)] = seen
    assert method == "sendMessage"
    options = json.loads(form.fields.pop("link_preview_options"))
    assert options == {"url": "https://gialai.gov.vn"}
    text = "Chào 🎉\n\nhttps://gialai.gov.vn\n\n#GiaLai"
    assert form == Form({"chat_id": "@gialai_tinh", "text": text})


async def test_an_album_on_the_wire(house: House) -> None:
    """Field by field: stored pictures are attached, addresses are named, the first has the caption."""
    seen: list[Form] = []

    def answer(_method: str, form: Form) -> Response:
        seen.append(form)
        return JSONResponse({"ok": False, "error_code": 400, "description": "Bad Request: stop"}, 400)

    stored = house.media.keep(PNG, "đoàn.png")
    linked = MediaRef("f" * 64, "image/jpeg", "b.jpg", 0, url="https://gialai.gov.vn/b.jpg")
    with answering(answer) as url:
        publisher = telegram(url, house)
        payload = publisher.render(CHANNEL, Variant("vi", "Ảnh", media=(stored, linked)))
        with pytest.raises(RefusedError, match="Stop"):
            await publisher.publish(CHANNEL, payload, Staged())
    media = json.loads(seen[0].fields["media"])
    name = media[0]["media"].removeprefix("attach://")
    assert media == [
        {"type": "photo", "media": f"attach://{name}", "caption": "Ảnh"},
        {"type": "photo", "media": "https://gialai.gov.vn/b.jpg"},
    ]
    assert (seen[0].files[name].content, seen[0].files[name].mime) == (PNG, "image/png")


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"ok": True, "result": True}),
        JSONResponse({"ok": True, "result": {"message_id": "bảy"}}),
        JSONResponse([]),
        JSONResponse({"ok": False, "description": "Bad Request: 200 with a refusal"}),
        Response("<html>Đăng nhập wifi</html>", status_code=403, media_type="text/html"),
        Response(status_code=302, headers={"Location": "http://127.0.0.1:9/"}),
    ],
)
async def test_an_answer_that_is_not_the_bot_apis_is_unknown(house: House, answer: Response) -> None:
    """Strange JSON, a captive portal: nobody knows whether it went out."""
    with answering(lambda _method, _form: answer) as url:
        publisher = telegram(url, house)
        payload = publisher.render(CHANNEL, Variant("vi", "Tin"))
        with pytest.raises(UnknownOutcomeError):
            await publisher.publish(CHANNEL, payload, Staged())


@pytest.mark.parametrize("token", ["", "123456", "abc:def", "123456:có-dấu", "1:a/../getMe", "1:a\n"])
async def test_a_token_of_wrong_form_never_leaves(house: House, token: str) -> None:
    """It would become a strange address; the channel's owner is told instead."""
    house = replace(house, secrets=Vault({"kenh": token}))
    publisher = telegram("http://127.0.0.1:9", house)
    with pytest.raises(ChannelClosedError, match="BotFather"):
        await publisher.publish(CHANNEL, publisher.render(CHANNEL, Variant("vi", "Tin")), Staged())


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        (Variant("vi", "  Tin\n"), "Tin"),
        (Variant("vi", "Xem https://a.vn/x", link="https://a.vn/x"), "Xem https://a.vn/x"),
        (Variant("vi", "Xem", link="https://a.vn/x"), "Xem\n\nhttps://a.vn/x"),
        (Variant("vi", "Vui #gialai", hashtags=("#GiaLai", "Tết")), "Vui #gialai\n\n#Tết"),
        (Variant("vi", "Vui #GiaLaiXanh", hashtags=("#GiaLai",)), "Vui #GiaLaiXanh\n\n#GiaLai"),
        (Variant("vi", "Tin", link="https://a.vn", hashtags=("a", "b")), "Tin\n\nhttps://a.vn\n\n#a #b"),
        (Variant("vi", "Đặc sản"), "Đặc sản"),
    ],
)
def test_link_and_hashtags_stand_below_unless_said(variant: Variant, text: str) -> None:
    """Each on a line of its own, and nothing twice."""
    assert letters(compose(variant)) == text


@pytest.mark.parametrize(
    ("variant", "passes"),
    [
        (Variant("vi", "ữ" * 4096), True),
        (Variant("vi", "ữ" * 4097), False),
        (Variant("vi", "🎉" * 2048), True),
        (Variant("vi", "🎉" * 2049), False),
        (Variant("vi", "ữ" * 4090, hashtags=("GiaLai",)), False),
        (Variant("vi", "ữ" * 1024, media=(MediaRef("a", "image/png", "a.png", 1),)), True),
        (Variant("vi", "ữ" * 1025, media=(MediaRef("a", "image/png", "a.png", 1),)), False),
        (Variant("vi", "Tin", media=(MediaRef("a", "image/png", "a.png", 1),) * 10), True),
        (Variant("vi", "Tin", media=(MediaRef("a", "image/png", "a.png", 1),) * 11), False),
        (Variant("vi", "Tin", media=(MediaRef("a", "image/png", "a.png", 10 * 2**20 + 1),)), False),
    ],
)
def test_lengths_are_telegrams(house: House, variant: Variant, passes: bool) -> None:  # noqa: FBT001 - a table's column
    """4096 of a text, 1024 of a caption, in UTF-16 units, with all that is added; 10 photos of 10 MB."""
    publisher = telegram("http://127.0.0.1:9", house)
    if passes:
        assert length(publisher.render(CHANNEL, variant).text) <= 4096
    else:
        with pytest.raises(RefusedError, match="Hãy"):
            publisher.render(CHANNEL, variant)


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({}, [("telegram:chat:@gialai_tinh", 1), ("telegram:kenh", 30)]),
        ({"per_bot_per_second": 0}, [("telegram:chat:@gialai_tinh", 1), ("telegram:kenh", 0)]),
    ],
)
def test_limits_are_the_bots_and_the_chats(house: House, options: dict[str, Any], keys: list[Any]) -> None:
    """Windows of a second, as Telegram says; 0 in the settings is no window."""
    limits = telegram("http://127.0.0.1:9", house, **options).limits(CHANNEL)
    assert [(limit.key, limit.count) for limit in limits] == keys
    assert {limit.period for limit in limits} == {timedelta(seconds=1)}
