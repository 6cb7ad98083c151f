"""What an office may set about what it shows to the web: `[media]` and `[page]` have these very fields."""

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from content_queue.texts import _

#: The highest number of a port.
PORTS = 65_535
#: Hosts that a browser asks without leaving the machine.
OWN = ("127.0.0.1", "localhost")


def _public(address: str) -> str:
    """Refuse an address that platforms do not fetch from."""
    if address and not address.startswith("https://"):
        raise ValueError(_("cần một địa chỉ bắt đầu bằng https://, vì nền tảng chỉ tải ảnh từ đó"))
    return address.rstrip("/")


def _sealed(address: str) -> str:
    """Refuse an address under which a PIN would cross a network in the open."""
    parts = urlsplit(address)
    if address and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in OWN):
        raise ValueError(_("cần một địa chỉ bắt đầu bằng https://, vì người duyệt gõ mã PIN ở đó"))
    return address.rstrip("/")


def _socket(written: str) -> str:
    """Refuse what is no `address:port`."""
    host, _colon, port = written.rpartition(":")
    try:
        IPv4Address(host)
        ok = port.isascii() and port.isdigit() and int(port) <= PORTS
    except ValueError:
        ok = False
    if not ok:
        raise ValueError(_('cần địa chỉ và cổng. Ví dụ: "127.0.0.1:8089"'))
    return written


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Where platforms that fetch pictures by themselves find ours: behind the office's own web server."""

    #: Public https address that leads to the listener; empty serves nothing.
    public_url: Annotated[str, AfterValidator(_public)] = ""
    #: Address and port of the listener; port 0 takes a free one.
    listen: Annotated[str, AfterValidator(_socket)] = "127.0.0.1:8089"


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The approval page: behind the office's own web server, on a listener of its own."""

    #: Address that people open, leading to the listener; empty serves nothing.
    public_url: Annotated[str, AfterValidator(_sealed)] = ""
    #: Address and port of the listener.
    listen: Annotated[str, AfterValidator(_socket)] = "127.0.0.1:8090"
