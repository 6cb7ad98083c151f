"""Demands of authorities to take something back: read from words, listed, told to be done."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.acts import By
from bot.moments import show
from content_queue.models import Person
from content_queue.store import Connection
from content_queue.store.approvals import NotAllowedError, not_responsible
from content_queue.store.audit import Act
from content_queue.store.demands import Claim, Demand, close, left_of, open_demands
from content_queue.texts import _

#: `số VB 45/QĐ-STTTT của Sở TT&TT`: the document, and whose it is up to the next comma.
_ORDER = re.compile(
    r"[\s,;]*\b(?:theo\s+)?(?:số|so) (?:vb|văn bản|van ban)\s*:?\s*(?P<number>[^\s,;]+)"
    r"(?:\s+(?:của|cua|from)\s+(?P<body>[^,;:.\n]+))?",
    re.IGNORECASE,
)


def read_claim(words: str, now: datetime) -> tuple[Claim | None, str]:
    """Read `reason, số VB number của body`; return the demand, None without a document, and the reason."""
    found = _ORDER.search(words)
    if found is None:
        return None, words
    rest = f"{words[: found.start()]} {words[found.end() :]}".strip(" ,;:.")
    return Claim(found["number"], (found["body"] or "").strip(), now), rest


def reason_of(claim: Claim | None, reason: str) -> str:
    """Return the reason of a take-back; a demand is one by itself."""
    if claim is None or reason.strip():
        return reason
    told = _("theo văn bản số {number} của {body}") if claim.body else _("theo văn bản số {number}")
    return told.format(number=claim.number, body=claim.body)


def say_done(connection: Connection, number: str, by: By) -> Demand:
    """Let a person say that a demand is done: what no platform could remove was removed by hand.

    Raises:
        NotAllowedError: no such demand is open, or it is not the person's to close.
    """
    found = [each for each in open_demands(connection) if each.number.casefold() == number.strip().casefold()]
    if not found:
        raise NotAllowedError(_("Không có yêu cầu gỡ nào đang mở mang số {number}.").format(number=number))
    for each in found:
        if refusal := not_responsible(by.person, each.agency):
            raise NotAllowedError(refusal)
        left = left_of(connection, each)
        detail = {"left": left}
        close(
            connection, each, Act(by.now, by.person.name, by.way, "demand_done", f"demand:{each.id}", detail)
        )
    return found[0]


def show_demand(demand: Demand) -> str:
    """Say a demand in one line."""
    told = _(
        "Yêu cầu gỡ theo văn bản số {number} của {body}: {posts}; nhận lúc {received}, hạn {due}, {done}."
    )
    return told.format(
        number=demand.number,
        body=demand.body or _("cơ quan chưa ghi"),
        posts=", ".join(demand.posts),
        received=show(demand.received_at),
        due=show(demand.due_at),
        done=_("xong lúc {done}").format(done=show(demand.done_at)) if demand.done_at else _("chưa xong"),
    )


def own_demands(connection: Connection, person: Person) -> Sequence[Demand]:
    """Return the open demands that are a person's to see to."""
    return [each for each in open_demands(connection) if not_responsible(person, each.agency) is None]
