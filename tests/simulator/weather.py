"""What may go wrong between the house and the platforms, drawn from one seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.simulator.virtual import DAY

#: Seconds for which our clients wait for an answer.
PATIENCE = 60.0
#: Seconds that a platform may take after our time-out to carry a request out all the same.
AFTERTHOUGHT = 180.0
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail: is the request carried out, and what does the client get to see?

    `answer` is the name of an httpx error, or what stands in place of the answer.
    """

    answer: str
    carried_out: bool
    waits: float = 0.0
    rare: str = ""


#: Fault -> what it is. Before the first byte, on the way, and after the platform acted.
FAULTS: Mapping[str, Fault] = {
    "no connection": Fault("ConnectError", carried_out=False),
    "no connection in time": Fault("ConnectTimeout", carried_out=False, waits=10),
    "lost on the way": Fault("ReadTimeout", carried_out=False, waits=PATIENCE),
    "reset on the way": Fault("ReadError", carried_out=False),
    "500 for nothing": Fault("500", carried_out=False),
    "502 for nothing": Fault("502", carried_out=False),
    "throttled": Fault("throttle", carried_out=True, rare="throttled"),
    "500 after": Fault("500", carried_out=True, rare="committed, then 500"),
    "502 after": Fault("502", carried_out=True, rare="committed, then 500"),
    "garbage after": Fault("garbage", carried_out=True, rare="committed, then garbage"),
    "cut after": Fault("RemoteProtocolError", carried_out=True, rare="committed, then reset"),
    "reset after": Fault("ReadError", carried_out=True, rare="committed, then reset"),
    "silent after": Fault("ReadTimeout", carried_out=True, waits=PATIENCE, rare="committed, then timed out"),
    "late after": Fault(
        "ReadTimeout", carried_out=True, waits=PATIENCE, rare="committed long after the time-out"
    ),
    "slow": Fault("", carried_out=True, waits=40, rare="answered late"),
}
#: While a platform is away, all its answers are one of these.
OUTAGES = ("no connection", "no connection in time", "500 for nothing", "502 for nothing", "throttled")
#: Share of requests that fail, on ordinary days: those that show something to readers, and others.
SHARE, OTHERS = 0.08, 0.02
#: Of faults, the one that tells most about patience.
LATE, OFTEN = "late after", 3
#: Mean days between two outages of one platform, and between two lost tokens of a channel's platform.
OUTAGE_EVERY, TOKEN_EVERY = 9.0, 12.0


#: Mean days between two full disks; how long each lasts at most, in seconds; of failures, those that stand.
DISK_EVERY, DISK_FULL, STANDS = 15.0, 900.0, 0.3
#: Mean days between two jumps of the wall clock.
JUMP_EVERY = 20.0
#: How far it jumps, in seconds, and what that is called.
JUMPS: Mapping[str, tuple[float, float]] = {
    "clock forward": (30, 3000),
    "clock far forward": (3700, 5 * HOUR),
    "clock backward": (-3 * HOUR, -30),
}


class Disk:
    """A disk that is full now and then."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._begins = self._ends = 0.0

    def draw(self, now: float) -> str:
        """Return what becomes of a commit: nothing, `disk full`, or `commit failed and stood`."""
        if now >= self._ends:
            self._begins = now + self._rng.expovariate(1 / (DISK_EVERY * DAY))
            self._ends = self._begins + self._rng.uniform(5, DISK_FULL)
        if now < self._begins or self._rng.random() < 1 / 3:
            return ""
        return "commit failed and stood" if self._rng.random() < STANDS else "disk full"


@dataclass(slots=True)
class _Outage:
    begins: float
    ends: float
    fault: str


class Weather:
    """Draws faults; `calm` ends all of them, so that what is under way can come to rest."""

    def __init__(self, rng: Random, platforms: tuple[str, ...]) -> None:
        self._rng = rng
        self.calm = False
        self._outages = {platform: self._next_outage(0.0) for platform in platforms}
        #: Remote id of a channel whose token is refused -> until when.
        self.lost: dict[str, float] = {}

    def draw(self, platform: str, now: float, *, shows: bool = False) -> str:
        """Return the name of a fault for a request that leaves now, empty for none."""
        if self.calm:
            return ""
        outage = self._outages[platform]
        if now >= outage.ends:
            outage = self._outages[platform] = self._next_outage(now)
        if now >= outage.begins:
            return outage.fault
        if self._rng.random() >= (SHARE if shows else OTHERS):
            return ""
        return self._rng.choice([*FAULTS, *[LATE] * OFTEN])

    def is_away(self, platform: str, now: float) -> bool:
        """Tell whether a platform is away."""
        outage = self._outages[platform]
        return not self.calm and outage.begins <= now < outage.ends

    def latency(self) -> float:
        """Return the seconds that an ordinary way takes."""
        return 0.03 + self._rng.random() * 0.3

    def afterthought(self) -> float:
        """Return how long after its time-out a platform carries a request out."""
        return self._rng.random() * AFTERTHOUGHT

    def slowness(self) -> float:
        """Return how long a slow answer takes."""
        return 1 + self._rng.random() * 50

    def refuses(self, remote_id: str, now: float) -> bool:
        """Tell whether a channel's token is refused now."""
        return not self.calm and self.lost.get(remote_id, 0.0) > now

    def _next_outage(self, now: float) -> _Outage:
        begins = now + self._rng.expovariate(1 / (OUTAGE_EVERY * DAY))
        lasts = min(60 * 2 ** (self._rng.random() * 8), 4 * HOUR)
        return _Outage(begins, begins + lasts, self._rng.choice(OUTAGES))
