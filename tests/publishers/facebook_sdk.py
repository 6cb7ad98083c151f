"""What Meta's own SDK sends for the acts of a publisher, and what we send, in one form.

`facebook-business` is asked act by act, in the environment of `make witness`; its answers come from here, and
nothing leaves the machine. What it sent is recorded in `facebook_sdk.json` (`make witness ARGS=--record`).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

RECORDED = Path(__file__).parent / "facebook_sdk.json"
PAGE, POST, FILM, PHOTO = "100064", "100064_5", "77", "9"
TEXT, LINK, ALT = "Lễ hội cồng chiêng & hát kể", "https://gialai.gov.vn/a?b=1&c=2", "Trạm y tế"
PICTURE, FILM_ADDRESS = "https://gialai.gov.vn/a.png", "https://gialai.gov.vn/a.mp4"
TOKEN, SECRET = "EAAB-witness", "witness-secret"
OF_POST = (
    "post_total_media_view_unique",
    "post_media_view",
    "post_clicks",
    "post_reactions_by_type_total",
    "post_activity_by_action_type",
    "post_video_views",
)
LISTED = ["id", "message", "created_time", "permalink_url", "attachments{target,subattachments}"]

#: Act -> what a developer writes with the SDK, on its objects of Page, PagePost and AdVideo.
ACTS: Mapping[str, Callable[[Any], Any]] = {
    "post with a link": lambda on: on.page.create_feed(
        fields=["id", "permalink_url"], params={"message": TEXT, "link": LINK}
    ),
    "photo, unseen": lambda on: on.page.create_photo(
        params={"url": PICTURE, "published": False, "alt_text_custom": ALT}
    ),
    "post with photos": lambda on: on.page.create_feed(
        fields=["id", "permalink_url"],
        params={"message": TEXT, "attached_media": [{"media_fbid": PHOTO}, {"media_fbid": "8"}]},
    ),
    "video by address": lambda on: on.page.create_video(
        params={"file_url": FILM_ADDRESS, "description": TEXT, "title": "Lễ hội"}
    ),
    "video, start": lambda on: on.page.create_video(params={"upload_phase": "start", "file_size": 4000}),
    "video, finish": lambda on: on.page.create_video(
        params={"upload_phase": "finish", "upload_session_id": "S", "description": TEXT}
    ),
    "Reel, start": lambda on: on.page.create_video_reel(params={"upload_phase": "start"}),
    "Reel, finish": lambda on: on.page.create_video_reel(
        params={
            "upload_phase": "finish",
            "video_id": FILM,
            "video_state": "PUBLISHED",
            "description": TEXT,
        }
    ),
    "film, status": lambda on: on.film.api_get(fields=["status", "post_id", "permalink_url"]),
    "first comment": lambda on: on.post.create_comment(params={"message": TEXT}),
    "edit": lambda on: on.post.api_update(params={"message": TEXT}),
    "delete": lambda on: on.post.api_delete(),
    "numbers of a post": lambda on: on.post.get_insights(params={"metric": list(OF_POST)}),
    "list of posts": lambda on: on.page.get_published_posts(fields=LISTED, params={"limit": 100}),
    "name of a Page": lambda on: on.page.api_get(fields=["id", "name"]),
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request: where the token is, and everything else by its name."""

    method: str
    path: str
    query: Mapping[str, Any]
    form: Mapping[str, Any]
    token: str

    def as_json(self) -> dict[str, Any]:
        """Return the request as it is recorded."""
        return {name: getattr(self, name) for name in ("method", "path", "query", "form", "token")}


def request(
    method: str, url: str, body: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
) -> Request:
    """Put a request into one form; JSON inside of fields is read, so that its blanks do not count."""
    parts = urlsplit(url)
    query, said = dict(parse_qsl(parts.query)), dict(form or parse_qsl(body, keep_blank_values=True))
    places = {"query": query.pop("access_token", ""), "form": said.pop("access_token", "")}
    places["header"] = headers.get("authorization", "").removeprefix("Bearer ")
    token = " ".join(place for place, found in places.items() if found == TOKEN)
    return Request(method, parts.path, _read(query), _read(said), token)


def _read(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return fields with JSON lists and objects read."""
    return {name: json.loads(text) if text[:1] in {"[", "{"} else text for name, text in fields.items()}


def sent_by_the_sdk() -> dict[str, dict[str, Any]]:
    """Let the SDK do each act; return what it sent. Only its socket is replaced."""
    api = import_module("facebook_business.api")
    objects = {
        name: getattr(import_module(f"facebook_business.adobjects.{name.lower()}"), name)
        for name in ("Page", "PagePost", "AdVideo")
    }
    session = import_module("facebook_business.session").FacebookSession("1", SECRET, TOKEN)
    sent: list[Request] = []
    session.requests.mount("https://", _adapter(sent))
    spoken = api.FacebookAdsApi(session, api_version="v26.0")
    found = {}
    for name, act in ACTS.items():
        on = SimpleNamespace(  # anew each time: its objects take on the ids of answers
            page=objects["Page"](PAGE, api=spoken),
            post=objects["PagePost"](POST, api=spoken),
            film=objects["AdVideo"](FILM, api=spoken),
        )
        act(on)
        found[name] = sent.pop().as_json()
    return found


def _adapter(sent: list[Request]) -> Any:
    """Return an adapter of `requests` that writes down and answers."""
    requests = import_module("requests")

    class Recorder(requests.adapters.BaseAdapter):  # type: ignore[misc, name-defined]  # known there only
        def send(self, asked: Any, **_more: Any) -> Any:
            body = asked.body.decode() if isinstance(asked.body, bytes) else asked.body or ""
            sent.append(request(asked.method, asked.url, body, {}))
            answer = requests.Response()
            answer.status_code, answer.url = 200, asked.url
            answer._content = json.dumps({"id": "1", "success": True, "data": []}).encode()
            answer.headers["content-type"] = "application/json"
            return answer

        def close(self) -> None:
            """Hold nothing."""

    return Recorder()
