"""Forms that create a row, each with a token by which it is recognised when it is sent twice."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict

from accounts import sent_forms
from accounts.models import User
from initiatives.saving.version import VersionedForm


class CreatingForm(VersionedForm):
    """A form that creates a row. `sender` is who sends it. `attempt` saves it once."""

    formular = forms.CharField(
        widget=forms.HiddenInput, required=False, initial=sent_forms.new_token
    )

    def __init__(self, data: Any = None, *, sender: User, **made_with: Any) -> None:
        super().__init__(data, **made_with)
        self._made_with |= {"sender": sender}
        self.sender = sender

    def once(self, create: Callable[[], Any]) -> Any:
        """Call `create` unless this form, sent before, has created its row. Raises SentBefore."""
        return sent_forms.once(self.sender, self.data, create)  # type: ignore[arg-type]


def with_new_token(data: Any) -> QueryDict:
    """Return the posted data with a new token, which makes it another form."""
    renewed: QueryDict = data.copy()
    renewed[sent_forms.TOKEN] = sent_forms.new_token()
    return renewed


def sent_before_sentence(row: Any) -> str:
    """Say that the form has been saved before, with other values than it holds now."""
    return (
        f"Du har allerede gemt »{row}« fra denne side. Det, der står her nu, er ikke gemt. "
        "Tryk »Gem«, hvis du også vil tilføje det."
    )
