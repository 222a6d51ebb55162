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


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_every_report_conforms(
    flavour: str,
    february_pdf: Path,
    compared_pdf: Path,
    full_pdf: Path,
    many_asks_pdf: Path,
    long_area_pdf: Path,
    empty_pdf: Path,
):
    files = (february_pdf, compared_pdf, full_pdf, many_asks_pdf, long_area_pdf, empty_pdf)
    for path, verdict in zip(files, validate(flavour, *files), strict=True):
        assert verdict.passed, f"{path.name}: {verdict.broken}"
        assert verdict.checks > 5_000


@pytest.mark.filterwarnings(*WEASYPRINT_LEAVES_A_FILE_OPEN)
def test_the_validator_can_fail(folder: Path):
    """The same page without our finisher is no PDF/UA; without the identifier's description no
    PDF/A; an untagged file breaks much more."""
    html = HTML(
        string=report_html(make_report(documents.february())),
        base_url=STATIC_PREFIX,
        url_fetcher=StaticFetcher(STATIC_ROOT, STATIC_PREFIX),
    )
    unfinished, untagged = folder / "unfinished.pdf", folder / "untagged.pdf"
    html.write_pdf(unfinished, pdf_variant=VARIANT)
    html.write_pdf(untagged)
    first, second = validate("ua1", unfinished, untagged)
    assert "5-t1" in first.broken, "without the identifier"
    assert not first.passed
    assert len(second.broken) > len(first.broken)
    (archive,) = validate("3a", untagged)
    assert not archive.passed
