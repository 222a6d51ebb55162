"""Write the report as a CSV file that a Danish Excel opens correctly: a row for each initiative.

UTF-8 with a byte order mark, semicolons, CRLF, dates as dd-mm-yyyy. The columns are those of the
first sheet of the Excel file; an example and a draft have one more each, since a row may be copied
from here.

A spreadsheet reads "maj 2026" and "12/1" as days, "01234" as a number and "=1+1" as a formula. A
text that it might read like that begins with MARK, which is invisible. Programs strip it
(docs/csv.md), and so does the portal from pasted text.
"""

import codecs
import csv
import io
import re
from datetime import date

import plan
from reports.formats import office
from reports.formats.excel import EarlierStatus, Value, initiative_columns, initiative_rows
from reports.report.parts import Chip, Report

MARK = "\N{ZERO WIDTH SPACE}"
# Truth values in Danish and English, and Excel's errors ("#I/T").
_TRUTHS = frozenset({"sand", "falsk", "true", "false"})
_ERROR = "#"
# The words of the longest day that a spreadsheet knows: "onsdag den 26. november 2026 kl. 9.30 PM".
_MAX_WORDS = 5
_WORD = re.compile(r"[^\W\d_]+")


def csv_file(report: Report, document: plan.PlanDocument) -> bytes:
    """Write the report as .csv. Any text can be written."""
    notes = office.notes(report)
    head = [column.title for column in initiative_columns(report)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([written(title) for title in (*head, *notes)])
    for row in initiative_rows(report, document):
        writer.writerow([written(value) for value in (*row, *notes.values())])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def written(value: Value) -> str:
    """Write a value as text, with MARK where a spreadsheet would take a text for something else."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, EarlierStatus):
        value = value.chip
    text = office.printable(value.label if isinstance(value, Chip) else value)
    return f"{MARK}{text}" if _is_taken_for_a_value(text) else text


def _is_taken_for_a_value(text: str) -> bool:
    """Whether a spreadsheet might take it for a formula, a number, a day, a time, a truth value or
    an error. In doubt it is True, for a number among few words."""
    if text.lstrip().startswith((*office.FORMULA_STARTS, _ERROR)) or text.casefold() in _TRUTHS:
        return True
    has_number = any(character.isnumeric() for character in text)
    return has_number and len(_WORD.findall(text)) <= _MAX_WORDS
