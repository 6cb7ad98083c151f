"""The judge of what comes after a post: corrected once, as approved; taken back where people asked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.simulator.outside import Key, Outside
from tests.simulator.platforms import Posted
from tests.simulator.record import Record

#: Where something lies: name of the channel, and its id there.
Place = tuple[str, str]


@dataclass(slots=True)
class Seen:
    """What readers see at one place: whose words, oldest first; not `marked` it is a removal notice."""

    names: list[str]
    marked: bool = True


@dataclass
class Aftermath:
    """Keeps what readers see."""

    outside: Outside
    record: Record
    there: dict[Place, Seen] = field(default_factory=dict)
    #: Corrections that stand in the place of what they correct.
    edits: set[Key] = field(default_factory=set)
    #: Post -> when people were told last what became of its take-back.
    reported: dict[str, datetime] = field(default_factory=dict)

    def appeared(self, post: Posted, key: Key) -> None:
        """Take in a new post; what corrects must not stand there already."""
        if key in self.edits:
            self.record.fail("corrected twice", f"{key} follows what it has edited")
        self.there[key[1], post.remote_id] = Seen([key[0]])

    def edited(self, place: Place, key: Key, seen: Collection[Key]) -> None:
        """Take in that words were written over others."""
        if key in seen:
            self.record.fail("corrected twice", f"{key} edits what it has followed")
        self.record.reach("corrected in place")
        self.edits.add(key)
        self.there[place].names.append(key[0])

    def removed(self, place: Place, *, notice: bool) -> None:
        """Take in that something is gone, or says that it was taken back."""
        found = self.there[place]
        if not any(name in self.outside.retracts for name in found.names):
            self.record.fail("removed unasked", f"{found.names} on {place[0]}")
        self.record.reach("notice instead" if notice else "taken back")
        if notice:
            found.marked = False
        else:
            del self.there[place]

    def forget(self, codes: Collection[str]) -> None:
        """Forget rows that are long over."""
        self.there = {at: one for at, one in self.there.items() if _code(one.names[0]) not in codes}
        self.edits = {key for key in self.edits if _code(key[0]) not in codes}
        self.reported = {post: at for post, at in self.reported.items() if _code(post) not in codes}

    # --- a day later ---

    def judge_edit(self, key: Key, place: Place) -> None:
        """Judge a correction that is said to stand in place: nothing older stands there instead."""
        found = self.there.get(place)
        if found and found.marked and number_of(found.names[-1]) < number_of(key[0]):
            self.record.fail("corrected in vain", f"{key} is over, and {found.names[-1]} is there")

    def judge_takebacks(self, until: datetime) -> None:
        """Judge what people asked to take back before a moment."""
        for post, asked in self.outside.retracts.items():
            for at in [at for at in asked if at < until]:
                asked.remove(at)
                for row in self._takebacks(post):
                    self._judge_takeback(post, at, row)

    def _takebacks(self, post: str) -> Iterator[Mapping[str, Any]]:
        query = (
            "SELECT d.channel, d.locale, d.state, coalesce(d.remote_id, ''), d.due, "
            "t.id IS NOT NULL, t.ended_at, t.removed, t.told "
            "FROM deliveries d LEFT JOIN takebacks t ON t.delivery = d.id WHERE d.post = ?"
        )
        names = ("channel", "locale", "state", "id", "due", "asked", "ended", "removed", "told")
        for row in self.outside.ledger.execute(query, (post,)):
            yield dict(zip(names, row, strict=True))

    def _judge_takeback(self, post: str, at: datetime, row: Mapping[str, Any]) -> None:
        key = (post, row["channel"], row["locale"])
        begun = self.outside.begun.get(key)
        if begun is None or begun >= at:  # never out then; should it come again, it is by a new decision
            return
        found = self.there.get((row["channel"], row["id"]))
        wrong = self._wrong(post, at, row, found)
        if wrong:
            self.record.fail("not taken back", f"{key}, asked {at.isoformat()}: {wrong}")

    def _wrong(self, post: str, at: datetime, row: Mapping[str, Any], found: Seen | None) -> str:
        """Say what is wrong with a take-back; empty where readers see what people were told."""
        stays = found is not None and found.marked
        if row["state"] == "unconfirmed":  # nobody knows, and people were asked
            return ""
        if row["state"] in ("published", "retracted") and not row["asked"]:
            return "nobody wrote it down"
        if row["asked"] and row["ended"] is None:
            return f"still open, {row['state']}"
        if row["removed"] is not None or not row["told"]:
            return "still there" if stays else ""
        self.record.reach("left standing")
        return "" if self.reported.get(post, at - timedelta(1)) >= at else "nobody was told that it stays"


def number_of(name: str) -> int:
    """Return the number of a correction, 0 for what it corrects."""
    return int(name.partition("-DC")[2] or 0)


def _code(name: str) -> str:
    return name.partition("-")[0]
