"""Graph's envelopes, tokens and versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

#: Versions that Meta serves in autumn 2026, oldest first; any other is answered by the oldest, silently.
VERSIONS = ("v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0")


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - named after what Graph does
    """An answer with `error`."""

    code: int
    message: str
    subcode: int = 0
    status: int = 400
    transient: bool = False

    def response(self) -> Response:
        """Return the envelope; message, type and code are always there."""
        error: dict[str, Any] = {
            "message": self.message,
            "type": "OAuthException",
            "code": self.code,
            "is_transient": self.transient,
            "fbtrace_id": "A490loa463",  # holds digits that look like codes
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        return JSONResponse({"error": error}, status_code=self.status)


def missing(node: str) -> Refusal:
    """Refuse what is not there, or not for this token."""
    told = (
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation"
    )
    return Refusal(100, told, 33)


#: How a token begins -> what is wrong with it. Any other is good for every Page.
TOKENS: Mapping[str, Refusal] = {
    "expired": Refusal(190, "Error validating access token: Session has expired", 463),
    "removed": Refusal(190, "The user has not authorized application", 458),
    "roleless": Refusal(190, "The user must be an administrator of the page to impersonate it", 492),
    "weak": Refusal(200, "(#200) The permission(s) pages_manage_posts are not available"),
    "person": Refusal(210, "(#210) A page access token is required to request this resource"),
}


def served(version: str) -> str:
    """Return the version that answers a call to `version`."""
    return version if version in VERSIONS else VERSIONS[0]
