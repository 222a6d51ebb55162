"""Short steps that the tests of an edition's pages share: addresses, forms, queries."""

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.editions import approval
from reports.models import Edition
from tests.core import reading
from tests.core.reading import Form, form_with
from tests.query_counts import counted_queries
from tests.reports.editions.steps import LOCKED_AT

LIST = "/statusopgoerelser/"
FREEZE = "/statusopgoerelser/2026-02/laas/"
EDITION = "/statusopgoerelser/2026-02/udgave-1/"


def text_of(response: Any) -> str:
    """Return what a person reads, without blanks before punctuation."""
    return re.sub(r" ([,:.])", r"\1", reading.text_of(response))


def approve(edition: Edition, actor: Any) -> None:
    approval.approve(edition, meeting_on=LOCKED_AT.date(), actor=actor, at=LOCKED_AT)


def publish(edition: Edition, actor: Any) -> None:
    approve(edition, actor)
    edition.refresh_from_db()
    approval.publish(edition, actor=actor, at=LOCKED_AT)


def open_form(client: Client, path: str = FREEZE) -> Form:
    response = client.get(path)
    assert response.status_code == 200
    return form_with(response, "basis")


def queries_of(client: Client, method: str, path: str, *args: Any, **kwargs: Any) -> Any:
    """Send a request, and return the answer and its queries."""
    with CaptureQueriesContext(connection) as captured:
        response = getattr(client, method)(path, *args, **kwargs)
    return response, counted_queries(captured)
