"""Locking a month: the plan as one value, in one consistent transaction (RELIABILITY, "Freezing").

Nothing is rendered here: files are made afterwards, from the locked document alone.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, Q, Subquery

from core.clock import COPENHAGEN
from core.committed import note_commit
from core.texts import PlainTextField
from core.tracking import Actor
from initiatives.sources.live import build_live
from plan.document import PlanDocument
from principles.models import Programme
from reports.addresses import edition_name
from reports.comparison.change_text import Sentence, change_text
from reports.comparison.diff import diff
from reports.editions import chain
from reports.models import Edition, EditionRendering, StatusReport
from reports.report.parts import Earlier, EditionFacts

SENTENCE = PlainTextField("sætningen", max_length=2000)
CORRECTION: Any = Edition._meta.get_field("correction")

# How often locking begins again when others write what it points to, or lock before us.
ATTEMPTS = 10


class PlanChanged(Exception):
    """The plan or its editions changed after the writer looked; `basis` is another now."""


@dataclass(frozen=True)
class Candidate:
    """What would be locked now: the number it would get, the document, the edition it is
    compared with and the sentences of the change text."""

    number: int
    document: PlanDocument
    compared_with: Edition | None
    sentences: tuple[Sentence, ...]
    report_id: int | None
    corrects: Edition | None
    # The newest edition in the chain, of whatever programme.
    newest: Edition | None = None

    @property
    def wordings(self) -> dict[str, str]:
        """The sentences as a form opens with them, by change: as the edition that is corrected
        has them where the same was proposed then, else as proposed now."""
        locked = self.corrects.sentences if self.corrects else []
        kept = {(s["id"], s["proposed"]): s["text"] for s in locked}
        return {s.change_id: kept.get((s.change_id, s.text), s.text) for s in self.sentences}

    @property
    def basis(self) -> str:
        """The same as long as the plan says the same: what a form was made from.

        The day is left out: nobody has to read the sentences again because it is past midnight.
        """
        before = self.compared_with.pk if self.compared_with else None
        said = [(sentence.change_id, sentence.text) for sentence in self.sentences]
        undated = replace(self.document, drawn_up_on=self.document.month).to_json()
        return hashlib.sha256(repr((self.number, before, said, undated)).encode()).hexdigest()


def candidate(programme: Programme, *, month: date, on: date) -> Candidate:
    """What locking `month` on the day `on` would give. Eight queries."""
    latest, before, newest = _known(programme, month)
    document = build_live(programme, month=month, on=on).document
    sentences: tuple[Sentence, ...] = ()
    if before is not None:
        sentences = change_text(diff(before.plan(), document))
    return Candidate(
        number=latest.number + 1 if latest else 1,
        document=document,
        compared_with=before,
        sentences=sentences,
        report_id=latest.report_id if latest else None,
        corrects=latest,
        newest=newest,
    )


def _known(
    programme: Programme, month: date
) -> tuple[Edition | None, Edition | None, Edition | None]:
    """The newest edition of `month`, that of an earlier month, and that of the whole chain. One
    query: what is read of one is read of all."""
    editions = Edition.objects.of(programme).newest_first()
    in_chain = Edition.objects.order_by(F("chain_number").desc(nulls_last=True), "-pk")
    asked = (
        editions.filter(report__month=month),
        editions.filter(report__month__lt=month),
        in_chain,
    )
    is_asked = Q()
    for editions in asked:
        is_asked |= Q(pk=Subquery(editions.values("pk")[:1]))
    found = list(Edition.objects.filter(is_asked).select_related("report").newest_first())
    mine = [edition for edition in found if edition.report.programme_id == programme.pk]
    chained = sorted(found, key=lambda edition: (edition.chain_number or 0, edition.pk))
    return (
        next((edition for edition in mine if edition.report.month == month), None),
        next((edition for edition in mine if edition.report.month < month), None),
        chained[-1] if chained else None,
    )


def freeze(
    programme: Programme,
    *,
    month: date,
    basis: str | None,
    wordings: Mapping[str, str],
    meeting_on: date | None,
    correction: str,
    actor: Actor,
    at: datetime,
) -> Edition:
    """Lock `month` as its next edition. `wordings` are the change text's sentences as edited, by
    change; `basis` is that of the candidate they were written for, None locks whatever stands.

    Raises PlanChanged when the plan says something else now, ValidationError (a dict by field)
    when the correction or a sentence is missing. Nothing is written then.
    """
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            return _lock(programme, month, basis, wordings, meeting_on, correction, actor, at)
        except IntegrityError as error:
            if "chain" in str(error) and attempts_left:
                continue  # another programme was locked just now: ours follows that one
            if "unique" not in str(error).casefold():
                raise
            raise PlanChanged from error  # somebody else locked the same edition just now
        except OperationalError as error:
            # What the edition points to (its programme, the edition before) was written after our
            # moment: PostgreSQL refuses then, and a new moment will do.
            if getattr(error.__cause__, "sqlstate", "") != "40001" or not attempts_left:
                raise
    raise AssertionError("Each attempt returns or raises.")


def _lock(
    programme: Programme,
    month: date,
    basis: str | None,
    wordings: Mapping[str, str],
    meeting_on: date | None,
    correction: str,
    actor: Actor,
    at: datetime,
) -> Edition:
    """One attempt of `freeze`."""
    day = at.astimezone(COPENHAGEN).date()
    with one_moment():
        # As it is at this moment too: the caller read it earlier.
        programme = Programme.objects.get(pk=programme.pk)
        found = candidate(programme, month=month, on=day)
        if basis not in (None, found.basis):
            raise PlanChanged
        correction, worded = _typed(found, correction, wordings)
        document = found.document.to_json()
        edition = Edition(
            report=_report(programme, month, found.report_id),
            number=found.number,
            document=document,
            sha256=hashlib.sha256(document.encode()).hexdigest(),
            schema=found.document.schema,
            drawn_up_on=day,
            meeting_on=meeting_on,
            compared_with=found.compared_with,
            sentences=worded,
            correction=correction,
            basis=found.basis,
            frozen_at=at,
            frozen_by=actor.user,
            frozen_by_name=actor.name,
        )
        edition.chain_number, edition.link = chain.link_after(found.newest)
        edition.seal = edition.make_seal()
        edition.save(force_insert=True)
        note_commit()
        # With it or not at all: whatever happens next, somebody makes its files.
        EditionRendering(edition=edition, queued_at=at).save(force_insert=True)
    return edition


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that sees the database as it is at one moment.

    PostgreSQL needs REPEATABLE READ for that; SQLite's IMMEDIATE transaction lets nobody write.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _report(programme: Programme, month: date, pk: int | None) -> StatusReport:
    """The month's report, which its first edition makes."""
    report = StatusReport(pk=pk, programme=programme, month=month)
    if pk is None:
        report.save(force_insert=True)
    return report


