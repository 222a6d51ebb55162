"""The pages of editions through HTTP: lock, read, approve, publish, download, and who may."""

import hashlib
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.clock import COPENHAGEN
from principles.models import Programme
from reports.editions import approval, files, freezing, rendering
from reports.models import Edition, EditionFile, EditionRendering
from tests.conftest import OtherProgramme
from tests.core import reading
from tests.core.reading import Form, form_to, form_with, forms_of, html_of
from tests.initiatives.steps import edit, judge
from tests.pdf.test_render_pdf import fake_weasyprint
from tests.performance.growing import grow
from tests.query_counts import counted_queries
from tests.reports.editions.steps import (
    CORRECTION,
    FORMATS,
    JANUARY,
    LOCKED_AT,
    lock,
    path_of,
    store_files,
    stored,
)

LIST = "/statusopgoerelser/"
FREEZE = "/statusopgoerelser/2026-02/laas/"
EDITION = "/statusopgoerelser/2026-02/udgave-1/"
NAME = "Status udviklingsprogram 2026-02, udgave 1"
STATUS = "tekst:initiative:kontraktanalyse:status"
CHANGED = "Planen er ændret, siden du åbnede siden."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@pytest.fixture
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is locked on a page gets files that cost nothing to make."""

    def make(edition: Edition, at: datetime, *, is_new: bool = False) -> bool:
        store_files(edition)
        return True

    monkeypatch.setattr(rendering, "make", make)


@pytest.fixture
def january(programme: Programme) -> Edition:
    at = datetime(2026, 1, 29, 12, tzinfo=COPENHAGEN)
    return lock(programme, month=JANUARY, at=at, with_files=None)


@pytest.fixture
def edition(programme: Programme, secretariat: User) -> Edition:
    """February, udgave 1, with files."""
    return lock(programme, with_files=None, actor=secretariat.actor)


def text_of(response: Any) -> str:
    """What a person reads; the mark after a link stands by it."""
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
    """The answer, and the queries it took."""
    with CaptureQueriesContext(connection) as captured:
        response = getattr(client, method)(path, *args, **kwargs)
    return response, counted_queries(captured)


# Lock


def test_the_form_says_what_would_be_locked(secretariat_client: Client, january: Edition):
    response = secretariat_client.get(FREEZE)
    assert response.status_code == 200
    text = text_of(response)
    assert "Lås udgave 1, februar 2026" in text
    assert "Når udgaven er låst, kan den ikke ændres." in text
    assert "4 initiativer er ikke vurderet for februar 2026." in text
    assert "dannet ud fra ændringerne siden udgave 1, januar 2026" in text
    form = form_with(response, "basis")
    assert sum(name.startswith("tekst:") for name in form.data) > 5
    assert form.data["tekst:initiative:bestillingsportal:status"].startswith(
        "Bestillingsportal er ændret fra Betydelige afvigelser til Anbefales nedlukket."
    )
    assert "correction" not in form.data


def test_without_an_earlier_edition_there_is_no_change_text(secretariat_client: Client):
    form = open_form(secretariat_client)
    assert set(form.data) == {"csrfmiddlewaretoken", "basis", "meeting_on"}


def test_the_form_is_only_read(secretariat_client: Client):
    open_form(secretariat_client)
    assert secretariat_client.head(FREEZE).status_code == 200
    assert not Edition.objects.exists()


@pytest.mark.usefixtures("quick_files")
def test_locked_by_post(secretariat_client: Client, secretariat: User, january: Edition):
    form = open_form(secretariat_client)
    mine = "Kontraktanalyse går sin gang, som aftalt.\r\nDet er godt."
    change = next(name for name in form.data if name.startswith("tekst:"))
    typed = form.filled(**{change: mine, "meeting_on": "12-03-2026"})
    response = secretariat_client.post(FREEZE, typed)
    assert (response.status_code, response["Location"]) == (302, EDITION)
    edition = Edition.objects.get(report__month__month=2)
    assert edition.frozen_by == secretariat
    assert edition.frozen_by_name == "Anna Eksempel"
    assert edition.compared_with == january
    assert edition.meeting_on == date(2026, 3, 12)
    assert edition.sentences[0]["text"] == mine.replace("\r\n", "\n")
    text = text_of(secretariat_client.get(EDITION))
    assert "Udgave 1, februar 2026 er låst." in text
    assert "Udgave 1, låst den 26. februar 2026." in text
    assert "til mødet i Implementeringsgruppen den 12. marts 2026" in text
    assert "Kontraktanalyse går sin gang, som aftalt." in text
    assert freezing.control_code(edition.seal) in text


@pytest.mark.usefixtures("quick_files")
def test_the_same_form_twice_is_one_edition(secretariat_client: Client):
    form = open_form(secretariat_client)
    for _ in range(2):
        response = secretariat_client.post(FREEZE, form.data)
        assert (response.status_code, response["Location"]) == (302, EDITION)
    assert Edition.objects.count() == 1


@pytest.mark.usefixtures("quick_files")
def test_the_same_correction_twice_is_one_edition(secretariat_client: Client, edition: Edition):
    form = open_form(secretariat_client)
    typed = form.filled(correction=CORRECTION)
    for _ in range(3):
        response = secretariat_client.post(FREEZE, typed)
        assert response["Location"] == path_of(edition).replace("udgave-1", "udgave-2")
    assert Edition.objects.count() == 2


@pytest.mark.usefixtures("quick_files")
def test_somebody_elses_edition_is_not_mine(
    secretariat_client: Client, programme: Programme, group: User
):
    """Two have the form open: the second is told, and asked what was corrected."""
    form = open_form(secretariat_client)
    lock(programme, with_files=None, actor=group.actor)
    response = secretariat_client.post(FREEZE, form.filled(meeting_on="12-03-2026"))
    assert response.status_code == 409
    assert CHANGED in text_of(response)
    again = form_with(response, "basis")
    assert again.data["meeting_on"] == "12-03-2026"
    assert "correction" in again.data
    assert Edition.objects.count() == 1


@pytest.mark.usefixtures("quick_files")
def test_a_changed_plan_is_409_and_keeps_what_was_typed(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    change = next(name for name in form.data if name.startswith("tekst:"))
    typed = form.filled(**{change: "Min egen sætning.", "meeting_on": "12-03-2026"})
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    response = secretariat_client.post(FREEZE, typed)
    assert response.status_code == 409
    assert CHANGED in text_of(response)
    again = form_with(response, "basis")
    assert again.data[change] == "Min egen sætning."
    assert again.data["meeting_on"] == "12-03-2026"
    assert again.data["basis"] != form.data["basis"]
    assert again.data[STATUS].startswith("Kontraktanalyse er ændret fra")
    assert Edition.objects.count() == 1
    # What is read through once more can be locked.
    assert secretariat_client.post(FREEZE, again.data).status_code == 302


@pytest.mark.usefixtures("quick_files")
def test_a_sentence_about_what_is_no_longer_so_is_not_locked_unseen(
    secretariat_client: Client, january: Edition
):
    """The sentence nobody touched follows the plan; only what was typed is kept."""
    form = open_form(secretariat_client)
    change = "tekst:initiative:myndighedsbestilling:status"
    assert "til Mindre afvigelser" in form.data[change]
    judge("myndighedsbestilling", "major_deviations", "Det er værre endnu.", deviates=["time"])
    response = secretariat_client.post(FREEZE, form.data)
    assert response.status_code == 409
    again = form_with(response, "basis")
    assert "til Betydelige afvigelser" in again.data[change]
    assert secretariat_client.post(FREEZE, again.data).status_code == 302
    edition = Edition.objects.get(report__month__month=2)
    assert again.data[change] in [sentence["text"] for sentence in edition.sentences]


def test_what_is_proposed_now_stands_beside_what_was_typed(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    change = "tekst:initiative:myndighedsbestilling:status"
    judge("myndighedsbestilling", "major_deviations", "Det er værre endnu.", deviates=["time"])
    typed = form.filled(**{change: "Min egen sætning."})
    response = secretariat_client.post(FREEZE, typed)
    assert response.status_code == 409
    assert form_with(response, "basis").data[change] == "Min egen sætning."
    assert "Nu foreslås: Myndighedsbestilling er ændret fra" in text_of(response)
    # Once told is told: the next time it is a form like any other.
    again = form_with(response, "basis").filled(meeting_on="i morgen")
    response = secretariat_client.post(FREEZE, again)
    assert response.status_code == 422
    assert form_with(response, "basis").data[change] == "Min egen sætning."
    assert "Nu foreslås" not in text_of(response)


@pytest.mark.usefixtures("quick_files")
def test_a_mistake_does_not_hide_that_the_plan_changed(
    secretariat_client: Client, january: Edition
):
    """Both at once: who only mends the date has still been told."""
    form = open_form(secretariat_client)
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    response = secretariat_client.post(FREEZE, form.filled(meeting_on="i morgen"))
    assert response.status_code == 409
    text = text_of(response)
    assert CHANGED in text
    assert "Skriv datoen" in text
    assert form_with(response, "basis").data["meeting_on"] == "i morgen"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"meeting_on": "31-02-2026"}, "dato"),
        ({"correction": ""}, "Skriv, hvad der er rettet i udgaven."),
        ({"correction": "\u200b\xad"}, "Skriv, hvad der er rettet i udgaven."),
        ({"tekst:initiative:bestillingsportal:status": "\u2060"}, "skal udfyldes"),
        ({"correction": "x" * 501}, "højst fylde 500 tegn"),
        ({"correction": "Borger 010190-1234"}, "CPR-nummer"),
        ({"tekst:initiative:bestillingsportal:status": " "}, "skal udfyldes"),
        ({"tekst:initiative:bestillingsportal:status": "010190-1234"}, "CPR-nummer"),
    ],
)
def test_422_keeps_what_was_typed(
    secretariat_client: Client,
    january: Edition,
    edition: Edition,
    typed: dict[str, str],
    sentence: str,
):
    form = open_form(secretariat_client)
    sent = form.filled(**{"correction": CORRECTION, **typed})
    response = secretariat_client.post(FREEZE, sent)
    assert response.status_code == 422
    assert sentence in text_of(response)
    again = form_with(response, "basis")
    assert {name: again.data[name].strip() for name in typed} == {
        name: value.strip() for name, value in typed.items()
    }
    assert again.data["basis"] == form.data["basis"]
    assert Edition.objects.count() == 2


@pytest.mark.parametrize("basis", ["", "x", None])
def test_a_form_without_its_basis_is_409(secretariat_client: Client, basis: str | None):
    form = open_form(secretariat_client)
    sent = {name: value for name, value in form.data.items() if name != "basis"}
    if basis is not None:
        sent["basis"] = basis
    assert secretariat_client.post(FREEZE, sent).status_code == 409
    assert not Edition.objects.exists()


def test_hostile_texts_are_shown_as_text(secretariat_client: Client, january: Edition):
    form = open_form(secretariat_client)
    change = next(name for name in form.data if name.startswith("tekst:"))
    bad = "</textarea><script>alert(1)</script>"
    response = secretariat_client.post(FREEZE, form.filled(**{change: bad, "basis": "x"}))
    assert response.status_code == 409
    assert "<script>alert" not in html_of(response)
    assert form_with(response, "basis").data[change] == bad


@pytest.mark.parametrize("month", ["2026-03", "2023-12", "2026-13", "februar", "0000-00"])
def test_a_month_without_a_report(secretariat_client: Client, month: str):
    for ending in ("laas/", "udgave-1/", "udgave-1.pdf"):
        response = secretariat_client.get(f"{LIST}{month}/{ending}")
        assert response.status_code == 404, ending
    assert secretariat_client.post(f"{LIST}{month}/laas/", {"basis": "x"}).status_code == 404
    for act in ("godkend/", "offentliggoer/", "dan-filer/"):
        assert secretariat_client.post(f"{LIST}{month}/udgave-1/{act}").status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "99999", "9" * 30])
def test_a_number_without_an_edition(secretariat_client: Client, edition: Edition, number: str):
    for ending in ("/", ".pdf"):
        path = f"/statusopgoerelser/2026-02/udgave-{number}{ending}"
        assert secretariat_client.get(path).status_code == 404


@pytest.mark.parametrize("ending", [".exe", ".PDF", ".", ".json.pdf"])
def test_a_format_that_is_not_made(secretariat_client: Client, edition: Edition, ending: str):
    assert secretariat_client.get(path_of(edition, ending)).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("compared", [False, True])
def test_locking_two_hundred_takes_at_most_18_queries(
    secretariat_client: Client,
    programme: Programme,
    compared: bool,
):
    """Session, user and membership included. The rendering is a process of its own."""
    if compared:
        lock(programme, month=JANUARY, with_files=None)
    grow(programme, 200)
    form = open_form(secretariat_client)
    response, queries = queries_of(secretariat_client, "post", FREEZE, form.data)
    assert response.status_code == 302
    edition = Edition.objects.get(report__month__month=2)
    assert len(list(edition.plan().initiatives())) == 200
    listing = "\n".join(f"{n:3} {sql[:160]}" for n, sql in enumerate(queries, start=1))
    assert len(queries) <= 18, listing
    text = text_of(secretariat_client.get(EDITION))
    assert "Filerne er i kø og dannes om lidt." in text


@pytest.mark.slow
@pytest.mark.usefixtures("quick_files")
def test_a_month_with_many_changes_can_be_locked(secretariat_client: Client, programme: Programme):
    lock(programme, month=JANUARY, with_files=None)
    grow(programme, 220)
    form = open_form(secretariat_client)
    assert secretariat_client.post(FREEZE, form.data).status_code == 302


@pytest.mark.slow
def test_locking_fourteen_with_its_files_takes_as_few(secretariat_client: Client, january: Edition):
    form = open_form(secretariat_client)
    response, queries = queries_of(secretariat_client, "post", FREEZE, form.data)
    assert response.status_code == 302
    assert len(queries) <= 18, "\n".join(queries)
    assert EditionFile.objects.filter(edition__report__month__month=2).count() == 6


# Read


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


def test_a_file_one_has_already_is_304(secretariat_client: Client, edition: Edition):
    path = path_of(edition, ".pdf")
    first = secretariat_client.get(path)
    for known in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}', "*"):
        response, queries = queries_of(
            secretariat_client, "get", path, headers={"if-none-match": known}
        )
        assert (response.status_code, response.content) == (304, b"")
        # RFC 9110, 15.4.5: what a 200 would have said of them.
        assert response["ETag"] == first["ETag"]
        assert response["Cache-Control"] == first["Cache-Control"]
        assert len(queries) <= 5, "\n".join(queries)
    other = secretariat_client.get(path, headers={"if-none-match": '"x"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_a_file_is_only_read(secretariat_client: Client, edition: Edition):
    path = path_of(edition, ".pdf")
    head = secretariat_client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("post", "put", "delete", "patch"):
        assert getattr(secretariat_client, method)(path).status_code == 405


@pytest.mark.parametrize("act", ["godkend/", "offentliggoer/", "dan-filer/"])
def test_acts_are_posted(secretariat_client: Client, edition: Edition, act: str):
    before = stored(edition)
    assert secretariat_client.get(f"{EDITION}{act}").status_code == 405
    assert stored(edition) == before


def test_the_fragment_is_the_files_alone(secretariat_client: Client, edition: Edition):
    response = secretariat_client.get(EDITION, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert html_of(response).count("<html") == 0
    assert 'id="filer"' in html_of(response)
    assert "HX-Request" in response["Vary"]


def test_the_archive(secretariat_client: Client, january: Edition, edition: Edition):
    lock(january.report.programme, with_files=None, correction=CORRECTION)
    response, queries = queries_of(secretariat_client, "get", LIST)
    text = text_of(response)
    assert f"Rettet: {CORRECTION}" in text
    assert len(re.findall(r"låst den \d+\. \w+ 2026 af Anna", text)) == 3
    links = re.findall(r'href="(/statusopgoerelser/2026-0\d/udgave-\d/?[^"]*)"', html_of(response))
    expected = ["2026-02/udgave-2", "2026-02/udgave-1", "2026-01/udgave-1"]
    endings = ("/", *(f".{name}" for name in FORMATS))
    assert links == [f"{LIST}{found}{ending}" for found in expected for ending in endings]
    for number in (3, 4, 5):
        lock(january.report.programme, with_files=None, correction=f"Rettelse {number}.")
    _, more = queries_of(secretariat_client, "get", LIST)
    assert len(more) == len(queries)
    assert not any('"document"' in sql or '"content"' in sql for sql in more)


# Approve and publish


def test_approved_and_published_by_its_buttons(
    secretariat_client: Client, secretariat: User, edition: Edition
):
    page = secretariat_client.get(EDITION)
    form = form_to(page, f"{EDITION}godkend/")
    response = secretariat_client.post(form.action, form.filled(meeting_on="25-02-2026"))
    assert response["Location"] == EDITION
    page = secretariat_client.get(EDITION)
    text = text_of(page)
    assert "Udgave 1 er godkendt." in text
    assert "godkendt på mødet den 25. februar 2026 af Anna Eksempel" in text
    form = form_to(page, f"{EDITION}offentliggoer/")
    secretariat_client.post(form.action, form.data)
    page = secretariat_client.get(EDITION)
    assert "Udgave 1 er offentliggjort." in text_of(page)
    assert "offentliggjort den 26. februar 2026" in text_of(page)
    assert not [form for form in forms_of(page) if "udgave-1" in form.action]
    edition.refresh_from_db()
    assert (edition.approved_by, edition.published_by) == (secretariat, secretariat)


def test_the_same_person_in_two_windows_loses_nothing(secretariat_client: Client, january: Edition):
    """Sent twice is one edition; the same form with other words is another one's text."""
    first, second = open_form(secretariat_client), open_form(secretariat_client)
    name = next(name for name in second.data if name.startswith("tekst:"))
    assert secretariat_client.post(FREEZE, first.data).status_code == 302
    response = secretariat_client.post(FREEZE, second.filled(**{name: "Skrevet i vindue to."}))
    assert response.status_code == 409
    assert form_with(response, "basis").data[name] == "Skrevet i vindue to."
    assert Edition.objects.filter(number=1).count() == 2


