"""How a call to a platform ended: what comes back, and the errors.

PublishError
|-- NotSentError            nothing left the house: try again (retry_after, if told)
|-- RefusedError            this variant will never pass here
|   `-- ChannelClosedError  nothing will: pause the channel, tell its owner
|       `-- DeadTokenError  its token opens nothing any more: renew it, or ask a person for another
`-- UnknownOutcomeError     it left, no trustworthy answer: settle and read back
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


class PublishError(Exception):
    """Why a call did not end in what was asked for. The message is a sentence for the officer."""


class NotSentError(PublishError):
    """Nothing left the house, or the platform refused it for now; trying again is safe.

    `retry_after` is the platform's own wait, if it told one. `key` names whose wait it is (the
    pacing key of the bot, OA or app), so that it holds up nothing else.
    """

    def __init__(self, message: str, *, retry_after: timedelta | None = None, key: str = "") -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.key = key


class RefusedError(PublishError):
    """This variant will never pass on this channel."""


class ChannelClosedError(RefusedError):
    """No variant will pass on this channel until a person mends it."""


class DeadTokenError(ChannelClosedError):
    """The platform takes the token no more. Nothing was done; with another one it may be."""


class UnknownOutcomeError(PublishError):
    """A request left and no trustworthy answer came. Never send again blindly."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What already lies at the platform, hidden: upload ids, a hidden article. JSON-able, no secret."""

    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pending:
    """Accepted, finishes later: call the same method again with `memo` after `after`."""

    memo: Mapping[str, Any]
    after: timedelta = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform gave back: its id of the post and the public link (None if it has none)."""

    remote_id: str
    link: str | None = None
    #: What did not follow the post, a sentence for the officer; empty where all did.
    told: str = ""


@dataclass(frozen=True, slots=True)
class Retraction:
    """What taking a post back came to; `told` says what could not be undone, empty where all is gone.

    `removed` False means that readers still see something in its place: a notice, a picture.
    """

    removed: bool
    told: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The read-back found our post."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Absent:
    """The read-back says that our post is not there.

    `proven` False means that the office takes it for so: it counts only after the last look.
    """

    proven: bool = True


@dataclass(frozen=True, slots=True)
class Unclear:
    """The read-back proves nothing; `why` is a sentence for the officer."""

    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One number read back. `value` None with a `reason` is "not to be had", never zero."""

    metric: str
    value: int | None
    source: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """What a look at a channel told: whether one can publish there, and the officer's next steps."""

    ok: bool
    name: str = ""
    problems: Sequence[str] = ()
