"""`load_programme`: creates what is missing, and never touches what is there."""

import json
import re
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import writing
from core.clock import COPENHAGEN
from initiatives.loading import load_programme
from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from principles.models import (
    ActionArea,
    Municipality,
    Principle,
    Programme,
    ProgrammeYear,
    Purpose,
)
from tests.initiatives.steps import BO, NOON, edit, the

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


def load(path: Path = FILE) -> str:
    out = StringIO()
    call_command("load_programme", str(path), stdout=out)
    return out.getvalue()


def rows() -> Counter[str]:
    """How many rows, and rows of history, each table has."""
    counts = Counter({model.__name__: model.objects.count() for model in MODELS})
    counts["judgements"] = StatusUpdate.objects.count()
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


def test_nobody_is_named_as_a_user(loaded: str):
    assert not User.objects.exists()
    assert not any(model.history.exclude(history_user=None).exists() for model in MODELS)


def test_the_command_says_what_it_created(loaded: str):
    assert "Oprettet: 14 initiativer." in loaded
    assert "Oprettet: 24 indsatser." in loaded
    assert "Oprettet: 22 deadlines." in loaded
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
    assert report.differences == []
