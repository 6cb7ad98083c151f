"""Look whether the web can fetch the pictures that platforms will want; told in time."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

import httpx

from bot.house import House
from content_queue.models import MediaRef
from content_queue.outcomes import PublishError
from content_queue.served import meant_by
from content_queue.store import Connection, pictures
from content_queue.store.approvals import PROVINCE
from content_queue.store.notices import Word, tell
from content_queue.texts import _
from publishers.http import kind

log = logging.getLogger(__name__)
#: Platforms that fetch pictures by themselves.
FETCHING = ("zalo",)
#: How long before its time a post's pictures are looked at first.
AHEAD = timedelta(days=1)
#: Seconds for which a picture that could be fetched is not looked at again, and that a look may take.
BELIEVED, PATIENCE = 3600.0, httpx.Timeout(10)
#: How a JPEG begins.
JPEG = b"\xff\xd8\xff"
#: Posts named in one message.
NAMED = 5


class Lookout:
    """Fetches, as a platform would, what is due soon; remembers for a while what could be fetched."""

    def __init__(self, house: House, address: str) -> None:
        """Look at the pictures of a house under `address`."""
        self._house = house
        self._address = address.rstrip("/")
        self._seen: dict[str, float] = {}

    async def look(self) -> None:
        """Look once, and tell each thing that is wrong once a day."""
        until, now = self._house.clock.now() + AHEAD, self._house.clock.monotonic()
        needed = await self._house.ledger.read(
            partial(pictures.needed_pictures, until=until, platforms=FETCHING)
        )
        self._seen = {name: at for name, at in self._seen.items() if name in needed and at > now - BELIEVED}
        wrong: dict[str, list[str]] = {}
        for name in needed.keys() - self._seen.keys():
            reason = await self._reason(name)
            if reason:
                wrong.setdefault(reason, []).append(name)
            else:
                self._seen[name] = now
        if wrong:
            await self._house.ledger.run(partial(self._tell, wrong=wrong, needed=needed))

    async def _reason(self, name: str) -> str:
        """Return why a picture cannot be fetched, empty where it can."""
        try:
            answer = await self._house.lines["web"].request(
                "GET", f"{self._address}/{name}", timeout=PATIENCE
            )
        except PublishError as error:
            return _("không kết nối được ({kind})").format(kind=_cause(error))
        return fault_of(name, answer)

    def _tell(
        self, connection: Connection, wrong: Mapping[str, Sequence[str]], needed: Mapping[str, Sequence[str]]
    ) -> None:
        now = self._house.clock.now()
        for reason, names in wrong.items():
            log.warning("Pictures cannot be fetched", extra={"action": "pictures_unreachable"})
            posts = sorted({post for name in names for post in needed[name]})
            text = told(reason, f"{self._address}/{min(names)}", posts)
            tell(connection, Word(f"pictures:{now:%Y-%m-%d}:{reason}", PROVINCE, "", text), now)


def _cause(error: PublishError) -> str:
    """Name what went wrong, without an address."""
    return kind(error.__cause__) if isinstance(error.__cause__, Exception) else kind(error)


def fault_of(name: str, answer: httpx.Response) -> str:
    """Say what is wrong with what the office's web server answered, empty where it is the picture. Pure."""
    ref = meant_by(name)
    if answer.status_code != httpx.codes.OK:
        return _("máy chủ web trả lời HTTP {status}").format(status=answer.status_code)
    if ref is None or not _is_it(ref, answer.content):
        return _("máy chủ web trả về một tệp khác")
    if answer.headers.get("content-type", "") != ref.mime:
        return _("máy chủ web báo sai loại tệp (Content-Type)")
    return ""


def _is_it(ref: MediaRef, content: bytes) -> bool:
    """Tell whether these bytes are a picture; of one that is made smaller only kind and size are known."""
    if ref.size:
        return content.startswith(JPEG) and len(content) <= ref.size
    return hashlib.sha256(content).hexdigest() == ref.sha256


def told(reason: str, address: str, posts: Sequence[str]) -> str:
    """Return the message: what is wrong, whom it hits, what to do."""
    named = ", ".join(posts[:NAMED])
    more = _(" và {count} bài khác").format(count=len(posts) - NAMED) if len(posts) > NAMED else ""
    return _(
        "Zalo sẽ không tải được ảnh của bài {posts}: {reason}.\n"
        "Xin báo người quản trị máy chủ web của cơ quan kiểm tra địa chỉ {address} và mục [media] "
        "trong settings.toml; hướng dẫn ở docs/howto/anh-cong-khai.md. Bài không có ảnh không bị ảnh hưởng."
    ).format(posts=named + more, reason=reason, address=address)
