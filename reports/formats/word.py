"""Write the report as a Word file: the same parts in the same order as the HTML, in real headings,
tables and lists.

A pure function of the view model; the same report always gives the same bytes. All looks come from
the styles of `word_styles.py`, except what no style can hold: the fill of a status cell, and an ink
that the document has and today's styles have not.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, RGBColor, Twips
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from reports.formats import office
from reports.formats.word_styles import INK, LIGHT, LIVE_WIDTH_MM, TABLE_STYLE, prepare, twips
from reports.report.parts import AreaSection, Ask, Chip, Report, ReportDeadline, ReportRow


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its head, its share of the live width in per cent, and the style of the head."""

    title: str
    share: float
    style: str = "Tabelhoved"


def word_file(report: Report) -> bytes:
    """Write the report as .docx. Any text can be written."""
    document = docx.Document()
    prepare(document)
    _properties(document, report)
    _page(document, report)
    _front(document, report)
    _decisions(document, report)
    if report.earlier:
        _changes(document, report)
    _counts(document, report)
    _upcoming(document, report)
    _principles(document, report)
    _sentences(document, report)
    _untreated(document, report)
    _about(document, report)
    file = io.BytesIO()
    document.save(file)
    return office.stable_zip(file.getvalue(), office.created_at(report.created))


def _properties(document: Document, report: Report) -> None:
    properties = document.core_properties
    moment = office.created_at(report.created).replace(tzinfo=None)
    properties.title = office.printable(report.title)[:255]
    properties.author = properties.last_modified_by = office.printable(report.author)[:255]
    properties.subject = office.printable(report.origin)[:255]
    properties.comments = office.EXAMPLE if report.banner else ""
    properties.keywords = ""
    properties.language = office.LANGUAGE
    properties.created = properties.modified = moment
    properties.revision = 1


