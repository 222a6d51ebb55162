"""HTML into PDF, in a process of its own.

WeasyPrint is imported by `reports.pdf_worker` alone: the web process never pays for it, and a
page that runs wild is stopped by limits on time and memory (RELIABILITY, "PDF and files").
"""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

# The address under which a document names our own static files. `.invalid` never resolves (RFC
# 2606), and the worker's fetcher opens nothing else.
STATIC_PREFIX = "https://static.invalid/"
STYLESHEET = f"{STATIC_PREFIX}css/report.css"
STATIC_ROOT: Path = settings.BASE_DIR / "static"
# Exit code of the worker when the libraries WeasyPrint draws with are not on the machine.
LIBRARIES_MISSING = 3
# Seconds of processor time for a report: so much, and so much more for each initiative.
SECONDS = 50.0
SECONDS_A_ROW = 0.12
# How long a rendering waits for another one's turn to end.
PATIENCE = 120.0


class PdfError(Exception):
    """The PDF could not be made. The message is for the log."""


class PdfLibrariesMissing(PdfError):
    """Pango or HarfBuzz is not installed on this machine."""


@dataclass(frozen=True)
class Attached:
    """A text file inside a PDF: the data it was made from, an associated file of PDF/A-3."""

    name: str
    description: str
    content: str


def render_pdf(html: str, *, attached: Attached | None = None, seconds: float = SECONDS) -> bytes:
    """A whole HTML document as PDF/UA-1 and PDF/A-3a (both in one file).

    Title, author, dates and language are the document's own. It may name static files under
    `STATIC_PREFIX`; nothing else is ever read. `seconds` of processor time at most, and a few
    more by the clock. One at a time on this machine. Raises PdfError.
    """
    with one_at_a_time():
        return _render(html, attached, seconds)


def _render(html: str, attached: Attached | None, seconds: float) -> bytes:
    job = {"html": html, "attached": asdict(attached) if attached else None, "seconds": seconds}
    timeout = seconds * 1.2
    command = [sys.executable, "-m", "reports.pdf_worker", str(STATIC_ROOT), STATIC_PREFIX]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(job).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            env=worker_environment(),
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfError(f"The PDF took more than {timeout:g} seconds.") from error
    except OSError as error:
        raise PdfError(f"The PDF process did not start: {error}") from error
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode == LIBRARIES_MISSING:
        raise PdfLibrariesMissing(said)
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise PdfError(f"The PDF process ended with {done.returncode}: {said[-2000:]}")
    return done.stdout


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits until no other process of this machine renders; PdfError when that takes too long."""
    path = Path(tempfile.gettempdir()) / f"udviklingsprogrammet-{os.getuid()}.lock"
    with ExitStack() as stack:
        # Without a place for the lock two may render at once, which is slower and nothing else.
        with suppress(OSError):
            _wait_for(stack.enter_context(path.open("w")))
        yield


def _wait_for(lock: IO[str]) -> None:
    begun = time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() - begun > PATIENCE:
                raise PdfError("Other PDFs are being made.") from error
            time.sleep(0.1)
        else:
            return


def worker_environment() -> dict[str, str]:
    """What the worker sees of our environment: no secrets, no database address."""
    kept = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}
