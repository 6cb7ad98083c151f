"""What the Zalo adapter writes on the wire, field by field."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import ChannelClosedError, Pending, Reading, Receipt, Staged, Unclear
from content_queue.ports import Limit
from publishers.http import open_shards
from publishers.options import ZaloOptions
from publishers.unpaced import Unpaced
from publishers.zalo import ZaloPublisher
from publishers.zalo.account import later_offsets
from publishers.zalo.around import ZaloAround
from tests.publishers.contract import Album, Vault
from tests.publishers.serving import serving

CHANNEL = Channel("Zalo Sở Y tế", "so-y-te", "zalo", "99", token="kenh")
COVER = {"cover_type": "photo", "photo_url": "https://a.vn/bia.jpg", "status": "show"}
ARTICLE = {
    "type": "normal",
    "title": "Tiêm chủng",
    "author": "Sở Y tế",
    "cover": COVER,
    "description": "Đợt tháng 12.",
    "body": [{"type": "text", "content": "Đợt tháng 12."}],
    "comment": "hide",
}


@dataclass
class Wire:
    """The other end: keeps what came and answers what it was told to, by path."""

    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    came: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    async def answer(self, request: Request) -> Response:
        body = await request.json() if await request.body() else None
        self.came.append((request.method, request.url.path, dict(request.query_params), body))
        self.tokens.add(request.headers["access_token"])
        data = self.data.get(request.url.path.rpartition("/")[2], {})
        return JSONResponse({"error": 0, "message": "Success", "data": data})


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def base_url(wire: Wire) -> Iterator[str]:
    app = Starlette(routes=[Route("/{rest:path}", wire.answer, methods=["GET", "POST"])])
    with serving(app) as url:
        yield url


@pytest.fixture
async def publisher(base_url: str, transport: str) -> AsyncIterator[ZaloPublisher]:
    http = open_shards(transport, connections=1)
    options = ZaloOptions(api_url=base_url, default_cover="https://a.vn/bia.jpg")
    around = ZaloAround(lambda: datetime(2026, 11, 20, 5, tzinfo=UTC))
    yield ZaloPublisher(
        http=http, secrets=Vault({"kenh": "AT"}), media=Album(), options=options, around=around
    )
    await http.close()


@pytest.fixture
def payload(publisher: ZaloPublisher) -> Payload:
    return publisher.render(CHANNEL, Variant("vi", "Tiêm chủng\nĐợt tháng 12.", author="Sở Y tế"))


async def test_staging_creates_a_hidden_article(
    publisher: ZaloPublisher, wire: Wire, payload: Payload
) -> None:
    """The whole article with `status` hide, and the token in its header."""
    wire.data["create"] = {"token": "t1"}
    assert await publisher.stage(CHANNEL, payload, {}) == Pending({"token": "t1", "polls": 0})
    assert wire.came == [("POST", "/v2.0/article/create", {}, {**ARTICLE, "status": "hide"})]
    assert wire.tokens == {"AT"}


async def test_the_token_is_turned_into_an_id(publisher: ZaloPublisher, wire: Wire, payload: Payload) -> None:
    """Error 0 without an id is still pending."""
    memo = {"token": "t1", "polls": 0}
    again = Pending({"token": "t1", "polls": 1}, timedelta(seconds=6))
    assert await publisher.stage(CHANNEL, payload, memo) == again
    wire.data["verify"] = {"id": "a1"}
    assert await publisher.stage(CHANNEL, payload, memo) == Staged({"id": "a1"})
    assert wire.came == [("POST", "/v2.0/article/verify", {}, {"token": "t1"})] * 2


async def test_a_token_past_its_hour_is_given_up_for_a_new_article(
    publisher: ZaloPublisher, wire: Wire, payload: Payload
) -> None:
    """The old one is hidden and harms nobody."""
    wire.data["create"] = {"token": "t2"}
    again = await publisher.stage(CHANNEL, payload, {"token": "t1", "polls": 125})
    assert again == Pending({"token": "t2", "polls": 0})


async def test_publishing_is_a_full_update_with_status_show(
    publisher: ZaloPublisher, wire: Wire, payload: Payload
) -> None:
    """Zalo knows no partial update."""
    wire.data["update"] = {"token": "t2"}
    pending = await publisher.publish(CHANNEL, payload, Staged({"id": "a1"}))
    assert pending == Pending({"id": "a1", "token": "t2", "polls": 0})
    assert wire.came == [("POST", "/v2.0/article/update", {}, {**ARTICLE, "id": "a1", "status": "show"})]


async def test_the_receipt_follows_verify_and_detail(
    publisher: ZaloPublisher, wire: Wire, payload: Payload
) -> None:
    """The link is Zalo's own where it tells one."""
    wire.data |= {"verify": {"id": "a1"}, "getdetail": {"link_view": "https://zalo.example/a1"}}
    staged = Staged({"id": "a1", "token": "t2", "polls": 0})
    shown = await publisher.publish(CHANNEL, payload, staged)
    assert shown == Pending({"id": "a1", "shown": True}, timedelta())
    receipt = await publisher.publish(CHANNEL, payload, Staged(shown.memo))
    assert receipt == Receipt("a1", "https://zalo.example/a1")
    assert wire.came == [
        ("POST", "/v2.0/article/verify", {}, {"token": "t2"}),
        ("GET", "/v2.0/article/getdetail", {"id": "a1"}, None),
    ]


