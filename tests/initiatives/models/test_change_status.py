"""Changing a status through HTTP: by htmx in the table and on the page, and without JavaScript."""

import re
from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from core.clock import local_day
from initiatives.models import StatusUpdate
from plan.status import STATUS_STYLES, Status
from principles.models import Programme
from tests.core.reading import form_to, form_with, html_of, text_of
from tests.initiatives.steps import edit, judge, open_form, read_initiative, save, updates

KEY = "kontraktanalyse"
PATH = f"/initiativer/{KEY}/status/"
UNJUDGED = "ommaerkning-og-nedlukning"


# The form


def test_the_form_holds_the_current_values(secretariat_client: Client):
    form = open_form(secretariat_client, "leverandoerliste")
    initiative = read_initiative("leverandoerliste")
    assert form.data["version"] == str(initiative.version)
    assert form.data["status"] == "major_deviations"
    assert form.data["reason"] == ""
    assert form.data["ask"] == initiative.ask
    assert form.data["internal_notes"] == initiative.internal_notes


def test_the_form_has_the_words_of_the_secretariat(secretariat_client: Client):
    text = text_of(secretariat_client.get(PATH))
    assert "Status for Kontraktanalyse · februar 2026" in text
    for style in STATUS_STYLES[:6]:
        assert f"{style.label} " in text
        assert style.meaning in text
    for sentence in (
        "Hvad afviger fra kommissoriet? Vælg en eller flere",
        "Ressourcer",
        "Kvalitet",
        "Tidsplan",
        (
            "Begrundelse Skriv kort, hvad der er sket siden sidst, og hvorfor status ændres. "
            "Teksten vises i statusopgørelsen. Skriv ikke om enkelte borgere."
        ),
        (
            "Hvad skal Implementeringsgruppen tage stilling til? "
            "Udfyldes kun, hvis I ønsker noget af gruppen."
        ),
        "Internt notat Ses kun af sekretariatet og kommer aldrig med i statusopgørelsen.",
        "Gem",
        "Annuller",
    ):
        assert sentence in text


def test_last_months_status_and_reason_are_beside_the_form(secretariat_client: Client):
    text = text_of(secretariat_client.get("/initiativer/leverandoerliste/status/"))
    before = [update for update in updates("leverandoerliste") if update.month < date(2026, 2, 1)]
    reason = next(update.reason for update in reversed(before) if update.reason)
    assert "Sidste måned Mindre afvigelser" in text
    assert f"Begrundelse fra december 2025: {reason}" in text


def test_without_an_approved_kommissorium_the_form_says_so(secretariat_client: Client):
    text = text_of(secretariat_client.get("/initiativer/kvalitetsmodel/status/"))
    assert "ikke registreret et godkendt kommissorium" in text
    edit(read_initiative("kvalitetsmodel"), terms_of_reference="approved")
    text = text_of(secretariat_client.get("/initiativer/kvalitetsmodel/status/"))
    assert "ikke registreret et godkendt kommissorium" not in text


def test_the_same_address_answers_page_row_and_panel(secretariat_client: Client):
    page = secretariat_client.get(PATH)
    panel = secretariat_client.get(PATH, headers={"hx-request": "true"})
    row = secretariat_client.get(f"{PATH}?fra=tabel", headers={"hx-request": "true"})
    assert html_of(page).startswith("<!doctype html>")
    assert html_of(page).count("<h1") == 1
    assert html_of(panel).lstrip().startswith(f'<div class="edit-panel" id="ret-form-{KEY}"')
    assert html_of(row).lstrip().startswith(f'<tr class="edit-row" id="ret-form-{KEY}"')
    for response in (page, panel, row):
        assert "HX-Request" in response["Vary"]


def test_going_to_the_next_is_offered_in_the_table_only(secretariat_client: Client):
    assert "Gem og gå til næste" in text_of(secretariat_client.get(f"{PATH}?fra=tabel"))
    assert "Gem og gå til næste" not in text_of(secretariat_client.get(PATH))


