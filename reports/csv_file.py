"""The report as a CSV file that a Danish Excel opens by itself: one row for each initiative.

UTF-8 with a byte order mark, semicolons, CRLF, dates as dd-mm-yyyy. The columns are those of the
first sheet of the Excel file; an example and a draft have one more each, since a row may be copied
from here.
"""

import codecs
import csv
import io
from datetime import date

from initiatives import plan
from reports import office
from reports.excel import Before, Value, initiative_columns, initiative_rows
from reports.report import Chip, Report

# A spreadsheet runs what begins with one of these.
LIVE_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(report: Report, document: plan.PlanDocument) -> bytes:
    """The report as .csv. Raises nothing on any text."""
    notes = office.notes(report)
    head = [column.title for column in initiative_columns(report)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([written(title) for title in (*head, *notes)])
    for row in initiative_rows(report, document):
        writer.writerow([written(value) for value in (*row, *notes.values())])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def written(value: Value) -> str:
    """A value as text. What a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, Before):
        value = value.chip
    text = value.label if isinstance(value, Chip) else str(value)
    return office.printable(f"'{text}" if text.startswith(LIVE_STARTS) else text)
