"""The Danish words in which the history of the frame is written."""

from core.danish import month
from core.history import Words

_KIND = "ramme"
_NOTE = "noten om kilden"
_PROGRAMME = "tilknytningen til et program"
# Fields whose values are not repeated: long texts, and relations, whose rows may be renamed.
_BRIEF = frozenset({"source_note", "programme", "principle", "area"})

PROGRAMME_WORDS = Words(
    noun="programmet",
    fields={
        "title": "titlen",
        "authority": "aftalen",
        "starts_on": "begyndelsen",
        "reporting_month": "rapporteringsmåneden",
        "next_meeting_on": "dagen for næste møde",
        "uses_contacts": "om tovholdere er med",
        "needs_second_pair_of_eyes": "kravet om to ved offentliggørelse",
        "top_level_label": "ordet for øverste niveau",
        "top_level_label_plural": "ordet for øverste niveau i flertal",
        "contact_email": "sekretariatets e-mail",
        "source_note": _NOTE,
    },
    choices={
        "needs_second_pair_of_eyes": lambda value: "»ja«" if value else "»nej«",
        "uses_contacts": lambda value: "»ja«" if value else "»nej«",
        "reporting_month": month,
    },
    brief=_BRIEF,
    is_subject=True,
    kind=_KIND,
)
PURPOSE_WORDS = Words(
    "formålet",
    {"title": "ordlyden", "programme": _PROGRAMME, "source_note": _NOTE},
    brief=_BRIEF,
    kind=_KIND,
)
PRINCIPLE_WORDS = Words(
    "princippet",
    {"title": "titlen", "programme": _PROGRAMME, "source_note": _NOTE},
    brief=_BRIEF,
    is_subject=True,
    kind=_KIND,
)
AREA_WORDS = Words(
    "indsatsområdet",
    {"title": "titlen", "principle": "tilknytningen til et princip", "source_note": _NOTE},
    brief=_BRIEF,
    is_subject=True,
    kind=_KIND,
)
YEAR_WORDS = Words(
    "programåret",
    {
        "area": "tilknytningen til et indsatsområde",
        "year": "året",
        "number": "nummeret",
        "repeated_number": "det gentagne nummer",
        "source_note": _NOTE,
    },
    brief=_BRIEF,
    kind=_KIND,
)
MUNICIPALITY_WORDS = Words(
    "kommunen",
    {"name": "navnet", "programme": _PROGRAMME, "source_note": _NOTE},
    brief=_BRIEF,
)
