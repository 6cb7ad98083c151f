"""Facebook's refusals: one row of Meta's table, one row here."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    PublishError,
    RefusedError,
    UnknownOutcomeError,
)
from publishers.facebook.errors import KINDS, SENTENCES, Means, error_from, meaning, waiting

PAGE = "100064000000001"


def envelope(code: int, subcode: int = 0, message: str = "said", **more: Any) -> dict[str, Any]:
    """Return Graph's envelope."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A490190x4", **more}
    return {"error": error | ({"error_subcode": subcode} if subcode else {})}


@pytest.mark.parametrize(
    ("code", "subcode", "message", "means", "error"),
    [
        (1, 0, "", Means.UNKNOWN, UnknownOutcomeError),
        (1, 0, "Please reduce the amount of data", Means.UNKNOWN, UnknownOutcomeError),
        (2, 0, "", Means.UNKNOWN, UnknownOutcomeError),
        (4, 0, "", Means.APP_THROTTLED, NotSentError),
        (341, 0, "", Means.APP_THROTTLED, NotSentError),
        (17, 0, "", Means.PAGE_THROTTLED, NotSentError),
        (32, 0, "", Means.PAGE_THROTTLED, NotSentError),
        (613, 0, "", Means.PAGE_THROTTLED, NotSentError),
        (613, 1996, "", Means.PAGE_THROTTLED, NotSentError),
        (80000, 0, "", Means.PAGE_THROTTLED, NotSentError),
        (80001, 0, "", Means.PAGE_THROTTLED, NotSentError),
        (80014, 0, "", Means.PAGE_THROTTLED, NotSentError),
        (80015, 0, "", Means.UNKNOWN, UnknownOutcomeError),
        (190, 0, "", Means.TOKEN_DEAD, ChannelClosedError),
        (102, 0, "", Means.TOKEN_DEAD, ChannelClosedError),
        (190, 458, "", Means.TOKEN_DEAD, ChannelClosedError),
        (190, 459, "", Means.TOKEN_DEAD, ChannelClosedError),
        (190, 460, "", Means.TOKEN_DEAD, ChannelClosedError),
        (190, 463, "", Means.TOKEN_DEAD, ChannelClosedError),
        (190, 464, "", Means.TOKEN_DEAD, ChannelClosedError),
        (190, 467, "", Means.TOKEN_DEAD, ChannelClosedError),
        (190, 490, "", Means.TOKEN_DEAD, ChannelClosedError),
        (190, 492, "", Means.ROLE_LOST, ChannelClosedError),
        (190, 0, "must be an admin in order to impersonate it", Means.ROLE_LOST, ChannelClosedError),
        (190, 0, "before impersonating a user's page", Means.ROLE_LOST, ChannelClosedError),
        (3, 0, "", Means.NO_PERMISSION, ChannelClosedError),
        (10, 0, "", Means.NO_PERMISSION, ChannelClosedError),
        (200, 0, "", Means.NO_PERMISSION, ChannelClosedError),
        (299, 0, "", Means.NO_PERMISSION, ChannelClosedError),
        (
            200,
            0,
            "(#200) Unpublished posts must be posted to a page as the page itself",
            Means.WRONG_TOKEN,
            ChannelClosedError,
        ),
        (210, 0, "", Means.WRONG_TOKEN, ChannelClosedError),
        (1705, 0, "", Means.WRONG_TOKEN, ChannelClosedError),
        (100, 0, "(#100) The value must be a valid insights metric", Means.INVALID, RefusedError),
        (100, 0, "Tried accessing nonexisting field (x)", Means.INVALID, RefusedError),
        (100, 33, "", Means.MISSING, ChannelClosedError),
        (100, 0, "Invalid appsecret_proof provided", Means.WRONG_PROOF, ChannelClosedError),
        (2500, 0, "", Means.INVALID, RefusedError),
        (506, 0, "", Means.DUPLICATE, UnknownOutcomeError),
        (368, 1404082, "", Means.DUPLICATE, UnknownOutcomeError),
        (368, 1390008, "", Means.BLOCKED, NotSentError),
        (368, 4854002, "", Means.CHECKPOINT, ChannelClosedError),
        (368, 0, "", Means.POLICY, ChannelClosedError),
        (368, 1346003, "", Means.POLICY, ChannelClosedError),
        (1, 1404102, "", Means.POLICY, ChannelClosedError),
        (1404112, 0, "", Means.POLICY, ChannelClosedError),
        (1404006, 0, "", Means.POLICY, ChannelClosedError),
        (1404078, 0, "", Means.CHECKPOINT, ChannelClosedError),
        (1609005, 0, "", Means.BAD_LINK, RefusedError),
        (100, 1609008, "", Means.BAD_LINK, RefusedError),
        (100, 1609010, "", Means.UNKNOWN, UnknownOutcomeError),
        (1363047, 0, "", Means.UNKNOWN, UnknownOutcomeError),
        (2061006, 0, "", Means.BAD_LINK, RefusedError),
        (1349125, 0, "", Means.BAD_LINK, RefusedError),
        (100, 1366046, "", Means.BAD_PICTURE, RefusedError),
        (324, 0, "", Means.BAD_PICTURE, RefusedError),
        (324, 2069019, "", Means.BAD_PICTURE, RefusedError),
        (100, 1366051, "", Means.DUPLICATE, UnknownOutcomeError),
        (321, 0, "", Means.ALBUM, RefusedError),
        (220, 0, "", Means.ALBUM, RefusedError),
        (120, 0, "", Means.ALBUM, RefusedError),
        (3001, 1504028, "", Means.INVALID, RefusedError),
        (987_654, 0, "", Means.UNKNOWN, UnknownOutcomeError),
    ],
)
def test_each_row_of_the_table_has_its_error(
    code: int, subcode: int, message: str, means: Means, error: type[PublishError]
) -> None:
    """The integers decide, whatever the HTTP status and `is_transient` say."""
    body = envelope(code, subcode, message, is_transient=True)
    assert meaning(body["error"]) is means
    assert {type(error_from(status, {}, body, page=PAGE)) for status in (200, 400, 403, 500)} == {error}


