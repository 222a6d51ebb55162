"""The context of the frame around every page: menus, names and the sentence on example data."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.permissions import Permission
from core import demo
from core.links import Links
from principles.models import Programme

# Label, view, permission, prefixes. An item is current on its own view, and on views whose names
# begin with one of the prefixes, unless the view belongs to another item.
MAIN_MENU = (
    ("Overblik", "reports:overview", Permission.VIEW_PLAN, ()),
    ("Status", "initiatives:status-table", Permission.VIEW_PLAN, ("initiatives:",)),
    ("Tidslinje", "initiatives:timeline", Permission.VIEW_PLAN, ()),
    (
        "Statusopgørelser",
        "reports:report-list",
        Permission.VIEW_EDITIONS,
        ("reports:report", "reports:edition", "reports:compare"),
    ),
    ("Måneden", "reports:month", Permission.EDIT_PLAN, ("reports:month",)),
)
# Views with an item of their own; "Status" is not the current item on them.
VIEWS_WITH_ITEM = {name for _, name, *_ in MAIN_MENU} | {
    "initiatives:programme-detail",
    "initiatives:reminder-list",
    "initiatives:status-legend",
}
USER_MENU = (
    ("Min profil", "accounts:profile", Permission.VIEW_EDITIONS),
    ("Historik", "reports:history", Permission.VIEW_PLAN),
    ("Hvem må hvad", "accounts:permissions", Permission.VIEW_EDITIONS),
)
FOOTER = (
    ("Tilgængelighedserklæring", "core:accessibility"),
    ("Privatliv", "core:privacy"),
)


@dataclass(frozen=True)
class MenuItem:
    """A link in the frame; `current` when the page belongs under it."""

    label: str
    url: str
    current: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context, which is built only when a template asks for it."""
    return {"portal": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    links: Links = getattr(request, "links", Links())
    programme = _programme(request)
    match = request.resolver_match
    view_name = match.view_name if match else ""

    def may(permission: Permission) -> bool:
        return bool(signed_in and programme and user and user.may(permission, programme))

    def item(label: str, url: str, name: str, prefixes: tuple[str, ...] = ()) -> MenuItem:
        is_under = view_name.startswith(prefixes or ("-",)) and view_name not in VIEWS_WITH_ITEM
        return MenuItem(label, url, view_name == name or is_under)

    footer = [item(label, reverse(name), name) for label, name in FOOTER]
    if may(Permission.VIEW_PLAN):
        name = "initiatives:programme-detail"
        footer.append(item("Om programmet", links.to(name), name))
    if may(Permission.VIEW_EDITIONS):
        for label, name in (
            ("Sådan læses status", "initiatives:status-legend"),
            ("Kontakt sekretariatet", "accounts:contact"),
        ):
            footer.append(item(label, links.to(name), name))
    user_menu = [
        item(label, links.to(name), name) for label, name, needs in USER_MENU if may(needs)
    ]
    if programme and programme.uses_contacts and may(Permission.EDIT_PLAN):
        name = "initiatives:reminder-list"
        user_menu.append(item("Påmindelser", links.to(name), name))
    if signed_in and user and user.is_staff:
        user_menu.append(item("Administration", reverse("admin:index"), "admin:index"))
    return {
        "programme_title": programme.title if programme else "Udviklingsprogrammet",
        "authority": programme.authority if programme else "Rammeaftale Sjælland",
        "home_url": links.to("reports:overview"),
        "menu": [
            item(label, links.to(name), name, prefixes)
            for label, name, needs, prefixes in MAIN_MENU
            if may(needs)
        ],
        "search": item("Søg", links.to("reports:search"), "reports:search")
        if may(Permission.VIEW_EDITIONS)
        else None,
        "user_name": str(user) if signed_in else "",
        "user_menu": user_menu,
        "logout_url": reverse("account_logout"),
        "login_url": reverse("account_login"),
        "stay_url": reverse("account_stay"),
        "idle": str(settings.SESSION_IDLE_AGE),
        "warning": str(settings.SESSION_WARNING_AGE),
        "footer": footer,
        "banner": demo.banner(),
    }


def _programme(request: HttpRequest) -> Programme | None:
    """Return the page's programme; on pages without one (account, errors) the user's first."""
    if hasattr(request, "programme"):
        of_page: Programme = request.programme
        return of_page
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    first: Programme | None = Programme.objects.live().for_member(user).in_order().first()
    return first
