"""The Facebook stand-in, spoken to as Meta documents it, without our adapter."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from publishers.standin.facebook import FacebookStandin
from publishers.standin.journal import Journal
from publishers.standin.server import build
from tests.publishers.contract import PNG
from tests.publishers.serving import serving

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


class Watch:
    """The stand-in's clock, turned by the test."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def graph(tmp_path: Path, watch: Watch) -> Iterator[httpx.Client]:
    """Serve the stand-in; the client carries a good token."""
    with serving(build(tmp_path, now=watch, platforms=["facebook"])) as url:
        headers = {"Authorization": "Bearer good"}
        with httpx.Client(base_url=f"{url}/facebook/v26.0", headers=headers, trust_env=False) as client:
            yield client


def _post(graph: httpx.Client, message: str = "Chào") -> str:
    found: str = graph.post("/100/feed", data={"message": message}).json()["id"]
    return found


def _codes(response: httpx.Response) -> tuple[int, int]:
    error = response.json()["error"]
    return error["code"], error.get("error_subcode", 0)


def test_a_wall_outlives_its_server(tmp_path: Path, watch: Watch) -> None:
    """Killed and started again, it shows the same."""
    with (
        closing(Journal(tmp_path / "facebook.jsonl")) as before,
        closing(Journal(tmp_path / "facebook.jsonl")) as after,
    ):
        first = FacebookStandin(before, watch)
        photo = first.wall.upload("100", "/_pictures/a.png", "")
        kept = first.wall.post("100", "Chào", photos=[photo.id])
        gone = first.wall.post("100", "Nhầm")
        first.wall.edit(kept.id, "Xin chào")
        first.wall.delete(gone.id)
        again = FacebookStandin(after, watch)
        assert again.shown() == first.shown()
        assert [(post.text, post.pictures) for post in again.shown()] == [("Xin chào", ("/_pictures/a.png",))]
        assert again.wall.post("100", "Mới").id not in {kept.id, gone.id, f"100_{photo.id}"}


def test_a_token_may_come_as_a_field(graph: httpx.Client) -> None:
    """Header or `access_token`, and nothing without either."""
    del graph.headers["authorization"]
    assert graph.post("/100/feed", data={"message": "Chào", "access_token": "good"}).status_code == 200
    assert _codes(graph.post("/100/feed", data={"message": "Chào"})) == (2500, 0)


@pytest.mark.parametrize(
    ("token", "codes"),
    [("expired-1", (190, 463)), ("removed-1", (190, 458)), ("roleless-1", (190, 492)), ("weak", (200, 0))],
)
def test_a_token_says_what_is_wrong_with_it(graph: httpx.Client, token: str, codes: tuple[int, int]) -> None:
    """Bad tokens are known by how they begin; all others are good for every Page."""
    graph.headers["authorization"] = f"Bearer {token}"
    assert _codes(graph.get("/100")) == codes


@pytest.mark.parametrize(
    ("form", "codes"),
    [
        ({}, (100, 0)),
        ({"attached_media": "media_fbid"}, (100, 0)),
        ({"attached_media": '[{"media_fbid": "1"}]'}, (100, 0)),
        ({"message": "Chào", "published": "False"}, (100, 0)),
        ({"message": "x" * 63_207}, (100, 0)),
    ],
)
def test_a_bad_post_is_refused(graph: httpx.Client, form: dict[str, str], codes: tuple[int, int]) -> None:
    """Also in the spellings that a careless client sends."""
    assert _codes(graph.post("/100/feed", data=form)) == codes


def test_photos_are_posted_once(graph: httpx.Client) -> None:
    """The same photos under a second post are refused as already posted."""
    photo = graph.post("/100/photos", data={"published": "false"}, files={"source": ("a.png", PNG)}).json()
    assert set(photo) == {"id"}
    attached = {"attached_media": f'[{{"media_fbid": "{photo["id"]}"}}]'}
    assert graph.post("/100/feed", data=attached).status_code == 200
    assert _codes(graph.post("/100/feed", data=attached)) == (100, 1366051)


@pytest.mark.parametrize(
    ("sent", "codes"),
    [
        ({"data": {"published": "false"}}, (324, 0)),
        ({"files": {"source": ("a.png", b"no picture")}}, (100, 1366046)),
        ({"files": {"source": ("a.png", PNG + b"0" * 4_000_000)}}, (100, 1366046)),
    ],
)
def test_a_bad_photo_is_refused(graph: httpx.Client, sent: dict[str, Any], codes: tuple[int, int]) -> None:
    """No file, no picture, too big."""
    assert _codes(graph.post("/100/photos", **sent)) == codes


