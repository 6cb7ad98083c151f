"""Take letters to the office's mail server.

MailError                 it was not taken: try again later
`-- MailRefusedError      this letter will never be taken for this address
"""

import logging
from dataclasses import dataclass

from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, send

from bot.mail.letter import Letter, message_of
from bot.mail.options import MailOptions
from content_queue.ports import Clock, Secrets

log = logging.getLogger(__name__)
#: Seconds for connecting, and for each answer.
PATIENCE = 20.0
#: SMTP answers from here on are final (RFC 5321, 4.2.1).
FINAL = 500


class MailError(Exception):
    """The letter was not taken; the message names the kind of error, and no address."""


class MailRefusedError(MailError):
    """The server takes no letters for this address, and never will."""


@dataclass(frozen=True, slots=True)
class Postman:
    """Knows the office's mail server and its own address; `office` is the name letters come from."""

    options: MailOptions
    secrets: Secrets
    clock: Clock
    office: str

    @property
    def works(self) -> bool:
        """Tell whether the office has a mail server."""
        return bool(self.options.host)

    async def post(self, letter: Letter) -> None:
        """Hand one letter to the mail server.

        Raises:
            MailError: it was not taken this time.
            MailRefusedError: it is not taken for this address at all.
        """
        options = self.options
        message = message_of(letter, sender=options.sender, name=self.office, now=self.clock.now())
        try:
            await send(
                message.as_bytes(),
                sender=options.sender,
                recipients=[letter.to],
                hostname=options.host,
                port=options.port,
                use_tls=options.tls == "tls",
                start_tls=options.tls == "starttls",
                username=options.user or None,
                password=self.secrets.get(options.password) if options.user else None,
                timeout=PATIENCE,
            )
        except (SMTPException, OSError, ValueError, KeyError) as error:
            raise _error_from(error) from None
        log.info("Letter posted", extra={"action": "letter_posted"})


def _error_from(error: Exception) -> MailError:
    """Choose the error for what went wrong; its text names the kind and the server's code. Pure."""
    code = _code_of(error)
    told = f"{type(error).__name__} {code or ''}".strip()
    refused = isinstance(error, SMTPRecipientsRefused) and code >= FINAL
    return MailRefusedError(told) if refused else MailError(told)


def _code_of(error: Exception) -> int:
    """Return the server's answer code, 0 where it gave none."""
    if isinstance(error, SMTPRecipientsRefused):
        return min((each.code for each in error.recipients), default=0)
    return error.code if isinstance(error, SMTPResponseException) else 0
