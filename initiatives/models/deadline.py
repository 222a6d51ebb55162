"""A deadline: its wording, its days and what it says."""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.texts import PlainTextField
from core.tracking import History
from initiatives.models.fact import DEADLINE_KINDS
from initiatives.models.initiative import Action, Initiative
from initiatives.models.movable import Movable
from initiatives.models.plan_row import PlanQuerySet
from plan.fact import DATED, MAY_BE_MET, PROMISES, Fact


class DeadlineQuerySet(PlanQuerySet):
    """Deadlines of the plan, by when they fall due. `on` is today."""

    def _open(self) -> Self:
        """Keep those in the plan that are not met, and whose initiative and indsats are not on
        pause."""
        pauses = self.model.objects.live().filter(fact=Fact.PAUSED)
        pauses = pauses.filter(initiative=OuterRef("initiative"))
        of_same_work = Q(action=None) | Q(action=OuterRef("action"))
        return self.in_plan().filter(met_on=None).exclude(Exists(pauses.filter(of_same_work)))

    def overdue(self, on: date) -> Self:
        """Keep Overskredne: deadlines whose last day lies before `on`."""
        return self._open().filter(fact=Fact.DEADLINE, ends_on__lt=on)

    def unanswered(self, on: date) -> Self:
        """Keep Forelagt uden resultat: presentations whose last day lies before `on`."""
        return self._open().filter(fact=Fact.PRESENTATION, ends_on__lt=on)

    def due_between(self, first: date, last: date) -> Self:
        """Keep the promises whose days overlap those from `first` to `last`; a promise that only
        has a last day counts as that one day."""
        begun = Q(starts_on__lte=last) | Q(starts_on=None, ends_on__lte=last)
        return self._open().filter(begun, fact__in=PROMISES, ends_on__gte=first)

    def by_due(self) -> Self:
        """Order by last day, then first day, those without a day last; then as in the plan."""
        days = (F(name).asc(nulls_last=True) for name in ("ends_on", "starts_on"))
        rows = (*(f"{parent}__" for parent in reversed(Deadline.PARENTS)), "")
        return self.order_by(*days, *(row + name for row in rows for name in ("position", "id")))


class Deadline(Movable):
    """Deadline: one wording of the Deadline column, kept exactly as the secretariat wrote it."""

    PROGRAMME_PATH = "initiative__area__principle__programme"
    INITIATIVE_PATH = "initiative"
    PARENTS = ("initiative", "initiative__area", "initiative__area__principle")

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiativ", related_name="deadlines"
    )
    action = models.ForeignKey(
        Action,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="indsats",
        related_name="deadlines",
        help_text="Lad feltet stå tomt, når det gælder hele initiativet.",
    )
    since = models.DateField("siden", null=True, blank=True)
    detail = PlainTextField(
        "uddybning",
        blank=True,
        max_length=300,
        help_text="Kun for pause og afventer: hvilken beslutning, eller hvad der afventes.",
    )
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "deadline"
        verbose_name_plural = "deadlines"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(wording=""), name="deadline_has_a_wording"),
            models.CheckConstraint(
                condition=Q(fact__in=Fact.values), name="deadline_fact_is_known"
            ),
            models.CheckConstraint(
                condition=Q(fact__in=[Fact.PAUSED.value, Fact.WAITING.value])
                | (Q(since=None) & Q(detail="")),
                name="only_pause_and_waiting_have_since_and_detail",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DEADLINE_KINDS), name="deadline_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="deadline_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(fact__in=[fact.value for fact in DATED])
                | Q(starts_on=None, ends_on=None),
                name="only_dated_facts_have_days",
            ),
            models.CheckConstraint(
                condition=Q(fact__in=[fact.value for fact in MAY_BE_MET]) | Q(met_on=None),
                name="only_promises_and_completions_are_met",
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    def clean(self) -> None:
        """Refuse an indsats of another initiative, details that the fact does not have, and days
        that contradict it."""
        if self.action is not None and self.action.initiative_id != self.initiative_id:
            raise ValidationError({"action": "Vælg en indsats under det samme initiativ."})
        if self.fact not in (Fact.PAUSED, Fact.WAITING) and (self.since or self.detail):
            raise ValidationError(
                {"detail": "Uddybning og dato bruges kun til »På pause« og »Afventer«."}
            )
        self.clean_days()
