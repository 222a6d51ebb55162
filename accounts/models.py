"""Users and their memberships, and what is remembered around them: mails to send, counters of
attempts, and forms that were sent."""

from contextlib import suppress
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from core import writing
from core.committed import note_commit
from core.protection import AppendOnly
from core.texts import PlainLineField
from core.tracking import (
    Actor,
    History,
    HistoryRow,
    ReadingQuerySet,
    Tracked,
    TrackedQuerySet,
    Versioned,
    acting,
)
from principles.models import Programme
from principles.revision import plan_revision

# The apps whose rows a secretariat edits in the admin.
ADMIN_APPS = ("principles", "accounts")


class UserQuerySet(ReadingQuerySet):
    """A queryset of users, filtered by who may manage them."""

    def manageable_by(self, user: "User") -> "UserQuerySet":
        """Keep the members of the programmes whose members `user` manages; all for a superuser."""
        if user.is_superuser:
            return self
        live = Membership.objects.live().filter(
            user=models.OuterRef("pk"),
            programme__in=user.programmes_with(Permission.MANAGE_MEMBERS),
        )
        return self.filter(models.Exists(live), is_superuser=False)

    def managed_only_by(self, user: "User") -> "UserQuerySet":
        """Keep those whom `user` may manage and who belong to no other programme, since a name and
        an e-mail address count in the whole portal."""
        if user.is_superuser:
            return self
        elsewhere = (
            Membership.objects.live()
            .filter(user=models.OuterRef("pk"))
            .exclude(programme__in=user.programmes_with(Permission.MANAGE_MEMBERS))
        )
        return self.manageable_by(user).exclude(models.Exists(elsewhere))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """A manager that creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who logs in with `email`; without a password they set one by e-mail."""
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who runs the portal and sees every programme and the whole admin."""
        return self.create_user(email, password, is_superuser=True, **fields)


class UserChanged(Exception):
    """Somebody changed the user, or the password, since it was read."""


class UserHistoryRow(HistoryRow):
    """Base of the history of users, in which a pseudonym may also replace the user's own name."""

    append_only = AppendOnly(names=("actor_name", "name", "email"))

    class Meta:
        abstract = True


