"""A warning is put aside with a reason, stays in history, and returns when its facts change."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.test import Client

from core.tracking import WriteRefused
from initiatives.models import Dismissal
from initiatives.sources.dismissals import dismissals, put_aside
from initiatives.sources.memory import live_plan
from plan.contradictions import warnings_of
from principles.models import Programme
from tests.core.reading import form_with, html_of, text_of
from tests.initiatives.steps import BO, NOON, edit, judge, read_initiative

KEY = "principbeslutning"
PAGE = f"/initiativer/{KEY}/"
SENTENCE = "Status er »Forløber efter planen«, men der er et spørgsmål til Implementeringsgruppen."
HTMX = {"HX-Request": "true"}
REASON = "Gruppen skal godkende udkastet."


def address(client: Client, act: str = "afvis") -> str:
    """Find the address on the initiative's page by which its warning is put aside or taken back."""
    match = re.search(rf"{PAGE}advarsler/\w+/{act}/", html_of(client.get(PAGE)))
    assert match
    return match[0]


def dismiss(client: Client, reason: str = REASON) -> str:
    path = address(client)
    assert SENTENCE in text_of(client.get(path))
    response = client.post(path, form_with(client.get(path), "reason").filled(reason=reason))
    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}#advarsler"
    return path


def test_a_warning_is_put_aside_with_name_and_day_and_taken_back(
    secretariat_client: Client, group_client: Client
):
    assert SENTENCE in text_of(group_client.get("/"))
    dismiss(secretariat_client)
    page = text_of(secretariat_client.get(PAGE))
    assert f"{SENTENCE} Set, fordi gruppen skal godkende udkastet. Anna Eksempel, den" in page
    assert "afviste den" in page  # the history
    for client in (group_client, secretariat_client):
        assert SENTENCE not in text_of(client.get("/"))
    assert REASON in text_of(group_client.get("/historik/"))
    response = secretariat_client.post(address(secretariat_client, "fortryd"))
    assert response.status_code == 302
    page = text_of(secretariat_client.get(PAGE))
    assert "Set, fordi" not in page
    assert "fortrød den" in page
    assert SENTENCE in text_of(group_client.get("/"))
    assert [row.withdraws_id is None for row in Dismissal.objects.all()] == [True, False]


def test_it_returns_only_when_the_facts_change(secretariat_client: Client):
    dismiss(secretariat_client)
    edit(read_initiative(KEY), title="En anden titel", report_text="Noget nyt.")
    judge(KEY, "on_track", "Arbejdet går godt.")
    assert SENTENCE not in text_of(secretariat_client.get("/"))
    edit(read_initiative(KEY), ask="Kan et helt andet udkast godkendes?")
    assert SENTENCE in text_of(secretariat_client.get("/"))
    page = text_of(secretariat_client.get(PAGE))
    assert "Afvis advarslen" in page
    assert "Set, fordi" not in page


def test_the_page_of_an_earlier_day_shows_it_as_it_was(
    secretariat_client: Client, programme: Programme
):
    dismiss(secretariat_client)
    row = Dismissal.objects.get()
    plan = live_plan(programme, month=programme.reporting_month, on=date(2026, 2, 26))

    def number_at(moment: datetime | None) -> int:
        return len(put_aside(dismissals(plan, programme, moment).get(KEY, ())))

    a_second = timedelta(seconds=1)
    assert [number_at(None), number_at(row.recorded_at)] == [1, 0]
    assert number_at(row.recorded_at + a_second) == 1
    later = row.recorded_at + timedelta(hours=1)
    Dismissal.withdraw(row.initiative, row.fingerprint, actor=BO, at=later)
    assert [number_at(later), number_at(later + a_second), number_at(None)] == [1, 0, 0]


def test_with_htmx_the_form_stands_in_the_place_of_the_warning(secretariat_client: Client):
    path = address(secretariat_client)
    form = secretariat_client.get(path, headers=HTMX)
    *_, key, _, fingerprint, _, _ = path.split("/")
    dom = f'<li class="warning warning--open" id="advarsel-{key}-{fingerprint}">'
    assert dom in html_of(form)
    assert "Hvorfor er det i orden?" in text_of(form)
    assert "Står i historikken. Kommer ikke med i statusopgørelsen." in text_of(form)
    cancelled = html_of(secretariat_client.get(f"{path}?annuller=1", headers=HTMX))
    assert 'class="warning"' in cancelled
    assert "Afvis advarslen …" in cancelled
    assert Dismissal.objects.count() == 0
    saved = secretariat_client.post(path, {"reason": REASON}, headers=HTMX)
    assert "Set, fordi gruppen skal godkende udkastet." in text_of(saved)
    assert "Advarslen er afvist." in text_of(saved)
    assert 'id="live"' in html_of(saved)
    again = secretariat_client.post(path.replace("afvis", "fortryd"), headers=HTMX)
    assert "Advarslen gælder igen." in text_of(again)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Skriv, hvorfor det er i orden."),
        (" \N{NO-BREAK SPACE}", "Skriv, hvorfor det er i orden."),
        ("010190-1234 har svaret.", "CPR-nummer"),
        ("a" * 501, "må højst fylde"),
    ],
)
def test_without_a_proper_reason_nothing_is_put_aside(
    secretariat_client: Client, headers: dict[str, str], reason: str, sentence: str
):
    path = address(secretariat_client)
    response = secretariat_client.post(path, {"reason": reason}, headers=headers)
    assert response.status_code == 422
    assert sentence in text_of(response)
    if reason.strip():
        assert reason in html_of(response)
    assert not Dismissal.objects.exists()


