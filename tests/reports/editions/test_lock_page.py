"""The page that locks a month: what the form shows, and what a post answers."""

from datetime import date, datetime

import pytest
from django.test import Client

from accounts.models import User
from principles.models import Programme
from reports.editions import freezing, rendering
from reports.models import Edition, EditionFile
from tests.core.reading import form_with, html_of
from tests.initiatives.steps import judge
from tests.performance.growing import grow
from tests.reports.editions.page_steps import EDITION, FREEZE, LIST, open_form, queries_of, text_of
from tests.reports.editions.steps import CORRECTION, JANUARY, lock, path_of, store_files

STATUS = "tekst:initiative:kontraktanalyse:status"
CHANGED = "Planen er ændret, siden du åbnede siden."


@pytest.fixture
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each edition that is locked on a page files that cost nothing to make."""

    def make(edition: Edition, at: datetime, *, is_new: bool = False) -> bool:
        store_files(edition)
        return True

    monkeypatch.setattr(rendering, "make", make)


def test_the_form_says_what_would_be_locked(secretariat_client: Client, january: Edition):
    response = secretariat_client.get(FREEZE)
    assert response.status_code == 200
    text = text_of(response)
    assert "Lås udgave 1, februar 2026" in text
    assert "Når udgaven er låst, kan den ikke ændres." in text
    assert "Ikke vurderet for februar 2026 4 initiativer." in text
    assert "Sådan beskrives ændringerne" in text
    assert "dannet ud fra ændringerne siden udgave 1, januar 2026" in text
    form = form_with(response, "basis")
    assert sum(name.startswith("tekst:") for name in form.data) > 5
    assert form.data["tekst:initiative:bestillingsportal:status"].startswith(
        "Bestillingsportal er ændret fra Betydelige afvigelser til Anbefales nedlukket."
    )
    assert "correction" not in form.data


def test_without_an_earlier_edition_there_is_no_change_text(secretariat_client: Client):
    form = open_form(secretariat_client)
    assert set(form.data) == {"csrfmiddlewaretoken", "af", "basis", "meeting_on"}


def test_opening_the_form_locks_nothing(secretariat_client: Client):
    open_form(secretariat_client)
    assert secretariat_client.head(FREEZE).status_code == 200
    assert not Edition.objects.exists()


@pytest.mark.usefixtures("quick_files")
def test_a_post_locks_the_month(secretariat_client: Client, secretariat: User, january: Edition):
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
    (locked,) = (s for s in edition.sentences if f"tekst:{s['id']}" == change)
    assert locked["text"] == mine.replace("\r\n", "\n")
    text = text_of(secretariat_client.get(EDITION))
    assert "Udgave 1 er låst. Næste trin: godkendelse på mødet den 12. marts 2026." in text
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
def test_an_edition_locked_meanwhile_is_a_conflict(
    secretariat_client: Client, programme: Programme, group: User
):
    """Two people have the form open: the second gets a conflict and must name a correction."""
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
    # After the conflict the same form can be locked.
    assert secretariat_client.post(FREEZE, again.data).status_code == 302


@pytest.mark.usefixtures("quick_files")
def test_an_outdated_sentence_is_not_locked_unseen(secretariat_client: Client, january: Edition):
    """A sentence that nobody edited follows the plan, and only edited ones are kept."""
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


def test_the_new_proposal_is_shown_beside_what_was_typed(
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
    # The proposal is shown once: afterwards the form is like any other.
    again = form_with(response, "basis").filled(meeting_on="i morgen")
    response = secretariat_client.post(FREEZE, again)
    assert response.status_code == 422
    assert form_with(response, "basis").data[change] == "Min egen sætning."
    assert "Nu foreslås" not in text_of(response)


@pytest.mark.usefixtures("quick_files")
def test_a_mistake_does_not_hide_that_the_plan_changed(
    secretariat_client: Client, january: Edition
):
    """Somebody who only corrects the date has still seen that the plan changed."""
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
def test_a_month_without_a_report_is_404(secretariat_client: Client, month: str):
    for ending in ("laas/", "udgave-1/", "udgave-1.pdf"):
        response = secretariat_client.get(f"{LIST}{month}/{ending}")
        assert response.status_code == 404, ending
    assert secretariat_client.post(f"{LIST}{month}/laas/", {"basis": "x"}).status_code == 404
    for act in ("godkend/", "offentliggoer/", "dan-filer/"):
        assert secretariat_client.post(f"{LIST}{month}/udgave-1/{act}").status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "99999", "9" * 30])
def test_a_number_without_an_edition_is_404(
    secretariat_client: Client, edition: Edition, number: str
):
    for ending in ("/", ".pdf"):
        path = f"/statusopgoerelser/2026-02/udgave-{number}{ending}"
        assert secretariat_client.get(path).status_code == 404


@pytest.mark.parametrize("ending", [".exe", ".PDF", ".", ".json.pdf"])
def test_an_unknown_format_is_404(secretariat_client: Client, edition: Edition, ending: str):
    assert secretariat_client.get(path_of(edition, ending)).status_code == 404


@pytest.mark.slow
def test_locking_two_hundred_takes_at_most_18_queries(
    secretariat_client: Client, programme: Programme
):
    """The count includes session, user and membership. Rendering is a separate process."""
    lock(programme, month=JANUARY, with_files=None)  # to be compared with
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
def test_locking_fourteen_with_its_files_takes_at_most_18_queries(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    response, queries = queries_of(secretariat_client, "post", FREEZE, form.data)
    assert response.status_code == 302
    assert len(queries) <= 18, "\n".join(queries)
    assert EditionFile.objects.filter(edition__report__month__month=2).count() == 6
