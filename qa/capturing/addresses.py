"""Addresses of pages, and which machines they may lead to. Pure: nothing is resolved or asked.

A page, or a server that sends on to elsewhere, must not make this program ask machines that only
this one can reach: itself, the router, whatever stands in the same network.
"""

import ipaddress
import socket
from dataclasses import dataclass

import httpx

from qa.errors import CannotClip

LONGEST_ADDRESS = 8_000
"""Characters; servers and browsers take about as many (RFC 9110, 4.1)."""

PORTS = {"http": 80, "https": 443}

LOCAL_NAMES = ("localhost", "local", "internal", "lan", "home.arpa")
"""The last parts of names that are never those of machines in the open (RFC 6761, 6762, 8375)."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page, begun by `http://` or `https://`, without a fragment.

    `url` is in ASCII, as it goes over the network; `host` too, an IPv6 address without brackets.
    """

    url: str
    host: str
    port: int

    def of_machine(self, ip: str) -> str:
        """The same address with a machine's number in the place of the host's name."""
        return str(httpx.URL(self.url).copy_with(host=ip))

    def joined(self, location: str) -> "Address":
        """The address that a redirect from here names. Raises CannotClip."""
        return parse_address(str(httpx.URL(self.url).join(location)))


def parse_address(written: str) -> Address:
    """An address as a person has copied it. Raises CannotClip, which says what is wrong with it."""
    written = written.strip()
    shown = written[:200]
    if len(written) > LONGEST_ADDRESS:
        raise CannotClip(f"{shown!r}… is too long for an address. Copy it from a browser.")
    try:
        url = httpx.URL(written)
    except httpx.InvalidURL as error:
        raise CannotClip(f"{shown!r} is no address ({error}). Copy it from a browser.") from error
    if url.scheme not in PORTS or not url.host or url.port == 0:
        raise CannotClip(
            f"{shown!r} is no address of a page: those begin with http:// or https://. A file is "
            "read by: qa index FILE"
        )
    if url.userinfo:
        raise CannotClip(
            f"The address at {url.host} holds a name or a password, which would be kept with the "
            "page. Leave it out; what needs a login is clipped by the bookmarklet of qa chat."
        )
    url = url.copy_with(fragment=None)
    return Address(str(url), url.raw_host.decode("ascii").lower(), url.port or PORTS[url.scheme])


def is_public(host: str) -> bool:
    """Whether a machine, by its number or its name, is one in the open net.

    A name tells that only as far as it goes: what it resolves to has to be looked at too.
    """
    number = _number(host)
    if number is None:
        name = f".{host.rstrip('.').lower()}"
        return "." in name[1:] and not any(name.endswith(f".{one}") for one in LOCAL_NAMES)
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        address = inner or address
    return address.is_global and not address.is_multicast


def _number(host: str) -> str | None:
    """The machine's number that a host is written as, also as `127.1` or `0x7f000001`; or None."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None