def test_a_list_goes_on_by_its_cursor(graph: httpx.Client) -> None:
    """Newest first; `next` holds the token, so clients take only `after`."""
    posts = [_post(graph, f"Tin {number}") for number in range(3)]
    first = graph.get("/100/published_posts", params={"limit": 2, "fields": "message"}).json()
    assert "access_token=good" in first["paging"]["next"]
    after = {"limit": 2, "after": first["paging"]["cursors"]["after"]}
    second = graph.get("/100/published_posts", params=after).json()
    assert [row["id"] for row in first["data"] + second["data"]] == posts[::-1]
    assert first["data"][0] == {"id": posts[2], "message": "Tin 2"}
    assert "next" not in second["paging"]


@pytest.mark.parametrize(
    ("metric", "codes"),
    [
        ("post_impressions_unique", (100, 0)),
        ("post_media_view,post_impressions", (100, 0)),
        ("", (3001, 1504028)),
    ],
)
def test_one_dead_metric_fails_the_whole_call(
    graph: httpx.Client, metric: str, codes: tuple[int, int]
) -> None:
    """As it is since 15 June 2026."""
    assert _codes(graph.get(f"/{_post(graph)}/insights", params={"metric": metric})) == codes


def test_reach_grows_and_never_shrinks(graph: httpx.Client, watch: Watch) -> None:
    """Nobody at first, more with time, always the same at the same time."""
    post = _post(graph)
    seen = []
    for age in (0, 60, 3600, 86_400):
        watch.time = START + timedelta(seconds=age)
        answer = graph.get(f"/{post}/insights", params={"metric": "post_total_media_view_unique"}).json()
        seen.append(answer["data"][0]["values"][0]["value"])
    assert seen[0] == 0
    assert seen == sorted(set(seen))


@pytest.mark.parametrize(("asked", "answered"), [("v26.0", "v26.0"), ("v18.0", "v21.0"), ("v27.0", "v21.0")])
def test_another_version_answers_without_a_word(graph: httpx.Client, asked: str, answered: str) -> None:
    """Only the header tells."""
    url = str(graph.base_url).replace("v26.0", asked)
    assert graph.get(f"{url}100").headers["facebook-api-version"] == answered


@pytest.mark.parametrize(
    ("path", "status"), [("/?ids=1,2", 500), ("/100/published_posts?date_format=U", 400), ("/100/likes", 400)]
)
def test_what_is_gone_is_refused(graph: httpx.Client, path: str, status: int) -> None:
    """Forms that v26.0 took away, and edges that never were."""
    assert graph.get(path).status_code == status


def test_a_post_is_read_changed_and_deleted(graph: httpx.Client) -> None:
    """After that it is missing, in Graph's words."""
    post = _post(graph)
    assert graph.post(f"/{post}", data={"message": "Xin chào"}).json() == {"success": True}
    assert graph.get(f"/{post}", params={"fields": "message"}).json() == {"id": post, "message": "Xin chào"}
    assert graph.delete(f"/{post}").json() == {"success": True}
    assert [_codes(graph.get(f"/{post}")), _codes(graph.delete(f"/{post}"))] == [(100, 33)] * 2


def test_an_app_may_demand_the_proof_of_its_secret(graph: httpx.Client) -> None:
    """Missing, wrong, right: HMAC-SHA256 of the token, keyed by the secret."""
    root = str(graph.base_url).rpartition("/v26.0")[0]
    graph.post(f"{root}/_app", json={"secret": "app"})
    right = hmac.new(b"app", b"good", hashlib.sha256).hexdigest()
    answers = [graph.get("/100", params={"appsecret_proof": proof}) for proof in (right, "0" * 64, "0")]
    assert ([answer.status_code for answer in answers], _codes(graph.get("/100"))) == (
        [200, 400, 400],
        (100, 0),
    )


def test_a_comment_stands_under_a_post_only(graph: httpx.Client) -> None:
    """Its id names the post; without words, or under nothing, there is none."""
    post = _post(graph)
    made = graph.post(f"/{post}/comments", data={"message": "Xem thêm"}).json()["id"]
    assert made.startswith(f"{post.partition('_')[2]}_")
    assert _codes(graph.post(f"/{post}/comments")) == (100, 0)
    assert _codes(graph.post("/100_1/comments", data={"message": "Xem"})) == (100, 33)


def test_days_of_a_page_end_at_midnight_of_the_pacific(graph: httpx.Client) -> None:
    """The first value since a day is told with the moment at which that day ended."""
    asked = {"metric": "page_media_view,page_follows", "period": "day", "since": "2026-10-31"}
    rows = graph.get("/100/insights", params={**asked, "until": "2026-11-03"}).json()["data"]
    assert [row["name"] for row in rows] == ["page_media_view", "page_follows"]
    assert [value["end_time"] for value in rows[0]["values"]] == [
        "2026-11-01T07:00:00+0000",
        "2026-11-02T08:00:00+0000",  # clocks went back
        "2026-11-03T08:00:00+0000",
    ]
    assert _codes(graph.get("/100/insights", params={**asked, "since": "2026-08-01"})) == (100, 0)
    assert _codes(graph.get("/100/insights", params={**asked, "period": "week"})) == (100, 0)
