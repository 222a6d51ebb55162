"""History as Danish sentences, from the history rows alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core import writing
from core.clock import COPENHAGEN
from core.danish import unbroken
from core.history import Entry, Part, Words, newest_first, row_changes
from core.tracking import LOADER, Actor
from initiatives.history.sentences import ACTION_WORDS, DEADLINE_WORDS, INITIATIVE_WORDS
from initiatives.models import Action, Deadline, Fact, Initiative
from plan.status import style_of
from principles.models import Principle, ProgrammeYear
from principles.words import PRINCIPLE_WORDS, YEAR_WORDS
from tests.factories import CREATED_AT, make_action, make_deadline, make_initiative, make_principle

pytestmark = pytest.mark.django_db

ANNA = Actor("Anna Eksempel")
FEBRUARY = datetime(2026, 2, 3, 14, 5, tzinfo=COPENHAGEN)


def change(row: Any, reason: str = "", **changes: Any) -> Any:
    return writing.change(
        row, changes, version=row.version, actor=ANNA, reason=reason, at=FEBRUARY
    ).row


def sentences_of(row: Any, words: Words, **options: Any) -> list[str]:
    rows = type(row).history.filter(id=row.pk)
    entries = newest_first(row_changes(words, rows, **options))
    return [entry.text.replace("\N{NO-BREAK SPACE}", " ") for entry in entries]


def test_a_change_says_who_what_when_and_why():
    principle = make_principle(title="Fælles om Kvalitet")
    change(principle, title="Fælles om kvalitet", reason="Lille k.")
    assert sentences_of(principle, PRINCIPLE_WORDS) == [
        (
            "Anna Eksempel rettede titlen fra »Fælles om Kvalitet« til »Fælles om kvalitet« "
            "den 3. februar 2026. Begrundelse: Lille k."
        ),
        "Test oprettede princippet den 1. september 2025.",
    ]


def test_without_a_reason_none_is_shown():
    principle = make_principle(title="Før")
    change(principle, title="Nu")
    assert sentences_of(principle, PRINCIPLE_WORDS)[0] == (
        "Anna Eksempel rettede titlen fra »Før« til »Nu« den 3. februar 2026."
    )


def test_two_fields_changed_at_once_are_two_sentences():
    initiative = make_initiative(title="Før", ask="")
    change(initiative, title="Nu", ask="Skal det lukkes?", reason="Efter mødet.")
    sentences = sentences_of(initiative, INITIATIVE_WORDS)
    assert (
        "Anna Eksempel rettede titlen fra »Før« til »Nu« den 3. februar 2026. "
        "Begrundelse: Efter mødet." in sentences
    )
    assert (
        "Anna Eksempel skrev spørgsmålet til Implementeringsgruppen den 3. februar 2026: "
        "»Skal det lukkes?« Begrundelse: Efter mødet." in sentences
    )


def test_a_text_is_written_corrected_and_deleted():
    initiative = make_initiative(ask="")
    written = change(initiative, ask="Luk det")
    corrected = change(written, ask="Luk det nu")
    change(corrected, ask="")
    assert sentences_of(initiative, INITIATIVE_WORDS)[:3] == [
        (
            "Anna Eksempel slettede spørgsmålet til Implementeringsgruppen den 3. februar 2026 "
            "(før: »Luk det nu«)."
        ),
        (
            "Anna Eksempel rettede spørgsmålet til Implementeringsgruppen fra »Luk det« til "
            "»Luk det nu« den 3. februar 2026."
        ),
        (
            "Anna Eksempel skrev spørgsmålet til Implementeringsgruppen den 3. februar 2026: "
            "»Luk det«."
        ),
    ]


def test_a_date_and_a_number_are_set_and_removed():
    deadline = make_deadline(wording="Marts 2026", fact=Fact.PAUSED)
    since = change(deadline, since=datetime(2026, 1, 20, tzinfo=COPENHAGEN).date())
    change(since, since=None)
    assert sentences_of(deadline, DEADLINE_WORDS)[:2] == [
        (
            "Anna Eksempel fjernede datoen for »siden« i deadlinen »Marts 2026« "
            "den 3. februar 2026 (før: den 20. januar 2026)."
        ),
        (
            "Anna Eksempel satte datoen for »siden« i deadlinen »Marts 2026« til "
            "den 20. januar 2026 den 3. februar 2026."
        ),
    ]
    year = ProgrammeYear.objects.filter(year=2026, repeated_number=None)[0]
    repeated = change(year, repeated_number=8)
    change(repeated, repeated_number=None)
    removed, was_set, *_ = sentences_of(year, YEAR_WORDS)
    assert "fjernede det gentagne nummer i programåret »2026« den" in removed
    assert removed.endswith("(før: »8«).")
    assert "satte det gentagne nummer i programåret »2026« til »8« den" in was_set


def test_a_long_text_is_not_repeated():
    initiative = make_initiative()
    written = change(initiative, report_text="Et langt stykke tekst")
    corrected = change(written, report_text="Et andet langt stykke")
    change(corrected, report_text="")
    assert sentences_of(initiative, INITIATIVE_WORDS)[:3] == [
        f"Anna Eksempel {verb} uddybningen den 3. februar 2026."
        for verb in ("slettede", "rettede", "skrev")
    ]


def test_a_row_that_changes_its_parent_is_corrected():
    deadline = make_deadline(wording="Marts 2026")
    change(deadline, action=make_action(deadline.initiative))
    assert sentences_of(deadline, DEADLINE_WORDS)[0] == (
        "Anna Eksempel rettede hvilken indsats det gælder i deadlinen »Marts 2026« "
        "den 3. februar 2026."
    )


def test_a_row_of_a_page_is_named_by_its_words_once():
    action = make_action(title="Analyse af kontrakter")
    change(action, title="Analyse af bestillinger")
    assert sentences_of(action, ACTION_WORDS) == [
        (
            "Anna Eksempel rettede ordlyden i indsatsen fra "
            "»Analyse af kontrakter« til »Analyse af bestillinger« den 3. februar 2026."
        ),
        "Test tilføjede indsatsen »Analyse af kontrakter« den 1. september 2025.",
    ]


def test_stored_values_are_shown_in_danish():
    deadline = make_deadline(wording="Marts 2026")
    changed = change(deadline, fact=Fact.PAUSED)
    change(changed, since=datetime(2026, 1, 20, tzinfo=COPENHAGEN).date(), detail="")
    sentences = sentences_of(deadline, DEADLINE_WORDS)
    assert (
        "Anna Eksempel rettede arten i deadlinen »Marts 2026« fra »Deadline« til »På pause« "
        "den 3. februar 2026." in sentences
    )
    assert (
        "Anna Eksempel satte datoen for »siden« i deadlinen »Marts 2026« til den 20. januar 2026 "
        "den 3. februar 2026." in sentences
    )


def test_archiving_and_restoring_are_shown():
    initiative = make_initiative()
    archived = writing.archive(initiative, version=1, actor=ANNA, reason="Udgår.", at=FEBRUARY)
    writing.restore(archived.row, version=2, actor=ANNA, reason="", at=FEBRUARY)
    assert sentences_of(initiative, INITIATIVE_WORDS)[:2] == [
        "Anna Eksempel gendannede initiativet den 3. februar 2026.",
        "Anna Eksempel arkiverede initiativet den 3. februar 2026. Begrundelse: Udgår.",
    ]


def test_a_move_is_shown():
    action = make_action(title="Analyse")
    change(action, position=9.5)
    assert sentences_of(action, ACTION_WORDS)[0] == (
        "Anna Eksempel flyttede indsatsen »Analyse« den 3. februar 2026."
    )


def test_a_hidden_field_leaves_no_trace():
    initiative = make_initiative()
    change(initiative, internal_notes="Kun for os", reason="Hemmelig grund")
    hidden = sentences_of(initiative, INITIATIVE_WORDS, hidden=frozenset({"internal_notes"}))
    assert len(hidden) == 1
    assert "notat" not in hidden[0]
    assert sentences_of(initiative, INITIATIVE_WORDS)[0].startswith(
        "Anna Eksempel skrev det interne notat"
    )


def test_a_loaded_row_names_its_source():
    sentences = sentences_of(Initiative.objects.get(key="kontraktanalyse"), INITIATIVE_WORDS)
    assert sentences[-1] == "Indlæst fra statusopgørelsen for februar 2026."


def test_a_row_loaded_with_its_initiative_is_shown_once():
    action = Action.objects.get(key="kontraktanalyse-1")
    assert action.history.get().actor_name == LOADER.name
    assert sentences_of(action, ACTION_WORDS) == []


def test_a_name_in_a_sentence_stays_on_one_line():
    principle = make_principle(title="Før")
    change(principle, title="Nu")
    (newest, _) = newest_first(row_changes(PRINCIPLE_WORDS, principle.history.all()))
    assert newest.text.startswith(unbroken("Anna Eksempel"))


def test_history_shows_the_past_as_it_was():
    deadline = make_deadline(make_initiative(), wording="Marts 2026")
    changed = change(deadline, wording="April 2026")
    change(changed, wording="Maj 2026")
    assert (
        "ordlyden i deadlinen fra »Marts 2026« til »April 2026«"
        in sentences_of(deadline, DEADLINE_WORDS)[1]
    )


def test_changes_of_several_rows_are_merged_newest_first():
    initiative = make_initiative()
    first, second = make_action(initiative), make_action(initiative)
    change(second, title="Anden")
    change(first, title="Første")
    rows = Action.history.filter(initiative_id=initiative.pk)
    entries = newest_first(row_changes(ACTION_WORDS, rows))
    assert [entry.text.count("rettede") for entry in entries] == [1, 1, 0, 0]
    assert "»Første«" in entries[0].text


def test_an_entry_knows_its_day_in_copenhagen():
    late = datetime(2026, 2, 25, 23, 30, tzinfo=COPENHAGEN) + timedelta(hours=1)
    entry = Entry(late, 1, (Part("Sket."),))
    assert entry.iso == "2026-02-26"
    assert entry.day.replace("\N{NO-BREAK SPACE}", " ") == "26. februar 2026"


def test_a_status_in_a_sentence_is_its_word():
    parts = (Part("Status er "), Part(status=style_of("on_track")), Part("."))
    assert Entry(CREATED_AT, 1, parts).text == "Status er Forløber efter planen."


def test_newest_first_keeps_the_order_of_one_moment():
    entries = [Entry(FEBRUARY, number, (Part(str(number)),)) for number in (1, 3, 2)]
    assert [entry.text for entry in newest_first(entries)] == ["3", "2", "1"]


def test_every_field_shown_in_history_exists():
    for words, model in (
        (INITIATIVE_WORDS, Initiative),
        (ACTION_WORDS, Action),
        (DEADLINE_WORDS, Deadline),
        (PRINCIPLE_WORDS, Principle),
    ):
        row = model.history.first()
        for name in words.fields:
            assert hasattr(row, name)
