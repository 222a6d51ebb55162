"""A deadline: its wording, its days and what it says."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core.first_of_month import IsFirstOfMonth
from core.texts import PlainTextField
from core.tracking import History
from initiatives.models.fact import DEADLINE_KINDS
from initiatives.models.initiative import Action, Initiative
from initiatives.models.movable import Movable
from plan.fact import DATED, MAY_BE_MET, Fact, Outcome
from principles.models import Programme


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
            models.CheckConstraint(
                condition=Q(outcome__in=["", *Outcome.values]), name="outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_remark="")
                | Q(fact=Fact.PRESENTATION.value, met_on__isnull=False) & ~Q(outcome=""),
                name="outcome_is_of_a_presentation_and_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(added_month=None) | Q(IsFirstOfMonth("added_month")),
                name="added_month_is_first_of_month",
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    def note_changes(self, changed: Collection[str]) -> None:
        """Note the month that is reported when the deadline is written, and drop an outcome that
        has lost its day."""
        self.drop_outcome()
        if self._state.adding:
            programmes = Programme.objects.filter(principles__areas__initiatives=self.initiative_id)
            self.added_month = programmes.values_list("reporting_month", flat=True).first()

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
