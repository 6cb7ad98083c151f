"""Pictures and films that arrived at a stand-in, kept by content and served to the page."""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

#: First bytes of a picture -> its file ending.
ENDINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp"}
#: Where the page finds them.
PREFIX = "/_pictures"


class Pictures:
    """A folder of pictures named by their SHA-256; all stand-ins of one home share it."""

    def __init__(self, home: Path) -> None:
        """Keep pictures in `home`/pictures."""
        self._folder = home / "pictures"
        self._folder.mkdir(parents=True, exist_ok=True)

    def keep(self, content: bytes) -> str:
        """Store a picture and return its path on this server."""
        name = f"{hashlib.sha256(content).hexdigest()}.{ending(content)}"
        target = self._folder / name
        if not target.exists():
            target.write_bytes(content)
        return f"{PREFIX}/{name}"

    def route(self) -> Route:
        """Return the route that serves them."""
        return Route(PREFIX + "/{name:str}", self._serve)

    async def _serve(self, request: Request) -> Response:
        target = self._folder / Path(request.path_params["name"]).name
        if not target.is_file():
            return Response(status_code=404)
        return FileResponse(target, headers={"Cache-Control": "max-age=86400"})


def ending(content: bytes) -> str:
    """Return the file ending for these bytes, `bin` for what is neither picture nor film."""
    if content[4:8] == b"ftyp":
        return "mp4"
    return next((name for start, name in ENDINGS.items() if content.startswith(start)), "bin")
