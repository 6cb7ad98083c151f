"""Tokens that platforms gave, sealed; only these functions open them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from content_queue.models import Grant, Question, Token
from content_queue.sealing import Ring, SealError
from content_queue.store.tables import tokens

#: How long before its end an access token is renewed, so that a failing day is noticed in time.
AHEAD = timedelta(hours=12)
_MINE = tokens.c.rehearsal == bindparam("world")
_KNOWN = select(*(tokens.c[name] for name in Token.__slots__)).where(_MINE).order_by(tokens.c.name)
_ONE = _KNOWN.where(tokens.c.name == bindparam("key"))
_OPENED = select(tokens.c.name, tokens.c.platform, tokens.c.sealed).where(
    _MINE, tokens.c.name.in_(bindparam("keys", expanding=True)), tokens.c.sealed.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Vault:
    """The keys, read anew at each use since they may be changed, and whether all this is a rehearsal.

    Whatever is sealed is sealed inside the transaction that keeps it: so a change of keys, which is one
    too, leaves nothing behind under a key that is thrown away.
    """

    keys: Callable[[], Ring]
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A grant, whose it is, and the person who authorised it."""

    name: str
    platform: str
    account: str
    grant: Grant
    person: str


def known(connection: Connection, vault: Vault) -> list[Token]:
    """Return all tokens of this world, by name."""
    return [Token(*row) for row in connection.execute(_KNOWN, {"world": vault.rehearsal})]


def named(connection: Connection, vault: Vault, name: str) -> list[Token]:
    """Return the token of a name, if there is one."""
    return [Token(*row) for row in connection.execute(_ONE, {"world": vault.rehearsal, "key": name})]


def opened(connection: Connection, vault: Vault, names: Iterable[str]) -> Mapping[str, str | None]:
    """Return the access tokens of these names; None for one that the keys do not open."""
    rows = connection.execute(_OPENED, {"world": vault.rehearsal, "keys": list(names)}).all()
    return {row.name: _access(vault, row) for row in rows}


def keep(connection: Connection, vault: Vault, given: Given, now: datetime) -> None:
    """Keep what a person authorised; whatever was there before, or was begun with it, is over."""
    values: dict[str, Any] = {"platform": given.platform, "account": given.account, "person": given.person}
    values |= _granted(vault, (given.name, given.platform), given.grant, now)
    values["asked"] = None
    changed = connection.execute(
        update(tokens).where(_is(vault, given.name)).values(**values, version=tokens.c.version + 1)
    )
    if changed.rowcount == 0:
        first = {"rehearsal": vault.rehearsal, "name": given.name, "version": 1}
        connection.execute(insert(tokens).values(**values, **first))


def intend(connection: Connection, vault: Vault, token: Token, now: datetime) -> str | None:
    """Write down that a renewal begins, and return what to renew with; None if another was first.

    The caller commits before it uses it: it may be used once.

    Raises:
        SealError: the keys do not open it.
    """
    begun = connection.execute(
        update(tokens)
        .where(_is(vault, token.name, token.version), tokens.c.lost_at.is_(None))
        .values(intent_at=now)
        .returning(tokens.c.sealed, tokens.c.platform)
    ).first()
    if begun is None:
        return None
    return str(_open(vault, token.name, begun.platform, begun.sealed)["refresh"])


def renewed(connection: Connection, vault: Vault, token: Token, *, grant: Grant, now: datetime) -> bool:
    """Keep what a renewal gave, unless something newer stands there. Doing it twice is the same as once."""
    values = _granted(vault, (token.name, token.platform), grant, now)
    changed = connection.execute(
        update(tokens)
        .where(_is(vault, token.name, token.version))
        .values(**values, version=token.version + 1)
    )
    return changed.rowcount == 1


@dataclass(frozen=True, slots=True)
class Delay:
    """Why a renewal is tried later and when; with doubts, what was sent for it may be used up."""

    until: datetime
    reason: str
    doubts: int = 0


def hasten(connection: Connection, vault: Vault, token: Token, now: datetime) -> None:
    """Renew now: its platform says that access has ended, whatever it said before."""
    renewing = _is(vault, token.name, token.version) & tokens.c.renew_at.is_not(None)
    connection.execute(update(tokens).where(renewing).values(renew_at=now, until=now))


def put_off(connection: Connection, vault: Vault, token: Token, delay: Delay) -> None:
    """Renew later; while there are doubts the intent stands."""
    values: dict[str, Any] = {"renew_at": delay.until, "doubts": delay.doubts, "reason": delay.reason}
    if not delay.doubts:
        values["intent_at"] = None
    connection.execute(update(tokens).where(_is(vault, token.name, token.version)).values(**values))


