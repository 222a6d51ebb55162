"""Whether anything has been saved during the present request: an error page has to say so."""

from contextvars import ContextVar

from django.db import transaction

_saved: ContextVar[bool] = ContextVar("saved", default=False)


def begin() -> None:
    """Start a new request, in which nothing is saved yet."""
    _saved.set(False)


def note_commit() -> None:
    """Remember that something was saved, once the caller's transaction is committed."""
    transaction.on_commit(_note)


def has_saved() -> bool:
    """Whether something was saved since the request began."""
    return _saved.get()


def _note() -> None:
    _saved.set(True)
