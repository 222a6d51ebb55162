"""The line between a browser and the portal: a test lets it break, or hang."""

import socket
import threading
from contextlib import suppress


class Line:
    """A port of this machine that passes everything on to the portal's server.

    `cut` is a server that is stopped, `hang` one that takes the request and never answers,
    `lose_answers` one that does what it is asked and whose answer never comes, and `mend` brings
    it back at the same address.
    """

    def __init__(self, host: str, port: int) -> None:
        self.server = (host, port)
        self.is_hanging = False
        self.loses_answers = False
        self.open: list[socket.socket] = []
        self.listener: socket.socket | None = None
        self.port = 0
        self.mend()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        """Pass everything on, at the same port as before."""
        self.cut()
        self.is_hanging = self.loses_answers = False
        self._listen()

    def hang(self) -> None:
        """Take connections and answer nothing."""
        self.cut()
        self.is_hanging = True
        self._listen()

    def lose_answers(self) -> None:
        """Pass requests on, and no answer back."""
        self.mend()
        self.loses_answers = True

    def cut(self) -> None:
        """Refuse connections, and end those that are open."""
        listener, self.listener = self.listener, None
        for end in [*([listener] if listener else []), *self.open]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open = []

    def _listen(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                browser, _ = listener.accept()
                self.open.append(browser)
                if self.is_hanging:
                    continue
                portal = socket.create_connection(self.server)
                self.open.append(portal)
                pairs = [(browser, portal)]
                if not self.loses_answers:
                    pairs.append((portal, browser))
                for pair in pairs:
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
