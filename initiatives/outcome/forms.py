"""The form that registers what became of a presentation."""

from datetime import date
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError

from initiatives.editing.forms import TextForm, date_field
from initiatives.models import Deadline
from plan.fact import Outcome

# The fourth choice is no outcome: the presentation stays open and gets another day.
POSTPONED = "postponed"
CHOICES = (*Outcome.choices, (POSTPONED, "Udsat"))
CHOOSE = "Vælg, hvad udfaldet blev."


class OutcomeForm(TextForm):
    """Asks for the outcome and its day; of one that is put off, why and until when."""

    template: ClassVar[str] = "initiatives/outcome/outcome_form.html"

    outcome = forms.ChoiceField(
        label="Udfald",
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    met_on = date_field("Dato", "Den dag, udfaldet forelå. Dag-måned-år, fx 26-02-2026.")
    outcome_remark = Deadline._meta.get_field("outcome_remark").formfield(
        label="Bemærkning",
        help_text="Kan udelades, men skal udfyldes, når forelæggelsen er udsat.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wording = Deadline._meta.get_field("wording").formfield(
        label="Ny dato, hvis den er udsat",
        required=False,
        help_text="Ret dagen i ordlyden. Deadlinen flyttes, og den hidtidige dag bliver stående.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    change_reason = None
    field_order = ("outcome", "met_on", "outcome_remark", "wording")

    def __init__(self, data: Any = None, *, today: date, **made_with: Any) -> None:
        super().__init__(data, **made_with)
        self._made_with |= {"today": today}
        self.today = today
        self.fields["met_on"].required = True
        self.fields["met_on"].error_messages["required"] = "Skriv den dag, udfaldet forelå."

    @classmethod
    def of(cls, row: Deadline, data: Any = None, *, today: date) -> Self:
        """Return the form for a presentation, as it opens or with what was posted."""
        initial = cls.values_of(row)
        if initial["met_on"] is None and row.starts_on == row.ends_on and not _is_ahead(row, today):
            initial["met_on"] = row.ends_on
        return cls(data, initial=initial, today=today)

    def clean_met_on(self) -> date | None:
        """Refuse a day in the future."""
        met_on: date | None = self.cleaned_data["met_on"]
        if met_on and met_on > self.today:
            raise forms.ValidationError("Datoen ligger i fremtiden. Vælg en dato til og med i dag.")
        return met_on

    def clean(self) -> dict[str, Any]:
        """Refuse a new day without »Udsat«, and »Udsat« without a reason."""
        cleaned = super().clean() or self.cleaned_data
        if self.is_postponed and not cleaned.get("outcome_remark"):
            self.add_error("outcome_remark", "Skriv, hvorfor forelæggelsen er udsat.")
        is_current = cleaned.get("version") == self.initial.get("version")
        if not self.is_postponed and is_current and "wording" in self.changed_data:
            self.add_error("wording", "Vælg »Udsat«, eller lad ordlyden stå, som den var.")
        return cleaned

    @property
    def is_postponed(self) -> bool:
        """Whether the presentation is put off."""
        return self.cleaned_data.get("outcome") == POSTPONED

    def values(self) -> dict[str, Any]:
        """Return the fields that change: the outcome with its day, or the wording with the new
        day, of which the days are read."""
        if self.is_postponed:
            answer = {"outcome": "", "met_on": None, "outcome_remark": ""}
            return answer | {"wording": self.cleaned_data["wording"], "set_by_hand": False}
        names = ("outcome", "met_on", "outcome_remark")
        return {name: self.cleaned_data[name] for name in names}

    def as_own(self, error: ValidationError) -> ValidationError:
        """Put what is wrong with the days that the wording means at the wording: the form has no
        fields for them."""
        if not hasattr(error, "error_dict"):
            return error
        own: dict[str, list[ValidationError]] = {}
        for name, errors in error.error_dict.items():
            own.setdefault(name if name in self.fields else "wording", []).extend(errors)
        return ValidationError(own)

    def revise_arguments(self) -> dict[str, Any]:
        """Return the arguments of `revise` besides the values."""
        cleaned = self.cleaned_data
        if self.is_postponed:
            reason, day = cleaned["outcome_remark"], cleaned["met_on"]
            return {"version": cleaned["version"], "reason": reason, "postponed_on": day}
        return {"version": cleaned["version"], "reason": ""}


def _is_ahead(row: Deadline, today: date) -> bool:
    return row.ends_on is None or row.ends_on > today
