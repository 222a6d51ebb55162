"""Måneden: the steps with what is left of each, the dates, and a row for each initiative."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from initiatives.models import Initiative
from plan.meeting_dates import meeting_dates
from principles.models import Programme
from reports.month.views import meeting_lines
from tests.core.reading import form_with, html_of, text_of
from tests.initiatives.steps import edit, judge, open_form, read_initiative, save
from tests.performance.growing import grow
from tests.reports.editions.steps import lock

PAGE = "/maaneden/"
MEETING = date(2026, 3, 5)


def look(client: Client, query: str = "") -> str:
    return text_of(client.get(f"{PAGE}{query}")).replace("\N{NO-BREAK SPACE}", " ")


def rows_in(response: Any) -> list[str]:
    """The keys of the initiatives that have a row."""
    html = html_of(response)
    keys = Initiative.objects.order_by("id").values_list("key", flat=True)
    return [key for key in keys if f'<tr id="initiativ-{key}"' in html]


@pytest.mark.django_db
def test_the_steps_say_what_is_left(programme: Programme, secretariat_client: Client):
    edit(programme, next_meeting_on=MEETING)
    text = look(secretariat_client)
    assert "Statusopgørelsen for februar 2026" in text
    assert "Næste møde i Implementeringsgruppen er torsdag den 5. marts 2026 (om 7 dage)." in text
    missing = text.split(" mangler Sekretariatet og tovholdere")[0].split()[-1]
    assert (
        f"De {missing}, der mangler, kan også låses som »Ikke vurderet for februar 2026«." in text
    )
    for step in ("Statusser", "Det, der ikke stemmer", "Gennemse kladden", "Lås udgave"):
        assert step in text
    assert "Begynd på marts 2026 Derefter mangler alle 14 initiativer en vurdering igen." in text


def test_the_dates_are_counted_back_from_the_meeting():
    lines = meeting_lines(meeting_dates(MEETING), date(2026, 2, 26), 4)
    assert [(line.label, line.state, line.note) for line in lines.dates] == [
        ("Status indhentes", "past", ""),
        ("Frist for status", "past", "4 mangler"),
        ("Dagsorden udsendes", "next", "i dag"),
        ("Møde", "", "om 7 dage"),
        ("Referat udsendes", "", "om 14 dage"),
    ]


@pytest.mark.django_db
def test_without_a_meeting_the_page_asks_for_its_day(
    programme: Programme, secretariat_client: Client
):
    text = look(secretariat_client)
    assert "Der er ikke angivet en dag for næste møde i Implementeringsgruppen." in text
    form = form_with(secretariat_client.get(f"{PAGE}moede/"), "next_meeting_on")
    answer = secretariat_client.post(
        f"{PAGE}moede/", form.filled(next_meeting_on="5-3-2026"), follow=True
    )
    assert "Næste møde er torsdag den 5. marts 2026." in text_of(answer).replace("\xa0", " ")
    programme.refresh_from_db()
    assert programme.next_meeting_on == MEETING
    wrong = secretariat_client.post(f"{PAGE}moede/", form.filled(next_meeting_on="snart"))
    assert wrong.status_code == 422
    assert 'value="snart"' in html_of(wrong)


@pytest.mark.django_db
def test_each_kind_shows_what_its_number_says(secretariat_client: Client):
    everything = rows_in(secretariat_client.get(PAGE))
    missing = rows_in(secretariat_client.get(f"{PAGE}?vis=mangler"))
    warned = rows_in(secretariat_client.get(f"{PAGE}?vis=advarsler"))
    assert len(everything) == 14
    text = look(secretariat_client)
    assert f"Mangler {len(missing)} Advarsler {len(warned)} Alle 14" in text
    judged = {row.key for row in Initiative.objects.all() if _is_judged(row)}
    assert set(missing) == set(everything) - judged


def _is_judged(row: Initiative) -> bool:
    newest = row.updates.judgements().newest_first().first()
    return newest is not None and newest.month == date(2026, 2, 1)


@pytest.mark.django_db
def test_a_row_has_last_months_reason_with_the_month_it_is_of(
    programme: Programme, secretariat_client: Client
):
    judge("kontraktanalyse", "completed", "Leverancen er afleveret.")
    edit(programme, reporting_month=date(2026, 3, 1))
    text = look(secretariat_client)
    assert "Udført og afsluttet Leverancen er afleveret." in text
    edit(programme, reporting_month=date(2026, 4, 1))
    text = look(secretariat_client)
    assert "Udført og afsluttet Begrundelse fra februar 2026 Leverancen er afleveret." in text


@pytest.mark.django_db
def test_a_status_is_confirmed_and_judged_without_leaving_the_page(secretariat_client: Client):
    key = rows_in(secretariat_client.get(f"{PAGE}?vis=mangler"))[0]
    row = read_initiative(key)
    answer = secretariat_client.post(
        f"/initiativer/{key}/uaendret/",
        {"version": row.version, "fra": "maaneden"},
        headers={"hx-request": "true"},
    )
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "status-saved"
    assert "Bekræftet uændret" in text_of(answer)
    form = open_form(secretariat_client, key, "?fra=maaneden", hx_request="true")
    saved = save(
        secretariat_client, key, form, htmx=True, status="completed", reason="Færdig.", deviates=[]
    )
    assert f'<tr id="initiativ-{key}" hx-swap-oob="true">' in html_of(saved)
    assert "Udført og afsluttet" in text_of(saved)


@pytest.mark.django_db
def test_without_htmx_a_save_leads_back_to_the_month(secretariat_client: Client):
    form = open_form(secretariat_client, "kontraktanalyse", "?fra=maaneden")
    saved = save(
        secretariat_client, "kontraktanalyse", form, status="completed", reason="Færdig.",
        deviates=[],
    )  # fmt: skip
    assert (saved.status_code, saved.url) == (302, f"{PAGE}#initiativ-kontraktanalyse")


@pytest.mark.django_db
def test_the_steps_follow_the_edition(
    programme: Programme, secretariat: User, secretariat_client: Client
):
    lock(programme, with_files=None, actor=secretariat.actor)
    text = look(secretariat_client)
    assert "Gjort: 4 Lås udgave Udgave 1 Anna Eksempel 26. februar 2026" in text
    assert "Registrér godkendelsen" in text
    assert "Begynd på marts 2026 Derefter mangler alle 14 initiativer en vurdering igen." in text
    address = "/statusopgoerelser/2026-02/udgave-1/"
    secretariat_client.post(f"{address}godkend/", {"meeting_on": "26-02-2026"})
    text = look(secretariat_client)
    assert "Gjort: 5 Godkendt på mødet Implementeringsgruppen 26. februar 2026" in text
    assert "Offentliggør Sekretariatet når den er godkendt" in text
    secretariat_client.post(f"{address}offentliggoer/")
    assert "Gjort: 6 Offentliggjort Anna Eksempel" in look(secretariat_client)


@pytest.mark.django_db
def test_the_page_takes_few_queries(
    programme: Programme, secretariat_client: Client, query_counts: Any
):
    for name in ("month", "month-200"):
        secretariat_client.get(PAGE)
        with query_counts(name):
            secretariat_client.get(PAGE)
        grow(programme, 200)


@pytest.mark.django_db
def test_only_the_secretariat_has_the_month(group_client: Client, reader_client: Client):
    for client in (group_client, reader_client):
        assert client.get(PAGE).status_code == 403
        assert "Måneden" not in text_of(client.get("/statusopgoerelser/"))


@pytest.mark.django_db
def test_overblik_leads_the_secretariat_to_what_is_missing(
    secretariat_client: Client, group_client: Client
):
    number = len(rows_in(secretariat_client.get(f"{PAGE}?vis=mangler")))
    page = html_of(secretariat_client.get("/"))
    assert f'<a href="{PAGE}?vis=mangler">{number} initiativer mangler</a>' in page
    assert PAGE not in html_of(group_client.get("/"))
    assert f"{PAGE}?vis=mangler" not in html_of(secretariat_client.get("/?pr=2026-02-25"))
