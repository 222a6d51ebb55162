"""Write the report as a separate document: the HTML that becomes the PDF, and a file to send."""

import base64
import math
import mimetypes
import re
from collections.abc import Callable

from django.template.loader import render_to_string

from reports.formats.pdf import (
    SECONDS,
    SECONDS_A_ROW,
    STATIC_PREFIX,
    STATIC_ROOT,
    STYLESHEET,
    Attached,
    render_pdf,
)
from reports.report.colours import style_rules
from reports.report.parts import Report

_LINK = f'<link rel="stylesheet" href="{STYLESHEET}">'
_URL = re.compile(r'url\("\.\./([\w./-]+)"\)')

mimetypes.add_type("font/woff2", ".woff2")


def report_html(report: Report) -> str:
    """Write the print document, with the addresses of style sheet and icons that a PDF is made
    with."""
    return _print_document(report, _LINK, lambda name: f"{STATIC_PREFIX}{name}")


def report_file(report: Report) -> str:
    """Write the print document with style sheet, icons and fonts inside, readable without a
    server."""
    style = (STATIC_ROOT / "css" / "report.css").read_text("utf-8")
    style = _URL.sub(lambda address: f'url("{_data_address(address[1])}")', style)
    return _print_document(report, f"<style>\n{style}</style>", _data_address)


def _print_document(report: Report, style: str, address: Callable[[str], str]) -> str:
    """Write the print document with its `style`, followed by the colours of its statuses."""
    context = {"report": report, "stylesheet": STYLESHEET}
    colours = style_rules((row.chip for row in report.counts), address)
    html = render_to_string("reports/report/report_print.html", context)
    return html.replace(_LINK, f"{style}\n<style>\n{colours}</style>")


def report_pdf(
    report: Report, attached: Attached | None = None, *, patience: float = math.inf
) -> bytes:
    """Write the report as PDF/UA-1 and PDF/A-3a. Raises reports.formats.pdf.PdfError;
    PdfTookTooLong after `patience` seconds."""
    seconds = seconds_for(report.total)
    return render_pdf(report_html(report), attached=attached, seconds=seconds, patience=patience)


def seconds_for(initiatives: int) -> float:
    """Return the processor time, in seconds, that a PDF with this many initiatives may take."""
    return SECONDS + SECONDS_A_ROW * initiatives


def _data_address(name: str) -> str:
    """Write a static file as a data: address."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    content = base64.b64encode((STATIC_ROOT / name).read_bytes()).decode()
    return f"data:{kind};base64,{content}"
