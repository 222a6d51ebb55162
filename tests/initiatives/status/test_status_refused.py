"""A status form that can't be saved: 422 in Danish, and what was typed stays."""

from datetime import date
from typing import Any

import pytest
from django.db import models
from django.test import Client

from initiatives.models import StatusUpdate
from principles.models import Programme
from tests.core.reading import form_with, html_of, text_of
from tests.initiatives.steps import edit, open_form, read_initiative, save, updates
from tests.protection import without_triggers

KEY = "kontraktanalyse"
UNJUDGED = "ommaerkning-og-nedlukning"
ONE, SEVERAL = "Ret dette, før du gemmer", "Ret følgende, før du gemmer"
CPR = (
    "Teksten ser ud til at indeholde et CPR-nummer. Fjern det, før du gemmer. "
    "Er det et andet nummer, så del det op."
)
CONTROL = "Der er et usynligt tegn lige efter »Før«. Slet det, og skriv stedet igen."


def refused(client: Client, key: str = KEY, **typed: Any):
    """Send what is typed, check that nothing is saved, and return the answer to htmx."""
    before = (read_initiative(key).version, StatusUpdate.objects.count())
    form = open_form(client, key)
    response = save(client, key, form, htmx=True, **typed)
    assert response.status_code == 422
    assert (read_initiative(key).version, StatusUpdate.objects.count()) == before
    kept = form_with(response, "version").data
    for name, value in typed.items():
        if name == "deviates":
            assert sorted(kept.get(name, [])) == sorted(value)
        elif name in ("reason", "ask", "internal_notes"):
            assert kept[name] == value
    assert kept["version"] == form.data["version"]
    return response


def test_a_change_without_a_reason_is_refused(secretariat_client: Client):
    response = refused(secretariat_client, status="completed", ask="Kan det godkendes?")
    text = text_of(response)
    assert ONE in text
    assert (
        "Skriv en begrundelse. Status ændres fra »Forløber efter planen« til "
        "»Udført og afsluttet«." in text
    )
    assert form_with(response, "version").data["status"] == "completed"


@pytest.mark.parametrize(
    "reason", ["   ", "\n\n", "\u200b", "\xad \u2060\u202e", "\x0b\u2028", "\u3164"]
)
def test_blanks_are_no_reason(secretariat_client: Client, reason: str):
    form = open_form(secretariat_client, KEY)
    response = save(secretariat_client, KEY, form, status="completed", reason=reason)
    assert response.status_code == 422
    assert "Skriv en begrundelse." in text_of(response)


@pytest.mark.parametrize("status", ["minor_deviations", "major_deviations"])
def test_a_deviation_without_a_yardstick_is_refused(secretariat_client: Client, status: str):
    response = refused(secretariat_client, status=status, reason="To kommuner mangler.")
    assert "Vælg, om det er ressourcer, kvalitet eller tidsplan, der afviger." in text_of(response)


def test_two_mistakes_are_shown_at_once(secretariat_client: Client):
    text = text_of(refused(secretariat_client, status="minor_deviations"))
    assert SEVERAL in text
    assert "Skriv en begrundelse." in text
    assert "Vælg, om det er ressourcer, kvalitet eller tidsplan" in text


def test_each_mistake_leads_to_its_field(secretariat_client: Client):
    page = html_of(refused(secretariat_client, status="minor_deviations"))
    summary = page[page.index("error-summary") : page.index("</ul>")]
    for target in ("reason", "deviates"):
        (anchor,) = [part for part in summary.split('href="#')[1:] if target in part.split('"')[0]]
        assert f'id="{anchor.split(chr(34))[0]}"' in page


@pytest.mark.parametrize("status", ["grøn", "not_reported", "ON_TRACK", "<script>", "x" * 200])
def test_an_unknown_status_is_refused(secretariat_client: Client, status: str):
    response = refused(secretariat_client, status=status, reason="Fordi.")
    assert "Den valgte status findes ikke. Vælg en af de seks." in text_of(response)


