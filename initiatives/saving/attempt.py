"""Save a posted form, or say why it can't be saved, in the same way for every form of the plan."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError

from accounts.sent_forms import SentBefore
from core.writing import StaleVersion, VersionMissing
from initiatives.saving.conflict import STALE, with_theirs
from initiatives.saving.creating import CreatingForm, sent_before_sentence, with_new_token
from initiatives.saving.version import VersionedForm

Form = TypeVar("Form", bound=VersionedForm)
Result = TypeVar("Result")

# The answers to a conflict, as the buttons of `_conflict.html` send them. "Brug min" is an ordinary
# save from the newest version.
CHOICE, KEEP_THEIRS, KEEP_BOTH = "valg", "gemt", "begge"


class Outdated(Exception):
    """The posted form belongs to something that is over, and would be saved in the wrong place.
    The message is a Danish sentence for the form."""


@dataclass(frozen=True)
class Refusal(Generic[Form]):
    """An attempt that saved nothing: the form to show again with everything typed still in it, and
    the HTTP status of the answer.

    422 means that the form must be corrected, 409 that somebody else saved first; `conflict` holds
    the fields that both have changed.
    """

    status: int
    form: Form
    conflict: StaleVersion | None = None


def attempt(form: Form, save: Callable[[], Result]) -> Result | Refusal[Form]:
    """Validate the bound `form`, then call `save`. Returns what `save` returns, or the refusal.

    A form that creates a row is saved once: sent again, it gets the row it created. So `save` of a
    `CreatingForm` returns the new row.

    `save` may raise ValidationError (by the form's field names), Outdated, and what
    `core.writing.change` raises. Other errors are not caught.
    """
    if not form.is_valid():
        return Refusal(422, form)
    try:
        return form.once(save) if isinstance(form, CreatingForm) else save()
    except SentBefore as error:
        again = form.bound_to(with_new_token(form.data))
        again.is_valid()
        again.add_error(None, sent_before_sentence(error.row))
        return Refusal(409, again)
    except ValidationError as error:
        form.add_error(None, error)
        return Refusal(422, form)
    except Outdated as error:
        form.add_error(None, str(error))
        return Refusal(409, form)
    except VersionMissing:
        form.add_error(None, STALE)
        return Refusal(409, form)
    except StaleVersion as error:
        return Refusal(409, form.bound_to(with_theirs(form.data, error)), error)
