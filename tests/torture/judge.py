"""Judge a home from outside: what readers see at the platforms against what its ledger says."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass

from tests.torture.office import Home


@dataclass(frozen=True)
class Judgement:
    """What came of all deliveries of a home; only `published` and `asked` are good ends."""

    published: int
    #: Left to people, who have been told: unknown to the end, or too late.
    asked: int
    #: Shown more than once.
    doubles: int
    #: Neither out nor told to anybody, or called published where nobody sees it.
    lost: int
    #: What SQLite says of the file: `ok`.
    integrity: str

    @property
    def sound(self) -> bool:
        """Tell whether nothing is doubled, lost or broken."""
        return (self.doubles, self.lost, self.integrity) == (0, 0, "ok")


def judge(home: Home) -> Judgement:
    """Compare the platforms with the ledger; every home of these tests has one post a channel."""
    shown = Counter((str(each["platform"]), str(each["channel"])) for each in home.shown())
    seen = {str(each["remote_id"]) for each in home.shown()}
    with closing(sqlite3.connect(home.ledger)) as ledger:
        rows = ledger.execute("SELECT post, state, remote_id FROM deliveries").fetchall()
        told = [key for (key,) in ledger.execute("SELECT key FROM notices")]
        integrity = str(ledger.execute("PRAGMA integrity_check").fetchone()[0])
    published = sum(state == "published" and remote_id in seen for _post, state, remote_id in rows)
    asked = sum(
        state != "published" and any(key.startswith(f"{state}:{post}:") for key in told)
        for post, state, _remote_id in rows
    )
    return Judgement(
        published=published,
        asked=asked,
        doubles=sum(count > 1 for count in shown.values()),
        lost=max(len(rows), home.deliveries) - published - asked,
        integrity=integrity,
    )
