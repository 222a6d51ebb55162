"""Make the files of the report. Those of a locked edition are rendered once, from the locked
document alone; those of a draft are made on request and not stored.

A stored file is never rendered again, so later changes of names or layout change no byte of it. A
missing file can be made at any time and gives the same result.
"""

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from plan.document import PlanDocument
from reports import months
from reports.editions import freezing
from reports.formats.csv_file import csv_file
from reports.formats.excel import excel_file
from reports.formats.pdf import Attached
from reports.formats.report_html import report_file, report_pdf
from reports.formats.word import word_file
from reports.models import Edition, EditionFile
from reports.report.parts import Report
from reports.report.report import make_report

# Above this a draft is not typeset while somebody waits: the PDF of 300 initiatives takes 10 s of
# processor time and that of 2,000 takes 51, Word 1.5 and 6 (docs/performance.md, "Drafts").
MAX_ROWS_TYPESET = 300
TYPESET = frozenset({"pdf", "docx"})


@dataclass(frozen=True)
class Source:
    """What every format is made from; a draft has no `edition`. `patience` is how many seconds to
    wait for the PDF."""

    document: PlanDocument
    report: Report
    edition: Edition | None = None
    patience: float = math.inf

    @property
    def rows(self) -> int:
        """How many initiatives it has."""
        return count_rows(self.document)


def count_rows(document: PlanDocument) -> int:
    """Count the initiatives of a document, which decide how long its files take."""
    return sum(1 for _ in document.initiatives())


@dataclass(frozen=True)
class Format:
    """A format that the report is handed over in."""

    key: str
    label: str
    media_type: str
    library: str
    make: Callable[[Source], bytes]

    @property
    def renderer(self) -> str:
        """What made the file: a library with its version, or the portal."""
        return f"{self.library} {version(self.library)}" if self.library else "portalen"


def _pdf(source: Source) -> bytes:
    if source.edition is None:
        return report_pdf(source.report, patience=source.patience)
    data = Attached(
        name=file_name(source.edition, "json"),
        description="Statusopgørelsen som data",
        content=source.edition.document,
    )
    return report_pdf(source.report, attached=data, patience=source.patience)


def _json(source: Source) -> bytes:
    data = source.edition.document if source.edition else source.document.to_json()
    return data.encode()


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: tuple[Format, ...] = (
    Format("pdf", "PDF", "application/pdf", "weasyprint", _pdf),
    Format(
        "docx",
        "Word",
        f"{_OFFICE}.wordprocessingml.document",
        "python-docx",
        lambda source: word_file(source.report),
    ),
    Format(
        "xlsx",
        "Excel",
        f"{_OFFICE}.spreadsheetml.sheet",
        "openpyxl",
        lambda source: excel_file(source.report, source.document),
    ),
    Format(
        "html",
        "HTML",
        "text/html; charset=utf-8",
        "",
        lambda source: report_file(source.report).encode(),
    ),
    Format(
        "csv",
        "CSV",
        "text/csv; charset=utf-8",
        "",
        lambda source: csv_file(source.report, source.document),
    ),
    Format("json", "JSON", "application/json", "", _json),
)
# JSON is left out: no word in it could say that it is a draft.
DRAFT_FORMATS = {kind.key: kind for kind in FORMATS if kind.key != "json"}


def draft_formats(rows: int) -> list[Format]:
    """List the formats in which a draft with `rows` initiatives is offered, the PDF first."""
    is_large = rows > MAX_ROWS_TYPESET
    return [kind for kind in DRAFT_FORMATS.values() if not (is_large and kind.key in TYPESET)]


def file_name(edition: Edition, ending: str) -> str:
    """Write "Status udviklingsprogram 2026-02, udgave 1.pdf"."""
    return months.file_name(edition.report.month, ending, f"udgave {edition.number}")


def source_of(
    edition: Edition, document: PlanDocument | None = None, *, patience: float = math.inf
) -> Source:
    """Make what every format is made from, from the locked document; `document` is that one, if it
    has been read already. Raises Damaged when what is stored is not what was locked."""
    edition.refuse_damage()
    document = document or edition.plan()
    report = make_report(
        document, edition=freezing.facts(edition), earlier=freezing.earlier(edition)
    )
    return Source(document, report, edition, patience)


def render_missing(
    edition: Edition,
    at: datetime,
    stored_formats: frozenset[str] = frozenset(),
    *,
    document: PlanDocument | None = None,
    patience: float = math.inf,
) -> None:
    """Make and store the files that the edition lacks. `stored_formats` are those that it has;
    `document` is the locked one, if it has been read already.

    The files that can be made are stored even when another format fails; then the first failure is
    raised (reports.formats.pdf.PdfError for the PDF; PdfTookTooLong after `patience` seconds).
    """
    source = source_of(edition, document, patience=patience)
    failure: Exception | None = None
    # The PDF takes longest. The others do not wait for it.
    for is_pdf in (False, True):
        made = []
        for kind in FORMATS:
            if kind.key in stored_formats or (kind.key == "pdf") != is_pdf:
                continue
            try:
                made.append(_file(edition, kind, kind.make(source), at))
            except Exception as error:
                failure = failure or error
        # A file that another process has stored meanwhile is the same.
        EditionFile.objects.bulk_create(made, ignore_conflicts=True)
    if failure:
        raise failure


def _file(edition: Edition, kind: Format, content: bytes, at: datetime) -> EditionFile:
    return EditionFile(
        edition=edition,
        format=kind.key,
        name=file_name(edition, kind.key),
        media_type=kind.media_type,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        renderer=kind.renderer,
        rendered_at=at,
    )


def code_of(edition: Edition) -> str:
    """Make the characters of the Kontrolkode that would be printed on what is stored now."""
    if edition.chain_number is None:
        return hashlib.sha256(edition.document.encode()).hexdigest()[:32]
    return edition.make_seal()[:32]


def differences(edition: Edition) -> Iterator[str]:
    """Say in Danish what of a stored edition is not as it was locked."""
    if hashlib.sha256(edition.document.encode()).hexdigest() != edition.sha256:
        yield f"{edition}: dokumentet passer ikke til kontrolkoden."
    if edition.make_seal() != edition.seal:
        yield f"{edition}: det, der blev låst sammen med dokumentet, passer ikke til seglet."
    stored = {file.format: file for file in edition.files.all()}
    for kind in FORMATS:
        file: Any = stored.get(kind.key)
        if file is None:
            yield f"{edition}: filen i formatet {kind.label} mangler."
        elif hashlib.sha256(bytes(file.content)).hexdigest() != file.sha256:
            yield f"{edition}: {file.name} passer ikke til sin kontrolsum."
        elif len(bytes(file.content)) != file.size or file.name != file_name(edition, kind.key):
            yield f"{edition}: {file.name} har fået et andet navn eller en anden størrelse."
        elif kind.key == "json" and bytes(file.content) != edition.document.encode():
            yield f"{edition}: {file.name} er ikke det låste dokument."
