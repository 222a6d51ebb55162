"""Approve and publish an edition."""

from datetime import date, datetime
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction

from core import danish
from core.clock import local_day
from core.committed import note_commit
from core.tracking import Actor
from reports.models import Edition

# The formats without which an edition is not published; `files.FORMATS` makes them.
HANDED_OVER = frozenset({"pdf", "docx", "xlsx", "html", "csv", "json"})


def approve(edition: Edition, *, meeting_on: date, actor: Actor, at: datetime) -> None:
    """Record that the group approved the edition at its meeting.

    Raises ValidationError as `refuse_approval`, and by field when the meeting is still to come or
    was before the programme began.
    """
    refuse_approval(edition)
    if meeting_on > local_day(at):
        _refuse_meeting("Mødet ligger i fremtiden. Vælg en dato til og med i dag.")
    if meeting_on < edition.report.programme.starts_on:
        _refuse_meeting("Mødet ligger, før programmet begyndte. Vælg en senere dato.")
    _step(edition, "approved", {"approved_at_meeting_on": meeting_on}, actor, at)


def refuse_approval(edition: Edition) -> None:
    """Raise ValidationError when no meeting can approve the edition: it is approved already, or a
    newer edition has replaced it."""
    _refuse_superseded(edition)
    if edition.approved_at:
        raise ValidationError(_already("godkendt"))


def next_step(edition: Edition) -> str:
    """Say how far an edition that is not published has come, and what comes next; "" for one that
    is published."""
    if edition.published_at:
        return ""
    if edition.approved_at:
        return f"Udgave {edition.number} er godkendt. Næste trin: offentliggørelse."
    meeting = f"mødet den {danish.day(edition.meeting_on)}" if edition.meeting_on else "næste møde"
    return f"Udgave {edition.number} er låst. Næste trin: godkendelse på {meeting}."


def publish(edition: Edition, *, actor: Actor, at: datetime) -> None:
    """Publish an approved edition to the forum.

    Raises ValidationError when it is not approved, is published already, lacks files, or needs a
    second pair of eyes and `actor` is the one who locked it.
    """
    _refuse_superseded(edition)
    if edition.approved_at is None:
        raise ValidationError("Udgaven skal være godkendt, før den offentliggøres.")
    programme = edition.report.programme
    if programme.needs_second_pair_of_eyes and edition.frozen_by_id == getattr(
        actor.user, "pk", None
    ):
        raise ValidationError("Du har selv låst udgaven. En anden skal offentliggøre den.")
    if HANDED_OVER - set(edition.files.values_list("format", flat=True)):
        raise ValidationError("Udgaven mangler filer. Tryk »Prøv igen«, før du offentliggør den.")
    _step(edition, "published", {}, actor, at)


def _already(done: str) -> str:
    return f"Udgaven er allerede {done}."


def _refuse_meeting(sentence: str) -> NoReturn:
    raise ValidationError({"meeting_on": sentence})


def _refuse_superseded(edition: Edition) -> None:
    newer = edition.report.editions.filter(number__gt=edition.number)
    if newest := newer.order_by("-number").without_document().first():
        raise ValidationError(f"Udgaven er afløst af udgave {newest.number}.")


def _step(edition: Edition, step: str, values: dict[str, Any], actor: Actor, at: datetime) -> None:
    """Fill in a step's columns once, under the row's lock."""
    with transaction.atomic():
        row = Edition.objects.select_for_update().get(pk=edition.pk)
        if getattr(row, f"{step}_at") is not None:
            done = {"approved": "godkendt", "published": "offentliggjort"}[step]
            raise ValidationError(_already(done))
        values |= {f"{step}_at": at, f"{step}_by": actor.user, f"{step}_by_name": actor.name}
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        note_commit()
