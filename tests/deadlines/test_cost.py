"""The work grows no faster than the text, counted in steps and not in seconds."""

import sys
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Any

import pytest

from deadlines import parse
from deadlines.conventions import MAX_LENGTH

REFERENCE = date(2026, 2, 26)
ADVERSARIAL = (
    *("1/2 ", "1.", "1.1.", "1-", "1/1/", "1. og ", "1, ", "uge 1, ", "uge 1-", "2-2-2-", "-1"),
    *(
        "primo ",
        "primo/",
        "den ",
        "d. 1. ",
        "maj ",
        "maj-",
        "fra ",
        "senest ",
        "inden ",
        "deadline ",
    ),
    *("afsluttet ", "ikke ", "jf. ", "og ", "til og med ", "næste ", "første ", "under ", "hver "),
    *("A. ", "; ", "( ", "?", "§ ", "_", "<", "<a", "&amp;", "2O", "lO", "l.", "kl. 12-", "12:12 "),
    *(
        "a",
        "1",
        "1x",
        "x1",
        "frist",
        "deadlinefrist ",
        "møde",
        "løbende",
        "årsskiftet 2026/",
        "går i gang ",
        "i gang ",
        "sat ",
        "skulle have været ",
        "blevet ",
        "til at ",
        "planen var at ",
        "afsluttet senest ",
        "start ",
        "uge 1+",
        "1+",
        "08/2026 ",
        "08/2026-",
        "2026-08",
        "skoleåret ",
        "skoleåret 2026/27, ",
        "halvårsskiftet ",
        "\N{SOFT HYPHEN}",
    ),
)


def lines_run(function: Callable[[], object]) -> int:
    """Return how many lines of Python `function` runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_twice_the_text_is_at_most_twice_the_work(piece):
    half = (piece * MAX_LENGTH)[: MAX_LENGTH // 8]
    whole = (piece * MAX_LENGTH)[: MAX_LENGTH // 4]
    # The work that is the same for every text, and for combining up to MAX_TIMES times.
    fixed = 20_000
    assert (
        lines_run(lambda: parse(whole, REFERENCE))
        <= 2.2 * lines_run(lambda: parse(half, REFERENCE)) + fixed
    )


def test_many_times_and_many_finished_things_are_judged_once():
    text = "x 1. maj 2027 " * 45 + "afsluttet " * 800
    assert lines_run(lambda: parse(text, REFERENCE)) < 300_000
