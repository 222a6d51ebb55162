"""`manage.py verify_editions`: is every locked edition still what was locked?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core import danish
from reports import files
from reports.models import Edition


class Command(BaseCommand):
    help = "Regner alle udgavers kontrolsummer efter og nævner det, der ikke stemmer."

    def handle(self, *args: Any, **options: Any) -> None:
        known = Edition.objects.select_related("report__programme")
        editions = known.order_by("report__programme", "report__month", "number").without_document()
        number = files_number = differences = 0
        # One at a time: an edition with its files is a megabyte.
        for pk in list(editions.values_list("pk", flat=True)):
            edition = known.get(pk=pk)
            number += 1
            files_number += edition.files.count()
            for difference in files.differences(edition):
                differences += 1
                self.stdout.write(difference)
        if differences:
            said = danish.count(differences, "afvigelse", "afvigelser")
            checked = danish.count(number, "udgave", "udgaver")
            self.stdout.write(self.style.ERROR(f"{said} i {checked}."))
            sys.exit(1)
        checked = danish.count(number, "udgave", "udgaver")
        held = danish.count(files_number, "fil", "filer")
        self.stdout.write(f"Alt stemmer: {checked}, {held}.")
