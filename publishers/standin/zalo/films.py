"""Videos on their way into articles: uploaded, worked on, ready or failed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from publishers.standin.forms import Upload
from publishers.standin.zalo.rules import Refusal

#: Bytes of a video that Zalo takes, and where the first bytes tell its kind.
MOST = 50 * 1024 * 1024
KINDS = ((4, b"ftyp"), (0, b"RIFF"))
#: What `status` says, and how often it is "at work" before it is ready.
READY, WORKING, FAILED = 1, 3, 4
WORKING_REPLIES = 2
#: A video whose name holds this fails in the end.
BAD = "hong"


@dataclass(slots=True)
class Film:
    """One uploaded video; `id` is told when it is ready."""

    oa: str
    id: str
    name: str
    size: int
    #: Where the page of the stand-ins finds it.
    path: str = ""
    asked: int = 0


class Films:
    """The videos of all accounts, by the token that their upload was answered with."""

    def __init__(self) -> None:
        """Start without any; each is at work for so many replies."""
        self._films: dict[str, Film] = {}
        self.working = WORKING_REPLIES

    def take(self, event: Mapping[str, Any]) -> None:
        """Take note of an upload."""
        self._films[event["token"]] = Film(
            event["oa"], event["film"], event["name"], event["size"], event.get("path", "")
        )

    def verify(self, oa: str, token: str) -> dict[str, Any]:
        """Return how far a video is.

        Raises:
            Refusal: there is no such token.
        """
        film = self._films.get(token)
        if film is None or film.oa != oa:
            raise Refusal(-201, "token is invalid")
        film.asked += 1
        status = WORKING if film.asked <= self.working else FAILED if BAD in film.name else READY
        told = {"status": status, "status_message": "", "convert_percent": 100, "convert_error_code": 0}
        told |= {"video_name": film.name, "video_size": film.size}
        return {**told, "video_id": film.id} if status == READY else told

    def path_of(self, video: str) -> str:
        """Return where a video is found, empty where it is none of ours."""
        return next((film.path for film in self._films.values() if film.id == video), "")

    def check(self, oa: str, video: str) -> None:
        """Look whether a video may be shown.

        Raises:
            Refusal: it is none of this account, or not ready.
        """
        ready = {film.id for film in self._films.values() if film.oa == oa and film.asked > self.working}
        if video not in ready:
            raise Refusal(-201, "video_id is invalid")


def check_upload(file: Upload | None) -> Upload:
    """Return a video that Zalo takes.

    Raises:
        Refusal: none came, it is too large, or of another kind.
    """
    if file is None:
        raise Refusal(-201, "file is invalid")
    if len(file.content) > MOST or not any(file.content[at:].startswith(start) for at, start in KINDS):
        raise Refusal(-201, "file is invalid. We only support mp4 and avi")
    return file


def name_of(content: bytes) -> str:
    """Return the id of a video with this content."""
    return hashlib.sha256(content).hexdigest()[:20]
