"""The sentences in the form that locks a month: their order, and those that are left out."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from principles.models import Programme
from reports.editions import files, freezing, rendering
from reports.models import Edition
from tests.core.reading import form_with, html_of
from tests.initiatives.steps import judge
from tests.reports.editions.page_steps import EDITION, FREEZE, open_form, text_of
from tests.reports.editions.steps import (
    CORRECTION,
    FEBRUARY,
    JANUARY,
    LOCKED_AT,
    lock,
    path_of,
    store_files,
)

CHANGE = "initiative:bestillingsportal:status"
ANOTHER = "initiative:myndighedsbestilling:status"
START = "Bestillingsportal er ændret fra"


@pytest.fixture(autouse=True)
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each edition that is locked on a page files that cost nothing to make."""

    def make(edition: Edition, at: datetime, *, is_new: bool = False) -> bool:
        store_files(edition)
        return True

    monkeypatch.setattr(rendering, "make", make)


def without(sent: dict[str, Any], *changes: str) -> dict[str, Any]:
    """Take the ticks of `changes` out of what a form sends."""
    taken = sent["med"]
    assert isinstance(taken, list)
    return sent | {"med": [change for change in taken if change not in changes]}


def february() -> Edition:
    """Return the newest edition of February."""
    newest: Edition = Edition.objects.filter(report__month__month=2).latest("number")
    return newest


def section_of(text: str) -> str:
    """Return the change text of an edition's page."""
    return text.partition("Ændringer siden sidst i ord")[2]


def test_each_sentence_stands_under_its_initiative_in_the_order_of_the_report(
    secretariat_client: Client, programme: Programme, january: Edition
):
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    page = html_of(secretariat_client.get(FREEZE))
    places = re.findall(r'<h4>([^<]+)</h4>|name="tekst:([^"]+)"', page)
    titles = [title for title, _ in places if title]
    plan = freezing.candidate(programme, month=FEBRUARY, on=LOCKED_AT.date()).document
    assert titles == [item.title for item in plan.initiatives() if item.title in titles]
    assert len(titles) > 3
    title = ""
    by_key = {item.key: item.title for item in plan.initiatives()}
    for heading, change in places:
        title = heading or title
        kind, key = change.split(":")[:2] if change else ("", "")
        if kind == "initiative":
            assert title == by_key[key]
    # Every sentence has a name of its own for those who hear the form.
    assert "Ændring 1 om »" in text_of(page)
    assert text_of(page).count("Tag sætningen med: ændring") == page.count('name="tekst:')


