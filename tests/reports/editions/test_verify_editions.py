"""`manage.py verify_editions` passes when all is as it was locked, and names what is not."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models

from principles.models import Programme
from reports.models import Edition, EditionFile
from tests.protection import without_triggers
from tests.reports.editions.steps import CORRECTION, FORMATS, lock

EDITION = "Udviklingsprogrammet 2026-02, udgave 1"
NAME = "Status udviklingsprogram 2026-02, udgave 1"


def tampered(model: type[models.Model], **changes: Any) -> None:
    with without_triggers():
        models.QuerySet(model).filter(**changes.pop("where", {})).update(**changes)


def verify() -> tuple[int, list[str]]:
    """Run the command, and return its exit code and its lines."""
    out, code = StringIO(), 0
    try:
        call_command("verify_editions", stdout=out, no_color=True)
    except SystemExit as error:
        code = int(error.code or 0)
    return code, out.getvalue().splitlines()


def test_without_editions_the_command_says_so(programme: Programme):
    assert verify() == (0, ["Alt stemmer: ingen udgaver, ingen filer."])


def test_untouched_editions_pass(programme: Programme):
    lock(programme, with_files=None)
    assert verify() == (0, ["Alt stemmer: 1 udgave, 6 filer."])
    lock(programme, with_files=None, correction=CORRECTION)
    assert verify() == (0, ["Alt stemmer: 2 udgaver, 12 filer."])


def test_the_files_that_are_missing_are_named(programme: Programme):
    lock(programme, with_files=False)
    code, lines = verify()
    assert code == 1
    assert lines[0] == f"{EDITION}: filen i formatet PDF mangler."
    assert lines[-1] == "6 afvigelser i 1 udgave."
    assert len(lines) == 7


def test_a_changed_document_is_named(programme: Programme):
    edition = lock(programme, with_files=None)
    document = edition.document.replace("Kontraktanalyse", "Kontraktsanalyse")
    tampered(Edition, document=document)
    assert verify() == (
        1,
        [
            f"{EDITION}: dokumentet passer ikke til kontrolkoden.",
            f"{EDITION}: {NAME}.json er ikke det låste dokument.",
            "2 afvigelser i 1 udgave.",
        ],
    )


@pytest.mark.parametrize("name", FORMATS)
def test_a_changed_byte_of_a_file_is_named(programme: Programme, name: str):
    edition = lock(programme, with_files=None)
    lock(programme, with_files=None, correction=CORRECTION)
    content = bytearray(bytes(edition.files.get(format=name).content))
    content[len(content) // 2] ^= 1
    tampered(EditionFile, where={"edition": edition, "format": name}, content=bytes(content))
    assert verify() == (
        1,
        [
            f"{EDITION}: {NAME}.{name} passer ikke til sin kontrolsum.",
            "1 afvigelse i 2 udgaver.",
        ],
    )


def test_a_file_with_a_new_sum_is_named_where_it_can_be(programme: Programme):
    """Forged data with a new sum still differ from the locked document."""
    lock(programme, with_files=None)
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    tampered(EditionFile, where={"format": "json"}, content=b"", size=0, sha256=empty)
    code, lines = verify()
    assert code == 1
    assert re.search(r"json er ikke det låste dokument", lines[0])


def test_a_removed_file_is_named(programme: Programme):
    edition = lock(programme, with_files=None)
    with without_triggers():
        models.QuerySet(EditionFile).filter(format="xlsx")._raw_delete("default")
    assert verify() == (
        1,
        [f"{EDITION}: filen i formatet Excel mangler.", "1 afvigelse i 1 udgave."],
    )
    assert edition.files.count() == 5


def test_the_command_writes_nothing(programme: Programme):
    lock(programme, with_files=None)
    before = list(models.QuerySet(Edition).values()), list(EditionFile.objects.values_list("id"))
    verify()
    assert before == (
        list(models.QuerySet(Edition).values()),
        list(EditionFile.objects.values_list("id")),
    )
