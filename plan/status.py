"""The six statuses: value, Danish label, symbol, meaning and colour in one place.

A status is always shown with word, symbol and colour, and it is never guessed: an initiative that
nobody has judged is "Ikke oplyst" (null in the database). The colours are chosen to be told apart
with normal sight, colour blindness and grey print; screen, PDF, Word and Excel all read them here.
"""

from dataclasses import dataclass

from django.db import models

NOT_REPORTED = "not_reported"


class Status(models.TextChoices):
    """Status: the judgement of an initiative against its terms of reference, in report order."""

    NOT_STARTED = "not_started", "Ikke iværksat"
    ON_TRACK = "on_track", "Forløber efter planen"
    MINOR_DEVIATIONS = "minor_deviations", "Mindre afvigelser"
    MAJOR_DEVIATIONS = "major_deviations", "Betydelige afvigelser"
    CLOSURE_RECOMMENDED = "closure_recommended", "Anbefales nedlukket"
    COMPLETED = "completed", "Udført og afsluttet"


# The two statuses that must name what deviates from the terms of reference.
DEVIATING = (Status.MINOR_DEVIATIONS, Status.MAJOR_DEVIATIONS)


class Yardstick(models.TextChoices):
    """Målestok: the part of the terms of reference that an initiative deviates from."""

    RESOURCES = "resources", "Ressourcer"
    QUALITY = "quality", "Kvalitet"
    TIME = "time", "Tidsplan"


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """The words and the drawing of a status. `symbol` names its icon file; colours are #rrggbb."""

    value: str
    label: str
    symbol: str
    meaning: str
    fill: str
    ink: str


_DARK, _LIGHT = "#1a1a1a", "#ffffff"

# The meanings are preliminary. Those of the programme's "styringskoncept" will replace them here.
STATUS_STYLES: tuple[StatusStyle, ...] = (
    StatusStyle(
        Status.NOT_STARTED.value,
        Status.NOT_STARTED.label,
        "not-started",
        "Arbejdet er ikke sat i gang, fx fordi kommissoriet ikke er godkendt, "
        "eller fordi initiativet afventer andre.",
        "#b0b8c1",
        _DARK,
    ),
    StatusStyle(
        Status.ON_TRACK.value,
        Status.ON_TRACK.label,
        "on-track",
        "Ressourcer, kvalitet og tidsplan holder sig inden for det godkendte kommissorium.",
        "#2b9a72",
        _DARK,
    ),
    StatusStyle(
        Status.MINOR_DEVIATIONS.value,
        Status.MINOR_DEVIATIONS.label,
        "minor-deviations",
        "Ressourcer, kvalitet eller tidsplan afviger fra kommissoriet, men det forventes, "
        "at der kan rettes op på det uden en ny beslutning.",
        "#fff073",
        _DARK,
    ),
    StatusStyle(
        Status.MAJOR_DEVIATIONS.value,
        Status.MAJOR_DEVIATIONS.label,
        "major-deviations",
        "Ressourcer, kvalitet eller tidsplan afviger så meget, at kommissoriet ikke kan holdes "
        "uden en ny beslutning i Implementeringsgruppen.",
        "#c81e0a",
        _LIGHT,
    ),
    StatusStyle(
        Status.CLOSURE_RECOMMENDED.value,
        Status.CLOSURE_RECOMMENDED.label,
        "closure-recommended",
        "Initiativet kan eller bør ikke længere gennemføres efter kommissoriet, "
        "og det anbefales, at Implementeringsgruppen lukker det.",
        "#14161a",
        _LIGHT,
    ),
    StatusStyle(
        Status.COMPLETED.value,
        Status.COMPLETED.label,
        "completed",
        "Leverancerne i kommissoriet er gennemført, og initiativet er afsluttet.",
        "#0b2fae",
        _LIGHT,
    ),
    StatusStyle(
        NOT_REPORTED,
        "Ikke oplyst",
        "not-reported",
        "Der er ikke registreret en status. Det er ikke en vurdering af initiativet.",
        _LIGHT,
        _DARK,
    ),
)
STYLE_BY_VALUE = {style.value: style for style in STATUS_STYLES}
STATUS_LINE = (
    "Status er en samlet vurdering i forhold til det godkendte kommissorium: "
    "ressourcer, kvalitet og tidsplan."
)


def style_of(value: str | None) -> StatusStyle:
    """Find the style of a status value; None (not judged) is "Ikke oplyst"."""
    return STYLE_BY_VALUE[value or NOT_REPORTED]
