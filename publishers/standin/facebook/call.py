"""One request to Graph, read and let in."""

import hashlib
import hmac
from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from publishers.standin.facebook.answers import TOKENS, Refusal
from publishers.standin.forms import Form, read_form

#: How a client may spell a boolean.
FLAGS: Mapping[str, bool] = {"": True, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: a node, perhaps an edge of it, and what came along."""

    method: str
    node: str
    edge: str
    form: Form
    token: str = field(repr=False)
    address: str = ""

    def text(self, name: str) -> str:
        """Return a field as text, empty where it is missing."""
        return str(self.form.fields.get(name, ""))

    def flag(self, name: str) -> bool:
        """Return a boolean, true where it is missing.

        Raises:
            Refusal: it is not spelled as JSON does.
        """
        if self.text(name) not in FLAGS:
            raise Refusal(100, f"(#100) param {name} must be a boolean.")
        return FLAGS[self.text(name)]

    def offset(self) -> int:
        """Return where a list goes on.

        Raises:
            Refusal: the cursor is none of ours.
        """
        try:
            return int(urlsafe_b64decode(self.text("after")) or 0)
        except (ValueError, Error):
            raise Refusal(100, "(#100) Invalid cursors values") from None

    def names(self, name: str) -> list[str]:
        """Return a list of names; fields of fields, in braces, are left out."""
        names, depth = [""], 0
        for letter in self.text(name):
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if letter == "," and not depth:
                names.append("")
            elif not depth and letter != "}":
                names[-1] += letter
        return [found.strip() for found in names if found.strip()]

    def wanted(self) -> set[str]:
        """Return the names of the fields asked for."""
        return {"id", *self.names("fields")}


async def read_call(request: Request, *, secret: str = "") -> Call:
    """Read a request; with the app's `secret`, its proof is demanded.

    Raises:
        Refusal: a form that v26.0 took away, or no good token.
    """
    form = await read_form(request)
    if "ids" in form.fields:
        raise Refusal(100, "The ids query parameter is deprecated in v26.0+", status=500)
    if "date_format" in form.fields:
        raise Refusal(100, "(#100) date_format is deprecated in v26.0+")
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    call = Call(
        request.method,
        request.path_params.get("node", ""),
        request.path_params.get("edge", ""),
        form,
        token or str(form.fields.get("access_token", "")),
        str(request.url.replace(query="")),
    )
    let_in(call.token)
    _prove(call, secret)
    return call


def let_in(token: str) -> None:
    """Refuse a call without a token, or with a dead one."""
    if not token:
        raise Refusal(
            2500, "An active access token must be used to query information about the current user."
        )
    for start, refusal in TOKENS.items():
        if token.startswith(start):
            raise Refusal(refusal.code, refusal.message, refusal.subcode)


def _prove(call: Call, secret: str) -> None:
    """Refuse a proof that can be none, and where the app demands one, any but the right one."""
    proof = call.text("appsecret_proof")
    if secret and not proof:
        raise Refusal(100, "API calls from the server require an appsecret_proof argument")
    right = hmac.new(secret.encode(), call.token.encode(), hashlib.sha256).hexdigest()
    if proof and (len(proof) != len(right) or (secret and proof != right)):
        raise Refusal(100, "Invalid appsecret_proof provided in the API argument")
