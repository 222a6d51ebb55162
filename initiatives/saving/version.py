"""The version of a row that a form was made from."""

from typing import Any, Self

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest

# The attribute of a field that a browser keeps in drafts only if its user lets it (drafts.js).
PRIVATE = {"data-draft-private": ""}


def posted_version(request: HttpRequest) -> int | None:
    """Return the posted version of a row; None when it is missing or not a number."""
    return VersionField().clean(request.POST.get("version"))


class VersionField(forms.Field):
    """The version a form was made from; None when it is missing or not a number, and then the
    door refuses the change."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int | None:
        text = str(value or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class VersionedForm(forms.Form):
    """A form made from one version of a row. Without the version it can't be saved."""

    version = VersionField(required=False)

    def __init__(self, data: Any = None, **made_with: Any) -> None:
        super().__init__(data, **made_with)
        self._made_with = made_with

    def bound_to(self, data: Any) -> Self:
        """Return a form made as this one was, with other data."""
        return type(self)(data, **self._made_with)

    def as_typed(self) -> Self:
        """Return the form with what was typed and no errors: nobody has tried to save it."""
        self.is_valid()
        self._errors = ErrorDict()
        return self
