"""Our requests to Facebook, field by field beside those of Meta's own SDK; the table is `docs/witness.md`."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from content_queue.models import Attempt, Channel, MediaRef, Variant
from content_queue.outcomes import PublishError, Receipt, Staged
from publishers.facebook import FacebookPublisher
from publishers.http import Shards
from publishers.options import FacebookOptions
from publishers.standin.forms import read_form
from tests.publishers.contract import Album, Vault
from tests.publishers.facebook_sdk import (
    ACTS,
    ALT,
    FILM,
    FILM_ADDRESS,
    LINK,
    OF_POST,
    PAGE,
    PHOTO,
    PICTURE,
    POST,
    RECORDED,
    SECRET,
    TEXT,
    TOKEN,
    Request,
    request,
    sent_by_the_sdk,
)
from tests.publishers.on_facebook import Watch
from tests.publishers.serving import serving

PAGE_DOC = Path(__file__).parents[2] / "docs" / "witness.md"
CHANNEL = Channel("Sở Y tế", "so-y-te", "facebook", PAGE, token="kenh")
PHOTOS = tuple(MediaRef("", "image/png", "a.png", 9, url=PICTURE, alt=ALT) for _photo in range(2))
FILM_THERE = MediaRef("", "video/mp4", "a.mp4", 0, url=FILM_ADDRESS)
FILM_HERE = MediaRef(f"{0:064x}", "video/mp4", "a.mp4", 4000)
WORDS = Variant("vi", TEXT)

Do = Callable[[FacebookPublisher], Awaitable[object]]


def _publish(variant: Variant, **staged: Any) -> Do:
    return lambda ours: ours.publish(CHANNEL, ours.render(CHANNEL, variant), Staged(staged))


def _stage(variant: Variant) -> Do:
    return lambda ours: ours.stage(CHANNEL, ours.render(CHANNEL, variant), {})


def _find(ours: FacebookPublisher) -> Awaitable[object]:
    attempt = Attempt(1, 1, ours.render(CHANNEL, WORDS), {}, Watch().at)
    return ours.find(CHANNEL, attempt)


VIDEO, REEL = replace(WORDS, media=(FILM_HERE,)), replace(WORDS, media=(FILM_HERE,), form="reel")
COMMENTED = {"made": POST, "link": ""}
#: Act -> how our adapter does it; the first request counts.
OURS: Mapping[str, Do] = {
    "post with a link": _publish(replace(WORDS, link=LINK)),
    "photo, unseen": _stage(replace(WORDS, media=PHOTOS[:1])),
    "post with photos": _publish(replace(WORDS, media=PHOTOS), photos=[PHOTO, "8"]),
    "video by address": _publish(replace(WORDS, media=(FILM_THERE,), title="Lễ hội")),
    "video, start": _stage(VIDEO),
    "video, finish": _publish(VIDEO, session="S", video=FILM),
    "Reel, start": _stage(REEL),
    "Reel, finish": _publish(REEL, video=FILM),
    "film, status": _publish(VIDEO, video=FILM, begun=1),
    "first comment": _publish(replace(WORDS, comment=TEXT), **COMMENTED),
    "edit": lambda ours: ours.correct(CHANNEL, Receipt(POST), ours.render(CHANNEL, WORDS), memo={}),
    "delete": lambda ours: ours.discard(CHANNEL, Staged({"post": POST})),
    "numbers of a post": lambda ours: ours.measure(CHANNEL, Receipt(POST)),
    "list of posts": _find,
    "name of a Page": lambda ours: ours.check(CHANNEL),
}
#: Field of every act -> the SDK's and ours; why is said in `docs/witness.md`.
ALWAYS = {"token": ("query", "header")}
#: Act -> field -> the SDK's and ours.
BY_CHOICE: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    **{
        act: {"form.fields": ("id,permalink_url", None), "query.fields": (None, "id,permalink_url")}
        for act in ("post with a link", "post with photos")
    },
    **{
        act: {"path": (f"/v26.0/{node}/", f"/v26.0/{node}")}
        for act, node in (("film, status", FILM), ("edit", POST), ("delete", POST), ("name of a Page", PAGE))
    },
    "list of posts": {"query.summary": ("true", None)},
    "numbers of a post": {"query.metric": (list(OF_POST), ",".join(OF_POST))},
}


@pytest.fixture
def sent() -> list[Request]:
    return []


@pytest.fixture
def url(sent: list[Request]) -> Iterator[str]:
    async def answer(asked: Asked) -> Response:
        form = (await read_form(asked)).fields
        said = {name: text for name, text in form.items() if name not in asked.query_params}
        sent.append(request(asked.method, str(asked.url), "", asked.headers, said))
        return JSONResponse({"id": POST, "success": True, "data": []})

    app = Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST", "DELETE"])])
    with serving(app) as base_url:
        yield base_url


@pytest.fixture
async def ours(url: str) -> AsyncIterator[FacebookPublisher]:
    http = Shards(connections=1)
    album = Album({FILM_HERE.sha256: bytes(4000)})
    options = FacebookOptions(api_url=url, app_secret="app")
    vault = Vault({"kenh": TOKEN, "app": SECRET})
    yield FacebookPublisher(http=http, secrets=vault, media=album, options=options)
    await http.close()


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request by single fields: `method`, `path`, `token`, `query.…`, `form.…`."""
    single = {name: told[name] for name in ("method", "path", "token")}
    return single | {
        f"{part}.{name}": text for part in ("query", "form") for name, text in told[part].items()
    }


@pytest.mark.parametrize("act", ACTS)
async def test_we_send_what_the_sdk_sends_but_for_what_we_choose(
    ours: FacebookPublisher, sent: list[Request], act: str
) -> None:
    """Every field is the same, or stands in the table of differences."""
    try:
        await OURS[act](ours)
    except PublishError:
        assert act.endswith("start")  # the answer names no film; what was asked is what counts
    theirs, mine = _flat(json.loads(RECORDED.read_text("utf-8"))[act]), _flat(sent[0].as_json())
    different = {
        name: (theirs.get(name), mine.get(name))
        for name in theirs.keys() | mine.keys()
        if theirs.get(name) != mine.get(name)
    }
    assert different == {**ALWAYS, **BY_CHOICE.get(act, {})}


def test_the_page_about_witnesses_names_every_act_and_difference() -> None:
    """Docs do not drift."""
    told = PAGE_DOC.read_text("utf-8")
    fields = {name for differences in BY_CHOICE.values() for name in differences} | set(ALWAYS)
    missing = [name for name in (*ACTS, *fields) if f"`{name}`" not in told]
    assert missing == []


@pytest.mark.witness
@pytest.mark.filterwarnings("default")
def test_the_sdk_sends_what_was_recorded(pytestconfig: Any) -> None:
    """Act by act; a newer SDK that sends something else is seen here."""
    found = sent_by_the_sdk()
    if pytestconfig.getoption("--record"):
        RECORDED.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(RECORDED.read_text("utf-8"))
