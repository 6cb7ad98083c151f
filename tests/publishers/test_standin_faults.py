"""Faults of stand-ins, over real HTTP."""

from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publishers.standin.faults import Faults
from publishers.standin.server import Platforms
from tests.publishers.serving import serving


@pytest.fixture
def done() -> list[str]:
    """Return what the toy platform carried out."""
    return []


@pytest.fixture
def base_url(done: list[str]) -> Iterator[str]:
    """Serve a platform that counts."""
    faults = Faults()

    async def answer(request: Request) -> Response:
        done.append(request.url.path)
        return JSONResponse({"ok": True})

    async def entry(request: Request) -> Response:
        return await faults.around(request, answer, lambda _request: Response(status_code=429))

    with serving(Platforms(routes=[faults.route(), Route("/{rest:path}", entry, methods=["POST"])])) as url:
        yield url


def _post(url: str, **asked: object) -> int:
    try:
        return httpx.post(url, trust_env=False, **asked).status_code  # type: ignore[arg-type]
    except httpx.RemoteProtocolError:
        return 0


@pytest.mark.parametrize(
    ("word", "status", "carried_out"),
    [
        ("drop_before", 0, 0),
        ("drop_after", 0, 1),
        ("drop", 0, 1),
        ("500_before", 500, 0),
        ("500_after", 500, 1),
        ("garbage", 200, 1),
        ("throttle", 429, 0),
    ],
)
def test_each_word_does_what_it_says(
    base_url: str, done: list[str], word: str, status: int, carried_out: int
) -> None:
    """A fault commits or not, and answers or not, as its sentence says; then it is used up."""
    assert _post(f"{base_url}/_fault", json={"next": word}) == 200
    assert (_post(f"{base_url}/send"), len(done)) == (status, carried_out)
    assert (_post(f"{base_url}/send"), len(done)) == (200, carried_out + 1)


def test_a_fault_waits_for_its_path(base_url: str, done: list[str]) -> None:
    """A fault ordered for one request leaves the others alone."""
    _post(f"{base_url}/_fault", json={"next": "drop", "count": 2, "on": "/send"})
    statuses = [_post(f"{base_url}/{name}") for name in ("look", "send", "look", "send", "send")]
    assert statuses == [200, 0, 200, 0, 200]
    assert len(done) == 5


def test_an_unknown_word_is_refused(base_url: str) -> None:
    """A test that misspells a fault must not pass by it."""
    assert _post(f"{base_url}/_fault", json={"next": "drop_everything"}) == 400
