"""Files that `load_programme` refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from tests.initiatives.loading.steps import load, rows


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
    """Return a move to a kind that does not exist."""
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
def test_a_file_without_a_programme_is_refused_in_danish(db: None, tmp_path: Path, content: str):
    path = tmp_path / "forkert.json"
    path.write_text(content, "utf-8")
    with pytest.raises(CommandError, match=r"Filen .*forkert\.json"):
        load(path)


def test_a_file_in_another_encoding_is_refused_in_danish(db: None, tmp_path: Path):
    path = tmp_path / "latin.json"
    path.write_bytes('{"titel": "Ærø"}'.encode("latin-1"))
    with pytest.raises(CommandError, match="kunne ikke læses"):
        load(path)


def test_a_missing_file_is_refused_in_danish(db: None, tmp_path: Path):
    with pytest.raises(CommandError, match="kunne ikke læses"):
        load(tmp_path / "findes-ikke.json")
