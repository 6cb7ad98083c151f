"""How Zalo gets at pictures: it fetches them from public https addresses, by itself.

Nobody leaves this machine here: `POST /_leads {"address": "https://anh.vidu.vn", "leads_to": "http://127.0.0.1:8089"}`
says which listener stands behind an office's web server, and from there pictures are fetched really. Other
addresses are believed, but for those that hold `missing`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from publishers.standin.pictures import Pictures, ending

#: Bytes and kinds of a picture that Zalo takes, and seconds that it waits for one.
MOST, KINDS, PATIENCE = 1024 * 1024, frozenset({"jpg", "png"}), 5.0


class Fetching:
    """What leads where, and the pictures that came."""

    def __init__(self, pictures: Pictures) -> None:
        """Keep what is fetched in `pictures`."""
        self._pictures = pictures
        self._leads: dict[str, str] = {}

    def lead(self, address: str, leads_to: str) -> None:
        """Let addresses that begin with `address` lead to a listener."""
        self._leads[address.rstrip("/")] = leads_to.rstrip("/")

    async def fetch(self, urls: Sequence[str]) -> dict[str, str] | None:
        """Return the paths here of the pictures that came, by address; None if one could not be had."""
        if any("missing" in url for url in urls):
            return None
        places = {url: place for url in urls if (place := self._behind(url))}
        contents = {url: await _content(place) for url, place in places.items()}
        if None in contents.values():
            return None
        return {url: self._pictures.keep(content) for url, content in contents.items() if content}

    def _behind(self, url: str) -> str:
        for address, leads_to in self._leads.items():
            if url.startswith(f"{address}/"):
                return leads_to + url.removeprefix(address)
        return ""


async def _content(url: str) -> bytes | None:
    """Return a picture, None for what Zalo does not take."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            answer = await client.get(url)
    except httpx.HTTPError:
        return None
    good = answer.status_code == httpx.codes.OK and len(answer.content) <= MOST
    return answer.content if good and ending(answer.content) in KINDS else None


def urls_of(asked: Mapping[str, Any]) -> list[str]:
    """Return the addresses of pictures of a checked article, the cover first."""
    cover = asked["avatar"] if asked["type"] == "video" else asked["cover"]["photo_url"]
    blocks = asked.get("body", ())
    shown = [block["url"] for block in blocks if block["type"] == "image"]
    return [cover, *shown, *(block["thumb"] for block in blocks if block["type"] == "video")]
