"""`manage.py pseudonymise`: the name is gone everywhere, and nothing else is changed."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client

from accounts.changes import change_user
from accounts.models import OutboxMail, User
from core import clock, verifying
from core.protection import append_only_models
from initiatives.models import StatusUpdate
from principles.models import Programme
from reports.editions import files
from reports.models import Edition
from tests.accounts.test_changed_address import change
from tests.core.reading import form_with
from tests.factories import PASSWORD, make_user
from tests.initiatives.steps import edit, judge, read_initiative
from tests.protection import as_owner
from tests.reports.editions.steps import lock

pytestmark = pytest.mark.django_db

NAME = "Tidligere medarbejder"


def pseudonymise(email: str, *options: str) -> str:
    out = StringIO()
    with as_owner():
        call_command("pseudonymise", email, *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def anna(programme: Programme, secretariat: User) -> User:
    """A user who has judged a status, edited a text and locked an edition."""
    judge("kontraktanalyse", "completed", "Færdig.", actor=secretariat.actor)
    edit(read_initiative("kontraktanalyse"), actor=secretariat.actor, report_text="Skrevet.")
    lock(programme, with_files=None, actor=secretariat.actor)
    return secretariat


def everything() -> str:
    """Return all rows of every append-only table, and the users, as one text."""
    rows = [list(models.QuerySet(model).values()) for model, _ in append_only_models()]
    return repr([*rows, list(User.objects.values("name", "email"))])


def test_the_name_is_nowhere(anna: User):
    name, email = anna.name, anna.email
    judged = StatusUpdate.objects.filter(by=anna).order_by("id")
    before = list(judged.values_list("id", "status_after", "reason"))
    assert name in everything()
    output = pseudonymise(email)
    assert name not in everything()
    assert email not in everything()
    assert "Statusvurdering: " in output
    assert "Udgave: 1 række." in output
    # The rows are still there and point to the same user.
    assert list(judged.filter(by_name=NAME).values_list("id", "status_after", "reason")) == before
    assert list(verifying.findings()) == []
    assert [
        difference for edition in Edition.objects.all() for difference in files.differences(edition)
    ] == []
    assert authenticate(email=email, password=PASSWORD) is None


def every_table() -> dict[str, str]:
    """Every row of every table of the database, by table."""
    contents = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            contents[table] = repr(cursor.fetchall())
    return contents


def tables_with(*words: str) -> list[str]:
    return [table for table, rows in every_table().items() if any(word in rows for word in words)]


def test_no_table_has_a_name_or_an_address(anna: User, group: User, reader: User):
    """The user was changed in the admin, changed others there, and has received mail."""
    chief = Client()
    chief.force_login(make_user("Driftsansvarlig", is_superuser=True))
    names = [anna.name, anna.email, "Anna Forhen", "anna.forhen@example.dk"]
    change(chief, anna, name="Anna Forhen", email="anna.forhen@example.dk")
    anna.refresh_from_db()
    (membership,) = anna.memberships.all()
    form_of_membership = f"/admin/accounts/membership/{membership.pk}/change/"
    form = form_with(chief.get(form_of_membership), "change_reason")
    typed = form.filled(role="reader")
    data = {name: value for name, value in typed.items() if value is not None}
    assert chief.post(form_of_membership, data).status_code == 302
    change_user(
        group,
        {"name": "Bo Nyt Navn"},
        version=group.version,
        actor=anna.actor,
        reason="Nyt navn.",
        at=clock.now(),
    )
    OutboxMail.objects.create(
        kind="other",
        recipient="anna.forhen@example.dk",
        ended_at=clock.now(),
        last_error="550 anna.forhen@example.dk",
    )
    before = tables_with(*names)
    assert {"django_admin_log", "accounts_outboxmail", "accounts_user"} <= set(before)

    output = pseudonymise("anna.forhen@example.dk")

    assert tables_with(*names) == []
    assert "Udgående e-mail: " in output
    (mail,) = OutboxMail.objects.filter(ended_at=None)
    assert (mail.recipient, NAME in mail.body) == (group.email, True)
    assert list(verifying.findings()) == []


def test_a_second_run_changes_nothing(anna: User):
    pseudonymise(anna.email)
    anna.refresh_from_db()
    before = everything()
    assert "Intet er ændret." in pseudonymise(anna.email)
    assert everything() == before
    assert "hedder nu »Bruger 7«" in pseudonymise(anna.email, "--name", "Bruger 7")


def test_the_names_of_others_stay(anna: User, group: User):
    pseudonymise(anna.email)
    group.refresh_from_db()
    assert (group.name != NAME, group.is_active) == (True, True)


def test_an_unknown_address_is_refused(programme: Programme):
    with pytest.raises(CommandError, match="Ingen bruger har e-mailen"):
        pseudonymise("ingen@example.dk")


@pytest.mark.postgres
def test_the_web_role_may_not_pseudonymise(anna: User):
    with pytest.raises(CommandError, match="Kun databasens ejer"):
        call_command("pseudonymise", anna.email)
    assert connection.vendor == "postgresql"
