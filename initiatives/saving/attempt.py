"""Save a form, or say why it can't be saved: what every form of the plan does with a POST."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError

from core.writing import StaleVersion, VersionMissing
from initiatives.saving.conflict import STALE, with_theirs
from initiatives.saving.version import VersionedForm

Form = TypeVar("Form", bound=VersionedForm)
Result = TypeVar("Result")

# What a person answers to a conflict, as the buttons of `_conflict.html` say it. "Brug min" is an
# ordinary save from the newest version.
CHOICE, KEEP_THEIRS, KEEP_BOTH = "valg", "gemt", "begge"


class Outdated(Exception):
    """What was posted belongs to something that is over, so that it would be saved in the wrong
    place. The message is a Danish sentence for the form."""


@dataclass(frozen=True)
class Refusal(Generic[Form]):
    """Nothing was saved: the form to show again, everything typed still in it, and its HTTP
    status.

    422 says that the form must be corrected, 409 that somebody was first; `conflict` holds the
    fields that both have changed.
    """

    status: int
    form: Form
    conflict: StaleVersion | None = None


def attempt(form: Form, save: Callable[[], Result]) -> Result | Refusal[Form]:
    """Validate the bound `form`, then call `save`; return what that returns, or the refusal.

    `save` may raise ValidationError (by the form's field names), Outdated, and what
    `core.writing.change` raises. Any other error is the caller's.
    """
    if not form.is_valid():
        return Refusal(422, form)
    try:
        return save()
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
