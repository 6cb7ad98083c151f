"""The stand-in of Zalo behaves as Zalo is documented."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publishers.standin.server import build
from publishers.standin.shown import Shown
from tests.publishers.serving import closed_port, serving

#: Opens OA 1.
TOKEN = "1:t"
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
COVER = {"cover_type": "photo", "photo_url": "https://a.vn/1.jpg", "status": "show"}
ARTICLE: dict[str, Any] = {
    "type": "normal",
    "title": "Lễ hội cồng chiêng",
    "author": "Sở Văn hóa, Thể thao và Du lịch",
    "cover": COVER,
    "description": "Mời bà con",
    "body": [{"type": "text", "content": "Mời bà con tới dự."}],
    "status": "show",
    "comment": "hide",
}


@dataclass
class Zalo:
    """The stand-in as a client sees it, with a clock that stands until it is moved."""

    home: Path
    now: datetime = NOON
    served: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Start it (again) from its journal."""
        self.served.close()
        self.app = build(self.home, now=lambda: self.now, platforms=["zalo"])
        base_url = self.served.enter_context(serving(self.app))
        self.client = self.served.enter_context(httpx.Client(base_url=base_url, trust_env=False))

    def shown(self) -> list[Shown]:
        found: list[Shown] = self.app.state.standins["zalo"].shown()
        return found

    def post(self, call: str, body: dict[str, Any], token: str = TOKEN) -> dict[str, Any]:
        answer = self.client.post(f"/zalo/v2.0/{call}", json=body, headers={"access_token": token})
        return dict(answer.json())

    def get(self, call: str, query: dict[str, Any] | None = None, token: str = TOKEN) -> dict[str, Any]:
        answer = self.client.get(f"/zalo/v2.0/{call}", params=query, headers={"access_token": token})
        return dict(answer.json())

    def create(self, **changes: Any) -> str:
        """Create an article and return its id."""
        token = self.post("article/create", {**ARTICLE, **changes})["data"]["token"]
        answers = [self.post("article/verify", {"token": token}) for _look in range(3)]
        return str(answers[-1]["data"]["id"])


@pytest.fixture
def zalo(tmp_path: Path) -> Iterator[Zalo]:
    zalo = Zalo(tmp_path)
    zalo.start()
    yield zalo
    zalo.served.close()


def test_an_id_is_told_at_the_third_look(zalo: Zalo) -> None:
    """Zalo first fetches the pictures."""
    token = zalo.post("article/create", ARTICLE)["data"]["token"]
    answers = [zalo.post("article/verify", {"token": token}) for _look in range(3)]
    assert [answer["error"] for answer in answers] == [-214, -214, 0]
    assert answers[-1]["data"] == {"id": zalo.shown()[0].remote_id}


def test_a_picture_that_cannot_be_fetched_is_told_at_verify(zalo: Zalo) -> None:
    """And no article comes of it."""
    cover = {**COVER, "photo_url": "https://a.vn/missing.jpg"}
    token = zalo.post("article/create", {**ARTICLE, "cover": cover})["data"]["token"]
    answers = [zalo.post("article/verify", {"token": token}) for _look in range(3)]
    assert answers[-1] == {"error": -200, "message": "Upload media failed"}
    assert zalo.shown() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": "a" * 150}, "title is invalid"),
        ({"title": ""}, "title is invalid"),
        ({"description": "a" * 300}, "description is invalid"),
        ({"author": "a" * 51}, "author is invalid"),
        ({"cover": {"cover_type": "photo", "photo_url": "https://a.vn/1.jpg"}}, "create media fail"),
        ({"cover": {**COVER, "photo_url": "http://a.vn/1.jpg"}}, "photo_url http://a.vn/1.jpg is invalid"),
        ({"cover": {**COVER, "photo_url": "https://a.vn/ả.jpg"}}, "photo_url https://a.vn/ả.jpg is invalid"),
        ({"body": []}, "body is invalid"),
        ({"body": [{"type": "text", "content": ""}]}, "body is invalid"),
        ({"body": [{"type": "image", "url": "http://a.vn/1.jpg"}]}, "url http://a.vn/1.jpg is invalid"),
        ({"status": "draft"}, "status is invalid"),
        ({"comment": None}, "comment is invalid"),
        ({"type": None}, "type accept only 2 value normal and video."),
    ],
)
def test_a_wrong_article_is_refused_by_name(zalo: Zalo, changes: dict[str, Any], message: str) -> None:
    """-201 names the parameter."""
    answer = zalo.post("article/create", {**ARTICLE, **changes})
    assert answer == {"error": -201, "message": message}
    assert zalo.shown() == []


