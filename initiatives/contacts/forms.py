"""The form that chooses the tovholder and the kontaktperson of an initiative."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django import forms
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission, roles_with
from core.sorting import danish_order
from initiatives.editing.forms import TextForm
from initiatives.models import Initiative

GONE = "Personen kan ikke vælges. Vælg en, der har adgang til programmet."


def _person(label: str, help_text: str) -> Any:
    return forms.ModelChoiceField(
        User.objects.none(),
        label=label,
        help_text=help_text,
        required=False,
        empty_label="Ingen",
        error_messages={"invalid_choice": GONE},
    )


class ContactsForm(TextForm):
    """The form for the two people. Those who are chosen already stay choices when they have no
    access any more."""

    lead = _person(
        "Tovholder", "Kan rette status for initiativet og får en påmindelse, når den mangler."
    )
    contact = _person("Kontaktperson", "Får påmindelsen, når der ingen tovholder er.")
    field_order = ("lead", "contact")

    def __init__(self, data: Any = None, *, people: Any, **made_with: Any) -> None:
        super().__init__(data, **made_with)
        self._made_with |= {"people": people}
        for name in self.field_order:
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    @classmethod
    def of(cls, row: Initiative, data: Any = None, *, today: date) -> Self:
        """Return the form for the initiative, as it opens or with what was posted."""
        chosen = [pk for pk in (row.lead_id, row.contact_id) if pk]
        programme = row.area.principle.programme
        return cls(data, initial=cls.values_of(row), people=_people(programme.pk, chosen))


def _people(programme_id: int, chosen: Iterable[int]) -> Any:
    """Find the members who see the plan, and whoever is chosen already, by name."""
    members = Q(
        is_active=True,
        pk__in=User.objects.filter(
            memberships__programme=programme_id,
            memberships__archived_at=None,
            memberships__role__in=roles_with(Permission.JUDGE_OWN),
        ),
    )
    return User.objects.filter(members | Q(pk__in=chosen)).order_by(danish_order("name"))
