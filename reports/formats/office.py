"""What the Word, Excel and CSV files have in common: safe text, stable bytes.

Pure: no database, no clock.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from core.danish import soft
from reports.report.parts import Report

LANGUAGE = "da-DK"
EXAMPLE = "Eksempeldata."
# A spreadsheet reads a text that begins with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@")
# Says in the Excel file, and where the CSV file is offered, what `csv_file` does to some texts.
CSV_NOTE = (
    "I CSV-filen står der et usynligt tegn (U+200B) foran de tekster, som et regneark ellers kunne "
    "læse som tal, datoer eller formler. Derfor vises de, som de er skrevet."
)
# Characters that XML cannot hold and no program draws. Fields refuse them (core.characters), but a
# document that was locked earlier may still have them.
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def printable(text: str) -> str:
    """Write `text` with "\ufffd" for each control character, "\\n" for every line break, and
    ordinary blanks for hard ones."""
    lines = _LINE_BREAK.sub("\n", soft(text))
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", lines)


def notes(report: Report) -> dict[str, str]:
    """Collect the sentences that must follow each row wherever it is copied to, by their name."""
    example = f"{EXAMPLE} {report.banner}" if report.banner else ""
    sentences = {EXAMPLE.rstrip("."): example, "Kladde": report.draft}
    return {name: sentence for name, sentence in sentences.items() if sentence}


def created_at(day: str) -> datetime:
    """Return the moment by which a file is dated: midnight of the ISO day `day`, so that a file
    made again has the same bytes."""
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def stable_zip(
    content: bytes, created: datetime, replaced: Mapping[str, bytes] | None = None
) -> bytes:
    """Rewrite a zip file with all its entries dated `created`, and some `replaced` by name."""
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, created.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, (replaced or {}).get(name) or old.read(name))
    return rewritten.getvalue()


def zip_entry(content: bytes, name: str) -> bytes:
    """Read one entry of a zip file."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name)
