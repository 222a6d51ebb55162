"""`manage.py mend_texts`: normalise the texts that an older portal stored as they were pasted."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from core import clock, writing
from core.characters import REFUSED
from core.danish import capitalise, count
from core.texts import PlainTextField
from core.tracking import MENDER, Versioned

REASON = "Usynlige tegn og tegn fra Words symbolskrifter er rettet."


class Command(BaseCommand):
    help = (
        "Retter tekster, som en ældre portal har gemt med usynlige tegn. Låste udgaver, historik "
        "og vurderinger ændres ikke."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="vis kun, hvad der ville blive rettet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        is_dry = options["dry_run"]
        mended = sum(self._mend(row, is_dry=is_dry) for model in _models() for row in _rows(model))
        done = "ville blive rettet" if is_dry else "er rettet"
        self.stdout.write(f"{capitalise(count(mended, 'række', 'rækker'))} {done}.")

    def _mend(self, row: Any, *, is_dry: bool) -> bool:
        """Mend the texts of a row and report each. Returns whether any text was mended."""
        name = f"{capitalise(str(row._meta.verbose_name))} {getattr(row, 'key', row.pk)}"
        fields = {}
        for field in writing.plain_texts(type(row)):
            stored = getattr(row, field.name)
            try:
                if field.to_python(stored) != stored or REFUSED.search(stored):
                    fields[field.name] = _characters(stored, field.clean(stored, row))
            except ValidationError as error:
                self._report_refusal(name, field, error)
        if not fields:
            return False
        try:
            with transaction.atomic():
                writing.mend(row, fields, actor=MENDER, reason=REASON, at=clock.now())
                transaction.set_rollback(is_dry)
        except ValidationError as error:
            self._report_refusal(name, None, error)
            return False
        for field_name, characters in fields.items():
            label = row._meta.get_field(field_name).verbose_name
            self.stdout.write(f"{name}, {label}: {characters}.")
        return True

    def _report_refusal(
        self, name: str, field: PlainTextField | None, error: ValidationError
    ) -> None:
        place = f"{name}, {field.verbose_name}" if field else name
        reason = " ".join(error.messages)
        self.stdout.write(self.style.WARNING(f"{place}: Kan ikke rettes. {reason}"))


def _models() -> Iterator[type[Versioned]]:
    """List the models whose rows are written through `core.writing`."""
    return (model for model in apps.get_models() if issubclass(model, Versioned))


def _rows(model: type[Versioned]) -> list[Any]:
    return list(model.objects.order_by("pk")) if writing.plain_texts(model) else []


def _characters(stored: str, mended: str) -> str:
    """Name the characters that were removed: "U+00AD, U+F0B7"."""
    removed = sorted(set(stored) - set(mended))
    return ", ".join(f"U+{ord(character):04X}" for character in removed) or "blanke tegn"
