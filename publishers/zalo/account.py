"""The calls to one Official Account; paths of Article API v2.0 (a v3.0 does not exist)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from content_queue.outcomes import ChannelClosedError, NotSentError, RefusedError, UnknownOutcomeError
from content_queue.texts import _
from publishers.http import Shards
from publishers.zalo.answers import StillWorkingError, read_answer

#: Articles of one page of the list: Zalo refuses more (-201 "maximum limit is 10").
PAGE = 10
#: Pages read at each end of a long list, whose order is not documented.
ENDS = 5
#: Headers besides the token.
NO_MORE: Mapping[str, str] = {}


@dataclass(slots=True)
class Account:
    """One OA with its token, for one call of the adapter.

    Reading calls never end in UnknownOutcomeError: nothing changed. The first request goes on the turn
    that the call was given, each further one takes its own.
    """

    http: Shards
    url: str
    token: str = field(repr=False)
    #: Whose wait an overrun limit is.
    key: str
    turn: Callable[[], Awaitable[object]]
    _asked: bool = field(default=False, init=False)

    async def create(self, article: Mapping[str, Any]) -> str:
        """Hand in a new article and return the token to ask for its id with."""
        return await self._hand_in("article/create", article)

    async def update(self, article: Mapping[str, Any]) -> str:
        """Hand in a whole article with its `id` and return the token to ask for the end with."""
        return await self._hand_in("article/update", article)

    async def verify(self, token: str) -> str | None:
        """Return the id of an article handed in, None while Zalo still works on it."""
        try:
            data = await self._read("POST", "article/verify", json={"token": token})
        except StillWorkingError:
            return None
        return str(data["id"]) if data.get("id") else None

    async def remove(self, article_id: str) -> None:
        """Remove an article."""
        await self._read("POST", "article/remove", json={"id": article_id})

    async def detail(self, article_id: str) -> Mapping[str, Any]:
        """Return one article with its numbers."""
        return await self._read("GET", "article/getdetail", params={"id": article_id})

    async def about(self) -> Mapping[str, Any]:
        """Return what the OA says of itself."""
        return await self._read("GET", "oa/getoa")

    async def prepare_video(self, name: str, content: bytes) -> str:
        """Upload a video and return the token to ask for its id with. Safe to repeat: nobody sees it."""
        data = await self._read("POST", "article/upload_video/preparevideo", files={"file": (name, content)})
        if not data.get("token"):
            raise NotSentError(_("Zalo nhận video nhưng không trả mã theo dõi; hệ thống sẽ gửi lại."))
        return str(data["token"])

    async def video(self, token: str) -> Mapping[str, Any]:
        """Return how far Zalo came with a video; the SDKs differ in where the token stands."""
        path = "article/upload_video/verify"
        try:
            return await self._read("GET", path, headers={"token": token})
        except ChannelClosedError:
            raise
        except RefusedError:
            return await self._read("GET", path, params={"token": token})

    async def broadcast(self, article_id: str, target: Mapping[str, str]) -> str:
        """Push an article to followers and return the id of the message. Never safe to repeat."""
        element = {"media_type": "article", "attachment_id": article_id}
        template = {"template_type": "media", "elements": [element]}
        message = {"attachment": {"type": "template", "payload": template}}
        data = await self._call(
            "POST", "oa/message", json={"recipient": {"target": dict(target)}, "message": message}
        )
        if not data.get("message_id"):
            raise UnknownOutcomeError(_("Zalo nhận tin nhưng không trả mã tin. Hãy xem trang quản trị OA."))
        return str(data["message_id"])

    async def articles(self, kind: str) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the `normal` or `video` articles: all of a short list, both ends of a long one."""
        page = await self._page(kind, 0)
        for offset in (0, *later_offsets(int(page.get("total", 0)))):
            page = await self._page(kind, offset) if offset else page
            for article in page.get("medias") or ():
                yield article

    async def _page(self, kind: str, offset: int) -> Mapping[str, Any]:
        asked = {"offset": offset, "limit": PAGE, "type": kind}
        return await self._read("GET", "article/getslice", params=asked)

    async def _hand_in(self, path: str, article: Mapping[str, Any]) -> str:
        data = await self._call("POST", path, json=article)
        if not data.get("token"):
            raise UnknownOutcomeError(_("Zalo nhận bài nhưng không trả mã theo dõi. Hãy xem trang OA."))
        return str(data["token"])

    async def _read(self, method: str, path: str, **arguments: Any) -> Mapping[str, Any]:
        try:
            return await self._call(method, path, **arguments)
        except UnknownOutcomeError as error:
            raise NotSentError(
                _("Chưa đọc được trả lời của Zalo; hệ thống sẽ hỏi lại."), key=self.key
            ) from error

    async def _call(
        self, method: str, path: str, *, headers: Mapping[str, str] = NO_MORE, **content: Any
    ) -> Mapping[str, Any]:
        if self._asked:
            await self.turn()
        self._asked = True
        told = {"access_token": self.token, **headers}
        url = f"{self.url.rstrip('/')}/v2.0/{path}"
        response = await self.http.request(method, url, headers=told, **content)
        # what Zalo says is shown to people: were it to repeat the token, it must not go on
        return read_answer(response.status_code, response.text.replace(self.token, "…"), key=self.key)


def later_offsets(total: int) -> Sequence[int]:
    """Return where the pages after the first begin: all up to twice `ENDS`, else the first and the last."""
    offsets = range(0, total, PAGE)
    if len(offsets) <= 2 * ENDS:
        return offsets[1:]
    return (*offsets[1:ENDS], *offsets[-ENDS:])
