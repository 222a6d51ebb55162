"""`manage.py render_error_pages MAPPE`: write the error pages that nginx itself sends."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.http import HttpRequest

from core import errors

# The statuses that nginx answers by itself (deploy/nginx/portal.conf).
PAGES = ("400", "405", "413", "429", "502")


class Command(BaseCommand):
    help = "Skriver fejlsiderne til webserveren foran portalen. Køres efter collectstatic."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="MAPPE")

    def handle(self, *args: Any, **options: Any) -> None:
        directory: Path = options["directory"]
        directory.mkdir(parents=True, exist_ok=True)
        for page in PAGES:
            html = errors.page(HttpRequest(), int(page)).content
            (directory / f"{page}.html").write_bytes(html)
