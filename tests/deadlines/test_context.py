"""How the words around a time change its meaning."""

from datetime import date

import pytest

from deadlines.context import label_times, sentences
from deadlines.expressions import find_times
from deadlines.normalise import normalise_wording
from deadlines.tokens import tokenise


def labels(text: str) -> list[tuple[str, str]]:
    tokens = tokenise(normalise_wording(text))
    times = list(find_times(tokens, date(2026, 2, 26)))
    return [(item.bound, item.label) for item in label_times(tokens, sentences(tokens), times)]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("senest afleveret den 1. maj", "upto"),
        ("1. maj senest", "upto"),
        ("frem til og med 1. maj", "upto"),
        ("indsendes til den 1. maj", "upto"),
        ("udsat til den 1. maj", ""),
        ("til foråret", ""),
        ("inden supporten ophører 1. maj", "inden"),
        ("inden for 2. kvartal", ""),
        ("før maj", "before"),
        ("ikke før maj", "from"),
        ("tidligst i maj", "from"),
        ("fra og med mandag den 4. maj", "from"),
        ("fra Region Sjælland den 4. maj", ""),
        ("fra 1. maj til 1. juni", ""),
        ("1. maj og frem", "from"),
        ("umiddelbart efter 1. maj", "after"),
        ("siden status pr. 1. maj", "since"),
    ],
)
def test_a_limit_is_read_from_the_words_beside_it(text, bound):
    assert [label for label, _ in labels(text)] == [bound]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deadline: 1. maj", ["deadline"]),
        ("Fristen for svar er 1. maj", ["deadline"]),
        ("1. maj er deadline", ["deadline"]),
        ("Ny deadline: 1. maj", ["new deadline"]),
        ("Oprindelig deadline 1. maj, nu: 1. juni", ["old", "new"]),
        ("Deadline: 1. maj (tidligere 1. marts)", ["deadline", "old"]),
        ("Deadline 1. maj, udsat til 1. juni", ["deadline", "new deadline"]),
        ("Opstart 1/3 i fire kommuner. Deadline: maj", ["opening", "deadline"]),
        ("Deadline 1. maj. Evaluering 1. juni", ["deadline", ""]),
        ("jf. beslutning af 3. marts", ["dropped"]),
        ("14 dage efter 1. maj", ["dropped"]),
        ("Byggestart august", ["opening"]),
        ("start august", [""]),
    ],
)
def test_a_time_is_labelled(text, expected):
    assert [label for _, label in labels(text)] == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Møde d. 3. Maj kl. 9. Derefter frokost", 2),
        ("i 4. kv. Kvartalet er langt", 1),
        ("Slut. Nu; og så", 3),
        ("maj. juni", 1),
    ],
)
def test_a_sentence_ends_before_a_capital_letter(text, count):
    assert len(sentences(tokenise(text)).breaks) + 1 == count
