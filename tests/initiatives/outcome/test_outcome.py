"""Registrér udfald: what became of a presentation is the deadline's own answer."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.test import Client

from initiatives.models import Deadline, DeadlineMove
from initiatives.sources.as_of import build_as_of
from initiatives.sources.live import build_live
from principles.models import Programme
from tests.core.reading import form_with, html_of, text_of
from tests.initiatives.steps import BO, NOON, edit

KEY = "kontraktanalyse-d1"
PATH = f"/deadlines/{KEY}/udfald/"
PAGE = "/initiativer/kontraktanalyse/"
FEBRUARY, TODAY = date(2026, 2, 1), date(2026, 2, 26)


def presentation() -> Any:
    return Deadline.objects.get(key=KEY)


def send(client: Client, **typed: Any) -> Any:
    """Open the form and send it with what is typed over it."""
    form = form_with(client.get(PATH), "outcome_remark")
    return client.post(PATH, form.filled(**typed))


def saved(client: Client, **typed: Any) -> str:
    """Send the form, and return the page that it leads to."""
    response = send(client, **typed)
    assert response.status_code == 302, text_of(response)
    assert response["Location"] == PAGE
    return text_of(client.get(PAGE))


def test_the_form_opens_with_the_day_of_the_presentation(secretariat_client: Client):
    form = form_with(secretariat_client.get(PATH), "outcome_remark").filled()
    assert form["met_on"] == "20-01-2026"
    assert "outcome" not in form
    for page in (PAGE, "/deadlines/"):
        assert PATH in html_of(secretariat_client.get(page))


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        ("approved", "Godkendt"),
        ("approved_with_remarks", "Godkendt med bemærkninger"),
        ("not_approved", "Ikke godkendt"),
    ],
)
def test_an_outcome_is_the_deadlines_answer(
    secretariat_client: Client, programme: Programme, outcome: str, label: str
):
    page = saved(
        secretariat_client, outcome=outcome, met_on="22-01-2026", outcome_remark="Kap. 3 uddybes."
    )
    assert f"Udfaldet er registreret: {label}." in page
    assert f"{label} den 22. januar 2026. Bemærkning: Kap. 3 uddybes." in page
    told = "udfaldet af forelæggelsen »Forelægges Implementeringsgruppen"
    history = text_of(secretariat_client.get("/historik/?art=deadline"))
    for text in (page, history):
        assert text.count(told) == 1
        assert f"»{label}« (den 22. januar 2026). Bemærkning: Kap. 3 uddybes." in text
        assert "datoen for »opfyldt«" not in text
    assert page.count("Kap. 3 uddybes.") == 2
    row = presentation()
    assert (row.outcome, row.met_on) == (outcome, date(2026, 1, 22))
    live = build_live(programme, month=FEBRUARY, on=TODAY).document
    nodes = [d for item in live.initiatives() for d in item.deadlines if d.key == KEY]
    assert [(d.outcome, d.outcome_remark) for d in nodes] == [(label, "Kap. 3 uddybes.")]
    deadlines = text_of(secretariat_client.get("/deadlines/"))
    assert "Udfaldet er registreret for alle forelæggelser." in deadlines
    assert "Udfaldet er ikke registreret" not in text_of(secretariat_client.get("/"))


def test_a_presentation_that_is_put_off_is_moved_and_stays_open(secretariat_client: Client):
    wording = presentation().wording.replace("20. januar 2026", "19. marts 2026")
    assert wording != presentation().wording
    page = saved(
        secretariat_client,
        outcome="postponed",
        met_on="20-01-2026",
        outcome_remark="Der manglede tal fra to kommuner.",
        wording=wording,
    )
    assert "Det er registreret, at forelæggelsen er udsat." in page
    row = presentation()
    assert (row.outcome, row.met_on, row.ends_on) == ("", None, date(2026, 3, 19))
    move = row.moves.last()
    assert (move.cause, move.moved_on) == (DeadlineMove.Cause.DECISION, date(2026, 1, 20))
    assert (
        "blev udsat (den 20. januar 2026) fra den 20. januar 2026 til den 19. marts 2026." in page
    )
    assert "Der manglede tal fra to kommuner." in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Vælg, hvad udfaldet blev."),
        ({"outcome": "maybe"}, "Vælg, hvad udfaldet blev."),
        ({"outcome": "approved", "met_on": ""}, "Skriv den dag, udfaldet forelå."),
        ({"outcome": "approved", "met_on": "27-02-2026"}, "Datoen ligger i fremtiden."),
        (
            {"outcome": "approved", "wording": "Forelægges 19. marts 2026"},
            "Vælg »Udsat«, eller lad ordlyden stå, som den var.",
        ),
        ({"outcome": "postponed"}, "Skriv, hvorfor forelæggelsen er udsat."),
        (
            {"outcome": "postponed", "outcome_remark": "Sygdom."},
            "Skriv den nye dag. Ordlyden giver ingen anden dag.",
        ),
        (
            {"outcome": "postponed", "outcome_remark": "Sygdom.", "wording": "Forelægges senere"},
            "Skriv den nye dag. Ordlyden giver ingen anden dag.",
        ),
    ],
)
def test_a_wrong_form_is_refused_with_what_was_typed(
    secretariat_client: Client, typed: dict[str, str], sentence: str
):
    before = presentation().version
    response = send(secretariat_client, **typed)
    assert response.status_code == 422
    assert sentence in text_of(response)
    again = form_with(response, "outcome_remark").filled()
    assert all(again[name] == value for name, value in typed.items() if name == "wording")
    assert presentation().version == before


def test_two_who_register_at_the_same_time_see_both_outcomes(secretariat_client: Client):
    form = form_with(secretariat_client.get(PATH), "outcome_remark")
    edit(presentation(), outcome="not_approved", met_on=date(2026, 1, 20), outcome_remark="Nej.")
    typed = {"outcome": "approved", "met_on": "20-01-2026", "outcome_remark": "Ja."}
    response = secretariat_client.post(PATH, form.filled(**typed))
    assert response.status_code == 409
    text = text_of(response)
    assert all(word in text for word in ("Ikke godkendt", "Godkendt", "Nej.", "Ja."))
    assert presentation().outcome == "not_approved"
    mine = form_with(response, "outcome_remark")
    assert secretariat_client.post(PATH, mine.filled(valg="min")).status_code == 302
    row = presentation()
    assert (row.outcome, row.outcome_remark) == ("approved", "Ja.")


def test_a_cleared_day_and_another_fact_take_the_outcome_with_them(secretariat_client: Client):
    saved(secretariat_client, outcome="approved", outcome_remark="Fint.")
    edit(presentation(), met_on=None)
    row = presentation()
    assert (row.outcome, row.outcome_remark) == ("", "")
    assert "slettede den" in text_of(secretariat_client.get(PAGE))
    saved(secretariat_client, outcome="approved", outcome_remark="Fint.")
    row = presentation()
    changes = {"fact": "completed", "wording": "Er afsluttet"}
    row.revise(changes, version=row.version, actor=BO, reason="Sådan.", at=NOON)
    assert presentation().outcome == ""
    assert secretariat_client.get(PATH).status_code == 404


def test_the_past_knows_when_the_outcome_was_registered(
    secretariat_client: Client, programme: Programme
):
    before = presentation().history.first().history_date
    saved(secretariat_client, outcome="approved")
    after = presentation().history.first().history_date

    def outcomes(moment: Any) -> list[str]:
        (document,) = build_as_of(programme, [moment], months=[FEBRUARY])
        return [d.outcome for i in document.initiatives() for d in i.deadlines if d.key == KEY]

    assert outcomes(after) == [""]  # the moment itself is not included
    assert outcomes(after.replace(year=2027)) == ["Godkendt"]
    assert before < after


def test_only_a_presentation_has_an_outcome(db: None):
    other: Any = Deadline.objects.exclude(fact="presentation").first()
    for pk, values in (
        (other.pk, {"outcome": "approved"}),
        (presentation().pk, {"outcome": "approved", "met_on": None}),
        (presentation().pk, {"outcome": "maybe", "met_on": TODAY}),
        (presentation().pk, {"outcome_remark": "Fint."}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            models.QuerySet(Deadline).filter(pk=pk).update(**values)


def test_who_may_not_edit_gets_neither_form_nor_link(group_client: Client):
    assert group_client.get(PATH).status_code in (403, 404)
    assert "udfald/" not in html_of(group_client.get(PAGE))
    assert "udfald/" not in html_of(group_client.get("/deadlines/"))
    assert "udfald/" not in html_of(group_client.get("/"))
