"""The stable frame: the programme, its purposes, principles, areas and municipalities."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models

from core import writing
from core.first_of_month import IsFirstOfMonth
from core.months import next_month, previous_month
from core.texts import BAD_YEAR, YEARS, PlainLineField, PlainTextField
from core.tracking import Actor, History, Tracked, TrackedQuerySet
from principles.revision import plan_revision

BEGINS_TOO_LATE = "Programmet begynder efter rapporteringsmåneden."


class ProgrammeQuerySet(TrackedQuerySet):
    """A queryset of programmes, filtered by who may see them."""

    def with_revision(self) -> "ProgrammeQuerySet":
        """Each with the plan's `revision` and `plan_changes`. No query more."""
        return self.annotate(**plan_revision())

    def for_member(self, user: Any) -> "ProgrammeQuerySet":
        """Keep the programmes `user` is a member of; every programme for a superuser."""
        if user.is_superuser:
            return self
        return self.filter(memberships__user=user, memberships__archived_at=None)


class FrameQuerySet(TrackedQuerySet):
    """A queryset of rows of the frame."""

    def of(self, programme: "Programme") -> "FrameQuerySet":
        """Keep the rows that belong to `programme`."""
        return self.filter(**{self.model.PROGRAMME_PATH: programme})


class Programme(Tracked):
    """Udviklingsprogram: what the municipalities develop together, with its reporting month."""

    shapes_the_plan = True

    title = PlainLineField("titel")
    authority = PlainLineField("aftale", help_text="Fx »Rammeaftale Sjælland«.")
    starts_on = models.DateField("begynder")
    reporting_month = models.DateField(
        "rapporteringsmåned",
        help_text="Den måned, status sættes for nu. Skriv den første dag i måneden.",
    )
    top_level_label = PlainLineField("øverste niveau", default="Princip")
    top_level_label_plural = PlainLineField("øverste niveau i flertal", default="Principper")
    next_meeting_on = models.DateField(
        "næste møde",
        null=True,
        blank=True,
        help_text="Den dag, Implementeringsgruppen mødes næste gang. Fristerne regnes fra den.",
    )
    uses_contacts = models.BooleanField(
        "tovholdere er med",
        default=False,
        help_text="Så kan et initiativs tovholder rette dets status, og den, der mangler at gøre "
        "det, får en påmindelse inden mødet.",
    )
    contact_email = models.EmailField("sekretariatets e-mail", blank=True)
    needs_second_pair_of_eyes = models.BooleanField(
        "to skal være om at offentliggøre",
        default=False,
        help_text="Så kan den, der har låst en udgave, ikke selv offentliggøre den.",
    )
    position = models.FloatField("plads", default=1)
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "udviklingsprogram"
        verbose_name_plural = "udviklingsprogrammer"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="programme_has_a_title"),
            models.CheckConstraint(
                condition=IsFirstOfMonth("reporting_month"),
                name="reporting_month_is_first_of_month",
                violation_error_message="Rapporteringsmåneden skal være den første i en måned.",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("reporting_month")),
                name="programme_starts_before_it_reports",
                violation_error_message=BEGINS_TOO_LATE,
            ),
            models.CheckConstraint(
                condition=models.Q(next_meeting_on=None)
                | models.Q(next_meeting_on__gte=models.F("starts_on")),
                name="next_meeting_is_after_the_programme_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def begin_month(
        self, month: date, *, version: int | None, actor: Actor, reason: str, at: datetime
    ) -> writing.Saved[Self]:
        """Report `month` from now on, which is the one after the present month, or the one before
        it. Does nothing when it is reported already.

        Raises ValidationError for any other month and when a later month is judged, StaleVersion,
        VersionMissing.
        """
        neighbours = previous_month(self.reporting_month), next_month(self.reporting_month)
        if month not in (self.reporting_month, *neighbours):
            raise ValidationError("Der kan ikke springes en måned over.")
        changes = {"reporting_month": month}
        return writing.change(self, changes, version=version, actor=actor, reason=reason, at=at)

    def clean(self) -> None:
        """Refuse a meeting that can't be meant, and a reporting month that is earlier than a month
        with judgements: the current status would then belong to another month than the reporting
        month."""
        self._refuse_odd_meeting()
        later = {"areas__initiatives__updates__month__gt": self.reporting_month}
        if not self.reporting_month or not self.starts_on:
            return
        if self.reporting_month < self.starts_on:
            # A form without the reporting month does not validate the constraint.
            raise ValidationError({"starts_on": BEGINS_TOO_LATE})
        if not self.pk:
            return
        goes_back = Programme.objects.filter(pk=self.pk, reporting_month__gt=self.reporting_month)
        if goes_back.exists() and self.principles.filter(**later).exists():
            raise ValidationError(
                {"reporting_month": "Der er registreret status for en senere måned."}
            )

    def _refuse_odd_meeting(self) -> None:
        day = self.next_meeting_on
        if day and day.year not in YEARS:
            raise ValidationError({"next_meeting_on": BAD_YEAR})
        if day and self.starts_on and day < self.starts_on:
            raise ValidationError(
                {"next_meeting_on": "Mødet ligger, før programmet begyndte. Vælg en senere dato."}
            )


