"""Forms of the plan. They validate and call the model; the rules stand in the model."""

from datetime import date
from typing import Any, ClassVar, Self

from django import forms
from django.db.models import Q

from core.texts import BAD_YEAR, CHANGE_REASON, YEARS
from core.typed_days import DayField
from initiatives.editing.preview import preview, understood
from initiatives.models import Action, Deadline, Fact, Initiative, TermsOfReferenceState
from initiatives.saving.creating import CreatingForm
from initiatives.saving.version import PRIVATE, VersionedForm

WHY_MOVED = "Skal udfyldes, når deadlinen flyttes. Begrundelsen vises sammen med deadlinen."
NOT_TICKED = "Sæt kryds i »Angiv selv datoerne«, eller lad datoerne stå, som de var."
DAYS_BY_HAND = ("starts_on", "ends_on", "opens_on")
UNKNOWN_CHOICE = "Den valgte mulighed findes ikke. Vælg en af de viste."


class TextForm(VersionedForm):
    """Base of the forms that edit a row's texts. `values()` are the values to write, and
    `change_reason` is kept with the change in history.

    `field_order` names the fields that are the row's.
    """

    template: ClassVar[str] = "initiatives/editing/text_form.html"
    has_preview: ClassVar[bool] = False
    field_order: tuple[str, ...] = ()

    change_reason = CHANGE_REASON.formfield(
        label="Hvorfor ændres det?",
        help_text="Kan udelades. Begrundelsen står i historikken.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @classmethod
    def of(cls, row: Any, data: Any = None, *, today: date) -> Self:
        """Return the form that edits `row`, as it opens or with what was posted."""
        return cls(data, initial=cls.values_of(row))

    @classmethod
    def values_of(cls, row: Any) -> dict[str, Any]:
        """Return the values that the form for `row` opens with."""
        return {name: getattr(row, name) for name in (*cls.field_order, "version")}

    def values(self) -> dict[str, Any]:
        """Return the cleaned fields of the row."""
        return {name: self.cleaned_data[name] for name in self.field_order}

    def revise_arguments(self) -> dict[str, Any]:
        """Return the arguments of `revise` besides the values."""
        return {
            "version": self.cleaned_data["version"],
            "reason": self.cleaned_data["change_reason"],
        }

    def understood(self, row: Any) -> list[str]:
        """Return sentences on how the row's wording is understood; only a deadline has any."""
        return []


class InitiativeForm(TextForm):
    """The form for an initiative's texts."""

    title = Initiative._meta.get_field("title").formfield()
    report_text = Initiative._meta.get_field("report_text").formfield()
    ask = Initiative._meta.get_field("ask").formfield()
    internal_notes = Initiative._meta.get_field("internal_notes").formfield(
        widget=forms.Textarea(attrs={"rows": 3, **PRIVATE})
    )
    terms_of_reference = forms.ChoiceField(
        label="Kommissorium",
        choices=TermsOfReferenceState.choices,
        error_messages={"required": UNKNOWN_CHOICE, "invalid_choice": UNKNOWN_CHOICE},
    )
    field_order = ("title", "report_text", "ask", "internal_notes", "terms_of_reference")


class ActionForm(TextForm):
    """The form for an indsats."""

    title = Action._meta.get_field("title").formfield()
    field_order = ("title",)


def date_field(label: str, help_text: str = "") -> DayField:
    """Make the field for an optional date, typed as people write it."""
    return DayField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(format="%d-%m-%Y"),
        validators=[refuse_odd_year],
    )


def refuse_odd_year(day: date) -> None:
    """Raise ValidationError for a year that no plan speaks of."""
    if day.year not in YEARS:
        raise forms.ValidationError(BAD_YEAR)


