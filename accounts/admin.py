"""Admin of users and memberships."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import changes as account_changes
from accounts.forms import in_small_letters
from accounts.models import Membership, User
from accounts.permissions import Permission, Role
from core import clock, writing
from core.admin import DoorAdmin, DoorForm
from core.history import Words
from core.sorting import danish_order
from principles.models import Programme

USER_WORDS = Words(
    noun="brugeren",
    fields={
        "name": "navnet",
        "email": "e-mailen",
        "is_active": "om brugeren er aktiv",
        "is_superuser": "om brugeren er driftsansvarlig",
        "keeps_internal_drafts": "om interne notater bevares i browseren",
    },
    choices={
        "keeps_internal_drafts": lambda value: "ja" if value else "nej",
        "is_active": lambda value: "ja" if value else "nej",
        "is_superuser": lambda value: "ja" if value else "nej",
    },
    is_subject=True,
)
MEMBERSHIP_WORDS = Words(
    noun="medlemskabet",
    fields={"role": "rollen", "wants_reminders": "om personen får påmindelser"},
    choices={
        "role": lambda value: f"»{Role(value).label}«",
        "wants_reminders": lambda value: "ja" if value else "nej",
    },
    is_subject=True,
)


class TellingForm(DoorForm):
    """A form about a person, who gets an e-mail about the change."""

    tell = forms.BooleanField(
        label="Giv personen besked",
        required=False,
        initial=True,
        help_text="Personen får en e-mail om, hvad der er ændret, af hvem og hvornår.",
    )

    def tells(self, user: Any) -> bool:
        """Whether the person gets an e-mail: only an administrator may leave it out."""
        return not user.is_superuser or bool(self.cleaned_data["tell"])


class UserForm(TellingForm):
    """The form of a user. A new user gets a first membership at the same time."""

    archived = None  # type: ignore[assignment]
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label="Udviklingsprogram", required=False
    )
    role = forms.ChoiceField(label="Rolle", choices=Role.choices, required=False)

    def clean_email(self) -> str:
        return in_small_letters(self.cleaned_data["email"])


@admin.register(User)
class UserAdmin(DoorAdmin):
    """The admin of users. They are created without a password, which they set by e-mail, and they
    are deactivated instead of deleted."""

    form = UserForm
    permission = Permission.MANAGE_MEMBERS
    words = USER_WORDS
    list_display = ("name", "email", "is_active")
    ordering = (danish_order("name"),)
    row_fields: ClassVar[tuple[str, ...]] = ("name", "email", "is_active", "is_superuser")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return User.objects.manageable_by(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let only an administrator change a user who is also a member of other programmes."""
        may = super().has_change_permission(request, obj)
        if not may or obj is None:
            return may
        return bool(User.objects.managed_only_by(request.user).filter(pk=obj.pk).exists())

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields: tuple[str, ...] = ("name", "email")
        if request.user.is_superuser:
            fields += ("is_superuser",)
        if obj is None:
            return (*fields, "programme", "role", "change_reason")
        if request.user.is_superuser:
            return (*fields, "is_active", "change_reason", "tell", "token")
        return (*fields, "is_active", "change_reason", "token")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        user: Any = request.user
        programmes = Programme.objects.live().in_order()
        if not user.is_superuser:
            programmes = programmes.filter(pk__in=user.programmes_with(self.permission))
        form.base_fields["programme"].queryset = programmes
        form.base_fields["programme"].required = obj is None and not user.is_superuser
        form.base_fields["role"].required = obj is None and not user.is_superuser
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        actor, at = request.user.actor, clock.now()  # type: ignore[union-attr]
        reason = form.cleaned_data["change_reason"]
        obj.set_unusable_password()
        writing.create(obj, actor=actor, reason=reason, at=at)
        if programme := form.cleaned_data.get("programme"):
            role = form.cleaned_data["role"]
            key = writing.new_key(Membership, f"{role}-{obj.pk}", prefix=programme.key[:30])
            membership = Membership(key=key, user=obj, programme=programme, role=role)
            writing.create(membership, actor=actor, reason=reason, at=at)

    def change_row(
        self,
        request: HttpRequest,
        obj: Any,
        changes: dict[str, Any],
        form: Any,
        who: dict[str, Any],
    ) -> writing.Saved[Any]:
        """Change the user and send an e-mail. Users who rename themselves stay logged in."""
        saved = account_changes.change_user(obj, changes, tell=form.tells(request.user), **who)
        if set(saved.changed) == {"name"} and saved.row == request.user:
            update_session_auth_hash(request, saved.row)
        return saved


@admin.register(Membership)
class MembershipAdmin(DoorAdmin):
    """The admin of memberships: who has which role in a programme."""

    form = TellingForm
    permission = Permission.MANAGE_MEMBERS
    words = MEMBERSHIP_WORDS
    list_display = ("person", "programme", "role")
    list_select_related = ("user", "programme")
    ordering = (danish_order("user__name"),)
    title_field = "role"
    row_fields: ClassVar[tuple[str, ...]] = ("user", "programme", "role")

    @admin.display(description="bruger", ordering=danish_order("user__name"))
    def person(self, membership: Membership) -> User:
        return membership.user

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        return (*fields, "tell") if request.user.is_superuser else fields

    def create_row(self, request: HttpRequest, obj: Any, form: Any, who: dict[str, Any]) -> None:
        account_changes.give_access(obj, tell=form.tells(request.user), **who)

    def change_row(
        self,
        request: HttpRequest,
        obj: Any,
        changes: dict[str, Any],
        form: Any,
        who: dict[str, Any],
    ) -> writing.Saved[Any]:
        tell = form.tells(request.user)
        return account_changes.change_membership(obj, changes, tell=tell, **who)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Lock the user and the programme of a membership: another person gets a new one."""
        return ("user", "programme") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only the users whom the present user may manage."""
        if db_field.name == "user":
            users = User.objects.manageable_by(request.user)
            kwargs["queryset"] = users.order_by(danish_order("name"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
