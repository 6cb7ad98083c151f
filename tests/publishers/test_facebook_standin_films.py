"""Films at the Facebook stand-in, spoken to as Meta documents it, without our adapter."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from publishers.standin.facebook import FacebookStandin
from publishers.standin.facebook.measured import Measured, measured
from publishers.standin.server import Platforms, build
from tests.publishers.films import LYING, UPRIGHT, film
from tests.publishers.serving import serving

FILMS = Path(__file__).parent.parent / "films"


class Watch:
    """The stand-in's clock, turned by the test."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def app(tmp_path: Path, watch: Watch) -> Platforms:
    return build(tmp_path, now=watch, platforms=["facebook"])


@pytest.fixture
def standin(app: Platforms) -> FacebookStandin:
    found: FacebookStandin = app.state.standins["facebook"]
    return found


@pytest.fixture
def graph(app: Platforms) -> Iterator[httpx.Client]:
    """Serve the stand-in; the client carries a good token."""
    with serving(app) as url:
        headers = {"Authorization": "Bearer good"}
        with httpx.Client(base_url=f"{url}/facebook/v26.0", headers=headers, trust_env=False) as client:
            yield client


def _statuses(graph: httpx.Client, node: str) -> list[str]:
    asked = {"fields": "status"}
    return [graph.get(f"/{node}", params=asked).json()["status"]["video_status"] for _look in range(4)]


def _code(response: httpx.Response) -> int:
    code: int = response.json()["error"]["code"]
    return code


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ngang.mp4", Measured(320, 180, 2.5)),
        ("dung.mp4", Measured(270, 480, 4.0)),
        ("xoay.mp4", Measured(180, 320, 2.5)),
    ],
)
def test_films_are_measured_as_shown(name: str, expected: Measured) -> None:
    """Films of ffmpeg, one of them turned a quarter; what is cut off tells nothing."""
    content = (FILMS / name).read_bytes()
    assert measured(content) == expected
    assert measured(content[:40]) == Measured()
    assert measured(film(UPRIGHT, seconds=30)) == Measured(*UPRIGHT, 30.0)


def test_a_film_in_one_becomes_a_post_after_work(graph: httpx.Client, standin: FacebookStandin) -> None:
    """Nobody sees it while Facebook works on it."""
    sent = {"data": {"description": "Chào"}, "files": {"source": ("a.mp4", film())}}
    node = graph.post("/100/videos", **sent).json()["id"]  # type: ignore[arg-type]
    assert [post.visible for post in standin.shown()] == [False]
    assert _statuses(graph, node) == ["processing", "processing", "ready", "ready"]
    [post] = standin.shown()
    assert (post.visible, post.text, post.pictures[0][-4:]) == (True, "Chào", ".mp4")


def test_a_film_comes_in_pieces(graph: httpx.Client, standin: FacebookStandin) -> None:
    """Each answer says which piece is wanted next, and a wrong one is refused."""
    content = film(size=2_500_000)
    started = graph.post("/100/videos", data={"upload_phase": "start", "file_size": len(content)}).json()
    said = {"upload_phase": "transfer", "upload_session_id": started["upload_session_id"]}
    offsets, wanted = started, []
    while offsets["start_offset"] != offsets["end_offset"]:
        start, end = int(offsets["start_offset"]), int(offsets["end_offset"])
        wanted.append((start, end))
        piece = {"video_file_chunk": ("piece", content[start:end])}
        asked = {**said, "start_offset": str(start)}
        offsets = graph.post("/100/videos", data=asked, files=piece).json()
        assert _code(graph.post("/100/videos", data={**said, "start_offset": "1"}, files=piece)) == 100
    assert wanted == [(0, 1_048_576), (1_048_576, 2_097_152), (2_097_152, 2_500_000)]
    finish = {**said, "upload_phase": "finish", "description": "Chào"}
    assert [graph.post("/100/videos", data=finish).json() for _again in range(2)] == [{"success": True}] * 2
    assert len(standin.shown()) == 1
    assert _statuses(graph, started["video_id"])[-1] == "ready"


