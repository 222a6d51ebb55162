"""The portal's promises (docs/trust.md), and how a test reports what it measured.

    @pytest.mark.promise(3)
    def test_no_save_is_lost(promise: Measured) -> None:
        …
        promise.figure("20 × 25 saves", "0 lost")
        promise.control("without the version compare", "475 lost")

`make trust` runs the marked tests on both databases and prints what they said.
"""

import json
from collections.abc import Callable, Iterable

import pytest

# The promises by number, as docs/trust.md lists them.
PROMISES = {
    1: "Nobody sees another programme's or unpublished data",
    2: "A locked edition never changes and never mixes two moments",
    3: "No acknowledged save is lost",
    4: "Every status change has who, when and why",
    5: "The log cannot be rewritten unnoticed",
    6: "Stored text cannot run",
    7: "A PDF reads no files and no network",
    8: "A restored backup is the portal that was backed up",
    9: "A crash leaves the old or the new, never half",
    10: "A conflict never costs the user's text",
    11: "The login withstands guessing and tells nothing",
    12: "Every write needs POST and a token; a GET never writes",
    13: "Pages run no inline script",
    14: "A full disk, a dead mail server or a restarted database costs no data",
    15: "History stays fast",
    16: "Slow clients and ten times the load slow the portal down, and nothing fails",
    17: "Errors tell the user what to do",
}


class Measured:
    """What a test has measured of the promise it is marked with, kept in its result."""

    def __init__(self, number: int, record: Callable[[str, object], None]) -> None:
        self.number = number
        self._record = record

    def figure(self, what: str, value: object) -> None:
        """Report a figure with the protection on: "20 × 25 saves", "0 lost"."""
        self._say("figure", what, value)

    def control(self, what: str, value: object) -> None:
        """Report the same without the protection. It has to fail, or the test proves nothing."""
        self._say("control", what, value)

    def _say(self, kind: str, what: str, value: object) -> None:
        self._record(f"promise-{self.number}-{kind}", json.dumps([what, str(value)]))


def note_promises(items: Iterable[pytest.Item]) -> None:
    """Note in each test's result which promise it is marked with. `make trust` counts these, and
    lists those that were skipped."""
    for item in items:
        if marker := item.get_closest_marker("promise"):
            (number,) = marker.args
            assert number in PROMISES, f"There is no promise {number}."
            item.user_properties.append(("promise", number))


@pytest.fixture
def promise(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Measured:
    """An object that reports what was measured of the promise the test is marked with."""
    marker = request.node.get_closest_marker("promise")
    assert marker is not None, "Mark the test: @pytest.mark.promise(number)."
    return Measured(marker.args[0], record_property)
