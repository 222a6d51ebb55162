"""Users saved by Django itself, outside our transactions: the row and its history together.

On PostgreSQL a row without its history is refused at COMMIT, so these tests commit.
"""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models

from accounts.models import User
from core import verifying

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, PASSWORD = "drift@example.dk", "en-lang-adgangskode-2026"


def create_superuser(monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    named = {"email": EMAIL, "name": "Drift", "interactive": False, "verbosity": 0}
    call_command("createsuperuser", **named)
    user: User = User.objects.get(email=EMAIL)
    return user


def test_createsuperuser(monkeypatch: pytest.MonkeyPatch):
    user = create_superuser(monkeypatch)
    assert user.is_superuser
    assert user.check_password(PASSWORD)
    assert user.history.count() == 1
    assert list(verifying.findings()) == []


def test_changepassword(monkeypatch: pytest.MonkeyPatch):
    create_superuser(monkeypatch)
    other = "en-helt-anden-adgangskode-2026"
    monkeypatch.setattr("getpass.getpass", lambda *args, **kwargs: other)
    call_command("changepassword", EMAIL)
    assert User.objects.get(email=EMAIL).check_password(other)
    assert list(verifying.findings()) == []


def test_a_hash_that_is_renewed_at_login(monkeypatch: pytest.MonkeyPatch, settings: Any):
    create_superuser(monkeypatch)
    before = User.objects.get(email=EMAIL).password
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)
    assert User.objects.get(email=EMAIL).password != before
    assert list(verifying.findings()) == []


def test_a_user_whose_history_cannot_be_written_is_not_there(monkeypatch: pytest.MonkeyPatch):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(User.history.model, "save", fail)
    with pytest.raises(DatabaseError):
        User.objects.create_user(EMAIL, PASSWORD, name="Drift")
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.postgres
def test_without_the_transaction_the_database_refuses_the_user(monkeypatch: pytest.MonkeyPatch):
    """The control: without the transaction createsuperuser fails."""
    monkeypatch.setattr(User, "save", models.Model.save)
    with pytest.raises(DatabaseError, match="not as its newest history row"):
        create_superuser(monkeypatch)
    connection.close()
