"""`load_programme` over a database where people have worked: it creates what is missing only."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import models

from core import writing
from initiatives.models import Action, Deadline, DeadlineMove
from principles.models import Programme
from tests.initiatives.loading.steps import TODAY, load, rows
from tests.initiatives.steps import BO, NOON, edit, read_initiative
from tests.protection import without_triggers


def test_loading_over_the_demo_writes_nothing(programme: Programme):
    before = rows()
    output = load()
    assert rows() == before
    assert "Oprettet" not in output


def test_edited_rows_are_not_changed_back(programme: Programme):
    initiative = read_initiative("kontraktanalyse")
    edit(initiative, title="Analyse af kontrakter", report_text="Ny tekst")
    action = Action.objects.get(key="kontraktanalyse-1")
    edit(action, title="En anden ordlyd", position=99.0)
    writing.archive(
        read_initiative("leverandoerliste"),
        version=read_initiative("leverandoerliste").version,
        actor=BO,
        reason="",
        at=NOON,
    )
    edit(programme, title="Programmet")
    before = rows()
    output = load()
    assert rows() == before
    assert read_initiative("kontraktanalyse").title == "Analyse af kontrakter"
    assert read_initiative("kontraktanalyse").report_text == "Ny tekst"
    assert Action.objects.get(key="kontraktanalyse-1").title == "En anden ordlyd"
    assert read_initiative("leverandoerliste").is_archived
    assert Programme.objects.get(key=programme.key).title == "Programmet"
    for sentence in (
        (
            "Forskel: Initiativ kontraktanalyse: titel er »Analyse af kontrakter« i portalen og "
            "»Kontraktanalyse« i filen."
        ),
        (
            "Forskel: Indsats kontraktanalyse-1: indsats er »En anden ordlyd« i portalen og "
            "»Analyse af kommunernes kontrakter« i filen."
        ),
        "Forskel: Initiativ leverandoerliste er arkiveret.",
        (
            "Forskel: Udviklingsprogram udviklingsprogrammet: titel er »Programmet« i portalen og "
            "»Udviklingsprogrammet« i filen."
        ),
    ):
        assert sentence in output


def test_a_status_that_differs_is_listed_and_kept(programme: Programme, altered):
    def change(data: Any) -> None:
        data["principles"][0]["areas"][0]["initiatives"][0]["status"] = "completed"

    output = load(altered(change))
    assert read_initiative("kontraktanalyse").status == "on_track"
    assert "Forskel: Initiativ kontraktanalyse: status er" in output


def test_only_what_is_missing_is_created(programme: Programme, altered):
    def change(data: Any) -> None:
        first = data["principles"][0]["areas"][0]["initiatives"][0]
        first["actions"].append(
            {"key": "kontraktanalyse-4", "title": "En ny indsats", "position": 4, "source_note": ""}
        )

    before = rows()
    output = load(altered(change))
    assert "Oprettet: 1 indsats" in output
    assert rows() - before == Counter({"Action": 1, "history": 1})
    assert Action.objects.get(key="kontraktanalyse-4").initiative.key == "kontraktanalyse"


def test_a_row_missing_in_the_file_stays_in_the_portal(programme: Programme, altered):
    before = rows()
    load(altered(lambda data: data["principles"].pop()))
    assert rows() == before


def deadline(key: str) -> Deadline:
    deadline: Deadline = Deadline.objects.get(key=key)
    return deadline


def as_before_days(key: str) -> Deadline:
    """Make the row what it was before deadlines had days, past the door as a migration does."""
    row = deadline(key)
    with without_triggers():
        models.QuerySet(DeadlineMove).filter(deadline=row)._raw_delete("default")
        models.QuerySet(Deadline).filter(pk=row.pk).update(
            starts_on=None, ends_on=None, kind="none", set_by_hand=False, opens_on=None
        )
    return row


def test_an_older_row_without_days_gets_those_of_the_file(programme: Programme):
    keys = [
        "faelles-postkasse-d2",
        "myndighedsbestilling-d1",
        "raadgivningsfunktion-d1",
        "indberetninger-til-socialtilsynet-d2",
    ]
    before = [as_before_days(key) for key in keys]
    counts = rows()
    output = load()
    # The deadline that says "Ingen deadline" has no days to get.
    assert "Suppleret: 3 deadlines har fået sine datoer." in output
    assert "Uændret: 107 rækker" in output
    assert "Forskel" not in output
    assert rows() - counts == Counter({"history": 3, "moves": 1})
    for old in before:
        new = deadline(old.key)
        for name in ("starts_on", "ends_on", "kind", "set_by_hand", "opens_on"):
            assert getattr(new, name) == getattr(old, name), (old.key, name)
    newest = deadline(keys[0]).history.latest("version")
    assert newest.version == before[0].version + 1
    assert newest.history_change_reason == "Indlæst fra statusopgørelsen for februar 2026."
    assert newest.actor_name == "Indlæsning"
    (move,) = deadline("myndighedsbestilling-d1").moves.all()
    assert (move.deadline_version, move.cause) == (2, "import")
    counts = rows()
    assert "Suppleret" not in load()
    assert rows() == counts


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"wording": "Ny deadline: medio 2026"}, "ordlyd er »Ny deadline: medio 2026«"),
        ({"fact": "completed"}, "art er »completed«"),
        ({"archived_at": NOON}, "myndighedsbestilling-d1 er arkiveret"),
        ({"set_by_hand": True}, "datoerne er angivet selv er »ja« i portalen og »nej« i filen"),
        ({"opens_on": TODAY}, "første dag er »(tom)« i portalen og »1.\xa0marts\xa02026« i filen"),
    ],
    ids=["wording", "fact", "archived", "by hand", "opening"],
)
def test_a_row_that_somebody_has_worked_on_is_listed_and_kept(
    programme: Programme, change: dict[str, Any], difference: str
):
    row = as_before_days("myndighedsbestilling-d1")
    edit(row, **change)
    before, counts = Deadline.objects.values().get(pk=row.pk), rows()
    output = load()
    assert Deadline.objects.values().get(pk=row.pk) == before
    assert "Suppleret" not in output
    assert difference in output
    moves = 1 if "opens_on" in change else 0
    assert rows() - counts == Counter({"moves": moves} if moves else {})


def test_the_files_moves_are_not_added_to_a_move_that_people_made(programme: Programme):
    row = as_before_days("myndighedsbestilling-d1")
    DeadlineMove(
        deadline=row,
        new_wording=row.wording,
        reason="Skabelonen er forsinket.",
        cause=DeadlineMove.Cause.EDIT,
        moved_on=TODAY,
    ).record(version=row.version, actor=BO, at=NOON)
    load()
    (move,) = deadline(row.key).moves.all()
    assert move.by_name == "Bo Eksempel"


def test_days_that_somebody_has_set_stay_and_are_listed(programme: Programme):
    row = deadline("faelles-postkasse-d2")
    days = {"set_by_hand": True, "starts_on": None, "ends_on": date(2026, 5, 1)}
    row.revise(days, version=row.version, actor=BO, reason="Som indsatsen.", at=NOON)
    before = rows()
    output = load()
    assert rows() == before
    assert deadline(row.key).ends_on == date(2026, 5, 1)
    assert (
        "Forskel: Deadline faelles-postkasse-d2: sidste dag er »1.\xa0maj\xa02026« i portalen og "
        "»31.\xa0maj\xa02026« i filen."
    ) in output
    assert "slags" not in output
