"""The PDFs that several tests look at, made once per run."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from plan.document import Judgement, PlanDocument
from reports.formats.report_html import report_pdf
from reports.report.parts import Earlier, EditionFacts
from reports.report.report import make_report
from tests.reports.report import documents

# Its colour profile; only seen where a test uses WeasyPrint in its own process.
WEASYPRINT_LEAVES_A_FILE_OPEN = (
    "ignore:unclosed file.*icc:ResourceWarning",
    "ignore:.*icc:pytest.PytestUnraisableExceptionWarning",
)

LONG_TITLE = "Udvikling af en råskitse til en fælleskommunal proces om ommærkning af botilbud"
LONG_ASK = (
    "Skal Implementeringsgruppen godkende, at arbejdet fortsætter uden et nyt kommissorium? " * 5
)

EDITION = EditionFacts(
    1,
    date(2026, 2, 27),
    date(2026, 3, 5),
    "",
    "0f" * 32,
    (
        "Status for Bestillingsportal er nu, at initiativet anbefales nedlukket.",
        "Deadline for fælleskommunal skabelon er flyttet til marts 2026.",
    ),
)


def january() -> Earlier:
    """The edition before February's."""
    return Earlier("udgave 1, januar 2026", documents.february(date(2026, 1, 1)))


def full_page_1(asks: int, changes: int, *, reason: str, ask: str) -> tuple[PlanDocument, Earlier]:
    """Long titles, so many questions and so many changes, with the banner; and the one before."""
    judgement = Judgement(
        "major_deviations", reason, ("Tidsplan",), documents.FEBRUARY, documents.DAY, False
    )
    new = [
        documents.make_initiative(
            f"{LONG_TITLE} {index}",
            status=judgement.status if index < changes else "on_track",
            judgement=judgement if index < changes else None,
            ask=ask if index < asks else "",
        )
        for index in range(max(asks, changes))
    ]
    old = [dataclasses.replace(item, status="on_track", judgement=None) for item in new]
    earlier = Earlier("udgave 1, januar 2026", documents.in_one_area(old))
    return documents.in_one_area(new), earlier


def many_asks(number: int = 9) -> PlanDocument:
    """More and longer questions than page 1 has room for, the longest the form takes."""
    return documents.in_one_area(
        documents.make_initiative(f"{LONG_TITLE} {index}", ask=LONG_ASK.strip())
        for index in range(number)
    )


def long_area(number: int = 20) -> PlanDocument:
    """One area that no page holds, then a second one, under the real programme."""
    document = documents.february()
    first, *rest = document.principles
    area = dataclasses.replace(
        first.areas[0],
        initiatives=tuple(
            dataclasses.replace(item, title=f"{item.title} {index}")
            for index in range(number)
            for item in [first.areas[0].initiatives[index % 4]]
        ),
    )
    first = dataclasses.replace(first, areas=(area, *first.areas[1:]))
    return dataclasses.replace(document, principles=(first, *rest))


def made(document: PlanDocument, path: Path) -> Path:
    """The report of `document` as a file, made as for a visitor."""
    path.write_bytes(report_pdf(make_report(document)))
    return path


def made_compared(document: PlanDocument, earlier: Earlier, path: Path) -> Path:
    """The report of `document` as an edition after an earlier one."""
    path.write_bytes(report_pdf(make_report(document, edition=EDITION, earlier=earlier)))
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pdf")


@pytest.fixture(scope="session")
def february_pdf(folder: Path) -> Path:
    """The demo's report."""
    return made(documents.february(), folder / "february.pdf")


@pytest.fixture(scope="session")
def compared_pdf(folder: Path) -> Path:
    """The demo's report as an edition, compared with January's."""
    return made_compared(documents.february(), january(), folder / "compared.pdf")


@pytest.fixture(scope="session")
def full_pdf(folder: Path) -> Path:
    """Nine long questions and nine long changes."""
    document, earlier = full_page_1(9, 9, ask=LONG_ASK.strip(), reason=LONG_ASK.strip())
    return made_compared(document, earlier, folder / "full.pdf")


@pytest.fixture(scope="session")
def many_asks_pdf(folder: Path) -> Path:
    return made(many_asks(), folder / "many-asks.pdf")


@pytest.fixture(scope="session")
def long_area_pdf(folder: Path) -> Path:
    return made(long_area(), folder / "long-area.pdf")


@pytest.fixture(scope="session")
def empty_pdf(folder: Path) -> Path:
    """A programme without a single initiative, with real data."""
    return made(documents.make_document([], banner=""), folder / "empty.pdf")
