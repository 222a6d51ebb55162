"""HTML, PDF, Word, Excel, CSV and JSON of one report say the same of every initiative."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from django.template.loader import render_to_string
from docx.text.paragraph import Paragraph

import plan
from core.danish import soft
from reports.formats.csv_file import MARK, csv_file
from reports.formats.excel import excel_file
from reports.formats.report_html import report_file, report_html, report_pdf
from reports.formats.word import word_file
from reports.report.parts import Earlier, EditionFacts
from reports.report.report import make_report
from tests.reports.report import documents

EDITION = EditionFacts(2, date(2026, 2, 27), date(2026, 3, 3), "", "a" * 64, ("En sætning.",))
HARD = "\N{NO-BREAK SPACE}"
NO_ACTIONS, NO_DEADLINES = "Der er ikke registreret indsatser.", "Deadline ikke oplyst."


@dataclass(frozen=True)
class InitiativeFacts:
    """What one format says of one initiative."""

    principle: str
    area: str
    initiative: str
    actions: tuple[str, ...]
    wordings: tuple[str, ...]
    now: str
    before: str


@pytest.fixture(scope="module")
def document() -> plan.PlanDocument:
    return documents.february()


@pytest.fixture(scope="module")
def earlier() -> Earlier:
    return Earlier("udgave 1, januar 2026", documents.february(date(2026, 1, 1)))


def from_json(document: plan.PlanDocument, earlier: Earlier) -> Iterator[InitiativeFacts]:
    """Yield what the two JSON files say of each initiative."""
    now, then = json.loads(document.to_json()), json.loads(earlier.document.to_json())
    labels = {status["value"]: status["label"] for status in now["statuses"]}
    before = {
        item["key"]: item["status"]
        for principle in then["principles"]
        for area in principle["areas"]
        for item in area["initiatives"]
    }
    for principle in now["principles"]:
        for area in principle["areas"]:
            for item in area["initiatives"]:
                yield InitiativeFacts(
                    soft(principle["title"]),
                    soft(area["title"]),
                    soft(item["title"]),
                    tuple(soft(action["title"]) for action in item["actions"]),
                    tuple(soft(deadline["wording"]) for deadline in item["deadlines"]),
                    labels[item["status"]],
                    labels[before[item["key"]]],
                )


class _Reader(HTMLParser):
    """A parser that collects each heading, and each item in each cell of the plan's tables."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[InitiativeFacts] = []
        self._principle = self._area = ""
        self._cells: list[list[str]] = []
        self._open: list[tuple[str, str]] = []
        self._in_plan = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs).get("class") or ""
        if tag not in {"meta", "link", "br"}:
            self._open.append((tag, names))
        if tag == "h2":
            self._principle = ""
        if tag == "h3":
            self._area = ""
        if tag == "table":
            self._in_plan = "report-table--plan" in names
        if tag == "tr":
            self._cells = []
        if tag in {"th", "td"}:
            self._cells.append([""])
        if tag == "li" and self._cells and _one_line(self._cells[-1][-1]):
            self._cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "tr" and self._in_plan and self._cells[0] != ["Initiativer"]:
            title, actions, wordings, now, before = map(_texts, self._cells)
            self.rows.append(
                InitiativeFacts(
                    _one_line(self._principle),
                    _one_line(self._area),
                    title[0],
                    actions if actions != (NO_ACTIONS,) else (),
                    wordings if wordings != (NO_DEADLINES,) else (),
                    now[0],
                    before[0],
                )
            )

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self._open}
        names = " ".join(names for _, names in self._open)
        if "h2" in tags and "report-number" not in names:
            self._principle += data
        elif "h3" in tags:
            self._area += data
        elif tags & {"th", "td"} and not any(
            name in names for name in ("report-note", "report-mark", "report-reason", "report-text")
        ):
            self._cells[-1][-1] += data


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _texts(cell: list[str]) -> tuple[str, ...]:
    return tuple(_one_line(text) for text in cell)


def from_html(html: str) -> list[InitiativeFacts]:
    reader = _Reader()
    reader.feed(html)
    return reader.rows


def from_word(content: bytes) -> Iterator[InitiativeFacts]:
    """Read the file by its styles and headings, as a screen reader does."""
    file = docx.Document(io.BytesIO(content))
    principle = area = ""
    for block in file.iter_inner_content():
        if isinstance(block, Paragraph):
            style = block.style.name if block.style else ""
            if style == "Heading 2":
                principle = block.runs[0].text.strip() if block.runs else ""
            if style == "Heading 3":
                area = block.text
            continue
        if block.rows[0].cells[0].text != "Initiativer":
            continue
        for row in list(block.rows)[1:]:
            items = [
                tuple(
                    p.text
                    for p in cell.paragraphs
                    if p.style and p.style.name in {"List Bullet", "Tabeltekst"}
                )
                for cell in row.cells
            ]
            title, _, _, now, before = (cell.paragraphs[0].text for cell in row.cells)
            yield InitiativeFacts(principle, area, title, items[1], items[2], now[2:], before[2:])


