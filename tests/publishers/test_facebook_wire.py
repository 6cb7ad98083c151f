"""What Facebook's adapter puts on the wire, field by field."""

import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from content_queue.models import Channel, Variant
from content_queue.outcomes import Receipt, Staged
from publishers.facebook import FacebookPublisher
from publishers.http import Shards, open_shards
from publishers.options import FacebookOptions
from publishers.standin.forms import Form, read_form
from tests.canaries import CANARY_FACEBOOK, CANARY_FACEBOOK_APP
from tests.publishers.contract import PNG, Album, Vault, stage
from tests.publishers.serving import serving

TOKEN, APP_SECRET = CANARY_FACEBOOK, CANARY_FACEBOOK_APP
CHANNEL = Channel("Sở Y tế", "so-y-te", "facebook", "100064", token="kenh")
TEXT = "Tiêm chủng mở rộng"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    form: Form
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wire:
    """Where to speak to, and what arrived there."""

    url: str
    sent: list[Sent]


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Serve something that answers everything and writes it down."""
    sent: list[Sent] = []

    async def answer(request: Request) -> Response:
        form = await read_form(request)
        query = dict(request.query_params)
        body = Form({name: value for name, value in form.fields.items() if name not in query}, form.files)
        sent.append(Sent(request.method, request.url.path, query, body, dict(request.headers)))
        return JSONResponse({"id": f"100064_{len(sent)}", "data": [], "success": True})

    app = Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST", "DELETE"])])
    with serving(app) as url:
        yield Wire(url, sent)


@pytest.fixture
def album() -> Album:
    return Album()


@pytest.fixture
async def http(transport: str) -> AsyncIterator[Shards]:
    http = open_shards(transport, connections=2)
    yield http
    await http.close()


@pytest.fixture
def publisher(wire: Wire, http: Shards, album: Album) -> FacebookPublisher:
    return _publisher(wire, http, album, FacebookOptions(api_url=wire.url + "/"))


def _publisher(wire: Wire, http: Shards, album: Album, options: FacebookOptions) -> FacebookPublisher:
    vault = Vault({"kenh": TOKEN, "app": APP_SECRET})
    return FacebookPublisher(http=http, secrets=vault, media=album, options=options)


async def test_a_post_is_one_form(wire: Wire, publisher: FacebookPublisher) -> None:
    """Path with version and Page, token in the header, words in the form, wishes in the query."""
    payload = publisher.render(CHANNEL, Variant("vi", TEXT, link="https://gialai.gov.vn/a?b=1&c=2"))
    receipt = await publisher.publish(CHANNEL, payload, Staged())
    [sent] = wire.sent
    assert (sent.method, sent.path, sent.query) == (
        "POST",
        "/v26.0/100064/feed",
        {"fields": "id,permalink_url"},
    )
    assert sent.form.fields == {"message": TEXT, "link": "https://gialai.gov.vn/a?b=1&c=2"}
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert receipt == Receipt("100064_1", "https://www.facebook.com/100064_1")


async def test_photos_are_attached_by_one_json_text(
    wire: Wire, publisher: FacebookPublisher, album: Album
) -> None:
    """The SDK of 2018 would send `attached_media=media_fbid` twice and lose the ids without an error."""
    media = (album.keep(PNG), album.keep(PNG))
    payload = publisher.render(CHANNEL, Variant("vi", TEXT, media=media))
    await publisher.publish(CHANNEL, payload, Staged({"photos": ["9", "8"]}))
    [sent] = wire.sent
    assert json.loads(sent.form.fields["attached_media"]) == [{"media_fbid": "9"}, {"media_fbid": "8"}]
    assert set(sent.form.fields) == {"message", "attached_media"}


async def test_a_photo_is_uploaded_unseen(wire: Wire, publisher: FacebookPublisher, album: Album) -> None:
    """`published` is JSON's false, not Python's False; the file goes without its name in the house."""
    ref = replace(album.keep(PNG, "Lịch trực lãnh đạo (mật).png"), alt="Trạm y tế")
    payload = publisher.render(CHANNEL, Variant("vi", TEXT, media=(ref,)))
    staged = await publisher.stage(CHANNEL, payload, {})
    [sent] = wire.sent
    assert (sent.method, sent.path, sent.query) == ("POST", "/v26.0/100064/photos", {})
    assert sent.form.fields == {"published": "false", "alt_text_custom": "Trạm y tế"}
    assert (sent.form.files["source"].content, sent.form.files["source"].mime) == (PNG, "image/png")
    assert "mật" not in sent.form.files["source"].name
    assert staged == Staged({"photos": ["100064_1"]})


async def test_a_picture_known_by_address_only_is_sent_by_address(
    wire: Wire, publisher: FacebookPublisher, album: Album
) -> None:
    """Facebook fetches it itself."""
    ref = replace(album.keep(PNG), sha256="", url="https://gialai.gov.vn/a.png")
    await publisher.stage(CHANNEL, publisher.render(CHANNEL, Variant("vi", TEXT, media=(ref,))), {})
    [sent] = wire.sent
    assert sent.form.fields == {"url": "https://gialai.gov.vn/a.png", "published": "false"}


async def test_the_token_may_go_in_the_form(wire: Wire, http: Shards, album: Album) -> None:
    """For an office whose proxy eats the header; reads keep it, as an address must hold no token."""
    publisher = _publisher(wire, http, album, FacebookOptions(api_url=wire.url, token_in="form"))
    await publisher.publish(CHANNEL, publisher.render(CHANNEL, Variant("vi", TEXT)), Staged())
    await publisher.check(CHANNEL)
    post, look = wire.sent
    assert (post.form.fields["access_token"], "authorization" in post.headers) == (TOKEN, False)
    assert (look.query, look.headers["authorization"]) == ({"fields": "id,name"}, f"Bearer {TOKEN}")


async def test_the_proof_is_made_of_token_and_app_secret(wire: Wire, http: Shards, album: Album) -> None:
    """`appsecret_proof` goes in the query of every call: in bodies it was seen to be ignored."""
    publisher = _publisher(wire, http, album, FacebookOptions(api_url=wire.url, app_secret="app"))
    await publisher.publish(CHANNEL, publisher.render(CHANNEL, Variant("vi", TEXT)), Staged())
    await publisher.check(CHANNEL)
    await publisher.discard(CHANNEL, Staged({"photos": ["7"]}))
    expected = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    assert [sent.query["appsecret_proof"] for sent in wire.sent] == [expected] * 3


async def test_discarding_deletes_each_photo(wire: Wire, publisher: FacebookPublisher) -> None:
    """Hidden photos are nobody's: they go when their post does not."""
    await publisher.discard(CHANNEL, Staged({"photos": ["7", "8"]}))
    assert [(sent.method, sent.path) for sent in wire.sent] == [
        ("DELETE", "/v26.0/7"),
        ("DELETE", "/v26.0/8"),
    ]


