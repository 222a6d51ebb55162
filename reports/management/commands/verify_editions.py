"""`manage.py verify_editions`: check that every locked edition is still what was locked."""

import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import F

from core import danish
from core.long_reads import reading_all
from reports.editions import chain, files
from reports.models import Edition

# A code has 32 characters. Fewer than eight of them could be those of another edition by chance.
MIN_CHARACTERS = 8
WHOLE = 32
# The characters that may stand between the groups of a code that was typed or read aloud.
BETWEEN = re.compile(r"[\W_]+")


class Command(BaseCommand):
    help = (
        "Regner alle udgavers kontrolsummer, segl og kæde efter og nævner det, der ikke stemmer. "
        "Med --code siges det også, hvilken udgave en trykt kontrolkode hører til."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--code", help="en kontrolkode fra papiret, hel eller en del, skrevet som det falder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code = _read_code(options["code"]) if options["code"] is not None else ""
        self.number = self.files_number = 0
        self.named: list[Edition] = []
        with reading_all():
            differences = 0
            for difference in self._differences(code):
                differences += 1
                self.stdout.write(difference)
        if code:
            self._name_editions(code)
        editions = danish.count(self.number, "udgave", "udgaver")
        if differences:
            number = danish.count(differences, "afvigelse", "afvigelser")
            self.stdout.write(self.style.ERROR(f"{number} i {editions}."))
        else:
            stored_files = danish.count(self.files_number, "fil", "filer")
            self.stdout.write(f"Alt stemmer: {editions}, {stored_files}.")
        if differences or (code and not self.named):
            sys.exit(1)

    def _differences(self, code: str) -> Iterator[str]:
        editions = Edition.objects.select_related("report__programme", "compared_with__report")
        in_order = Edition.objects.order_by(F("chain_number").asc(nulls_first=True), "pk")
        previous: Edition | None = None
        # One at a time: an edition with its files is a megabyte.
        for pk in list(in_order.values_list("pk", flat=True)):
            edition = editions.get(pk=pk)
            self.number += 1
            self.files_number += edition.files.count()
            if code and code in files.code_of(edition):
                self.named.append(edition)
            yield from files.differences(edition)
            if edition.chain_number is not None:
                yield from chain.differences(edition, previous)
                previous = edition
        yield from chain.outside()

    def _name_editions(self, code: str) -> None:
        for edition in self.named:
            day = danish.moment_day(edition.frozen_at)
            self.stdout.write(f"Koden hører til {edition}, låst den {day}.")
        if not self.named:
            sentence = (
                f"Ingen låst udgave har koden {code}. Er koden læst rigtigt, er udgaven ændret "
                "eller fjernet, efter at den blev trykt."
            )
            self.stdout.write(self.style.ERROR(sentence))
        elif len(code) < WHOLE:
            self.stdout.write(f"Kun hele koden på {WHOLE} tegn er bevis for udgaven.")


def _read_code(typed: str) -> str:
    """Return only the characters of a typed code. Raises CommandError when it is no code."""
    code = BETWEEN.sub("", typed).lower()
    if not re.fullmatch(r"[0-9a-f]+", code) or not MIN_CHARACTERS <= len(code) <= WHOLE:
        raise CommandError(
            f"»{typed}« er ikke en kontrolkode: den har {WHOLE} tegn, 0-9 og a-f, og mindst "
            f"{MIN_CHARACTERS} af dem skal med."
        )
    return code
