"""A mail server on loopback that receives mail, as slowly as a test wants, and keeps it."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class SmtpSink:
    """The server and its mails. It waits `delay` seconds before each mail, or is `refusing` all."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.refusing = False
        self.mails: list[EmailMessage] = []
        self.arrived = threading.Condition()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                sink.converse(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]

    def converse(self, peer: socketserver.StreamRequestHandler) -> None:
        """Serve one connection, with the commands of SMTP that Django uses."""

        def say(line: str) -> None:
            peer.wfile.write(line.encode() + b"\r\n")

        say("220 sink")
        while line := peer.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                say("354 go on")
                self._take(peer)
                say("250 taken")
            elif word == b"QUIT":
                say("221 bye")
                return
            elif word == b"MAIL" and self.refusing:
                say("451 not now")
            else:
                say("250 ok")

    def _take(self, peer: socketserver.StreamRequestHandler) -> None:
        lines = []
        while (line := peer.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        time.sleep(self.delay)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        with self.arrived:
            self.mails.append(mail)
            self.arrived.notify_all()

    def wait_for(self, number: int, limit: float = 60) -> None:
        """Wait until `number` mails have arrived."""
        with self.arrived:
            arrived = self.arrived.wait_for(lambda: len(self.mails) >= number, limit)
        assert arrived, f"{len(self.mails)} of {number} mails have arrived."


@contextmanager
def smtp_sink(delay: float = 0.0) -> Iterator[SmtpSink]:
    """Run a sink within the block."""
    sink = SmtpSink(delay)
    thread = threading.Thread(target=sink.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sink
    finally:
        sink.server.shutdown()
        thread.join()
        sink.server.server_close()
