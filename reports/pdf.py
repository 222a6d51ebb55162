"""HTML into PDF, in a process of its own.

WeasyPrint is imported by `reports.pdf_worker` alone: the web process never pays for it, and a
page that runs wild is stopped by limits on time and memory (RELIABILITY, "PDF and files").
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

# The address under which a document names our own static files. `.invalid` never resolves (RFC
# 2606), and the worker's fetcher opens nothing else.
STATIC_PREFIX = "https://static.invalid/"
STYLESHEET = f"{STATIC_PREFIX}css/report.css"
STATIC_ROOT: Path = settings.BASE_DIR / "static"
# Exit code of the worker when the libraries WeasyPrint draws with are not on the machine.
LIBRARIES_MISSING = 3
TIMEOUT = 60.0


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


def render_pdf(html: str, *, attached: Attached | None = None, timeout: float = TIMEOUT) -> bytes:
    """A whole HTML document as PDF/UA-1 and PDF/A-3a (both in one file).

    Title, author, dates and language are the document's own. It may name static files under
    `STATIC_PREFIX`; nothing else is ever read. `timeout` in seconds. Raises PdfError.
    """
    job = {"html": html, "attached": asdict(attached) if attached else None}
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


def worker_environment() -> dict[str, str]:
    """What the worker sees of our environment: no secrets, no database address."""
    kept = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}
