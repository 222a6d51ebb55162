"""A backup that is damaged, or that this portal cannot restore, is refused with a sentence."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from core.backups import manifest
from tests.concurrency.backup.steps import DUMP, Place, refusal
from tests.promises import Measured

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.promise(8)
def test_a_backup_that_is_not_whole_touches_nothing(
    backup: Path, place: Place, promise: Measured, tmp_path: Path
):
    dump = backup / DUMP
    whole = dump.read_bytes()
    middle = len(whole) // 2
    altered = bytes([whole[middle] ^ 1])
    wrong = {
        "one altered byte": (whole[:middle] + altered + whole[middle + 1 :], "er ændret, siden"),
        "a truncated dump": (whole[:-1], "Backuppen er ikke hel."),
        "an empty dump": (b"", "Backuppen er ikke hel."),
    }
    for what, (content, sentence) in wrong.items():
        dump.write_bytes(content)
        assert sentence in refusal("restore", backup, check=True), what
        code, said = place.manage("restore", backup)
        assert (code, sentence in said) == (1, True), what
        assert "Traceback" not in said
        promise.control(what, "found, nothing touched")
    dump.unlink()
    assert "mangler" in refusal("restore", backup, check=True)
    assert not (tmp_path / "fresh.sqlite3").exists()
    dump.write_bytes(whole)
    call_command("restore", backup, check=True, stdout=StringIO())


def rewritten(folder: Path, *, keep_sum: bool, **values: object) -> None:
    """Another manifest in its place; with `keep_sum` as somebody would who forgot its own sum."""
    path = folder / manifest.FILE_NAME
    whole = json.loads(path.read_text())
    whole["manifest"] |= values
    if not keep_sum:
        whole["sha256"] = manifest._sum_of_content(whole["manifest"])
    path.write_text(json.dumps(whole))


@pytest.mark.promise(8)
def test_what_this_portal_cannot_restore_is_refused_with_a_sentence(
    backup: Path, promise: Measured
):
    path = backup / manifest.FILE_NAME
    original = path.read_text()
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    known = json.loads(original)["manifest"]["migrations"]
    altered: list[tuple[str, bool, dict[str, Any], str]] = [
        ("an altered manifest", True, {"portal_commit": "en anden"}, "er ændret, siden"),
        ("the other database", False, {"kind": other}, "skal være af samme slags"),
        ("a newer schema", False, {"migrations": [*known, "reports.9999_x"]}, "nyere portal"),
        ("a newer manifest", False, {"format": 99}, "nyere portal"),
    ]
    for what, keep_sum, values, sentence in altered:
        rewritten(backup, keep_sum=keep_sum, **values)
        assert sentence in refusal("restore", backup, check=True), what
        path.write_text(original)
        promise.control(what, "refused")
    path.write_text(original[:-40])
    assert "kan ikke læses" in refusal("restore", backup, check=True)
    path.unlink()
    assert "er ikke en backup" in refusal("restore", backup, check=True)
    assert "er ikke en backup" in refusal("restore", backup / "findes-ikke", check=True)
