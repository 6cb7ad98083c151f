"""The Bot API's refusals, one by one."""

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from content_queue.outcomes import (
    ChannelClosedError,
    NotSentError,
    PublishError,
    RefusedError,
    UnknownOutcomeError,
)
from publishers.telegram.errors import error_from


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (BadRequest("Bad Request: chat not found"), ChannelClosedError),
        (BadRequest("Bad Request: need administrator rights in the channel chat"), ChannelClosedError),
        (BadRequest("Bad Request: not enough rights to send photos to the chat"), ChannelClosedError),
        (BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"), ChannelClosedError),
        (BadRequest("Bad Request: CHAT_ADMIN_REQUIRED"), ChannelClosedError),
        (BadRequest("Bad Request: message is too long"), RefusedError),
        (BadRequest("Bad Request: message caption is too long"), RefusedError),
        (BadRequest("Bad Request: message text is empty"), RefusedError),
        (BadRequest("Bad Request: can't parse entities: unexpected end"), RefusedError),
        (BadRequest("Bad Request: PHOTO_INVALID_DIMENSIONS"), RefusedError),
        (BadRequest("Bad Request: wrong file identifier/HTTP URL specified"), RefusedError),
        (BadRequest("Bad Request: failed to get HTTP URL content"), RefusedError),
        (BadRequest("Bad Request: wrong type of the web page content"), RefusedError),
        (BadRequest("Bad Request: photo has unsupported extension"), RefusedError),
        (BadRequest("Bad Request: IMAGE_PROCESS_FAILED"), RefusedError),
        (BadRequest("Bad Request: MEDIA_EMPTY"), RefusedError),
        (BadRequest("Bad Request: reply markup is too long"), RefusedError),
        (BadRequest('Bad Request: failed to send message #3 with the error message "x"'), RefusedError),
        (BadRequest("Bad Request: something new"), RefusedError),
        (Forbidden("Forbidden: bot was kicked from the channel chat"), ChannelClosedError),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), ChannelClosedError),
        (Forbidden("Forbidden: bot was blocked by the user"), ChannelClosedError),
        (Forbidden("Forbidden: user is deactivated"), ChannelClosedError),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), ChannelClosedError),
        (Forbidden("Forbidden: something new"), ChannelClosedError),
        (InvalidToken("Unauthorized"), ChannelClosedError),
        (InvalidToken("Not Found"), ChannelClosedError),
        (ChatMigrated(-1009), ChannelClosedError),
        (RetryAfter(7), NotSentError),
        (NetworkError("Too Many Requests (429)"), NotSentError),
        (NetworkError("Request Entity Too Large (413)"), RefusedError),
        (NetworkError("Misdirected Request"), ChannelClosedError),
        (NetworkError("Bad Gateway"), UnknownOutcomeError),
        (NetworkError("Internal Server Error"), UnknownOutcomeError),
        (NetworkError("Service Unavailable"), UnknownOutcomeError),
        (NetworkError("Gateway Timeout"), UnknownOutcomeError),
        (NetworkError("Internal Server Error: sent message was immediately deleted"), UnknownOutcomeError),
        (TimedOut(), UnknownOutcomeError),
        (Conflict("Conflict"), NotSentError),
        (TelegramError("Invalid server response"), UnknownOutcomeError),
    ],
)
def test_every_answer_means_one_thing(error: TelegramError, ours: type[PublishError]) -> None:
    """What was refused is certain, what nobody answered is unknown; and each has a sentence."""
    translated = error_from(error)
    assert type(translated) is ours
    assert str(translated).endswith((".", "lại"))


@pytest.mark.parametrize("answer", ["message is too long", "chat not found", "something new"])
def test_each_refusal_says_how_to_mend_it(answer: str) -> None:
    """An officer who reads it knows the next step."""
    assert "Hãy" in str(error_from(BadRequest(f"Bad Request: {answer}")))


def test_a_flood_wait_keeps_its_seconds_and_its_key() -> None:
    """The pacer holds up that bot for so long, and nothing else."""
    translated = error_from(RetryAfter(7), key="telegram:kenh")
    assert isinstance(translated, NotSentError)
    assert (translated.retry_after, translated.key) == (timedelta(seconds=7), "telegram:kenh")


def test_a_moved_group_is_told_with_its_new_id() -> None:
    """The officer can copy the new id into the list of channels."""
    assert "-1009" in str(error_from(ChatMigrated(-1009)))


@pytest.mark.parametrize("known", [NotSentError("chưa nối được"), UnknownOutcomeError("mất nối")])
def test_what_the_wire_knows_counts(known: PublishError) -> None:
    """The wire saw whether a byte left; python-telegram-bot only wraps it."""
    wrapped = NetworkError("Unknown error in HTTP implementation")
    wrapped.__cause__ = known
    assert error_from(wrapped) is known


def test_a_refusal_by_something_in_between_is_unknown() -> None:
    """A proxy's 403 page is no answer of Telegram."""
    portal = Forbidden("Forbidden (403). Parsing the server response b'<html>' failed")
    portal.__cause__ = TelegramError("Invalid server response")
    assert isinstance(error_from(portal), UnknownOutcomeError)
