"""The clients of `make prod-smoke`: browsers, slow clients, and a load of many browsers.

They reach the site through nginx, as the world does, or an instance by its port, as nginx does.
Each client has an address of its own in 127.0.0.0/8, and therefore its own limits.
"""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from itertools import count, cycle
from urllib.parse import urlencode

from tests.core.reading import Form, form_with

HOST = "portal.example.dk"
# Seconds that a client waits.
CLIENT_TIMEOUT = 30.0


@dataclass(frozen=True)
class Door:
    """A place to send requests to: nginx with its certificate, or an instance as nginx asks it."""

    port: int
    tls: ssl.SSLContext | None = None

    def connect(self, source: str, patience: float = CLIENT_TIMEOUT) -> socket.socket:
        # An instance believes only nginx, so the connection must come from nginx's address.
        address = source if self.tls else "127.0.0.1"
        plain = socket.create_connection(
            ("127.0.0.1", self.port), timeout=patience, source_address=(address, 0)
        )
        return self.tls.wrap_socket(plain, server_hostname=HOST) if self.tls else plain

    def headers(self, source: str) -> dict[str, str]:
        if self.tls:
            return {"Host": f"{HOST}:{self.port}"}
        return {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": source}


class _Connection(HTTPConnection):
    """A connection through a door."""

    def __init__(self, door: Door, source: str, patience: float) -> None:
        super().__init__("127.0.0.1", door.port)
        self._door, self._source, self._patience = door, source, patience

    def connect(self) -> None:
        self.sock = self._door.connect(self._source, self._patience)


@dataclass(frozen=True)
class Answer:
    """The answer to a request; its status is 0 when none came."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    seconds: float = 0.0

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    @property
    def instance(self) -> str:
        """The instance that answered last, from the header that nginx adds in the smoke test."""
        return self.headers.get("x-served-by", "").split(",")[-1].strip()


class Browser:
    """A browser that keeps cookies and sends forms as they are filled, but follows no redirects."""

    def __init__(
        self, door: Door, source: str = "127.0.0.1", patience: float = CLIENT_TIMEOUT
    ) -> None:
        self.door, self.source, self.patience = door, source, patience
        self.cookies: dict[str, str] = {}
        self._connection: _Connection | None = None

    def at(self, door: Door, source: str | None = None) -> "Browser":
        """Make a browser of the same person for another door."""
        other = Browser(door, source or self.source, self.patience)
        other.cookies = dict(self.cookies)
        return other

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: dict[str, object]) -> Answer:
        """Send a form as a browser does, with its origin, its referrer and the CSRF token."""
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        body = urlencode({**token, **fields}, doseq=True).encode()
        origin = f"https://{self.door.headers(self.source)['Host']}"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": origin,
            "Referer": f"{origin}{path}",
        }
        return self.ask("POST", path, body, headers)

    def form(self, path: str, name: str) -> Form:
        """Read the form of a page that has a field called `name`."""
        return form_with(self.get(path), name)

    def log_in(self, email: str, password: str) -> Answer:
        self.get("/konto/log-ind/")
        return self.post("/konto/log-ind/", {"login": email, "password": password})

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Make a request. A kept connection that the server has closed is opened again."""
        begun = time.monotonic()
        sent = self.door.headers(self.source) | (headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        is_kept = self._connection is not None
        try:
            answer = self._ask(method, path, body, sent, begun)
        except (OSError, HTTPException):
            self.close()
            if not is_kept or method == "POST":
                return Answer(0, seconds=time.monotonic() - begun)
            return self.ask(method, path, body, headers)
        if answer.headers.get("connection") == "close":
            self.close()
        return answer

    def _ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str], begun: float
    ) -> Answer:
        if self._connection is None:
            self._connection = _Connection(self.door, self.source, self.patience)
        # The server may refuse the request before all of it is sent; its answer can still be read.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        lower = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, lower, content, time.monotonic() - begun)

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


# Slow clients


