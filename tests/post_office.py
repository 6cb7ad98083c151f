"""A mail server that stands in for the office's: takes letters on a loopback port and keeps them."""

import asyncio
import logging
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.acceptance.running import PATIENCE, until

# it writes whole conversations down; ours is the other side
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass
class PostOffice:
    """What came, in its order; `refusals` is address -> what the server answers instead of taking it."""

    refusals: Mapping[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient or not."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a letter."""
        raw = envelope.content
        assert isinstance(raw, bytes)
        message = message_from_bytes(raw, EmailMessage, policy=POLICY)
        with self._lock:
            self.taken.append(message)
        return "250 OK"

    def sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: LoginPassword
    ) -> AuthResult:
        """Let anybody in, and remember who it was."""
        self.logins.append((told.login.decode(), told.password.decode()))
        return AuthResult(success=True)

    def letters_to(self, address: str) -> list[EmailMessage]:
        """Return the letters that came for an address, oldest first."""
        with self._lock:
            return [each for each in self.taken if each["To"] == address]

    def letter_to(self, address: str, *, words: str = "") -> EmailMessage:
        """Wait for a letter with these words, and return the newest such."""

        def newest() -> EmailMessage | None:
            found = [each for each in self.letters_to(address) if words in text_of(each)]
            return found[-1] if found else None

        letter = until(newest, f"a letter to {address} with “{words}”")
        assert letter is not None
        return letter


def text_of(message: EmailMessage) -> str:
    """Return what a letter says to whoever reads plain text, its subject first."""
    body = message.get_body(("plain",))
    return f"{message['Subject']}\n{body.get_content() if body else ''}"


@contextmanager
def post_office(
    refusals: Mapping[str, str] | None = None, *, certificate: Path | None = None
) -> Iterator[PostOffice]:
    """Open a mail server; with a certificate (and its key in one file) it seals, and wants a login.

    It has a thread of its own: tests wait for letters of other processes.
    """
    office, loop = PostOffice(refusals or {}), asyncio.new_event_loop()
    sealed = _sealed(certificate) if certificate else {}
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    serving = asyncio.run_coroutine_threadsafe(_serve(office, sealed), loop)
    try:
        server = serving.result(PATIENCE)
        yield office
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _sealed(certificate: Path) -> dict[str, Any]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return {"tls_context": context, "require_starttls": True, "auth_required": True}


async def _serve(office: PostOffice, sealed: dict[str, Any]) -> asyncio.Server:
    loop = asyncio.get_running_loop()

    def answer() -> SMTP:
        return SMTP(office, hostname="stand-in", loop=loop, authenticator=office.sign_in, **sealed)

    server = await loop.create_server(answer, "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    return server


async def _end(server: asyncio.Server) -> None:
    """Close the server, and what is connected still."""
    server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0)