def _typed(
    found: Candidate, correction: str, wordings: Mapping[str, str]
) -> tuple[str, list[dict[str, str]]]:
    """The correction (none in a first edition) and the sentences as they are locked: edited where
    somebody has, none left empty. ValidationError names every field that can't stand."""
    errors: dict[str, list[str]] = {}
    try:
        correction = CORRECTION.clean(correction, None) if found.number > 1 else ""
        if found.number > 1 and not correction:
            raise ValidationError("Skriv, hvad der er rettet i udgaven.")
    except ValidationError as error:
        errors["correction"] = error.messages
    worded = []
    for sentence in found.sentences:
        text = wordings.get(sentence.change_id, sentence.text)
        try:
            text = SENTENCE.clean(text, None)
        except ValidationError as error:
            errors[sentence.change_id] = error.messages
        worded.append({"id": sentence.change_id, "proposed": sentence.text, "text": text})
    if errors:
        raise ValidationError(errors)
    return correction, worded


def facts(edition: Edition) -> EditionFacts:
    """What a rendering says of the edition beside its document."""
    return EditionFacts(
        number=edition.number,
        locked_on=edition.frozen_at.astimezone(COPENHAGEN).date(),
        meeting_on=edition.meeting_on,
        correction=edition.correction,
        code=control_code(edition.code),
        sentences=tuple(sentence["text"] for sentence in edition.sentences),
    )


def earlier(edition: Edition) -> Earlier | None:
    """The edition that `edition` is compared with."""
    before = edition.compared_with
    return as_earlier(before) if before else None


def as_earlier(edition: Edition) -> Earlier:
    """An edition as one that a report is compared with."""
    return Earlier(edition_name(edition), edition.plan())


def control_code(sha256: str) -> str:
    """The first half of a SHA-256 in groups of four, to be read aloud and compared."""
    return " ".join(sha256[start : start + 4] for start in range(0, 32, 4))
