"""Our own wordings, each with the interval and the kind that the convention gives it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deadlines import parse

CORPUS = Path(__file__).with_name("corpus.jsonl")
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in CORPUS.read_text("utf-8").splitlines() if line
]


def test_the_corpus_is_large_enough():
    assert len(ROWS) >= 120
    assert len({row["kind"] for row in ROWS}) == 14


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:60])
def test_a_wording_means_its_days(row):
    parsed = parse(row["text"], date.fromisoformat(row["reference_date"]))
    interval = (parsed.kind, *(day and day.isoformat() for day in (parsed.start, parsed.end)))
    assert interval == (row["kind"], row["start"], row["end"])
