"""`manage.py render_report 2026-02 --format pdf --output FILE`: the report without a browser."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from initiatives.sources.live import build_live
from principles.models import Programme
from reports import months
from reports.formats.pdf import PdfError
from reports.formats.report_html import report_file, report_pdf
from reports.report.report import make_report


class Command(BaseCommand):
    help = "Skriver en måneds statusopgørelse som én HTML- eller PDF-fil."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", help="måneden, fx 2026-02")
        parser.add_argument("--format", choices=("html", "pdf"), default="pdf")
        parser.add_argument("--output", type=Path, required=True, help="filen, der skrives")
        parser.add_argument("--programme", help="programmets nøgle; uden den tages det første")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = find_programme(options["programme"])
        try:
            month = months.find_month(options["month"], programme)
        except months.NoReport as error:
            raise CommandError(str(error)) from error
        report = make_report(build_live(programme, month=month, on=clock.today()).document)
        try:
            if options["format"] == "pdf":
                content = report_pdf(report)
            else:
                content = report_file(report).encode()
        except PdfError as error:
            raise CommandError(f"PDF'en kunne ikke dannes. {error}") from error
        output: Path = options["output"]
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} kunne ikke skrives: {error.strerror}") from error
        self.stdout.write(f"{output}: {len(content)} byte")


def find_programme(key: str | None) -> Programme:
    """Find the programme with `key`, or the first one. Raises CommandError when there is none."""
    programmes = Programme.objects.live().in_order()
    programme: Programme | None = (programmes.filter(key=key) if key else programmes).first()
    if programme is None:
        raise CommandError(f"Programmet »{key}« findes ikke." if key else "Der er intet program.")
    return programme
