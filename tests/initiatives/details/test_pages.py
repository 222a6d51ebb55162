"""The pages of an initiative, an area, a principle and the programme."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from initiatives.models import Initiative
from principles.models import ActionArea, Principle, Programme
from tests.core.reading import history_of, html_of, initiatives_in, text_of
from tests.initiatives.steps import NOON, edit, judge, read_initiative, updates

PAGE = "/initiativer/kontraktanalyse/"
SECRET = "Aftal det med juristerne først"


# An initiative


@pytest.mark.parametrize("key", ["kontraktanalyse", "takstoversigt", "faelles-postkasse"])
def test_every_known_value_is_shown(group_client: Client, key: str):
    initiative = read_initiative(key)
    text = text_of(group_client.get(f"/initiativer/{key}/"))
    assert initiative.title in text
    assert f"Princip {initiative.area.principle.title}" in text
    assert f"Indsatsområde {initiative.area.title}" in text
    for action in initiative.actions.all():
        assert " ".join(action.title.split()) in text
    for deadline in initiative.deadlines.all():
        assert " ".join(deadline.wording.split()) in text
    if initiative.source_note:
        assert initiative.source_note in text


def test_status_reason_yardstick_and_ask_come_first(group_client: Client):
    update = updates("leverandoerliste")[-1]
    text = text_of(group_client.get("/initiativer/leverandoerliste/"))
    head = text.partition("Indsatser")[0]
    assert re.search(
        r"Betydelige afvigelser Ændret fra Mindre afvigelser den .{6,20} af Anna Eksempel", head
    )
    assert update.reason in head
    assert "Afviger fra kommissoriet: Tidsplan" in head
    assert "På pause jf. Implementeringsgruppens beslutning 20. januar 2026" in head
    assert "Hvad skal Implementeringsgruppen tage stilling til? Skal pausen fortsætte" in head
    assert "Uddybning Modellen for leverandørlisten er udviklet" in head
    assert "Sidste måned Mindre afvigelser" in head


def test_the_years_programme_and_the_kommissorium(group_client: Client):
    text = text_of(group_client.get("/initiativer/raadgivningsfunktion/"))
    assert "Program 2025, nr. 3" in text
    assert "Kommissorium Ikke oplyst" in text
    text = text_of(group_client.get("/initiativer/kvalitetsmodel/"))
    assert "Kommissorium Intet godkendt kommissorium" in text


def test_a_value_that_is_not_registered_says_so(group_client: Client):
    text = text_of(group_client.get("/initiativer/takstoversigt/"))
    assert "Der er ikke registreret indsatser." in text


def test_a_deadline_names_its_indsats_by_number(group_client: Client):
    text = text_of(group_client.get("/initiativer/ommaerkning-og-nedlukning/"))
    assert "Hele initiativet Forelægges Kommissorium for initiativet" in text
    assert "2 Deadline Udvikling af en råskitse" in text


def test_the_group_has_no_links_to_edit(group_client: Client):
    page = html_of(group_client.get(PAGE))
    for trace in ("/ret/", "/flyt/", "/arkiver/", "/tilfoej/", '/status/"', "Uændret<", "Gendan"):
        assert trace not in page.replace('href="/status/"', "")


def test_the_secretariat_has_all_links_to_edit(secretariat_client: Client):
    page = html_of(secretariat_client.get(PAGE))
    for path in (
        "/initiativer/kontraktanalyse/status/",
        "/initiativer/kontraktanalyse/ret/",
        "/initiativer/kontraktanalyse/flyt/",
        "/initiativer/kontraktanalyse/arkiver/",
        "/initiativer/kontraktanalyse/indsatser/tilfoej/",
        "/initiativer/kontraktanalyse/deadlines/tilfoej/",
        "/indsatser/kontraktanalyse-1/ret/",
        "/indsatser/kontraktanalyse-1/arkiver/",
        "/deadlines/kontraktanalyse-d1/ret/",
    ):
        assert f'"{path}"' in page


def test_buttons_name_the_row_they_act_on(secretariat_client: Client):
    page = html_of(secretariat_client.get(PAGE))
    assert '<span class="sr-only"> indsats Analyse af kommunernes kontrakter</span>' in page


# Internal notes


def test_the_secretariat_reads_the_internal_note(secretariat_client: Client, programme: Programme):
    edit(read_initiative("kontraktanalyse"), internal_notes=SECRET)
    text = text_of(secretariat_client.get(PAGE))
    assert f"kommer aldrig med i statusopgørelsen. {SECRET}" in text
    assert "Bo Eksempel skrev det interne notat den 26. februar 2026." in text


@pytest.mark.parametrize(
    "path",
    [
        PAGE,
        "/status/",
        "/indsatsomraader/a/",
        "/principper/kontrakter-og-takster/",
        "/om-programmet/",
        "/statusopgoerelser/2026-02/",
    ],
)
def test_nobody_else_sees_the_internal_note_anywhere(
    group_client: Client, programme: Programme, path: str
):
    edit(read_initiative("kontraktanalyse"), internal_notes=SECRET, reason="En hemmelig grund")
    response = group_client.get(path)
    assert response.status_code == 200
    for trace in (SECRET, "En hemmelig grund", "nternt notat", "interne notat"):
        assert trace not in html_of(response)


def test_the_group_sees_a_judgement_without_its_note(group_client: Client, programme: Programme):
    judge("kontraktanalyse", "completed", "Færdig.", internal_notes=SECRET)
    lines = history_of(group_client.get(PAGE))
    assert lines[0] == (
        "Bo Eksempel ændrede status fra Forløber efter planen til Udført og afsluttet "
        "den 26. februar 2026. Begrundelse: Færdig."
    )
    assert "notat" not in " ".join(lines)


# History


def test_history_shows_who_what_when_and_why(group_client: Client):
    lines = history_of(group_client.get("/initiativer/leverandoerliste/"))
    update = updates("leverandoerliste")[-1]
    day = f"{update.recorded_at.day}. februar 2026"
    assert (
        "Anna Eksempel ændrede status fra Mindre afvigelser til Betydelige afvigelser "
        f"den {day}. Afviger fra kommissoriet: Tidsplan. Begrundelse: {update.reason}" in lines
    )
    first = updates("leverandoerliste")[0]
    assert (
        "Anna Eksempel satte status til Forløber efter planen den 14. oktober 2025 "
        f"(tidligere ikke oplyst). Begrundelse: {first.reason}" in lines
    )
    assert lines.count("Indlæst fra statusopgørelsen for februar 2026.") == 1
    assert any(line.startswith("Bekræftet uændret den") for line in lines)


def test_the_status_given_in_words_is_shown_as_loaded(group_client: Client):
    lines = history_of(group_client.get("/initiativer/takstoversigt/"))
    assert "Status Ikke iværksat er indlæst fra kilden." in lines


def test_history_is_newest_first(group_client: Client, programme: Programme):
    judge("kontraktanalyse", "completed", "Færdig.", at=NOON - timedelta(minutes=1))
    edit(read_initiative("kontraktanalyse"), title="Analyse")
    page = html_of(group_client.get(PAGE))
    days = re.findall(r'<time class="meta" datetime="([^"]*)"', page)
    assert days == sorted(days, reverse=True)
    lines = history_of(group_client.get(PAGE))
    assert lines[0].startswith("Bo Eksempel rettede titlen")
    assert lines[1].startswith("Bo Eksempel ændrede status")


def test_the_same_status_judged_again_is_shown(group_client: Client, programme: Programme):
    judge("kontraktanalyse", "on_track", "Stadig godt.")
    assert history_of(group_client.get(PAGE))[0] == (
        "Bo Eksempel vurderede status som Forløber efter planen den 26. februar 2026. "
        "Begrundelse: Stadig godt."
    )


def test_a_status_change_is_shown_once(group_client: Client, programme: Programme):
    judge("kontraktanalyse", "completed", "Færdig.", ask="Kan det godkendes?")
    lines = history_of(group_client.get(PAGE))
    assert len([line for line in lines if "Færdig." in line]) == 1
    assert (
        "Bo Eksempel skrev spørgsmålet til Implementeringsgruppen den 26. februar 2026: "
        "»Kan det godkendes?«" in lines
    )


def test_history_keeps_the_old_names(group_client: Client, secretariat, programme: Programme):
    edit(secretariat, name="Anna Nyt Navn")
    text = text_of(group_client.get("/initiativer/leverandoerliste/"))
    assert "Anna Eksempel ændrede status" in text


# An area


def test_an_area_shows_its_initiatives_and_number(group_client: Client):
    response = group_client.get("/indsatsomraader/a/")
    text = text_of(response)
    assert initiatives_in(response) == [
        "kontraktanalyse",
        "leverandoerliste",
        "principbeslutning",
        "indkoebs-og-kontrakthaandbog",
    ]
    assert "Vi anvender udelukkende standardkontrakter – de er obligatoriske" in text
    assert "Program 2025 nr. 1" in text
    assert "Indlæst fra statusopgørelsen for februar 2026." in history_of(response)


def test_a_repeated_number_is_shown(group_client: Client):
    text = text_of(group_client.get("/indsatsomraader/j/"))
    assert "nr. 3 (også nr. 8 i kilden)" in text


@pytest.mark.parametrize("key", ["x", "y", "z"])
def test_an_area_without_initiatives_lacks_treatment(group_client: Client, key: str):
    text = text_of(group_client.get(f"/indsatsomraader/{key}/"))
    assert "mangler behandling i Implementeringsgruppen" in text


def test_only_the_secretariat_can_add_an_initiative(
    secretariat_client: Client, group_client: Client
):
    path = "/indsatsomraader/x/"
    assert "Tilføj initiativ" in text_of(secretariat_client.get(path))
    assert "Tilføj initiativ" not in text_of(group_client.get(path))


def test_an_archived_area_says_so(group_client: Client, programme: Programme):
    edit(ActionArea.objects.get(key="a"), archived_at="2026-02-26T12:00:00Z")
    text = text_of(group_client.get("/indsatsomraader/a/"))
    assert "arkiveret og indgår ikke i nye statusopgørelser" in text


# A principle


def test_a_principle_shows_its_areas_and_counts(group_client: Client):
    response = group_client.get("/principper/kvalitet/")
    text = text_of(response)
    assert len(initiatives_in(response)) == 5
    counted = [
        Initiative.objects.filter(area__principle__key="kvalitet", status=status).count()
        for status in ("not_started", "on_track", "minor_deviations")
    ]
    assert (
        f"Ikke iværksat {counted[0]} Forløber efter planen {counted[1]} "
        f"Mindre afvigelser {counted[2]}" in text
    )
    assert "Indsatsområder, som mangler behandling i Implementeringsgruppen" in text
    assert "Vi sikrer en høj ensartet faglig kvalitet" in text


def test_the_history_of_a_principle_is_shown(group_client: Client, programme: Programme):
    edit(Principle.objects.get(key="kvalitet"), title="Fælles om Kvalitet", reason="Stort K.")
    lines = history_of(group_client.get("/principper/kvalitet/"))
    assert lines == [
        (
            "Bo Eksempel rettede titlen fra »Fælles om kvalitet« til »Fælles om Kvalitet« "
            "den 26. februar 2026. Begrundelse: Stort K."
        ),
        "Indlæst fra implementeringsstrategien 2024-2026.",
    ]


# The programme


def test_the_page_of_the_programme(group_client: Client):
    text = text_of(group_client.get("/om-programmet/"))
    for title in (
        "Styrke konkurrencen på botilbudsmarkedet",
        "Knække den stigende udgiftskurve",
        "Styrke kvaliteten af den borgerrettede indsats",
    ):
        assert title in text
    for area in ActionArea.objects.all():
        assert area.title in text
    for name in ("Faxe", "Greve", "Vordingborg"):
        assert name in text
    assert "7 indsatsområder (8 numre i kilden)" in text


# All of these pages


PATHS = [PAGE, "/indsatsomraader/a/", "/principper/kvalitet/", "/om-programmet/"]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_all_its_parts(group_client: Client, path: str):
    page = html_of(group_client.get(path))
    assert '<html lang="da">' in page
    assert page.count("<h1") == 1
    assert page.count("<main") == 1
    assert "Eksempeldata." in page
    assert re.search(r"<title>.+ – Udviklingsprogrammet</title>", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PATHS)
def test_every_link_of_a_page_leads_somewhere(secretariat_client: Client, path: str):
    page = html_of(secretariat_client.get(path))
    main = page[page.index("<main") : page.index("</main>")]
    links = set(re.findall(r'href="(/(?!static/)[^"#?]*)', main))
    assert links
    for link in sorted(links):
        assert secretariat_client.get(link).status_code == 200, link


@pytest.mark.parametrize(
    "path",
    [
        "/initiativer/findes-ikke/",
        "/initiativer/Kontraktanalyse/",
        "/indsatsomraader/findes-ikke/",
        "/principper/findes-ikke/",
        "/initiativer/1/",
    ],
)
def test_a_missing_row_is_404(secretariat_client: Client, path: str):
    assert secretariat_client.get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_may_not_see_the_plan(reader_client: Client, path: str):
    response = reader_client.get(path)
    assert response.status_code == 403
    assert "Fælles om" not in text_of(response)


def test_rows_of_another_programme_are_not_there(group_client: Client, other_programme):
    for path in (
        f"/initiativer/{other_programme.initiative.key}/",
        f"/indsatsomraader/{other_programme.area.key}/",
        f"/principper/{other_programme.area.principle.key}/",
        "/program/andet-program/",
        "/program/andet-program/status/",
        f"/program/andet-program/initiativer/{other_programme.initiative.key}/",
        f"/program/udviklingsprogrammet/initiativer/{other_programme.initiative.key}/",
    ):
        response = group_client.get(path)
        assert response.status_code == 404
        assert "andet program" not in text_of(response).casefold()
