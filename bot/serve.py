"""Open a home and run its daemon."""

import gc
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from telegram import Bot

from bot.daemon import Beside, Daemon
from bot.errors import AlreadyRunningError
from bot.house import House, open_house
from bot.platforms import rehearsing
from bot.settings import Settings
from bot.standins import standins
from bot.telegram.bot import ApprovalBot
from bot.web.reachable import Lookout
from content_queue.delivery.tokens import Tokens
from content_queue.outcomes import PublishError
from content_queue.store import engine
from publishers.http import Shards
from publishers.telegram.request import ShardedRequest
from schedules.clock import SystemClock, Ticker

if TYPE_CHECKING:  # megabytes for those who write letters
    from bot.mail.rounds import Letters

#: Connections of the approval bot: one waits for updates, the others answer.
BOT_CONNECTIONS = 4
#: How long the stand-ins may take to learn where pictures are.
LEAD = httpx.Timeout(5)
#: When garbage is collected, `gc.set_threshold`'s way: a burst makes hundreds of thousands of objects, and
#: nearly all are in use until their receipts are on disk. With Python's own 700 a sixth of its time is spent
#: on looking for litter among them.
SELDOM = (10_000, 20, 20)


async def serve(
    home: Path, settings: Settings, secrets: Tokens, *, rehearsed_at: Callable[[str], None]
) -> None:
    """Run the daemon of a home until SIGTERM; a rehearsal tells `rehearsed_at` where it can be watched.

    Raises:
        AlreadyRunningError: another daemon serves this home.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        try:
            stack.enter_context(engine.only_daemon(home / "loa.lock"))
        except engine.AlreadyRunningError:
            raise AlreadyRunningError(home) from None
        address = await standins(home, clock) if settings.rehearsal else ""
        if address:
            rehearsed_at(address)
            settings = rehearsing(settings, address)
        house = open_house(home, settings, clock=clock, secrets=secrets)
        listener = await _serve_pictures(house, stack)
        if address:
            await lead(house, f"{address}/zalo", listener)
        lookout = Lookout(house, listener if address else settings.media.public_url)
        shards = Shards(connections=BOT_CONNECTIONS, proxy=settings.telegram.proxy or None)
        stack.push_async_callback(shards.close)
        bot = approval_bot(house, shards)
        letters = await _serve_page(house, bot, stack)
        collect_seldom()
        beside = Beside(lookout, letters)
        await Daemon(house, bot=bot, ticker=Ticker(clock.now), beside=beside).run()


async def lead(house: House, standin: str, listener: str) -> None:
    """Let the stand-in of Zalo, in rehearsal, find the listener behind the public address.

    One that does not answer believes in the pictures without seeing them.
    """
    told = {"address": house.settings.media.public_url, "leads_to": listener}
    with suppress(PublishError):
        await house.lines["web"].request("POST", f"{standin}/_leads", json=told, timeout=LEAD)


def collect_seldom() -> None:
    """Collect garbage less often, and never look again at what was loaded to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


async def _serve_pictures(house: House, stack: AsyncExitStack) -> str:
    """Serve the pictures of a house until `stack` ends; return where, empty if it serves none."""
    if not house.settings.media.public_url:
        return ""
    from bot.web.listener import pictures_served  # noqa: PLC0415 - fifteen megabytes for those who serve some

    return await stack.enter_async_context(pictures_served(house))


async def _serve_page(house: House, bot: ApprovalBot, stack: AsyncExitStack) -> "Letters | None":
    """Serve the approval page of a house until `stack` ends, if it has one."""
    if not house.settings.page.public_url:
        return None
    from bot.web.opening import page_served  # noqa: PLC0415 - as above

    page = page_served(house, desk=lambda: bot.desk, changed=lambda: bot.changed())  # noqa: PLW0108 - the daemon sets it later
    return await stack.enter_async_context(page)


def approval_bot(house: House, shards: Shards) -> ApprovalBot:
    """Make the bot that asks people, with a token of its own."""
    address = house.settings.telegram.api_url
    bot = Bot(
        house.secrets.get(house.settings.approval.bot_token),
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=ShardedRequest(shards),
        get_updates_request=ShardedRequest(shards),
    )
    made = ApprovalBot(bot=bot, ledger=house.ledger, clock=house.clock)
    made.lend(house.media)
    return made