@pytest.mark.parametrize(
    ("token", "code"), [("", -216), ("1:wrong", -216), ("wrong", -216), ("1:expired", -220), ("1:good", 0)]
)
def test_tokens_are_looked_at(zalo: Zalo, token: str, code: int) -> None:
    """HTTP says 200 all the same."""
    assert zalo.get("oa/getoa", token=token)["error"] == code


def test_a_token_opens_its_own_account_only(zalo: Zalo) -> None:
    """Another OA neither sees nor removes the article."""
    article = zalo.create()
    assert zalo.get("oa/getoa", token="2:t")["data"]["oa_id"] == "2"
    assert zalo.get("article/getslice", {"type": "normal"}, token="2:t")["data"] == {"total": 0, "medias": []}
    assert zalo.post("article/remove", {"id": article}, token="2:t")["error"] == -201


def test_hidden_is_listed_and_not_seen_until_a_full_update_shows_it(zalo: Zalo) -> None:
    """Showing is an update, answered by a token again."""
    article = zalo.create(status="hide")
    assert [post.visible for post in zalo.shown()] == [False]
    assert zalo.get("article/getslice", {"type": "normal"})["data"]["medias"][0]["status"] == "hide"
    zalo.now += timedelta(minutes=5)
    assert "token" in zalo.post("article/update", {**ARTICLE, "id": article})["data"]
    assert [(post.visible, post.at) for post in zalo.shown()] == [(True, zalo.now)]


def test_an_update_that_is_not_whole_is_refused(zalo: Zalo) -> None:
    """Zalo knows no partial update."""
    assert zalo.post("article/update", {"id": zalo.create(), "status": "hide"})["error"] == -201


def test_removing_takes_it_away_once(zalo: Zalo) -> None:
    """The second time there is no such article."""
    article = zalo.create()
    codes = [zalo.post("article/remove", {"id": article})["error"] for _time in range(2)]
    assert codes == [0, -201]
    assert zalo.shown() == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": 50, "type": "normal"}, "maximum limit is 10"),
        ({"limit": 10}, "type accept only 2 value normal and video."),
    ],
)
def test_a_list_is_asked_for_rightly(zalo: Zalo, query: dict[str, Any], message: str) -> None:
    """At most ten, and the type is compulsory."""
    assert zalo.get("article/getslice", query) == {"error": -201, "message": message}


def test_a_list_is_paged(zalo: Zalo) -> None:
    """Ten a page, newest first here."""
    articles = [zalo.create(title=f"Tin {number}") for number in range(12)]
    second = zalo.get("article/getslice", {"offset": 10, "limit": 10, "type": "normal"})["data"]
    assert second["total"] == 12
    assert [row["id"] for row in second["medias"]] == [articles[1], articles[0]]


def test_views_grow_with_time_alone(zalo: Zalo) -> None:
    """The same moment gives the same number; a hidden article has none."""
    zalo.create()

    def views() -> int:
        return zalo.shown()[0].reach["views"]

    seen = []
    for _hour in range(3):
        zalo.now += timedelta(hours=1)
        seen += [views(), views()]
    assert seen == sorted(seen)
    assert len(set(seen)) == 3
    assert seen[0] > 0


def test_a_restart_forgets_nothing(zalo: Zalo) -> None:
    """Articles, their visibility and open tokens stand in the journal."""
    zalo.create()
    removed = zalo.create(title="Gỡ")
    zalo.post("article/remove", {"id": removed})
    token = zalo.post("article/create", {**ARTICLE, "status": "hide"})["data"]["token"]
    before = zalo.shown()
    zalo.start()
    assert zalo.shown() == before
    assert zalo.post("article/verify", {"token": token})["error"] == -214


@pytest.mark.parametrize("limits", [{"oa": 2}, {"app": 2}])
def test_a_full_minute_is_refused_and_the_next_is_free(zalo: Zalo, limits: dict[str, int]) -> None:
    """-32, with the header that says nothing is left."""
    zalo.client.post("/zalo/_limits", json=limits)
    codes = [zalo.get("oa/getoa")["error"] for _time in range(3)]
    headers = {"access_token": "1:t"}
    remain = zalo.client.get("/zalo/v2.0/oa/getoa", headers=headers).headers["X-RateLimit-Remain"]
    zalo.now += timedelta(minutes=1)
    assert (codes, remain, zalo.get("oa/getoa")["error"]) == ([0, 0, -32], "0", 0)


def test_a_path_of_another_version_is_no_api(zalo: Zalo) -> None:
    """HTTP 404 with JSON."""
    answer = zalo.client.post("/zalo/v2.0/article/upload_image", headers={"access_token": "1:t"})
    assert (answer.status_code, answer.json()["error"]) == (404, -209)


def test_the_text_is_what_a_reader_reads(zalo: Zalo) -> None:
    """Title and paragraphs, and the page has no hidden ones."""
    shown, hidden = zalo.create(), zalo.create(status="hide")
    assert zalo.shown()[0].text == "Lễ hội cồng chiêng\n\nMời bà con tới dự."
    links = [f"/zalo/detail/1/{article}" for article in (shown, hidden, "khong-co")]
    assert [zalo.client.get(link).status_code for link in links] == [200, 404, 404]


# --- pictures are fetched -------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
#: Path at the office's listener -> what is there.
SHELF: dict[str, Response] = {
    "/a.png": Response(PNG, media_type="image/png"),
    "/b.jpg": Response(b"\xff\xd8\xff" + b"\0" * 20, media_type="image/jpeg"),
    "/html.png": Response("<html>", media_type="text/html"),
    "/large.png": Response(PNG + b"\0" * 1024 * 1024, media_type="image/png"),
    "/moved.png": Response(status_code=301, headers={"location": "/a.png"}),
}


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An office's listener: its address, and the paths that were asked for."""
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        asked.append(request.url.path)
        return SHELF.get(request.url.path, Response(status_code=404))

    with serving(Starlette(routes=[Route("/{rest:path}", answer)])) as url:
        yield url, asked


def lead(zalo: Zalo, leads_to: str) -> None:
    """Put the listener behind the office's web server."""
    said = {"address": "https://anh.vidu.vn", "leads_to": leads_to}
    zalo.client.post("/zalo/_leads", json=said).raise_for_status()


def test_pictures_are_fetched_from_behind_the_offices_web_server(
    zalo: Zalo, listener: tuple[str, list[str]]
) -> None:
    """Each once; the page shows them from here, cover first, and a restart forgets none."""
    lead(zalo, listener[0])
    cover = {**COVER, "photo_url": "https://anh.vidu.vn/a.png"}
    image = {"type": "image", "url": "https://anh.vidu.vn/b.jpg", "caption": "Toàn cảnh"}
    twice = {"type": "image", "url": "https://anh.vidu.vn/a.png", "caption": ""}
    article = zalo.create(cover=cover, body=[*ARTICLE["body"], image, twice])
    assert listener[1] == ["/a.png", "/b.jpg"]
    zalo.start()
    pictures = zalo.shown()[0].pictures
    assert [zalo.client.get(path).content for path in pictures[:2]] == [PNG, SHELF["/b.jpg"].body]
    page = zalo.client.get(f"/zalo/detail/1/{article}").text
    assert [page.count(path) for path in pictures[:2]] == [2, 1]
    assert "Toàn cảnh" in page