def _page(document: Document, report: Report) -> None:
    """Set up A4 landscape, with a footer on every page and a header on all but the first."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.left_margin = section.right_margin = Mm(15)
    section.bottom_margin, section.header_distance, section.footer_distance = Mm(13), Mm(7), Mm(6)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    _write(head, f"{report.title}\t")
    _write(head, office.EXAMPLE.rstrip(".") if report.banner else "", "Strong")
    for footer in (section.first_page_footer, section.footer):
        foot = footer.paragraphs[0]
        foot.style = "Footer"
        _write(foot, f"{report.foot}\tSide ")
        _field(foot, "PAGE")
        _write(foot, " af ")
        _field(foot, "NUMPAGES")


def _front(document: Document, report: Report) -> None:
    if report.banner:
        _labelled(document.add_paragraph(style="Eksempeldata"), office.EXAMPLE, report.banner)
    _write(document.add_paragraph(style="Afsender"), report.origin)
    _write(document.add_heading(level=1), report.title)
    _write(document.add_paragraph(style="Opgørelse"), report.state)


def _decisions(document: Document, report: Report) -> None:
    _heading(document, "Til beslutning")
    asks: tuple[Ask, ...] = report.asks + report.more_asks
    if not asks:
        _empty(document, "Der er intet til beslutning lige nu.")
        return
    columns = (_Column("Spørgsmål til gruppen", 80), _status_column(report, 20))
    table = _table(document, columns, "Til beslutning", "Nummererede spørgsmål og status.")
    for ask in asks:
        row = _row(table)
        _labelled(_first(row.cells[0], "List Number"), f"{ask.title}.", ask.question)
        _chip(row.cells[1], ask.chip)


def _changes(document: Document, report: Report) -> None:
    changes = report.changes + report.more_changes
    _heading(document, "Ændret siden sidst", report.earlier if changes else "")
    if not changes:
        _empty(document, f"Ingen ændringer siden {report.earlier}.")
        return
    columns = (
        _Column("Initiativ og begrundelse", 62),
        _Column("Sidst", 18, "Tabelhoved status"),
        _status_column(report, 20),
    )
    description = "Initiativer, hvis status er en anden end sidst, med begrundelse."
    table = _table(document, columns, "Ændret siden sidst", description)
    for change in changes:
        row = _row(table)
        _labelled(_first(row.cells[0], "Tabeltekst"), f"{change.title}.", change.reason)
        _before(row.cells[1], change.before, changed=False)
        _chip(row.cells[2], change.now)


def _counts(document: Document, report: Report) -> None:
    _heading(document, "Status i tal")
    _write(document.add_paragraph(style="Indledning"), report.introduction)
    compared = report.total_before is not None
    columns = [
        _Column("Status", 20, "Tabelhoved status"),
        _Column("Betydning", 60 if compared else 70, "Tabelhoved status"),
        _Column("Antal nu" if compared else "Antal", 10, "Tabelhoved tal"),
    ]
    if compared:
        columns.append(_Column("Antal sidst", 10, "Tabelhoved tal"))
    description = "Hver status, hvad den betyder, og hvor mange initiativer der har den."
    table = _table(document, columns, "Status i tal", description)
    for count in report.counts:
        row = _row(table)
        _chip(row.cells[0], count.chip)
        _write(_first(row.cells[1], "Betydning"), count.meaning)
        _numbers(row, count.number, count.before)
    row = _row(table)
    _write(_first(row.cells[0], "Status"), "I alt")
    _first(row.cells[1], "Tabeltekst")
    _numbers(row, report.total, report.total_before)
    _keep_together(table)


def _numbers(row: _Row, now: int, before: int | None) -> None:
    _write(_first(row.cells[2], "Tal"), str(now))
    if before is not None:
        _write(_first(row.cells[3], "Tal sidst"), str(before))


def _upcoming(document: Document, report: Report) -> None:
    _heading(document, "Deadlines de næste 60 dage")
    if not report.upcoming:
        _empty(document, "Ingen deadlines de næste 60 dage.")
        return
    columns = (
        _Column("Dato", 12),
        _Column("Initiativ", 28),
        _Column("Det gælder", 42),
        _status_column(report, 18),
    )
    description = "Løfter, der forfalder eller åbner i de næste 60 dage, efter dato."
    table = _table(document, columns, "Deadlines de næste 60 dage", description)
    for upcoming in report.upcoming:
        row = _row(table)
        _write(_first(row.cells[0], "Tabeltekst"), upcoming.day)
        _write(_first(row.cells[1], "Initiativ"), upcoming.title)
        _labelled(_first(row.cells[2], "Tabeltekst"), upcoming.kind, upcoming.about)
        _chip(row.cells[3], upcoming.chip)


def _principles(document: Document, report: Report) -> None:
    for principle in report.principles:
        _heading(document, principle.title, principle.count)
        for area in principle.areas:
            _write(document.add_heading(level=3), area.title)
            _area(document, report, area)


def _area(document: Document, report: Report, area: AreaSection) -> None:
    first, second, third, fourth = (22, 26, 23, 15) if report.earlier else (25, 31, 27, 17)
    columns = [
        _Column("Initiativer", first),
        _Column("Indsatser", second),
        _Column("Deadline", third),
        _status_column(report, fourth),
    ]
    if report.earlier:
        columns.append(_Column("Sidst", 14, "Tabelhoved status"))
    description = f"Initiativer med indsatser, deadlines og status i indsatsområdet {area.title}"
    table = _table(document, columns, area.title, description)
    for row in area.rows:
        _initiative(_row(table), row)
    if not area.breaks:
        _keep_together(table)


def _initiative(cells: _Row, row: ReportRow) -> None:
    """Write one initiative. Its reason and text stand under the title: in the status cell they
    would be long texts on a strong colour."""
    title, actions, deadlines, status, *before = cells.cells
    _write(_first(title, "Initiativ"), row.title)
    for text in (row.reason, row.text):
        if text:
            _write(title.add_paragraph(style="Begrundelse"), text)
    _actions(actions, row.actions)
    _deadlines(deadlines, row.deadlines)
    _chip(status, row.chip)
    for mark in row.marks:
        paragraph = status.add_paragraph(style=_on_fill("Forhold", row.chip))
        _labelled(paragraph, mark.label, mark.detail)
        _use_ink(paragraph, row.chip)
    if before and row.before:
        _before(before[0], row.before, changed=row.changed)


def _actions(cell: _Cell, actions: Sequence[str]) -> None:
    if not actions:
        _write(_first(cell, "Tom del"), "Der er ikke registreret indsatser.")
    for paragraph, text in zip(_items(cell, len(actions)), actions, strict=True):
        _write(paragraph, text)


def _deadlines(cell: _Cell, deadlines: Sequence[ReportDeadline]) -> None:
    if not deadlines:
        _write(_first(cell, "Tom del"), "Deadline ikke oplyst.")
    for paragraph, deadline in zip(_items(cell, len(deadlines)), deadlines, strict=True):
        _write(paragraph, deadline.wording)
        if deadline.note:
            style = "Note i liste" if len(deadlines) > 1 else "Note"
            _write(cell.add_paragraph(style=style), deadline.note)


def _items(cell: _Cell, number: int) -> Iterable[Paragraph]:
    """Yield a paragraph for each of `number` texts: one is plain text, several are a list."""
    style = "List Bullet" if number > 1 else "Tabeltekst"
    for index in range(number):
        yield cell.add_paragraph(style=style) if index else _first(cell, style)


def _sentences(document: Document, report: Report) -> None:
    if not report.sentences:
        return
    _heading(document, "Ændringer siden sidst i ord")
    for sentence in report.sentences:
        _write(document.add_paragraph(style="List Bullet"), sentence)


def _untreated(document: Document, report: Report) -> None:
    if not report.has_areas:
        return
    title = "Indsatsområder, som mangler behandling i Implementeringsgruppen"
    _heading(document, title)
    if not report.untreated:
        _empty(document, "Alle indsatsområder er behandlet i Implementeringsgruppen.")
        return
    columns = (_Column(report.top_level_label, 25), _Column("Indsatsområde", 75))
    table = _table(document, columns, title, "Indsatsområder uden initiativer.")
    for untreated in report.untreated:
        row = _row(table)
        _write(_first(row.cells[0], "Tabeltekst"), untreated.principle)
        _write(_first(row.cells[1], "Tabeltekst"), untreated.area)
    _keep_together(table)


def _about(document: Document, report: Report) -> None:
    _heading(document, "Om statusopgørelsen")
    for text in (*report.about, report.closing):
        _write(document.add_paragraph(style="Brødtekst"), text)


# Parts of the document


def _status_column(report: Report, share: float) -> _Column:
    return _Column("Status nu" if report.earlier else "Status", share, "Tabelhoved status")


def _heading(document: Document, title: str, beside: str = "") -> None:
    heading = document.add_heading(level=2)
    _write(heading, f"{title} " if beside else title)
    _write(heading, beside, "Antal")


def _empty(document: Document, sentence: str) -> None:
    _write(document.add_paragraph(style="Tom del"), sentence)


def _write(paragraph: Paragraph, text: str, style: str | None = None) -> None:
    if text:
        paragraph.add_run(office.printable(text), style)


def _labelled(paragraph: Paragraph, label: str, text: str) -> None:
    """Write "**Label** text"."""
    _write(paragraph, label, "Strong")
    _write(paragraph, f" {text}" if text else "")


def _first(cell: _Cell, style: str) -> Paragraph:
    """Return the paragraph that every cell has, with `style`."""
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    return paragraph


def _on_fill(style: str, chip: Chip) -> str:
    """Name the style for a cell with the fill of the status, whose ink may be light."""
    return style if _hex(chip.ink) == INK else f"{style} på mørk"


def _use_ink(paragraph: Paragraph, chip: Chip) -> None:
    """Colour a paragraph in the ink of the status where none of the styles has it."""
    if _hex(chip.ink) not in (INK, LIGHT):
        for run in paragraph.runs:
            run.font.color.rgb = RGBColor.from_string(_hex(chip.ink))


def _hex(colour: str) -> str:
    """Write "#1a1a1a" as Word does: "1A1A1A"."""
    return colour.lstrip("#").upper()


def _chip(cell: _Cell, chip: Chip) -> None:
    """Write the status now: symbol and word in its ink, on its fill."""
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto")):
        shading.set(qn(f"w:{name}"), value)
    shading.set(qn("w:fill"), _hex(chip.fill))
    cell._tc.get_or_add_tcPr().append(shading)
    paragraph = _first(cell, _on_fill("Status", chip))
    _symbol_and_word(paragraph, chip)
    _use_ink(paragraph, chip)


def _before(cell: _Cell, chip: Chip, *, changed: bool) -> None:
    """Write the status last time: without colour, and bold where it has changed since."""
    _symbol_and_word(_first(cell, "Sidst ændret" if changed else "Sidst"), chip)


def _symbol_and_word(paragraph: Paragraph, chip: Chip) -> None:
    _write(paragraph, chip.sign, "Statustegn")
    _write(paragraph, f" {chip.label}")


def _table(document: Document, columns: Sequence[_Column], caption: str, description: str) -> Table:
    """Add a table of fixed widths with a head that each page repeats, and with its alt text."""
    table = document.add_table(rows=0, cols=len(columns), style=TABLE_STYLE)
    table.autofit = False
    for column, grid in zip(columns, table.columns, strict=True):
        grid.width = Twips(twips(LIVE_WIDTH_MM * column.share / 100))
    properties = table._tbl.tblPr
    for name, text in (("w:tblCaption", caption), ("w:tblDescription", description)):
        element = OxmlElement(name)
        element.set(qn("w:val"), office.printable(text))
        properties.append(element)
    head = _row(table)
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, column in zip(head.cells, columns, strict=True):
        _write(_first(cell, column.style), column.title)
    return table


def _row(table: Table) -> _Row:
    """Add a row that stays on one page."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx left it out
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return row


def _keep_together(table: Table) -> None:
    """Keep the rows of a table on one page."""
    for row in list(table.rows)[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _field(paragraph: Paragraph, name: str) -> None:
    """Add a field that Word fills in: PAGE or NUMPAGES."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
