"""Renew tokens that run out, by the one renewer of a home: intent before use, commit before first use.

A refresh token may be used once. Nobody can tell whether an answer that never came had used it up; so
the same one is tried again: either it was not used, and all is well, or the platform refuses it, and a
person is asked at once, with the link to authorise.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from content_queue.delivery.lifetimes import QUIET, STUCK, again, doubts_after, due
from content_queue.delivery.tokens import Tokens
from content_queue.delivery.works import Works
from content_queue.models import Channel, Grant, Token, new_question
from content_queue.outcomes import ChannelClosedError, NotSentError, PublishError, UnknownOutcomeError
from content_queue.ports import Login, Looker
from content_queue.sealing import SealError
from content_queue.store import Connection, LedgerError, ahead, tokens
from content_queue.store.approvals import PROVINCE
from content_queue.store.audit import Act, note
from content_queue.store.notices import Word, tell
from content_queue.store.tokens import Delay, Vault
from content_queue.texts import _

log = logging.getLogger(__name__)
#: Seconds before a renewal that brought no answer is tried once more, at once.
SOON = 5.0
#: Seconds after which a token that was renewed because it was refused may be renewed for that again.
REVIVAL = 3600.0
#: How long the keys are left alone that do not open a token.
SEALED = timedelta(minutes=10)


@dataclass(slots=True)
class Renewals:
    """Everything that renewing works with; `logins` and `lookers` are by platform."""

    works: Works
    vault: Vault
    logins: Mapping[str, Login]
    tokens: Tokens
    lookers: Mapping[str, Looker] = field(default_factory=dict)
    entropy: Callable[[int], bytes] = os.urandom
    #: Name -> token, as last read.
    known: dict[str, Token] = field(default_factory=dict)
    #: Platform -> the moment until which it asked to be left alone.
    resting: dict[str, datetime] = field(default_factory=dict)
    #: Name -> the monotonic second at which it was revived last, and the version that was refused.
    _revived: dict[str, tuple[float, int]] = field(default_factory=dict)
    _round: "asyncio.Task[None] | None" = None
    _ended: bool = False

    async def tick(self) -> None:
        """Take over what changed, and begin a round where something is due and none runs."""
        known = await self.works.ledger.read(self.load)
        busy = await self.works.ledger.read(self._busy)
        waiting = due(known, self.works.clock.now(), busy=busy)
        if waiting and not self._ended and (self._round is None or self._round.done()):
            self._round = asyncio.create_task(self.round(waiting))

    async def round(self, waiting: list[Token]) -> None:
        """Renew one after the other, until one fails: the others are better off waiting then."""
        for token in waiting:
            login = self.logins.get(token.platform)
            rested = self.resting.get(token.platform, self.works.clock.now())
            if self._ended or login is None or rested > self.works.clock.now():
                continue
            try:
                failed = await self._renew(token, login)
                if failed is not None:
                    await self.works.ledger.run(partial(self._tell_stuck, waiting=waiting, failed=failed))
                    return
            except LedgerError:
                log.warning("Renewal waits for the ledger", extra={"action": "renewal_waits"})
                return

    async def revive(self, name: str) -> bool:
        """Renew at once, once an hour, what its platform refuses; tell whether waiting for that may help."""
        token, now = self.known.get(name), self.works.clock.monotonic()
        if token is None or token.renew_at is None:
            return False
        at, version = self._revived.get(name, (0.0, 0))
        if not version or now - at > REVIVAL:
            self._revived[name] = (now, token.version)
            hasten = partial(tokens.hasten, vault=self.vault, token=token, now=self.works.clock.now())
            await self.works.ledger.run(hasten)
            return True
        return token.version == version

    async def finish(self) -> None:
        """Begin nothing more; return when what is under way has ended."""
        self._ended = True
        if self._round is not None:
            await asyncio.gather(self._round, return_exceptions=True)

    def load(self, connection: Connection) -> list[Token]:
        """Open whatever changed since the last time, and return all that is known."""
        known = tokens.known(connection, self.vault)
        self.tokens.load(connection, self.vault, known)
        self.known = {token.name: token for token in known}
        return known

    def _reload(self, connection: Connection, *, name: str) -> None:
        token = tokens.named(connection, self.vault, name)
        self.tokens.load(connection, self.vault, token)
        self.known.update((one.name, one) for one in token)

    def _busy(self, connection: Connection) -> set[str]:
        now = self.works.clock.now()
        soon = ahead.channels_due(connection, now, now + QUIET)
        return {self.works.channels[name].token for name in soon if name in self.works.channels}

    async def _renew(self, token: Token, login: Login) -> Exception | None:
        """Renew one; return why that did not go well."""
        works = self.works
        async with works.gate.alone(token.name):
            begun = works.clock.now()
            try:
                intend = partial(tokens.intend, vault=self.vault, token=token, now=begun)
                refresh = await works.ledger.run(intend)
            except SealError as error:
                await works.ledger.run(partial(self._sealed, token=token))
                return error
            if refresh is None:  # a person was first
                return None
            self.tokens.learn(refresh)
            got = await self._ask(login, refresh)
            await works.keep(partial(self._end, token=token, got=got, begun=begun))
            self.tokens.forget(refresh)
            await works.ledger.read(partial(self._reload, name=token.name))  # before it is used again
            return None if isinstance(got, Grant) else got

    async def _ask(self, login: Login, refresh: str) -> Grant | PublishError:
        """Ask for the next grant, at most twice: only the platform knows whether the first try counted."""
        try:
            return await self._answer(login, refresh)
        except UnknownOutcomeError as error:
            if self._ended:  # the next daemon asks again
                return error
            await self.works.clock.sleep(SOON)
        except PublishError as error:
            return error
        try:
            return await self._answer(login, refresh)
        except NotSentError as error:  # the first try stays open
            return UnknownOutcomeError(str(error))
        except PublishError as error:
            return error

    @staticmethod
    async def _answer(login: Login, refresh: str) -> Grant:
        try:
            return await login.renew(refresh)
        except PublishError:
            raise
        except Exception as error:
            log.exception("Login failed", extra={"action": "login_failed"})
            told = _("Chương trình gặp lỗi khi gia hạn ({kind}).").format(kind=type(error).__name__)
            raise UnknownOutcomeError(told) from error

    def _end(
        self, connection: Connection, *, token: Token, got: Grant | PublishError, begun: datetime
    ) -> None:
        """Write down how a renewal ended; twice is the same as once."""
        now = self.works.clock.now()
        if isinstance(got, Grant):
            tokens.renewed(connection, self.vault, token, grant=got, now=begun)
        elif isinstance(got, ChannelClosedError):
            self._lose(connection, token, str(got), now)
        else:
            self._put_off(connection, token, got, now)

    def _put_off(self, connection: Connection, token: Token, got: PublishError, now: datetime) -> None:
        later = again(got, token, now)
        if isinstance(got, NotSentError):
            self.resting[token.platform] = later
        doubts = doubts_after(got, token)
        tokens.put_off(connection, self.vault, token, Delay(later, str(got), doubts))

    def _lose(self, connection: Connection, token: Token, reason: str, now: datetime) -> None:
        """Tell at once that only a person can help, and where."""
        if not tokens.lose(connection, self.vault, token, reason=reason, now=now):
            return
        question = new_question(self.entropy)
        tokens.ask(connection, self.vault, (token.name, token.platform, token.account), question)
        link = self.logins[token.platform].link(question)
        text = _(
            "Kênh {channel} sắp không đăng được nữa: {reason}\n"
            "Cần quản trị viên của kênh mở liên kết này và bấm đồng ý: {link}\n"
            "Rồi chép địa chỉ của trang hiện ra sau đó, gõ: loa channels connect {platform}"
        )
        said = text.format(channel=self.named(token), reason=reason, link=link, platform=token.platform)
        tell(connection, Word(f"lost:{token.name}:{token.version}", self.agency(token), "", said), now)
        note(connection, Act(now, "loa", "loa", "lose_access", token.name, {"reason": reason}))
        log.error("Access lost", extra={"action": "access_lost", "token": token.name})

    def _tell_stuck(self, connection: Connection, *, waiting: Sequence[Token], failed: Exception) -> None:
        """Tell of every token whose access ends soon and that nothing renews."""
        now = self.works.clock.now()
        text = _(
            "Chưa gia hạn được khóa của kênh {channel}: {reason} Loa vẫn tự thử lại; "
            "xin kiểm tra mạng của máy chủ. Khóa hiện có hết hạn sau {hours} giờ."
        )
        for token in waiting:
            left = (token.until or now) - now
            if left < STUCK and isinstance(failed, NotSentError | UnknownOutcomeError):
                hours = max(0, int(left / timedelta(hours=1)))
                said = text.format(channel=self.named(token), reason=failed, hours=hours)
                key = f"stuck:{token.name}:{token.version}"
                tell(connection, Word(key, self.agency(token), "", said), now)

    def _sealed(self, connection: Connection, token: Token) -> None:
        now = self.works.clock.now()
        text = _(
            "Không mở được khóa của kênh {channel} trong sổ: thiếu tệp khóa token-key đúng. "
            "Hãy đặt lại tệp ấy từ bản cất riêng, hoặc cấp quyền lại: loa channels connect {platform}"
        )
        said = text.format(channel=self.named(token), platform=token.platform)
        tokens.put_off(connection, self.vault, token, Delay(now + SEALED, said, token.doubts))
        tell(connection, Word(f"sealed:{token.name}:{now:%Y-%m-%d}", self.agency(token), "", said), now)

    def _channels(self, token: Token) -> list[Channel]:
        return [one for one in self.works.channels.values() if one.token == token.name]

    def named(self, token: Token) -> str:
        """Return the channels that a token opens, by their names."""
        return ", ".join(one.name for one in self._channels(token)) or token.name

    def agency(self, token: Token) -> str:
        """Return who is told of a token."""
        return next((one.agency for one in self._channels(token)), PROVINCE)