def from_excel(content: bytes) -> Iterator[InitiativeFacts]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Initiativer"]
    head = int(sheet.freeze_panes.lstrip("A")) - 1
    rows = list(sheet.iter_rows(min_row=head, values_only=True))
    yield from from_table(rows[0], rows[1:])


def from_csv(content: bytes) -> Iterator[InitiativeFacts]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    head, *rows = csv.reader(text, delimiter=";")
    yield from from_table(head, [[cell.removeprefix(MARK) for cell in row] for row in rows])


def from_table(head: Any, rows: Any) -> Iterator[InitiativeFacts]:
    for values in rows:
        row = dict(zip(head, values, strict=True))
        yield InitiativeFacts(
            row["Princip"],
            row["Indsatsområde"],
            row["Initiativ"],
            tuple((row["Indsatser"] or "").split("\n")) if row["Indsatser"] else (),
            tuple((row["Deadline"] or "").split("\n")) if row["Deadline"] else (),
            row["Status nu"],
            row["Sidst"],
        )


def made(
    name: str,
    document: plan.PlanDocument,
    earlier: Earlier,
    edition: EditionFacts | None = EDITION,
    *,
    as_of: bool = False,
) -> list[InitiativeFacts]:
    """Return what the format `name` says of each initiative."""
    report = make_report(document, edition=edition, earlier=earlier, as_of=as_of)
    match name:
        case "html":
            return from_html(report_html(report))
        case "docx":
            return list(from_word(word_file(report)))
        case "xlsx":
            return list(from_excel(excel_file(report, document)))
        case _:
            return list(from_csv(csv_file(report, document)))


@pytest.mark.parametrize("name", ["html", "docx", "xlsx", "csv"])
def test_every_format_says_what_the_json_says(
    name: str, document: plan.PlanDocument, earlier: Earlier
):
    expected = list(from_json(document, earlier))
    assert len(expected) == 14
    assert len({facts.now for facts in expected}) == 7
    assert made(name, document, earlier) == expected


@pytest.mark.parametrize("as_of", [False, True])
@pytest.mark.parametrize("name", ["html", "docx", "xlsx", "csv"])
def test_every_format_of_a_draft_says_what_the_json_says(
    name: str, document: plan.PlanDocument, earlier: Earlier, as_of: bool
):
    expected = list(from_json(document, earlier))
    assert made(name, document, earlier, None, as_of=as_of) == expected


@pytest.mark.parametrize("name", ["html", "docx", "xlsx", "csv"])
def test_the_comparison_can_fail(name: str, document: plan.PlanDocument, earlier: Earlier):
    """The control: a document with one difference does not agree."""
    other = plan.PlanDocument.from_json(document.to_json().replace("Kontraktanalyse", "Analyse"))
    facts = made(name, other, earlier)
    assert facts == list(from_json(other, earlier))
    assert facts != list(from_json(document, earlier))


@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler's pdftotext")
def test_the_pdf_holds_every_word(document: plan.PlanDocument, earlier: Earlier, tmp_path: Path):
    file = tmp_path / "report.pdf"
    file.write_bytes(report_pdf(make_report(document, edition=EDITION, earlier=earlier)))
    done = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True)
    text = "".join(done.stdout.decode().split())
    for facts in from_json(document, earlier):
        words = (facts.principle, facts.area, facts.initiative, facts.now, facts.before)
        for expected in (*words, *facts.actions, *facts.wordings):
            assert "".join(expected.split()) in text, expected


def test_no_format_holds_a_hard_blank(document: plan.PlanDocument):
    """Copying and searching meet ordinary blanks, also where a text or date had hard ones."""
    hard = plan.PlanDocument.from_json(hardened(document.to_json()))
    edition = replace(EDITION, correction=hardened("Et tal."), sentences=(hardened("En, to."),))
    before = Earlier(hardened("udgave 1, januar 2026"), hard)
    for report in (
        make_report(hard),
        make_report(hard, edition=edition, earlier=before),
        make_report(hard, as_of=True),
    ):
        assert HARD in report.title + report.origin
        page = {"report": report, "show_banner": False}
        texts = [
            render_to_string("reports/report/_report.html", page),
            report_html(report),
            report_file(report),
            csv_file(report, hard).decode(),
        ]
        for content in (word_file(report), excel_file(report, hard)):
            with ZipFile(io.BytesIO(content)) as file:
                texts += [file.read(name).decode() for name in file.namelist() if "xml" in name]
        assert [text for text in texts if HARD in text or "&#160;" in text] == []


def hardened(text: str) -> str:
    return text.replace(" ", HARD)
