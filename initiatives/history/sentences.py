"""Tell the history of an initiative, an area and a principle in Danish sentences."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from core import danish
from core.danish import moment_day, unbroken
from core.history import Entry, Part, Words, newest_first, row_changes
from deadlines import naming
from initiatives.models import (
    DeadlineMove,
    Dismissal,
    Fact,
    StatusUpdate,
    TermsOfReferenceState,
)
from initiatives.sources.past import Past
from plan.fact import Outcome
from plan.status import Yardstick, style_of
from principles.models import Programme, Purpose
from principles.words import AREA_WORDS, PRINCIPLE_WORDS, PROGRAMME_WORDS, PURPOSE_WORDS, YEAR_WORDS

NOTE_WORDS = "noten om kilden"
INITIATIVE_WORDS = Words(
    noun="initiativet",
    fields={
        "title": "titlen",
        "terms_of_reference": "kommissorium",
        "ask": "spørgsmålet til Implementeringsgruppen",
        "report_text": "uddybningen",
        "internal_notes": "det interne notat",
        "source_note": NOTE_WORDS,
        "lead": "tovholderen",
        "contact": "kontaktpersonen",
    },
    choices={"terms_of_reference": lambda value: f"»{TermsOfReferenceState(value).label}«"},
    # Whoever has become somebody else is called by a name of today, so no name is repeated.
    brief=frozenset({"report_text", "internal_notes", "source_note", "lead", "contact"}),
    is_subject=True,
    kind="initiativ",
)
ACTION_WORDS = Words(
    noun="indsatsen",
    fields={"title": "ordlyden", "source_note": NOTE_WORDS},
    brief=frozenset({"source_note"}),
    kind="indsats",
)
DEADLINE_WORDS = Words(
    noun="deadlinen",
    fields={
        "wording": "ordlyden",
        "fact": "arten",
        "action": "hvilken indsats det gælder",
        "since": "datoen for »siden«",
        "detail": "uddybningen",
        "met_on": "datoen for »opfyldt«",
        "outcome": "udfaldet",
        "outcome_remark": "bemærkningen til udfaldet",
        "set_by_hand": "om datoerne er angivet selv",
        "starts_on": "den første dag",
        "ends_on": "den sidste dag",
        "opens_on": "opstarten",
        "source_note": NOTE_WORDS,
    },
    choices={
        "fact": lambda value: f"»{Fact(value).label}«",
        "set_by_hand": lambda value: "»ja«" if value else "»nej«",
    },
    brief=frozenset({"source_note", "action"}),
    implied=dict.fromkeys(("starts_on", "ends_on", "opens_on"), "wording"),
    kind="deadline",
)


# Quotes within quotes.
_INNER_QUOTES = str.maketrans("»«", "›‹")
# The sentence about an outcome says what became of these.
OUTCOME_FIELDS = ("met_on", "outcome", "outcome_remark")
# The sentence about a deadline's move says what became of these fields, so they get no other.
MOVED_FIELDS = frozenset({"fact", "set_by_hand", "starts_on", "ends_on", "opens_on"})


def initiative_history(past: Past, *, internal: bool) -> list[Entry]:
    """Tell everything that happened to an initiative, newest first.

    `internal` includes changes of the internal note.
    """
    hidden = frozenset() if internal else frozenset({"internal_notes"})
    moved = {(move.deadline_id, move.deadline_version) for move in past.moves}
    return newest_first(
        [
            *map(judgement_entry, past.updates),
            *row_changes(INITIATIVE_WORDS, past.initiative, hidden=hidden),
            *row_changes(ACTION_WORDS, past.actions),
            *row_changes(
                DEADLINE_WORDS,
                past.deadlines,
                is_told_elsewhere=told_of_deadlines(past.deadlines, moved),
            ),
            *map(move_entry, past.moves),
            *outcome_entries(past.deadlines),
            *map(dismissal_entry, past.dismissals),
        ]
    )


def area_history(rows: Iterable[Any], years: Iterable[Any]) -> list[Entry]:
    """Tell what happened to an area and its years, from their history rows, newest first."""
    return newest_first([*row_changes(AREA_WORDS, rows), *row_changes(YEAR_WORDS, years)])


def principle_history(rows: Iterable[Any]) -> list[Entry]:
    """Tell what happened to a principle, from its history rows, newest first."""
    return newest_first(row_changes(PRINCIPLE_WORDS, rows))


def programme_history(programme: Programme) -> list[Entry]:
    """Tell what happened to the programme and its purposes, newest first. Two queries."""
    return newest_first(
        [
            *row_changes(PROGRAMME_WORDS, Programme.history.filter(id=programme.pk)),
            *row_changes(PURPOSE_WORDS, Purpose.history.filter(programme_id=programme.pk)),
        ]
    )


def move_entry(move: Any) -> Entry:
    """Say "Anna flyttede deadline for »Skabelon« fra marts 2026 til medio 2026 den …".

    `move` has the `action_title` that `sources/past.py` reads.
    """
    name, when = unbroken(move.by_name), f"den {danish.day(move.moved_on)}"
    what = f"»{move.action_title or move.old_wording or move.new_wording}«"
    old, new = move.old_term, move.new_term
    before = naming.words(old) if old else "ikke oplyst"
    days = naming.from_to(old, new)
    if move.cause == DeadlineMove.Cause.IMPORT:
        sentence = f"Deadline for {what} er i kilden flyttet {days}."
    elif move.cause == DeadlineMove.Cause.DECISION:
        decided, day = danish.day(move.moved_on), moment_day(move.recorded_at)
        known = "" if decided == day else f" (den {decided})"
        sentence = f"{name} registrerede den {day}, at {what} blev udsat{known} {days}."
    elif move.cause == DeadlineMove.Cause.CORRECTION:
        sentence = f"{name} rettede deadline for {what} {days} {when} (en fejl)."
    elif not new.has_days:
        sentence = (
            f"{name} fjernede datoen for {what} {when} (før: {before}, nu: {naming.words(new)})."
        )
    elif old and not old.has_days:
        sentence = (
            f"{name} satte deadline for {what} til {naming.named(new)} {when} (før: {before})."
        )
    else:
        sentence = f"{name} flyttede deadline for {what} {days} {when}."
    why = f" Begrundelse: {move.reason}" if move.reason else ""
    return Entry(move.recorded_at, move.pk, (Part(sentence + why),), "deadline")


def told_of_deadlines(
    rows: Sequence[Any], moved: Collection[tuple[int, int]]
) -> Callable[[Any, str], bool]:
    """Make the function that says of which fields of a deadline's history row another sentence
    tells: that of a move (`moved` are ids of deadlines with their versions) or of an outcome."""
    answered = {(row.id, row.version) for _, row in _changed_outcomes(rows)}

    def is_told(row: Any, name: str) -> bool:
        version = row.id, row.version
        return (name in MOVED_FIELDS and version in moved) or (
            name in OUTCOME_FIELDS and version in answered
        )

    return is_told


def outcome_entries(rows: Sequence[Any]) -> Iterator[Entry]:
    """Say "Anna registrerede den … udfaldet af forelæggelsen »X«: »Godkendt«. Bemærkning: …" of
    each change of an outcome in the history rows of deadlines."""
    for before, row in _changed_outcomes(rows):
        name, when = unbroken(row.actor_name), moment_day(row.history_date)
        what = f"udfaldet af forelæggelsen »{row.wording.translate(_INNER_QUOTES)}«"
        if not row.outcome:
            was = Outcome(before.outcome).label
            sentence = f"{name} slettede den {when} {what} (før: »{was}«)."
        else:
            day = danish.day(row.met_on)
            known = "" if day == when else f" (den {day})"
            verb = "ændrede" if before.outcome else "registrerede"
            sentence = f"{name} {verb} den {when} {what}: »{Outcome(row.outcome).label}«{known}."
            if row.outcome_remark:
                sentence += f" Bemærkning: {row.outcome_remark}"
        yield Entry(row.history_date, row.history_id, (Part(sentence),), "deadline")


def _changed_outcomes(rows: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the history rows with another outcome, remark or day of it than the version before
    them, which comes first."""
    by_version = {(row.id, row.version): row for row in rows}
    for row in rows:
        before = by_version.get((row.id, row.version - 1))
        if before is None or not (before.outcome or row.outcome):
            continue
        if any(getattr(before, name) != getattr(row, name) for name in OUTCOME_FIELDS):
            yield before, row


