"""What an office may set about its letters; the section `[mail]` has these very fields."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from content_queue.texts import _

#: One address, as a mail server takes it without quoting or extensions.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])")


def is_address(written: str) -> bool:
    """Tell whether this is one plain e-mail address."""
    return _ADDRESS.fullmatch(written) is not None


def address_or_none(written: str) -> str:
    """Refuse what is neither empty nor one e-mail address."""
    if written and not is_address(written):
        raise ValueError(_('cần một địa chỉ thư điện tử. Ví dụ: "an.nguyen@vidu.vn"'))
    return written


EmailAddress = Annotated[str, AfterValidator(address_or_none)]


@dataclass(frozen=True, slots=True)
class MailOptions:
    """The office's mail server; an empty host writes no letters."""

    host: str = ""
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    #: `starttls` begins in the open and goes on sealed, `tls` is sealed from the start.
    tls: Literal["starttls", "tls", "none"] = "starttls"
    #: Empty sends without signing in.
    user: str = ""
    #: Name of the secret that holds the password.
    password: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] = "mail"  # noqa: S105
    sender: EmailAddress = ""


def able(options: MailOptions) -> MailOptions:
    """Refuse options that could send nothing, or a password in the open."""
    if options.host and not options.sender:
        raise ValueError(_("có host thì cần sender, địa chỉ thư của văn phòng"))
    if options.user and options.tls == "none":
        raise ValueError(
            _('có user thì tls phải là "starttls" hoặc "tls", để mật khẩu không đi lộ trên mạng')
        )
    return options
