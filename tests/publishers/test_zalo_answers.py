"""What Zalo says and what it comes to."""

import json
from datetime import timedelta

import pytest

from content_queue.outcomes import (
    ChannelClosedError,
    DeadTokenError,
    NotSentError,
    PublishError,
    RefusedError,
    UnknownOutcomeError,
)
from content_queue.texts import speaking
from publishers.zalo.answers import StillWorkingError, error_for, read_answer
from publishers.zalo.codes import ROWS, Row, row_of

#: Code, words of the message, error, seconds to wait.
TABLE: list[tuple[int, str, type[PublishError], int | None]] = [
    (3, "expired", DeadTokenError, None),
    (-32, "Your application/OA reached limit call api", NotSentError, 60),
    (-100, "attachment id expired", RefusedError, None),
    (-124, "token invalid", DeadTokenError, None),
    (-200, "Upload media failed: Too many failed attempts", RefusedError, None),
    (-200, "Access token is invalid", DeadTokenError, None),
    (-200, "Send failed", NotSentError, 300),
    (-201, "create media fail", RefusedError, None),
    (-1241, "token invalid", DeadTokenError, None),
    (-1351, "token invalid", DeadTokenError, None),
    (-202, "mac invalid", ChannelClosedError, None),
    (-204, "OA deleted", ChannelClosedError, None),
    (-205, "OA does not exist", ChannelClosedError, None),
    (-207, "", ChannelClosedError, None),
    (-208, "", ChannelClosedError, None),
    (-209, "API is not support", ChannelClosedError, None),
    (-210, "parameter exceeds limit", RefusedError, None),
    (-211, "out of quota", ChannelClosedError, None),
    (-212, "not registered", ChannelClosedError, None),
    (-213, "user does not follow", RefusedError, None),
    (-214, "Article is being processed", StillWorkingError, 30),
    (-215, "app id invalid", ChannelClosedError, None),
    (-216, "Access token is invalid", DeadTokenError, None),
    (-217, "user blocked", RefusedError, None),
    (-218, "receive quota", ChannelClosedError, None),
    (-219, "app removed", ChannelClosedError, None),
    (-220, "Access token is expired", DeadTokenError, None),
    (-221, "OA not verified", ChannelClosedError, None),
    (-222, "user inactive", RefusedError, None),
    (-223, "OA exceeded content publishing quota in period", ChannelClosedError, None),
    (-223, "OA has not authorised this API", ChannelClosedError, None),
    (-224, "OA must buy a plan", ChannelClosedError, None),
    (-227, "user locked", RefusedError, None),
    (-230, "no interaction in 7 days", RefusedError, None),
    (-232, "window over", RefusedError, None),
    (-233, "message type not supported", RefusedError, None),
    (-234, "not allowed at night", NotSentError, 1800),
    (-235, "API does not support this type of OA", RefusedError, None),
    (-237, "GMF group expired", ChannelClosedError, None),
    (-238, "GMF asset used", ChannelClosedError, None),
    (-240, "API closed", RefusedError, None),
    (-241, "GMF asset used", ChannelClosedError, None),
    (-242, "appsecret_proof invalid", ChannelClosedError, None),
    (-244, "user restricts", RefusedError, None),
    (-248, "content breaks standards", RefusedError, None),
    (-305, "reply quota", ChannelClosedError, None),
    (-311, "reply quota", ChannelClosedError, None),
    (-320, "ZCA not linked", ChannelClosedError, None),
    (-321, "no balance", ChannelClosedError, None),
    (-403, "group of another OA", RefusedError, None),
    (-1340, "form error", RefusedError, None),
    (-1341, "form error", RefusedError, None),
    (-9999, "never seen before", RefusedError, None),
    (-9998, "Media is being processed", StillWorkingError, 30),
]


@pytest.mark.parametrize(("code", "message", "kind", "seconds"), TABLE)
def test_each_answer_comes_to_its_error(
    code: int, message: str, kind: type[PublishError], seconds: int | None
) -> None:
    """The official table, row by row: code, message and what to do next are all told."""
    error = error_for(code, message)
    assert type(error) is kind
    waits = error.retry_after if isinstance(error, NotSentError) else None
    assert waits == (None if seconds is None else timedelta(seconds=seconds))
    sentences, quoted = str(error).split(" (Zalo báo ")
    assert quoted == f"{code}: “{message}”.)"
    assert sentences.count(". ") == 1, "what is wrong, and the next step"
    assert sentences.endswith(".")


def test_every_row_of_the_table_is_tested() -> None:
    """A row nobody tries is a row nobody knows; and no row stands behind another that hides it."""
    tried = [row_of(code, message.casefold()) for code, message, *_rest in TABLE]
    assert [row for row in ROWS if row not in tried] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code}{row.words}")
def test_every_row_is_translated(row: Row) -> None:
    """An office that reads English gets both sentences in English."""
    with speaking("en"):
        said = str(error_for(row.code, " ".join(row.words) or "x"))
    assert row.meaning not in said
    assert row.step not in said


@pytest.mark.parametrize(("message", "said"), [("exceeded quota", "hạn mức"), ("not authorised", "quyền")])
def test_one_code_with_two_meanings_is_told_by_its_words(message: str, said: str) -> None:
    """-223 is a quota or a missing right; the next step differs."""
    assert said in str(error_for(-223, message))


@pytest.mark.parametrize(
    ("status", "text", "data"),
    [
        (200, '{"error": 0, "data": {"token": "t"}}', {"token": "t"}),
        (200, '{"error": "0", "data": {"token": "t"}}', {"token": "t"}),
        (200, '{"data": {"token": "t"}}', {"token": "t"}),
        (200, '{"error": 0, "message": "Success"}', {}),
    ],
)
def test_success_is_error_zero_or_data(status: int, text: str, data: dict[str, str]) -> None:
    """`error` may be text, or rarely be left out beside data."""
    assert read_answer(status, text) == data


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (200, "<html>", UnknownOutcomeError),
        (200, "[]", UnknownOutcomeError),
        (200, "{}", UnknownOutcomeError),
        (200, '{"error": "hỏng"}', UnknownOutcomeError),
        (200, '{"error": null}', UnknownOutcomeError),
        (502, "<html>Bad Gateway</html>", UnknownOutcomeError),
        (500, '{"error": -201, "message": "x"}', UnknownOutcomeError),
        (404, '{"error": -209, "message": "API is not support"}', ChannelClosedError),
        (404, '{"message": "You are accessing an empty or invalid API"}', ChannelClosedError),
        (404, "<html>", ChannelClosedError),
        (429, "", NotSentError),
        (200, '{"error": "-216", "message": "x"}', DeadTokenError),
    ],
)
def test_the_http_status_alone_is_never_trusted(status: int, text: str, kind: type[PublishError]) -> None:
    """Zalo errs with 200; and what cannot be read is no success."""
    with pytest.raises(PublishError) as caught:
        read_answer(status, text)
    assert type(caught.value) is kind


def test_the_wait_of_an_overrun_limit_belongs_to_its_key() -> None:
    """An OA that is too quick holds up no other."""
    with pytest.raises(NotSentError) as caught:
        read_answer(200, json.dumps({"error": -32, "message": "limit"}), key="zalo:1")
    assert caught.value.key == "zalo:1"
