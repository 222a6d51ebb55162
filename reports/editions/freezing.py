"""Lock a month: store the plan as one value, read in one consistent transaction.

Nothing is rendered here: files are made afterwards, from the locked document alone.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, Q, Subquery

from core.clock import local_day
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

# How many times locking is tried when others write the rows it points to, or lock first.
MAX_LOCKING_ATTEMPTS = 10


class PlanChanged(Exception):
    """The plan or its editions changed after the form was made, so that its `basis` is outdated."""


@dataclass(frozen=True)
class Candidate:
    """What would be locked now: the number it would get, the document, the edition that it is
    compared with and the sentences of the change text."""

    number: int
    document: PlanDocument
    compared_with: Edition | None
    sentences: tuple[Sentence, ...]
    report_id: int | None
    corrects: Edition | None
    # The newest edition in the chain, of any programme.
    newest: Edition | None = None

    @property
    def wordings(self) -> dict[str, str]:
        """The sentences that a form opens with, by change: those of the edition that is corrected
        where the same was proposed then, else those proposed now."""
        locked = self.corrects.sentences if self.corrects else []
        edited = {(s["id"], s["proposed"]): s["text"] for s in locked}
        return {s.change_id: edited.get((s.change_id, s.text), s.text) for s in self.sentences}

    @property
    def left_out(self) -> frozenset[str]:
        """The changes that a form opens without: those that the edition that is corrected left out,
        where the same was proposed then."""
        locked = self.corrects.sentences if self.corrects else []
        without = {(s["id"], s["proposed"]) for s in locked if not is_taken(s)}
        return frozenset(s.change_id for s in self.sentences if (s.change_id, s.text) in without)

    @property
    def basis(self) -> str:
        """A hash of what a form was made from. It is the same as long as the plan says the same.

        The day is left out: nobody has to read the sentences again because it is past midnight.
        """
        before = self.compared_with.pk if self.compared_with else None
        sentences = [(sentence.change_id, sentence.text) for sentence in self.sentences]
        undated = replace(self.document, drawn_up_on=self.document.month).to_json()
        basis = repr((self.number, before, sentences, undated))
        return hashlib.sha256(basis.encode()).hexdigest()


def candidate(programme: Programme, *, month: date, on: date) -> Candidate:
    """Make what would be locked of `month` on the day `on`. Eight queries."""
    latest, before, newest = _newest_editions(programme, month)
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


def _newest_editions(
    programme: Programme, month: date
) -> tuple[Edition | None, Edition | None, Edition | None]:
    """Read the newest edition of `month`, that of an earlier month, and that of the whole chain, in
    one query."""
    editions = Edition.objects.of(programme).newest_first()
    in_chain = Edition.objects.order_by(F("chain_number").desc(nulls_last=True), "-pk")
    sources = (
        editions.filter(report__month=month),
        editions.filter(report__month__lt=month),
        in_chain,
    )
    is_newest = Q()
    for editions in sources:
        is_newest |= Q(pk=Subquery(editions.values("pk")[:1]))
    newest = list(Edition.objects.filter(is_newest).select_related("report").newest_first())
    of_programme = [edition for edition in newest if edition.report.programme_id == programme.pk]
    chained = sorted(newest, key=lambda edition: (edition.chain_number or 0, edition.pk))
    return (
        next((edition for edition in of_programme if edition.report.month == month), None),
        next((edition for edition in of_programme if edition.report.month < month), None),
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
    left_out: Collection[str] = (),
) -> Edition:
    """Lock `month` as its next edition. `wordings` are the change text's sentences as edited, by
    change, and `left_out` the changes whose sentence the report goes without; `basis` is that of
    the candidate they were written for, or None to lock the plan whatever it says.

    Raises PlanChanged when the plan says something else now, ValidationError (a dict by field)
    when the correction or a sentence is missing. Nothing is written then.
    """
    for attempts_left in reversed(range(MAX_LOCKING_ATTEMPTS)):
        try:
            return _lock(
                programme, month, basis, wordings, left_out, meeting_on, correction, actor, at
            )
        except IntegrityError as error:
            if "chain" in str(error) and attempts_left:
                continue  # another programme was locked just now: this edition follows that one
            if "unique" not in str(error).casefold():
                raise
            raise PlanChanged from error  # somebody else locked the same edition just now
        except OperationalError as error:
            # A row that the edition points to (its programme, the edition before) was written after
            # this transaction began. PostgreSQL refuses then, and a new transaction may succeed.
            if getattr(error.__cause__, "sqlstate", "") != "40001" or not attempts_left:
                raise
    raise AssertionError("Each attempt returns or raises.")


def _lock(
    programme: Programme,
    month: date,
    basis: str | None,
    wordings: Mapping[str, str],
    left_out: Collection[str],
    meeting_on: date | None,
    correction: str,
    actor: Actor,
    at: datetime,
) -> Edition:
    """Make one attempt of `freeze`."""
    day = local_day(at)
    with one_moment():
        # The caller read the programme earlier: it may have changed by this moment.
        programme = Programme.objects.get(pk=programme.pk)
        current = candidate(programme, month=month, on=day)
        if basis not in (None, current.basis):
            raise PlanChanged
        correction, sentences = _checked_texts(current, correction, wordings, left_out)
        document = current.document.to_json()
        edition = Edition(
            report=_report(programme, month, current.report_id),
            number=current.number,
            document=document,
            sha256=hashlib.sha256(document.encode()).hexdigest(),
            schema=current.document.schema,
            drawn_up_on=day,
            meeting_on=meeting_on,
            compared_with=current.compared_with,
            sentences=sentences,
            correction=correction,
            basis=current.basis,
            frozen_at=at,
            frozen_by=actor.user,
            frozen_by_name=actor.name,
        )
        edition.chain_number, edition.link = chain.link_after(current.newest)
        edition.seal = edition.make_seal()
        edition.save(force_insert=True)
        note_commit()
        # The job is stored with the edition, so that its files are made whatever happens next.
        EditionRendering(edition=edition, queued_at=at).save(force_insert=True)
    return edition


@contextmanager
def one_moment() -> Iterator[None]:
    """Open a transaction that sees the database as it is at one moment.

    PostgreSQL needs REPEATABLE READ for that; SQLite's IMMEDIATE transaction lets nobody else
    write.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _report(programme: Programme, month: date, pk: int | None) -> StatusReport:
    """Return the month's report; its first edition creates it."""
    report = StatusReport(pk=pk, programme=programme, month=month)
    if pk is None:
        report.save(force_insert=True)
    return report