async def test_all_numbers_are_asked_for_at_once(wire: Wire, publisher: FacebookPublisher) -> None:
    """Each name once, though two of our numbers come of one."""
    await publisher.measure(CHANNEL, Receipt("100064_5"))
    [sent] = wire.sent
    assert (sent.path, list(sent.query)) == ("/v26.0/100064_5/insights", ["metric"])
    assert sent.query["metric"].split(",") == [
        "post_total_media_view_unique",
        "post_media_view",
        "post_clicks",
        "post_reactions_by_type_total",
        "post_activity_by_action_type",
        "post_video_views",
    ]


async def test_no_secret_is_in_an_address_or_a_log_record(
    wire: Wire, http: Shards, album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    """Even at debug level, where the HTTP libraries tell all they do."""
    caplog.set_level(logging.DEBUG)
    publisher = _publisher(wire, http, album, FacebookOptions(api_url=wire.url, app_secret="app"))
    payload = publisher.render(CHANNEL, Variant("vi", TEXT, media=(album.keep(PNG),)))
    staged = await stage(publisher, CHANNEL, payload)
    await publisher.publish(CHANNEL, payload, staged)
    await publisher.measure(CHANNEL, Receipt("100064_5"))
    assert len(wire.sent) == 3
    addresses = [value for sent in wire.sent for value in (sent.path, *sent.query.values())]
    assert [told for told in (*addresses, *caplog.messages) if TOKEN in told or APP_SECRET in told] == []
