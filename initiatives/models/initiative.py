"""The initiative and its indsatser."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from core.texts import PlainLineField, PlainTextField
from core.tracking import History, Tracked, TrackedQuerySet
from initiatives.models.judged import Judged
from plan.status import Status
from principles.models import ActionArea, Programme


class PlanQuerySet(TrackedQuerySet):
    """Rows of the plan, by programme and by what a user may do with them."""

    def of(self, programme: Programme) -> Self:
        """The rows that belong to `programme`."""
        return self.filter(**{self.model.PROGRAMME_PATH: programme})

    def under_live(self) -> Self:
        """The rows whose parents are all in the plan, themselves archived or not."""
        return self.filter(**{f"{parent}__archived_at": None for parent in self.model.PARENTS})

    def in_plan(self) -> Self:
        """The rows the plan shows: neither they nor what they stand under is archived."""
        return self.live().under_live()

    def _for(self, user: User, permission: Permission) -> Self:
        if user.is_superuser:
            return self
        programmes = user.programmes_with(permission)
        return self.filter(**{f"{self.model.PROGRAMME_PATH}__in": programmes})

    def visible_to(self, user: User) -> Self:
        """The rows in programmes whose live plan `user` may see."""
        return self._for(user, Permission.VIEW_PLAN)

    def editable_by(self, user: User) -> Self:
        """The rows in programmes whose plan `user` may edit."""
        return self._for(user, Permission.EDIT_PLAN)


class TermsOfReferenceState(models.TextChoices):
    """Kommissorium: what is known of an initiative's terms of reference."""

    UNKNOWN = "unknown", "Ikke oplyst"
    NOT_APPROVED = "not_approved", "Intet godkendt kommissorium"
    APPROVED = "approved", "Godkendt"


class Initiative(Judged):
    """Initiativ: what is judged each month. Its status is changed by `change_status` alone."""

    PROGRAMME_PATH = "area__principle__programme"
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
    report_text = PlainTextField(
        "tekst til statusopgørelsen", blank=True, help_text="Vises i statusopgørelsen."
    )
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "initiativ"
        verbose_name_plural = "initiativer"
        ordering = ("position", "id")
        indexes = [
            # Counted and put in order without reading the rows, which are long.
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
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_approved_terms(self) -> bool:
        """Whether an approved kommissorium is known; without one the status form says so."""
        return self.terms_of_reference == TermsOfReferenceState.APPROVED


class Action(Tracked):
    """Indsats: a piece of work within an initiative, in the words of the plan."""

    PROGRAMME_PATH = "initiative__area__principle__programme"
    PARENTS = ("initiative", "initiative__area", "initiative__area__principle")

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, verbose_name="initiativ", related_name="actions"
    )
    title = PlainTextField("indsats", max_length=1000)
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "indsats"
        verbose_name_plural = "indsatser"
        ordering = ("position", "id")
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="action_has_a_title")]

    def __str__(self) -> str:
        return self.title
