"""Forms of the editions. They validate; the rules stand in `freezing`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from initiatives.forms import date_field
from reports.freezing import SENTENCE
from reports.models import Edition

PREFIX = "tekst:"


class EditionForm(forms.Form):
    """What a person adds before an edition is locked: the meeting, what was corrected, and the
    change text, one field per sentence."""

    basis = forms.CharField(widget=forms.HiddenInput, required=False)
    meeting_on = date_field("Til mødet i Implementeringsgruppen den", "Kan stå tom.")
    correction = Edition._meta.get_field("correction").formfield(
        label="Hvad er rettet i denne udgave?",
        help_text="Vises i udgaven, og på den udgave, den afløser.",
        required=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, sentences: Iterable[tuple[str, str]], is_first: bool, **kwargs: Any
    ) -> None:
        """`sentences` are (change, text); the first edition of a month corrects nothing."""
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["correction"]
        for number, (change, text) in enumerate(sentences, start=1):
            self.fields[f"{PREFIX}{change}"] = SENTENCE.formfield(
                label=f"Ændring {number}",
                initial=text,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @classmethod
    def posted(cls, data: QueryDict) -> "EditionForm":
        """The form as it was sent, whatever the plan says by now: `freeze` compares them."""
        sentences = [(name.removeprefix(PREFIX), "") for name in data if name.startswith(PREFIX)]
        form = cls(data, sentences=sentences, is_first=False)
        form.fields["correction"].required = False
        return form

    def replace_errors(self, errors: Mapping[str, Any]) -> None:
        """The form with these errors (by field, by change, or "" for the whole) and no others; a
        sentence nobody typed yet stands as proposed."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            if name.startswith(PREFIX):
                self.data.setdefault(name, field.initial)  # type: ignore[attr-defined]
        self.full_clean()
        self._errors = ErrorDict()
        for name, sentences in errors.items():
            place = name if name in self.fields else f"{PREFIX}{name}"
            for sentence in sentences:
                self.add_error(place if place in self.fields else None, sentence)

    def sentence_names(self) -> list[str]:
        """The names of the fields of the change text, in order."""
        return [name for name in self.fields if name.startswith(PREFIX)]

    def wordings(self) -> dict[str, str]:
        """The sentences as typed, by change."""
        return {
            name.removeprefix(PREFIX): text
            for name, text in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }


class ApproveForm(forms.Form):
    """At which meeting an edition was approved."""

    meeting_on = date_field("Godkendt på mødet den")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting_on"].required = True
        self.fields["meeting_on"].error_messages["required"] = (
            "Skriv datoen for mødet, hvor udgaven blev godkendt."
        )
