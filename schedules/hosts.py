"""Whether the host of an address is on the public net: what a calendar names is fetched by others.

loa itself fetches nothing that a calendar names. Platforms do, and one of them may stand in the office's own
network: a Bot API server of one's own.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

#: Networks whose addresses stand for IPv4 addresses, whatever those are; Python calls them global.
_STANDING_FOR = (IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16"))
#: Last parts of names that no public name has.
_INNER = frozenset({"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp"})
#: A last part is letters, or an encoded word: `0x7f.1` and `127.1` are numbers to whoever resolves them.
_LAST = re.compile(r"[^\W\d_]{2,63}|xn--[a-z0-9-]{2,59}")


def is_public(host: str) -> bool:
    """Tell whether a host may be on the public net, by its name or number alone. Pure."""
    try:
        return _is_global(ip_address(host))
    except ValueError:
        labels = host.removesuffix(".").split(".")
        last = labels[-1]
        return len(labels) > 1 and all(labels) and bool(_LAST.fullmatch(last)) and last not in _INNER


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return False
        if any(address in network for network in _STANDING_FOR):
            return False
    return address.is_global and not address.is_multicast
