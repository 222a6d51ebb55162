"""`load_programme` into an empty database, and what the command prints."""

import json
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.clock import local_day
from initiatives.loading.programme_file import load_programme
from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from principles.models import ActionArea, Principle, Programme, Purpose
from tests.initiatives.loading.steps import FILE, MODELS, TODAY, load, rows

# Into an empty database


@pytest.fixture
def loaded(empty_database: None) -> str:
    """Load the real programme into an empty database, and return what the command printed."""
    return load()


def test_the_check_sums_of_the_programme(loaded: str):
    assert rows() == Counter(
        {
            "Programme": 1,
            "Purpose": 3,
            "Municipality": 17,
            "Principle": 3,
            "ActionArea": 13,
            "ProgrammeYear": 13,
            "Initiative": 14,
            "Action": 24,
            "Deadline": 22,
            "judgements": 1,
            "moves": 4,
            # One for each row, and one for the status given in words.
            "history": 1 + 3 + 17 + 3 + 13 + 13 + 14 + 24 + 22 + 1,
        }
    )
    principles = Principle.objects.in_order()
    assert [principle.areas.count() for principle in principles] == [4, 5, 4]
    assert [
        Initiative.objects.filter(area__principle=principle).count() for principle in principles
    ] == [6, 5, 3]
    assert Counter(Deadline.objects.values_list("fact", flat=True)) == {
        "deadline": 5,
        "presentation": 4,
        "completed": 6,
        "paused": 2,
        "waiting": 2,
        "none": 2,
        "event": 1,
    }


def test_nobody_has_judged_thirteen_of_the_fourteen(loaded: str):
    assert Counter(Initiative.objects.values_list("status", flat=True)) == {
        None: 13,
        "not_started": 1,
    }
    update = StatusUpdate.objects.get()
    assert update.initiative.key == "takstoversigt"
    assert update.cause == StatusUpdate.Cause.IMPORT
    assert (update.status_before, update.status_after) == (None, "not_started")
    assert update.month.isoformat() == "2026-02-01"
    assert local_day(update.recorded_at).isoformat() == "2026-02-26"


@pytest.mark.parametrize("model", [Initiative, Action, Deadline, ActionArea])
def test_history_is_dated_by_the_report(loaded: str, model: Any):
    for row in model.history.filter(version=1):
        assert local_day(row.history_date).isoformat() == "2026-02-26"
        assert row.history_change_reason == "Indlæst fra statusopgørelsen for februar 2026."
        assert row.actor_name == "Indlæsning"


@pytest.mark.parametrize("model", [Purpose, Principle])
def test_the_frame_is_dated_by_the_strategy(loaded: str, model: Any):
    for row in model.history.all():
        assert row.history_date.year == 2024
        assert row.history_change_reason == "Indlæst fra implementeringsstrategien 2024-2026."


def test_deadlines_have_the_days_and_moves_of_the_file(loaded: str):
    data = json.loads(FILE.read_text("utf-8"))
    names = "starts_on", "ends_on", "kind", "set_by_hand", "opens_on", "met_on"
    for raw in (
        deadline
        for principle in data["principles"]
        for area in principle["areas"]
        for initiative in area["initiatives"]
        for deadline in initiative["deadlines"]
    ):
        row = Deadline.objects.get(key=raw["key"])
        values = {name: getattr(row, name) for name in names}
        written = {name: d.isoformat() if isinstance(d, date) else d for name, d in values.items()}
        assert written == {name: raw[name] for name in names}
        assert (row.version, row.moves.count()) == (1, len(raw["moves"]))


def test_moves_are_dated_by_the_source_that_mentions_them(loaded: str):
    moves = {move.deadline.key: move for move in DeadlineMove.objects.all()}
    assert {key: move.moved_on.isoformat() for key, move in moves.items()} == {
        "myndighedsbestilling-d1": "2026-02-26",
        "myndighedsbestilling-d2": "2026-02-26",
        "kvalitetsmodel-d1": "2025-06-27",
        "offentligt-privat-partnerskab-d2": "2025-06-27",
    }
    for move in moves.values():
        assert (move.cause, move.by, move.by_name) == ("import", None, "Indlæsning")
        assert local_day(move.recorded_at) == TODAY
        assert move.deadline_version == 1
    assert moves["myndighedsbestilling-d1"].old_wording == ""
    dialogue = moves["offentligt-privat-partnerskab-d2"]
    assert (dialogue.old_ends_on, dialogue.new_ends_on) == (date(2025, 6, 6), date(2025, 9, 17))


def test_nobody_is_named_as_a_user(loaded: str):
    assert not User.objects.exists()
    assert not any(model.history.exclude(history_user=None).exists() for model in MODELS)


def test_the_command_says_what_it_created(loaded: str):
    assert "Oprettet: 14 initiativer." in loaded
    assert "Oprettet: 24 indsatser." in loaded
    assert "Oprettet: 22 deadlines." in loaded
    assert "Suppleret" not in loaded
    assert "Se på" not in loaded
    assert "Forskel" not in loaded


def test_a_second_load_writes_nothing(loaded: str):
    before = rows()
    with CaptureQueriesContext(connection) as captured:
        output = load()
    written = [
        query["sql"]
        for query in captured.captured_queries
        if re.match("INSERT|UPDATE|DELETE", query["sql"])
    ]
    assert written == []
    assert rows() == before
    assert "Uændret: 110 rækker" in output
    assert "Oprettet" not in output
    assert "Forskel" not in output


# What a person should look at


def test_the_report_follows_what_the_command_says(loaded: str):
    plain, reported = load(), load(FILE, "--report")
    assert reported.startswith(f"{plain}\nSe på ")
    assert "steder i kilderne:" in reported
    assert "\n  Indsatsen skriver »mindst 4 årlige møder«" in reported


def test_the_report_of_a_load_counts_what_it_did(programme: Programme):
    report = load_programme(FILE)
    assert report.created == {}
    assert report.kept == 110
    assert report.completed == 0
    assert report.differences == []
