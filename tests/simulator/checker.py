"""The judge: it knows what readers see, what people decided and were told, and nothing of the daemon."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.telegram import seals
from tests.simulator.aftermath import Aftermath
from tests.simulator.editors import Editors
from tests.simulator.office import PROBE, Outlet
from tests.simulator.outside import MARK, Key, Outside, Stop
from tests.simulator.platforms import Posted
from tests.simulator.record import Record
from tests.simulator.virtual import EPOCH, VirtualClock, seconds_at

WINDOW = timedelta(hours=2)
#: A request may be this long on its way, and a platform may act on it so late.
UNDER_WAY = timedelta(seconds=330)
#: After this everything about a delivery is settled and told.
SETTLED = timedelta(hours=26)
_POST = re.compile(r"SK\d+-\d{4}(?:-DC\d+)?")
_REPORT = re.compile(rf"Gỡ bài ({_POST.pattern}):")
#: First buttons under what only asks: who reads it is told of nothing that went wrong.
_ASKS = {seals.APPROVE, seals.TAKE_BACK, seals.CORRECT, seals.HOLD}
#: States in which a delivery has not gone out -> the rare event that it is.
STOPPED = {"missed": "missed", "held": "held", "failed": "", "unconfirmed": "left to people"}


class Checker:
    """Judges each post as it appears, and each delivery a day after its window."""

    def __init__(
        self,
        channels: Sequence[Outlet],
        outside: Outside,
        *,
        editors: Editors,
        clock: VirtualClock,
        machine: VirtualClock,
        record: Record,
    ) -> None:
        """Look at the world by the right clock, and at what the daemon did by its machine's."""
        self._by_id = {(one.platform, one.remote_id): one for one in channels}
        self._outside = outside
        self._editors = editors
        self._clock = clock
        self._machine = machine
        self._record = record
        self._seen: dict[Key, str] = {}
        self._after = Aftermath(outside, record)
        self._told: dict[str, float] = {}
        self._audited = EPOCH
        self._due_rows: list[tuple[datetime, str]] = []

    # --- as it happens ---

    def posted(self, post: Posted) -> None:
        """Judge what appeared."""
        if post.channel == PROBE:
            return
        channel = self._by_id[post.platform, post.channel]
        key = self._key(post, channel)
        self._record.counts["posted"] += 1
        if key is not None:
            self._judge(key, post, channel)
            self._after.appeared(post, key)

    def changed(self, post: Posted) -> None:
        """Judge what readers no longer see as it was."""
        if post.channel == PROBE:
            return
        channel = self._by_id[post.platform, post.channel]
        place = (channel.name, post.remote_id)
        found = self._after.there.get(place)
        if found is None:  # nobody had seen it
            return
        if post.text is None or not MARK.search(post.text):
            self._after.removed(place, notice=post.text is not None)
            return
        key = self._key(post, channel)
        if key is not None and key[0] != found.names[-1]:
            self._judge_content(key, post, channel)
            self._after.edited(place, key, self._seen)

    def _key(self, post: Posted, channel: Outlet) -> Key | None:
        """Return whose words these are; of a row that is long over nothing may appear."""
        mark = MARK.search(post.text or "")
        assert mark, post.text
        code, revision, locale = mark.groups()
        row = self._editors.rows.get(code)
        if row is None:
            self._record.fail("outside its window", f"{code} on {channel.name}, long over")
            return None
        return self._outside.corrections.get((code, revision), row.post), channel.name, locale

    def told(self, event: Mapping[str, Any]) -> None:
        """Remember what people were told or asked, in words that are no card for an approval."""
        if event["event"] == "sent" and event["messages"][0]["chat"]["id"] > 0:
            message = event["messages"][0]
            buttons = message.get("reply_markup", {}).get("inline_keyboard", [[{}]])
            asked = buttons[0][0].get("callback_data", "").partition(":")[0]
            if message.get("from", {}).get("is_bot") and asked not in _ASKS:
                for report in _REPORT.findall(message["text"]):  # one message may tell several things
                    self._after.reported[report] = self._clock.now()
                for post in _POST.findall(message["text"]):
                    self._told[post] = seconds_at(max(self._machine.shown(UNDER_WAY.total_seconds())))

    def fell_due(self, code: str, due: datetime) -> None:
        """Remember a row that stands in the calendar at its time: something must come of it."""
        self._due_rows.append((due, code))

    def forget(self, codes: Collection[str]) -> None:
        """Forget rows that are long over; should one appear once more, that is wrong all the same."""
        self._seen = {key: at for key, at in self._seen.items() if key[0].partition("-")[0] not in codes}
        self._after.forget(codes)
        self._told = {post: at for post, at in self._told.items() if post.partition("-")[0] not in codes}

    def _judge(self, key: Key, post: Posted, channel: Outlet) -> None:
        now = self._clock.now()
        if key in self._seen:
            self._record.fail("posted twice", f"{key} at {now.isoformat()}, first {self._seen[key]}")
            return
        self._seen[key] = now.isoformat()
        self._judge_content(key, post, channel)

    def _judge_content(self, key: Key, post: Posted, channel: Outlet) -> None:
        """Judge whether somebody else said yes to exactly this, at this time."""
        now, (name, _channel, locale) = self._clock.now(), key
        intent = self._outside.intents.get(key, self._outside.commits + 1)
        standing = self._outside.standing_at(name, intent)
        if standing is None or standing.covers is None:
            self._record.fail("posted unapproved", f"{key} at {now.isoformat()}")
            return
        code = name.partition("-")[0]
        if standing.by == self._outside.authors.get(name, self._editors.rows[code].author):
            self._record.fail("posted unapproved", f"{key}: only its author said yes")
        text, due = standing.covers.get((channel.name, locale), ("", now))
        if text != post.text:
            self._record.fail("posted other than approved", f"{key}: {post.text!r}, approved {text!r}")
        shown = self._machine.shown(UNDER_WAY.total_seconds())
        if not any(due <= at <= due + WINDOW + UNDER_WAY for at in shown):
            self._record.fail("outside its window", f"{key} at {now.isoformat()}, due {due.isoformat()}")
        self._judge_holds(key, channel, intent=intent, due=due)

    def _judge_holds(self, key: Key, channel: Outlet, *, intent: int, due: datetime) -> None:
        for name, stop in self._outside.stops.items():
            if not self._catches(stop, key, channel):
                continue
            begun = stop.is_in_force(self._outside.begun.get(key, self._clock.now()))
            if stop.began < intent and (stop.ended is None or stop.ended > intent) and begun:
                self._record.fail("posted inside a hold", f"{key} in {name}")
            elif not stop.pause and stop.covers(due):
                self._record.fail("released by itself", f"{key}, due {due.isoformat()} in {name}")

    def _catches(self, stop: Stop, key: Key, channel: Outlet) -> bool:
        facts = self._outside.facts[key[0]]
        if set(facts.tags) & set(stop.spares):
            return False
        belongs: Mapping[str, tuple[str, ...]] = {
            "channels": (channel.name,),
            "platforms": (channel.platform,),
            "languages": (key[2],),
            "agencies": (facts.agency,),
            "campaigns": (facts.campaign,),
            "tags": facts.tags,
        }
        return all(set(belongs[kind]) & set(names) for kind, names in stop.scope.items())

    # --- a day later ---

    def audit(self, until: datetime | None = None) -> None:
        """Judge every delivery whose window closed more than a day ago."""
        until = until or self._clock.now() - SETTLED
        rows = self._outside.ledger.execute(
            "SELECT d.id, d.post, d.channel, d.locale, d.state, d.due, p.state, "
            "CASE WHEN d.in_place THEN d.remote_id END FROM posts p "
            "JOIN deliveries d ON d.post = p.id WHERE p.due >= ? AND p.due < ? ORDER BY d.id",
            (_stored(self._audited - WINDOW), _stored(until - WINDOW)),
        ).fetchall()
        for row in rows:
            self._judge_end(*row)
        self._judge_rows(until)
        self._after.judge_takebacks(until)
        self._audited = until

    def _reach_by_attempts(self, delivery: int, state: str) -> None:
        """Note by which turns a delivery came to its end."""
        query = "SELECT outcome FROM attempts WHERE delivery = ? ORDER BY number"
        outcomes = [row[0] for row in self._outside.ledger.execute(query, (delivery,))]
        if state == "published" and outcomes[-1:] == ["unknown"]:
            self._record.reach("found by read-back")
        for outcome in outcomes[:-1]:
            self._record.reach("absence proven" if outcome == "unknown" else "retried")

    def _judge_end(self, number: int, *row: str) -> None:
        name, channel, locale, state, due, post_state, edited = row
        key = (name, channel, locale)
        out = key in self._seen
        self._record.counts[state] += 1
        self._reach_by_attempts(number, state)
        if state in ("scheduled", "publishing", "retrying"):
            self._record.fail("stuck", f"{key} is {state}, due {due}")
        elif state in ("published", "retracted"):
            self._judge_success(key, state, (channel, edited))
        elif state in ("missed", "held", "failed", "cancelled") and out:
            self._record.fail("denied", f"{key} is there and said to be {state}")
        elif state in STOPPED:
            if STOPPED[state]:
                self._record.reach(STOPPED[state])
            since = datetime.fromisoformat(due)
            if state == "unconfirmed":  # also if its row was moved while nobody knew
                since = min(since, self._outside.begun.get(key, since))
            if self._told.get(name, -1.0) < seconds_at(since):
                self._record.fail("lost", f"{key} is {state} (post {post_state}), and nobody was told")

    def _judge_success(self, key: Key, state: str, place: tuple[str, str]) -> None:
        """Judge what is said to be out, or to have been; an edit with its place."""
        if key not in self._seen and key not in self._after.edits:
            self._record.fail("lost", f"{key} is said to be {state} and never was there")
        elif state == "published" and place[1]:
            self._after.judge_edit(key, place)

    def _judge_rows(self, until: datetime) -> None:
        """Judge the rows themselves: each has a post, or somebody was told that it has none."""
        waiting = []
        for due, code in self._due_rows:
            if due >= until:
                waiting.append((due, code))
                continue
            name = self._editors.rows[code].post
            known = self._outside.ledger.execute("SELECT 1 FROM posts WHERE id = ?", (name,)).fetchone()
            if known is None and name not in self._told:
                self._record.fail("lost", f"the row {code}, due {due.isoformat()}, came to nothing")
        self._due_rows = waiting


def _stored(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
