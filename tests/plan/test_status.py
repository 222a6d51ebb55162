"""The six statuses: word, symbol, meaning and order in one place."""

import re

import pytest
from django.conf import settings

from plan.status import (
    DEVIATING,
    NOT_REPORTED,
    STATUS_LINE,
    STATUS_STYLES,
    Status,
    StatusStyle,
    style_of,
)
from tests.core.reading import text_of

MEANINGS = {
    "Ikke iværksat": (
        "Arbejdet er ikke sat i gang, fx fordi kommissoriet ikke er godkendt, eller fordi "
        "initiativet afventer andre."
    ),
    "Forløber efter planen": (
        "Ressourcer, kvalitet og tidsplan holder sig inden for det godkendte kommissorium."
    ),
    "Mindre afvigelser": (
        "Ressourcer, kvalitet eller tidsplan afviger fra kommissoriet, men det forventes, at der "
        "kan rettes op på det uden en ny beslutning."
    ),
    "Betydelige afvigelser": (
        "Ressourcer, kvalitet eller tidsplan afviger så meget, at kommissoriet ikke kan holdes "
        "uden en ny beslutning i Implementeringsgruppen."
    ),
    "Anbefales nedlukket": (
        "Initiativet kan eller bør ikke længere gennemføres efter kommissoriet, og det anbefales, "
        "at Implementeringsgruppen lukker det."
    ),
    "Udført og afsluttet": (
        "Leverancerne i kommissoriet er gennemført, og initiativet er afsluttet."
    ),
    "Ikke oplyst": "Der er ikke registreret en status. Det er ikke en vurdering af initiativet.",
}


def test_words_meanings_and_order_are_those_of_the_programme():
    assert {style.label: style.meaning for style in STATUS_STYLES} == MEANINGS
    assert [style.label for style in STATUS_STYLES] == list(MEANINGS)


def test_the_two_statuses_in_the_middle_are_deviations():
    assert DEVIATING == (Status.MINOR_DEVIATIONS, Status.MAJOR_DEVIATIONS)


def test_a_missing_judgement_is_ikke_oplyst():
    assert style_of(None).value == NOT_REPORTED
    assert style_of("on_track").label == "Forløber efter planen"


@pytest.mark.parametrize("style", STATUS_STYLES, ids=lambda style: style.value)
def test_every_status_has_a_symbol_and_a_colour_of_its_own(style: StatusStyle):
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text("utf-8")
    assert f'id="{style.symbol}"' in sprite
    assert re.fullmatch("#[0-9a-f]{6}", style.fill)
    assert re.fullmatch("#[0-9a-f]{6}", style.ink)
    others = [other for other in STATUS_STYLES if other is not style]
    assert style.symbol not in {other.symbol for other in others}
    assert style.fill not in {other.fill for other in others}


@pytest.mark.parametrize("style", STATUS_STYLES, ids=lambda style: style.value)
def test_the_word_can_be_read_on_its_colour(style: StatusStyle):
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted([light(style.fill), light(style.ink)])
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.django_db
@pytest.mark.parametrize("client_name", ["reader_client", "group_client", "secretariat_client"])
def test_every_member_may_read_the_legend(request, client_name: str):
    response = request.getfixturevalue(client_name).get("/saadan-laeses-status/")
    text = text_of(response)
    assert "Sådan læses status" in text
    assert STATUS_LINE in text
    for label, meaning in MEANINGS.items():
        assert f"{label} {meaning}" in text
