"""The initiative and its indsatser."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.first_of_month import IsFirstOfMonth
from core.texts import PlainLineField, PlainTextField
from core.tracking import History
from initiatives.models.judged import Judged
from initiatives.models.plan_row import PlanQuerySet, PlanRow
from plan.status import Status
from principles.models import ActionArea, Programme


class TermsOfReferenceState(models.TextChoices):
    """Kommissorium: what is known of an initiative's terms of reference."""

    UNKNOWN = "unknown", "Ikke oplyst"
    NOT_APPROVED = "not_approved", "Intet godkendt kommissorium"
    APPROVED = "approved", "Godkendt"


class InitiativeQuerySet(PlanQuerySet):
    """A queryset of initiatives."""

    def led_by(self, user: User) -> Self:
        """Keep the initiatives whose tovholder is `user`."""
        return self.filter(lead=user)


class Initiative(Judged):
    """Initiativ: it is judged each month. Only `change_status` changes its status.

    The tovholder (`lead`) answers for it, and the kontaktperson (`contact`) knows about it. They
    are users, and no part of the plan document: a locked edition names nobody.
    """

    PROGRAMME_PATH = "area__principle__programme"
    INITIATIVE_PATH = "id"
    PARENTS = ("area", "area__principle")

    area = models.ForeignKey(
        ActionArea, models.PROTECT, verbose_name="indsatsområde", related_name="initiatives"
    )
    title = PlainLineField("titel")
    position = models.FloatField("plads")
    terms_of_reference = models.CharField(
        "kommissorium",
        max_length=20,
        choices=TermsOfReferenceState.choices,
        default=TermsOfReferenceState.UNKNOWN,
    )
    source_note = PlainTextField("note om kilden", blank=True)
    lead = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name="tovholder",
        null=True,
        blank=True,
        related_name="initiatives_led",
    )
    contact = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name="kontaktperson",
        null=True,
        blank=True,
        related_name="initiatives_known",
    )

    history = History()
    objects: ClassVar[Any] = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = "initiativ"
        verbose_name_plural = "initiativer"
        ordering = ("position", "id")
        indexes = [
            # Initiatives are counted and put in order without reading their rows, which are long.
            models.Index(
                fields=["area", "archived_at", "position", "status"], name="initiatives_of_area"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=None) | Q(status__in=Status.values),
                name="initiative_status_is_one_of_the_six",
            ),
            models.CheckConstraint(
                condition=Q(terms_of_reference__in=TermsOfReferenceState.values),
                name="terms_of_reference_state_is_known",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="initiative_has_a_title"),
            models.CheckConstraint(
                condition=Q(report_text_month=None) | Q(IsFirstOfMonth("report_text_month")),
                name="report_text_month_is_first_of_month",
            ),
            models.CheckConstraint(
                condition=Q(ask_month=None) | Q(IsFirstOfMonth("ask_month")),
                name="ask_month_is_first_of_month",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def note_changes(self, changed: Collection[str]) -> None:
        """Note that a changed report text or question is written for the month that is reported."""
        texts = [name for name in ("report_text", "ask") if name in changed]
        if texts:
            programmes = Programme.objects.filter(principles__areas=self.area_id)
            self.date_texts(texts, programmes.values_list("reporting_month", flat=True)[0])

    @property
    def has_approved_terms(self) -> bool:
        """Whether an approved kommissorium is known; without one the status form says so."""
        return self.terms_of_reference == TermsOfReferenceState.APPROVED


class Action(PlanRow):
    """Indsats: a piece of work within an initiative, in the words of the plan."""

    PROGRAMME_PATH = "initiative__area__principle__programme"
    INITIATIVE_PATH = "initiative"
    PARENTS = ("initiative", "initiative__area", "initiative__area__principle")

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiativ", related_name="actions"
    )
    title = PlainTextField("indsats", max_length=1000)
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()

    class Meta:
        verbose_name = "indsats"
        verbose_name_plural = "indsatser"
        ordering = ("position", "id")
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="action_has_a_title")]

    def __str__(self) -> str:
        return self.title

    def obstacle_to_archiving(self) -> str:
        """Return the sentence when deadlines in the plan still name the indsats."""
        if self.deadlines.live().exists():
            return "Indsatsen har deadlines. Arkivér dem, eller ret, hvad de gælder, først."
        return ""
