"""`manage.py verify_history` passes when rows and history agree, and names what does not."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models

from initiatives.models import Initiative, StatusUpdate
from principles.models import Programme
from tests.core.test_triggers import drop
from tests.factories import make_initiative, make_user
from tests.initiatives.steps import judge, read_initiative
from tests.protection import as_owner, without_triggers

pytestmark = pytest.mark.django_db

KEY = "kontraktanalyse"


def verify() -> tuple[int, list[str]]:
    """Run the command, and return its exit code and its lines."""
    out, code = StringIO(), 0
    try:
        call_command("verify_history", stdout=out, no_color=True)
    except SystemExit as error:
        code = int(error.code or 0)
    return code, out.getvalue().splitlines()


def history(**which: Any) -> Any:
    return models.QuerySet(Initiative.history.model).filter(id=read_initiative(KEY).pk, **which)


def test_an_untouched_database_passes(programme: Programme):
    make_initiative(status="on_track")
    user = make_user()
    user.set_password("en-anden-lang-adgangskode")  # saved outside the door, by Django itself
    user.save()
    code, (line,) = verify()
    assert code == 0
    assert line.startswith("Alt stemmer: ")
    assert line.endswith(" historikrækker.")


def title() -> None:
    models.QuerySet(Initiative).filter(key=KEY).update(title="Et andet", ask="Må vi?")


def no_history() -> None:
    history()._raw_delete("default")


def gap() -> None:
    history(version=2)._raw_delete("default")


def date() -> None:
    history(version=3).update(history_date="2020-01-01 12:00:00+00:00")


def no_row() -> None:
    row = history(version=1).get()
    row.pk, row.id, row.key = None, 10**6, "vaek"
    row.save(force_insert=True)


def no_judgement() -> None:
    models.QuerySet(StatusUpdate).filter(initiative=read_initiative(KEY), cause="edit")._raw_delete(
        "default"
    )


def other_judgement() -> None:
    newest = read_initiative(KEY).updates.latest("id")
    models.QuerySet(StatusUpdate).filter(pk=newest.pk).update(initiative_version=99)


def backdated_judgement() -> None:
    newest = read_initiative(KEY).updates.latest("id")
    models.QuerySet(StatusUpdate).filter(pk=newest.pk).update(recorded_at="2020-01-01T12:00Z")


def second_judgement_of_a_version() -> None:
    row: Any = read_initiative(KEY).updates.latest("id")
    row.pk = None
    row.save_base(raw=True, force_insert=True)


@pytest.mark.parametrize(
    ("forge", "sentence"),
    [
        (title, "feltet »titel« er et andet end i historikkens nyeste række."),
        (title, "feltet »hvad skal Implementeringsgruppen tage stilling til?« er et andet"),
        (no_history, "har ingen historik."),
        (gap, "(version 3) følger ikke på den forrige."),
        (date, "(version 3) følger ikke på den forrige."),
        (no_row, "Initiativ »vaek« (id 1000000): rækken er væk, men har historik."),
        (no_judgement, "status blev ændret i version "),
        (no_judgement, "status er en anden, end den nyeste statusvurdering siger."),
        (backdated_judgement, "følger ikke på den forrige"),
        (second_judgement_of_a_version, "følger ikke på den forrige"),
        (other_judgement, "hører ikke til den version, den nævner."),
    ],
)
def test_a_forged_row_is_named(programme: Programme, forge: Callable[[], None], sentence: str):
    for number, status in enumerate(("completed", "not_started", "closure_recommended")):
        judge(KEY, status, f"Grund {number}.")
    assert verify()[0] == 0
    with without_triggers():
        forge()
    code, lines = verify()
    assert code == 1
    (named,) = (
        (line for line in lines if sentence in line)
        if "»" in sentence
        else (next(line for line in lines if sentence in line),)
    )
    assert named.startswith("Initiativ »")
    assert lines[-1].split(" i ")[0] in {"1 afvigelse", f"{len(lines) - 1} afvigelser"}


def test_a_trigger_that_is_missing_is_named(programme: Programme):
    name, table = "status_update_is_not_changed", "initiatives_statusupdate"
    with as_owner():
        drop(name, table)
    code, lines = verify()
    assert (code, lines[0]) == (
        1,
        f"Triggeren {name} på {table} mangler. Kør manage.py migrate.",
    )
    assert connection.vendor in ("sqlite", "postgresql")
