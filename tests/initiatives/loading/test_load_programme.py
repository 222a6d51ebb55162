"""`load_programme`: creates what is missing, and never touches what is there."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import writing
from core.clock import COPENHAGEN
from initiatives.loading.programme_file import load_programme
from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from initiatives.sources.live import build_live
from plan import due
from principles.models import (
    ActionArea,
    Municipality,
    Principle,
    Programme,
    ProgrammeYear,
    Purpose,
)
from tests.initiatives.steps import BO, NOON, edit, the
from tests.protection import without_triggers
from tests.reports.report.documents import february

TODAY = date(2026, 2, 26)
FILE = settings.BASE_DIR / "fixtures" / "programme.json"
MODELS = (
    Programme,
    Purpose,
    Municipality,
    Principle,
    ActionArea,
    ProgrammeYear,
    Initiative,
    Action,
    Deadline,
)


def load(path: Path = FILE, *options: str) -> str:
    out = StringIO()
    call_command("load_programme", str(path), *options, stdout=out)
    return out.getvalue()


def rows() -> Counter[str]:
    """How many rows, and rows of history, each table has."""
    counts = Counter({model.__name__: model.objects.count() for model in MODELS})
    counts["judgements"] = StatusUpdate.objects.count()
    counts["moves"] = DeadlineMove.objects.count()
    counts["history"] = sum(model.history.count() for model in MODELS)
    return counts


@pytest.fixture
def altered(tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    """The real file with something altered in it."""

    def alter(change: Callable[[Any], None]) -> Path:
        data = json.loads(FILE.read_text("utf-8"))
        change(data)
        path = tmp_path / "programme.json"
        path.write_text(json.dumps(data), "utf-8")
        return path

    return alter


# Into an empty database


@pytest.fixture
def loaded(empty_database: None) -> str:
    """The real programme in an empty database; what the command said."""
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
            # One for each row, and one for the status said in words.
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
    assert update.recorded_at.astimezone(COPENHAGEN).date().isoformat() == "2026-02-26"


@pytest.mark.parametrize("model", [Initiative, Action, Deadline, ActionArea])
def test_history_is_dated_by_the_report(loaded: str, model: Any):
    for row in model.history.filter(version=1):
        assert row.history_date.astimezone(COPENHAGEN).date().isoformat() == "2026-02-26"
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
        said = {name: d.isoformat() if isinstance(d, date) else d for name, d in values.items()}
        assert said == {name: raw[name] for name in names}
        assert (row.version, row.moves.count()) == (1, len(raw["moves"]))


def test_moves_are_dated_by_the_source_that_tells_them(loaded: str):
    moves = {move.deadline.key: move for move in DeadlineMove.objects.all()}
    assert {key: move.moved_on.isoformat() for key, move in moves.items()} == {
        "myndighedsbestilling-d1": "2026-02-26",
        "myndighedsbestilling-d2": "2026-02-26",
        "kvalitetsmodel-d1": "2025-06-27",
        "offentligt-privat-partnerskab-d2": "2025-06-27",
    }
    for move in moves.values():
        assert (move.cause, move.by, move.by_name) == ("import", None, "Indlæsning")
        assert move.recorded_at.astimezone(COPENHAGEN).date() == TODAY
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
        said = load()
    written = [
        query["sql"]
        for query in captured.captured_queries
        if re.match("INSERT|UPDATE|DELETE", query["sql"])
    ]
    assert written == []
    assert rows() == before
    assert "Uændret: 110 rækker" in said
    assert "Oprettet" not in said
    assert "Forskel" not in said


# Into a database where people have worked


def test_loading_over_the_demo_writes_nothing(programme: Programme):
    before = rows()
    said = load()
    assert rows() == before
    assert "Oprettet" not in said


def test_nothing_that_was_edited_changes_back(programme: Programme):
    initiative = the("kontraktanalyse")
    edit(initiative, title="Analyse af kontrakter", report_text="Ny tekst")
    action = Action.objects.get(key="kontraktanalyse-1")
    edit(action, title="En anden ordlyd", position=99.0)
    writing.archive(
        the("leverandoerliste"),
        version=the("leverandoerliste").version,
        actor=BO,
        reason="",
        at=NOON,
    )
    edit(programme, title="Programmet")
    before = rows()
    said = load()
    assert rows() == before
    assert the("kontraktanalyse").title == "Analyse af kontrakter"
    assert the("kontraktanalyse").report_text == "Ny tekst"
    assert Action.objects.get(key="kontraktanalyse-1").title == "En anden ordlyd"
    assert the("leverandoerliste").is_archived
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
        assert sentence in said


def test_a_status_that_differs_is_listed_and_kept(programme: Programme, altered):
    def change(data: Any) -> None:
        data["principles"][0]["areas"][0]["initiatives"][0]["status"] = "completed"

    said = load(altered(change))
    assert the("kontraktanalyse").status == "on_track"
    assert "Forskel: Initiativ kontraktanalyse: status er" in said


def test_only_what_is_missing_is_created(programme: Programme, altered):
    def change(data: Any) -> None:
        first = data["principles"][0]["areas"][0]["initiatives"][0]
        first["actions"].append(
            {"key": "kontraktanalyse-4", "title": "En ny indsats", "position": 4, "source_note": ""}
        )

    before = rows()
    said = load(altered(change))
    assert "Oprettet: 1 indsats" in said
    assert rows() - before == Counter({"Action": 1, "history": 1})
    assert Action.objects.get(key="kontraktanalyse-4").initiative.key == "kontraktanalyse"


def test_what_is_missing_in_the_file_stays_in_the_portal(programme: Programme, altered):
    before = rows()
    load(altered(lambda data: data["principles"].pop()))
    assert rows() == before


def deadline(key: str) -> Deadline:
    found: Deadline = Deadline.objects.get(key=key)
    return found


def as_before_days(key: str) -> Deadline:
    """The row as it was before deadlines had days. Past the door, as a migration leaves it."""
    row = deadline(key)
    with without_triggers():
        models.QuerySet(DeadlineMove).filter(deadline=row)._raw_delete("default")
        models.QuerySet(Deadline).filter(pk=row.pk).update(
            starts_on=None, ends_on=None, kind="none", set_by_hand=False, opens_on=None
        )
    return row


def test_a_row_from_before_days_is_given_those_of_the_file(programme: Programme):
    keys = [
        "faelles-postkasse-d2",
        "myndighedsbestilling-d1",
        "raadgivningsfunktion-d1",
        "indberetninger-til-socialtilsynet-d2",
    ]
    before = [as_before_days(key) for key in keys]
    counts = rows()
    said = load()
    # The one that says "Ingen deadline" has nothing to be given.
    assert "Suppleret: 3 deadlines har fået sine datoer." in said
    assert "Uændret: 107 rækker" in said
    assert "Forskel" not in said
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
    said = load()
    assert Deadline.objects.values().get(pk=row.pk) == before
    assert "Suppleret" not in said
    assert difference in said
    moves = 1 if "opens_on" in change else 0
    assert rows() - counts == Counter({"moves": moves} if moves else {})


def test_a_move_that_people_have_made_is_not_joined_by_the_files(programme: Programme):
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
    said = load()
    assert rows() == before
    assert deadline(row.key).ends_on == date(2026, 5, 1)
    assert (
        "Forskel: Deadline faelles-postkasse-d2: sidste dag er »1.\xa0maj\xa02026« i portalen og "
        "»31.\xa0maj\xa02026« i filen."
    ) in said
    assert "slags" not in said


# What the programme says on the day of its report


def keys(found: Any) -> set[str]:
    return set(found.values_list("key", flat=True))


def test_what_is_due_on_the_day_of_the_report(programme: Programme):
    deadlines = Deadline.objects.of(programme)
    assert keys(deadlines.overdue(TODAY)) == set()
    assert keys(deadlines.unanswered(TODAY)) == {"kontraktanalyse-d1"}
    soon = deadlines.due_between(TODAY, TODAY + timedelta(days=60))
    assert keys(soon.filter(fact="deadline")) == {
        "myndighedsbestilling-d1",
        "myndighedsbestilling-d2",
    }
    today = {"principbeslutning-d1", "ommaerkning-og-nedlukning-d1"}
    assert keys(deadlines.due_between(TODAY, TODAY)) == today
    assert keys(soon.filter(fact="presentation")) == today


def test_the_document_and_the_database_agree_on_what_is_due(programme: Programme):
    document = build_live(programme, month=date(2026, 2, 1), on=TODAY).document
    pairs = [(item, found) for item in document.initiatives() for found in item.deadlines]
    deadlines = Deadline.objects.of(programme)
    borders = {day for _, d in pairs for day in (d.starts_on, d.ends_on) if day}
    days = {day + timedelta(days=n) for day in {*borders, TODAY} for n in (-61, -60, -1, 0, 1)}
    for on in days:
        until = on + timedelta(days=60)
        asked = (
            (deadlines.overdue(on), [due.is_overdue(*pair, on) for pair in pairs]),
            (deadlines.unanswered(on), [due.is_unanswered(*pair, on) for pair in pairs]),
            (
                deadlines.due_between(on, until),
                [due.is_due_between(*pair, on, until) for pair in pairs],
            ),
        )
        for in_database, in_document in asked:
            said = {d.key for (_, d), yes in zip(pairs, in_document, strict=True) if yes}
            assert keys(in_database) == said, on


def test_documents_made_by_hand_have_the_deadlines_of_the_live_plan(programme: Programme):
    live = build_live(programme, month=date(2026, 2, 1), on=TODAY).document
    for mine, built in zip(february().initiatives(), live.initiatives(), strict=True):
        assert mine.deadlines == built.deadlines


# What a person should look at


def test_the_report_follows_what_the_command_says(loaded: str):
    plain, said = load(), load(FILE, "--report")
    assert said.startswith(f"{plain}\nSe på ")
    assert "steder i kilderne:" in said
    assert "\n  Indsatsen skriver »mindst 4 årlige møder«" in said


# A file that can't be used


def drop(*path: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for name in path[:-1]:
            data = data[name]
        del data[path[-1]]

    return change


def put(value: Any, *path: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for name in path[:-1]:
            data = data[name]
        data[path[-1]] = value

    return change


def move() -> Any:
    """A move to a kind that there isn't."""
    new = {"wording": "medio 2026", "starts_on": None, "ends_on": None, "kind": "snart"}
    return {"source": "000", "old": None, "new": new, "reason": ""}