@pytest.mark.parametrize("path", ["gone.png", "html.png", "large.png", "moved.png"])
def test_a_picture_that_does_not_come_is_told_at_verify(
    zalo: Zalo, listener: tuple[str, list[str]], path: str
) -> None:
    """Not there, no picture, too large, somewhere else: no article comes of it."""
    lead(zalo, listener[0])
    cover = {**COVER, "photo_url": f"https://anh.vidu.vn/{path}"}
    token = zalo.post("article/create", {**ARTICLE, "cover": cover})["data"]["token"]
    answers = [zalo.post("article/verify", {"token": token}) for _look in range(3)]
    assert (answers[-1]["error"], zalo.shown()) == (-200, [])


def test_a_listener_that_is_down_is_told_at_verify(zalo: Zalo) -> None:
    """As Zalo tells it."""
    lead(zalo, f"http://127.0.0.1:{closed_port()}")
    cover = {**COVER, "photo_url": "https://anh.vidu.vn/a.png"}
    token = zalo.post("article/create", {**ARTICLE, "cover": cover})["data"]["token"]
    assert [zalo.post("article/verify", {"token": token})["error"] for _look in range(3)] == [
        -214,
        -214,
        -200,
    ]


# --- videos ---------------------------------------------------------------------------------------------

FILM = b"\0\0\0\x18ftypisom"


def upload(zalo: Zalo, content: bytes = FILM, name: str = "phim.mp4") -> dict[str, Any]:
    path, headers = "/zalo/v2.0/article/upload_video/preparevideo", {"access_token": TOKEN}
    return dict(zalo.client.post(path, files={"file": (name, content)}, headers=headers).json())


def status(zalo: Zalo, token: str) -> dict[str, Any]:
    path, headers = "/zalo/v2.0/article/upload_video/verify", {"access_token": TOKEN, "token": token}
    return dict(zalo.client.get(path, headers=headers).json()["data"])


def test_a_video_is_worked_on_twice_and_then_ready(zalo: Zalo) -> None:
    """3, 3, 1; its article is listed among the videos, and a restart forgets none of it."""
    token = upload(zalo)["data"]["token"]
    told = [status(zalo, token) for _look in range(3)]
    assert [one["status"] for one in told] == [3, 3, 1]
    said = {"type": "video", "title": "Phim", "description": "Hay", "avatar": "https://a.vn/1.jpg"}
    shown = {**said, "video_id": told[-1]["video_id"], "status": "show", "comment": "hide"}
    handed = zalo.post("article/create", shown)["data"]["token"]
    assert [zalo.post("article/verify", {"token": handed})["error"] for _look in range(3)] == [-214, -214, 0]
    zalo.start()
    listed = {
        kind: zalo.get("article/getslice", {"type": kind})["data"]["total"] for kind in ("normal", "video")
    }
    assert (listed, zalo.shown()[0].text) == ({"normal": 0, "video": 1}, "Phim\n\nHay")
    page = zalo.client.get(f"/zalo/detail/1/{zalo.shown()[0].remote_id}")
    assert (page.status_code, "Hay" in page.text) == (200, True)


@pytest.mark.parametrize("replies", [0, 1, 3])
def test_a_test_may_say_how_long_zalo_works(zalo: Zalo, replies: int) -> None:
    """On articles and videos alike: each reply costs a daemon the wait before its next question."""
    zalo.client.post("/zalo/_work", json={"replies": replies})
    film = upload(zalo)["data"]["token"]
    article = zalo.post("article/create", ARTICLE)["data"]["token"]
    looks = range(replies + 1)
    told = [zalo.post("article/verify", {"token": article})["error"] for _look in looks]
    assert told == [-214] * replies + [0]
    assert [status(zalo, film)["status"] for _look in looks] == [3] * replies + [1]


def test_a_bad_video_fails_in_the_end(zalo: Zalo) -> None:
    """4, and no id."""
    token = upload(zalo, name="hong.mp4")["data"]["token"]
    told = [status(zalo, token) for _look in range(3)][-1]
    assert (told["status"], "video_id" in told) == (4, False)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\0\0\0\x18mdat"])
