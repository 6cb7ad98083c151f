"""OAuth v4 of Zalo Official Accounts: the way of a person to a pair, and from one pair to the next.

Zalo says HTTP 200 also when it refuses, and which code means what is not settled: a pair is there when both
tokens are, and whatever else is readable JSON with an error is a refusal.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from content_queue.models import Grant, Question
from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    PublishError,
    RefusedError,
    UnknownOutcomeError,
)
from content_queue.ports import Secrets
from content_queue.texts import _
from publishers.http import Shards
from publishers.options import ZaloOptions

#: A refresh token lives for three months, an access token for 25 hours where Zalo tells nothing else.
REFRESH_LASTS, ACCESS_LASTS = timedelta(days=90), timedelta(hours=25)
#: The code with which Zalo asks for patience, and the HTTP statuses that say the same, or nothing at all.
LIMIT, TOO_MANY, SERVER_ERRORS = -32, 429, 500
RATE_WAIT = timedelta(minutes=1)
#: An answer that is not waited for is a pair thrown away; the daemon waits as long when it is told to end.
PATIENCE = httpx.Timeout(30, connect=10)
#: How long a renewal waits for settings that are not there yet.
UNSET = timedelta(minutes=10)


class ZaloLogin:
    """The office's app at Zalo, by which all its OAs are opened."""

    def __init__(self, *, http: Shards, secrets: Secrets, options: ZaloOptions) -> None:
        """Take what calls need."""
        self._http = http
        self._secrets = secrets
        self._options = options

    def link(self, question: Question) -> str:
        """Return the address at which an administrator of an OA says yes."""
        asked = {
            "app_id": self._options.app_id,
            "redirect_uri": self._options.callback_url,
            "code_challenge": question.challenge(),
            "state": question.state,
        }
        return f"{self._options.oauth_url.rstrip('/')}/v4/oa/permission?{urlencode(asked)}"

    async def exchange(self, code: str, question: Question) -> Grant:
        """Change the code of an answered question, which is good once and for ten minutes, for a pair.

        Raises:
            PublishError: Zalo gave none.
        """
        form = {"code": code, "grant_type": "authorization_code", "code_verifier": question.verifier}
        return await self._ask(form, hidden=code)

    async def renew(self, refresh: str) -> Grant:
        """Change a refresh token, which is good once, for the next pair.

        Raises:
            NotSentError: nothing was used up.
            UnknownOutcomeError: it may be.
            ChannelClosedError: a person must authorise again.
        """
        return await self._ask({"refresh_token": refresh, "grant_type": "refresh_token"}, hidden=refresh)

    async def _ask(self, form: Mapping[str, str], *, hidden: str) -> Grant:
        response = await self._http.request(
            "POST",
            f"{self._options.oauth_url.rstrip('/')}/v4/oa/access_token",
            headers={"secret_key": self._app_secret()},
            data={"app_id": self._options.app_id, **form},
            timeout=PATIENCE,
        )
        return read_grant(response.status_code, response.text.replace(hidden, "…"))

    def _app_secret(self) -> str:
        try:
            return self._secrets.get(self._options.app_secret)
        except KeyError:
            told = _("Chưa có khóa bí mật của ứng dụng Zalo. Hãy đặt app_id và app_secret của [zalo].")
            raise NotSentError(told, retry_after=UNSET) from None


def missing_options(options: ZaloOptions) -> list[str]:
    """Return the settings without which nobody can be sent to Zalo."""
    needed = ("app_id", "app_secret", "callback_url")
    return [name for name in needed if not getattr(options, name)]


def read_answer(address: str) -> Mapping[str, str]:
    """Return what the address says that Zalo sent a person back to: `code`, `oa_id`, `state`.

    Raises:
        RefusedError: it is not such an address, or the person said no.
    """
    told = dict(parse_qsl(urlsplit(address.strip()).query))
    if not {"code", "oa_id", "state"} <= told.keys():
        raise RefusedError(
            _(
                "Địa chỉ này không có đủ code, oa_id và state. Sau khi bấm đồng ý ở Zalo, hãy chép nguyên "
                "địa chỉ trên thanh địa chỉ của trình duyệt, kể cả khi trang báo lỗi."
            )
        )
    return told


def read_grant(status: int, text: str) -> Grant:
    """Return the pair that an answer holds.

    Raises:
        PublishError: it holds none: see the kinds of `renew`.
    """
    body = _json_object(text)
    if status == TOO_MANY or (body is not None and _code(body) == LIMIT):
        raise NotSentError(_("Zalo báo gọi quá nhanh. Loa sẽ thử lại."), retry_after=RATE_WAIT)
    if status >= SERVER_ERRORS or body is None:
        told = _("Zalo trả lời không đọc được khi cấp khóa (HTTP {status}).")
        raise UnknownOutcomeError(told.format(status=status))
    access, refresh = body.get("access_token"), body.get("refresh_token")
    if isinstance(access, str) and access and isinstance(refresh, str) and refresh:
        return Grant(access, refresh, _lasts(body.get("expires_in")), REFRESH_LASTS)
    raise _refusal(body, access=bool(access))


def _refusal(body: Mapping[str, Any], *, access: bool) -> PublishError:
    if access:
        return ChannelClosedError(
            _("Zalo không cấp khóa gia hạn cho OA này. Hãy xác thực OA với Zalo rồi cấp quyền lại.")
        )
    said = body.get("error_description") or body.get("error_name") or body.get("message")
    if not said and not body.get("error"):
        return UnknownOutcomeError(_("Zalo trả lời không rõ đã cấp khóa hay chưa."))
    told = _("Zalo từ chối cấp khóa: “{said}” ({code}).")
    return ChannelClosedError(told.format(said=str(said or "?")[:200], code=body.get("error", "?")))


def _lasts(told: object) -> timedelta:
    """Return the life of an access token; Zalo writes seconds as text."""
    try:
        return timedelta(seconds=int(str(told)))
    except ValueError:
        return ACCESS_LASTS


def _code(body: Mapping[str, Any]) -> int:
    try:
        return int(body.get("error", 0))
    except (TypeError, ValueError):
        return 0


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
