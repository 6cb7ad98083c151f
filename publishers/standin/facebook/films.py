"""Videos and Reels: sessions of pieces, uploads in one, and what becomes of them.

Work on a film takes some looks, not seconds: so it ends the same in every test.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from publishers.standin.facebook.answers import Refusal, missing
from publishers.standin.facebook.call import Call
from publishers.standin.facebook.measured import Measured, measured
from publishers.standin.facebook.wall import Film, Wall
from publishers.standin.pictures import Pictures

#: Bytes of a piece, most bytes and seconds of an upload in one, and of one in pieces.
PIECE, SIMPLE, RESUMABLE = 1_048_576, (10**9, 20 * 60), (10 * 10**9, 4 * 3600)
#: Looks at a film, after it was finished, that still say `processing`.
WORK = 2
#: A Reel: smallest sides, shortest and longest seconds, most of a Page in a day.
SIDES, SECONDS, DAILY = (540, 960), (3, 90), 30


class Films:
    """Takes films, makes posts of them, and tells how they stand."""

    def __init__(self, wall: Wall, pictures: Pictures, now: Callable[[], datetime]) -> None:
        """Put films on `wall`."""
        self._wall = wall
        self._pictures = pictures
        self._now = now
        #: Film -> what came of it; an upload does not outlive its server, a film does.
        self._pieces: defaultdict[str, bytearray] = defaultdict(bytearray)
        self._phases: Mapping[tuple[str, str], Callable[[Call], dict[str, Any]]] = {
            ("videos", ""): self._simple,
            ("videos", "start"): self._start,
            ("videos", "transfer"): self._transfer,
            ("videos", "finish"): self._finish,
            ("video_reels", "start"): self._start_reel,
            ("video_reels", "finish"): self._finish_reel,
        }

    def take(self, call: Call) -> dict[str, Any]:
        """Answer a call of `videos` or `video_reels`."""
        phase = self._phases.get((call.edge, call.text("upload_phase")))
        if phase is None:
            raise Refusal(100, "(#100) param upload_phase must be one of {START, TRANSFER, FINISH}")
        return phase(call)

    def upload(self, film: str, content: bytes, *, offset: str, size: str) -> dict[str, Any]:
        """Take a Reel, as the upload host does: whole, or what is still missing."""
        known = self._film(film)
        if not size.isdecimal() or not offset.isdecimal() or int(offset) != known.got:
            raise Refusal(100, "OffsetInvalidError: Request starting offset is invalid")
        self._wall.film_came(film, size=int(size))
        self._came(film, content)
        return {"success": True}

    def told(self, film: Film, call: Call) -> dict[str, Any]:
        """Return what a film says of itself; each look at a finished one brings it nearer to its end."""
        if film.post:
            self._wall.film_came(film.id, looks=film.looks + 1)
        known = {"status": status(film), "post_id": film.post or None, "permalink_url": f"/reel/{film.id}/"}
        found = {name: value for name, value in known.items() if name in call.wanted() and value}
        return {**found, "id": film.id}

    def _simple(self, call: Call) -> dict[str, Any]:
        source, address = call.form.files.get("source"), call.text("file_url")
        if source is None and not address.startswith("http"):
            raise Refusal(100, "(#100) You must provide file_url or source")
        content = source.content if source else b""
        film = self._wall.film(call.node, len(content), reel=False)
        self._wall.film_came(film.id, path=address)
        if source:
            self._came(film.id, content, most=SIMPLE)
        self._show(self._film(film.id), call, measured(content))
        return {"id": film.id}

    def _start(self, call: Call) -> dict[str, Any]:
        size = call.text("file_size")
        if not size.isdecimal() or not 0 < int(size) <= RESUMABLE[0]:
            raise Refusal(100, "(#100) param file_size must be a positive number")
        film = self._wall.film(call.node, int(size), reel=False)
        return {"video_id": film.id, "upload_session_id": f"session-{film.id}", **offsets(film)}

    def _transfer(self, call: Call) -> dict[str, Any]:
        film, piece = self._session(call), call.form.files.get("video_file_chunk")
        if piece is None or call.text("start_offset") != str(film.got):
            raise Refusal(100, f"(#100) Invalid start offset, expected {film.got}", 1363037)
        self._came(film.id, piece.content)
        return offsets(self._film(film.id))

    def _finish(self, call: Call) -> dict[str, Any]:
        film = self._whole(self._session(call))
        self._show(film, call, measured(bytes(self._pieces[film.id])))
        return {"success": True}

    def _start_reel(self, call: Call) -> dict[str, Any]:
        film = self._wall.film(call.node, 0, reel=True)
        root = call.address.rpartition(f"/{call.node}/")[0]
        host, _slash, version = root.rpartition("/")
        return {"video_id": film.id, "upload_url": f"{host}/video-upload/{version}/{film.id}"}

    def _finish_reel(self, call: Call) -> dict[str, Any]:
        film = self._whole(self._film(call.text("video_id")))
        if call.text("video_state") != "PUBLISHED":
            raise Refusal(100, "(#100) param video_state must be one of {DRAFT, PUBLISHED, SCHEDULED}")
        if self._of_today(call.node) >= DAILY:
            raise Refusal(613, "(#613) Calls to this api have exceeded the rate limit.")
        seen = measured(bytes(self._pieces[film.id]))
        self._wall.film_came(film.id, fault=reel_fault(seen))
        self._show(self._film(film.id), call, seen)
        return {"success": True}

    def _of_today(self, page: str) -> int:
        since = self._now() - timedelta(days=1)
        return sum(post.at > since and self._wall.is_reel(post) for post in self._wall.feed(page))

    def _show(self, film: Film, call: Call, seen: Measured) -> None:
        """Make the post of a film, once; an upright one that is no Reel stays a draft."""
        if film.post:
            return
        shown = call.flag("published") and (film.reel or not seen.upright)
        self._wall.post(film.page, call.text("description"), film=film.id, published=shown)

    def _came(self, film: str, content: bytes, *, most: tuple[int, int] = RESUMABLE) -> None:
        pieces, known = self._pieces[film], self._film(film)
        pieces += content
        if len(pieces) > min(known.size, most[0]):
            raise Refusal(100, "(#352) The video file you selected is too large", 1363031)
        self._wall.film_came(film, got=len(pieces))
        if len(pieces) == known.size:
            self._wall.film_came(film, path=self._pictures.keep(bytes(pieces)))

    def _whole(self, film: Film) -> Film:
        if film.got < film.size or not film.size:
            raise Refusal(100, "(#100) The video was not uploaded to its end", 1363026)
        return film

    def _session(self, call: Call) -> Film:
        return self._film(call.text("upload_session_id").removeprefix("session-"))

    def _film(self, film: str) -> Film:
        found = self._wall.films.get(film)
        if found is None:
            raise missing(film)
        return found


def offsets(film: Film) -> dict[str, str]:
    """Return which piece is wanted next; both ends are the same when nothing is missing."""
    return {"start_offset": str(film.got), "end_offset": str(min(film.got + PIECE, film.size))}


def reel_fault(seen: Measured) -> str:
    """Return why a film can be no Reel; nothing where it can, or does not tell its measures."""
    if not seen.seconds:
        return ""
    narrow = seen.width < SIDES[0] or seen.height < SIDES[1] or not seen.upright
    if narrow or not SECONDS[0] <= seen.seconds <= SECONDS[1]:
        return "The video does not meet the requirements of Reels"
    return ""


def status(film: Film) -> dict[str, Any]:
    """Return the phases of a film, as Graph names them."""
    if not film.post:
        whole = film.size and film.got == film.size
        row = ("upload_complete", "complete") if whole else ("uploading", "in_progress")
        return _phases(*row, "not_started", "not_started")
    if film.looks < WORK:
        return _phases("processing", "complete", "in_progress", "not_started")
    if film.fault:
        return _phases("error", "complete", "error", "not_started")
    return _phases("ready", "complete", "complete", "complete")


def _phases(video: str, uploading: str, processing: str, publishing: str) -> dict[str, Any]:
    return {
        "video_status": video,
        "uploading_phase": {"status": uploading},
        "processing_phase": {"status": processing},
        "publishing_phase": {"status": publishing},
    }


def is_ready(film: Film) -> bool:
    """Tell whether readers can play a film."""
    return bool(film.post) and film.looks >= WORK and not film.fault