def test_half_a_film_is_not_finished(graph: httpx.Client, standin: FacebookStandin) -> None:
    """Neither a video nor a Reel."""
    started = graph.post("/100/videos", data={"upload_phase": "start", "file_size": 9}).json()
    finish = {"upload_phase": "finish", "upload_session_id": started["upload_session_id"]}
    reel = graph.post("/100/video_reels", data={"upload_phase": "start"}).json()
    end = {"upload_phase": "finish", "video_id": reel["video_id"], "video_state": "PUBLISHED"}
    answers = [graph.post("/100/videos", data=finish), graph.post("/100/video_reels", data=end)]
    assert ([_code(answer) for answer in answers], standin.shown()) == ([100, 100], [])


def _reel(graph: httpx.Client, content: bytes) -> tuple[str, httpx.Response]:
    started: dict[str, Any] = graph.post("/100/video_reels", data={"upload_phase": "start"}).json()
    headers = {"authorization": "OAuth good", "offset": "0", "file_size": str(len(content))}
    assert graph.post(started["upload_url"], headers=headers, content=content).json() == {"success": True}
    end = {"upload_phase": "finish", "video_id": started["video_id"], "video_state": "PUBLISHED"}
    return started["video_id"], graph.post("/100/video_reels", data=end)


@pytest.mark.parametrize(
    ("sides", "seconds", "end"),
    [(UPRIGHT, 30, "ready"), (LYING, 30, "error"), ((270, 480), 30, "error"), (UPRIGHT, 91, "error")],
)
def test_a_reel_is_measured(graph: httpx.Client, sides: tuple[int, int], seconds: int, end: str) -> None:
    """Upright, large enough, 3 to 90 seconds; else the work on it ends in an error."""
    node, finished = _reel(graph, film(sides, seconds=seconds))
    assert (finished.json(), _statuses(graph, node)[-1]) == ({"success": True}, end)


def test_reels_are_not_listed_and_thirty_a_day(graph: httpx.Client, watch: Watch) -> None:
    """The thirty-first of a Page waits for the next day."""
    content = film(UPRIGHT, seconds=30)
    codes = [_reel(graph, content)[1].status_code for _reel_of_today in range(31)]
    assert codes == [200] * 30 + [400]
    assert graph.get("/100/published_posts").json() == {"data": []}
    watch.time += timedelta(days=1)
    assert _reel(graph, content)[1].status_code == 200


def test_an_upright_video_that_is_no_reel_stays_a_draft(
    graph: httpx.Client, standin: FacebookStandin
) -> None:
    """The owner would have to publish it by hand."""
    node = graph.post("/100/videos", files={"source": ("a.mp4", film(UPRIGHT))}).json()["id"]
    assert _statuses(graph, node)[-1] == "ready"
    assert [post.visible for post in standin.shown()] == [False]


@pytest.mark.parametrize(("word", "status"), [("film_works", "processing"), ("film_error", "error")])
def test_a_film_may_be_said_to_stand_otherwise(graph: httpx.Client, word: str, status: str) -> None:
    """For those who must wait for long, or in vain."""
    node = graph.post("/100/videos", files={"source": ("a.mp4", film())}).json()["id"]
    _statuses(graph, node)
    root = str(graph.base_url).rpartition("/v26.0")[0]
    graph.post(f"{root}/_fault", json={"next": word, "on": node, "skip": 1, "count": 2})
    assert _statuses(graph, node) == ["ready", status, status, "ready"]


def test_numbers_are_of_posts_and_not_of_films(graph: httpx.Client) -> None:
    """A film's id has no insights; its post has, with one number more than others."""
    node = graph.post("/100/videos", files={"source": ("a.mp4", film())}).json()["id"]
    post = graph.get(f"/{node}", params={"fields": "post_id"}).json()["post_id"]
    other = graph.post("/100/feed", data={"message": "Chào"}).json()["id"]
    asked = {"metric": "post_video_views,post_media_view"}
    counts = [len(graph.get(f"/{one}/insights", params=asked).json()["data"]) for one in (post, other)]
    assert (counts, _code(graph.get(f"/{node}/insights", params=asked))) == ([2, 1], 100)
