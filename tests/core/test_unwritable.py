"""On a full and on a read-only disk every page can be read, and every form says why it fails.

Real disks of a few megabytes, each seen by one process alone (tests/core/unwritable.py).
"""

import html
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from core.backups import sqlite
from principles.models import Programme
from tests.core.unwritable import TEXT
from tests.factories import PASSWORD
from tests.promises import Measured
from tests.reports.editions.steps import JANUARY, lock
from tests.small_disk import needs_small_disk, on_small_disk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite's"),
    needs_small_disk,
]

Told = dict[str, Any]


@pytest.fixture
def in_state(programme: Programme, tmp_path: Path) -> Callable[[str], Told]:
    """Return a function that runs the portal with its database in a state, and reports."""
    lock(programme, month=JANUARY, with_files=None)
    prepared = tmp_path / "prepared.sqlite3"
    sqlite.dump(prepared)
    small = tmp_path / "small"
    small.mkdir()

    def run(state: str) -> Told:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        done = subprocess.run(
            on_small_disk(
                small, "6m", [sys.executable, "-m", "tests.core.unwritable", state, str(small)]
            ),
            cwd=settings.BASE_DIR,
            env={
                **kept,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "TEST_DATABASE_URL": f"sqlite:///{small}/portal.sqlite3",
                "PREPARED": str(prepared),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        report: Told = json.loads(done.stdout)
        return report

    return run


@pytest.mark.promise(14)
@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("full", "Disken er fuld"),
        ("full and opened anew", "Disken er fuld"),
        ("read-only", "Databasen kan kun læses"),
    ],
)
def test_pages_are_read_and_forms_say_why_they_are_not_saved(
    in_state: Callable[[str], Told], state: str, why: str, promise: Measured
):
    report = in_state(state)
    pages = report["pages"] + report["others"]
    assert [page for page in pages if page["status"] != 200] == []
    for form in report["forms"]:
        text = html.unescape(form["page"])
        assert form["status"] == 503, (form["path"], form["htmx"], form["status"])
        assert why in text, form["path"]
        assert "Intet er gemt." in text
        assert PASSWORD not in text
        assert "en-helt-anden-adgangskode" not in text
        if form["htmx"]:
            assert "<" not in form["page"]
        elif "oldpassword" in form["sent"] or "login" in form["sent"]:
            assert form["again"] == []
            assert "Prøv igen" in text
        else:
            (again,) = form["again"]
            assert {name: str(value) for name, value in again.items()} == form["sent"]
    assert sum(TEXT in form["sent"].values() for form in report["forms"]) == 9
    assert report["saved afterwards"] == [302, True]
    promise.figure(
        f"SQLite's disk {state}",
        f"{len(pages)} of {len(pages)} pages read, {len(report['forms'])} of "
        f"{len(report['forms'])} forms answered with 503, the reason and what was typed",
    )


@pytest.mark.promise(14)
def test_with_room_the_same_forms_are_saved(in_state: Callable[[str], Told], promise: Measured):
    """The control: the disk was the reason, not the forms."""
    report = in_state("healthy")
    first = [form for form in report["forms"] if not form["htmx"]]
    refused = [form["path"] for form in report["forms"] if form["status"] == 503]
    assert refused == []
    assert [form["path"] for form in first if form["status"] == 302] != []
    promise.control("the same forms with room on the disk", f"{len(report['forms'])} without a 503")
