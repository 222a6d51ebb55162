"""The process that makes a PDF: `python -m reports.formats.pdf_worker STATIC_ROOT PREFIX`.

It reads a job from stdin and writes the PDF to stdout. It is the only module that imports
WeasyPrint, and knows nothing of Django.

A job is JSON: `html`, `attached` (name, description, content of a JSON file) or null, and
`seconds`, the processor time it may take.
"""

import json
import math
import mimetypes
import re
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from reports.formats.pdf_exit import LIBRARIES_MISSING
from reports.formats.pdf_finish import finish

try:
    from weasyprint import HTML, Attachment
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError as error:  # Pango, or HarfBuzz's subsetter, is not installed
    if __name__ != "__main__":
        raise
    sys.stderr.write(f"WeasyPrint cannot draw on this machine: {error}\n")
    raise SystemExit(LIBRARIES_MISSING) from error

MEMORY_BYTES = 2 * 1024**3
VARIANT = "pdf/a-3a"
# The addresses that a link may open. With any other, also a relative one, it becomes plain text.
LINK = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

mimetypes.add_type("font/woff2", ".woff2")


class StaticFetcher(URLFetcher):
    """Reads the portal's static files and nothing else: no network, no other file, no redirect.

    It replaces WeasyPrint's fetcher, which follows http and opens local files.
    """

    def __init__(self, root: Path, prefix: str) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.root = root.resolve()
        self.prefix = prefix

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Read the file under `root` that `url` names. Raises ValueError for anything else."""
        if not url.startswith(self.prefix):
            raise ValueError("Only our own static files are read.")
        name = unquote(url.removeprefix(self.prefix).partition("?")[0].partition("#")[0])
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root) or not path.is_file():
            raise ValueError("There is no such static file.")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def make_pdf(html: str, root: Path, prefix: str, attached: dict[str, str] | None = None) -> bytes:
    """Turn `html` into PDF/A-3a and PDF/UA-1, with the file `attached` as its source."""
    document = HTML(string=html, base_url=prefix, url_fetcher=StaticFetcher(root, prefix))
    unlink(document.etree_element)
    pdf: bytes = document.write_pdf(
        pdf_variant=VARIANT,
        finisher=finish,
        presentational_hints=True,
        attachments=[_attachment(attached)] if attached else None,
    )
    return pdf


def unlink(page: Any) -> None:
    """Leave only links that open a web page, write a mail or stay within the document. No link
    attaches a file: what is attached is given with the job."""
    for element in page.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag not in ("a", "area", "link"):
            continue
        attaches = "attachment" in element.get("rel", "").lower()
        href = element.get("href", "").strip()
        if attaches or (tag != "link" and not href.startswith("#") and not LINK.fullmatch(href)):
            element.attrib.pop("href", None)


def _attachment(attached: dict[str, str]) -> Attachment:
    return Attachment(
        string=attached["content"],
        name=attached["name"],
        description=attached["description"],
        # Constant, so that the bytes are the same each time; the document itself has the day.
        created=_EPOCH,
        modified=_EPOCH,
        relationship="Source",
    )


def limit_resources(seconds: float) -> None:
    """Limit the time and memory of this process, which is stopped when it uses more."""
    whole = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read the job from stdin, write the PDF to stdout."""
    root, prefix = Path(sys.argv[1]), sys.argv[2]
    job = json.loads(sys.stdin.buffer.read())
    limit_resources(job["seconds"])
    sys.stdout.buffer.write(make_pdf(job["html"], root, prefix, job["attached"]))


if __name__ == "__main__":
    main()