# Saved


def test_a_status_change_is_recorded_with_who_when_and_why(
    secretariat_client: Client, secretariat: User
):
    form = open_form(secretariat_client, KEY)
    save(
        secretariat_client,
        KEY,
        form,
        status="minor_deviations",
        deviates=["time", "resources"],
        reason="To kommuner mangler.",
    )
    initiative, update = read_initiative(KEY), updates(KEY)[-1]
    assert initiative.status == "minor_deviations"
    assert (update.status_before, update.status_after) == ("on_track", "minor_deviations")
    assert update.reason == "To kommuner mangler."
    assert (update.deviates_resources, update.deviates_quality, update.deviates_time) == (
        True,
        False,
        True,
    )
    assert (update.by, update.by_name) == (secretariat, "Anna Eksempel")
    assert update.month == date(2026, 2, 1)
    assert local_day(update.recorded_at) == date(2026, 2, 26)
    assert update.cause == StatusUpdate.Cause.EDIT
    assert update.initiative_version == initiative.version == int(form.data["version"]) + 1
    history = initiative.history.latest()
    assert (history.version, history.actor_name) == (initiative.version, "Anna Eksempel")


def test_ask_and_note_are_saved_with_it(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    save(
        secretariat_client,
        KEY,
        form,
        status="completed",
        reason="Analysen er afleveret.",
        ask="Kan analysen godkendes?",
        internal_notes="Ring til Greve.",
    )
    initiative = read_initiative(KEY)
    assert (initiative.status, initiative.ask) == ("completed", "Kan analysen godkendes?")
    assert initiative.internal_notes == "Ring til Greve."
    assert initiative.history.filter(version=initiative.version).count() == 1


def test_the_first_registration_needs_no_reason(secretariat_client: Client):
    form = open_form(secretariat_client, UNJUDGED)
    assert "status" not in form.data
    response = save(secretariat_client, UNJUDGED, form, status="not_started")
    assert response.status_code == 302
    (update,) = updates(UNJUDGED)
    assert (update.status_before, update.status_after, update.reason) == (None, "not_started", "")


@pytest.mark.parametrize("status", [s for s in Status.values if s != "on_track"])
def test_each_of_the_six_can_be_chosen(secretariat_client: Client, status: str):
    form = open_form(secretariat_client, KEY)
    typed = {"deviates": ["quality"]} if status.endswith("deviations") else {}
    save(secretariat_client, KEY, form, status=status, reason="Fordi.", **typed)
    assert read_initiative(KEY).status == status


def test_the_same_status_can_be_judged_again_with_a_reason(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    save(secretariat_client, KEY, form, reason="Der er nyt, og det er stadig grønt.")
    update = updates(KEY)[-1]
    assert update.status_before == update.status_after == "on_track"
    assert update.reason == "Der er nyt, og det er stadig grønt."
    assert update.cause == StatusUpdate.Cause.EDIT


def test_a_deviation_that_ends_clears_its_ticks(secretariat_client: Client):
    form = open_form(secretariat_client, "myndighedsbestilling")
    response = save(
        secretariat_client, "myndighedsbestilling", form, status="on_track", reason="Indhentet."
    )
    assert response.status_code == 302
    update = updates("myndighedsbestilling")[-1]
    assert (update.status_after, update.deviates) == ("on_track", [])


def test_an_ask_alone_is_no_judgement(secretariat_client: Client):
    before = len(updates("myndighedsbestilling"))
    form = open_form(secretariat_client, "myndighedsbestilling")
    response = save(
        secretariat_client, "myndighedsbestilling", form, ask="Kan fristen flyttes?", htmx=True
    )
    assert "Teksterne for Myndighedsbestilling er gemt." in text_of(response)
    assert read_initiative("myndighedsbestilling").ask == "Kan fristen flyttes?"
    assert len(updates("myndighedsbestilling")) == before


def test_line_breaks_are_kept(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    save(secretariat_client, KEY, form, status="completed", reason="Først.\r\n\r\nSiden.")
    assert updates(KEY)[-1].reason == "Først.\n\nSiden."
    assert "Først.\n\nSiden." in html_of(secretariat_client.get(f"/initiativer/{KEY}/"))


# The answer


def save_completed(client: Client, **typed: str):
    form = open_form(client, KEY, "?fra=tabel")
    return save(client, KEY, form, htmx=True, status="completed", reason="Færdig.", **typed)


def test_in_the_table_row_counts_and_sentence_come_back(secretariat_client: Client):
    response = save_completed(secretariat_client)
    page = html_of(response)
    assert response.status_code == 200
    assert f'<tr class="edit-row" id="ret-form-{KEY}" hidden></tr>' in page
    (cell,) = re.findall(rf'(?s)<div id="status-{KEY}".*?hx-swap-oob="true".*?</div>', page)
    assert "Udført og afsluttet" in cell
    assert "Ændret fra Forløber efter planen den 26. februar 2026 af Anna Eksempel" in text_of(page)
    assert "Status for Kontraktanalyse er gemt: Udført og afsluttet." in text_of(page)
    (live,) = re.findall(r'(?s)<div id="live" hx-swap-oob="innerHTML">(.*?)</div>', page)
    assert "er gemt" in live
    (counts,) = re.findall(r'(?s)<ul class="counts.*?</ul>', page)
    assert 'hx-swap-oob="true"' in counts
    numbers = [int(n) for n in re.findall(r'count__number">(\d+)<', counts)]
    assert numbers == [2, 6, 1, 1, 1, 2, 1]
    assert "10 af 14 opdateret til februar" in text_of(page)


def test_the_focus_goes_back_to_where_it_came_from(secretariat_client: Client):
    page = html_of(save_completed(secretariat_client))
    (focused,) = re.findall(r"<[^>]*\sdata-focus[^>]*>", page)
    assert f'id="ret-{KEY}"' in focused


def test_on_the_initiatives_page_its_head_and_history_follow(secretariat_client: Client):
    form = open_form(secretariat_client, KEY, hx_request="true")
    response = save(
        secretariat_client, KEY, form, htmx=True, status="completed", reason="Afleveret."
    )
    page = html_of(response)
    assert f'<div class="edit-panel" id="ret-form-{KEY}" hidden></div>' in page
    assert 'id="status-panel" hx-swap-oob="true"' in page
    assert "Afleveret." in page
    assert "Status for Kontraktanalyse er gemt: Udført og afsluttet." in text_of(page)
    assert response["HX-Trigger"] == "status-saved"
    detail = html_of(secretariat_client.get(f"/initiativer/{KEY}/"))
    assert 'hx-trigger="status-saved from:body"' in detail


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("princip=kontrakter-og-takster", [1, 3, 0, 1, 0, 1, 0]), ("status=on_track", None)],
)
def test_the_counts_follow_the_filter_of_the_page(
    secretariat_client: Client, query: str, numbers: list[int] | None
):
    form = open_form(secretariat_client, KEY, "?fra=tabel")
    response = secretariat_client.post(
        PATH,
        form.filled(status="completed", reason="Færdig."),
        headers={"hx-request": "true", "hx-current-url": f"http://testserver/status/?{query}"},
    )
    shown = [int(n) for n in re.findall(r'count__number">(\d+)<', html_of(response))]
    page = html_of(secretariat_client.get(f"/status/?{query}"))
    assert shown == [int(n) for n in re.findall(r'count__number">(\d+)<', page)]
    if numbers:
        assert shown == numbers


@pytest.mark.parametrize("query", ["tekst=analyse", "mangler=1"])
def test_with_a_text_filter_the_counts_fetch_themselves(secretariat_client: Client, query: str):
    form = open_form(secretariat_client, KEY, "?fra=tabel")
    response = secretariat_client.post(
        PATH,
        form.filled(status="completed", reason="Færdig."),
        headers={"hx-request": "true", "hx-current-url": f"http://testserver/status/?{query}"},
    )
    assert response["HX-Trigger"] == "status-saved"
    table = html_of(secretariat_client.get(f"/status/?{query}"))
    assert re.search(rf'hx-get="/status/\?{query}" hx-trigger="status-saved from:body"', table)


@pytest.mark.parametrize("address", ["", "ikke en adresse", "http://[", "http://testserver/%ff"])
def test_an_odd_address_from_the_browser_does_no_harm(secretariat_client: Client, address: str):
    form = open_form(secretariat_client, KEY, "?fra=tabel")
    response = secretariat_client.post(
        PATH,
        form.filled(status="completed", reason="Færdig."),
        headers={"hx-request": "true", "hx-current-url": address},
    )
    assert response.status_code == 200
    assert read_initiative(KEY).status == "completed"


def test_save_and_continue_opens_the_next_not_updated(secretariat_client: Client):
    response = save_completed(secretariat_client, gem="naeste")
    assert f'data-go-next="status-{KEY}"' in html_of(response)
    assert "data-focus" not in html_of(response)


# Without JavaScript


def test_without_javascript_saving_redirects_back_with_a_message(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    response = save(secretariat_client, KEY, form, status="completed", reason="Færdig.")
    assert (response.status_code, response["Location"]) == (302, f"/initiativer/{KEY}/")
    text = text_of(secretariat_client.get(response["Location"]))
    assert "Status for Kontraktanalyse er gemt: Udført og afsluttet." in text


def test_without_javascript_saving_leads_back_to_the_filtered_table(
    secretariat_client: Client,
):
    came_from = "http://testserver/status/?princip=kontrakter-og-takster"
    form = open_form(secretariat_client, KEY, "?fra=tabel", referer=came_from)
    response = save(secretariat_client, KEY, form, status="completed", reason="Færdig.")
    assert response["Location"] == f"/status/?princip=kontrakter-og-takster#initiativ-{KEY}"


@pytest.mark.parametrize(
    "back", ["https://et-andet-sted.dk/status/?x=1", "//et-andet-sted.dk/", "javascript:alert(1)"]
)
def test_saving_redirects_to_no_other_site(secretariat_client: Client, back: str):
    form = open_form(secretariat_client, KEY, "?fra=tabel")
    response = save(
        secretariat_client, KEY, form, status="completed", reason="Færdig.", tilbage=back
    )
    assert response["Location"].startswith("/status/")


def test_without_javascript_the_next_not_updated_is_opened(secretariat_client: Client):
    form = open_form(secretariat_client, KEY, "?fra=tabel")
    response = save(
        secretariat_client, KEY, form, status="completed", reason="Færdig.", gem="naeste"
    )
    assert response["Location"] == "/initiativer/indkoebs-og-kontrakthaandbog/status/?fra=tabel"


def test_after_the_last_one_the_table_comes_back(secretariat_client: Client, programme: Programme):
    for key in ("indkoebs-og-kontrakthaandbog", "kompetenceudvikling", "kvalitetsmodel"):
        judge(key, read_initiative(key).status, "Vurderet.")
    form = open_form(secretariat_client, UNJUDGED, "?fra=tabel")
    response = save(secretariat_client, UNJUDGED, form, status="not_started", gem="naeste")
    assert response["Location"].startswith("/status/")
    text = text_of(secretariat_client.get(response["Location"]))
    assert "Alle 14 initiativer er opdateret til februar." in text


def test_the_link_in_the_table_leads_to_the_form(secretariat_client: Client):
    page = html_of(secretariat_client.get("/status/"))
    (href,) = re.findall(rf'id="ret-{KEY}" href="([^"]*)"', page)
    assert form_with(secretariat_client.get(href), "version").method == "post"


def test_cancel_leads_back(secretariat_client: Client):
    assert f'href="/initiativer/{KEY}/"' in html_of(secretariat_client.get(PATH))
    table = html_of(secretariat_client.get(f"{PATH}?fra=tabel"))
    assert f'href="/status/#initiativ-{KEY}"' in table


# Programme and access


def test_the_programme_in_the_address_is_kept(secretariat_client: Client):
    prefix = "/program/udviklingsprogrammet"
    page = secretariat_client.get(f"{prefix}{PATH}")
    form = form_to(page, f"{prefix}{PATH}?maaned=2026-02")
    response = secretariat_client.post(
        f"{prefix}{PATH}", form.filled(status="completed", reason="Færdig.")
    )
    assert response["Location"] == f"{prefix}/initiativer/{KEY}/"


def test_an_archived_initiative_is_not_judged(secretariat_client: Client, programme: Programme):
    form = open_form(secretariat_client, KEY)
    edit(read_initiative(KEY), archived_at="2026-02-26T12:00:00Z")
    before = len(updates(KEY))
    assert secretariat_client.get(PATH).status_code == 404
    response = save(secretariat_client, KEY, form, status="completed", reason="Færdig.")
    assert response.status_code == 404
    assert len(updates(KEY)) == before


@pytest.mark.parametrize("client_name", ["group_client", "reader_client", "stranger_client"])
def test_other_roles_change_nothing(request, secretariat_client: Client, client_name: str):
    form = open_form(secretariat_client, KEY)
    before = len(updates(KEY))
    client: Client = request.getfixturevalue(client_name)
    response = save(client, KEY, form, status="completed", reason="Færdig.")
    assert response.status_code == (404 if client_name == "stranger_client" else 403)
    assert read_initiative(KEY).status == "on_track"
    assert len(updates(KEY)) == before


def test_an_initiative_of_another_programme_is_not_there(
    secretariat_client: Client, other_programme
):
    key = other_programme.initiative.key
    for prefix in ("", "/program/udviklingsprogrammet", "/program/andet-program"):
        for act in ("status", "uaendret", "fortryd"):
            response = secretariat_client.post(
                f"{prefix}/initiativer/{key}/{act}/", {"version": "1", "status": "completed"}
            )
            assert response.status_code == 404
    assert updates(key) == []


# The reporting month changes while somebody writes


def turn_the_month(programme: Programme) -> None:
    edit(programme, reporting_month=date(2026, 3, 1))


def test_a_form_of_february_judges_no_other_month(secretariat_client: Client, programme: Programme):
    page = secretariat_client.get(PATH)
    action = f"{PATH}?maaned=2026-02"
    typed = form_to(page, action).filled(status="completed", reason="Færdig i februar.")
    before = len(updates(KEY))
    turn_the_month(programme)
    response = secretariat_client.post(action, typed)
    assert response.status_code == 409
    text = text_of(response)
    assert "Der opgøres nu status for marts 2026. Intet er gemt." in text
    assert "Status for Kontraktanalyse · marts 2026" in text
    assert "Færdig i februar." in html_of(response)
    assert len(updates(KEY)) == before
    again = form_to(response, f"{PATH}?maaned=2026-03")
    assert secretariat_client.post(again.action, again.data).status_code == 302
    assert updates(KEY)[-1].month == date(2026, 3, 1)


@pytest.mark.parametrize(("act", "key"), [("uaendret", "kompetenceudvikling"), ("fortryd", KEY)])
def test_a_button_of_february_confirms_no_other_month(
    secretariat_client: Client, programme: Programme, act: str, key: str
):
    action = f"/initiativer/{key}/{act}/?maaned=2026-02"
    form = form_to(secretariat_client.get(f"/initiativer/{key}/"), action)
    before = len(updates(key))
    turn_the_month(programme)
    for headers, status in (({"hx-request": "true"}, 409), ({}, 302)):
        response = secretariat_client.post(action, form.data, headers=headers)
        assert response.status_code == status
    text = text_of(secretariat_client.get(f"/initiativer/{key}/"))
    assert "Der opgøres nu status for marts 2026. Intet er gemt." in text
    assert len(updates(key)) == before