def test_an_unknown_yardstick_is_refused(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    response = save(
        secretariat_client,
        KEY,
        form,
        status="minor_deviations",
        reason="Fordi.",
        deviates=["humør"],
    )
    assert response.status_code == 422
    assert read_initiative(KEY).status == "on_track"


@pytest.mark.parametrize("status", ["on_track", "completed"])
def test_a_status_without_deviation_has_no_yardstick(secretariat_client: Client, status: str):
    response = refused(
        secretariat_client,
        "kompetenceudvikling",
        status=status,
        reason="Fordi.",
        deviates=["time"],
    )
    assert "betyder, at intet afviger." in text_of(response)


def test_a_reason_without_a_status_is_not_lost(secretariat_client: Client):
    response = refused(secretariat_client, UNJUDGED, reason="Arbejdet er begyndt.")
    assert "Vælg en status." in text_of(response)


def test_a_form_without_changes_is_refused(secretariat_client: Client):
    text = text_of(refused(secretariat_client))
    assert (
        "Der er ikke ændret noget. Brug »Uændret«, hvis status er vurderet og ikke skal ændres."
        in text
    )


def test_an_older_form_without_changes_is_refused_too(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    edit(read_initiative(KEY), title="Bos titel")
    response = save(secretariat_client, KEY, form, htmx=True)
    assert response.status_code == 422
    assert "er gemt" not in text_of(response)


# Texts that can't be stored


@pytest.mark.parametrize("field", ["reason", "ask", "internal_notes"])
def test_a_cpr_number_is_refused(secretariat_client: Client, field: str):
    typed: dict[str, Any] = {"status": "completed", "reason": "Færdig."} | {
        field: "Borgeren 010190-1234 er glad."
    }
    assert CPR in text_of(refused(secretariat_client, **typed))


@pytest.mark.parametrize("field", ["reason", "ask", "internal_notes"])
def test_control_characters_are_refused(secretariat_client: Client, field: str):
    form = open_form(secretariat_client, KEY)
    typed = {"status": "completed", "reason": "Færdig."} | {field: "Før\x07 i marts"}
    response = save(secretariat_client, KEY, form, htmx=True, **typed)
    assert response.status_code == 422
    assert CONTROL in text_of(response)
    assert "i marts" in form_with(response, "version").data[field]
    assert read_initiative(KEY).status == "on_track"


def test_a_nul_character_is_refused(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    response = save(secretariat_client, KEY, form, status="completed", reason="Før\x00efter")
    assert response.status_code == 422
    assert CONTROL in text_of(response)


@pytest.mark.parametrize(
    ("field", "label", "most"),
    [
        ("reason", "Begrundelse", "2.000"),
        ("ask", "Hvad skal Implementeringsgruppen tage stilling til?", "500"),
        ("internal_notes", "Internt notat", "2.000"),
    ],
)
def test_a_text_of_two_million_characters_is_refused(
    secretariat_client: Client, field: str, label: str, most: str
):
    form = open_form(secretariat_client, KEY)
    typed = {"status": "completed", "reason": "Færdig."} | {field: "x" * 2_000_000}
    response = save(secretariat_client, KEY, form, htmx=True, **typed)
    assert response.status_code == 422
    page = html_of(response)
    assert f"må højst fylde {most} tegn. Teksten er på 2.000.000." in page
    assert label.rstrip("?") in page
    assert "x" * 2_000_000 in page
    assert read_initiative(KEY).status == "on_track"


def test_the_longest_reason_allowed_is_saved(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    save(secretariat_client, KEY, form, status="completed", reason="ø" * 2000)
    assert updates(KEY)[-1].reason == "ø" * 2000


def test_html_is_shown_as_text(secretariat_client: Client):
    reason = "<script>alert(1)</script> & <b>fed</b>"
    form = open_form(secretariat_client, KEY)
    response = save(secretariat_client, KEY, form, htmx=True, status="completed", reason=reason)
    assert response.status_code == 200
    assert updates(KEY)[-1].reason == reason
    for page in (response, secretariat_client.get(f"/initiativer/{KEY}/")):
        assert "<script>alert" not in html_of(page)
        assert "<b>fed" not in html_of(page)


# The form comes back as it was sent


def test_without_javascript_the_form_comes_back_as_a_page(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    response = save(secretariat_client, KEY, form, status="completed", ask="Kan det godkendes?")
    assert response.status_code == 422
    assert html_of(response).startswith("<!doctype html>")
    assert html_of(response).count("<h1") == 1
    assert form_with(response, "version").data["ask"] == "Kan det godkendes?"


def test_in_the_table_the_form_comes_back_as_a_row(secretariat_client: Client):
    form = open_form(secretariat_client, KEY, "?fra=tabel")
    response = save(secretariat_client, KEY, form, htmx=True, status="completed")
    assert response.status_code == 422
    assert html_of(response).lstrip().startswith(f'<tr class="edit-row" id="ret-form-{KEY}"')
    assert form_with(response, "version").data["fra"] == "tabel"
    assert "Gem og gå til næste" in text_of(response)


def test_the_focus_goes_to_the_summary(secretariat_client: Client):
    form = open_form(secretariat_client, KEY, "?fra=tabel")
    page = html_of(save(secretariat_client, KEY, form, htmx=True, status="completed"))
    assert page.count("data-focus") == 1
    assert '<div class="error-summary" tabindex="-1" data-focus>' in page


def test_the_version_seen_is_kept_through_a_mistake(secretariat_client: Client):
    """A save by somebody else between a refused form and the next try is still a conflict."""
    form = open_form(secretariat_client, KEY)
    edit(read_initiative(KEY), ask="Bos spørgsmål")
    typed = {"status": "completed", "ask": "Mit spørgsmål"}
    first = save(secretariat_client, KEY, form, reason="010190-1234", **typed)
    assert first.status_code == 422
    again = form_with(first, "version")
    assert again.data["version"] == form.data["version"]
    second = save(secretariat_client, KEY, again, reason="Færdig.")
    assert second.status_code == 409
    assert read_initiative(KEY).ask == "Bos spørgsmål"


# Months


def test_a_month_before_the_newest_judgement_is_refused(
    secretariat_client: Client, programme: Programme
):
    # The programme refuses to go back. When it goes past the door, the judgement refuses.
    with without_triggers():
        models.QuerySet(Programme).filter(pk=programme.pk).update(reporting_month=date(2026, 1, 1))
    response = refused(secretariat_client, status="completed", reason="For sent.")
    assert "Der er allerede registreret en status for en senere måned." in text_of(response)
    assert updates(KEY)[-1].month == date(2026, 2, 1)


def test_a_month_after_the_newest_judgement_is_accepted(
    secretariat_client: Client, programme: Programme
):
    edit(programme, reporting_month=date(2026, 3, 1))
    form = open_form(secretariat_client, KEY)
    assert save(secretariat_client, KEY, form, reason="Marts.").status_code == 302
    assert updates(KEY)[-1].month == date(2026, 3, 1)