def test_a_sentence_left_out_is_sealed_and_not_in_the_report(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    assert form.data["med"][0] == ""
    assert set(form.data["med"][1:]) == {
        name.removeprefix("tekst:") for name in form.data if name.startswith("tekst:")
    }
    # Its text may even be empty.
    sent = without(form.data, CHANGE) | {f"tekst:{CHANGE}": " "}
    assert secretariat_client.post(FREEZE, sent)["Location"] == EDITION
    edition = february()
    locked = {sentence["id"]: sentence for sentence in edition.sentences}
    assert locked[CHANGE] == {
        "id": CHANGE,
        "proposed": form.data[f"tekst:{CHANGE}"],
        "text": form.data[f"tekst:{CHANGE}"],
        "taken": False,
    }
    assert locked[ANOTHER]["taken"] is True
    words = section_of(text_of(secretariat_client.get(EDITION)))
    assert START not in words
    assert locked[ANOTHER]["text"] in words.replace("\N{NO-BREAK SPACE}", " ")
    # The change itself stays in the tables, and in every file that has the words.
    assert "Anbefales nedlukket" in text_of(secretariat_client.get(EDITION))
    source = files.source_of(edition)
    assert START not in " ".join(source.report.sentences)
    assert not list(files.differences(edition))
    # The choice is under the seal: nobody can take the sentence in afterwards.
    locked[CHANGE]["taken"] = True
    assert "passer ikke til seglet" in " ".join(files.differences(edition))


def test_the_same_form_twice_is_one_edition_with_its_choice(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    sent = without(form.data, CHANGE)
    for typed in (sent, sent | {f"tekst:{CHANGE}": ""}, sent):
        assert secretariat_client.post(FREEZE, typed)["Location"] == EDITION
    assert february().number == 1
    # Another choice is another form: it is told, and locks nothing.
    response = secretariat_client.post(FREEZE, form.data)
    assert response.status_code == 409
    assert february().number == 1


def test_the_choice_is_kept_when_the_form_comes_back(secretariat_client: Client, january: Edition):
    form = open_form(secretariat_client)
    sent = without(form.data, CHANGE) | {"meeting_on": "i morgen"}
    response = secretariat_client.post(FREEZE, sent)
    assert response.status_code == 422
    again = form_with(response, "basis")
    assert again.data["med"] == sent["med"]
    assert "Ret dette, før du låser" in text_of(response)
    # A change that came meanwhile has its tick, and the choice stays.
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    response = secretariat_client.post(FREEZE, again.filled(meeting_on=""))
    assert response.status_code == 409
    ticked = form_with(response, "basis").data["med"]
    assert CHANGE not in ticked
    assert "initiative:kontraktanalyse:status" in ticked
    assert secretariat_client.post(FREEZE, form_with(response, "basis").data).status_code == 302
    assert [s["id"] for s in february().sentences if not s["taken"]] == [CHANGE]


def test_a_ticked_sentence_may_not_be_empty_and_all_may_be_left_out(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    response = secretariat_client.post(FREEZE, form.filled(**{f"tekst:{CHANGE}": " "}))
    assert response.status_code == 422
    assert secretariat_client.post(FREEZE, form.filled(med=[""])).status_code == 302
    edition = february()
    assert not any(sentence["taken"] for sentence in edition.sentences)
    assert "Ændringer siden sidst i ord" not in text_of(secretariat_client.get(EDITION))


def test_a_form_from_before_there_were_ticks_leaves_nothing_out(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    sent = {name: value for name, value in form.data.items() if name != "med"}
    assert secretariat_client.post(FREEZE, sent).status_code == 302
    assert all(sentence["taken"] for sentence in february().sentences)


def test_a_correction_begins_with_the_choice_it_corrects(
    secretariat_client: Client, january: Edition
):
    form = open_form(secretariat_client)
    secretariat_client.post(FREEZE, without(form.data, CHANGE, ANOTHER))
    # One of the two is proposed in other words now, so it is asked for again.
    judge("myndighedsbestilling", "major_deviations", "Værre endnu.", deviates=["time"])
    again = open_form(secretariat_client)
    assert CHANGE not in again.data["med"]
    assert ANOTHER in again.data["med"]
    secretariat_client.post(FREEZE, again.filled(correction=CORRECTION))
    assert [s["id"] for s in february().sentences if not s["taken"]] == [CHANGE]


def test_an_edition_from_before_there_were_ticks_verifies_and_has_all_its_sentences(
    secretariat_client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    """Such an edition is made as it was made then: its sentences say nothing of a choice."""
    lock(programme, month=JANUARY, with_files=None)
    monkeypatch.setattr(freezing, "_checked_texts", _as_before(freezing._checked_texts))
    old = lock(programme, with_files=None)
    assert old.sentences
    assert all(set(sentence) == {"id", "proposed", "text"} for sentence in old.sentences)
    old = Edition.objects.get(pk=old.pk)
    assert not list(files.differences(old))
    assert len(freezing.facts(old).sentences) == len(old.sentences)
    assert START in section_of(text_of(secretariat_client.get(path_of(old))))
    monkeypatch.undo()
    again = open_form(secretariat_client)
    assert len(again.data["med"]) == len(old.sentences) + 1


def _as_before(check: Any) -> Any:
    def checked(*args: Any) -> Any:
        correction, sentences = check(*args)
        return correction, [
            {name: value for name, value in sentence.items() if name != "taken"}
            for sentence in sentences
        ]

    return checked


def test_what_is_not_judged_is_named_and_linked(secretariat_client: Client, programme: Programme):
    plan = freezing.candidate(programme, month=FEBRUARY, on=LOCKED_AT.date()).document
    months = {item.key: item.judgement and item.judgement.month for item in plan.initiatives()}
    missing = [item for item in plan.initiatives() if months[item.key] != FEBRUARY]
    listed = re.search(
        r'(?s)<section class="not-judged">.*?</section>', html_of(secretariat_client.get(FREEZE))
    )
    assert listed
    assert text_of(listed[0]).startswith("Ikke vurderet for februar 2026 4 initiativer.")
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', listed[0])
    assert links == [(f"/initiativer/{item.key}/", item.title) for item in missing]
    assert len(links) == 4
    for item in missing:
        judge(item.key, "on_track", "Det følger planen nu.")
    assert "Ikke vurderet" not in text_of(secretariat_client.get(FREEZE))
