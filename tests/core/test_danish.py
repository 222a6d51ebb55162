"""Danish words for dates, numbers and names, and their order."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import danish

HARD = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Indkøbs- og kontrakthåndbog", "indkoebs-og-kontrakthaandbog"),
        ("Ærø, Ølgod & Århus", "aeroe-oelgod-aarhus"),
        ("ÆBLEGRØD", "aeblegroed"),
        ("  To   blanke  ", "to-blanke"),
        ("Caffè §60 – 5 pct.", "caffe-60-5-pct"),
        ("Møller & Søn", "moeller-soen"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_a_slug_keeps_the_danish_letters_readable(text: str, slug: str):
    assert danish.slugify(text) == slug


def test_a_slug_is_cut_between_words():
    assert danish.slugify("en meget lang titel", max_length=12) == "en-meget"
    assert danish.slugify("en meget lang", max_length=8) == "en-meget"


def test_a_slug_of_one_long_word_is_cut_inside_it():
    assert danish.slugify("kontraktindholdsfortegnelse", max_length=8) == "kontrakt"


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_slug_is_always_ascii_and_short(text: str, length: int):
    slug = danish.slugify(text, max_length=length)
    assert slug.isascii()
    assert len(slug) <= length
    assert slug == slug.strip("-")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 2, 26), f"26.{HARD}februar{HARD}2026"),
        (date(2026, 2, 3), f"3.{HARD}februar{HARD}2026"),
        (date(2025, 12, 31), f"31.{HARD}december{HARD}2025"),
    ],
)
def test_a_day_in_words_never_breaks(value: date, words: str):
    assert danish.day(value) == words


def test_every_month_has_its_name():
    names = [danish.month(date(2026, number, 1)) for number in range(1, 13)]
    assert names == [
        f"{name}{HARD}2026"
        for name in [
            "januar",
            "februar",
            "marts",
            "april",
            "maj",
            "juni",
            "juli",
            "august",
            "september",
            "oktober",
            "november",
            "december",
        ]
    ]
    assert danish.month_name(date(2026, 5, 1)) == "maj"


def test_a_time_of_day_is_copenhagens():
    assert danish.clock_time(datetime(2026, 2, 26, 13, 5, tzinfo=UTC)) == f"kl.{HARD}14.05"
    assert danish.clock_time(datetime(2026, 7, 1, 13, 5, tzinfo=UTC)) == f"kl.{HARD}15.05"


def test_the_day_of_a_moment_is_copenhagens():
    late = datetime(2026, 2, 25, 23, 30, tzinfo=UTC)
    assert danish.moment_day(late) == f"26.{HARD}februar{HARD}2026"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "ingen initiativer"),
        (1, "1 initiativ"),
        (2, "2 initiativer"),
        (2345, "2.345 initiativer"),
    ],
)
def test_a_count_agrees_with_its_noun(number: int, words: str):
    assert danish.count(number, "initiativ", "initiativer") == words


@pytest.mark.parametrize(
    ("number", "word"), [(0, "ingen"), (2, "to"), (7, "syv"), (10, "ti"), (11, "11"), (24, "24")]
)
def test_small_numbers_are_words(number: int, word: str):
    assert danish.number_word(number) == word


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (999, "999"), (1000, "1.000"), (2345, "2.345"), (2_000_000, "2.000.000")],
)
def test_thousands_have_a_full_stop(number: int, words: str):
    assert danish.thousands(number) == words


def test_words_are_listed_with_og():
    assert danish.listed([]) == ""
    assert danish.listed(["a"]) == "a"
    assert danish.listed(["a", "b"]) == "a og b"
    assert danish.listed(["a", "b", "c"]) == "a, b og c"
    assert danish.listed(["a", "b"], last="eller") == "a eller b"


@pytest.mark.parametrize(
    ("name", "whose"),
    [("Anna", "Annas"), ("Jens", "Jens'"), ("Max", "Max'"), ("Moritz", "Moritz'")],
)
def test_a_name_in_the_genitive(name: str, whose: str):
    assert danish.possessive(name) == whose


def test_the_first_letter_is_made_large_and_the_rest_kept():
    assert danish.capitalise("øget kvalitet i KL") == "Øget kvalitet i KL"
    assert danish.capitalise("") == ""


def test_a_name_stays_on_one_line():
    assert danish.unbroken("Anna Bo Eksempel") == f"Anna{HARD}Bo{HARD}Eksempel"


def test_quarters():
    numbers = [danish.quarter_number(date(2026, month, 1)) for month in range(1, 13)]
    assert numbers == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert danish.quarter(date(2026, 9, 30)) == "3.\N{NO-BREAK SPACE}kvartal\N{NO-BREAK SPACE}2026"


# Sorting


@pytest.mark.parametrize(
    "in_order",
    [
        ["Faxe", "Zoo", "Ærø", "Ørsted", "Aabenraa", "Ålborg", "Aarhus"],
        ["Allé", "Allerød", "Bo", "bo", "Bo og", "Bolig", "Bor"],
        ["alle", "allé", "aller"],
        ["Malibu", "Malmby", "Malmöby", "Malmøer", "Malte"],
        ["1. del", "2. del", "10. del", "Del 2", "Del 10", "Del A"],
        ["Lyngby", "Müller", "Myrup"],
        ["»Citat«", "Ditto"],
    ],
)
def test_names_are_sorted_as_danes_sort(in_order: list[str]):
    backwards = in_order[::-1]
    assert sorted(backwards, key=danish.sort_key) == in_order


@given(st.lists(st.text(max_size=6), max_size=6))
def test_any_two_names_have_one_order(names: list[str]):
    keys = [danish.sort_key(name) for name in names]
    assert [key[-1] for key in sorted(keys)] == sorted(names, key=danish.sort_key)
    assert len(set(keys)) == len(set(names))
