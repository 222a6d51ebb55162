"""The form of a deadline: the preview while typing, days set by hand, and moves."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from initiatives.editing.form_page import EDITED_KINDS
from initiatives.models import Action, Deadline, DeadlineMove, Initiative
from tests.core.reading import form_with, html_of, text_of

ADD = "/initiativer/kontraktanalyse/deadlines/tilfoej/"
MOVED = "myndighedsbestilling-d2"
EDIT = f"/deadlines/{MOVED}/ret/"
HTMX = {"HX-Request": "true"}
NOTHING_FOUND = (
    "Der er ikke fundet en dato i teksten. Den gemmes, som den er skrevet. "
    "Du kan selv angive en dato."
)


def deadline(key: str = MOVED) -> Any:
    return Deadline.objects.get(key=key)


def preview(client: Client, path: str = ADD, **typed: Any) -> str:
    """Return the sentences of the preview that htmx swaps in."""
    form = form_with(client.get(path), "wording")
    response = client.post(path, form.filled(forhaandsvis="1", **typed), headers=HTMX)
    assert response.status_code == 200
    assert html_of(response).lstrip().startswith('<div id="forstaaet"')
    return text_of(response)


@pytest.mark.parametrize(
    ("wording", "fact", "sentence"),
    [
        (
            "Deadline: medio 2026",
            "deadline",
            "Forstået som medio 2026. Forfalder senest den 31. august 2026.",
        ),
        ("Den 3. marts 2026", "deadline", "Forstået som den 3. marts 2026."),
        (
            "12. januar: Ny sats",
            "event",
            (
                "Forstået som den 12. januar 2026. "
                "Årstallet står ikke i teksten. Portalen har antaget 2026."
            ),
        ),
        (
            "Opstart 6/3: dialogforum. Ingen deadline",
            "none",
            "Forstået som opstart den 6. marts 2026. Ingen slutdato.",
        ),
        (
            "Skal være færdig senest 12. februar",
            "deadline",
            (
                "Forstået som senest 12. februar 2026. Forfalder senest den 12. februar 2026. "
                "Årstallet står ikke i teksten. Portalen har antaget 2026. Den dag er passeret."
            ),
        ),
        (
            "Skulle have været afsluttet den 1. februar 2026",
            "deadline",
            "Forstået som den 1. februar 2026. Den dag er passeret.",
        ),
        (
            "Mødet den 1. februar 2026",
            "event",
            "Forstået som den 1. februar 2026.",
        ),
        (
            "Arbejdet går i gang i maj 2026",
            "deadline",
            "Forstået som opstart den 1. maj 2026. Ingen slutdato.",
        ),
        (
            "I skoleåret 2026/27",
            "deadline",
            "Forstået som skoleåret 2026/27. Forfalder senest den 31. juli 2027.",
        ),
        (
            "Uge 10+11, 2026",
            "deadline",
            ("Forstået som 2. marts 2026 – 15. marts 2026. Forfalder senest den 15. marts 2026."),
        ),
        (
            "08/2026",
            "deadline",
            "Forstået som august 2026. Forfalder senest den 31. august 2026.",
        ),
        (
            "Halvårsskiftet 2026",
            "deadline",
            "Forstået som halvårsskiftet 2026. Forfalder senest den 10. juli 2026.",
        ),
        ("Sag 08/2026", "deadline", NOTHING_FOUND),
        ("Når gruppen er klar", "deadline", NOTHING_FOUND),
        ("Sat på pause den 3. marts 2026", "paused", "Arten »På pause« har ingen dato."),
        ("", "deadline", "Skriv ordlyden, så viser portalen, hvad den forstår."),
    ],
)
def test_how_a_wording_is_understood(
    secretariat_client: Client, wording: str, fact: str, sentence: str
):
    assert preview(secretariat_client, wording=wording, fact=fact) == sentence


def test_days_by_hand_in_the_preview(secretariat_client: Client):
    text = preview(
        secretariat_client,
        wording="Til mødet",
        set_by_hand="on",
        starts_on="01-05-2026",
        ends_on="31-05-2026",
    )
    assert text == "Angivet som maj 2026. Forfalder senest den 31. maj 2026."


def test_a_preview_says_that_it_moves_the_deadline(secretariat_client: Client):
    text = preview(secretariat_client, EDIT, wording="Ny deadline: medio 2026")
    assert "Den flyttes fra marts 2026 til medio 2026. Skriv hvorfor." in text
    assert deadline().ends_on == date(2026, 3, 31)


def test_without_javascript_the_page_comes_back_with_all_that_was_typed(
    secretariat_client: Client,
):
    form = form_with(secretariat_client.get(ADD), "wording")
    typed = {"wording": "Deadline: uge 34", "detail": "hm", "since": "i går", "forhaandsvis": "1"}
    response = secretariat_client.post(ADD, form.filled(**typed))
    assert response.status_code == 200
    assert "Forstået som uge 34" in text_of(response)
    kept = form_with(response, "wording").data
    assert {name: kept[name] for name in ("wording", "detail", "since")} == {
        "wording": "Deadline: uge 34",
        "detail": "hm",
        "since": "i går",
    }
    assert "Ret " not in text_of(response).split("Datoer")[0].split("Tilføj deadline")[-1]
    assert not Deadline.objects.filter(wording="Deadline: uge 34").exists()


def test_the_form_opens_with_the_interpretation(secretariat_client: Client):
    text = text_of(secretariat_client.get(EDIT))
    assert "Forstået som marts 2026. Forfalder senest den 31. marts 2026." in text


def save(client: Client, path: str = EDIT, **typed: Any) -> Any:
    form = form_with(client.get(path), "wording")
    return client.post(path, form.filled(**typed))


@pytest.mark.parametrize(
    ("wording", "is_late"),
    [
        ("Skulle have været afsluttet den 1. februar", True),
        ("Skal være afsluttet senest 1. februar", True),
        ("Går i gang den 1. februar", False),
    ],
)
def test_a_broken_promise_is_overdue_and_a_start_is_not(
    secretariat_client: Client, wording: str, is_late: bool
):
    assert save(secretariat_client, ADD, wording=wording, fact="deadline").status_code == 302
    page = text_of(secretariat_client.get("/initiativer/kontraktanalyse/"))
    assert wording in page
    assert ("Overskredet. Forfaldt den 1. februar 2026." in page) is is_late


def test_a_new_deadline_has_the_days_of_its_preview(secretariat_client: Client):
    assert save(secretariat_client, ADD, wording="3. kvartal 2026").status_code == 302
    row: Any = Deadline.objects.get(wording="3. kvartal 2026")
    assert (row.starts_on, row.ends_on, row.kind) == (
        date(2026, 7, 1),
        date(2026, 9, 30),
        "quarter",
    )
    assert not row.moves.exists()


def test_a_move_needs_a_reason_and_keeps_what_was_promised(secretariat_client: Client):
    before = deadline().moves.count()
    refused = save(secretariat_client, wording="Ny deadline: medio 2026")
    assert refused.status_code == 422
    assert (
        "Skriv, hvorfor deadlinen flyttes. Den flyttes fra marts 2026 til medio 2026."
        in text_of(refused)
    )
    why = "Skabelonen skal bygge på det juridiske overblik."
    saved = save(secretariat_client, wording="Ny deadline: medio 2026", change_reason=why)
    assert saved.status_code == 302
    move = deadline().moves.last()
    assert deadline().moves.count() == before + 1
    assert (move.old_ends_on, move.new_ends_on) == (date(2026, 3, 31), date(2026, 8, 31))
    assert (move.reason, move.by_name, move.cause) == (why, "Anna Eksempel", "edit")
    page = text_of(secretariat_client.get("/initiativer/myndighedsbestilling/"))
    assert "senest den 26. februar 2026 fordi skabelonen skal bygge på det juridiske" in page
    assert "Oprindelig deadline er ikke oplyst." in page
    assert (
        "flyttede deadline for »Fælleskommunal skabelon for myndighedsbestilling« "
        f"fra marts 2026 til medio 2026 den 26. februar 2026. Begrundelse: {why}" in page
    )


def test_a_correction_is_shown_but_not_counted(secretariat_client: Client):
    save(
        secretariat_client,
        wording="Ny deadline: april 2026",
        change_reason="Tastefejl.",
        is_correction="on",
    )
    assert deadline().moves.last().cause == DeadlineMove.Cause.CORRECTION
    page = text_of(secretariat_client.get("/initiativer/myndighedsbestilling/"))
    assert "Rettet den 26. februar 2026 fra marts 2026 til april 2026." in page


def test_days_by_hand_are_kept_when_something_else_changes(secretariat_client: Client):
    save(
        secretariat_client,
        set_by_hand="on",
        ends_on="15-04-2026",
        starts_on="",
        change_reason="Aftalt på mødet.",
    )
    assert (deadline().starts_on, deadline().ends_on) == (None, date(2026, 4, 15))
    save(secretariat_client, action="myndighedsbestilling-1")
    assert (deadline().set_by_hand, deadline().ends_on) == (True, date(2026, 4, 15))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"set_by_hand": "on", "starts_on": "02-05-2026", "ends_on": "01-05-2026"},
            "Slutdatoen ligger før startdatoen.",
        ),
        ({"set_by_hand": "on", "ends_on": "31-02-2026"}, "Skriv datoen som dag-måned-år"),
        ({"met_on": "27-02-2026"}, "Datoen ligger i fremtiden."),
        (
            {"fact": "waiting", "set_by_hand": "on", "ends_on": "01-05-2026"},
            "Datoer bruges kun til »Deadline«, »Forelægges« og »Hændelse«.",
        ),
        ({"fact": "event", "met_on": "20-02-2026"}, "»Opfyldt den« bruges kun til"),
    ],
)
def test_impossible_days_are_refused(
    secretariat_client: Client, typed: dict[str, str], sentence: str
):
    before = deadline().version
    response = save(secretariat_client, change_reason="Prøve.", **typed)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert form_with(response, "wording").data["change_reason"] == "Prøve."
    assert deadline().version == before


def test_days_typed_without_the_tick_are_not_thrown_away(secretariat_client: Client):
    refused = save(secretariat_client, ends_on="20-05-2026")
    assert refused.status_code == 422
    assert "Sæt kryds i »Angiv selv datoerne«" in text_of(refused)
    assert form_with(refused, "wording").data["ends_on"] == "20-05-2026"
    assert "Sæt kryds i" in preview(secretariat_client, EDIT, ends_on="20-05-2026")


def test_a_preview_says_what_is_wrong_with_the_days(secretariat_client: Client):
    typed = {"set_by_hand": "on", "starts_on": "30-02-2026", "ends_on": "01-01-2026"}
    assert preview(secretariat_client, EDIT, **typed) == (
        "Skriv datoen som dag-måned-år, fx 26-02-2026."
    )
    typed["starts_on"] = "02-05-2026"
    assert preview(secretariat_client, EDIT, **typed) == "Slutdatoen ligger før startdatoen."


def test_a_year_far_away_is_refused(secretariat_client: Client):
    refused = save(secretariat_client, set_by_hand="on", ends_on="31-12-9999")
    assert "Skriv et årstal mellem 2000 og 2100." in text_of(refused)


@pytest.mark.parametrize("model", [Initiative, Action, Deadline])
def test_every_field_that_can_be_merged_has_words(model: Any):
    assert set(EDITED_KINDS[model].form.field_order) <= set(EDITED_KINDS[model].words.fields)


def test_enter_saves_and_does_not_preview(secretariat_client: Client):
    page = html_of(secretariat_client.get(EDIT))
    form = page[page.index('<form class="form"') :]
    assert form.index(">Gem</button>") < form.index(">Forhåndsvis</button>")


def test_a_met_deadline_says_so(secretariat_client: Client):
    save(secretariat_client, met_on="20-02-2026")
    assert deadline().met_on == date(2026, 2, 20)
    assert "Opfyldt den 20. februar 2026." in text_of(secretariat_client.get("/status/"))
