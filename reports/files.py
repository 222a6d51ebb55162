"""The files of the report: those of a locked edition are rendered once, from the locked document
alone; a draft's are made when they are asked for, and kept nowhere.

What is stored is never rendered again, so whatever is renamed or redrawn later changes no byte.
What is missing can be made at any time, as often as it takes: the result is the same.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from django.db import DatabaseError, connection

from initiatives.plan import PlanDocument
from reports import freezing, months
from reports.csv_file import csv_file
from reports.excel import excel_file
from reports.models import Edition, EditionFile, EditionRendering
from reports.pdf import Attached
from reports.render import report_file, report_pdf
from reports.report import Report, make_report
from reports.word import word_file

logger = logging.getLogger(__name__)

# Above this the browser does not wait: the page says that the files are being made.
MOST_ROWS_WAITED_FOR = 60
# Above this a draft is not typeset while somebody waits: the PDF of 300 initiatives takes 10 s of
# processor time and that of 2,000 takes 51, Word 1.5 and 6 (docs/performance.md, "Drafts").
MOST_ROWS_TYPESET = 300
TYPESET = frozenset({"pdf", "docx"})
# A rendering that has said nothing for so long was cut off.
GIVEN_UP_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Source:
    """What every format is made from; a draft has no `edition`."""

    document: PlanDocument
    report: Report
    edition: Edition | None = None


@dataclass(frozen=True)
class Format:
    """A format the report is handed over in."""

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
        return report_pdf(source.report)
    data = Attached(
        name=file_name(source.edition, "json"),
        description="Statusopgørelsen som data",
        content=source.edition.document,
    )
    return report_pdf(source.report, attached=data)


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
# In the data no word can say that they are a draft.
DRAFT_FORMATS = {kind.key: kind for kind in FORMATS if kind.key != "json"}


def draft_formats(rows: int) -> list[Format]:
    """The formats a draft of so many initiatives can be fetched in, the PDF first."""
    is_large = rows > MOST_ROWS_TYPESET
    return [kind for kind in DRAFT_FORMATS.values() if not (is_large and kind.key in TYPESET)]


def file_name(edition: Edition, ending: str) -> str:
    """ "Status udviklingsprogram 2026-02, udgave 1.pdf"."""
    return months.file_name(edition.report.month, ending, f"udgave {edition.number}")


def source_of(edition: Edition) -> Source:
    """The edition as every format shows it, from its locked document."""
    document = edition.plan()
    report = make_report(
        document, edition=freezing.facts(edition), earlier=freezing.earlier(edition)
    )
    return Source(document, report, edition)


def render_missing(edition: Edition, at: datetime, known: frozenset[str] = frozenset()) -> None:
    """Make and store the files the edition lacks; those in `known` are there already.

    What could be made is stored even when another format fails; raises the first failure then
    (reports.pdf.PdfError when it is the PDF's).
    """
    source = source_of(edition)
    made = []
    failure: Exception | None = None
    for kind in FORMATS:
        if kind.key in known:
            continue
        try:
            made.append(_file(edition, kind, kind.make(source), at))
        except Exception as error:
            failure = failure or error
    # Whoever was quicker made the same file.
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


def render(edition: Edition, at: datetime, *, is_new: bool = False) -> bool:
    """Make the missing files now, or in the background when the edition has many rows. A new
    edition has none yet.

    Whether all is well so far; a failure is kept for the edition's page.
    """
    known: frozenset[str] = frozenset()
    if not is_new:
        known = frozenset(edition.files.values_list("format", flat=True))
    if is_new:
        EditionRendering(edition=edition, started_at=at).save(force_insert=True)
    else:
        EditionRendering.objects.update_or_create(
            edition=edition, defaults={"started_at": at, "failed_at": None}
        )
    if sum(1 for _ in edition.plan().initiatives()) <= MOST_ROWS_WAITED_FOR:
        return _try(edition, at, known)
    threading.Thread(target=_in_background, args=(edition.pk, at), daemon=True).start()
    return True


def _in_background(pk: int, at: datetime) -> None:
    try:
        edition = Edition.objects.select_related("report__programme", "compared_with").get(pk=pk)
        known = frozenset(edition.files.values_list("format", flat=True))
        _try(edition, at, known)
    finally:
        connection.close()


def _try(edition: Edition, at: datetime, known: frozenset[str]) -> bool:
    try:
        render_missing(edition, at, known)
    except Exception:
        # Whatever it was: the edition is locked, and its page offers to try again.
        logger.exception("The files of %s could not all be made.", edition)
        try:
            EditionRendering.objects.update_or_create(
                edition=edition, defaults={"started_at": at, "failed_at": at}
            )
        except DatabaseError:
            # A full disk keeps no note either; that files are missing is seen without it.
            logger.exception("It could not be noted either.")
        return False
    return True


def is_under_way(rendering: EditionRendering | None, at: datetime) -> bool:
    """Whether files are being made in the background just now."""
    return (
        rendering is not None
        and rendering.failed_at is None
        and at - rendering.started_at < GIVEN_UP_AFTER
    )


def differences(edition: Edition) -> Iterator[str]:
    """What of a stored edition is not as it was locked, in Danish; nothing when all is."""
    if hashlib.sha256(edition.document.encode()).hexdigest() != edition.sha256:
        yield f"{edition}: dokumentet passer ikke til kontrolkoden."
    if edition.make_seal() != edition.seal:
        yield f"{edition}: det, der blev låst sammen med dokumentet, passer ikke til seglet."
    found = {file.format: file for file in edition.files.all()}
    for kind in FORMATS:
        file: Any = found.get(kind.key)
        if file is None:
            yield f"{edition}: filen i formatet {kind.label} mangler."
        elif hashlib.sha256(bytes(file.content)).hexdigest() != file.sha256:
            yield f"{edition}: {file.name} passer ikke til sin kontrolsum."
        elif len(bytes(file.content)) != file.size or file.name != file_name(edition, kind.key):
            yield f"{edition}: {file.name} har fået et andet navn eller en anden størrelse."
        elif kind.key == "json" and bytes(file.content) != edition.document.encode():
            yield f"{edition}: {file.name} er ikke det låste dokument."
