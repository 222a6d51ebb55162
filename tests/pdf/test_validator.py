"""veraPDF's verdict: PDF/UA-1 and PDF/A-3a in one file, and proof that the validator can fail."""

from pathlib import Path

import pytest
from weasyprint import HTML

from reports.formats.pdf import STATIC_PREFIX, STATIC_ROOT
from reports.formats.pdf_worker import VARIANT, StaticFetcher
from reports.formats.report_html import report_html
from reports.report.report import make_report
from tests.pdf.conftest import WEASYPRINT_LEAVES_A_FILE_OPEN
from tests.pdf.verapdf import validate
from tests.reports.report import documents

pytestmark = [pytest.mark.pdf, pytest.mark.slow]


FLAVOURS = ("ua1", "3a")


@pytest.fixture(scope="module")
def unfinished(folder: Path) -> Path:
    """The demo's report without our finisher."""
    return rendered(folder / "unfinished.pdf", pdf_variant=VARIANT)


@pytest.fixture(scope="module")
def untagged(folder: Path) -> Path:
    """The demo's report as WeasyPrint makes it when it is asked for nothing."""
    return rendered(folder / "untagged.pdf")


def rendered(path: Path, **options: str) -> Path:
    html = HTML(
        string=report_html(make_report(documents.february())),
        base_url=STATIC_PREFIX,
        url_fetcher=StaticFetcher(STATIC_ROOT, STATIC_PREFIX),
    )
    html.write_pdf(path, **options)
    return path


@pytest.mark.filterwarnings(*WEASYPRINT_LEAVES_A_FILE_OPEN)
def test_every_report_conforms_and_the_validator_can_fail(
    february_pdf: Path,
    compared_pdf: Path,
    full_pdf: Path,
    many_asks_pdf: Path,
    long_area_pdf: Path,
    empty_pdf: Path,
    unfinished: Path,
    untagged: Path,
):
    """The same page without our finisher is no PDF/UA; an untagged one breaks much more, and is no
    PDF/A either."""
    files = (february_pdf, compared_pdf, full_pdf, many_asks_pdf, long_area_pdf, empty_pdf)
    whole = [(flavour, path) for flavour in FLAVOURS for path in files]
    broken = [("ua1", unfinished), ("ua1", untagged), ("3a", untagged)]
    verdicts = validate(*whole, *broken)
    for (flavour, path), verdict in zip(whole, verdicts, strict=False):
        assert verdict.passed, f"{path.name}, {flavour}: {verdict.broken}"
        assert verdict.checks > 5_000
    first, second, archive = verdicts[len(whole) :]
    assert "5-t1" in first.broken, "without the identifier"
    assert not first.passed
    assert len(second.broken) > len(first.broken)
    assert not archive.passed
