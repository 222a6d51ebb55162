"""What a plain text may hold, and the Danish sentence when it may not."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from core.characters import normalise
from core.texts import PlainLineField, PlainTextField, typed_text
from initiatives.models import Initiative, StatusUpdate

CPR = (
    "Teksten ser ud til at indeholde et CPR-nummer. Fjern det, før du gemmer. "
    "Er det et andet nummer, så del det op."
)
MEND = " Slet det, og skriv stedet igen."

TEXT: PlainTextField = StatusUpdate._meta.get_field("reason")
LINE: PlainLineField = Initiative._meta.get_field("title")


# Each of them alone is an empty text.
INVISIBLE = [
    *(
        "\xad",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u180e",
        "\u200f",
        "\u202e",
        "\u2066",
        "\u061c",
    ),
    *(
        "\u115f",
        "\u3164",
        "\u2800",
        "\u3000",
        "\u2003",
        "\ufe0f",
        "\U000e0041",
        "\ufffc",
        "\xa0",
        "\x0b",
    ),
]


def refusal(field: PlainTextField, text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(text, None)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize(
    "text",
    [
        "010190-1234",
        "0101901234",
        "010190 1234",
        "311299-0001",
        "Borgeren (010190-1234) er flyttet.",
        "nr.010190-1234.",
        "010190–1234",
        "010190\N{NON-BREAKING HYPHEN}1234",
        "010190\N{NO-BREAK SPACE}1234",
        "010190 - 1234",
        "010190\n1234",
        "010190−1234",
        "0101\u200b90-12\xad34",
    ],
)
def test_a_cpr_number_is_refused(text: str):
    assert refusal(TEXT, text) == CPR


@pytest.mark.parametrize(
    "text",
    [
        "320190-1234",
        "001290-1234",
        "011390-1234",
        "010090-1234",
        "010190-123",
        "010190-12345",
        "1010190-1234",
        "01019-01234",
        "26022026",
        "12 34 56 78",
        "Journalnummer 2026-014-000271",
        "EAN 5798001234567",
        "1. februar – 1. maj 2026",
        "010190-ABCD",
        "010190 og 1234",
    ],
)
def test_a_number_that_only_resembles_a_cpr_number_is_kept(text: str):
    assert TEXT.clean(text, None) == text


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ud83d", "\uffff", "\ufdd0", "\U0001ffff"],
)
def test_a_control_character_is_refused_with_its_place(character: str):
    sentence = "Der er et usynligt tegn lige efter »Forsinket«."
    assert refusal(TEXT, f"Forsinket{character} i marts") == sentence + MEND
    # The sentence quotes a text of several lines as one line.
    assert refusal(TEXT, f"I\nmarts:\n{character}i maj") == (
        f"Der er et usynligt tegn lige efter »I marts:«.{MEND}"
    )
    assert refusal(TEXT, f"{character}Forsinket") == f"Det første tegn er usynligt.{MEND}"


@pytest.mark.parametrize("character", ["\ue000", "\uf041", "\uf8ff", "\U000f0000", "\U0010fffd"])
def test_a_private_use_character_is_refused_with_its_place(character: str):
    sentence = "Der er et tegn, som kun kan vises med en bestemt skrifttype, lige efter »Se«."
    assert refusal(TEXT, f"Se {character}") == sentence + MEND
    sentence = "Det første tegn kan kun vises med en bestemt skrifttype."
    assert refusal(LINE, f"{character} Se") == sentence + MEND


@pytest.mark.parametrize(
    "text",
    ["Æ, ø og å", "»citat« – tanke", "§60 · 5 pct.", "Tab\ther", "👍", "To\nlinjer", "26.\xa0maj"],
)
def test_ordinary_text_is_kept_as_written(text: str):
    assert TEXT.clean(text, None) == text


@pytest.mark.parametrize(
    "written", ["En\r\nto\r\ntre", "En\rto\rtre", "En\nto\ntre", "En  \nto\t\ntre\n\n"]
)
def test_line_breaks_are_kept_in_one_form(written: str):
    assert normalise(written) == "En\nto\ntre"
    assert TEXT.clean(written, None) == "En\nto\ntre"


def test_an_empty_line_between_paragraphs_stays():
    assert normalise("Først\n\nsiden") == "Først\n\nsiden"


def test_a_line_has_no_line_breaks():
    assert (
        LINE.clean("  En\r\ntitel \N{NO-BREAK SPACE} med\tblanke ", None) == "En titel med blanke"
    )


def test_a_text_that_is_too_long_says_how_long_it_may_be():
    assert (
        refusal(TEXT, "x" * 2345) == "Begrundelse må højst fylde 2.000 tegn. Teksten er på 2.345."
    )
    assert refusal(LINE, "x" * 301) == "Titel må højst fylde 300 tegn. Teksten er på 301."


def test_the_longest_text_allowed_is_kept():
    text = "ø" * 2000
    assert TEXT.clean(text, None) == text


def test_blanks_around_the_text_do_not_count():
    assert TEXT.clean(" " * 500 + "x" * 2000 + "\n" * 500, None) == "x" * 2000


@pytest.mark.parametrize("empty", ["", "   ", "\n\r\n", *INVISIBLE])
def test_an_empty_text_names_its_field(empty: str):
    assert refusal(LINE, empty) == "Titel skal udfyldes."


def test_a_form_asks_the_model_field():
    field = LINE.formfield()
    with pytest.raises(ValidationError, match="Titel skal udfyldes"):
        field.clean(" ")
    for invisible in INVISIBLE:
        with pytest.raises(ValidationError, match="Titel skal udfyldes"):
            field.clean(invisible)
    with pytest.raises(ValidationError, match="CPR-nummer"):
        field.clean("010190-1234")
    assert field.clean(" En\ttitel ") == "En titel"


def test_the_browser_never_cuts_pasted_text_off():
    field = TEXT.formfield()
    assert "maxlength" not in field.widget.attrs
    assert field.widget_attrs(field.widget) == {}


def test_a_decomposed_letter_is_stored_composed():
    written = unicodedata.normalize("NFD", "Råskitse på møde")
    assert written != "Råskitse på møde"
    assert TEXT.clean(written, None) == LINE.clean(written, None) == "Råskitse på møde"
    assert typed_text({"tekst": written}, "tekst") == "Råskitse på møde"


def test_a_text_in_the_address_is_normalised_too():
    typed = "\u200b Bo\xad- og\u2028døgn\x00tilbud\ue000\u202e "
    assert typed_text({"tekst": typed}, "tekst") == "Bo- og døgntilbud"
    assert typed_text({}, "tekst") == ""


def test_a_form_opened_on_an_older_text_has_not_changed():
    field = TEXT.formfield()
    assert not field.has_changed(
        "Forsinket\xad i\u200b marts\x0bog maj", "Forsinket i marts\r\nog maj"
    )
    assert not field.has_changed(None, "")
    assert field.has_changed("Forsinket", "Forsinket!")
