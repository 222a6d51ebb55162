"""Every posted form is saved, or answered with 422 or 409, in the same way."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core.writing import FieldConflict, StaleVersion, VersionMissing
from initiatives.models import Initiative
from initiatives.saving.attempt import Outdated, Refusal, attempt
from initiatives.saving.conflict import STALE
from initiatives.saving.version import VersionedForm


class NoteForm(VersionedForm):
    """A form that needs an extra argument whenever it is made."""

    title = forms.CharField()
    note = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, choices: list[str], **made_with: Any) -> None:
        super().__init__(data, **made_with)
        self._made_with |= {"choices": choices}
        self.choices = choices


def posted(**typed: str) -> NoteForm:
    query = QueryDict(mutable=True)
    query.update({"title": "Mit", "note": "Min note", "version": "3"} | typed)
    return NoteForm(query, choices=["a"], auto_id="id_%s_x", initial={"title": "Før"})


def raises(error: Exception) -> Callable[[], str]:
    def save() -> str:
        raise error

    return save


def refusal(form: NoteForm, save: Callable[[], str]) -> Refusal[NoteForm]:
    refused = attempt(form, save)
    assert isinstance(refused, Refusal)
    return refused


def test_the_result_of_saving_is_returned():
    form = posted()
    assert attempt(form, lambda: f"saved {form.cleaned_data['version']}") == "saved 3"


def test_an_invalid_form_is_not_saved():
    refused = refusal(posted(title=""), raises(AssertionError("It was saved.")))
    assert (refused.status, refused.conflict) == (422, None)
    assert list(refused.form.errors) == ["title"]


@pytest.mark.parametrize(
    ("error", "status", "errors"),
    [
        (ValidationError({"note": "Nej."}), 422, {"note": ["Nej."]}),
        (ValidationError("Slet ikke."), 422, {"__all__": ["Slet ikke."]}),
        (VersionMissing("x"), 409, {"__all__": [STALE]}),
        (Outdated("Nu er det marts."), 409, {"__all__": ["Nu er det marts."]}),
    ],
)
def test_a_refusal_keeps_what_was_typed(error: Exception, status: int, errors: dict[str, Any]):
    form = posted()
    refused = refusal(form, raises(error))
    assert (refused.status, refused.conflict) == (status, None)
    assert refused.form is form
    assert refused.form.errors == errors
    assert refused.form["note"].value() == "Min note"


def test_a_conflict_fills_in_fields_that_only_others_changed():
    at = datetime(2026, 2, 26, 12, tzinfo=UTC)
    conflict = FieldConflict("title", "Før", "Bos", "Mit")
    error = StaleVersion(Initiative(), [conflict], {"note": "Bos note"}, by="Bo", at=at, reason="")
    form = posted()
    refused = refusal(form, raises(error))
    assert (refused.status, refused.conflict) == (409, error)
    again = refused.form
    assert (again["title"].value(), again["note"].value()) == ("Mit", "Bos note")
    # The new form is made like the first one, which keeps what was typed.
    assert (again.choices, again.auto_id, again.initial) == (["a"], "id_%s_x", {"title": "Før"})
    assert form["note"].value() == "Min note"


def test_an_unexpected_error_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        attempt(posted(), raises(ZeroDivisionError()))
