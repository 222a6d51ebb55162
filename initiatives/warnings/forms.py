"""The form that puts a warning aside."""

from typing import Any

from django import forms

from initiatives.models import Dismissal
from initiatives.saving.version import VersionedForm


class DismissalForm(VersionedForm):
    """Asks why a warning is in order. The address names the warning by its fingerprint, which is
    the version that the form was made from."""

    def __init__(self, data: Any = None, *, fingerprint: str, **made_with: Any) -> None:
        # Several forms may be open in a list, so their fields have different ids.
        super().__init__(data, auto_id=f"id_%s_{fingerprint}", **made_with)
        self._made_with = {"fingerprint": fingerprint, **made_with}
        self.fingerprint = fingerprint

    reason = Dismissal._meta.get_field("reason").formfield(
        label="Hvorfor er det i orden?",
        required=True,
        help_text="Står i historikken. Kommer ikke med i statusopgørelsen.",
        error_messages={"required": "Skriv, hvorfor det er i orden."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
