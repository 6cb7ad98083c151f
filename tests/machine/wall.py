"""What readers see: a platform that outlives the daemon, answers as it is told to, and forgets nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from content_queue.models import Attempt, Channel, Payload, Variant
from content_queue.outcomes import (
    Absent,
    ChannelHealth,
    Found,
    NotSentError,
    Pending,
    Reading,
    Receipt,
    RefusedError,
    Retraction,
    Staged,
    Unclear,
    UnknownOutcomeError,
)
from content_queue.ports import Limit
from tests.content_queue.world import HandClock

Key = tuple[str, str]
"""Code of an entry, channel."""
#: What channels may be like.
MOODS = ("well", "away", "busy", "refuses", "silent", "lies", "late", "slow", "slow to refuse", "unlisted")
#: A post that is late comes so long after its request: sooner than the first read-back.
LATE = timedelta(minutes=4)
#: The channel of which one can prove that something is not there; of any other one can only find things,
PROVABLE = "k0"
#: and those only so long after they were shown.
LISTED = timedelta(minutes=15)
#: Those after which nobody knows whether something was done.
DOUBTFUL = ("silent", "lies", "late")


class SteppedClock(HandClock):
    """A wall clock that may be put back; time itself goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.step = timedelta()
        self.latest = self.at

    def now(self) -> datetime:
        """Return what the wall clock shows."""
        self.latest = max(self.latest, self.at + self.step)
        return self.at + self.step


def key_of(channel: Channel, payload: Payload) -> Key:
    """Return whose text this is: every text of these offices begins with its entry's code."""
    return payload.text.partition(":")[0], channel.name


def _known(receipt: Receipt) -> str:
    """Return the id of what was shown; of what people have found nobody knows it."""
    if not receipt.remote_id:
        raise RefusedError("không biết mã bài")
    return receipt.remote_id


