"""Our requests have the fields that Zalo's own SDK sends for the same act, and no others."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from content_queue.models import Attempt, Channel, MediaRef, Variant
from content_queue.outcomes import Receipt, Staged
from publishers.http import Shards
from publishers.options import ZaloOptions
from publishers.standin.forms import read_form
from publishers.zalo import ZaloPublisher
from publishers.zalo.around import ZaloAround
from tests.publishers.contract import Vault
from tests.publishers.serving import serving
from tests.publishers.zalo_sdk import EXAMPLES, OTHERWISE, PICTURE, Example

CHANNEL = Channel("Zalo Sở Y tế", "so-y-te", "zalo", "99", token="kenh")
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
CONTENT = b"\0\0\0\x18ftypisom"
SHA = hashlib.sha256(CONTENT).hexdigest()
FILM = MediaRef(SHA, "video/mp4", "phim.mp4", len(CONTENT))
LINKED = MediaRef("", "video/mp4", "phim.mp4", 0, url="https://www.youtube.com/watch?v=mY4l5C5DDEE")
PICTURES = (MediaRef("", "", "a", 0, url=PICTURE), MediaRef("", "", "b", 0, url=PICTURE, alt="caption"))
SAID = Variant("vi", "article test\ncontent", author="Huỳnh Hồng Hiển", media=(*PICTURES, LINKED))
SHORT = Variant("vi", "article test\ndescription", media=(PICTURES[0], FILM))
ANSWERS: dict[str, dict[str, Any]] = {
    "create": {"token": "t"},
    "update": {"token": "t"},
    "preparevideo": {"token": "t"},
    "message": {"message_id": "m"},
}


@dataclass(frozen=True)
class Sent:
    """One request as it came."""

    method: str
    path: str
    body: dict[str, Any]
    query: dict[str, str]
    headers: frozenset[str]
    files: frozenset[str]


@dataclass
class Wire:
    """The other end: keeps what came."""

    came: list[Sent] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        form = await read_form(request)
        body = {} if request.method == "GET" else form.fields
        headers = frozenset({"access_token", "token"} & set(request.headers))
        query = dict(request.query_params)
        path = request.url.path
        self.came.append(Sent(request.method, path, body, query, headers, frozenset(form.files)))
        return JSONResponse({"error": 0, "data": ANSWERS.get(path.rpartition("/")[2], {})})


class Films:
    def read(self, ref: MediaRef) -> bytes:
        return CONTENT

    def verify(self, ref: MediaRef) -> None:
        return

    def part(self, ref: MediaRef, start: int, size: int) -> bytes:
        return CONTENT[start : start + size]


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def base_url(wire: Wire) -> Iterator[str]:
    app = Starlette(routes=[Route("/{rest:path}", wire.answer, methods=["GET", "POST"])])
    with serving(app) as url:
        yield url


@pytest.fixture
async def publisher(base_url: str) -> AsyncIterator[ZaloPublisher]:
    http = Shards(connections=1)
    options, around = ZaloOptions(api_url=base_url, comment="show"), ZaloAround(lambda: NOON)
    secrets = Vault({"kenh": "AT"})
    yield ZaloPublisher(http=http, secrets=secrets, media=Films(), options=options, around=around)
    await http.close()


async def act(publisher: ZaloPublisher, name: str) -> None:
    """Do what an example does; what the other end's answer then comes to does not matter."""
    normal, film = publisher.render(CHANNEL, SAID), publisher.render(CHANNEL, SHORT)
    pushed = publisher.render(CHANNEL, Variant("vi", "Tin", form="broadcast", media=PICTURES))
    ready, under_way = {"films": {SHA: "video_id"}}, {"sha256": SHA, "token": "t", "polls": 0}
    shown = Staged({"id": "4402c73f7e7a9724ce6b", "shown": True})
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "CreateNormalArticle": lambda: publisher.stage(CHANNEL, normal, {}),
        "CreateVideoArticle": lambda: publisher.stage(CHANNEL, film, ready),
        "GetArticleId": lambda: publisher.stage(CHANNEL, normal, {"token": "fvXiHxFn", "polls": 0}),
        "UpdateNormalArticle": lambda: publisher.publish(
            CHANNEL, normal, Staged({"id": "0b5c34017c44951acc55"})
        ),
        "UpdateVideoArticle": lambda: publisher.publish(CHANNEL, film, Staged({**ready, "id": "article_id"})),
        "RemoveArticle": lambda: publisher.retract(CHANNEL, Receipt("article_id")),
        "GetListArticle": lambda: publisher.find(CHANNEL, Attempt(1, 1, normal, {}, NOON)),
        "GetArticleInfo": lambda: publisher.measure(CHANNEL, Receipt("article_id")),
        "UploadVideoForArticle": lambda: publisher.stage(CHANNEL, film, {}),
        "CheckStatusVideo": lambda: publisher.stage(CHANNEL, film, {"film": under_way}),
        "v3/SendBroadcastMessage": lambda: publisher.publish(CHANNEL, pushed, shown),
    }
    await acts[name]()


def flat(value: object, path: str = "") -> dict[str, Any]:
    """Return the leaves of a body by their paths."""
    if isinstance(value, dict):
        return {
            key: leaf for name, inner in value.items() for key, leaf in flat(inner, f"{path}.{name}").items()
        }
    if isinstance(value, list):
        return {
            key: leaf
            for number, inner in enumerate(value)
            for key, leaf in flat(inner, f"{path}[{number}]").items()
        }
    return {path.removeprefix("."): value}


#: Fields whose values are ours to say: a description is made of the text.
FREE = {"offset", "limit", "recipient.target.gender", "avatar", "description"}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda example: example.name)
async def test_a_request_is_the_sdks(publisher: ZaloPublisher, wire: Wire, example: Example) -> None:
    """Same method, path, headers, files and fields with the same values; what differs is listed with why."""
    await act(publisher, example.name)
    (sent,) = [each for each in wire.came if (each.method, each.path) == (example.method, example.path)]
    assert (sent.headers, sent.files) == (example.headers, example.files)
    ours, theirs = {**flat(sent.body), **sent.query}, {**flat(dict(example.body)), **example.query}
    differs = {
        name
        for name in ours.keys() | theirs.keys()
        if name not in FREE and (name in ours, ours.get(name)) != (name in theirs, theirs.get(name))
    }
    assert differs == {name for of, name in OTHERWISE if of == example.name}
    assert FREE & theirs.keys() <= ours.keys()


def test_every_difference_is_of_an_example() -> None:
    """A reason without a request is a mistake of ours."""
    assert {of for of, _name in OTHERWISE} <= EXAMPLES.keys()
