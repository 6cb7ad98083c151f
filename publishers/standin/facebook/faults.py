"""What goes wrong at Facebook beyond the words of all stand-ins: `POST /facebook/_fault`, the same way."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from publishers.standin.facebook.answers import TOKENS, VERSIONS, Refusal
from publishers.standin.faults import Bend


def _error_200() -> Response:
    envelope = Refusal(10, "(#10) Application does not have permission for this action").response()
    return Response(envelope.body, media_type="application/json")


def _read(right: Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(right.body))
    return found


def _no_id(right: Response) -> Response:
    """Drop the ids; what is left says that all went well."""
    kept = {name: value for name, value in _read(right).items() if not name.endswith("id")}
    return JSONResponse({**kept, "success": True})


def _unlisted(right: Response) -> Response:
    """Hide the newest of a list."""
    answer = _read(right)
    return JSONResponse({**answer, "data": answer["data"][1:]})


def _film(video_status: str) -> Bend:
    """Say another status of a film than it has."""

    def bent(right: Response) -> Response:
        answer = _read(right)
        return JSONResponse({**answer, "status": {**answer["status"], "video_status": video_status}})

    return Bend(of=bent)


def _old_version(right: Response) -> Response:
    """Say that the oldest version answered."""
    right.headers["facebook-api-version"] = VERSIONS[0]
    return right


_UNKNOWN = Refusal(1, "An unknown error occurred", status=500)
_SERVICE = Refusal(2, "An unexpected error has occurred. Please retry", status=500, transient=True)
_APP_LIMIT = Refusal(4, "(#4) Application request limit reached", transient=True)

_GATED = Refusal(10, "(#10) This endpoint requires pages_read_user_content")
_TOO_MUCH = Refusal(
    1, "Please reduce the amount of data you're asking for, then retry your request", status=500
)

#: Fault word -> what comes instead, or of the right answer.
BENDS: Mapping[str, Bend] = {
    "code_1": Bend(_UNKNOWN.response),
    "too_much": Bend(_TOO_MUCH.response),
    "code_2_after": Bend(of=lambda _right: _SERVICE.response()),
    "app_limit": Bend(_APP_LIMIT.response),
    "expired": Bend(TOKENS["expired"].response),
    "roleless": Bend(TOKENS["roleless"].response),
    "weak": Bend(TOKENS["weak"].response),
    "gated": Bend(_GATED.response),
    "duplicate": Bend(Refusal(506, "Duplicate status message").response),
    "duplicate_368": Bend(Refusal(368, "You've already posted this", 1404082).response),
    "blocked": Bend(Refusal(368, "We limit how often you can post", 1390008).response),
    "error_200": Bend(_error_200),
    "html_502": Bend(lambda: Response("<html>Bad Gateway", status_code=502, media_type="text/html")),
    "empty_500": Bend(lambda: Response(status_code=500, media_type="application/json")),
    "odd_500": Bend(lambda: JSONResponse({"id": "1_1"}, status_code=500)),
    "no_type": Bend(of=lambda _right: Response(b"\x00\x01", headers={})),
    "no_id": Bend(of=_no_id),
    "empty": Bend(lambda: JSONResponse({"data": []})),
    "unlisted": Bend(of=_unlisted),
    "old_version": Bend(of=_old_version),
    "film_works": _film("processing"),
    "film_error": _film("error"),
    "film_expired": _film("expired"),
}
