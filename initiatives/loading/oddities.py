"""List what a person should look at in a programme file: each odd place of its sources, in Danish.

Only the file is read. Most oddities follow from its rows; those that only the printed page shows
are in its list "traps".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import danish
from deadlines import ParsedDeadline, naming, parse
from deadlines.term import Term
from plan.fact import Fact

Data = Mapping[str, Any]

NOTE_FIELD = "source_note"
CONFIRM = "Bekræft det, eller ret det i portalen."
# The guess at a missing year is another one when the wording is read this much earlier.
YEARS_EARLIER = 5


@dataclass(frozen=True, slots=True)
class Oddity:
    """An odd place in a source, with what was done about it and what to decide."""

    place: str
    note: str


def oddities(data: Data) -> list[Oddity]:
    """List everything to look at in the programme file `data`, in the order of the report."""
    traps = [Oddity(trap["place"], trap["note"]) for trap in data.get("traps", ())]
    return [*traps, *_Places(data).oddities()]


class _Places:
    """One walk over a file."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.sources = data["sources"]

    def oddities(self) -> Iterator[Oddity]:
        for source in self.sources.values():
            yield from _noted(
                danish.capitalise(source["title"]), {NOTE_FIELD: source.get("note", "")}
            )
        programme = self.data["programme"]
        yield from _noted(self._place(programme, programme["title"]), programme)
        yield from self._missing()
        for purpose in self.data["purposes"]:
            place = self._place(purpose, "formål", f"nr. {purpose['position']}")
            yield from _noted(place, purpose)
        for principle in self.data["principles"]:
            place = self._place(principle, principle["title"])
            yield from _noted(place, principle)
            for area in principle["areas"]:
                yield from self._area(area, principle)

    def _missing(self) -> Iterator[Oddity]:
        """Say how many initiatives the source leaves without a status or a kommissorium."""
        initiatives = [
            initiative
            for principle in self.data["principles"]
            for area in principle["areas"]
            for initiative in area["initiatives"]
        ]
        place = f"{self.data['programme']['title']}, alle initiativer"
        silent = sum(initiative["status"] is None for initiative in initiatives)
        if silent:
            yield Oddity(
                place,
                f"{silent} af {len(initiatives)} har status »Ikke oplyst«, fordi kilden ikke "
                "skriver en. Sæt status i portalen.",
            )
        unknown = sum(i.get("terms_of_reference") == "unknown" for i in initiatives)
        if unknown:
            yield Oddity(
                place,
                f"{unknown} af {len(initiatives)} har et kommissorium, som kilden ikke siger "
                "noget om. Skriv i portalen, om det er godkendt.",
            )

    def _area(self, area: Data, principle: Data) -> Iterator[Oddity]:
        place = self._place(area, principle["title"], area["title"])
        yield from _noted(place, area)
        for year in area["years"]:
            yield from _noted(f"{place} › år {year['year']}", year, _of_year(year))
        for initiative in area["initiatives"]:
            yield from self._initiative(initiative, f"{place} › {initiative['title']}")

    def _initiative(self, initiative: Data, place: str) -> Iterator[Oddity]:
        on = date.fromisoformat(self.sources[initiative["source"]]["date"])
        yield from _noted(place, initiative)
        for action in initiative["actions"]:
            where = f"{place} › Indsatser, nr. {action['position']}"
            yield from _noted(where, action, _of_action(action, on))
        for deadline in initiative["deadlines"]:
            where = f"{place} › Deadline, nr. {deadline['position']}"
            yield from _noted(where, deadline, _of_deadline(deadline, on))

    def _place(self, row: Data, *parts: str) -> str:
        title = self.sources[row["source"]]["title"]
        return " › ".join((danish.capitalise(title), *parts))


def _noted(place: str, row: Data, decisions: Iterable[str] = ()) -> Iterator[Oddity]:
    """Yield one oddity with the row's note and what is to be decided, or none without either."""
    note, to_decide = row.get(NOTE_FIELD, ""), list(decisions)
    if note or to_decide:
        yield Oddity(place, " ".join(filter(None, (note, *(to_decide or [CONFIRM])))))


def _of_year(year: Data) -> Iterator[str]:
    if again := year.get("repeated_number"):
        yield f"Afgør, om nummer {again} skulle have været et andet område."


def _of_action(action: Data, on: date) -> Iterator[str]:
    """Say what to decide about an indsats that was written on the day `on`."""
    parsed = parse(action["title"], on)
    if parsed.start or parsed.end:
        yield f"Afgør, om {_parsed_words(parsed)} i teksten skal være en deadline."


def _of_deadline(deadline: Data, on: date) -> Iterator[str]:
    """Say what to decide about a deadline that was written on the day `on`."""
    wording = deadline["wording"]
    parsed = parse(wording, on)
    term = Term(
        wording,
        optional_date(deadline["starts_on"]),
        optional_date(deadline["ends_on"]),
        deadline["kind"],
    )
    opens_on = optional_date(deadline["opens_on"])
    if deadline["set_by_hand"]:
        yield "Arten og datoerne er angivet i hånden. Bekræft dem."
    if (parsed.start, parsed.end, parsed.opens_on) != (*term.days, opens_on):
        yield (
            f"Ordlyden læses som {_parsed_words(parsed)}, men filen siger "
            f"{_days_words(term, opens_on)}. Afgør, hvad der gælder."
        )
    if (term.has_days or opens_on) and _is_guessed(wording, on):
        yield "Bekræft det antagne årstal."
    if any(move["old"] is None for move in deadline["moves"]):
        yield "Skriv den første deadline og årsagen til flytningen, hvis de kendes."
    elif any(not move["reason"] for move in deadline["moves"]):
        yield "Skriv årsagen til flytningen, hvis den kendes."
    if deadline["fact"] == Fact.PRESENTATION and term.ends_on and term.ends_on < on:
        yield "Registrér gruppens svar."
    if deadline["fact"] == Fact.COMPLETED and not deadline["met_on"]:
        yield "Skriv, hvilken dag det blev afsluttet, hvis den kendes."
    if deadline["fact"] in (Fact.PAUSED, Fact.WAITING) and not deadline["since"]:
        yield "Skriv, siden hvornår, hvis det kendes."


def _is_guessed(wording: str, on: date) -> bool:
    """Whether the wording leaves out a year, and so means other days when it is read years
    earlier."""
    earlier = date(on.year - YEARS_EARLIER, on.month, 1)
    first, now = parse(wording, earlier), parse(wording, on)
    return (first.start, first.end, first.opens_on) != (now.start, now.end, now.opens_on)


def _parsed_words(parsed: ParsedDeadline) -> str:
    return _days_words(Term("", parsed.start, parsed.end, parsed.kind), parsed.opens_on)


def _days_words(term: Term, opens_on: date | None) -> str:
    opening = f" med opstart den {danish.day(opens_on)}" if opens_on else ""
    return f"{naming.words(term)}{opening}"


def optional_date(text: str | None) -> date | None:
    """Read an ISO day of the file; None for none."""
    return date.fromisoformat(text) if text else None