class Purpose(Tracked):
    """Formål: what the programme is for, in the words of the implementation strategy."""

    shapes_the_plan = True

    PROGRAMME_PATH = "programme"

    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name="udviklingsprogram", related_name="purposes"
    )
    title = PlainLineField("titel")
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = FrameQuerySet.as_manager()

    class Meta:
        verbose_name = "formål"
        verbose_name_plural = "formål"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="purpose_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Principle(Tracked):
    """Princip: one of the shared principles, the top level of the plan."""

    shapes_the_plan = True

    PROGRAMME_PATH = "programme"

    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name="udviklingsprogram", related_name="principles"
    )
    title = PlainLineField("titel")
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = FrameQuerySet.as_manager()

    class Meta:
        verbose_name = "princip"
        verbose_name_plural = "principper"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="principle_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class ActionArea(Tracked):
    """Indsatsområde: a commitment under a principle ("Vi …")."""

    shapes_the_plan = True

    PROGRAMME_PATH = "principle__programme"

    principle = models.ForeignKey(
        Principle, models.PROTECT, verbose_name="princip", related_name="areas"
    )
    title = PlainLineField("titel", max_length=500)
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = FrameQuerySet.as_manager()

    class Meta:
        verbose_name = "indsatsområde"
        verbose_name_plural = "indsatsområder"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="area_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeYear(Tracked):
    """Programår: an area's membership of a year's programme, with its number there.

    It says that the area is part of that year's programme, not that it began then. Source 001 lists
    one area under two numbers.
    """

    shapes_the_plan = True

    PROGRAMME_PATH = "area__principle__programme"

    area = models.ForeignKey(
        ActionArea, models.PROTECT, verbose_name="indsatsområde", related_name="years"
    )
    year = models.PositiveSmallIntegerField("år")
    number = models.PositiveSmallIntegerField("nummer")
    repeated_number = models.PositiveSmallIntegerField(
        "gentaget nummer",
        null=True,
        blank=True,
        help_text="Når kilden nævner det samme indsatsområde under endnu et nummer.",
    )
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = FrameQuerySet.as_manager()

    class Meta:
        verbose_name = "programår"
        verbose_name_plural = "programår"
        ordering = ("year", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year"],
                name="area_is_in_a_year_once",
                violation_error_message="Indsatsområdet er allerede med i det år.",
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=2000, year__lte=2100),
                name="programme_year_is_a_year",
                violation_error_message="Skriv et år mellem 2000 og 2100.",
            ),
            models.CheckConstraint(
                condition=models.Q(repeated_number=None)
                | ~models.Q(repeated_number=models.F("number")),
                name="repeated_number_is_another_number",
                violation_error_message="Det gentagne nummer er det samme som nummeret.",
            ),
        ]

    def __str__(self) -> str:
        return f"Program {self.year}, nr. {self.number}"


class Municipality(Tracked):
    """Kommune: one of the municipalities behind the programme."""

    PROGRAMME_PATH = "programme"

    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name="udviklingsprogram", related_name="municipalities"
    )
    name = PlainLineField("navn", max_length=100)
    position = models.FloatField("plads")
    source_note = PlainTextField("note om kilden", blank=True)

    history = History()
    objects: ClassVar[Any] = FrameQuerySet.as_manager()

    class Meta:
        verbose_name = "kommune"
        verbose_name_plural = "kommuner"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="municipality_has_a_name"),
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="municipality_is_named_once",
                violation_error_message="Kommunen findes allerede.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