def test_a_warning_that_is_gone_is_refused_with_the_text_kept(secretariat_client: Client):
    path = address(secretariat_client)
    edit(read_initiative(KEY), ask="")
    response = secretariat_client.post(path, {"reason": REASON})
    assert response.status_code == 409
    assert "Advarslen gælder ikke længere" in text_of(response)
    assert REASON in html_of(response)
    assert secretariat_client.get(path).status_code == 302
    assert secretariat_client.post(path.replace("afvis", "fortryd")).status_code == 302
    assert not Dismissal.objects.exists()


def test_the_same_press_twice_is_one_dismissal(secretariat_client: Client):
    path = dismiss(secretariat_client)
    assert secretariat_client.post(path, {"reason": "En anden grund."}).status_code == 302
    (row,) = Dismissal.objects.all()
    assert row.reason == REASON
    secretariat_client.post(path.replace("afvis", "fortryd"))
    secretariat_client.post(path.replace("afvis", "fortryd"))
    assert Dismissal.objects.count() == 2


def test_the_way_back_leads_only_to_pages_of_the_portal(secretariat_client: Client):
    path = address(secretariat_client)
    typed = {"reason": REASON, "tilbage": "/status/"}
    assert secretariat_client.post(path, typed)["Location"] == "/status/"
    for elsewhere in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:1"):
        fortryd = secretariat_client.post(path.replace("afvis", "fortryd"), {"tilbage": elsewhere})
        assert fortryd["Location"].startswith("/initiativer/")
        secretariat_client.post(path, {"reason": REASON})


def test_who_may_not_edit_can_put_nothing_aside(
    group_client: Client, reader_client: Client, secretariat_client: Client
):
    path = address(secretariat_client)
    for client in (group_client, reader_client):
        assert client.post(path, {"reason": REASON}).status_code in (403, 404)
        assert client.get(path).status_code in (403, 404)
    assert "advarsler/" not in html_of(group_client.get(PAGE))
    assert SENTENCE in text_of(group_client.get(PAGE))
    assert not Dismissal.objects.exists()


def dismissal() -> Dismissal:
    row = read_initiative(KEY)
    programme: Any = row.area.principle.programme
    document = live_plan(programme, month=programme.reporting_month, on=NOON.date()).document
    (item,) = (item for item in document.initiatives() if item.key == KEY)
    (warning, *_) = warnings_of(item, document)
    return Dismissal.put_aside(row, warning, reason=REASON, actor=BO, at=NOON)


def test_a_dismissal_is_never_changed_or_removed(db: None):
    row = dismissal()
    for act in (
        lambda: Dismissal.objects.update(reason="x"),
        lambda: Dismissal.objects.all().delete(),
        lambda: Dismissal.objects.bulk_create([]),
        row.save,
        row.delete,
    ):
        with pytest.raises(WriteRefused):
            act()
    plain: Any = models.QuerySet(Dismissal)
    forgeries: tuple[Callable[[], Any], ...] = (
        lambda: plain.update(reason="x"),
        lambda: plain.update(sentence="x"),
        lambda: plain._raw_delete("default"),
    )
    for forge in forgeries:
        with pytest.raises(DatabaseError), transaction.atomic():
            forge()
    assert Dismissal.objects.get().reason == REASON


def test_the_database_wants_a_reason(db: None):
    row = dismissal()
    plain: Any = models.QuerySet(Dismissal)
    with pytest.raises(DatabaseError), transaction.atomic():
        plain.bulk_create(
            [
                Dismissal(
                    initiative=row.initiative,
                    check_name="x",
                    fingerprint="y",
                    sentence="z",
                    recorded_at=NOON,
                    by_name="Bo",
                )
            ]
        )
    with pytest.raises(ValidationError):
        Dismissal.withdraw(row.initiative, "unknown", actor=BO, at=NOON)


def test_what_is_put_aside_is_in_no_report(secretariat_client: Client):
    before = text_of(secretariat_client.get("/statusopgoerelser/2026-02/"))
    dismiss(secretariat_client)
    secretariat_client.get(PAGE)  # shows the message
    assert text_of(secretariat_client.get("/statusopgoerelser/2026-02/")) == before
