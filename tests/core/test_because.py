"""A reason as the end of a sentence."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.danish import because

# Reasons are made of words, names and abbreviations.
WORDS = ("Skabelonen", "Vi", "er", "forsinket", "KL", "Greve", "fordi", "Den", "venter", "på")
reasons = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("Skabelonen er forsinket.", "fordi skabelonen er forsinket"),
        ("Kommunerne venter på KL", "fordi kommunerne venter på KL"),
        ("vi mangler svar", "fordi vi mangler svar"),
        ("  Der mangler svar.\n", "fordi der mangler svar"),
    ],
)
def test_a_single_sentence_goes_on(reason: str, sentence: str):
    assert because(reason) == sentence


@pytest.mark.parametrize(
    "reason",
    [
        "Skabelonen er forsinket. Vi venter.",
        "Skabelonen er forsinket: vi venter.",
        "Skabelonen er forsinket\nVi venter.",
        "Er skabelonen klar? Nej.",
    ],
)
def test_several_sentences_are_put_in_parentheses(reason: str):
    assert because(reason) == f"(begrundelse: {reason.rstrip('.')})"


@pytest.mark.parametrize(
    "reason",
    [
        "Fordi skabelonen er forsinket.",
        "fordi skabelonen er forsinket",
    ],
)
def test_fordi_is_not_said_twice(reason: str):
    assert because(reason) == "fordi skabelonen er forsinket"


@pytest.mark.parametrize(
    "name",
    [
        *("KL", "KOMBIT", "OS2", "Greve", "Anna", "Morten", "Kirsten", "Hansen", "Helene"),
        *("Implementeringsgruppen", "Folketinget", "Datatilsynet", "Socialstyrelsen"),
    ],
)
def test_a_name_keeps_its_capital(name: str):
    assert f"{name} har ikke svaret" in because(f"{name} har ikke svaret.")


@pytest.mark.parametrize(
    "reason",
    [
        "Da skabelonen er forsinket.",
        "På grund af sygdom",
        "på grund af sygdom",
        "For at afvente KL",
        "Hvis gruppen vil det",
    ],
)
def test_words_that_cannot_follow_fordi_do_not(reason: str):
    assert because(reason) == f"(begrundelse: {reason.rstrip('.')})"


@given(reasons)
@example("Fordi")
@example("I har bedt om det")
def test_a_full_stop_at_the_end_makes_no_difference(reason: str):
    assert because(f"{reason}.") == because(f"{reason}. ") == because(reason)
    assert not because(reason).endswith(".")


@given(reasons)
def test_only_the_first_letter_may_change(reason: str):
    words = because(reason).removeprefix("fordi ").removeprefix("(begrundelse: ").removesuffix(")")
    assert words[1:] == reason.removeprefix("fordi ")[1:]
    assert words[:1].lower() == reason.removeprefix("fordi ")[:1].lower()
