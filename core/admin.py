"""The admin of the frame: Django's pages, which write through `core.writing`.

Nothing is deleted; a tick archives a row. Each form carries the version that it was made from, and
history is shown as Danish sentences.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import (
    ALL_VAR,
    ORDER_VAR,
    PAGE_VAR,
    SEARCH_VAR,
    ChangeList,
)
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock, writing
from core.history import Words, newest_first, row_changes
from core.sorting import danish_order
from core.texts import (
    CHANGE_REASON,
    NormalisedEmailField,
    PlainLineField,
    PlainTextField,
)
from core.typed_days import DayField

# The parameters allowed in the address of any list: the page, the order of its columns, and what
# Django's pop-ups add. An admin's `search_fields` and `list_filter` allow more.
LIST_PARAMETERS = frozenset({PAGE_VAR, ALL_VAR, ORDER_VAR, IS_POPUP_VAR, TO_FIELD_VAR})


class PortalAdminSite(admin.AdminSite):
    """The admin without a login of its own: the portal's login is the only one."""

    site_header = "Administration"
    site_title = "Administration"
    index_title = "Programmets ramme, brugere og adgang"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register only admins that write through `core.writing`. Other apps bring admins that
        would let a secretariat edit anybody's e-mail address."""
        if admin_class is not None and issubclass(admin_class, DoorAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Leave out Django's redirect to the page of any object: it checks no permission."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer 404: no field of the portal uses autocompletion."""
        raise Http404

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        target = reverse("account_login")
        return HttpResponseRedirect(f"{target}?next={reverse('admin:index')}")


class DanishChangeList(ChangeList):
    """A list of the admin whose columns of names and titles sort as Danes do."""

    def get_ordering_field(self, field_name: Any) -> Any:
        ordering = super().get_ordering_field(field_name)
        plain = {
            field.name for field in self.lookup_opts.fields if isinstance(field, PlainTextField)
        }
        if isinstance(ordering, str) and ordering in plain:
            return danish_order(ordering)
        return ordering


class DoorForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A model's form with the version it was made from (`token`) and the change's reason."""

    token = forms.IntegerField(required=False, widget=forms.HiddenInput)
    archived = forms.BooleanField(
        label="Arkiveret",
        required=False,
        help_text="Udgår af nye statusopgørelser, men står fortsat i de låste udgaver "
        "og i historikken.",
    )
    change_reason = CHANGE_REASON.formfield(
        label="Hvorfor ændres det?", help_text="Står i historikken.", widget=AdminTextInputWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "token" in self.fields:
            self.fields["token"].initial = self.instance.version
        if "archived" in self.fields:
            self.fields["archived"].initial = getattr(self.instance, "is_archived", False)

    def clean(self) -> dict[str, Any] | None:
        """Refuse a form made from an older version, and a parent of another programme; the row
        stays locked until it is saved."""
        data = super().clean()
        if self.instance.pk is not None:
            current = writing.lock(type(self.instance), self.instance.pk)
            if self.cleaned_data.get("token") != current.version:
                raise forms.ValidationError(
                    "En anden har rettet det samme, siden du åbnede siden. Din tekst står "
                    "herunder. Åbn siden igen i et nyt vindue, og skriv rettelsen ind der."
                )
            parent = getattr(current, "PROGRAMME_PATH", "").split("__")[0]
            if chosen := self.cleaned_data.get(parent):
                setattr(current, parent, chosen)
                writing.refuse_another_programme(current, self.changed_data)
        return data


class DoorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Base of every admin of tracked rows.

    `permission` names what the user must be allowed to do, `words` are used to write the history,
    and `title_field` names the field that a new row's key is made from.
    """

    form = DoorForm
    permission: ClassVar[str]
    words: ClassVar[Words]
    title_field: ClassVar[str] = "title"
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        PlainLineField: {"widget": AdminTextInputWidget},
        PlainTextField: {"widget": AdminTextareaWidget},
        models.EmailField: {"form_class": NormalisedEmailField},
        models.DateField: {
            "form_class": DayField,
            "widget": AdminDateWidget(format="%d-%m-%Y"),
        },
    }
    actions = None
    save_as = False
    view_on_site = False
    row_fields: ClassVar[tuple[str, ...]] = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return (*self.row_fields, "change_reason")
        return (*self.row_fields, "archived", "change_reason", "token")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DanishChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self._path()}__in": self._programmes(request)})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list, and refuse a filter in its address that the admin does not declare.

        Django's look-ups would reveal any field, letter by letter, and a regular expression can
        keep a worker busy.
        """
        declared = LIST_PARAMETERS | ({SEARCH_VAR} if self.get_search_fields(request) else set())
        for name, value in request.GET.items():
            if name not in declared and not self.lookup_allowed(name, value, request):
                raise DisallowedModelAdminLookup(f"Filtering by {name} is not declared.")
        return super().changelist_view(request, extra_context)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow exactly what `list_filter` names, and the look-ups of Django's filters for it."""
        names = self.get_list_filter(request) if request is not None else self.list_filter
        return any(lookup in (name, f"{name}__exact", f"{name}__id__exact") for name in names)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Let a pop-up name a row by its primary key alone, never by another field's value."""
        try:
            return bool(self.opts.get_field(to_field).primary_key)  # type: ignore[union-attr]
        except (FieldDoesNotExist, AttributeError):
            return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return nothing: no form is filled in from the address."""
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user: Any = request.user
        return bool(user.is_active and (user.is_superuser or self._programmes(request)))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only parents in the programmes that the user may edit."""
        related = db_field.related_model
        user: Any = request.user
        if hasattr(related, "PROGRAMME_PATH") and not user.is_superuser:
            path = f"{related.PROGRAMME_PATH}__in"
            kwargs["queryset"] = related.objects.filter(**{path: self._programmes(request)})
        elif related._meta.label == "principles.Programme" and not user.is_superuser:
            kwargs["queryset"] = related.objects.filter(pk__in=self._programmes(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor, at = request.user.actor, clock.now()  # type: ignore[union-attr]
        who = {"actor": actor, "reason": form.cleaned_data["change_reason"], "at": at}
        if not change:
            if not obj.key:
                obj.key = writing.new_key(type(obj), str(getattr(obj, self.title_field)))
            self.create_row(request, obj, form, who)
            return
        changes = {name: form.cleaned_data[name] for name in self._changed_fields(form)}
        if "archived" in form.changed_data:
            changes["archived_at"] = at if form.cleaned_data["archived"] else None
        who["version"] = form.cleaned_data["token"]
        saved = self.change_row(request, obj, changes, form, who)
        obj.version = saved.row.version

    def create_row(self, request: HttpRequest, obj: Any, form: Any, who: dict[str, Any]) -> None:
        """Store the new row. `who` holds the actor, reason and moment for `writing.create`."""
        writing.create(obj, **who)

    def change_row(
        self,
        request: HttpRequest,
        obj: Any,
        changes: dict[str, Any],
        form: Any,
        who: dict[str, Any],
    ) -> writing.Saved[Any]:
        """Store the changes of a row. `who` also holds the version that the form was made from."""
        return writing.change(obj, changes, **who)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show the row's history as Danish sentences."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404("Rækken findes ikke.")
        rows = type(obj).history.filter(id=obj.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Historik: {obj}",
            "history": newest_first(row_changes(self.words, rows)),
            "opts": self.opts,
            "object": obj,
        }
        return TemplateResponse(request, "admin/row_history.html", context)

    def _changed_fields(self, form: Any) -> list[str]:
        return [name for name in form.changed_data if name in self.row_fields]

    def _path(self) -> str:
        return str(getattr(self.model, "PROGRAMME_PATH", "pk"))

    def _programmes(self, request: HttpRequest) -> list[int]:
        ask: Callable[[str], list[int]] = request.user.programmes_with  # type: ignore[union-attr]
        return ask(self.permission)
