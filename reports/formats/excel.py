"""Write the report as an Excel file: rows to sort and filter, with real dates and no formulas.

A pure function of the view model and its document; the same input always gives the same bytes. The
CSV file is made from `initiative_rows` too.
"""

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

import plan
from plan import due
from reports.formats import office
from reports.report.parts import Chip, Report
from reports.report.report import deadline_note

# Excel's limit for a cell, in UTF-16 code units.
MAX_LETTERS = 32_767
CUT = "… [Teksten er afkortet: Excel kan højst vise 32.767 tegn. Hele teksten står i CSV-filen.]"
# Excel's numbers for the paper sizes.
_A3, _A4 = 8, 9
# The height of a line in points, and of the tallest row that Excel can show.
_LINE, _TALLEST = 15, 409
_TOP = Alignment(vertical="top", wrap_text=True)
_ONE_LINE = Alignment(vertical="top")
_DAY = Alignment(vertical="top", horizontal="left")
_FONT = "Calibri"
_BOLD = Font(name=_FONT, size=11, bold=True)
_QUIET_SIDE = Side(style="thin", color="FF595959")
_ROW_BORDER = Border(bottom=Side(style="thin", color="FFB9BEC5"))
_HEAD_BORDER = Border(bottom=Side(style="medium", color="FF1A1A1A"))
_STATUS_BORDER = Border(*(_QUIET_SIDE,) * 4)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class EarlierStatus:
    """The status in the earlier edition: word and symbol without colour."""

    chip: Chip


# A chip is the status now.
Value: TypeAlias = str | int | date | Chip | EarlierStatus | None
Cells: TypeAlias = Sequence[Value]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column's head and its width in letters."""

    title: str
    width: int


def excel_file(report: Report, document: plan.PlanDocument) -> bytes:
    """Write the report as .xlsx. Any text can be written."""
    workbook = Workbook(write_only=True)
    properties, created = workbook.properties, office.created_at(report.created)
    properties.title = office.printable(report.title)
    properties.creator = properties.lastModifiedBy = office.printable(report.author)
    properties.created = created.replace(tzinfo=None)
    properties.language = office.LANGUAGE
    rows = list(initiative_rows(report, document))
    _sheet(workbook, report, "Initiativer", initiative_columns(report), rows, filtered=True)
    deadlines = list(_deadline_rows(document))
    _sheet(workbook, report, "Deadlines", _DEADLINE_COLUMNS, deadlines, filtered=True)
    _sheet(workbook, report, "Status i tal", _count_columns(report), list(_count_rows(report)))
    if report.earlier:
        _sheet(workbook, report, "Ændringer", _CHANGE_COLUMNS, list(_change_rows(report)))
    untreated: list[Cells] = [(row.principle, row.area) for row in report.untreated]
    columns = (SheetColumn(report.top_level_label, 40), SheetColumn("Indsatsområde", 100))
    _sheet(workbook, report, "Mangler behandling", columns, untreated)
    _sheet(workbook, report, "Om", _ABOUT_COLUMNS, list(_about_rows(report)))
    file = io.BytesIO()
    workbook.save(file)
    workbook.close()
    return _stable(file.getvalue(), report)


def _stable(content: bytes, report: Report) -> bytes:
    """Replace the moment of making, which openpyxl always writes, by the day of the report."""
    created = office.created_at(report.created)
    core = office.zip_entry(content, "docProps/core.xml")
    stamp = f"{created:%Y-%m-%dT%H:%M:%SZ}".encode()
    return office.stable_zip(
        content, created, {"docProps/core.xml": _MODIFIED.sub(rb"\g<1>" + stamp, core)}
    )


# Rows


def initiative_columns(report: Report) -> tuple[SheetColumn, ...]:
    """List the columns for all that is known of an initiative; *Sidst* only in a comparison."""
    before = (SheetColumn("Sidst", 24),) if report.earlier else ()
    return (
        SheetColumn(report.top_level_label, 18),
        SheetColumn("Indsatsområde", 26),
        SheetColumn("Initiativ", 26),
        SheetColumn("Indsatser", 38),
        SheetColumn("Deadline", 38),
        SheetColumn("Første dag", 12),
        SheetColumn("Sidste dag", 12),
        SheetColumn("Status nu" if report.earlier else "Status", 24),
        *before,
        SheetColumn("Forhold", 24),
        SheetColumn("Begrundelse", 38),
        SheetColumn("Til gruppen", 26),
        SheetColumn("Vurderet", 12),
        SheetColumn("Uddybning", 38),
    )


