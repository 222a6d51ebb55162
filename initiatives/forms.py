"""Forms of the plan. They validate and call the model; the rules stand in the model."""

from typing import Any

from django import forms
from django.db.models import Q

from core.texts import BAD_DATE, CHANGE_REASON, DATE_FORMATS
from initiatives.models import (
    Action,
    Deadline,
    Fact,
    Initiative,
    StatusUpdate,
    TermsOfReferenceState,
)
from initiatives.status import Status, Yardstick

UNKNOWN_CHOICE = "Den valgte mulighed findes ikke. Vælg en af de viste."


class VersionField(forms.Field):
    """The version a form was made from; None when it is missing or no number, and then the
    door refuses the change."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int | None:
        text = str(value or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class VersionedForm(forms.Form):
    """A form made from one version of a row. Without the version it can't be saved."""

    version = VersionField(required=False)


class StatusForm(VersionedForm):
    """Status for one initiative and month."""

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
    internal_notes = Initiative._meta.get_field("internal_notes").formfield(
        widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_status(self) -> str | None:
        """A known status, or None when none is chosen."""
        value = self.cleaned_data["status"]
        if value and value not in Status.values:
            raise forms.ValidationError("Den valgte status findes ikke. Vælg en af de seks.")
        return value or None


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


class DeadlineForm(TextForm):
    """A deadline: its wording, its art and the indsats it belongs to."""

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
    since = forms.DateField(
        label="Siden",
        required=False,
        help_text="Kun for »På pause« og »Afventer«. Dag-måned-år, fx 26-02-2026.",
        widget=forms.DateInput(format="%d-%m-%Y"),
        input_formats=DATE_FORMATS,
        error_messages={"invalid": BAD_DATE},
    )
    detail = Deadline._meta.get_field("detail").formfield()
    field_order = ("wording", "fact", "action", "since", "detail")

    def __init__(
        self, *args: Any, initiative: Initiative, action_id: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
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
