"""Addresses of the network: those of a host, and which of them are public."""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence

Resolve = Callable[[str, int], Sequence[str]]
"""Finds the IP addresses of a host."""

IsPublic = Callable[[str], bool]
"""Tells whether an IP address may be connected to."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that carry an IPv4 address in their last 32 bits (RFC 6052)."""


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that the system's resolver finds, which also reads forms such as 2130706433 and 0x7f.1.

    Raises:
        OSError: there are none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public network.

    Private, loopback, link-local, unique local, shared, reserved, multicast and unspecified ones do not, nor
    do IPv6 addresses that stand for such an IPv4 address.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global and not parsed.is_multicast
    inside = tuple(_inside(parsed))
    own = parsed in _GLOBAL_UNICAST and parsed.is_global
    return (own or bool(inside)) and all(is_public(str(each)) for each in inside)


def _inside(address: ipaddress.IPv6Address) -> Iterable[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries: mapped, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    yield from address.teredo or ()
    if address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
