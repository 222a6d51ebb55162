"""`manage.py render_editions`: make the files that locked editions lack. Run it by a timer."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core import clock, danish
from reports.addresses import edition_name
from reports.editions import rendering
from reports.editions.rendering import MAX_ATTEMPTS, Outcome, State

OUTCOME_WORDS = {
    Outcome.MADE: "har fået sine filer.",
    Outcome.FAILED: "mangler stadig filer. Fejlen står i loggen.",
    Outcome.LATER: "venter: en anden proces danner filer lige nu.",
}


class Command(BaseCommand):
    help = (
        "Danner de filer, som låste udgaver mangler, og fortsætter, hvor en afbrudt proces slap. "
        "Slutter med 1, når en udgave mangler filer på grund af en fejl."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        tried = 0
        for edition, outcome in rendering.take_up(clock.now()):
            tried += 1
            name = f"{edition.report.programme}: {edition_name(edition)}"
            self.stdout.write(f"{name}, {OUTCOME_WORDS[outcome]}")
        failed = [
            edition
            for edition in rendering.unfinished()
            if rendering.state_of(getattr(edition, "rendering", None), ()) is State.FAILED
        ]
        if failed:
            editions = danish.count(len(failed), "udgave", "udgaver")
            sentence = (
                f"{danish.capitalise(editions)} mangler filer. Portalen prøver højst "
                f"{MAX_ATTEMPTS} gange; derefter skal der trykkes »Prøv igen« på udgavens side."
            )
            self.stdout.write(self.style.ERROR(sentence))
            sys.exit(1)
        if not tried:
            self.stdout.write("Ingen udgaver venter på filer.")