def test_what_is_no_video_is_refused(zalo: Zalo, content: bytes) -> None:
    """mp4 and avi only."""
    assert upload(zalo, content)["error"] == -201


def test_a_video_that_is_too_large_is_refused(zalo: Zalo) -> None:
    """50 MB."""
    assert upload(zalo, FILM + bytes(50 * 1024 * 1024))["error"] == -201


def test_an_article_shows_only_videos_that_are_ready(zalo: Zalo) -> None:
    """And of its own account."""
    token = upload(zalo)["data"]["token"]
    status(zalo, token)
    block = {"type": "video", "video_id": "x", "thumb": "https://a.vn/1.jpg"}
    answer = zalo.post("article/create", {**ARTICLE, "body": [block]})
    assert answer == {"error": -201, "message": "video_id is invalid"}


# --- broadcasts -----------------------------------------------------------------------------------------


def push(zalo: Zalo, *articles: str, target: dict[str, Any] | None = None) -> dict[str, Any]:
    elements = [{"media_type": "article", "attachment_id": article} for article in articles]
    payload = {"template_type": "media", "elements": elements}
    message = {"attachment": {"type": "template", "payload": payload}}
    recipient = {"target": {"gender": "0"} if target is None else target}
    return zalo.post("oa/message", {"recipient": recipient, "message": message})


def test_a_broadcast_is_taken_once_a_day_and_four_times_a_month(zalo: Zalo) -> None:
    """Days and months are Vietnam's; a restart forgets none."""
    article = zalo.create()
    codes = [push(zalo, article)["error"], push(zalo, article)["error"]]
    zalo.start()
    for _day in range(4):
        codes.append(push(zalo, article)["error"])
        zalo.now += timedelta(days=1)
    codes.append(push(zalo, article)["error"])
    zalo.now = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)  # half past midnight of 1 December there
    zalo.now += timedelta(hours=6)
    codes.append(push(zalo, article)["error"])
    assert codes == [0, -211, -211, 0, 0, 0, -211, 0]


@pytest.mark.parametrize(("hour", "code"), [(14, 0), (15, -234), (22, -234), (23, 0)])
def test_at_night_no_broadcast_is_taken(zalo: Zalo, hour: int, code: int) -> None:
    """06:00 to 21:59 in Vietnam, which is 23:00 to 14:59 UTC."""
    article = zalo.create()
    zalo.now = NOON.replace(hour=hour, minute=59 if hour == 14 else 0)
    assert push(zalo, article)["error"] == code


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ({"gender": "0"}, 0),
        ({"ages": "0,1,7", "gender": "2", "platform": "1,2"}, 0),
        ({"gender": 0}, 0),
        ({}, -201),
        ({"gender": "3"}, -201),
        ({"platforms": "1"}, -201),
    ],
)
def test_whom_a_broadcast_reaches_is_looked_at(zalo: Zalo, target: dict[str, Any], code: int) -> None:
    """Known keys with known words."""
    assert push(zalo, zalo.create(), target=target)["error"] == code


def test_only_shown_articles_of_the_account_are_pushed(zalo: Zalo) -> None:
    """One to five."""
    shown, hidden = zalo.create(), zalo.create(status="hide")
    assert [push(zalo, one)["error"] for one in (hidden, "khong-co")] == [-201, -201]
    assert [push(zalo)["error"], push(zalo, *[shown] * 6)["error"]] == [-201, -201]
    assert push(zalo, *[shown] * 5)["error"] == 0


def test_messages_to_one_person_are_not_for_such_an_account(zalo: Zalo) -> None:
    """-235 of v3, as a province met it; and v3 has no articles."""
    headers = {"access_token": TOKEN}
    cs = zalo.client.post("/zalo/v3.0/oa/message/cs", headers=headers)
    article = zalo.client.post("/zalo/v3.0/article/create", headers=headers)
    assert (cs.status_code, cs.json()["error"]) == (200, -235)
    assert (article.status_code, article.json()["error"]) == (404, -209)
