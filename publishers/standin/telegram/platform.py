"""The stand-in Telegram: the Bot API on loopback, people who tap and write, and what readers see."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from publishers.standin.faults import Faults
from publishers.standin.forms import read_form
from publishers.standin.journal import Journal
from publishers.standin.shown import Shown
from publishers.standin.telegram import people
from publishers.standin.telegram.call import Call
from publishers.standin.telegram.methods import METHODS
from publishers.standin.telegram.refusals import Refusals, answer_of
from publishers.standin.telegram.wire import Refusal, bot_of, flood
from publishers.standin.telegram.world import World

#: Seconds that a throttle ordered by a test asks for.
THROTTLE = 1
#: Most updates of one answer.
UPDATES = 100


class TelegramStandin:
    """Telegram, as far as the adapter and the approval bot use it.

    `POST /_limits {"enforced": false}` lets a load test send faster than Telegram would.
    """

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        """Rebuild everything from the journal."""
        self.world = World(journal, now)
        self._faults = Faults()
        self._refusals = Refusals()

    def routes(self) -> list[BaseRoute]:
        """Return the bots' and the people's routes."""
        return [
            self._faults.route(),
            self._refusals.route(),
            Route("/_limits", self._set_limits, methods=["POST"]),
            *people.routes(self.world),
            Route("/bot{token}/{method}", self._called, methods=["GET", "POST"]),
        ]

    def shown(self) -> list[Shown]:
        """Return what readers of channels see, oldest first."""
        return sorted(self.world.chats.shown(), key=lambda post: post.at)

    def counted(self) -> dict[str, dict[str, Any]]:
        """Return what came of each bot and in each chat."""
        return self.world.pace.tally.told()

    def conversations(self) -> list[dict[str, Any]]:
        """Return the private chats of bots with people, as the people see them."""
        return [people.chat_view(self.world, chat) for chat in self.world.chats.private()]

    async def _set_limits(self, request: Request) -> Response:
        self.world.pace.enforced = bool((await request.json())["enforced"])
        return JSONResponse({"ok": True})

    async def _called(self, request: Request) -> Response:
        return await self._faults.around(request, self._answer, lambda _request: flood(THROTTLE).response())

    async def _answer(self, request: Request) -> Response:
        ordered = self._refusals.take(request.path_params["method"].lower())
        if ordered is not None and not ordered.after:
            return answer_of(ordered)
        answered = await self._carried_out(request)
        return answered if ordered is None else answer_of(ordered)

    async def _carried_out(self, request: Request) -> Response:
        try:
            result = await self._result(request)
        except Refusal as refusal:
            return refusal.response()
        return JSONResponse({"ok": True, "result": result})

    async def _result(self, request: Request) -> Any:
        call = Call(self.world, bot_of(request.path_params["token"]), await read_form(request))
        method = request.path_params["method"].lower()
        if method == "getupdates":
            return await get_updates(call)
        if method not in METHODS:
            raise Refusal(404, "Not Found")
        return METHODS[method](call)


async def get_updates(call: Call) -> list[dict[str, Any]]:
    """Acknowledge everything before `offset`, then return what waits or comes within `timeout` seconds.

    Raises:
        Refusal: 409, another poll took over.
    """
    inbox, world = call.world.inboxes.of(call.bot), call.world
    offset = int(call.given("offset", 0))
    if offset < 0:  # only the last ones are wanted; the others are forgotten
        offset = inbox.last + 1 + offset
    if any(update["update_id"] < offset for update in inbox.waiting):
        world.commit("acknowledged", bot=call.bot, offset=offset)
    kinds = call.given("allowed_updates")
    if kinds is not None and kinds != inbox.allowed:
        world.commit("allowed", bot=call.bot, kinds=kinds)
    limit = min(int(call.given("limit", UPDATES)), UPDATES)
    return await inbox.poll(limit=limit, seconds=float(call.given("timeout", 0)))