def test_a_correction_begins_with_the_words_and_the_meeting_of_what_it_corrects(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    name = next(name for name in form.data if name.startswith("tekst:"))
    typed = form.filled(**{name: "Min egen sætning.", "meeting_on": "12-03-2026"})
    secretariat_client.post(FREEZE, typed)
    again = open_form(secretariat_client)
    assert again.data[name] == "Min egen sætning."
    assert again.data["meeting_on"] == "12-03-2026"


def test_a_locked_month_stays_when_the_programme_reports_other_months(
    secretariat_client: Client, edition: Edition, programme: Programme
):
    edit(programme, starts_on=date(2026, 2, 1))
    january = lock(programme, with_files=None, correction=CORRECTION)
    edit(programme, starts_on=date(2026, 1, 1), reporting_month=date(2026, 3, 1))
    assert secretariat_client.get(path_of(january)).status_code == 200
    edit(programme, starts_on=date(2026, 3, 1))
    assert secretariat_client.get(path_of(january)).status_code == 200
    assert secretariat_client.get(path_of(january, ".pdf")).status_code == 200


def test_what_is_superseded_is_not_approved(secretariat_client: Client, edition: Edition):
    lock(edition.report.programme, with_files=None, correction=CORRECTION)
    sent = {"meeting_on": "25-02-2026"}
    text = text_of(secretariat_client.post(f"{EDITION}godkend/", sent, follow=True))
    assert "Udgaven er afløst af udgave 2." in text
    assert stored(edition)["approved_at"] is None


@pytest.mark.parametrize("meeting_on", ["01-01-2099", "01-01-2010"])
def test_a_meeting_that_cannot_have_approved_it(
    secretariat_client: Client, edition: Edition, meeting_on: str
):
    response = secretariat_client.post(
        f"{EDITION}godkend/", {"meeting_on": meeting_on}, follow=True
    )
    assert "Mødet ligger" in text_of(response)
    assert stored(edition)["approved_at"] is None


@pytest.mark.parametrize("meeting_on", ["", "i går", "31-02-2026"])
def test_approval_names_its_meeting(secretariat_client: Client, edition: Edition, meeting_on: str):
    response = secretariat_client.post(
        f"{EDITION}godkend/", {"meeting_on": meeting_on}, follow=True
    )
    assert "dato" in text_of(response).lower()
    assert stored(edition)["approved_at"] is None


def test_steps_out_of_order_are_told(
    secretariat_client: Client, secretariat: User, edition: Edition
):
    path = f"{EDITION}offentliggoer/"
    text = text_of(secretariat_client.post(path, follow=True))
    assert "Udgaven skal være godkendt, før den offentliggøres." in text
    publish(edition, secretariat.actor)
    before = stored(edition)
    text = text_of(secretariat_client.post(path, follow=True))
    assert "Udgaven er allerede offentliggjort." in text
    response = secretariat_client.post(
        f"{EDITION}godkend/", {"meeting_on": "01-02-2026"}, follow=True
    )
    assert "Udgaven er allerede godkendt." in text_of(response)
    assert stored(edition) == before


def test_a_second_pair_of_eyes(
    secretariat_client: Client, secretariat: User, programme: Programme, edition: Edition
):
    edit(programme, needs_second_pair_of_eyes=True)
    approve(edition, secretariat.actor)
    response = secretariat_client.post(f"{EDITION}offentliggoer/", follow=True)
    assert "en anden end den, der har låst den" in text_of(response)
    assert stored(edition)["published_at"] is None


def test_an_edition_that_is_superseded_says_so(
    secretariat_client: Client, reader_client: Client, secretariat: User, edition: Edition
):
    programme = edition.report.programme
    publish(edition, secretariat.actor)
    second = lock(programme, with_files=None, correction=CORRECTION)
    sentence = f"Udgave 1 er afløst af udgave 2: {CORRECTION}"
    page = secretariat_client.get(EDITION)
    assert sentence in text_of(page)
    assert f'href="{path_of(second)}"' in html_of(page)
    assert "Lav rettet udgave" not in text_of(page)
    assert "afløst" not in text_of(secretariat_client.get(path_of(second)))
    # A reader is told when they can read the new one.
    assert "afløst" not in text_of(reader_client.get(EDITION))
    publish(second, secretariat.actor)
    assert sentence in text_of(reader_client.get(EDITION))
    assert reader_client.get(path_of(edition, ".pdf")).status_code == 200


# Who may


def test_a_reader_sees_what_is_published(
    reader_client: Client, secretariat: User, edition: Edition
):
    paths = [EDITION, *(path_of(edition, f".{name}") for name in FORMATS)]
    for path in paths:
        assert reader_client.get(path).status_code == 404, path
    approve(edition, secretariat.actor)
    for path in paths:
        assert reader_client.get(path).status_code == 404, path
    edition.refresh_from_db()
    approval.publish(edition, actor=secretariat.actor, at=LOCKED_AT)
    for path in paths:
        response, queries = queries_of(reader_client, "get", path)
        assert response.status_code == 200, path
        if path != EDITION:
            assert len(queries) <= 5, "\n".join(queries)
    page = reader_client.get(EDITION)
    assert not [form for form in forms_of(page) if "udgave-1" in form.action]
    assert "Låst af" not in text_of(page)


def test_a_readers_start_page_is_the_newest_they_may_read(
    reader_client: Client, secretariat: User, january: Edition, edition: Edition
):
    def start() -> Any:
        return reader_client.get("/", follow=True)

    assert "/udgave-" not in str(start().redirect_chain)
    publish(january, secretariat.actor)
    assert start().redirect_chain[-1][0] == path_of(january)
    publish(edition, secretariat.actor)
    assert start().redirect_chain[-1][0] == EDITION
    second = lock(edition.report.programme, with_files=None, correction=CORRECTION)
    assert start().redirect_chain[-1][0] == EDITION
    publish(second, secretariat.actor)
    assert start().redirect_chain[-1][0] == path_of(second)
    # A late correction of January does not push February away.
    late = lock(
        edition.report.programme, month=JANUARY, with_files=None, correction="Sent opdaget."
    )
    publish(late, secretariat.actor)
    assert start().redirect_chain[-1][0] == path_of(second)


def test_a_readers_archive_holds_what_is_published(
    reader_client: Client, secretariat: User, january: Edition, edition: Edition
):
    assert "Der er endnu ingen godkendt statusopgørelse." in text_of(reader_client.get(LIST))
    publish(january, secretariat.actor)
    text = text_of(reader_client.get(LIST))
    page = html_of(reader_client.get(LIST))
    assert f'href="{path_of(january)}"' in page
    assert f'href="{path_of(january, ".pdf")}"' in page
    assert "/2026-02/" not in page
    for hidden in ("Kladde", "Lås ", "Låst af", "Anna"):
        assert hidden not in text


def test_the_group_sees_what_is_locked_and_locks_nothing(group_client: Client, edition: Edition):
    page = group_client.get(EDITION)
    assert page.status_code == 200
    assert not [form for form in forms_of(page) if "udgave-1" in form.action]
    for name in FORMATS:
        assert group_client.get(path_of(edition, f".{name}")).status_code == 200
    before = stored(edition)
    assert group_client.get(FREEZE).status_code == 403
    assert group_client.post(FREEZE, {"basis": "x"}).status_code == 403
    for act in ("godkend/", "offentliggoer/", "dan-filer/"):
        assert group_client.post(f"{EDITION}{act}").status_code == 403
    assert "Lås udgave" not in text_of(group_client.get(LIST))
    assert stored(edition) == before


def test_a_reader_locks_nothing(reader_client: Client, secretariat: User, edition: Edition):
    publish(edition, secretariat.actor)
    assert reader_client.get(FREEZE).status_code == 403
    for act in ("godkend/", "offentliggoer/", "dan-filer/"):
        assert reader_client.post(f"{EDITION}{act}").status_code == 403


def test_who_is_no_member_finds_nothing(
    stranger_client: Client,
    other_secretariat_client: Client,
    other_programme: OtherProgramme,
    secretariat: User,
    edition: Edition,
):
    publish(edition, secretariat.actor)
    paths = [LIST, FREEZE, EDITION, *(path_of(edition, f".{name}") for name in FORMATS)]
    prefix = "/program/udviklingsprogrammet"
    for path in paths:
        assert stranger_client.get(path).status_code == 404, path
        assert stranger_client.get(prefix + path).status_code == 404, path
        assert other_secretariat_client.get(prefix + path).status_code == 404, path
    # Their own programme has a February of its own, without an edition.
    for path in paths[2:]:
        assert other_secretariat_client.get(path).status_code == 404, path
    for act in ("godkend/", "offentliggoer/", "dan-filer/"):
        assert stranger_client.post(f"{EDITION}{act}").status_code == 404
        assert other_secretariat_client.post(f"{EDITION}{act}").status_code == 404
        assert other_secretariat_client.post(f"{prefix}{EDITION}{act}").status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: Client, edition: Edition):
    for path in (EDITION, path_of(edition, ".pdf"), FREEZE):
        response = client.get(path)
        assert response.status_code == 302
        assert "log-ind" in response["Location"]


