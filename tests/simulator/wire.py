"""The transport under the house's own HTTP clients: straight into the stand-ins, with bad weather between."""

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx

from tests.simulator.death import Life
from tests.simulator.platforms import Platforms
from tests.simulator.record import Record
from tests.simulator.virtual import VirtualLoop
from tests.simulator.weather import FAULTS, PATIENCE, Fault, Weather

#: Words in place of an answer -> the answer.
INSTEAD = {
    "500": lambda: httpx.Response(500, text="Internal Server Error"),
    "502": lambda: httpx.Response(502, html="<html>Bad Gateway"),
    "garbage": lambda: httpx.Response(200, html="<html>b\u00e3o"),
}


class Wire(httpx.AsyncBaseTransport):
    """Carries requests of one life of the daemon; the platforms outlive it and finish what reached them."""

    def __init__(
        self,
        platforms: Platforms,
        weather: Weather,
        *,
        life: Life,
        record: Record,
        trouble: Callable[[], None],
    ) -> None:
        self._platforms = platforms
        self._weather = weather
        self._life = life
        self._record = record
        self._trouble = trouble

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request, or fail on one side of it or the other."""
        self._life.cross("before a call")
        body = await request.aread()
        answer = await self._travel(request, body)
        self._life.cross("after a call")
        return answer

    async def _travel(self, request: httpx.Request, body: bytes) -> httpx.Response:
        loop = _loop()
        platform = request.url.path.split("/", 2)[1]
        polls = request.url.path.endswith("/getUpdates")
        refused = self._refused(request, platform, body)
        if refused is not None:
            return refused
        name = self._weather.draw(platform, loop.time(), shows=_commits(request))
        if not name:
            return await self._there_and_back(request)
        self._record.counts["faults"] += 1
        if self._weather.is_away(platform, loop.time()):
            self._record.reach("outage")
        self._trouble()
        fault = FAULTS[name]
        if polls and fault.carried_out:
            fault = FAULTS["reset on the way"]
        return await self._fail(request, name, fault)

    async def _there_and_back(self, request: httpx.Request, wait: float = 0.0) -> httpx.Response:
        answer = await asyncio.shield(_loop().create_task(self._carry(request, wait)))
        await asyncio.sleep(self._weather.latency())
        return answer

    async def _carry(self, request: httpx.Request, wait: float = 0.0) -> httpx.Response:
        """Do what the platform does: nothing on our side stops it any more."""
        await asyncio.sleep(wait or self._weather.latency())
        return await self._platforms.doors.answer(request)

    async def _fail(self, request: httpx.Request, name: str, fault: Fault) -> httpx.Response:
        if fault.rare and _commits(request):
            self._record.reach(fault.rare)
        if fault.answer == "throttle":
            self._platforms.standins[_platform(request)]._faults.order("throttle", on=request.url.path)
            return await self._there_and_back(request)
        if name == "slow":
            return await self._there_and_back(request, self._weather.slowness())
        if name == "late after":
            wait = PATIENCE + self._weather.afterthought()
            _loop().create_task(self._carry(request, wait))  # the loop of the platforms keeps it
        elif fault.carried_out:
            await asyncio.shield(_loop().create_task(self._carry(request)))
        await asyncio.sleep(fault.waits or self._weather.latency())
        if fault.answer in INSTEAD:
            return INSTEAD[fault.answer]()
        raise getattr(httpx, fault.answer)("the weather", request=request)

    def _refused(self, request: httpx.Request, platform: str, body: bytes) -> httpx.Response | None:
        """Refuse a lost token, in each platform's own way."""
        now = _loop().time()
        if not self._weather.lost:
            return None
        if platform == "facebook":
            page = request.url.path.split("/")[3].partition("_")[0]
            if self._weather.refuses(page, now):
                self._record.reach("token lost")
                self._platforms.facebook._faults.order("expired", on=request.url.path)
        elif platform == "zalo":
            oa = request.headers.get("access_token", "").partition(":")[0]
            if self._weather.refuses(oa, now):
                self._record.reach("token lost")
                return httpx.Response(200, json={"error": -216, "message": "Access token is invalid"})
        elif self._weather.refuses(parse_qs(body.decode("utf-8", "replace")).get("chat_id", [""])[0], now):
            self._record.reach("token lost")
            told = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return httpx.Response(401, json=told)
        return None


def _commits(request: httpx.Request) -> bool:
    """Tell whether this is a call that shows something to readers."""
    path = request.url.path
    return path.endswith(("/feed", "article/update", "/sendMessage", "/sendPhoto"))


def _platform(request: httpx.Request) -> str:
    return request.url.path.split("/", 2)[1]


def _loop() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop
