"""The form that judges an initiative also saves its Uddybning, indsatser and deadlines: all of it
or nothing, each row against its own version."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from initiatives.models import Action, Deadline
from tests.core.reading import html_of, text_of
from tests.initiatives.steps import edit, open_form, read_initiative, save

KEY = "kontraktanalyse"
FROM_MONTH = "?fra=maaneden"


def first(model: Any) -> Any:
    return model.objects.filter(initiative__key=KEY).live().in_order()[0]


def names(row: Any, *fields: str) -> list[str]:
    return [f"{row._meta.model_name}-{row.key}-{field}" for field in fields]


@pytest.mark.django_db
def test_one_save_writes_status_texts_indsats_and_deadline(secretariat_client: Client):
    action, deadline = first(Action), first(Deadline)
    form = open_form(secretariat_client, KEY, FROM_MONTH)
    (title,), (wording, why) = names(action, "title"), names(deadline, "wording", "reason")
    typed = {
        "status": "minor_deviations",
        "deviates": ["time"],
        "reason": "To kommuner mangler tal.",
        "report_text": "Analysen fortsætter med de øvrige.",
        title: "Analyse af alle kontrakter",
        wording: "Forelægges Implementeringsgruppen den 24. marts 2026",
        why: "Tallene kommer senere.",
    }
    assert save(secretariat_client, KEY, form, **typed).status_code == 302
    row = read_initiative(KEY)
    assert (row.status, row.report_text) == ("minor_deviations", typed["report_text"])
    assert row.report_text_month == date(2026, 2, 1)
    action.refresh_from_db()
    deadline.refresh_from_db()
    assert action.title == typed[title]
    assert (deadline.wording, deadline.ends_on) == (typed[wording], date(2026, 3, 24))
    assert deadline.moves.get().reason == "Tallene kommer senere."


@pytest.mark.django_db
def test_what_is_not_changed_makes_no_version(secretariat_client: Client):
    before = [first(model).version for model in (Action, Deadline)]
    form = open_form(secretariat_client, KEY, FROM_MONTH)
    save(secretariat_client, KEY, form, report_text="Kun uddybningen er ny.")
    assert [first(model).version for model in (Action, Deadline)] == before
    form = open_form(secretariat_client, KEY, FROM_MONTH)
    answer = save(secretariat_client, KEY, form)
    assert answer.status_code == 422
    assert "Der er ikke ændret noget." in text_of(answer)


@pytest.mark.django_db
def test_a_moved_deadline_without_a_reason_saves_nothing(secretariat_client: Client):
    deadline, before = first(Deadline), read_initiative(KEY)
    form = open_form(secretariat_client, KEY, FROM_MONTH)
    (wording,) = names(deadline, "wording")
    new = "Forelægges Implementeringsgruppen den 24. marts 2026"
    typed = {"status": "completed", "deviates": [], "reason": "Færdig.", wording: new}
    answer = save(secretariat_client, KEY, form, **typed)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "En indsats eller deadline kan ikke gemmes. Se herunder. Intet er gemt." in text
    assert "Skriv, hvorfor deadlinen flyttes." in text
    assert new in text
    assert "Færdig." in text
    assert read_initiative(KEY).version == before.version
    assert first(Deadline).version == deadline.version


@pytest.mark.django_db
def test_a_row_that_somebody_has_changed_keeps_both_texts_on_the_page(secretariat_client: Client):
    action = first(Action)
    form = open_form(secretariat_client, KEY, FROM_MONTH)
    edit(action, title="Bos ordlyd")
    (title,) = names(action, "title")
    answer = save(secretariat_client, KEY, form, **{title: "Min ordlyd"})
    assert answer.status_code == 409
    text = text_of(answer)
    assert "Bo Eksempel har den 26. februar 2026 ændret teksten til »Bos ordlyd«." in text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "Min ordlyd" in html_of(answer)
    assert first(Action).title == "Bos ordlyd"


@pytest.mark.django_db
def test_a_row_that_was_added_since_is_left_alone(secretariat_client: Client):
    form = open_form(secretariat_client, KEY, FROM_MONTH)
    last = Action.objects.filter(initiative__key=KEY).latest("pk")
    for name in names(last, "title", "version"):
        form.data.pop(name)
    assert save(secretariat_client, KEY, form, report_text="Uddybet.").status_code == 302
    assert Action.objects.get(pk=last.pk).version == last.version


@pytest.mark.django_db
def test_elsewhere_the_page_is_loaded_again_when_it_shows_the_rows(secretariat_client: Client):
    (title,) = names(first(Action), "title")
    form = open_form(secretariat_client, KEY, "?fra=tabel", hx_request="true")
    answer = save(secretariat_client, KEY, form, htmx=True, **{title: "En ny ordlyd"})
    assert answer["HX-Refresh"] == "true"
    assert "Teksterne for Kontraktanalyse er gemt." in text_of(secretariat_client.get("/status/"))


@pytest.mark.django_db
def test_the_whole_form_of_an_initiative_takes_few_queries(
    secretariat_client: Client, query_counts: Any
):
    action, deadline = first(Action), first(Deadline)
    form = open_form(secretariat_client, KEY, FROM_MONTH, hx_request="true")
    (title,), (wording, why) = names(action, "title"), names(deadline, "wording", "reason")
    typed = {
        "status": "completed",
        "deviates": [],
        "reason": "Færdig.",
        "report_text": "Uddybet.",
        title: "En ny ordlyd",
        wording: "Forelægges Implementeringsgruppen den 24. marts 2026",
        why: "Tallene kommer senere.",
    }
    with query_counts("save-month-form"):
        answer = save(secretariat_client, KEY, form, htmx=True, **typed)
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_new_indsats_and_deadline_are_added_last_and_once(secretariat_client: Client):
    form = open_form(secretariat_client, KEY, FROM_MONTH)
    new = {"ny-title-title": "En helt ny indsats", "ny-wording-wording": "Juni 2026"}
    assert save(secretariat_client, KEY, form, **new).status_code == 302
    again = save(secretariat_client, KEY, form, **new)
    assert again.status_code == 422
    actions = list(Action.objects.filter(initiative__key=KEY).in_order())
    deadlines = list(Deadline.objects.filter(initiative__key=KEY).in_order())
    assert [row.title for row in actions].count("En helt ny indsats") == 1
    assert actions[-1].title == "En helt ny indsats"
    assert [row.wording for row in deadlines].count("Juni 2026") == 1
    assert (deadlines[-1].fact, deadlines[-1].ends_on) == ("deadline", date(2026, 6, 30))


@pytest.mark.django_db
def test_a_new_row_that_is_refused_keeps_its_text(secretariat_client: Client):
    form = open_form(secretariat_client, KEY, FROM_MONTH)
    new = {"ny-title-title": "Borger 010190-1234", "report_text": "Uddybet."}
    answer = save(secretariat_client, KEY, form, **new)
    assert answer.status_code == 422
    assert "Borger 010190-1234" in html_of(answer)
    assert "CPR-nummer" in text_of(answer)
    assert read_initiative(KEY).report_text != "Uddybet."
