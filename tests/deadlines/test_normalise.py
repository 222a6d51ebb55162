"""A wording is normalised before it is parsed."""

import pytest
from hypothesis import example, given

from deadlines.normalise import normalise_wording
from tests.deadlines.wordings import texts


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("  Maj\N{NO-BREAK SPACE} 2026 \n", "Maj 2026"),
        ("1. februar – 1. maj", "1. februar - 1. maj"),
        ("okt. ’26", "okt. '26"),
        ("dead\N{SOFT HYPHEN}line", "deadline"),
        ("fora\N{COMBINING RING ABOVE}r", "for\N{LATIN SMALL LETTER A WITH RING ABOVE}r"),
        ("<p style='x'>Maj&nbsp;2026</p>", "Maj 2026"),
        ("juni &ndash; juli &amp; august", "juni - juli & august"),
        ("t.o.m. 30. juni", "til og med 30. juni"),
        ("F.o.m. uge 3", "fra og med uge 3"),
        ("2026-03-13T08:30", "2026-03-13 08:30"),
    ],
)
def test_blanks_dashes_and_markup_are_normalised(text, even):
    assert normalise_wording(text) == even


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("Medio 2O26", "Medio 2026"),
        ("l. kvartal", "1. kvartal"),
        ("III. kvartal", "3. kvartal"),
        ("lO.O6.2O26", "10.06.2026"),
        ("l5. maj", "15. maj"),
        ("3O. juni", "30. juni"),
        ("Ju1i", "Juli"),
        ("okt0ber", "oktober"),
    ],
)
def test_a_misread_digit_or_letter_is_mended(text, even):
    assert normalise_wording(text) == even


@pytest.mark.parametrize(
    "text", ["O365", "IO-plan", "5 l. mælk", "Il Tempo", "K17", "i. maj", "OO.OO.OO"]
)
def test_other_letters_stay_letters(text):
    assert normalise_wording(text) == text


@given(texts)
@example("<p <b> >")
@example("1O/l2. maj")
def test_normalising_twice_changes_nothing_more(text):
    once = normalise_wording(text)
    assert normalise_wording(once) == once
