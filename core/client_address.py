"""The client's address, as the proxies in front of the portal report it.

Each proxy appends to X-Forwarded-For the address that its request came from. Only what our own
proxies (TRUSTED_PROXIES) appended is believed, so the header is read from the right: anybody may
write its left end. Afterwards REMOTE_ADDR is the client for everything that reads it: throttles,
logs and libraries.
"""

import re
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

# The headers in which a proxy describes the client. From anybody else they are not believed.
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
# "10.0.0.1:8080" and "[2001:db8::1]:8080"
_WITH_PORT = re.compile(r"^(?:\[(?P<six>[^\]]+)\]|(?P<four>\d+\.\d+\.\d+\.\d+))(?::\d+)?$")

Address = IPv4Address | IPv6Address


class TrustedProxies:
    """The setting TRUSTED_PROXIES: empty, the number of proxies, or addresses and networks.

    Raises ImproperlyConfigured when it is none of these.
    """

    def __init__(self, values: Sequence[str]) -> None:
        self.count = 0
        self.networks: list[Any] = []
        words = [value.strip() for value in values if value.strip()]
        if len(words) == 1 and words[0].isdigit():
            self.count = int(words[0])
            return
        try:
            self.networks = [ip_network(word) for word in words]
        except ValueError as error:
            raise ImproperlyConfigured(
                f"TRUSTED_PROXIES is a count or a list of addresses and networks: {error}"
            ) from error

    def __bool__(self) -> bool:
        return bool(self.count or self.networks)

    def client(self, peer: str, forwarded_for: str) -> str:
        """Find the client's address from that of the connection and the X-Forwarded-For header.

        `peer` is "" through a Unix socket. Reading stops at an entry that is no address.
        """
        hops = [hop for hop in forwarded_for.split(",") if hop.strip()]
        if self.count:
            nearest = hops[-self.count :][:1]
            address = parsed(nearest[0]) if nearest else None
            return str(address) if address else peer
        client = peer
        for hop in reversed(hops):
            address = parsed(hop)
            if address is None or not self.includes(client):
                break
            client = str(address)
        return client

    def includes(self, peer: str) -> bool:
        """Whether the connection comes from a trusted proxy. A Unix socket ("") counts as one."""
        if self.count or (self.networks and not peer):
            return True
        address = parsed(peer)
        return address is not None and any(address in network for network in self.networks)


class ClientAddressMiddleware:
    """Middleware that sets REMOTE_ADDR to the client, and drops FORWARDED headers of strangers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.proxies = TrustedProxies(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        if self.proxies.includes(peer):
            header = request.META.get("HTTP_X_FORWARDED_FOR", "")
            request.META["REMOTE_ADDR"] = self.proxies.client(peer, header)
        elif self.proxies:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)


def parsed(text: str) -> Address | None:
    """Read the address in `text`, without its port and brackets; None when it holds none."""
    text = text.strip().strip('"')
    if match := _WITH_PORT.match(text):
        text = match["six"] or match["four"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def client_network(text: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 network of an IPv6 address,
    whose other half the client may choose.

    A text that is no address is returned as it is. Everybody who comes through a Unix socket
    without a proxy counts as one client.
    """
    address = parsed(text)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address or text or "unix")