def test_links_keep_the_programme_in_the_address(secretariat_client: Client, edition: Edition):
    prefix = "/program/udviklingsprogrammet"
    page = html_of(secretariat_client.get(prefix + EDITION))
    assert f'href="{prefix}{path_of(edition, ".pdf")}"' in page
    assert f'action="{prefix}{EDITION}godkend/"' in page
    assert f'href="{path_of(edition, ".pdf")}"' not in page


# Files that are missing


MISSING = "Nogle af filerne kunne ikke dannes. De filer, der er dannet, er uændrede."


def soon() -> datetime:
    return timezone.now() + timedelta(minutes=1)


def just_now() -> datetime:
    return timezone.now() - timedelta(seconds=1)


def test_missing_files_are_told_and_can_be_made_again(
    secretariat_client: Client, group_client: Client, programme: Programme
):
    edition = lock(programme, with_files=False)
    EditionRendering.objects.update(failed_at=just_now(), attempts=rendering.MOST_ATTEMPTS)
    page = secretariat_client.get(EDITION)
    assert MISSING in text_of(page)
    assert form_to(page, f"{EDITION}dan-filer/").method == "post"
    seen = group_client.get(EDITION)
    assert MISSING in text_of(seen)
    assert "Prøv igen" not in text_of(seen)
    assert secretariat_client.get(path_of(edition, ".pdf")).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.pdf