def _checked_texts(
    current: Candidate, correction: str, wordings: Mapping[str, str], left_out: Collection[str]
) -> tuple[str, list[dict[str, Any]]]:
    """Return the correction ("" in a first edition) and the sentences to lock, as proposed or as
    edited. Raises ValidationError, which names every field that is empty or invalid."""
    errors: dict[str, list[str]] = {}
    try:
        correction = CORRECTION.clean(correction, None) if current.number > 1 else ""
        if current.number > 1 and not correction:
            raise ValidationError("Skriv, hvad der er rettet i udgaven.")
    except ValidationError as error:
        errors["correction"] = error.messages
    sentences = []
    for sentence in current.sentences:
        is_in = sentence.change_id not in left_out
        text = wordings.get(sentence.change_id, sentence.text)
        try:
            # The report does not show a sentence that is left out, so it may be empty.
            text = SENTENCE.clean(text if is_in else text.strip() or sentence.text, None)
        except ValidationError as error:
            errors[sentence.change_id] = error.messages
        locked = {"id": sentence.change_id, "proposed": sentence.text, "text": text}
        sentences.append(locked | {"taken": is_in})
    if errors:
        raise ValidationError(errors)
    return correction, sentences


def is_taken(sentence: Mapping[str, Any]) -> bool:
    """Whether the report has the locked sentence: ticked, or from before there were ticks."""
    return bool(sentence.get("taken", True))


def facts(edition: Edition) -> EditionFacts:
    """Collect what a rendering says of the edition besides its document."""
    return EditionFacts(
        number=edition.number,
        locked_on=local_day(edition.frozen_at),
        meeting_on=edition.meeting_on,
        correction=edition.correction,
        code=control_code(edition.code),
        sentences=tuple(sentence["text"] for sentence in edition.sentences if is_taken(sentence)),
    )


def earlier(edition: Edition) -> Earlier | None:
    """Return the edition that `edition` is compared with, as reports need it."""
    before = edition.compared_with
    return as_earlier(before) if before else None


def as_earlier(edition: Edition) -> Earlier:
    """Make what a report needs of an edition that it is compared with."""
    return Earlier(edition_name(edition), edition.plan())


def control_code(sha256: str) -> str:
    """Write the first half of a SHA-256 in groups of four, to be read aloud and compared."""
    return " ".join(sha256[start : start + 4] for start in range(0, 32, 4))