def lose(connection: Connection, vault: Vault, token: Token, *, reason: str, now: datetime) -> bool:
    """Write down that only a person can get access again; False if that is known, or no more true."""
    values = {"lost_at": now, "person_by": now, "renew_at": None, "intent_at": None, "reason": reason}
    lost = connection.execute(
        update(tokens)
        .where(_is(vault, token.name, token.version), tokens.c.lost_at.is_(None))
        .values(**values)
    )
    return lost.rowcount == 1


def note_end(connection: Connection, vault: Vault, token: Token, *, end: datetime | None) -> None:
    """Write down what a platform now says of when a person must authorise again."""
    if end is not None and end != token.person_by:
        connection.execute(update(tokens).where(_is(vault, token.name, token.version)).values(person_by=end))


def ask(connection: Connection, vault: Vault, place: tuple[str, str, str], question: Question) -> None:
    """Keep the question that a person is sent off with, for `(name, platform, account)`."""
    name, platform, account = place
    asked = vault.keys().seal(json.dumps(asdict(question)), (name, platform, "question"))
    changed = connection.execute(update(tokens).where(_is(vault, name)).values(asked=asked))
    if changed.rowcount == 0:
        row = {"rehearsal": vault.rehearsal, "name": name, "platform": platform, "account": account}
        connection.execute(insert(tokens).values(**row, asked=asked, version=0, doubts=0, person=""))


def questions(connection: Connection, vault: Vault) -> Mapping[str, Question]:
    """Return the questions that nobody has answered yet, by the name of the token they are for."""
    open_ones = select(tokens.c.name, tokens.c.platform, tokens.c.asked).where(
        tokens.c.rehearsal == vault.rehearsal, tokens.c.asked.is_not(None)
    )
    return {
        row.name: Question(**json.loads(vault.keys().open(row.asked, (row.name, row.platform, "question"))))
        for row in connection.execute(open_ones)
    }


def reseal(connection: Connection, vault: Vault) -> tuple[int, list[str]]:
    """Seal everything with the first key; return how many tokens, and the names that no key opens."""
    count, lost = 0, []
    columns = (tokens.c.name, tokens.c.platform, tokens.c.sealed, tokens.c.asked)
    for row in connection.execute(select(*columns).where(tokens.c.rehearsal == vault.rehearsal)).all():
        try:
            values = dict(_resealed(vault.keys(), row))
        except SealError:
            lost.append(row.name)
            continue
        connection.execute(update(tokens).where(_is(vault, row.name)).values(**values))
        count += 1
    return count, lost


def forget(connection: Connection, vault: Vault, names: Sequence[str]) -> None:
    """Throw away what no key opens any more."""
    gone = {"sealed": None, "asked": None, "renew_at": None, "until": None, "person_by": None}
    connection.execute(
        update(tokens)
        .where(tokens.c.rehearsal == vault.rehearsal, tokens.c.name.in_(names))
        .values(**gone, intent_at=None, version=tokens.c.version + 1)
    )


def _resealed(ring: Ring, row: Any) -> Iterable[tuple[str, bytes]]:
    for column, what in (("sealed", "grant"), ("asked", "question")):
        sealed, whose = getattr(row, column), (row.name, row.platform, what)
        if sealed is not None:
            yield column, ring.seal(ring.open(sealed, whose), whose)


def _granted(vault: Vault, whose: tuple[str, str], grant: Grant, now: datetime) -> dict[str, Any]:
    """Return the columns of a grant that was just given."""
    plain = json.dumps({"access": grant.access, "refresh": grant.refresh})
    until = now + grant.lasts if grant.lasts is not None else None
    return {
        "sealed": vault.keys().seal(plain, (*whose, "grant")),
        "given_at": now,
        "until": until,
        "person_by": now + grant.person_within if grant.person_within is not None else None,
        "renew_at": renewal_time(grant, now),
        "intent_at": None,
        "doubts": 0,
        "lost_at": None,
        "reason": None,
    }


def renewal_time(grant: Grant, now: datetime) -> datetime | None:
    """Return when a grant is renewed: twelve hours before its end, or at half its life if that is later."""
    if not grant.refresh or grant.lasts is None:
        return None
    return now + max(grant.lasts - AHEAD, grant.lasts / 2)


def _access(vault: Vault, row: Any) -> str | None:
    try:
        return str(_open(vault, row.name, row.platform, row.sealed)["access"])
    except SealError:
        return None


def _open(vault: Vault, name: str, platform: str, sealed: bytes) -> dict[str, str]:
    plain: dict[str, str] = json.loads(vault.keys().open(sealed, (name, platform, "grant")))
    return plain


def _is(vault: Vault, name: str, version: int | None = None) -> ColumnElement[bool]:
    """Return the row of a name, in one version only where that matters."""
    mine = (tokens.c.rehearsal == vault.rehearsal) & (tokens.c.name == name)
    return mine if version is None else mine & (tokens.c.version == version)
