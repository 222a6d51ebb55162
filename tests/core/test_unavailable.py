"""The database refuses or fails in the middle of a save: nothing is half-saved, the text is kept.

The refusals are real: another connection holds the row, the server ends ours, a setting forbids
writing. The full disk of PostgreSQL is its own error, raised by a trigger; SQLite's disks are
really full (test_unwritable.py).
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any, LiteralString

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client, RequestFactory

from core import unavailable
from initiatives.models import Initiative
from tests.concurrency.conftest import database_url
from tests.core.reading import form_to, form_with, html_of, text_of
from tests.promises import Measured
from tests.protection import as_owner

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/initiativer/kontraktanalyse/ret/"
TEXT = "Skrevet, mens databasen svigtede: æøå\nog en linje til."
# What the page says about each failure, and what became of the change.
BUSY = ("Andre er ved at gemme.", "Intet er gemt.")
SLOW = ("Databasen svarede ikke i tide.", "Intet er gemt.")
READ_ONLY = ("Databasen kan kun læses.", "Intet er gemt.")
FULL = ("Disken er fuld.", "Intet er gemt.")
LOST = ("Der er ingen forbindelse til databasen.", "Det er ikke sikkert, at det er gemt.")


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def hold_the_row(stack: ExitStack) -> None:
    """Let another transaction lock the row (on SQLite the file) until the stack ends."""
    if connection.vendor == "sqlite":
        other = stack.enter_context(
            closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None))
        )
        other.execute("BEGIN IMMEDIATE")
        execute("PRAGMA busy_timeout = 100")
        return
    server = stack.enter_context(psycopg.connect(database_url()))
    server.execute("SELECT * FROM initiatives_initiative FOR UPDATE")
    execute("SET lock_timeout = '200ms'")
    stack.callback(server.rollback)


def wait_too_long(stack: ExitStack) -> None:
    hold_the_row(stack)
    execute("SET lock_timeout = 0", "SET statement_timeout = '300ms'")


def forbid_writing(stack: ExitStack) -> None:
    execute("SET default_transaction_read_only = on")


def in_the_middle(stack: ExitStack, act: LiteralString) -> None:
    """Let something happen in the server while the row is being written."""

    def done_by_the_owner(*statements: LiteralString) -> None:
        with as_owner():
            execute(*statements)

    done_by_the_owner(
        f"CREATE FUNCTION trouble() RETURNS trigger AS $$ BEGIN {act}; RETURN NEW; END $$ "
        "LANGUAGE plpgsql SECURITY DEFINER",
        "CREATE TRIGGER trouble BEFORE UPDATE ON initiatives_initiative FOR EACH ROW "
        "EXECUTE FUNCTION trouble()",
    )
    stack.callback(done_by_the_owner, "DROP FUNCTION trouble() CASCADE")


def fill_the_disk(stack: ExitStack) -> None:
    in_the_middle(stack, "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'")


def end_the_connection(stack: ExitStack) -> None:
    in_the_middle(stack, "PERFORM pg_terminate_backend(pg_backend_pid())")


Trouble = Callable[[ExitStack], None]
ON_POSTGRES = pytest.mark.postgres
TROUBLES = [
    pytest.param(hold_the_row, BUSY, id="the row is held"),
    pytest.param(wait_too_long, SLOW, id="the statement takes too long", marks=ON_POSTGRES),
    pytest.param(forbid_writing, READ_ONLY, id="read-only", marks=ON_POSTGRES),
    pytest.param(fill_the_disk, FULL, id="disk full", marks=ON_POSTGRES),
    pytest.param(end_the_connection, LOST, id="connection lost", marks=ON_POSTGRES),
]


def busy_error() -> OperationalError:
    """Return the error that Django raises when another connection has locked the file."""
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error


@pytest.fixture
def client(secretariat_client: Client) -> Iterator[Client]:
    secretariat_client.raise_request_exception = False
    yield secretariat_client
    # Settings of the session end with it.
    connection.close()


@pytest.mark.promise(14)
@pytest.mark.parametrize(("trouble", "words"), TROUBLES)
def test_a_save_that_the_database_refuses_keeps_its_text(
    client: Client, trouble: Trouble, words: tuple[str, str], promise: Measured
):
    form = form_with(client.get(PATH), "report_text")
    before = Initiative.objects.filter(key="kontraktanalyse").values().get()
    with ExitStack() as stack:
        trouble(stack)
        page = client.post(PATH, form.filled(report_text=TEXT))
        connection.close()
    assert page.status_code == 503
    assert page["Retry-After"] == "30"
    text = text_of(page)
    heading, outcome = words
    assert heading.rstrip(".") in text
    assert outcome in text
    assert "Prøv igen" in text
    assert Initiative.objects.filter(key="kontraktanalyse").values().get() == before
    again = form_to(page, PATH)
    assert again.data["report_text"].replace("\r", "") == TEXT
    # The failure is over: the same form is sent once more, from the page that kept it.
    assert client.post(PATH, again.data).status_code == 302
    assert Initiative.objects.get(key="kontraktanalyse").report_text == TEXT
    promise.figure(
        f"a save when {words[0].rstrip('.')}", "503, the text kept, saved when sent again"
    )


@pytest.mark.promise(14)
@pytest.mark.parametrize(("trouble", "words"), TROUBLES)
def test_htmx_gets_the_sentence_alone(
    client: Client, trouble: Trouble, words: tuple[str, str], promise: Measured
):
    form = form_with(client.get(PATH), "report_text")
    with ExitStack() as stack:
        trouble(stack)
        page = client.post(PATH, form.filled(report_text=TEXT), headers={"hx-request": "true"})
        connection.close()
    assert page.status_code == 503
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    html = html_of(page)
    assert html.startswith(f"{words[0]} {words[1]}")
    assert "Det, du har skrevet, står her stadig." in html
    assert "<" not in html
    promise.figure(f"with htmx when {words[0].rstrip('.')}", "503 and the sentence")


def test_a_change_saved_before_the_database_failed_is_not_denied(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    """The change is committed, and then the page cannot be read."""

    def busy(*args: object) -> None:
        raise busy_error()

    monkeypatch.setattr("initiatives.editing.views.messages.success", busy)
    form = form_with(client.get(PATH), "report_text")
    page = client.post(PATH, form.filled(report_text=TEXT))
    assert page.status_code == 503
    assert Initiative.objects.get(key="kontraktanalyse").report_text == TEXT
    assert "Intet er gemt." not in text_of(page)
    assert "Det er ikke sikkert, at det er gemt. Se efter, før du prøver igen." in text_of(page)
    # The next request has saved nothing yet.
    with ExitStack() as stack:
        hold_the_row(stack)
        page = client.post(PATH, form_with(client.get(PATH), "report_text").filled(report_text="x"))
        connection.close()
    assert "Intet er gemt." in text_of(page)


def test_without_the_trouble_the_same_form_is_saved(client: Client):
    """The control."""
    form = form_with(client.get(PATH), "report_text")
    assert client.post(PATH, form.filled(report_text=TEXT)).status_code == 302


# Texts that are shown again


def posted(**data: Any) -> unavailable.Typed:
    return unavailable.Typed.of(RequestFactory().post("/", data))


def test_secrets_are_never_shown_again():
    typed = posted(
        login="anna@eksempel.dk", password="Hemmelig 1", csrfmiddlewaretoken="Et Token", next="/"
    )
    assert [field.value for field in typed.texts] == ["anna@eksempel.dk"]
    assert [field.name for field in typed.rest] == ["next"]
    assert typed.has_secret
    for name in ("oldpassword", "password1", "new_password2"):
        typed = posted(**{name: "Hemmelig 1"})
        assert (typed.texts, typed.rest, typed.has_secret) == ((), (), True)


@pytest.mark.parametrize(
    ("value", "is_text"),
    [
        ("on_track", True),  # of a field that nobody knows
        ("12", False),
        ("2026-02-26", False),
        ("/status/?tekst=x", False),
        ("", False),
        ("Kort", True),
        ("to ord", True),
        ("æble", True),
        ("<b>", True),
    ],
)
def test_what_a_person_wrote_is_distinguished_from_choices(value: str, is_text: bool):
    typed = posted(felt=value)
    assert [field.value for field in (typed.texts if is_text else typed.rest)] == [value]
    assert len(typed.texts) + len(typed.rest) == 1


def test_what_was_written_is_shown_as_text(client: Client):
    request = RequestFactory().post("/", {"title": "</textarea><script>alert(1)</script>"})
    page = unavailable.answer(request, busy_error())
    assert page is not None
    assert "<script" not in html_of(page)
    assert "&lt;script&gt;" in html_of(page)


@pytest.mark.parametrize(
    "error", [None, RuntimeError("x"), IntegrityError("x"), OperationalError()]
)
def test_other_errors_are_not_answered_as_unavailable(error: BaseException | None):
    assert unavailable.answer(RequestFactory().post("/"), error) is None
