"""The page of an edition, its files and the archive, as they are read."""

import hashlib
import re

import pytest
from django.test import Client

from reports.models import Edition
from tests.core.reading import forms_of, html_of
from tests.initiatives.steps import judge
from tests.reports.editions.page_steps import EDITION, LIST, queries_of, text_of
from tests.reports.editions.steps import CORRECTION, FORMATS, lock, path_of, stored

NAME = "Status udviklingsprogram 2026-02, udgave 1"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


def test_the_page_of_an_edition(secretariat_client: Client, edition: Edition):
    response = secretariat_client.get(EDITION)
    assert response.status_code == 200
    text = text_of(response)
    assert "Udgave 1, låst den 26. februar 2026." in text
    assert "I alt 14" in text
    assert "Kladde" not in text
    links = re.findall(r'href="([^"]+udgave-1\.\w+)"', html_of(response))
    assert links == [path_of(edition, f".{name}") for name in FORMATS]
    assert "Nogle af filerne kunne ikke dannes" not in text
    actions = {form.action for form in forms_of(response) if "udgave-1" in form.action}
    assert actions == {f"{EDITION}godkend/"}


def test_the_page_shows_what_was_locked(secretariat_client: Client, edition: Edition):
    judge("kontraktanalyse", "minor_deviations", "Forsinket igen og igen.", deviates=["time"])
    assert "Forsinket igen og igen." not in text_of(secretariat_client.get(EDITION))
    assert "Forsinket igen og igen." in text_of(
        secretariat_client.get("/statusopgoerelser/2026-02/")
    )


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_served_as_it_was_stored(secretariat_client: Client, edition: Edition, name: str):
    file = edition.files.get(format=name)
    path = path_of(edition, f".{name}")
    response, queries = queries_of(secretariat_client, "get", path)
    assert response.status_code == 200
    assert response.content == bytes(file.content)
    assert response["Content-Type"] == MEDIA_TYPES[name]
    assert response["ETag"] == f'"{hashlib.sha256(response.content).hexdigest()}"'
    kind = "inline" if name == "pdf" else "attachment"
    quoted = "Status%20udviklingsprogram%202026-02%2C%20udgave%201"
    assert response["Content-Disposition"] == (
        f"{kind}; filename=\"{NAME}.{name}\"; filename*=utf-8''{quoted}.{name}"
    )
    assert "private" in response["Cache-Control"]
    assert len(queries) <= 5, "\n".join(queries)


def test_a_file_the_browser_has_already_is_304(secretariat_client: Client, edition: Edition):
    path = path_of(edition, ".pdf")
    first = secretariat_client.get(path)
    for known in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}', "*"):
        response, queries = queries_of(
            secretariat_client, "get", path, headers={"if-none-match": known}
        )
        assert (response.status_code, response.content) == (304, b"")
        # RFC 9110, 15.4.5: the same headers as in a 200.
        assert response["ETag"] == first["ETag"]
        assert response["Cache-Control"] == first["Cache-Control"]
        assert len(queries) <= 5, "\n".join(queries)
    other = secretariat_client.get(path, headers={"if-none-match": '"x"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_a_file_accepts_get_and_head_only(secretariat_client: Client, edition: Edition):
    path = path_of(edition, ".pdf")
    head = secretariat_client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("post", "put", "delete", "patch"):
        assert getattr(secretariat_client, method)(path).status_code == 405


@pytest.mark.parametrize("act", ["godkend/", "offentliggoer/", "dan-filer/"])
def test_acts_require_a_post(secretariat_client: Client, edition: Edition, act: str):
    before = stored(edition)
    assert secretariat_client.get(f"{EDITION}{act}").status_code == 405
    assert stored(edition) == before


def test_the_fragment_holds_the_files_alone(secretariat_client: Client, edition: Edition):
    response = secretariat_client.get(EDITION, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert html_of(response).count("<html") == 0
    assert 'id="filer"' in html_of(response)
    assert "HX-Request" in response["Vary"]


def test_the_archive(secretariat_client: Client, january: Edition, edition: Edition):
    lock(january.report.programme, with_files=None, correction=CORRECTION)
    secretariat_client.get(LIST)  # from here on the plan is in memory
    response, queries = queries_of(secretariat_client, "get", LIST)
    text = text_of(response)
    assert f"Rettet: {CORRECTION}" in text
    assert len(re.findall(r"låst den \d+\. \w+ 2026 af Anna", text)) == 3
    links = re.findall(r'href="(/statusopgoerelser/2026-0\d/udgave-\d/?[^"]*)"', html_of(response))
    endings = ("/", *(f".{name}" for name in FORMATS))
    assert links == [
        f"{LIST}2026-02/udgave-2/",
        f"{LIST}2026-02/udgave-1/",
        *(f"{LIST}2026-02/udgave-2.{name}" for name in FORMATS),
        *(f"{LIST}2026-01/udgave-1{ending}" for ending in endings),
    ]
    for number in (3, 4, 5):
        lock(january.report.programme, with_files=None, correction=f"Rettelse {number}.")
    # One document is read, once for each worker: the draft is compared with the newest edition.
    _, first = queries_of(secretariat_client, "get", LIST)
    assert sum('"document"' in sql for sql in first) == 1
    _, more = queries_of(secretariat_client, "get", LIST)
    assert len(more) == len(queries)
    assert not any('"document"' in sql or '"content"' in sql for sql in more)
