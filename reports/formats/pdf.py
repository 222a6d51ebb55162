"""Turn HTML into PDF, in a separate process.

Only `reports.formats.pdf_worker` imports WeasyPrint: the web process never pays for it, and limits
on time and memory stop a page that runs wild.
"""

import fcntl
import json
import logging
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from reports.formats.pdf_exit import LIBRARIES_MISSING

logger = logging.getLogger(__name__)

# The address by which a document names the portal's static files. `.invalid` never resolves (RFC
# 2606), and the worker's fetcher opens nothing else.
STATIC_PREFIX = "https://static.invalid/"
STYLESHEET = f"{STATIC_PREFIX}css/report.css"
STATIC_ROOT: Path = settings.BASE_DIR / "static"
# The processor time that a report may take, in seconds, and what each initiative adds to it.
SECONDS = 50.0
SECONDS_A_ROW = 0.12
# How many seconds somebody at a browser waits for a PDF, its turn in the queue included: well below
# the 30 after which a web server gives up.
PATIENCE = 15.0


class PdfError(Exception):
    """The PDF could not be made. The message is for the log."""


class PdfTookTooLong(PdfError):
    """The PDF was not there in time, because the machine is busy. Nothing else is wrong."""


class PdfLibrariesMissing(PdfError):
    """Pango or HarfBuzz is not installed on this machine."""


@dataclass(frozen=True)
class Attached:
    """A text file inside a PDF: the data it was made from, an associated file of PDF/A-3."""

    name: str
    description: str
    content: str


def render_pdf(
    html: str,
    *,
    attached: Attached | None = None,
    seconds: float = SECONDS,
    patience: float = math.inf,
) -> bytes:
    """Turn a whole HTML document into PDF/UA-1 and PDF/A-3a (both in one file).

    Title, author, dates and language are those of the document. It may name static files under
    `STATIC_PREFIX`; nothing else is ever read. It takes at most `seconds` of processor time, and a
    few more by the clock. This instance makes one PDF at a time. Raises PdfError; PdfTookTooLong
    when it is not there after `patience` seconds by the clock.
    """
    ends = time.monotonic() + patience
    with one_at_a_time(ends):
        return _render(html, attached, seconds, ends - time.monotonic())


def _render(html: str, attached: Attached | None, seconds: float, patience: float) -> bytes:
    job = {"html": html, "attached": asdict(attached) if attached else None, "seconds": seconds}
    timeout = min(seconds * 1.2, max(patience, 0))
    command = [sys.executable, "-m", "reports.formats.pdf_worker", str(STATIC_ROOT), STATIC_PREFIX]
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
        kind = PdfTookTooLong if patience < seconds * 1.2 else PdfError
        raise kind(f"The PDF took more than {timeout:g} seconds.") from error
    except OSError as error:
        raise PdfError(f"The PDF process did not start: {error}") from error
    errors = done.stderr.decode(errors="replace").strip()
    if done.returncode == LIBRARIES_MISSING:
        raise PdfLibrariesMissing(errors)
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise PdfError(f"The PDF process ended with {done.returncode}: {errors[-2000:]}")
    return done.stdout


@contextmanager
def one_at_a_time(ends: float = math.inf) -> Iterator[None]:
    """Wait until no other process of this instance makes a PDF, and keep the others waiting.
    Raises PdfTookTooLong when the moment `ends` of the monotonic clock comes first."""
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(open_lock(settings.PDF_LOCK))
        except OSError as error:
            # Without the lock two PDFs may be made at once, which is slower and does no harm.
            logger.warning("%s cannot be locked: %s", settings.PDF_LOCK, error)
        else:
            _wait_for(lock, ends)
        yield


def open_lock(path: Path) -> IO[str]:
    """Open the lock's file, and create it and its folder when missing. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.open("a")


def _wait_for(lock: IO[str], ends: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= ends:
                raise PdfTookTooLong("Other PDFs are being made.") from error
            time.sleep(0.1)
        else:
            return


def worker_environment() -> dict[str, str]:
    """Select the variables that the worker gets of the environment: no secrets, no database
    address."""
    names = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in names if name in os.environ}
