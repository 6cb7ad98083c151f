"""The wire under python-telegram-bot: its requests go through the house's sharded clients."""

import json
from typing import Any

import httpx
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from publishers.http import CONNECT, TRANSFER, Shards

#: What python-telegram-bot passes where the caller named no time-out.
UNSET = BaseRequest.DEFAULT_NONE


class ShardedRequest(BaseRequest):
    """Carry Bot API calls over `Shards`; long polls pass a longer `read_timeout` by the call.

    What `Shards.request` raises becomes the `__cause__` of a `NetworkError`, so that the reader of that
    error knows whether anything left. The clients are not ours to open or close.
    """

    def __init__(self, http: Shards, *, read_timeout: float = TRANSFER) -> None:
        """Speak through `http`, waiting `read_timeout` seconds for an answer unless told otherwise."""
        self._http = http
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float:
        """Return the seconds that an answer may take; long polls add their own to it."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Do nothing: the clients are open already."""

    async def shutdown(self) -> None:
        """Do nothing: whoever made the clients closes them."""

    async def do_request(  # noqa: PLR0913, PLR0917 - the signature of BaseRequest
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = UNSET,
        write_timeout: Any = UNSET,
        connect_timeout: Any = UNSET,
        pool_timeout: Any = UNSET,  # noqa: ARG002 - the shards' queue is waited for, not timed
    ) -> tuple[int, bytes]:
        """Make one request; return status and body."""
        timeout = httpx.Timeout(
            connect=_seconds(connect_timeout, CONNECT),
            read=_seconds(read_timeout, self._read_timeout),
            write=_seconds(write_timeout, TRANSFER),
            pool=CONNECT,
        )
        answer = await self._http.request(
            method,
            url,
            data=request_data.json_parameters if request_data else None,
            files=request_data.multipart_data if request_data else None,
            timeout=timeout,
        )
        return answer.status_code, answer.content

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return a Bot API answer; unlike the original, log nothing of what cannot be read.

        Raises:
            TelegramError: it is no answer of the Bot API.
        """
        try:
            answer = json.loads(payload)
        except ValueError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(answer, dict) or not answer.keys() & {"result", "description"}:
            raise TelegramError("Invalid server response")
        return answer


def _seconds(told: Any, otherwise: float) -> float | None:
    """Return the seconds told, `otherwise` where none were; None is for ever."""
    return otherwise if told is UNSET else told
