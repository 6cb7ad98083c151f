"""Where readers find a channel, as far as its id tells."""

from collections.abc import Callable, Mapping

from content_queue.models import Channel


def _facebook(remote_id: str) -> str:
    return f"https://www.facebook.com/{remote_id}"


def _telegram(remote_id: str) -> str:
    """Only a public channel has a name, and so an address."""
    return f"https://t.me/{remote_id[1:]}" if remote_id.startswith("@") else ""


def _zalo(remote_id: str) -> str:
    return f"https://zalo.me/{remote_id}"


#: Platform -> the address of a channel by its id; empty where it has none.
ADDRESSES: Mapping[str, Callable[[str], str]] = {
    "facebook": _facebook,
    "telegram": _telegram,
    "zalo": _zalo,
}


def address_of(channel: Channel) -> str:
    """Return the public address of a channel, empty where none is known."""
    address = ADDRESSES.get(channel.platform)
    return address(channel.remote_id) if address else ""