class DeadlineForm(TextForm):
    """The form for a deadline: its wording, its fact, the indsats it belongs to, and its days when
    somebody sets them by hand."""

    template = "initiatives/editing/deadline_form.html"
    has_preview = True

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
        data: Any = None,
        *,
        initiative: Initiative,
        today: date,
        action_id: int | None = None,
        **made_with: Any,
    ) -> None:
        super().__init__(data, **made_with)
        self._made_with |= {"initiative": initiative, "today": today, "action_id": action_id}
        self.today = today
        self.fields["change_reason"].help_text = WHY_MOVED
        # The indsats that the deadline belongs to stays a choice also when it is archived.
        choices = initiative.actions.filter(Q(archived_at=None) | Q(pk=action_id)).in_order()
        self.actions = {action.key: action for action in choices}
        self.fields["action"].choices = [  # type: ignore[attr-defined]
            ("", "Hele initiativet"),
            *((key, action.title) for key, action in self.actions.items()),
        ]

    @classmethod
    def of(cls, row: Deadline, data: Any = None, *, today: date) -> Self:
        """Return the form that edits the deadline, as it opens or with what was posted."""
        return cls(
            data,
            initial=cls.values_of(row),
            initiative=row.initiative,
            action_id=row.action_id,
            today=today,
        )

    @classmethod
    def values_of(cls, row: Deadline) -> dict[str, Any]:
        """Return the values that the form opens with; the indsats is chosen by its key."""
        return super().values_of(row) | {"action": row.action.key if row.action else ""}

    def clean_action(self) -> Action | None:
        """Return the chosen indsats, or None for the whole initiative."""
        return self.actions.get(self.cleaned_data["action"])

    def clean_met_on(self) -> date | None:
        """Refuse a day in the future."""
        met_on: date | None = self.cleaned_data["met_on"]
        if met_on and met_on > self.today:
            raise forms.ValidationError("Datoen ligger i fremtiden. Vælg en dato til og med i dag.")
        return met_on

    def clean(self) -> dict[str, Any]:
        """Refuse days that are typed but would not be used, and days in the wrong order."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("set_by_hand") and self._has_typed_days():
            self.add_error("set_by_hand", NOT_TICKED)
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if cleaned.get("set_by_hand") and start and end and start > end:
            self.add_error("ends_on", "Slutdatoen ligger før startdatoen.")
        return cleaned

    def _has_typed_days(self) -> bool:
        """Whether the days differ from those that the form was opened with."""
        is_current = self.cleaned_data.get("version") == self.initial.get("version")
        return is_current and not set(DAYS_BY_HAND).isdisjoint(self.changed_data)

    def values(self) -> dict[str, Any]:
        """Return the cleaned fields of the row; its days only when they are set by hand."""
        left_out = () if self.cleaned_data["set_by_hand"] else DAYS_BY_HAND
        return {name: value for name, value in super().values().items() if name not in left_out}

    def revise_arguments(self) -> dict[str, Any]:
        """Return the arguments of `revise` besides the values."""
        return super().revise_arguments() | {"is_correction": self.cleaned_data["is_correction"]}

    def understood(self, row: Deadline) -> list[str]:
        """Return sentences on how the wording is understood, as it is stored or typed so far."""
        if not self.is_bound:
            return understood(row) if row.pk else []
        self.is_valid()
        return self.day_errors() or preview(row, self.usable_values(), self.today)

    def usable_values(self) -> dict[str, Any]:
        """Return the valid values among those typed so far, for a preview."""
        cleaned = self.cleaned_data
        by_hand = DAYS_BY_HAND if cleaned.get("set_by_hand") else ()
        names = ("wording", "fact", "set_by_hand", *by_hand)
        return {"wording": ""} | {name: cleaned[name] for name in names if name in cleaned}

    def day_errors(self) -> list[str]:
        """Return what is wrong with the days as typed, for a preview."""
        names = ("set_by_hand", *DAYS_BY_HAND)
        return [str(error) for name in names for error in self.errors.get(name, [])]


class NewInitiativeForm(CreatingForm, InitiativeForm):
    """The form that adds an initiative."""


class NewActionForm(CreatingForm, ActionForm):
    """The form that adds an indsats."""


class NewDeadlineForm(CreatingForm, DeadlineForm):
    """The form that adds a deadline."""
