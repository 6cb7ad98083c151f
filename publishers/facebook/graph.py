"""The one place that knows `facebook-sdk`: its verbs, awaitable, over the house's HTTP.

Every verb of the SDK ends in `return self.request(…)`; an async `request` makes all of them awaitable.
The SDK's own would refuse every living API version and lose the ids in `attached_media`.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import facebook
import httpx

from content_queue.models import MediaRef
from content_queue.outcomes import NotSentError
from content_queue.ports import Media
from content_queue.texts import _
from publishers.facebook.usage import Line
from publishers.http import Shards
from publishers.options import FacebookOptions

#: Header that tells which version really answered; an expired one is replaced silently.
VERSION_HEADER = "facebook-api-version"
#: Bytes of a film that are in memory at once.
PIECE = 1_048_576


class GraphError(Exception):
    """Graph did not answer with what was asked for. The text holds the status only, never the answer."""

    def __init__(self, status: int, headers: Mapping[str, str], body: object) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.headers = headers
        self.body = body


class PageGraph(facebook.GraphAPI):  # type: ignore[misc]  # the SDK has no types
    """One Page's token and the SDK's verbs; made anew for each call, as it holds nothing else.

    `served` is the version that the last answer came from, `line` whom usage is told and turns are asked.
    """

    def __init__(
        self, token: str, *, http: Shards, options: FacebookOptions, line: Line, app_secret: str = ""
    ) -> None:
        # without `version`, which would be checked against a list of 2018
        super().__init__(access_token=token, session=http)
        self.version = options.version
        self.served = ""
        self._http = http
        self._options = options
        self._line = line
        self._proof = proof(app_secret, token) if app_secret else None

    async def request(  # noqa: PLR0917 - the SDK's own signature
        self,
        path: str,
        args: Mapping[str, Any] | None = None,
        post_args: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        method: str | None = None,
    ) -> dict[str, Any]:
        """Make one request and return the object it answered.

        `fields` of a write goes into the query, where it asks for fields of what was written.

        Raises:
            GraphError: any answer but a JSON object without `error` and with a status below 300.
            NotSentError: no byte left the house.
            UnknownOutcomeError: it left and no whole answer came.
        """
        await self._line.next()
        form = dict(post_args or {})
        query = {**(args or {}), "fields": form.pop("fields", (args or {}).get("fields"))}
        response = await self._http.request(
            method or ("GET" if post_args is None else "POST"),
            f"{self._options.api_url.rstrip('/')}/{path}",
            params=encoded({**query, "appsecret_proof": self._proof}),
            **self._signed(encoded(form), writes=post_args is not None),
            files=files,
        )
        self.served = response.headers.get(VERSION_HEADER, "")
        self._line.told(response.headers)
        return answered(response)

    async def upload(self, address: str, ref: MediaRef, media: Media) -> None:
        """Bring a film to the upload host: its bytes piece by piece, or where Facebook can fetch it.

        Raises:
            GraphError: it was not taken.
            NotSentError: the address is none of Facebook's, which alone may have the token.
        """
        if not trusted(address, self._options.api_url):
            raise NotSentError(_("Facebook chỉ tới một nơi lạ để tải video. Loa không gửi, sẽ thử lại."))
        await self._line.next()
        told = {"Authorization": f"OAuth {self.access_token}"}
        if ref.sha256:
            told |= {"offset": "0", "file_size": str(ref.size), "content-length": str(ref.size)}
        else:
            told["file_url"] = ref.url
        content = pieces(ref, media) if ref.sha256 else b""
        response = await self._http.request("POST", address, headers=told, content=content)
        if answered(response).get("success") is not True:
            raise GraphError(response.status_code, response.headers, None)

    def _signed(self, form: dict[str, str], *, writes: bool) -> dict[str, Any]:
        """Put the token where the office wants it: never into an address."""
        if writes and self._options.token_in == "form":  # noqa: S105 - the name of a place
            return {"data": {**form, "access_token": self.access_token}}
        return {"data": form or None, "headers": {"Authorization": f"Bearer {self.access_token}"}}


def trusted(address: str, api_url: str) -> bool:
    """Tell whether an address that Facebook gave may have a token: its own hosts, or the API's."""
    given, ours = urlsplit(address), urlsplit(api_url)
    if (given.scheme, given.netloc) == (ours.scheme, ours.netloc):
        return True
    return given.scheme == "https" and (given.hostname or "").endswith(".facebook.com")


async def pieces(ref: MediaRef, media: Media) -> AsyncIterator[bytes]:
    """Yield a stored file piece by piece, so that no film is in memory whole."""
    for start in range(0, ref.size, PIECE):
        yield media.part(ref, start, PIECE)


def encoded(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Spell arguments as Graph wants them: lists and booleans as one JSON text, nothing for None."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in arguments.items()
        if value is not None
    }


def answered(response: httpx.Response) -> dict[str, Any]:
    """Return the object of a good answer.

    Raises:
        GraphError: it is none; Graph also answers 200 with an `error`, and proxies with HTML.
    """
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or response.status_code >= httpx.codes.MULTIPLE_CHOICES or "error" in body:
        raise GraphError(response.status_code, response.headers, body)
    return body


def proof(app_secret: str, token: str) -> str:
    """Return `appsecret_proof`: HMAC-SHA256 of the token, keyed by the app secret, in hex."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