class User(Versioned, AbstractBaseUser):
    """Bruger: a person with an e-mail login. Deactivated, never deleted.

    There is no `last_login`: every login would write a history row without information.
    """

    last_login = None
    version = models.PositiveIntegerField("version", default=1, editable=False)
    email = models.EmailField(
        "e-mail",
        unique=True,
        error_messages={"unique": "Der er allerede en bruger med den e-mail."},
    )
    name = PlainLineField("navn", max_length=200)
    is_active = models.BooleanField(
        "aktiv",
        default=True,
        help_text="Fjern krydset, når personen ikke længere skal have adgang.",
    )
    is_superuser = models.BooleanField(
        "driftsansvarlig", default=False, help_text="Har alle rettigheder i alle programmer."
    )
    date_joined = models.DateTimeField("oprettet", default=timezone.now, editable=False)
    keeps_internal_drafts = models.BooleanField(
        "bevar interne notater i browseren", default=False, editable=False
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    # A version may have several rows: Django itself saves a new password without `core.writing`.
    history = History(versioned=False, excluded_fields=["password"], bases=(UserHistoryRow,))
    objects: ClassVar[Any] = UserManager()

    class Meta:
        verbose_name = "bruger"
        verbose_name_plural = "brugere"

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row and its history together, also when Django itself saves a user
        (createsuperuser, changepassword)."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def actor(self) -> Actor:
        """This user as the actor who writes rows."""
        return Actor(str(self), self)

    @property
    def standing(self) -> str:
        """The state that a session and a password link depend on: when it differs, both end.

        The version rises with every change, so that they also end when an address is changed and
        changed back.
        """
        return f"{self.email}|{self.is_active}|{self.version}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Hash the password and `standing`: Django ends every session with another hash."""
        salt = "accounts.models.User.session"
        value = f"{self.password}|{self.standing}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def replace_password(self, hashed: str) -> None:
        """Save a new password, given as its hash.

        Raises UserChanged when the stored user was changed since this one was read: the password or
        link that proved who it is has then ended.
        """
        with transaction.atomic(), acting(self.actor):
            current = writing.lock(User, self.pk)
            if current.get_session_auth_hash() != self.get_session_auth_hash():
                raise UserChanged
            current.password = hashed
            note_commit()
            current.save(update_fields=["password"])
        self.password = hashed

    def check_password(self, raw_password: str | None) -> bool:
        """Check a password as Django does; a right one is hashed again if the hasher changed."""

        def renew(password: str) -> None:
            hashed = make_password(password)
            with suppress(UserChanged):
                self.replace_password(hashed)

        return check_password(raw_password, self.password, renew)

    @cached_property
    def current_memberships(self) -> "list[Membership]":
        """The user's memberships with their programmes, which have the plan's `revision` and
        `plan_changes`. Read once per request, in one query."""
        rows = self.memberships.live().select_related("programme").annotate(**plan_revision())
        for membership in rows:
            membership.programme.revision = membership.revision
            membership.programme.plan_changes = membership.plan_changes
        return list(rows)

    @cached_property
    def roles(self) -> dict[int, Role]:
        """Programme id → role."""
        return {row.programme_id: Role(row.role) for row in self.current_memberships}

    def may(self, permission: str, programme: Programme) -> bool:
        """Whether the user has `permission` (a `Permission`) in `programme`."""
        if not self.is_active:
            return False
        if self.is_superuser:
            return True
        role = self.roles.get(programme.pk)
        return role is not None and Permission(permission) in ROLE_PERMISSIONS[role]

    def programmes_with(self, permission: str) -> list[int]:
        """List the ids of the programmes in which the user has `permission` by membership."""
        wanted = Permission(permission)
        return [pk for pk, role in self.roles.items() if wanted in ROLE_PERMISSIONS[role]]

    # What Django's admin asks of a user. The admin's querysets decide which rows are shown.

    @property
    def is_staff(self) -> bool:
        return self.is_active and (
            self.is_superuser or bool(self.programmes_with(Permission.EDIT_FRAME))
        )

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.has_module_perms(perm.partition(".")[0])

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return all(self.has_perm(perm) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and (self.is_superuser or app_label in ADMIN_APPS)


class MembershipQuerySet(TrackedQuerySet):
    """A queryset of memberships."""

    def of(self, programme: Programme) -> "MembershipQuerySet":
        """Keep the memberships of `programme`."""
        return self.filter(programme=programme)


class Membership(Tracked):
    """Medlemskab: a user's role in one programme. Without one the user gets 404 for it."""

    PROGRAMME_PATH = "programme"

    user = models.ForeignKey(
        User, models.PROTECT, verbose_name="bruger", related_name="memberships"
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name="udviklingsprogram", related_name="memberships"
    )
    role = models.CharField("rolle", max_length=20, choices=Role.choices)
    wants_reminders = models.BooleanField("får påmindelser om status", default=True)

    history = History()
    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "medlemskab"
        verbose_name_plural = "medlemskaber"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme"],
                name="user_is_member_of_a_programme_once",
                violation_error_message="Brugeren er allerede medlem af programmet.",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="membership_role_is_known",
                violation_error_message="Vælg en rolle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class OutboxMail(models.Model):
    """Udgående e-mail: stored with the change that it is about, sent after the response.

    The text may hold a link that opens an account, so it is removed as soon as the mail is sent or
    given up. The text of a reset or a reminder is written when it is sent (see
    `accounts.outbox`).
    """

    class Kind(models.TextChoices):
        """Art: what the mail is about."""

        RESET = "reset", "Link til ny adgangskode"
        PASSWORD_CHANGED = "password_changed", "Adgangskoden er skiftet"
        ACCOUNT_CHANGED = "account_changed", "Brugeren eller adgangen er ændret"
        REMINDER = "reminder", "Påmindelse om status"
        OTHER = "other", "Andet"

    kind = models.CharField("art", max_length=30, choices=Kind.choices)
    recipient = models.EmailField("til")
    subject = models.CharField("emne", max_length=200, blank=True)
    body = models.TextField("tekst", blank=True)
    site = models.CharField("adressen, links begynder med", max_length=300, blank=True)
    created_at = models.DateTimeField("lagt i", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("forsøg", default=0)
    next_attempt_at = models.DateTimeField("næste forsøg", default=timezone.now, null=True)
    ended_at = models.DateTimeField("sendt eller opgivet", null=True)
    last_error = models.CharField("seneste fejl", max_length=300, blank=True)

    class Meta:
        verbose_name = "udgående e-mail"
        verbose_name_plural = "udgående e-mails"
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(ended_at=None),
                name="outbox_mail_waiting",
            )
        ]


class Attempts(models.Model):
    """Forsøg: the times of the latest attempts under one key, for one rule of
    `accounts.throttles`. The key is a hash, so that the table does not reveal whose account was
    tried."""

    key = models.CharField("nøgle", max_length=64, unique=True)
    moments = models.JSONField("tidspunkter", default=list)
    forgotten_at = models.DateTimeField("glemmes", db_index=True)

    class Meta:
        verbose_name = "forsøg"
        verbose_name_plural = "forsøg"


class SentForm(models.Model):
    """Sendt formular: a form that has created a row, so that the same form sent twice is one act.

    It is stored in the transaction that creates the row (`accounts.sent_forms`).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="bruger")
    token = models.CharField("mærke", max_length=40)
    # A hash of what was typed: other values under the same token are another act.
    digest = models.CharField("kontrolsum", max_length=64)
    # The created row, as "app.model" and id.
    model = models.CharField("art", max_length=100, blank=True)
    row_id = models.BigIntegerField("række", null=True)
    sent_at = models.DateTimeField("sendt", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "sendt formular"
        verbose_name_plural = "sendte formularer"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "token"], name="user_sends_a_form_with_a_token_once"
            )
        ]
