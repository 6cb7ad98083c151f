"""What an outsider sees of the ledger: decisions, holds and intents in the order of their commits."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from content_queue.store.audit import DAEMON
from tests.simulator.office import LEADERS, TWO_YESES

Key = tuple[str, str, str]
"""Post, channel, locale."""
#: Verbs of the audit after which what was approved before no longer is.
UNDOING = frozenset({"edit", "draft", "cancel", "rejected", "new_time", "plan", "retract", "correction"})
#: What a text carries so that one can tell whose it is: code, revision or number of a correction, locale.
MARK = re.compile(r"\((SK\d+)/(k?\d+)/(\w\w)\)")


@dataclass(frozen=True, slots=True)
class Standing:
    """What may leave of a post after commit `since`: (channel, locale) -> (text, due); None: nothing."""

    since: int
    covers: Mapping[tuple[str, str], tuple[str, datetime]] | None
    by: str = ""


@dataclass(slots=True)
class Stop:
    """One hold, with the numbers of the commits that began and ended it.

    Moments are those of the machine's clock, which may be wrong, and of the right one.
    """

    scope: Mapping[str, Sequence[str]]
    began: int
    at: tuple[datetime, datetime]
    #: Begun by the daemon itself: what waits in it goes out when it ends, if it is not too late.
    pause: bool = False
    #: The machine's moment from which it is in force, where that came later than the order.
    starts: datetime | None = None
    spares: Sequence[str] = ()
    ended: int | None = None
    ended_at: tuple[datetime, datetime] | None = None

    def covers(self, due: datetime) -> bool:
        """Tell whether it was in force at a moment by both clocks, and has ended."""
        return self.ended_at is not None and all(
            max(since, self.starts or since) <= due < until
            for since, until in zip(self.at, self.ended_at, strict=True)
        )

    def is_in_force(self, moment: datetime) -> bool:
        """Tell whether it has begun by the machine's clock."""
        return self.starts is None or self.starts <= moment


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a post holds look at."""

    agency: str
    campaign: str
    tags: tuple[str, ...]


@dataclass
class Outside:
    """Reads the ledger's file by itself, after each commit that brought an act or an intent."""

    path: Path
    now: Callable[[], datetime]
    commits: int = 0
    standings: dict[str, list[Standing]] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)
    intents: dict[Key, int] = field(default_factory=dict)
    #: When the last request of each was about to leave.
    begun: dict[Key, datetime] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    #: Mark of a correction -> its post, and post of a correction -> who asked for it.
    corrections: dict[tuple[str, str], str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    #: Post -> when people asked to take it back, by the right clock, as far as that is not judged yet.
    retracts: dict[str, list[datetime]] = field(default_factory=dict)
    #: Post -> who has said yes to what stands.
    _yeses: dict[str, list[str]] = field(default_factory=dict)
    _audit: int = 0
    _attempts: int = 0
    _opened: sqlite3.Connection | None = None

    @property
    def ledger(self) -> sqlite3.Connection:
        """Return a connection of our own."""
        if self._opened is None:
            self._opened = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, isolation_level=None)
        return self._opened

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def committed(self, touched: set[str]) -> list[tuple[str, str, str]]:
        """Take in what a commit brought; return its acts as (actor, verb, subject)."""
        self.commits += 1
        if "attempts" in touched:
            self._read_intents()
        return self._read_audit() if "audit" in touched else []

    def next_look(self) -> datetime | None:
        """Return when the first outcome that nobody knows is to be read back; none that waits for people."""
        found = self.ledger.execute(
            "SELECT min(ready_at) FROM deliveries WHERE state IN ('publishing', 'unconfirmed') "
            "AND state = 'unconfirmed' AND ready_at < '9'"
        ).fetchone()[0]
        return datetime.fromisoformat(found) if found else None

    def next_takeback(self) -> datetime | None:
        """Return when something is to be taken back that is known to be out, or never to have been."""
        found = self.ledger.execute(
            "SELECT min(t.ready_at) FROM takebacks t JOIN deliveries d ON d.id = t.delivery "
            "WHERE t.ended_at IS NULL AND d.state NOT IN ('publishing', 'unconfirmed')"
        ).fetchone()[0]
        return datetime.fromisoformat(found) if found else None

    def out_since(self, moment: datetime) -> list[str]:
        """Return the posts, no corrections, due since a moment, of which something is out or may be."""
        asked = (moment.isoformat(timespec="microseconds"),)
        query = (
            "SELECT p.id FROM posts p WHERE p.due >= ? AND p.corrects IS NULL AND EXISTS (SELECT 1 FROM "
            "deliveries d WHERE d.post = p.id AND d.state IN ('published', 'publishing', 'unconfirmed')) "
            "ORDER BY p.id"
        )
        return [row[0] for row in self.ledger.execute(query, asked)]

    def is_unknown(self, post: str) -> bool:
        """Tell whether the outcome of some delivery of a post is not known now."""
        query = "SELECT 1 FROM deliveries WHERE post = ? AND state IN ('publishing', 'unconfirmed')"
        return self.ledger.execute(query, (post,)).fetchone() is not None

    def pauses(self) -> bool:
        """Tell whether the daemon has paused."""
        return any(stop.pause and stop.ended is None for stop in self.stops.values())

    def due_since(self, moment: datetime) -> set[str]:
        """Return the codes of rows with a post that the ledger has due at or after a moment."""
        asked = (moment.isoformat(timespec="microseconds"),)
        return {row[0] for row in self.ledger.execute("SELECT entry FROM posts WHERE due >= ?", asked)}

    def forget(self, codes: Collection[str]) -> None:
        """Forget the posts of rows that are long over."""
        self.corrections = {at: post for at, post in self.corrections.items() if at[0] not in codes}
        for known in (self.standings, self.facts, self.authors, self.retracts, self._yeses):
            for post in [post for post in known if post.partition("-")[0] in codes]:
                del known[post]
        for each in (self.intents, self.begun):
            for key in [key for key in each if key[0].partition("-")[0] in codes]:
                del each[key]

    def approved(self) -> dict[str, bool]:
        """Return post -> whether it now is approved."""
        return {post: bool(found and found[-1].covers) for post, found in self.standings.items()}

    def standing_at(self, post: str, commit: int) -> Standing | None:
        """Return how a post stood just before a commit."""
        found = [one for one in self.standings.get(post, ()) if one.since < commit]
        return found[-1] if found else None

    def _read_intents(self) -> None:
        rows = self.ledger.execute(
            "SELECT a.rowid, a.started_at, d.post, d.channel, d.locale FROM attempts a "
            "JOIN deliveries d ON d.id = a.delivery WHERE a.rowid > ? ORDER BY a.rowid",
            (self._attempts,),
        )
        for number, begun, *key in rows:
            self._attempts = number
            self.intents[key[0], key[1], key[2]] = self.commits
            self.begun[key[0], key[1], key[2]] = datetime.fromisoformat(begun)

    def _read_audit(self) -> list[tuple[str, str, str]]:
        rows = self.ledger.execute(
            "SELECT a.id, at, coalesce(name, actor), verb, subject, detail FROM audit a "
            "LEFT JOIN persons p ON a.actor = 'p' || p.id WHERE a.id > ? ORDER BY a.id",
            (self._audit,),
        ).fetchall()
        for number, at, actor, verb, subject, detail in rows:
            self._audit = number
            self._take(actor, verb, subject, json.loads(detail), datetime.fromisoformat(at))
        return [(row[2], row[3], row[4]) for row in rows]

    def _take(  # the columns of a row
        self, actor: str, verb: str, subject: str, detail: Mapping[str, Any], at: datetime
    ) -> None:
        if verb == "hold":
            starts = detail.get("starts_at")
            self.stops[subject] = Stop(
                detail["scope"],
                self.commits,
                (at, self.now()),
                actor == DAEMON,
                starts and datetime.fromisoformat(starts),
                detail.get("spares", ()),
            )
        elif verb == "end_hold":
            self.stops[subject].ended, self.stops[subject].ended_at = self.commits, (at, self.now())
        elif verb == "approved":
            self._say_yes(subject, detail, actor)
        elif verb in UNDOING:
            self._yeses.pop(subject, None)
            self._stand(subject, None)
            if verb == "retract":
                self.retracts.setdefault(subject, []).append(self.now())
            elif verb == "correction":
                self._correct(subject, actor)

    def _say_yes(self, post: str, detail: Mapping[str, Any], actor: str) -> None:
        """Count a yes; the post may leave once the people have said it whom the office's rule names."""
        said = self._yeses.setdefault(post, [])
        said += detail.get("carried", [actor])
        tags = json.loads(self.ledger.execute("SELECT tags FROM posts WHERE id = ?", (post,)).fetchone()[0])
        enough = TWO_YESES not in tags or (len(set(said)) > 1 and not LEADERS.isdisjoint(said))
        if enough:
            self._stand(post, self._covered(post, detail["hash"]), by=actor)

    def _correct(self, post: str, actor: str) -> None:
        """Remember whose correction a text is."""
        self.authors[post] = actor
        payloads = self.ledger.execute(
            "SELECT v.payload FROM deliveries d JOIN variants v ON v.hash = d.variant WHERE d.post = ?",
            (post,),
        )
        for (payload,) in payloads:
            if found := MARK.search(json.loads(payload)["text"]):
                self.corrections[found[1], found[2]] = post

    def _stand(
        self, post: str, covers: Mapping[tuple[str, str], tuple[str, datetime]] | None, *, by: str = ""
    ) -> None:
        self.standings.setdefault(post, []).append(Standing(self.commits, covers, by))
        row = self.ledger.execute("SELECT agency, campaign, tags FROM posts WHERE id = ?", (post,)).fetchone()
        self.facts[post] = Facts(row[0], row[1], tuple(json.loads(row[2])))

    def _covered(self, post: str, approved: str) -> Mapping[tuple[str, str], tuple[str, datetime]] | None:
        """Return what an approved hash covers; None where the ledger holds something else."""
        rows = self.ledger.execute(
            "SELECT d.channel, d.locale, coalesce(d.variant, ''), d.due, v.payload FROM deliveries d "
            "LEFT JOIN variants v ON v.hash = d.variant WHERE d.post = ? AND d.state != 'cancelled'",
            (post,),
        ).fetchall()
        lines = sorted([row[0], row[1], row[2], _minute(row[3])] for row in rows)
        spelled = json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if hashlib.sha256(spelled.encode()).hexdigest() != approved:
            return None
        return {
            (row[0], row[1]): (json.loads(row[4])["text"], datetime.fromisoformat(row[3]))
            for row in rows
            if row[4] is not None
        }


def _minute(due: str) -> str:
    return datetime.fromisoformat(due).replace(second=0, microsecond=0).isoformat()