@pytest.mark.slow
def test_try_again_makes_what_is_missing(
    secretariat_client: Client,
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    """The PDF's process breaks: the edition is locked, the other five files are there."""
    fake_weasyprint(monkeypatch, tmp_path, "raise RuntimeError('broken on purpose')")
    form = open_form(secretariat_client)
    response = secretariat_client.post(FREEZE, form.data, follow=True)
    text = text_of(response)
    assert "Udgave 1, februar 2026 er låst, men nogle af filerne kunne ikke dannes." in text
    assert MISSING in text
    edition = Edition.objects.get()
    assert set(edition.files.values_list("format", flat=True)) == set(FORMATS) - {"pdf"}
    before = list(edition.files.order_by("id").values())
    # Still broken: what was there is as it was.
    response = secretariat_client.post(f"{EDITION}dan-filer/", follow=True)
    assert "Filerne kunne ikke alle dannes." in text_of(response)
    assert list(edition.files.order_by("id").values()) == before
    monkeypatch.undo()
    page = secretariat_client.post(f"{EDITION}dan-filer/", follow=True)
    assert MISSING not in text_of(page)
    assert "Prøv igen" not in text_of(page)
    assert list(edition.files.order_by("id").exclude(format="pdf").values()) == before
    assert secretariat_client.get(path_of(edition, ".pdf")).content.startswith(b"%PDF-")
    assert list(files.differences(edition)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os, sys; os.write(1, b'%PDF-1.7 half'); os.kill(os.getpid(), 9)",
        "import sys; sys.exit(0)",
        "import sys; sys.stdout.write('%PDF-1.7 half'); sys.stdout.flush(); raise MemoryError",
    ],
    ids=["killed", "killed half-way", "said nothing", "out of memory half-way"],
)
def test_half_a_pdf_is_never_stored(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str
):
    edition = lock(programme, with_files=False)
    before = stored(edition)
    fake_weasyprint(monkeypatch, tmp_path, code)
    assert rendering.make(edition, LOCKED_AT) is False
    assert set(edition.files.values_list("format", flat=True)) == set(FORMATS) - {"pdf"}
    assert stored(edition) == before
    assert list(files.differences(edition)) == [
        "Udviklingsprogrammet 2026-02, udgave 1: filen i formatet PDF mangler."
    ]


