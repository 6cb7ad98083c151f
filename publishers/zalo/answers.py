"""Translate what Zalo answers into the house's outcomes. Pure.

Zalo says HTTP 200 nearly always and puts a negative `error` into the JSON; `codes` says what each means.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from content_queue.outcomes import (
    ChannelClosedError,
    DeadTokenError,
    NotSentError,
    PublishError,
    RefusedError,
    UnknownOutcomeError,
)
from content_queue.texts import _
from publishers.zalo.codes import WORKING, Ending, row_of

#: What Zalo writes while it still fetches the pictures; its code for that is not settled.
PROCESSING = "being processed"
#: Letters of Zalo's own words that are told.
MOST = 300
#: HTTP statuses with a meaning of their own.
NOT_FOUND, TOO_MANY, SERVER_ERRORS = 404, 429, 500


#: What a row that says no comes to -> the error.
KINDS: Mapping[Ending, type[RefusedError]] = {
    "refused": RefusedError,
    "closed": ChannelClosedError,
    "token": DeadTokenError,
}


class StillWorkingError(NotSentError):
    """Zalo is still fetching the pictures of an article."""


def read_answer(status: int, text: str, *, key: str = "") -> Mapping[str, Any]:
    """Return the `data` of an answer, empty if it carries none; `key` is the pacing key of the OA.

    Raises:
        PublishError: Zalo refused, or what it said cannot be trusted.
    """
    body = _json_object(text)
    if status >= SERVER_ERRORS or (body is None and status not in {NOT_FOUND, TOO_MANY}):
        raise UnknownOutcomeError(
            _("Zalo trả lời không đọc được (HTTP {status}). Hãy xem bài đã lên trang OA chưa.").format(
                status=status
            )
        )
    code = _code(status, body or {})
    if code:
        raise error_for(code, str((body or {}).get("message", f"HTTP {status}")), key=key)
    data = (body or {}).get("data")
    return data if isinstance(data, dict) else {}


def error_for(code: int, message: str, *, key: str = "") -> PublishError:
    """Return the error that an answer of Zalo comes to, with its next step."""
    said = message.casefold()
    row = row_of(code, said)
    told = _("{meaning} {step} (Zalo báo {code}: “{message}”.)").format(
        meaning=_(row.meaning), step=_(row.step), code=code, message=message[:MOST].rstrip(".")
    )
    wait = None if row.wait is None else timedelta(seconds=row.wait)
    if PROCESSING in said or code == -214:  # noqa: PLR2004 - the table's code for "being processed"
        return StillWorkingError(told, retry_after=timedelta(seconds=WORKING))
    if row.ending == "later":
        return NotSentError(told, retry_after=wait, key=key)
    return KINDS[row.ending](told)


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _code(status: int, body: Mapping[str, Any]) -> int:
    """Return the code as a number, also where Zalo writes it as text; HTTP stands in where none is told.

    Raises:
        UnknownOutcomeError: neither a code nor data were told.
    """
    by_status = {NOT_FOUND: -209, TOO_MANY: -32}
    told = body.get("error", 0 if "data" in body else by_status.get(status))
    try:
        return int(told) or by_status.get(status, 0)
    except (TypeError, ValueError) as error:
        raise UnknownOutcomeError(_("Zalo trả lời không rõ đã nhận bài hay chưa.")) from error