def initiative_rows(report: Report, document: plan.PlanDocument) -> Iterator[Cells]:
    """Make one row for each initiative, in the order of the report. Several texts in one cell have
    a line each. The two days are those of `due.next_promise`."""
    items = document.initiatives()
    for principle in report.principles:
        for area in principle.areas:
            for row in area.rows:
                item = next(items)
                promise = due.next_promise(item, document.drawn_up_on)
                before = (EarlierStatus(row.before),) if row.before else ()
                yield (
                    principle.title,
                    area.title,
                    row.title,
                    "\n".join(row.actions),
                    "\n".join(deadline.wording for deadline in row.deadlines),
                    *(promise.term.days if promise else (None, None)),
                    row.chip,
                    *before,
                    "\n".join(f"{mark.label} {mark.detail}".strip() for mark in row.marks),
                    row.reason,
                    item.ask,
                    item.judgement.day if item.judgement else None,
                    row.text,
                )


_DEADLINE_COLUMNS = (
    SheetColumn("Initiativ", 36),
    SheetColumn("Indsats", 48),
    SheetColumn("Art", 18),
    SheetColumn("Ordlyd", 60),
    SheetColumn("Første dag", 12),
    SheetColumn("Sidste dag", 12),
    SheetColumn("Opstart", 12),
    SheetColumn("Opfyldt", 12),
    SheetColumn("Oprindelig", 24),
    SheetColumn("Bemærkning", 48),
)


def _deadline_rows(document: plan.PlanDocument) -> Iterator[Cells]:
    for item in document.initiatives():
        actions = {action.key: action.title for action in item.actions}
        for deadline in item.deadlines:
            first, *moved = due.chain_words(deadline)
            yield (
                item.title,
                actions.get(deadline.action or "", ""),
                deadline.fact_label,
                deadline.wording,
                *deadline.term.days,
                deadline.opens_on,
                deadline.met_on,
                first if moved else "",
                deadline_note(item, deadline, document.drawn_up_on),
            )


def _count_columns(report: Report) -> tuple[SheetColumn, ...]:
    columns = (SheetColumn("Status", 24), SheetColumn("Betydning", 90))
    if report.total_before is None:
        return (*columns, SheetColumn("Antal", 12))
    return (*columns, SheetColumn("Antal nu", 12), SheetColumn("Antal sidst", 12))


def _count_rows(report: Report) -> Iterator[Cells]:
    compared = report.total_before is not None
    for count in report.counts:
        before = (count.before,) if compared else ()
        yield (count.chip, count.meaning, count.number, *before)
    yield ("I alt", "", report.total, *((report.total_before,) if compared else ()))


_CHANGE_COLUMNS = (
    SheetColumn("Initiativ", 60),
    SheetColumn("Sidst", 24),
    SheetColumn("Status nu", 24),
    SheetColumn("Begrundelse", 80),
)


def _change_rows(report: Report) -> Iterator[Cells]:
    """Make the rows of the changed statuses, and below them the sentences, one in each row."""
    changes = report.changes + report.more_changes
    for change in changes:
        yield (change.title, EarlierStatus(change.before), change.now, change.reason)
    if not changes:
        yield (f"Ingen ændringer siden {report.earlier}.",)
    if report.sentences:
        yield ()
        yield ("Ændringer siden sidst i ord",)
        for sentence in report.sentences:
            yield (sentence,)


_ABOUT_COLUMNS = (SheetColumn("Oplysning", 24), SheetColumn("Tekst", 110))


def _about_rows(report: Report) -> Iterator[Cells]:
    yield ("Titel", report.title)
    yield ("Program", report.origin)
    yield ("Stand", report.state)
    if report.earlier:
        yield ("Sammenlignet med", report.earlier)
    if report.banner:
        yield (office.EXAMPLE.rstrip("."), report.banner)
    yield ("Indledning", report.introduction)
    for text in report.about:
        yield ("Om statusopgørelsen", text)
    yield ("CSV-filen", office.CSV_NOTE)
    yield ("Udgave", report.closing)


# Sheets and cells


