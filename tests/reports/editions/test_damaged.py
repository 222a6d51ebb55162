"""An edition whose stored bytes are not what was locked is never shown, served or rendered.

Each page and file is requested before one byte is changed, when it answers, and afterwards.
"""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models
from django.test import Client

from initiatives.sources import memory
from principles.models import Programme
from reports.editions import rendering
from reports.editions.rendering import Outcome
from reports.models import Edition, EditionFile, EditionRendering
from tests.core.reading import html_of, text_of
from tests.promises import Measured
from tests.protection import without_triggers
from tests.reports.editions.steps import FORMATS, JANUARY, LOCKED_AT, lock, path_of

SENTENCE = "Udgaven er beskadiget"


def damage(model: type[models.Model], where: dict[str, Any], **values: Any) -> None:
    with without_triggers():
        assert models.QuerySet(model).filter(**where).update(**values)


def damage_document(edition: Edition) -> None:
    document = edition.document.replace("Kontraktanalyse", "Kontraktsanalyse")
    damage(Edition, {"pk": edition.pk}, document=document)


def is_refused(response: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Check that the answer is a Danish error page with contact and number, logged and uncached."""
    assert response.status_code == 500
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("ETag")
    assert not response.has_header("Content-Disposition")
    records = [record for record in caplog.records if record.name == "reports.middleware"]
    assert [record.levelno for record in records] == [logging.ERROR]
    if response.content:
        text = text_of(response)
        assert SENTENCE in text
        assert "Giv besked til sekretariatet" in text
        assert response["X-Request-ID"] in text
    caplog.clear()


# Files


ASKED: dict[str, Callable[[Client, str, str], Any]] = {
    "GET": lambda client, path, tag: client.get(path),
    "HEAD": lambda client, path, tag: client.head(path),
    "with the copy one has": lambda client, path, tag: client.get(
        path, headers={"if-none-match": tag}
    ),
    "with any copy": lambda client, path, tag: client.get(path, headers={"if-none-match": "*"}),
    "a part of it": lambda client, path, tag: client.get(path, headers={"range": "bytes=0-0"}),
}


@pytest.mark.promise(2)
@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_never_served(
    reader_client: Client,
    secretariat_client: Client,
    january: Edition,
    caplog: pytest.LogCaptureFixture,
    promise: Measured,
    name: str,
):
    path = path_of(january, f".{name}")
    file = january.files.get(format=name)
    tag = f'"{file.sha256}"'
    before = [ask(secretariat_client, path, tag).status_code for ask in ASKED.values()]
    assert before == [200, 200, 304, 304, 200]
    content = bytearray(bytes(file.content))
    content[len(content) // 2] ^= 1
    damage(EditionFile, {"pk": file.pk}, content=bytes(content))
    for ask in ASKED.values():
        response = ask(secretariat_client, path, tag)
        assert bytes(content) not in response.content
        is_refused(response, caplog)
    # Somebody who may not see the edition learns nothing of the damage.
    assert reader_client.get(path).status_code == 404
    # The other files are served as before.
    others = [other for other in FORMATS if other != name]
    served = [secretariat_client.get(path_of(january, f".{other}")) for other in others]
    assert {response.status_code for response in served} == {200}
    promise.figure(f"a file with one byte changed, {name}, in {len(ASKED)} ways", "0 served")


@pytest.mark.promise(2)
def test_without_the_check_a_damaged_file_is_served(
    secretariat_client: Client,
    january: Edition,
    monkeypatch: pytest.MonkeyPatch,
    promise: Measured,
):
    """The control."""
    damage(EditionFile, {"edition": january, "format": "csv"}, content=b"En anden fil.")
    monkeypatch.setattr(EditionFile, "intact_content", lambda self: bytes(self.content))
    assert secretariat_client.get(path_of(january, ".csv")).content == b"En anden fil."
    promise.control("a changed file, not hashed", "served")


def test_an_empty_file_is_never_served(
    secretariat_client: Client, january: Edition, caplog: pytest.LogCaptureFixture
):
    damage(EditionFile, {"edition": january, "format": "pdf"}, content=b"")
    is_refused(secretariat_client.get(path_of(january, ".pdf")), caplog)


# Pages and files made from a document


PAGES = {
    "its page": "/statusopgoerelser/2026-01/udgave-1/",
    "Sammenlign": "/statusopgoerelser/sammenlign/?fra=2026-01-udgave-1&til=nu",
    "Sammenlign with a day": "/statusopgoerelser/sammenlign/?fra=2026-01-udgave-1&til=2026-02-26",
    "Søg": "/soeg/?tekst=kontrakt",
    "Overblik": "/",
    "the draft after it": "/statusopgoerelser/2026-02/",
    "a file of that draft": "/statusopgoerelser/2026-02.csv",
    "locking after it": "/statusopgoerelser/2026-02/laas/",
}


@pytest.mark.promise(2)
@pytest.mark.parametrize("place", PAGES)
def test_a_damaged_document_is_never_shown(
    secretariat_client: Client,
    january: Edition,
    caplog: pytest.LogCaptureFixture,
    promise: Measured,
    place: str,
):
    path = PAGES[place]
    assert secretariat_client.get(path).status_code == 200
    damage_document(january)
    memory.forget()
    response = secretariat_client.get(path)
    assert "Kontraktsanalyse" not in html_of(response)
    is_refused(response, caplog)
    promise.figure(f"a changed document behind {place}", "not shown")


@pytest.mark.parametrize("place", ["Overblik", "Søg", "Sammenlign"])
def test_what_was_read_before_is_shown_as_it_was_locked(
    secretariat_client: Client, january: Edition, place: str
):
    before = text_of(secretariat_client.get(PAGES[place]))
    damage_document(january)
    assert text_of(secretariat_client.get(PAGES[place])) == before


def test_the_list_of_reports_still_leads_to_the_others(
    secretariat_client: Client, january: Edition
):
    damage_document(january)
    assert secretariat_client.get("/statusopgoerelser/").status_code == 200
    assert secretariat_client.get("/status/").status_code == 200


@pytest.mark.parametrize(
    "values",
    [
        {"sentences": [{"id": "x", "proposed": "Løgn.", "text": "Løgn."}]},
        {"correction": "Løgn."},
        {"meeting_on": JANUARY},
        {"frozen_at": LOCKED_AT},
        {"link": {"previous": "0" * 64, "history": {}}},
        {"seal": "0" * 64},
    ],
    ids=lambda values: next(iter(values)),
)
def test_damaged_columns_beside_the_document_are_never_shown(
    secretariat_client: Client,
    january: Edition,
    caplog: pytest.LogCaptureFixture,
    values: dict[str, Any],
):
    damage(Edition, {"pk": january.pk}, **values)
    response = secretariat_client.get(path_of(january))
    assert "Løgn." not in html_of(response)
    is_refused(response, caplog)


def test_no_file_is_made_from_a_damaged_document(programme: Programme, secretariat_client: Client):
    edition = lock(programme, with_files=False)
    damage_document(edition)
    edition = Edition.objects.get(pk=edition.pk)
    assert rendering.attempt_job(edition, LOCKED_AT) is Outcome.FAILED
    assert not edition.files.exists()
    assert "does not have its hash" in EditionRendering.objects.get().error


def test_the_fragment_of_a_damaged_edition_is_refused_too(
    secretariat_client: Client, january: Edition, caplog: pytest.LogCaptureFixture
):
    damage_document(january)
    headers = {"hx-request": "true"}
    is_refused(secretariat_client.get(path_of(january), headers=headers), caplog)