FIRST = ("principles", 0, "areas", 0, "initiatives", 0)


@pytest.mark.parametrize(
    "change",
    [
        drop("sources"),
        drop("programme"),
        drop("programme", "key"),
        drop("principles", 0, "areas"),
        drop(*FIRST, "actions"),
        drop(*FIRST, "deadlines", 0, "wording"),
        put("ukendt", *FIRST, "source"),
        put("grøn", *FIRST, "status"),
        put("", *FIRST, "title"),
        put("Borger 010190-1234", *FIRST, "title"),
        put("x" * 301, *FIRST, "title"),
        put("Stor Nøgle", *FIRST, "key"),
        put("måske", *FIRST, "deadlines", 0, "fact"),
        put("20-01-2026", *FIRST, "deadlines", 0, "since"),
        drop(*FIRST, "deadlines", 0, "ends_on"),
        drop(*FIRST, "deadlines", 0, "kind"),
        drop(*FIRST, "deadlines", 0, "moves"),
        put("2026-02-31", *FIRST, "deadlines", 0, "ends_on"),
        put("2026-01-19", *FIRST, "deadlines", 0, "ends_on"),
        put("snart", *FIRST, "deadlines", 0, "kind"),
        put([{"source": "000"}], *FIRST, "deadlines", 0, "moves"),
        put([move()], *FIRST, "deadlines", 0, "moves"),
        put([{"place": "et sted"}], "traps"),
        put("2026-01-20", *FIRST, "deadlines", 0, "since"),
        put("findes-ikke", *FIRST, "deadlines", 0, "action"),
        put("første", *FIRST, "position"),
        put(None, *FIRST, "position"),
        put(None, "purposes"),
        put("tekst", "programme"),
        put("2026-02-31", "programme", "reporting_month"),
        put("2026-02-15", "programme", "reporting_month"),
        put("2027-01-01", "programme", "starts_on"),
        put(1999, "principles", 0, "areas", 0, "years", 0, "year"),
        put("Faxe", "municipalities", 1, "name"),
    ],
    ids=lambda change: "-".join(str(cell.cell_contents) for cell in change.__closure__ or ())[:60],
)
def test_a_bad_file_is_refused_in_danish_and_nothing_is_kept(
    empty_database: None, altered, change: Callable[[Any], None]
):
    path = altered(change)
    with pytest.raises(CommandError) as refused:
        load(path)
    assert str(refused.value).startswith(f"Filen {path} ")
    assert rows().total() == 0


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"tekst"', "{}", "7", "[[]]"])
def test_what_is_no_programme_is_refused_in_danish(db: None, tmp_path: Path, content: str):
    path = tmp_path / "forkert.json"
    path.write_text(content, "utf-8")
    with pytest.raises(CommandError, match=r"Filen .*forkert\.json"):
        load(path)


def test_a_file_in_another_encoding_is_refused_in_danish(db: None, tmp_path: Path):
    path = tmp_path / "latin.json"
    path.write_bytes('{"titel": "Ærø"}'.encode("latin-1"))
    with pytest.raises(CommandError, match="kunne ikke læses"):
        load(path)


def test_a_file_that_is_not_there_is_refused_in_danish(db: None, tmp_path: Path):
    with pytest.raises(CommandError, match="kunne ikke læses"):
        load(tmp_path / "findes-ikke.json")


def test_the_report_of_a_load_counts_what_it_did(programme: Programme):
    report = load_programme(FILE)
    assert report.created == {}
    assert report.kept == 110
    assert report.completed == 0
    assert report.differences == []
