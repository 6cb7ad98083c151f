"""Let somebody decide in one's name while one is away: said by who is away, until a set time."""

import re
from collections.abc import Sequence

from bot.acts import By
from bot.desk import Desk
from bot.moments import read_moment, show
from bot.people import person_named
from content_queue.models import Person
from content_queue.models.rules import MAY_SAY, Delegation, same_name
from content_queue.store import Connection, reviews
from content_queue.store.approvals import NotAllowedError
from content_queue.store.audit import Act
from content_queue.store.notices import Word, tell
from content_queue.texts import _

#: `<name> [từ <time>] đến <time>`, with marks or without, or in English.
_ASKED = re.compile(
    r"(?P<name>.+?)(?:\s+(?:từ|tu|from)\s+(?P<since>.+?))?\s+(?:đến|den|tới|toi|until)\s+(?P<until>.+)",
    re.IGNORECASE,
)
#: Words that end a delegation.
ENDING = frozenset({"thoi", "het", "end", "stop"})


def delegate(connection: Connection, by: By, wanted: Delegation, *, desk: Desk) -> Delegation:
    """Let another person decide in the own name; who takes it over is told. `wanted` has no number yet.

    Raises:
        NotAllowedError: one has nothing to give, there is no such person, or the times are none.
    """
    if not by.person.roles & set().union(*MAY_SAY.values()):
        told = _("{name} không có quyền duyệt nên không có gì để ủy quyền.")
        raise NotAllowedError(told.format(name=by.person.name))
    taker = _taker(by.person, wanted.taker, desk.people)
    if wanted.until <= max(wanted.since, by.now):
        raise NotAllowedError(_("Giờ kết thúc ủy quyền phải sau giờ bắt đầu và sau lúc này."))
    given = Delegation(0, by.person.name, taker.name, wanted.since, wanted.until)
    detail = {"to": taker.name, "from": wanted.since.isoformat(), "until": wanted.until.isoformat()}
    done = reviews.delegate(connection, given, Act(by.now, by.person.name, by.way, "delegate", "", detail))
    tell(connection, Word(f"delegated:{done.id}", "", taker.name, show_delegation(done)), by.now)
    return done


def _taker(giver: Person, name: str, people: Sequence[Person]) -> Person:
    taker = person_named(people, name)
    if taker is None:
        told = _("Không có ai tên “{name}” trong settings.toml.")
        raise NotAllowedError(told.format(name=name))
    if same_name(taker.name, giver.name):
        raise NotAllowedError(_("Xin ủy quyền cho một người khác."))
    return taker


def take_over_again(connection: Connection, by: By) -> list[Delegation]:
    """End all that one has given; who had it is told.

    Raises:
        NotAllowedError: one has given nothing.
    """
    given = [each for each in delegations(connection, by) if same_name(each.giver, by.person.name)]
    if not given:
        raise NotAllowedError(_("Anh/chị không có ủy quyền nào đang có hiệu lực."))
    for each in given:
        act = Act(by.now, by.person.name, by.way, "end_delegate", "", {"to": each.taker})
        reviews.end_delegation(connection, each.id, act)
        told = _("{giver} đã thôi ủy quyền duyệt bài cho {taker}.").format(giver=each.giver, taker=each.taker)
        tell(connection, Word(f"undelegated:{each.id}", "", each.taker, told), by.now)
    return given


def delegations(connection: Connection, by: By) -> list[Delegation]:
    """Return what is in force or to come, given by a person or to this person."""
    found = reviews.open_delegations(connection, by.now)
    return [each for each in found if any(same_name(by.person.name, n) for n in (each.giver, each.taker))]


def read_delegation(words: str, by: By) -> Delegation:
    """Read `<name> [từ <time>] đến <time>`.

    Raises:
        NotAllowedError: it is written otherwise.
    """
    asked = _ASKED.fullmatch(words.strip())
    if asked is None:
        raise NotAllowedError(
            _("Xin ghi người nhận và giờ kết thúc, ví dụ: /uy_quyen Lê Văn Duyệt đến 20/11 17:00")
        )
    until = read_moment(asked["until"], by.now)
    since = read_moment(asked["since"], by.now) if asked["since"] else by.now
    return Delegation(0, by.person.name, asked["name"].strip(), since, until)


def show_delegation(each: Delegation) -> str:
    """Say who decides in whose name, from when until when."""
    told = _(
        "{giver} ủy quyền cho {taker} duyệt bài thay mình từ {since} đến {until}. "
        "Bài duyệt thay được ghi là “{taker} (thay {giver})”; không ai duyệt thay bài của người soạn."
    )
    return told.format(giver=each.giver, taker=each.taker, since=show(each.since), until=show(each.until))