STATES = {
    "never begun": ({}, "Filerne er i kø og dannes om lidt."),
    "begun": ({"attempts": 1, "free_from": soon}, "Filerne dannes nu."),
    "cut off": ({"attempts": 1, "free_from": just_now}, "Filerne er i kø og dannes om lidt."),
    "cut off again and again": ({"attempts": 3, "free_from": just_now}, MISSING),
    "failed": (
        {"attempts": 1, "failed_at": just_now, "free_from": soon},
        f"{MISSING} Portalen prøver igen om lidt.",
    ),
    "given up": ({"attempts": 3, "failed_at": just_now, "free_from": just_now}, MISSING),
}


@pytest.mark.parametrize("state", STATES)
def test_how_the_making_of_files_stands(
    secretariat_client: Client, programme: Programme, state: str
):
    """The page says it without JavaScript, and fetches its files where some are to come."""
    lock(programme, with_files=False)
    values, sentence = STATES[state]
    EditionRendering.objects.update(**{k: v() if callable(v) else v for k, v in values.items()})
    page = secretariat_client.get(EDITION)
    (told,) = re.findall(r'<p role="status">([^<]+?) *<', html_of(page))
    assert told == sentence
    are_to_come = MISSING not in sentence
    assert ('hx-trigger="load delay:2s"' in html_of(page)) == are_to_come
    assert ("Hent siden igen" in text_of(page)) == are_to_come
    assert ("Prøv igen" in text_of(page)) == (not are_to_come)


def test_a_page_of_an_edition_only_reads(secretariat_client: Client, programme: Programme):
    """Whoever looks takes no job: that is for a process of its own."""
    lock(programme, with_files=False)
    before = EditionRendering.objects.values().get()
    secretariat_client.get(EDITION)
    assert EditionRendering.objects.values().get() == before
