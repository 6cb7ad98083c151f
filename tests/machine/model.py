"""A plain model of an office: what was said yes to, what must not leave, and what became of everything.

It learns of the ledger only what people can see of it (the queue, what a card shows, what was told) and
judges each commit and each call by its own books.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from content_queue.models import Delivery, Post
from content_queue.states import NEXT_DELIVERY, NEXT_POST, DeliveryState, PostState
from content_queue.store.notices import Notice
from content_queue.store.posts import Queued
from content_queue.words import delivery_state_name
from tests.content_queue.world import WINDOW
from tests.machine.wall import Key, Wall

State = TypeVar("State", DeliveryState, PostState)
Scope = Mapping[str, Sequence[str]]
#: Channel -> (text, due): what a card shows of a post, and what a yes covers.
Covers = Mapping[str, tuple[str, datetime]]
#: Where a delivery ends; of some ends people must have been told.
TOLD = frozenset({"missed", "held", "failed", "unconfirmed"})
ENDS = TOLD | {"published", "cancelled", "retracted"}
#: Out of these only people or the calendar lead: whatever stops a delivery after that is told anew.
STOPPED = frozenset({"missed", "held", "failed", "cancelled"})
#: What one commit does by two arrows: a claim is taken back and its post cancelled.
AT_ONCE = {("publishing", "cancelled")}


@dataclass(frozen=True)
class Row:
    """One row of the calendar; `text` None while it is awaited, `wrong` as far as it cannot be used."""

    text: str | None
    due: datetime
    channels: tuple[str, ...]
    author: str
    tags: tuple[str, ...] = ()
    #: "" | "row" (cannot be read) | "text" (cannot be put into the platform's form)
    wrong: str = ""

    @property
    def content(self) -> tuple[object, ...]:
        """Return what a yes is about, and who must not say it."""
        return self.text, self.due, self.channels, self.author, self.wrong


@dataclass
class Model:
    """The books."""

    wall: Wall | None = None
    rows: dict[str, Row] = field(default_factory=dict)
    approved: dict[str, Covers] = field(default_factory=dict)
    holds: dict[int, Scope] = field(default_factory=dict)
    #: Correction -> the row of what it corrects, as it stood; and what people wanted gone.
    corrections: dict[str, Row] = field(default_factory=dict)
    unwanted: set[str] = field(default_factory=set)
    #: What a person let go out once more -> until when.
    again: dict[Key, datetime] = field(default_factory=dict)
    #: Everything that was ever said yes to.
    ever: set[tuple[str, str, str]] = field(default_factory=set)
    #: What has an intent and has not left yet -> its text.
    intended: dict[Key, str] = field(default_factory=dict)
    #: Number of a delivery -> how it stood after the last commit.
    seen: dict[int, Delivery] = field(default_factory=dict)
    posts: dict[str, PostState] = field(default_factory=dict)
    #: What was let wait again -> how many notices there were then.
    anew: dict[Key, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    # -- what people do

    def calendar_is(self, rows: Mapping[str, Row]) -> None:
        """Take in a calendar that was read: a yes falls with whatever it was about."""
        for code in self.rows.keys() | rows.keys():
            old, new = self.rows.get(code), rows.get(code)
            if old is None or new is None or old.content != new.content:
                self.approved.pop(code, None)
        self.rows = dict(rows)

    def said_yes(self, code: str, covers: Covers, person: str) -> None:
        """Take in an approval of what a card showed."""
        if person == self._whose(code).author:
            self.problems.append(f"{code}: its author said yes and was heard")
        self.approved[code] = covers
        self.ever |= {(code, channel, text) for channel, (text, _due) in covers.items()}

    def said_absent(self, key: Key, notices: int, *, until: datetime) -> None:
        """Take in that a person saw nothing: it goes out once more, and whatever stops it is told anew."""
        self.again[key], self.anew[key] = until, notices

    def corrects(self, code: str, row: Row, earlier: Sequence[str]) -> None:
        """Take in a correction, which is its own from now on; it takes the place of earlier ones."""
        self.corrections[code] = row
        for each in earlier:
            self.yes_falls(each)

    def taken_back(self, code: str) -> None:
        """Take in that people want a post gone."""
        self.yes_falls(code)
        self.unwanted.add(code)

    def _whose(self, code: str) -> Row:
        return self.corrections[code] if code in self.corrections else self.rows[code]

    def yes_falls(self, code: str) -> None:
        """Take in a no, a cancellation or a new time."""
        self.approved.pop(code, None)

    # -- what the ledger says after each commit

    def committed(self, queue: Sequence[Queued], notices: int, *, now: datetime, latest: datetime) -> None:
        """Judge what a commit changed; `latest` is the latest time that the wall clock has shown."""
        for queued in queue:
            delivery, key = queued.delivery, (code_of(queued.post), queued.delivery.channel)
            before = self.seen.get(delivery.id)
            if before is not None and before != delivery:
                self._judge_change(key, before, delivery)
            if before is not None and before.state in STOPPED and delivery.state == "scheduled":
                self.anew[key] = notices
            if delivery.attempts > (before.attempts if before else 0) and delivery.state == "publishing":
                self._judge_intent(key, queued, now=now, latest=latest)
            elif delivery.state != "publishing":
                self.intended.pop(key, None)
            self.seen[delivery.id] = delivery
            self._judge_post(code_of(queued.post), queued.post.state)

    def _judge_change(self, key: Key, old: Delivery, new: Delivery) -> None:
        if not leads(NEXT_DELIVERY, old.state, new.state):
            self.problems.append(f"{key}: no arrow leads from {old.state} to {new.state}")
        if old.state in ("held", "missed", "failed") and (new.state, new.due) == ("scheduled", old.due):
            self.problems.append(f"{key}: was {old.state} and let go by itself")
        kept = ("variant", "remote_id", "published_at", *(("state",) if new.state != "retracted" else ()))
        if old.state == "published" and any(getattr(old, name) != getattr(new, name) for name in kept):
            self.problems.append(f"{key}: was published and changed")

    def _judge_post(self, code: str, state: PostState) -> None:
        before = self.posts.get(code, state)
        if not leads(NEXT_POST, before, state):
            self.problems.append(f"{code}: no arrow leads from {before} to {state}")
        self.posts[code] = state

    def _judge_intent(self, key: Key, queued: Queued, *, now: datetime, latest: datetime) -> None:
        """What now is intended may leave at any moment: everything must be in order."""
        delivery, (code, channel) = queued.delivery, key
        self.intended[key] = queued.text
        text, due = self.approved.get(code, {}).get(channel, (None, None))
        if (text, due) != (queued.text, delivery.due):
            self.problems.append(f"{key}: {queued.text!r} is not what was approved ({text!r})")
        end = max(delivery.due + WINDOW, self.again.get(key, delivery.due))
        if not (delivery.due <= latest and now <= end):
            self.problems.append(f"{key}: outside its window, due {delivery.due} at {now}")
        self.problems += [f"{key}: in hold {n}" for n, scope in self.holds.items() if self._holds(scope, key)]

    def _holds(self, scope: Scope, key: Key) -> bool:
        code, channel = key
        belongs = {"channels": (channel,), "tags": self._whose(code).tags, "languages": ("vi",)}
        return all(set(belongs[kind]) & set(names) for kind, names in scope.items())

    # -- what the wall is given

    def stages(self, key: Key, text: str) -> None:
        """Judge what is staged: staging counts as leaving."""
        if (*key, text) not in self.ever:
            self.problems.append(f"{key}: {text!r} is staged and was never approved")

    def leaves(self, key: Key, text: str) -> None:
        """Judge a committing call."""
        if self.intended.pop(key, None) != text:
            self.problems.append(f"{key}: {text!r} left without an intent")

    def removed(self, key: Key) -> None:
        """Judge what is taken from the wall."""
        if key[0] not in self.unwanted:
            self.problems.append(f"{key}: was taken away, and nobody asked for that")

    # -- in the end

    def end(self, queue: Sequence[Queued], notices: Sequence[Notice], shown: Mapping[Key, str]) -> list[str]:
        """Judge what became of everything once all has come to rest."""
        wrong = []
        for queued in queue:
            delivery, key = queued.delivery, (code_of(queued.post), queued.delivery.channel)
            out, state = key in shown, delivery.state
            if delivery.in_place and state in ("published", "retracted"):
                continue  # what came of it stands in the words of what it corrects
            if state not in ENDS:
                wrong.append(f"{key}: stuck, {state}")
            if state == "published" and (not out or delivery.remote_id not in (None, shown[key])):
                wrong.append(f"{key}: published as {delivery.remote_id}, and there is {shown.get(key)}")
            if out and state not in ("published", "unconfirmed"):
                wrong.append(f"{key}: is there and called {state}")
            if state in TOLD and not self._told(key, queued, notices):
                wrong.append(f"{key}: {state}, and nobody was told")
        return wrong

    def _told(self, key: Key, queued: Queued, notices: Sequence[Notice]) -> bool:
        head = f"Bài {queued.post.id} – {delivery_state_name(queued.delivery.state)}"
        return any(notice.message.startswith(head) for notice in notices[self.anew.get(key, 0) :])


def code_of(post: Post) -> str:
    """Return what a text of a post begins with: the code of its entry, and the number of a correction."""
    return post.entry + post.id.partition("-DC")[1] + post.id.partition("-DC")[2]


def leads(arrows: Mapping[State, frozenset[State]], old: State, new: State) -> bool:
    """Tell whether an arrow leads from one state to another, or what one commit does at once."""
    return old == new or new in arrows[old] or (old, new) in AT_ONCE
