"""The form that sets a status."""

from typing import Any

from django import forms

from initiatives.models import Initiative, StatusUpdate
from initiatives.saving.version import PRIVATE, VersionedForm
from plan.status import Status, Yardstick


class StatusForm(VersionedForm):
    """The form that judges one initiative for one month."""

    status = forms.Field(required=False)
    deviates = forms.MultipleChoiceField(
        label="Hvad afviger fra kommissoriet?",
        help_text="Vælg en eller flere",
        required=False,
        choices=Yardstick.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Vælg blandt ressourcer, kvalitet og tidsplan."},
    )
    reason = StatusUpdate._meta.get_field("reason").formfield(
        help_text="Skriv kort, hvad der er sket siden sidst, og hvorfor status ændres. "
        "Teksten vises i statusopgørelsen. Skriv ikke om enkelte borgere.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    ask = Initiative._meta.get_field("ask").formfield(widget=forms.Textarea(attrs={"rows": 2}))
    report_text = Initiative._meta.get_field("report_text").formfield(
        widget=forms.Textarea(attrs={"rows": 3})
    )
    internal_notes = Initiative._meta.get_field("internal_notes").formfield(
        widget=forms.Textarea(attrs={"rows": 2, **PRIVATE})
    )

    def clean_status(self) -> str | None:
        """Return the chosen status, or None when none is chosen; refuse an unknown one."""
        value = self.cleaned_data["status"]
        if value and value not in Status.values:
            raise forms.ValidationError("Den valgte status findes ikke. Vælg en af de seks.")
        return value or None


class LeadStatusForm(StatusForm):
    """The form for a tovholder, who sees no internal note and leaves it as it is."""

    internal_notes = None

    def clean(self) -> dict[str, Any]:
        """Return what was typed, and None for the internal note."""
        return (super().clean() or self.cleaned_data) | {"internal_notes": None}
