"""OAuth v4 as Zalo documents it: a person's yes, codes for ten minutes, and pairs that are used up.

A person who opens the permission link chooses an OA on a page. The second use of a refresh token is refused
with HTTP 200 and no tokens, and using one kills the access token that came with it.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from publishers.standin.faults import Faults
from publishers.standin.forms import read_form
from publishers.standin.journal import Journal
from publishers.standin.zalo.rules import Refusal

#: Lives of a code, an access token, a refresh token.
CODE, ACCESS, REFRESH = timedelta(minutes=10), timedelta(seconds=90_000), timedelta(days=90)
#: Letters of a challenge: SHA-256 in base64url without its padding.
CHALLENGE = 43
#: What was asked wrongly -> code and name of the refusal. Which code means what Zalo does not tell.
WRONG: Mapping[str, tuple[int, str]] = {
    "refresh": (-14012, "Invalid refresh token"),
    "code": (-14024, "Invalid authorization code"),
    "app": (-14002, "Invalid app secret"),
}
PAGE = Markup(
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Zalo (bản mô phỏng)</title>'
    "<h1>Cho phép ứng dụng {app} quản lý OA</h1><form>{fields}"
    '<label>Mã OA <input name="choose" required></label> <button>Đồng ý</button></form></html>'
)


@dataclass(slots=True)
class Pair:
    """One access and one refresh token of an OA."""

    oa: str
    access: str
    refresh: str
    given: datetime
    used: bool = False


class Grants:
    """Codes and pairs, rebuilt from the journal."""

    def __init__(self, journal: Journal, now: Callable[[], datetime], faults: Faults) -> None:
        """Replay what the journal holds."""
        self._journal = journal
        self._now = now
        self._faults = faults
        self._codes: dict[str, Mapping[str, Any]] = {}
        self._pairs: dict[str, Pair] = {}
        self._access: dict[str, Pair] = {}
        for event in journal.replay():
            self._apply(event)

    def routes(self) -> list[BaseRoute]:
        """Return where people say yes, and where tokens are had."""
        return [
            Route("/v4/oa/permission", self._permission),
            Route("/v4/oa/access_token", self._tokens, methods=["POST"]),
        ]

    def check(self, token: str) -> None:
        """Let a token pass that opens its OA now; one that this Zalo never gave is no matter of ours.

        Raises:
            Refusal: it was given, and is dead.
        """
        pair = self._access.get(token)
        if pair is None:
            return
        if pair.used:
            raise Refusal(-216, "Access token is invalid")
        if self._now() >= pair.given + ACCESS:
            raise Refusal(-220, "Access token is expired or unavailable")

    async def _permission(self, request: Request) -> Response:
        """Ask which OA, then send the person back with a code."""
        asked = dict(request.query_params)
        names = ("app_id", "redirect_uri", "code_challenge", "state")
        if any(not asked.get(name) for name in names) or len(asked["code_challenge"]) != CHALLENGE:
            return HTMLResponse("redirect_uri, app_id, code_challenge, state", status_code=400)
        if not asked.get("choose"):
            fields = Markup().join(
                Markup('<input type="hidden" name="{}" value="{}">').format(name, asked[name])
                for name in names
            )
            return HTMLResponse(PAGE.format(app=asked["app_id"], fields=fields))
        code = self._new("code")
        event = {"event": "coded", "code": code, "oa": asked["choose"], "app": asked["app_id"]}
        self._record({**event, "challenge": asked["code_challenge"]})
        back = urlencode({"code": code, "oa_id": asked["choose"], "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=302)

    async def _tokens(self, request: Request) -> Response:
        return await self._faults.around(request, self._answer, _throttled)

    async def _answer(self, request: Request) -> Response:
        form = (await read_form(request)).fields
        if not request.headers.get("secret_key") or not form.get("app_id"):
            return _refused("app")
        kind = form.get("grant_type")
        wanted = {"authorization_code": self._by_code, "refresh_token": self._by_refresh}.get(str(kind))
        if wanted is None:
            return _refused("code")
        return wanted(form)

    def _by_code(self, form: Mapping[str, Any]) -> Response:
        known = self._codes.pop(str(form.get("code")), None)
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        if known is None or known["challenge"] != challenge or known["app"] != form["app_id"]:
            return _refused("code")
        if self._now() >= datetime.fromisoformat(known["at"]) + CODE:
            return _refused("code")
        return self._give(known["oa"], "")

    def _by_refresh(self, form: Mapping[str, Any]) -> Response:
        pair = self._pairs.get(str(form.get("refresh_token")))
        if pair is None or pair.used or self._now() >= pair.given + REFRESH:
            return _refused("refresh")
        return self._give(pair.oa, pair.refresh)

    def _give(self, oa: str, used: str) -> Response:
        access, refresh = f"{oa}:{self._new('access')}", self._new("refresh")
        self._record({"event": "granted", "oa": oa, "access": access, "refresh": refresh, "used": used})
        return JSONResponse({"access_token": access, "refresh_token": refresh, "expires_in": "90000"})

    def _new(self, kind: str) -> str:
        """Return a token that nobody had before."""
        number = len(self._pairs) + len(self._codes)
        return hashlib.sha256(f"{kind} {number} {self._now().isoformat()}".encode()).hexdigest()

    def _record(self, event: dict[str, Any]) -> None:
        event["at"] = self._now().isoformat()
        self._journal.append(event)
        self._apply(event)

    def _apply(self, event: Mapping[str, Any]) -> None:
        if event["event"] == "coded":
            self._codes[event["code"]] = event
        if event["event"] == "granted":
            if event["used"]:
                self._pairs[event["used"]].used = True
            given = datetime.fromisoformat(event["at"])
            pair = Pair(event["oa"], event["access"], event["refresh"], given)
            self._pairs[pair.refresh] = self._access[pair.access] = pair


def _refused(what: str) -> Response:
    code, name = WRONG[what]
    return JSONResponse({"error_name": name, "error_reason": name, "error_description": name, "error": code})


def _throttled(_request: Request) -> Response:
    return JSONResponse({"error": -32, "error_name": "Rate limit"})
