"""The approver of the demonstration: reads her chat at the stand-in Telegram and taps, over HTTP."""

from collections.abc import Mapping
from typing import Any

import httpx

from bot.demo.province import APPROVER_ID
from content_queue.ports import Clock

#: The posts that she leaves alone, and that she says no to, with her reason.
LEFT_ALONE, REFUSED, REASON = "CHUA-DUYET", "BI-TU-CHOI", "Chưa rõ nguồn tin"


async def decide_all(address: str, clock: Clock, *, cards: int) -> None:
    """Decide on each card as it comes, until `cards` of them were seen; one is left alone."""
    seen: set[str] = set()
    async with httpx.AsyncClient(base_url=f"{address}/telegram/_people", trust_env=False) as client:
        while len(seen) < cards:
            chat = (await client.get(f"/chats/{APPROVER_ID}")).json()
            for message in chat["messages"]:
                code = _post_of(message)
                if code and code not in seen:
                    seen.add(code)
                    await _decide(client, code, message)
            await clock.sleep(0.5)


def _post_of(message: Mapping[str, Any]) -> str:
    """Return the code of the post whose card this is, empty for other messages."""
    words = message["text"].split(maxsplit=2)
    return words[1] if message["buttons"] and len(words) > 1 else ""


async def _decide(client: httpx.AsyncClient, code: str, message: Mapping[str, Any]) -> None:
    if code.startswith(LEFT_ALONE):
        return
    if code.startswith(REFUSED):
        await client.post("/say", json={"user_id": APPROVER_ID, "text": f"/tu_choi {code} {REASON}"})
        return
    data = message["buttons"][0][0]["callback_data"]
    asked = {"chat_id": APPROVER_ID, "message_id": message["message_id"], "data": data}
    await client.post("/tap", json=asked)
