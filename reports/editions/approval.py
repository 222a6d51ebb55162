"""Approve and publish an edition."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.clock import local_day
from core.committed import note_commit
from core.tracking import Actor
from reports.models import Edition

# The formats without which an edition is not published; `files.FORMATS` makes them.
HANDED_OVER = frozenset({"pdf", "docx", "xlsx", "html", "csv", "json"})


def approve(edition: Edition, *, meeting_on: date, actor: Actor, at: datetime) -> None:
    """Record that the group approved the edition at its meeting.

    Raises ValidationError when it is approved already, when the meeting is still to come or was
    before the programme began, and when a newer edition has replaced it.
    """
    if meeting_on > local_day(at):
        raise ValidationError("Mødet ligger i fremtiden. Vælg en dato til og med i dag.")
    if meeting_on < edition.report.programme.starts_on:
        raise ValidationError("Mødet ligger, før programmet begyndte.")
    _refuse_superseded(edition)
    _step(edition, "approved", {"approved_at_meeting_on": meeting_on}, actor, at)


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
        raise ValidationError("Udgaven skal offentliggøres af en anden end den, der har låst den.")
    if HANDED_OVER - set(edition.files.values_list("format", flat=True)):
        raise ValidationError("Udgaven mangler filer. Dan dem, før den offentliggøres.")
    _step(edition, "published", {}, actor, at)


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
            raise ValidationError(f"Udgaven er allerede {done}.")
        values |= {f"{step}_at": at, f"{step}_by": actor.user, f"{step}_by_name": actor.name}
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        note_commit()
