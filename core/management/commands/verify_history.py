"""`manage.py verify_history`: check that history is intact and that every row agrees with it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core import danish, verifying


class Command(BaseCommand):
    help = "Læser al historik igen og nævner det, der ikke stemmer."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = 0
        for finding in verifying.findings():
            findings += 1
            self.stdout.write(finding)
        rows, history = verifying.counts()
        checked = f"{danish.thousands(rows)} rækker og {danish.thousands(history)} historikrækker"
        if findings:
            number = danish.count(findings, "afvigelse", "afvigelser")
            self.stdout.write(self.style.ERROR(f"{number} i {checked}."))
            sys.exit(1)
        self.stdout.write(f"Alt stemmer: {checked}.")
