"""What happened in a run: one hash over every event, a count of the rare ones, and what was found wrong."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

#: Rare event -> what it means. A long run that does not reach one of them proves nothing about it.
RARE = {
    "killed before a call": "the process died just before a request",
    "killed after a call": "the platform had the request, the process never saw the answer",
    "killed before a commit": "a change of the ledger was lost with the process",
    "killed after a commit": "a change was durable, but nobody was told",
    "killed at any moment": "the process died between two boundaries",
    "committed, then timed out": "a platform took a post and never answered",
    "committed long after the time-out": "a post appeared after everybody had given up on it",
    "committed, then 500": "a platform took a post and said that it failed",
    "committed, then garbage": "a platform took a post and its answer was unreadable",
    "committed, then reset": "a platform took a post and hung up",
    "throttled": "a platform asked to wait",
    "token lost": "a platform refused a channel's token",
    "answered late": "a platform took a post and answered shortly before we gave up",
    "outage": "a platform was away for a while",
    "found by read-back": "an unknown outcome was found to be published",
    "absence proven": "an unknown outcome was proven absent and sent again",
    "left to people": "an unknown outcome stayed unknown, and people were asked",
    "list late": "a Page's list did not show a post for longer than the first read-backs take",
    "list lied": "a Page's list never showed a post",
    "disk full": "a commit failed and nothing of it was kept",
    "commit failed and stood": "a commit failed and all of it was kept",
    "clock forward": "the wall clock jumped ahead by less than an hour",
    "clock far forward": "the wall clock jumped ahead by more than an hour",
    "clock backward": "the wall clock jumped back",
    "paused": "after a jump ahead nothing more went out until a person said so",
    "killed in recovery": "the process died again soon after its start",
    "held": "a hold caught a delivery",
    "hold of a time to come": "a hold was ordered that begins hours later",
    "hold spares a tag": "a hold lets through what has a tag",
    "new time after a hold": "people gave what was held a new time",
    "missed": "a window closed",
    "asked for a time": "people were asked what becomes of a missed post, and answered",
    "edited after approval": "an approved post was edited",
    "approved again": "an edited post was approved anew",
    "deleted after approval": "the row of an approved post went",
    "rejected": "an approver said no",
    "slow approver": "a card was answered only after six hours",
    "author refused": "an author tried to approve a post of his own",
    "file broken": "a calendar was unreadable for a while",
    "row broken": "a row became wrong",
    "stale tap": "somebody tapped a card that was over",
    "taken back": "what was out was taken back and is gone",
    "notice instead": "what was too old to be deleted got a removal notice in its place",
    "left standing": "what was to be taken back stays, and people were told",
    "taken back while unknown": "what was to be taken back had an outcome that nobody knew",
    "corrected in place": "words that are out were written over by a correction",
    "retried": "a delivery that was certainly not sent was tried again",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One broken promise: its kind, the post, and what is known of it."""

    kind: str
    what: str


@dataclass
class Record:
    """Everything noted about one run."""

    rare: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[Wrong] = field(default_factory=list)
    keep: list[str] | None = None

    def __post_init__(self) -> None:
        """Begin the hash."""
        self._hash = hashlib.sha256()

    def note(self, seconds: float, what: str) -> None:
        """Take an event into the hash, and keep its line if somebody wants to read it."""
        line = f"{seconds:.3f} {what}"
        self._hash.update(line.encode())
        self._hash.update(b"\n")
        if self.keep is not None:
            self.keep.append(line)

    def reach(self, event: str) -> None:
        """Count a rare event."""
        assert event in RARE, event
        self.rare[event] += 1

    def fail(self, kind: str, what: str) -> None:
        """Note a broken promise."""
        self.wrong.append(Wrong(kind, what))

    def digest(self) -> str:
        """Return the SHA-256 of all events so far."""
        return self._hash.hexdigest()