@dataclass
class Wall:
    """All channels of one office."""

    clock: HandClock
    #: Called with each committing call before anything else.
    leaves: Callable[[Key, str], None]
    #: Called with each text that is staged.
    stages: Callable[[Key, str], None]
    #: Called with whatever is taken from the wall.
    removed: Callable[[Key], None]
    #: Channel -> its mood.
    moods: dict[str, str] = field(default_factory=dict)
    #: What can be read -> the id under which it can.
    shown: dict[Key, str] = field(default_factory=dict)
    coming: dict[Key, tuple[datetime, str]] = field(default_factory=dict)
    since: dict[Key, datetime] = field(default_factory=dict)
    #: Everything that could ever be read, and the ids of what was taken away again.
    ever: set[Key] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    #: Id -> the words that were written over it, the last ones at the end.
    edits: dict[str, list[str]] = field(default_factory=dict)
    #: Token of what was accepted -> whether it will be refused in the end.
    accepted: dict[str, bool] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    _made: int = 0

    def is_there(self, key: Key) -> bool:
        """Tell whether a post is there, or will be before long."""
        self.arrive()
        return key in self.shown or key in self.coming

    # -- as a publisher

    def render(self, channel: Channel, variant: Variant) -> Payload:
        """Put a text into the wall's form."""
        return Payload(channel.platform, variant.locale, variant.text)

    def limits(self, channel: Channel) -> Sequence[Limit]:
        """Know no limits."""
        return ()

    async def stage(self, channel: Channel, payload: Payload, memo: Mapping[str, Any]) -> Staged | Pending:
        """Put something hidden on the wall, in two steps where the channel is slow."""
        self.stages(key_of(channel, payload), payload.text)
        mood = self._fail(channel)
        if "part" in memo:
            return Staged({"of": memo["part"]})
        name = self._name("hidden")
        self.hidden.add(name)
        return Pending({"part": name}) if mood == "slow" else Staged({"of": name})

    async def publish(self, channel: Channel, payload: Payload, staged: Staged) -> Receipt | Pending:
        """Show it, and answer as the channel's mood is."""
        key = key_of(channel, payload)
        if "token" in staged.data:
            return self._finish(key, staged.data["token"], channel)
        self.leaves(key, payload.text)
        if staged.data.get("of") not in self.hidden:
            self.problems.append(f"{key}: what was staged of it is no more there")
        mood = self._fail(channel)
        if mood.startswith("slow"):
            return self._accept(key, staged, refused=mood == "slow to refuse")
        if mood == "late":
            self._twice(key)
            self.coming[key] = (self.clock.at + LATE, staged.data["of"])
        elif mood != "silent":
            self._show(key, staged.data["of"])
        if mood in ("late", "silent", "lies"):
            raise UnknownOutcomeError("không rõ")
        return Receipt(self.shown[key])

    async def discard(self, channel: Channel, staged: Staged) -> None:
        """Take something hidden away."""
        if self.moods.get(channel.name) != "refuses":  # what never can be removed is in nobody's books
            self._fail(channel)
        self.hidden.discard(str(staged.data.get("of", staged.data.get("part"))))
        self._fail(channel)
        self._fail(channel)

    async def find(self, channel: Channel, attempt: Attempt) -> Found | Absent | Unclear:
        """Look at the wall, where one can."""
        self.arrive()
        key, mood = key_of(channel, attempt.payload), self.moods.get(channel.name, "well")
        if mood == "away":
            raise NotSentError("không gọi được")
        if mood == "unlisted":
            return Unclear("không thấy")
        provable = channel.name == PROVABLE
        if key in self.shown and (provable or self.since[key] + LISTED <= self.clock.at):
            return Found(Receipt(self.shown[key]))
        return Absent() if provable else Unclear("không thấy")

    async def measure(self, channel: Channel, receipt: Receipt) -> Sequence[Reading]:
        """Count readers of what can be read."""
        self._fail(channel)
        if receipt.remote_id and receipt.remote_id not in {*self.shown.values(), *self.gone}:
            self.problems.append(f"{receipt.remote_id}: measured, and is not there")
        return [Reading("views", 12, "test")]

    async def figures(self, channel: Channel) -> Sequence[Reading]:
        """Count followers."""
        self._fail(channel)
        return [Reading("followers", 7, "test")]

    async def retract(self, channel: Channel, receipt: Receipt) -> Retraction:
        """Take a post from the wall, and answer as the channel's mood is."""
        mood, name = self._fail(channel), _known(receipt)
        for key in [key for key, shown in self.shown.items() if shown == name and mood != "silent"]:
            self.removed(key)
            self.gone.add(self.shown.pop(key))
        if mood in DOUBTFUL:
            raise UnknownOutcomeError("không rõ")
        return Retraction(removed=True)

    def uneditable(self, old: Payload, new: Payload) -> str:
        """Let everything be edited."""
        return ""

    async def correct(
        self, channel: Channel, receipt: Receipt, payload: Payload, *, memo: Mapping[str, Any]
    ) -> Receipt:
        """Write other words over a post, and answer as the channel's mood is."""
        self.leaves(key_of(channel, payload), payload.text)
        mood, name = self._fail(channel), _known(receipt)
        if name not in self.shown.values():
            raise RefusedError("không còn")
        if mood != "silent":
            self.edits.setdefault(name, []).append(payload.text)
        if mood in DOUBTFUL:
            raise UnknownOutcomeError("không rõ")
        return receipt

    async def check(self, channel: Channel) -> ChannelHealth:
        """Find it well."""
        return ChannelHealth(ok=True)

    # -- behind it

    def _fail(self, channel: Channel) -> str:
        """Fail as a channel that lets nothing pass does; return the mood of any other."""
        mood = self.moods.get(channel.name, "well")
        if mood == "refuses":
            raise RefusedError("bị từ chối")
        if mood in ("away", "busy"):
            wait = timedelta(seconds=90) if mood == "busy" else None
            raise NotSentError("chưa gửi được", retry_after=wait)
        return mood

    def _accept(self, key: Key, staged: Staged, *, refused: bool) -> Pending:
        token = self._name("token")
        self.accepted[token] = refused
        if not refused:
            self._show(key, staged.data["of"])
        return Pending({**staged.data, "token": token})

    def _finish(self, key: Key, token: str, channel: Channel) -> Receipt:
        if self.accepted[token]:
            raise RefusedError("bị từ chối")
        self._fail(channel)
        return Receipt(self.shown[key])

    def _show(self, key: Key, hidden: str) -> None:
        self._twice(key)
        self._put(key, hidden)

    def _twice(self, key: Key) -> None:
        if self.is_there(key) or key in self.ever:
            self.problems.append(f"{key}: twice")

    def arrive(self) -> None:
        """Let what is late and due by now appear."""
        for key, (at, hidden) in list(self.coming.items()):
            if at <= self.clock.at:
                del self.coming[key]
                self._put(key, hidden)

    def _put(self, key: Key, hidden: str) -> None:
        self.shown[key] = self._name("id")
        self.ever.add(key)
        self.since.setdefault(key, self.clock.at)
        self.hidden.discard(hidden)

    def _name(self, kind: str) -> str:
        self._made += 1
        return f"{kind}-{self._made}"
