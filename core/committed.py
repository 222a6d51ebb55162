"""Whether anything was saved while a request is answered: the page of an error has to say so."""

from contextvars import ContextVar

from django.db import transaction

_saved: ContextVar[bool] = ContextVar("saved", default=False)


def begin() -> None:
    """A new request: nothing is saved yet."""
    _saved.set(False)


def note_commit() -> None:
    """Remember, once the caller's transaction is committed, that something was saved."""
    transaction.on_commit(_note)


def has_saved() -> bool:
    """Whether something was saved since the request began."""
    return _saved.get()


def _note() -> None:
    _saved.set(True)