def _sheet(
    workbook: Any,
    report: Report,
    name: str,
    columns: Sequence[SheetColumn],
    rows: Sequence[Cells],
    *,
    filtered: bool = False,
) -> None:
    """Add a sheet with a frozen head, under the notes that hold for its rows."""
    sheet = workbook.create_sheet(name)
    notes = office.notes(report)
    head = len(notes) + 1
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = f"A{head + 1}"
    if filtered:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{head + len(rows)}"
    _print_set_up(sheet, report, head)
    for note in notes.values():
        cell = _text_cell(sheet, note)
        cell.font, cell.alignment, cell.border = _BOLD, _ONE_LINE, Border()
        sheet.append([cell])
    sheet.append(_head_cells(sheet, columns))
    for number, row in enumerate(rows, start=head + 1):
        sheet.row_dimensions[number].height = _height(row, columns)
        sheet.append([cell_of(sheet, value) for value in row])


def _height(row: Cells, columns: Sequence[SheetColumn]) -> int:
    """Estimate the height of a row in points: LibreOffice never fits it to the text, and Excel not
    always."""
    lines = [
        sum(max(1, math.ceil(len(line) / column.width)) for line in value.split("\n"))
        for value, column in zip(row, columns, strict=False)
        if isinstance(value, str)
    ]
    return min(_LINE * max(lines, default=1), _TALLEST)


def _print_set_up(sheet: Any, report: Report, head: int) -> None:
    """Set up printing: landscape, as wide as the page, with the head repeated, and a header and
    footer as on paper.

    The sheet with all columns is A3: on A4 nobody could read it.
    """
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A3 if sheet.title == "Initiativer" else _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.75
    margins.header = margins.footer = 0.3
    sheet.oddHeader.left.text = _page_text(report.title)
    sheet.oddHeader.right.text = office.EXAMPLE.rstrip(".") if report.banner else None
    sheet.oddFooter.left.text = _page_text(report.foot)
    sheet.oddFooter.right.text = "Side &P af &N"


def _page_text(text: str) -> str:
    """Write text for a page's header or footer, where "&" begins a code and 255 letters are the
    limit."""
    return office.printable(text)[:100].replace("&", "&&")


def _head_cells(sheet: Any, columns: Iterable[SheetColumn]) -> list[Any]:
    cells = [_text_cell(sheet, column.title) for column in columns]
    for cell in cells:
        cell.font, cell.border = _BOLD, _HEAD_BORDER
    return cells


def cell_of(sheet: Any, value: Value) -> Any:
    """Make the cell of a value: a text stays text, a day is a real date, a status is coloured."""
    if isinstance(value, Chip):
        return _status_cell(sheet, value)
    if isinstance(value, EarlierStatus):
        return _symbol_cell(sheet, value.chip)
    if isinstance(value, str):
        return _text_cell(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    cell.alignment, cell.border = _ONE_LINE, _ROW_BORDER
    if isinstance(value, date):
        cell.alignment, cell.number_format = _DAY, "dd-mm-yyyy"
    return cell


def _text_cell(sheet: Any, text: str) -> Any:
    """Make a cell of text that Excel never reads as a formula, not even after it was edited."""
    cell = WriteOnlyCell(sheet)
    cell.value = fitted(office.printable(text)) or None
    if text:
        cell.data_type = "s"  # openpyxl makes a formula of what begins with "="
    cell.alignment, cell.border = _TOP, _ROW_BORDER
    if text.startswith(office.FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def _symbol_cell(sheet: Any, chip: Chip) -> Any:
    """Make a cell with the word of a status. Its number format adds the symbol, so that sorting,
    filtering and formulas see only the word."""
    cell = _text_cell(sheet, chip.label)
    cell.number_format = f'"{chip.sign} "@'
    return cell


def _status_cell(sheet: Any, chip: Chip) -> Any:
    """Make a cell with the word and the symbol in the colours of the status."""
    cell = _symbol_cell(sheet, chip)
    cell.fill = PatternFill("solid", fgColor=f"FF{chip.fill.lstrip('#')}")
    cell.font = Font(name=_FONT, size=11, bold=True, color=f"FF{chip.ink.lstrip('#')}")
    cell.border = _STATUS_BORDER
    return cell


def fitted(text: str) -> str:
    """Cut `text`, with a visible note, where it is longer than a cell can hold."""
    # Excel would read "_x0041_" as an escaped letter.
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    wide = text.encode("utf-16-le")
    if len(wide) <= 2 * MAX_LETTERS:
        return text
    return wide[: 2 * (MAX_LETTERS - len(CUT))].decode("utf-16-le", "ignore") + CUT
