"""Answer with a file, stored or a draft, and link to it."""

from urllib.parse import quote

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts.access import ProgrammeRequest
from core import danish
from core.months import slug
from reports.models import Edition, EditionFile


def file_response(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Answer with a file to save under its name; a PDF opens in the browser."""
    response = HttpResponse(content, content_type=media_type)
    inline = media_type == "application/pdf"
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    # Both names: `filename*` is read by every browser, `filename` by those that lack it.
    response["Content-Disposition"] = f"{disposition}; filename*=utf-8''{quote(name)}"
    return response


def size_words(size: int) -> str:
    """Write "82 kB"."""
    return f"{danish.thousands(max(1, round(size / 1000)))} kB"


def download(
    request: ProgrammeRequest, edition: Edition, file: EditionFile, label: str
) -> dict[str, str]:
    """Make a link to one of the edition's files."""
    url = request.links.to(
        "reports:edition-file",
        month=slug(edition.report.month),
        number=edition.number,
        file_format=file.format,
    )
    return {
        "label": label,
        "url": url,
        "size": size_words(file.size),
        "name": file.name,
        "format": file.format,
    }
