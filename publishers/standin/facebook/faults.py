"""What goes wrong at Facebook beyond the words of all stand-ins: `POST /facebook/_fault`, the same way."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from publishers.standin.facebook.answers import TOKENS, VERSIONS, Refusal
from publishers.standin.faults import Faults


@dataclass(frozen=True, slots=True)
class Bend:
    """Another answer than the right one; `carried_out` tells whether the request was."""

    answer: Callable[[], Response]
    carried_out: bool = False


def _error_200() -> Response:
    envelope = Refusal(10, "(#10) Application does not have permission for this action").response()
    return Response(envelope.body, media_type="application/json")


def _no_type() -> Response:
    return Response(b"\x00\x01", headers={})


_UNKNOWN = Refusal(1, "An unknown error occurred", status=500)
_SERVICE = Refusal(2, "An unexpected error has occurred. Please retry", status=500, transient=True)
_APP_LIMIT = Refusal(4, "(#4) Application request limit reached", transient=True)

#: Fault word -> what comes instead.
BENDS: Mapping[str, Bend] = {
    "code_1": Bend(_UNKNOWN.response),
    "code_2_after": Bend(_SERVICE.response, carried_out=True),
    "app_limit": Bend(_APP_LIMIT.response),
    "expired": Bend(TOKENS["expired"].response),
    "roleless": Bend(TOKENS["roleless"].response),
    "weak": Bend(TOKENS["weak"].response),
    "gated": Bend(Refusal(10, "(#10) This endpoint requires pages_read_user_content").response),
    "duplicate": Bend(Refusal(506, "Duplicate status message").response),
    "duplicate_368": Bend(Refusal(368, "You've already posted this", 1404082).response),
    "blocked": Bend(Refusal(368, "We limit how often you can post", 1390008).response),
    "error_200": Bend(_error_200),
    "html_502": Bend(lambda: Response("<html>Bad Gateway", status_code=502, media_type="text/html")),
    "empty_500": Bend(lambda: Response(status_code=500, media_type="application/json")),
    "odd_500": Bend(lambda: JSONResponse({"id": "1_1"}, status_code=500)),
    "no_type": Bend(_no_type, carried_out=True),
    "no_id": Bend(lambda: JSONResponse({"success": True}), carried_out=True),
    "empty": Bend(lambda: JSONResponse({"data": []})),
    "old_version": Bend(
        lambda: JSONResponse({"id": "1", "name": "Trang"}, headers={"facebook-api-version": VERSIONS[0]})
    ),
}


@dataclass(slots=True)
class _Ordered:
    bend: Bend
    on: str
    left: int


class GraphFaults(Faults):
    """The common faults, and Graph's own."""

    def __init__(self) -> None:
        """Start without any."""
        super().__init__()
        self._bends: list[_Ordered] = []

    def order(self, word: str, *, count: int = 1, on: str = "") -> None:
        """Bend the next `count` requests whose path contains `on`.

        Raises:
            KeyError: there is no such word.
        """
        if word in BENDS:
            self._bends.append(_Ordered(BENDS[word], on, count))
        else:
            super().order(word, count=count, on=on)

    async def around(
        self,
        request: Request,
        answer: Callable[[Request], Awaitable[Response]],
        throttled: Callable[[Request], Response],
    ) -> Response:
        """Answer a request, bent by what was ordered for its path."""
        bend = self._take_bend(request.url.path)
        if bend is None:
            return await super().around(request, answer, throttled)
        if bend.carried_out:
            await answer(request)
        return bend.answer()

    def _take_bend(self, path: str) -> Bend | None:
        for ordered in self._bends:
            if ordered.left > 0 and ordered.on in path:
                ordered.left -= 1
                return ordered.bend
        return None