def dismissal_entry(row: Dismissal) -> Entry:
    """Say "Anna afviste den … advarslen »…«. Begrundelse: …", or that she took it back."""
    name, when = unbroken(row.by_name), moment_day(row.recorded_at)
    warning = f"advarslen »{row.sentence.removesuffix('.').translate(_INNER_QUOTES)}«"
    if row.withdraws_id:
        sentence = f"{name} fortrød den {when}, at {warning} var afvist."
    else:
        sentence = f"{name} afviste den {when} {warning}. Begrundelse: {row.reason}"
    return Entry(row.recorded_at, row.pk, (Part(sentence),), "initiativ")


def judgement_entry(update: StatusUpdate) -> Entry:
    """Say "Anna ændrede status fra … til … den …. Begrundelse: …"."""
    return Entry(update.recorded_at, update.pk, tuple(_judgement(update)), "status")


def _judgement(update: StatusUpdate) -> Iterator[Part]:
    name, when = unbroken(update.by_name), moment_day(update.recorded_at)
    new = Part(status=style_of(update.status_after))
    if update.cause == StatusUpdate.Cause.CORRECTION:
        yield Part(f"{name} trak bekræftelsen tilbage den {when}.")
        return
    if update.cause == StatusUpdate.Cause.CONFIRMATION:
        yield Part(f"Bekræftet uændret den {when} af {name}.")
        return
    if update.cause == StatusUpdate.Cause.IMPORT:
        yield from (Part("Status "), new, Part(" er indlæst fra kilden."))
    elif update.status_before is None:
        yield from (Part(f"{name} satte status til "), new)
        yield Part(f" den {when} (tidligere ikke oplyst).")
    elif update.status_before == update.status_after:
        yield from (Part(f"{name} vurderede status som "), new, Part(f" den {when}."))
    else:
        old = Part(status=style_of(update.status_before))
        yield from (Part(f"{name} ændrede status fra "), old, Part(" til "), new)
        yield Part(f" den {when}.")
    if update.deviates:
        words = ", ".join(Yardstick(value).label for value in update.deviates)
        yield Part(f" Afviger fra kommissoriet: {words}.")
    if update.reason:
        yield Part(f" Begrundelse: {update.reason}")
