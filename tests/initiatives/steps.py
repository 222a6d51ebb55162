"""Short steps that the tests of the plan's pages share."""

from datetime import datetime
from typing import Any

from django.test import Client

from core import writing
from core.clock import COPENHAGEN
from core.tracking import Actor
from initiatives.models import Initiative, StatusUpdate
from tests.core.reading import Form, form_with

BO = Actor("Bo Eksempel")
NOON = datetime(2026, 2, 26, 12, tzinfo=COPENHAGEN)
STALE = "Siden er ikke længere aktuel. Hent den igen, og gem derefter. Din tekst står herunder."


def read_initiative(key: str) -> Initiative:
    """Return the initiative called `key` as it is now."""
    initiative: Initiative = Initiative.objects.get(key=key)
    return initiative


def updates(key: str) -> list[StatusUpdate]:
    """Return every judgement of an initiative, oldest first."""
    return list(StatusUpdate.objects.filter(initiative__key=key).order_by("id"))


def open_form(client: Client, key: str, query: str = "", **headers: str) -> Form:
    """Open the status form, with what a browser would send."""
    headers_sent = {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.get(f"/initiativer/{key}/status/{query}", headers=headers_sent)
    assert response.status_code == 200
    return form_with(response, "version")


def save(client: Client, key: str, form: Form, *, htmx: Any = False, **typed: Any) -> Any:
    """Send the form with `typed` over it, and return the answer."""
    headers = {"hx-request": "true"} if htmx else {}
    return client.post(f"/initiativer/{key}/status/", form.filled(**typed), headers=headers)


def judge(key: str, status: str | None, reason: str = "", **values: Any) -> Initiative:
    """Let somebody else judge the initiative."""
    initiative = read_initiative(key)
    newest = initiative.updates.judgements().newest_first().first()
    options = {
        "month": initiative.area.principle.programme.reporting_month,
        "deviates": newest.deviates if newest and newest.status_after == status else (),
        "ask": initiative.ask,
        "internal_notes": initiative.internal_notes,
        "version": initiative.version,
        "actor": BO,
        "at": NOON,
    }
    return initiative.change_status(status=status, reason=reason, **options | values).row


def edit(row: Any, *, actor: Any = BO, reason: Any = "", **changes: Any) -> Any:
    """Let somebody else edit a row, and return the saved row."""
    current = type(row).objects.get(pk=row.pk)
    return writing.change(
        row, changes, version=current.version, actor=actor, reason=reason, at=NOON
    ).row
