"""Which client a request comes from, behind our own proxies and those of others."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client

from core.client_address import ClientAddressMiddleware, TrustedProxies, client_network, parsed

PROXY, CLIENT, SPOOFED = "10.0.0.5", "203.0.113.7", "198.51.100.66"


@pytest.mark.parametrize(
    ("trusted", "peer", "header", "client"),
    [
        # Without proxies of ours no header is believed.
        ([], PROXY, SPOOFED, PROXY),
        ([], "", SPOOFED, ""),
        # One proxy: the rightmost address is the one it appended.
        (["1"], PROXY, CLIENT, CLIENT),
        (["1"], PROXY, f"{SPOOFED}, {CLIENT}", CLIENT),
        (["1"], "", f"{SPOOFED},{CLIENT}", CLIENT),
        (["1"], PROXY, "", PROXY),
        (["1"], PROXY, " , ", PROXY),
        (["1"], PROXY, f"{SPOOFED}, unknown", PROXY),
        # Two proxies, and a header that is shorter than they are.
        (["2"], PROXY, f"{SPOOFED}, {CLIENT}, 10.0.0.9", CLIENT),
        (["2"], PROXY, CLIENT, CLIENT),
        # Addresses and networks: read from the right to the first that is not ours.
        (["10.0.0.0/8"], PROXY, f"{SPOOFED}, {CLIENT}, 10.0.0.9", CLIENT),
        (["10.0.0.5", "10.0.0.9"], PROXY, f"{SPOOFED}, {CLIENT}, 10.0.0.9", CLIENT),
        (["10.0.0.5"], PROXY, f"{SPOOFED}, {CLIENT}, 10.0.0.9", "10.0.0.9"),
        (["10.0.0.5"], CLIENT, SPOOFED, CLIENT),
        (["10.0.0.5"], "", f"{SPOOFED}, {CLIENT}", CLIENT),
        (["10.0.0.0/8"], PROXY, "10.0.0.1, 10.0.0.2", "10.0.0.1"),
        (["10.0.0.0/8"], PROXY, f"{CLIENT}, skrald, 10.0.0.9", "10.0.0.9"),
        (["10.0.0.0/8"], "skrald", SPOOFED, "skrald"),
        # IPv6, ports, mapped addresses.
        (["1"], PROXY, "[2001:db8::1]:4711", "2001:db8::1"),
        (["1"], PROXY, "2001:db8::1", "2001:db8::1"),
        (["1"], PROXY, f"{CLIENT}:4711", CLIENT),
        (["1"], PROXY, f"::ffff:{CLIENT}", CLIENT),
        (["2001:db8:1::/48"], "2001:db8:1::5", CLIENT, CLIENT),
        (["10.0.0.5"], f"::ffff:{PROXY}", CLIENT, CLIENT),
    ],
)
def test_the_client_is_the_address_that_our_proxy_appended(
    settings: Any, trusted: list[str], peer: str, header: str, client: str
):
    settings.TRUSTED_PROXIES = trusted
    addresses: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        addresses.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = HttpRequest()
    request.META = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": header}
    ClientAddressMiddleware(view)(request)
    assert addresses == [client]


def test_headers_from_a_stranger_are_ignored(settings: Any):
    settings.TRUSTED_PROXIES = ["10.0.0.5"]
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": CLIENT, "HTTP_X_FORWARDED_PROTO": "https"}
    ClientAddressMiddleware(lambda request: HttpResponse())(request)
    assert "HTTP_X_FORWARDED_PROTO" not in request.META


@pytest.mark.parametrize("value", ["tre", "10.0.0.5/8", "10.0.0.5,x", "-1"])
def test_an_invalid_setting_is_refused(value: str):
    with pytest.raises(ImproperlyConfigured):
        TrustedProxies(value.split(","))


def test_an_ipv6_client_is_counted_by_its_network():
    assert client_network("2001:db8::1") == client_network("2001:db8::ffff") == "2001:db8::/64"
    assert client_network("203.0.113.7") != client_network("203.0.113.8")
    assert client_network("") == "unix"
    assert parsed("fe80::1%eth0") == parsed("fe80::1")


def test_a_unix_socket_logs_in_and_asks_for_a_link(client: Client, secretariat: Any):
    """A worker behind a Unix socket knows no client address."""
    typed = {"login": "sekretariat@demo.dk", "password": "forkert-kodeord"}
    assert client.post("/konto/log-ind/", typed, REMOTE_ADDR="").status_code == 200
    forgotten = client.post("/konto/adgangskode/glemt/", {"email": "a@b.dk"}, REMOTE_ADDR="")
    assert forgotten.status_code == 302
