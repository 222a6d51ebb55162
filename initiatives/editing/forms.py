"""Forms of the plan. They validate and call the model; the rules stand in the model."""

from datetime import date
from typing import Any, Self

from django import forms
from django.db.models import Q
from django.forms.utils import ErrorDict

from core.texts import BAD_DATE, BAD_YEAR, CHANGE_REASON, DATE_FORMATS, YEARS
from initiatives.models import (
    Action,
    Deadline,
    Fact,
    Initiative,
    TermsOfReferenceState,
)
from initiatives.saving.version import VersionedForm

WHY_MOVED = "Skal udfyldes, når deadlinen flyttes. Begrundelsen vises sammen med deadlinen."
NOT_TICKED = "Sæt kryds i »Angiv selv datoerne«, eller lad datoerne stå, som de var."
DAYS_BY_HAND = ("starts_on", "ends_on", "opens_on")
UNKNOWN_CHOICE = "Den valgte mulighed findes ikke. Vælg en af de viste."


class TextForm(VersionedForm):
    """Base of the forms that edit a row's texts: `values()` is what the door is given, and
    `change_reason` is kept with the change in history."""

    change_reason = CHANGE_REASON.formfield(
        label="Hvorfor ændres det?",
        help_text="Kan udelades. Begrundelsen står i historikken.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def values(self) -> dict[str, Any]:
        """The cleaned fields of the row."""
        own = {"version", "change_reason"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


class InitiativeForm(TextForm):
    """An initiative's texts."""

    title = Initiative._meta.get_field("title").formfield()
    report_text = Initiative._meta.get_field("report_text").formfield()
    ask = Initiative._meta.get_field("ask").formfield()
    internal_notes = Initiative._meta.get_field("internal_notes").formfield()
    terms_of_reference = forms.ChoiceField(
        label="Kommissorium",
        choices=TermsOfReferenceState.choices,
        error_messages={"required": UNKNOWN_CHOICE, "invalid_choice": UNKNOWN_CHOICE},
    )
    field_order = ("title", "report_text", "ask", "internal_notes", "terms_of_reference")


class ActionForm(TextForm):
    """An indsats."""

    title = Action._meta.get_field("title").formfield()
    field_order = ("title",)


def date_field(label: str, help_text: str = "") -> forms.DateField:
    """An optional date, typed as people write it."""
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(format="%d-%m-%Y"),
        input_formats=DATE_FORMATS,
        error_messages={"invalid": BAD_DATE},
        validators=[refuse_odd_year],
    )


def refuse_odd_year(day: date) -> None:
    """Raise ValidationError for a year that no plan speaks of."""
    if day.year not in YEARS:
        raise forms.ValidationError(BAD_YEAR)


class DeadlineForm(TextForm):
    """A deadline: its wording, its art, the indsats it belongs to, and its days when somebody
    sets them by hand."""

    wording = Deadline._meta.get_field("wording").formfield()
    fact = forms.ChoiceField(
        label="Art",
        choices=Fact.choices,
        error_messages={"required": "Vælg en art.", "invalid_choice": "Vælg en art."},
    )
    # Radio buttons: a select would cut the long titles off.
    action = forms.ChoiceField(
        label="Indsats",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )
    since = date_field("Siden", "Kun for »På pause« og »Afventer«. Dag-måned-år, fx 26-02-2026.")
    detail = Deadline._meta.get_field("detail").formfield()
    met_on = date_field(
        "Opfyldt den",
        "Dagen, hvor deadlinen blev nået, eller hvor gruppens svar forelå.",
    )
    set_by_hand = forms.BooleanField(
        label="Angiv selv datoerne",
        required=False,
        help_text="Så gælder de datoer, du skriver her, og ikke dem, der er fundet i ordlyden.",
    )
    starts_on = date_field("Første dag", "Kan stå tom.")
    ends_on = date_field("Sidste dag", "Deadlinen er først overskredet dagen efter.")
    opens_on = date_field("Opstart", "Kan stå tom.")
    is_correction = forms.BooleanField(
        label="Det er en rettelse af en fejl og ikke en flytning",
        required=False,
        help_text="Det tidligere står fortsat i historikken.",
    )
    field_order = (
        *("wording", "fact", "action", "since", "detail", "met_on"),
        *("set_by_hand", "starts_on", "ends_on", "opens_on"),
    )

    def __init__(
        self,
        *args: Any,
        initiative: Initiative,
        today: date,
        action_id: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["change_reason"].help_text = WHY_MOVED
        # The indsats it belongs to stays a choice when that one is archived.
        choices = initiative.actions.filter(Q(archived_at=None) | Q(pk=action_id)).in_order()
        self.actions = {action.key: action for action in choices}
        self.fields["action"].choices = [  # type: ignore[attr-defined]
            ("", "Hele initiativet"),
            *((key, action.title) for key, action in self.actions.items()),
        ]

    def clean_action(self) -> Action | None:
        """The chosen indsats, or None for the whole initiative."""
        return self.actions.get(self.cleaned_data["action"])

    def clean_met_on(self) -> date | None:
        """A day that has been."""
        found: date | None = self.cleaned_data["met_on"]
        if found and found > self.today:
            raise forms.ValidationError("Datoen ligger i fremtiden. Vælg en dato til og med i dag.")
        return found

    def clean(self) -> dict[str, Any]:
        """Days that are typed and would not be used, and days in the wrong order."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("set_by_hand") and self._has_typed_days():
            self.add_error("set_by_hand", NOT_TICKED)
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if cleaned.get("set_by_hand") and start and end and start > end:
            self.add_error("ends_on", "Slutdatoen ligger før startdatoen.")
        return cleaned

    def _has_typed_days(self) -> bool:
        """Whether the days are others than those the form was opened with."""
        is_current = self.cleaned_data.get("version") == self.initial.get("version")
        return is_current and not set(DAYS_BY_HAND).isdisjoint(self.changed_data)

    def values(self) -> dict[str, Any]:
        """The cleaned fields of the row; its days only when they are set by hand."""
        values = super().values()
        values.pop("is_correction")
        if not values["set_by_hand"]:
            for name in DAYS_BY_HAND:
                values.pop(name)
        return values

    def usable_values(self) -> dict[str, Any]:
        """What is typed so far, where it can be used: for a preview."""
        cleaned = self.cleaned_data
        by_hand = DAYS_BY_HAND if cleaned.get("set_by_hand") else ()
        names = ("wording", "fact", "set_by_hand", *by_hand)
        return {"wording": ""} | {name: cleaned[name] for name in names if name in cleaned}

    def day_errors(self) -> list[str]:
        """What is wrong with the days as typed, for a preview."""
        names = ("set_by_hand", *DAYS_BY_HAND)
        return [str(error) for name in names for error in self.errors.get(name, [])]

    def as_typed(self) -> Self:
        """The same form with what was typed and no errors: nobody has tried to save it."""
        self._errors = ErrorDict()
        return self