class SlowClients:
    """A number of slow connections: a third each send headers, send bodies and read slowly."""

    def __init__(self, door: Door, number: int, cookies: dict[str, str]) -> None:
        self.door, self.cookies = door, cookies
        self.connected = [False] * number
        self._stopped = threading.Event()
        acts = cycle([self._slow_headers, self._slow_body, self._slow_reading])
        self._threads = [
            threading.Thread(target=self._go_on, args=(place, next(acts)), daemon=True)
            for place in range(number)
        ]

    @contextmanager
    def holding(self) -> Iterator["SlowClients"]:
        for thread in self._threads:
            thread.start()
        limit = time.monotonic() + CLIENT_TIMEOUT
        while not all(self.connected) and time.monotonic() < limit:
            time.sleep(0.05)
        try:
            yield self
        finally:
            self._stopped.set()
            for thread in self._threads:
                thread.join(5)

    def _go_on(self, place: int, act: Callable[[socket.socket, str], None]) -> None:
        source = f"127.0.1.{place + 1}"
        while not self._stopped.is_set():
            with suppress(OSError), self.door.connect(source, 1.0) as connection:
                self.connected[place] = True
                act(connection, source)
            # The server may cut it off; then it tries again.
            self._stopped.wait(0.2)

    def _head(self, method: str, path: str, source: str, *more: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = [f"{name}: {value}" for name, value in self.door.headers(source).items()]
        lines = [f"{method} {path} HTTP/1.1", *named, f"Cookie: {cookies}", *more]
        return "\r\n".join(lines).encode()

    def _slow_headers(self, connection: socket.socket, source: str) -> None:
        connection.sendall(self._head("GET", "/status/", source) + b"\r\nX-Slow: ")
        while not self._stopped.wait(0.5):
            connection.sendall(b"a")

    def _slow_body(self, connection: socket.socket, source: str) -> None:
        # The origin is the portal's own; the body of a request from another site is never read.
        origin = f"Origin: https://{self.door.headers(source)['Host']}"
        kind = "Content-Type: application/x-www-form-urlencoded"
        more = (origin, kind, "Content-Length: 100000")
        connection.sendall(self._head("POST", "/konto/log-ind/", source, *more) + b"\r\n\r\n")
        while not self._stopped.wait(0.5):
            connection.sendall(b"a")

    def _slow_reading(self, connection: socket.socket, source: str) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(self._head("GET", LONG_PAGE, source) + b"\r\n\r\n")
        while not self._stopped.wait(0.5):
            with suppress(TimeoutError):
                if not connection.recv(50):
                    return


# A page of 100 rows of 200 initiatives, 200 kB uncompressed.
LONG_PAGE = "/program/belastning/status/"


def healthy(door: Door, cookies: dict[str, str], number: int = 5, patience: float = 3.0) -> int:
    """Make `number` ordinary requests in turn. Returns how many were served in time."""
    served = 0
    for place in range(number):
        browser = Browser(door, f"127.0.2.{place + 1}", patience)
        browser.cookies = dict(cookies)
        served += browser.get("/status/").status == 200
        browser.close()
    return served


# A load


@dataclass(frozen=True)
class LoadResult:
    """The result of one request of the load; `seconds` count from when it was due."""

    path: str
    status: int
    seconds: float
    at: float
    instance: str


class ClientLoad:
    """A load of `rate` requests a second, which are sent when due, however slow the answers are."""

    def __init__(self, browsers: list[Browser], paths: list[str], rate: float) -> None:
        self.browsers, self.paths, self.rate = browsers, paths, rate
        self.results: list[LoadResult] = []
        self._stopped = threading.Event()
        self._tickets = count()
        self.begun = 0.0

    @contextmanager
    def running(self) -> Iterator["ClientLoad"]:
        self.begun = time.monotonic()
        threads = [
            threading.Thread(target=self._go_on, args=(browser,), daemon=True)
            for browser in self.browsers
        ]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join(CLIENT_TIMEOUT)

    def _go_on(self, browser: Browser) -> None:
        while not self._stopped.is_set():
            ticket = next(self._tickets)
            due = self.begun + ticket / self.rate
            if self._stopped.wait(max(0.0, due - time.monotonic())):
                return
            path = self.paths[ticket % len(self.paths)]
            answer = browser.get(path, **{"Accept-Encoding": "gzip"})
            now = time.monotonic()
            self.results.append(LoadResult(path, answer.status, now - due, due, answer.instance))

    def failures(self) -> list[LoadResult]:
        return [result for result in self.results if result.status != 200]

    def percentile(self, share: float) -> float:
        """Return the seconds within which this share of the requests was answered."""
        times = sorted(result.seconds for result in self.results)
        return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


@dataclass
class Saver:
    """A person who judges an initiative repeatedly and notes which saves were acknowledged."""

    browser: Browser
    initiative: str
    name: str
    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def save(self) -> None:
        """Open the form, change the status and send it."""
        path = f"/initiativer/{self.initiative}/status/"
        page = self.browser.get(path)
        if page.status != 200:
            self.refused.append(page.status)
            return
        form = form_with(page, "version")
        reason = f"{self.name}, gemt {len(self.acknowledged) + len(self.refused)}."
        status = "not_started" if form.data.get("status") == "on_track" else "on_track"
        typed = form.filled(status=status, reason=reason, deviates=[])
        answer = self.browser.post(path, typed)
        if answer.status == 302:
            self.acknowledged.append(reason)
        else:
            self.refused.append(answer.status)

    @contextmanager
    def saving(self, pause: float) -> Iterator["Saver"]:
        stopped = threading.Event()

        def go_on() -> None:
            while not stopped.wait(pause):
                self.save()

        thread = threading.Thread(target=go_on, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stopped.set()
            thread.join(CLIENT_TIMEOUT)


def title_of(answer: Answer) -> str:
    """Read the title of a page."""
    match = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
    return match.group(1).strip() if match else ""
