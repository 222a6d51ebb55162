"""The reports of the months in numbered editions, each locked by value for ever."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from core.first_of_month import IsFirstOfMonth
from core.protection import AppendOnly
from core.texts import PlainTextField
from core.tracking import ReadingQuerySet, WriteRefused
from plan.document import PlanDocument
from principles.models import Programme


class StatusReport(models.Model):
    """Statusopgørelse: the report of one month; its editions are what was handed over."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name="udviklingsprogram", related_name="reports"
    )
    month = models.DateField("måned")

    append_only = AppendOnly()

    class Meta:
        verbose_name = "statusopgørelse"
        verbose_name_plural = "statusopgørelser"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "month"], name="month_has_one_report_per_programme"
            ),
            models.CheckConstraint(
                condition=IsFirstOfMonth("month"), name="report_month_is_first_of_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.month:%Y-%m}"


class Damaged(Exception):
    """What is stored is not what was locked. The message names it for the log; the content is not
    shown to anybody."""


class EditionQuerySet(ReadingQuerySet):
    """Editions, by who may read them. A locked one is never changed or removed."""

    def of(self, programme: Programme) -> Self:
        """Keep the editions of `programme`."""
        return self.filter(report__programme=programme)

    def visible_to(self, user: User, programme: Programme) -> Self:
        """Keep what `user` may read: every locked edition for those who see the plan, the published
        ones for others."""
        editions = self.of(programme)
        if user.may(Permission.VIEW_PLAN, programme):
            return editions
        return editions.exclude(published_at=None)

    def newest_first(self) -> Self:
        """Order by month, then by number, the newest first."""
        return self.order_by("-report__month", "-number")

    def before(self, month: date, moment: datetime | None = None) -> "Edition | None":
        """Find what a plan of `month` is compared with: the newest edition of an earlier month,
        among those that existed at `moment`. One query."""
        earlier = self.filter(report__month__lt=month)
        if moment is not None:
            earlier = earlier.filter(frozen_at__lt=moment)
        newest: Edition | None = earlier.select_related("report").newest_first().first()
        return newest

    def without_document(self) -> Self:
        """Leave out the document, which is most of the row, for lists."""
        return self.defer("document", "link")


class Edition(models.Model):
    """Udgave: the report of a month as it was on one day, locked by value.

    `document` is the plan document's canonical JSON and `sha256` its hash. Triggers of the database
    refuse every change but its approval and its publication, once each. A correction is a new
    edition.
    """

    report = models.ForeignKey(
        StatusReport, models.PROTECT, verbose_name="statusopgørelse", related_name="editions"
    )
    number = models.PositiveSmallIntegerField("udgave")
    document = models.TextField("dokument")
    sha256 = models.CharField("kontrolsum", max_length=64)
    schema = models.PositiveSmallIntegerField("skema")
    drawn_up_on = models.DateField("opgjort den")
    meeting_on = models.DateField("til mødet den", null=True, blank=True)
    compared_with = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="sammenlignet med"
    )
    # The change text: a list of {"id", "proposed", "text", "taken"}: each sentence as the portal
    # proposed it and as it was locked, and whether the report has it. Editions from before there
    # was a choice have no "taken": their reports have all (`freezing.is_taken`).
    sentences = models.JSONField("ændringer i ord", default=list)
    correction = PlainTextField("hvad er rettet", blank=True, max_length=500)
    # The hash of what its form was made from, by which a form that is sent twice is recognised.
    basis = models.CharField("grundlag", max_length=64, editable=False)
    seal = models.CharField("segl", max_length=64, editable=False)
    # Its place in the chain of all editions of the portal, and what it was linked to
    # (reports/editions/chain.py). Both are null in those that were locked before there was a chain.
    chain_number = models.PositiveIntegerField("nummer i kæden", null=True, editable=False)
    link = models.JSONField("led i kæden", null=True, editable=False)
    frozen_at = models.DateTimeField("låst")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="af"
    )
    frozen_by_name = models.CharField("låst af", max_length=200)
    approved_at = models.DateTimeField("godkendt", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="af"
    )
    approved_by_name = models.CharField("godkendt af", max_length=200, blank=True)
    approved_at_meeting_on = models.DateField("godkendt på mødet den", null=True)
    published_at = models.DateTimeField("offentliggjort", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="af"
    )
    published_by_name = models.CharField("offentliggjort af", max_length=200, blank=True)

    append_only = AppendOnly(
        names=("frozen_by_name", "approved_by_name", "published_by_name"),
        once=(
            *("approved_at", "approved_by", "approved_at_meeting_on"),
            *("published_at", "published_by"),
        ),
    )
    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "udgave"
        verbose_name_plural = "udgaver"
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="edition_number_is_unique_in_its_report"
            ),
            # Two editions never follow the same one. The condition keeps SQLite from remaking
            # the table.
            models.UniqueConstraint(
                fields=["chain_number"],
                condition=Q(chain_number__isnull=False),
                name="chain_has_each_number_once",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(correction=""),
                name="later_edition_says_what_was_corrected",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_at_meeting_on=None)
                | Q(approved_at__isnull=False, approved_at_meeting_on__isnull=False),
                name="approval_names_its_meeting",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(approved_at__isnull=False),
                name="only_an_approved_edition_is_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}, udgave {self.number}"

    def plan(self) -> PlanDocument:
        """Read the document as it was locked. Raises Damaged when it has been changed."""
        return PlanDocument.from_json(self.intact_document())

    def intact_document(self) -> str:
        """Return the document's JSON. Raises Damaged when it does not have the hash it was locked
        with."""
        if hashlib.sha256(self.document.encode()).hexdigest() != self.sha256:
            raise Damaged(f"The document of {self} does not have its hash.")
        return self.document

    def refuse_damage(self) -> None:
        """Raise Damaged when anything that was locked has been changed. Reads the report and the
        edition that it is compared with."""
        self.intact_document()
        if self.make_seal() != self.seal:
            raise Damaged(f"What was locked with {self} does not have its seal.")

    def make_seal(self) -> str:
        """Make the SHA-256 over all that was locked besides the document, with the document's hash
        and the link in the chain. Names are left out, since a pseudonym may replace them."""
        before = self.compared_with
        locked = {
            "programme": self.report.programme_id,
            "month": self.report.month.isoformat(),
            "number": self.number,
            "sha256": self.sha256,
            "drawn_up_on": self.drawn_up_on.isoformat(),
            "meeting_on": self.meeting_on.isoformat() if self.meeting_on else None,
            "compared_with": before.sha256 if before else None,
            "sentences": self.sentences,
            "correction": self.correction,
            "frozen_at": self.frozen_at.astimezone(UTC).isoformat(),
        }
        if self.chain_number is not None:
            locked |= {"chain_number": self.chain_number, "link": self.link}
        return hashlib.sha256(json.dumps(locked, sort_keys=True).encode()).hexdigest()

    @property
    def code(self) -> str:
        """What the Kontrolkode is the first half of: the seal, and the document's hash in an
        edition that was locked before there was a chain."""
        return self.sha256 if self.chain_number is None else self.seal

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("An edition is never deleted.")


