"""Forms of the editions. They validate; the rules stand in `freezing`."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.html import format_html

from core.characters import normalise
from initiatives.editing.forms import date_field
from reports.editions.freezing import SENTENCE
from reports.models import Edition

PREFIX = "tekst:"
# The hidden field that says what was proposed when the form was made. A sentence that nobody has
# edited then follows the plan when it changes meanwhile. All sentences share the one field, because
# the number of fields in a request is limited.
PROPOSED = "foreslaaet"
# The ticks: the changes whose sentence the report has. The form holds an empty one too, which says
# that there were ticks: a form without any of them leaves nothing out.
TAKEN = "med"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence as the form opens with it. `about` is the title of what it is about, and
    `is_taken` whether it is ticked."""

    change: str
    text: str = ""
    about: str = ""
    is_taken: bool = True


class EditionForm(forms.Form):
    """The form that locks an edition: the meeting, what was corrected, and the change text, with
    a field and a tick for each sentence."""

    basis = forms.CharField(widget=forms.HiddenInput, required=False)
    meeting_on = date_field("Til mødet i Implementeringsgruppen den", "Kan udelades.")
    correction = Edition._meta.get_field("correction").formfield(
        label="Hvad er rettet i denne udgave?",
        help_text="Vises i udgaven og på den udgave, den afløser.",
        required=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, proposals: Iterable[Proposal], is_first: bool, **kwargs: Any
    ) -> None:
        """Make the form with a field for each proposal. The first edition of a month corrects
        nothing."""
        super().__init__(*args, **kwargs)
        self.proposals = {proposal.change: proposal for proposal in proposals}
        self.sent = frozenset(self.data)
        if is_first:
            del self.fields["correction"]
        for number, proposal in enumerate(self.proposals.values(), start=1):
            about = format_html('<span class="sr-only"> om »{}«</span>', proposal.about)
            self.fields[f"{PREFIX}{proposal.change}"] = SENTENCE.formfield(
                label=format_html("Ændring {}{}", number, about),
                initial=proposal.text,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @classmethod
    def posted(cls, data: QueryDict) -> "EditionForm":
        """Make the form as it was sent, whatever the plan says now: `freeze` compares the two."""
        changes = [name.removeprefix(PREFIX) for name in data if name.startswith(PREFIX)]
        form = cls(data, proposals=map(Proposal, changes), is_first=False)
        form.fields["correction"].required = False
        for change in form.left_out():
            form.fields[f"{PREFIX}{change}"].required = False
        return form

    def is_taken(self, change: str) -> bool:
        """Whether the sentence is ticked; one that the form was sent without is as proposed."""
        if TAKEN in self.sent and f"{PREFIX}{change}" in self.sent:
            return change in self.data.getlist(TAKEN)  # type: ignore[attr-defined]
        return self.proposals[change].is_taken

    def left_out(self) -> frozenset[str]:
        """Return the changes whose sentence the report goes without."""
        return frozenset(change for change in self.proposals if not self.is_taken(change))

    def replace_errors(self, errors: Mapping[str, Any]) -> None:
        """Give the form these errors (by field, by change, or "" for the whole) and no others.

        A sentence that nobody has edited becomes the one proposed now; beside an edited one, a new
        proposal is shown.
        """
        self.data = data = self.data.copy()  # type: ignore[attr-defined]
        proposed = set(data.get(PROPOSED, "").split())
        for name in self.sentence_names():
            field = self.fields[name]
            if name not in data or _digest(data[name]) in proposed:
                data[name] = field.initial
            elif proposed and _digest(field.initial) not in proposed:
                field.help_text = f"Planen er ændret. Nu foreslås: {field.initial}"
        self.full_clean()
        self._errors = ErrorDict()
        for name, sentences in errors.items():
            place = name if name in self.fields else f"{PREFIX}{name}"
            for sentence in sentences:
                self.add_error(place if place in self.fields else None, sentence)

    def dropped_sentences(self) -> list[str]:
        """List what was typed for changes that are no longer there."""
        data = self.data if self.is_bound else {}
        names = (name for name in data if name.startswith(PREFIX) and name not in self.fields)
        return [data[name] for name in names]

    def proposed(self) -> str:
        """Make the value of the hidden field: a digest of each sentence as it is proposed."""
        return " ".join(_digest(self.fields[name].initial) for name in self.sentence_names())

    def sentence_names(self) -> list[str]:
        """List the names of the fields of the change text, in order."""
        return [name for name in self.fields if name.startswith(PREFIX)]

    def wordings(self) -> dict[str, str]:
        """Return the sentences as typed, by change."""
        return {
            name.removeprefix(PREFIX): text
            for name, text in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }


def _digest(text: str) -> str:
    """Hash a sentence as it would be stored, since browsers send other line breaks."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()[:16]


class ApproveForm(forms.Form):
    """The form that says at which meeting an edition was approved."""

    meeting_on = date_field("Godkendt på mødet den")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting_on"].required = True
        self.fields["meeting_on"].error_messages["required"] = (
            "Skriv datoen for mødet, hvor udgaven blev godkendt."
        )