@pytest.mark.parametrize(
    ("status", "body"), [(502, None), (500, {}), (200, None), (200, []), (302, None), (400, {"error": "no"})]
)
def test_an_answer_that_nobody_can_read_is_unknown(status: int, body: object) -> None:
    """It may have gone out."""
    error = error_from(status, {}, body, page=PAGE)
    assert (type(error), f"HTTP {status}" in str(error)) == (UnknownOutcomeError, True)


def test_everything_that_can_be_meant_is_told() -> None:
    """Each meaning has its action and its sentence, with where to look it up."""
    assert set(KINDS) == set(SENTENCES) == set(Means)
    assert [means for means, told in SENTENCES.items() if "{code}" not in told] == []


@pytest.mark.parametrize(
    ("code", "key"),
    [(80001, f"facebook:page:{PAGE}"), (4, "facebook:app"), (32, f"facebook:page:{PAGE}")],
)
def test_a_wait_holds_up_only_whose_it_is(code: int, key: str) -> None:
    """A throttled Page does not stop the province; a throttled app does."""
    error = error_from(400, {}, envelope(code), page=PAGE)
    assert isinstance(error, NotSentError)
    assert (error.key, error.retry_after) == (key, timedelta(hours=1))


@pytest.mark.parametrize(
    ("usage", "minutes"),
    [
        ('{"PAGE": [{"type": "pages", "estimated_time_to_regain_access": 7}]}', 7),
        ('{"1": [{"estimated_time_to_regain_access": 3}], "2": [{"estimated_time_to_regain_access": 9}]}', 9),
        ('{"PAGE": [{"estimated_time_to_regain_access": 0}]}', 60),
        ('{"PAGE": []}', 60),
        ('{"PAGE": [{"estimated_time_to_regain_access": "17%"}]}', 60),
        ("{}", 60),
        ("17%", 60),
        ("[1]", 60),
        ("", 60),
    ],
)
def test_the_usage_header_tells_the_wait(usage: str, minutes: int) -> None:
    """Minutes for this Page or the longest; an hour for what cannot be read."""
    assert waiting({"x-business-use-case-usage": usage}, page="PAGE") == timedelta(minutes=minutes)


@pytest.mark.parametrize("code", [100, 190, 2500, 1])
def test_no_token_and_no_address_is_quoted(code: int) -> None:
    """Facebook repeats what it was sent; we do not."""
    canary = "EAABcanary" + "x" * 60
    body = envelope(
        code, message=f"Bad token {canary} at https://graph.facebook.com/v26.0/me?access_token={canary}"
    )
    told = str(error_from(400, {}, body, page=PAGE))
    assert ("canary" in told, "https" in told) == (False, False)


def test_headers_may_come_in_any_mapping() -> None:
    """A missing header is no error."""
    headers: Mapping[str, str] = {}
    assert waiting(headers, page=PAGE) == timedelta(hours=1)