async def test_each_request_of_a_call_but_the_first_takes_a_turn(
    publisher: ZaloPublisher, wire: Wire, payload: Payload
) -> None:
    """To look through a list of 25 articles is three requests, inside the limits of the OA and the app."""
    turns: list[Sequence[Limit]] = []

    class Notes(Unpaced):
        async def turn(self, limits: Sequence[Limit]) -> None:
            turns.append(limits)

    publisher._around = replace(publisher._around, pacer=Notes())
    wire.data |= {"getslice": {"total": 25, "medias": []}}
    await publisher.find(CHANNEL, Attempt(1, 1, payload, {}, datetime.now(UTC)))
    asked = [path for _method, path, _query, _body in wire.came]

    assert (len(asked), turns) == (3, [publisher.limits(CHANNEL)] * 2)


async def test_the_list_is_asked_for_ten_at_a_time_with_its_type(
    publisher: ZaloPublisher, wire: Wire, payload: Payload
) -> None:
    """More than ten, or no type, is refused by Zalo."""
    wire.data["getslice"] = {"total": 11, "medias": []}
    attempt = Attempt(1, 1, payload, {}, datetime.now(UTC))
    assert isinstance(await publisher.find(CHANNEL, attempt), Unclear)
    assert wire.came == [
        ("GET", "/v2.0/article/getslice", {"offset": offset, "limit": "10", "type": "normal"}, None)
        for offset in ("0", "10")
    ]


async def test_discarding_removes_by_id(publisher: ZaloPublisher, wire: Wire) -> None:
    """And asks nothing when nothing was staged."""
    await publisher.discard(CHANNEL, Staged({}))
    await publisher.discard(CHANNEL, Staged({"id": "a1"}))
    assert wire.came == [("POST", "/v2.0/article/remove", {}, {"id": "a1"})]


async def test_a_number_that_zalo_leaves_out_is_told_as_missing(publisher: ZaloPublisher, wire: Wire) -> None:
    """Never as zero."""
    wire.data |= {"getdetail": {"total_view": "1520"}, "getoa": {"num_follower": 5321}}
    assert await publisher.measure(CHANNEL, Receipt("a1")) == [
        Reading("views", 1520, "zalo article"),
        Reading("shares", None, "zalo article", "Zalo không cho biết số này."),
    ]
    assert await publisher.figures(CHANNEL) == [Reading("followers", 5321, "zalo oa")]


async def test_checking_asks_the_account_about_itself(publisher: ZaloPublisher, wire: Wire) -> None:
    """Older answers spell the id `oaid`."""
    wire.data["getoa"] = {"oaid": "99", "name": "Sở Y tế"}
    health = await publisher.check(CHANNEL)
    assert (health.ok, health.name) == (True, "Sở Y tế")
    assert wire.came == [("GET", "/v2.0/oa/getoa", {}, None)]


@pytest.mark.parametrize("token", ["", "mã", "AT\r\nX-Evil: 1"])
async def test_a_token_that_fits_no_header_closes_the_channel(
    publisher: ZaloPublisher, wire: Wire, payload: Payload, token: str
) -> None:
    """A file with a pasted line too many is told as what it is."""
    publisher._secrets = Vault({"kenh": token})
    with pytest.raises(ChannelClosedError, match="kenh"):
        await publisher.stage(CHANNEL, payload, {})
    assert wire.came == []


@pytest.mark.parametrize(
    ("total", "offsets"),
    [
        (0, []),
        (10, []),
        (11, [10]),
        (100, [10, 20, 30, 40, 50, 60, 70, 80, 90]),
        (1000, [10, 20, 30, 40, 950, 960, 970, 980, 990]),
    ],
)
def test_of_a_long_list_both_ends_are_read(total: int, offsets: list[int]) -> None:
    """Its order is not documented, and an OA has thousands of articles."""
    assert list(later_offsets(total)) == offsets
