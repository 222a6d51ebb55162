"""`manage.py verify_history`: is history what was written, and does every row agree with it?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core import danish, verifying


class Command(BaseCommand):
    help = "Læser al historik igen og nævner det, der ikke stemmer."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for finding in verifying.findings():
            found += 1
            self.stdout.write(finding)
        rows, history = verifying.counts()
        checked = f"{danish.thousands(rows)} rækker og {danish.thousands(history)} historikrækker"
        if found:
            said = danish.count(found, "afvigelse", "afvigelser")
            self.stdout.write(self.style.ERROR(f"{said} i {checked}."))
            sys.exit(1)
        self.stdout.write(f"Alt stemmer: {checked}.")
