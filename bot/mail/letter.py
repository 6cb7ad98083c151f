"""A letter, and the message that a mail server takes for it. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; `mime` is `type/subtype`."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is written: plain text, and the same as HTML where it looks better."""

    to: str
    subject: str
    text: str
    html: str = ""
    files: tuple[Attachment, ...] = ()


class Whole(EmailPolicy):
    """Fold headers so that no blank is lost between two encoded words, as Python up to 3.12 loses some."""

    def fold(self, name: str, value: Any) -> str:
        """Fold what people read by the older way, all else by the newer."""
        if name == "Subject":
            return f"{name}: {_encoded(str(value), name)}\r\n"
        if name == "From":
            (one,) = value.addresses
            return f"{name}: {_encoded(one.display_name, name)} <{one.addr_spec}>\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Do the same for bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


#: What every letter is written by.
POLICY = Whole(linesep="\r\n")


def message_of(letter: Letter, *, sender: str, name: str, now: datetime) -> EmailMessage:
    """Return the message: `name` is the office's, beside its address `sender`."""
    message = EmailMessage(policy=POLICY)
    message["From"] = str(Address(_one_line(name), addr_spec=sender))
    message["To"] = letter.to
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _id_of(letter, sender, now)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for each in letter.files:
        kind, _slash, subtype = each.mime.partition("/")
        message.add_attachment(each.content, maintype=kind, subtype=subtype, filename=each.name)
    return message


def _encoded(text: str, name: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def _one_line(text: str) -> str:
    """Return a text that cannot begin another header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _id_of(letter: Letter, sender: str, now: datetime) -> str:
    """Name a letter by its content and moment: servers know a letter that comes twice by its id."""
    said = f"{now.isoformat()}\x00{letter.to}\x00{letter.subject}\x00{letter.text}"
    return f"<{hashlib.sha256(said.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"