class EditionFile(models.Model):
    """Fil: an edition in one format, as it was rendered; served from here for ever."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, verbose_name="udgave", related_name="files"
    )
    format = models.CharField("format", max_length=10)
    name = models.CharField("filnavn", max_length=200)
    media_type = models.CharField("medietype", max_length=100)
    content = models.BinaryField("indhold")
    size = models.PositiveIntegerField("størrelse")
    sha256 = models.CharField("kontrolsum", max_length=64)
    renderer = models.CharField("dannet med", max_length=100)
    rendered_at = models.DateTimeField("dannet")

    append_only = AppendOnly(first_stays=True)
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = "fil"
        verbose_name_plural = "filer"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "format"], name="edition_has_one_file_per_format"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def intact_content(self) -> bytes:
        """Return the bytes that were stored. Raises Damaged when they have been changed."""
        content = bytes(self.content)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise Damaged(f"{self.name} ({self.format}) of {self.edition} does not have its hash.")
        return content

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WriteRefused("An edition's file is never deleted.")


class EditionRendering(models.Model):
    """Dannelse: the job of making an edition's files. A technical state, no part of the edition.

    Only the files say whether it is done. The process that makes them has claimed the job until
    `free_from`; after a failure the job rests until then.
    """

    edition = models.OneToOneField(
        Edition, models.PROTECT, primary_key=True, related_name="rendering"
    )
    queued_at = models.DateTimeField("sat i kø")
    attempts = models.PositiveSmallIntegerField("forsøg", default=0)
    free_from = models.DateTimeField("ledig fra", null=True)
    failed_at = models.DateTimeField("mislykket", null=True)
    error = models.TextField("seneste fejl", blank=True)

    class Meta:
        verbose_name = "dannelse"
        verbose_name_plural = "dannelser"

    def __str__(self) -> str:
        return str(self.edition)
