"""The admin's lists answer what their admins declare, and no other question.

Django lets whoever sees a list ask it about any field of its rows: `?password__startswith=pbkdf2`
is answered by whether the row is there, letter by letter.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.test import Client, RequestFactory
from django.urls import resolve

from accounts.models import User
from core.admin import DoorAdmin
from tests.core.reading import html_of, text_of
from tests.promises import Measured

pytestmark = pytest.mark.django_db

LOOKUPS = ("", "__startswith", "__icontains", "__regex", "__gt", "__in", "__isnull")


def list_of(model: type[models.Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def lookup_paths(model: type[models.Model]) -> Iterator[str]:
    """Yield every field of the model, and every field of the models it refers to."""
    for field in model._meta.get_fields():
        yield field.name
        related: Any = field.related_model
        if field.is_relation and related is not None:
            for further in related._meta.get_fields():
                yield f"{field.name}__{further.name}"


def is_answered(address: str, user: Any) -> bool:
    """Whether the list's view answers. The view is called without the middleware, which would
    render thousands of error pages."""
    request = RequestFactory().get(address)
    request.user = user
    match = resolve(request.path)
    try:
        match.func(request, *match.args, **match.kwargs)
    except SuspiciousOperation:
        return False
    return True


@pytest.mark.slow
@pytest.mark.promise(11)
@pytest.mark.parametrize("who", ["secretariat_client", "chief_client"])
def test_no_list_answers_a_lookup_that_is_not_declared(
    request: pytest.FixtureRequest, promise: Measured, who: str
):
    browser: Client = request.getfixturevalue(who)
    asked = answered = 0
    signed_in = browser.get("/admin/").wsgi_request
    for model in admin.site._registry:
        for lookup_path in lookup_paths(model):
            for lookup in LOOKUPS:
                asked += 1
                address = f"{list_of(model)}?{lookup_path}{lookup}=1"
                answered += is_answered(address, signed_in.user)
    assert asked > 1000
    assert answered == 0
    promise.figure(f"{asked} look-ups in the admin, as {signed_in.user}", "0 answered")


@pytest.mark.promise(11)
def test_djangos_own_rule_reads_a_password_letter_by_letter(
    secretariat_client: Client, group: User, monkeypatch: pytest.MonkeyPatch, promise: Measured
):
    """The control: with Django's rule the list reveals whether a guessed beginning is right."""
    monkeypatch.setattr(DoorAdmin, "lookup_allowed", ModelAdmin.lookup_allowed)
    read = ""
    for _ in range(8):
        for letter in group.password:
            query = {"password__startswith": read + letter, "id__exact": str(group.pk)}
            if "Bo Eksempel" in text_of(secretariat_client.get("/admin/accounts/user/", query)):
                read += letter
                break
    # SQLite ignores case here.
    assert read.casefold() == group.password[:8].casefold()
    promise.control("with Django's own rule", f"{len(read)} of 8 letters of a hash were read")


@pytest.mark.parametrize("who", ["secretariat_client", "chief_client"])
@pytest.mark.parametrize(
    "query",
    [
        *("q=a", "e=1", "_facets=True", "_to_field=password", "_to_field=email"),
        *("findes_ikke=1", "password=x", "user__password__regex=(a+)%2B", "_changelist_filters=x"),
        "archived_at__year__gte=1",
    ],
)
def test_an_undeclared_parameter_is_400_in_danish(
    request: pytest.FixtureRequest, who: str, query: str
):
    browser: Client = request.getfixturevalue(who)
    for model in admin.site._registry:
        response = browser.get(f"{list_of(model)}?{query}", follow=True)
        assert response.status_code == 400
        assert "Forespørgslen kunne ikke læses" in text_of(response)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "o=1",
        "o=-1.2",
        "o=99.x.-7",
        "p=1",
        "p=x",
        "p=999999",
        "all=",
        "_popup=1",
        "_to_field=id&_popup=1",
    ],
)
def test_a_declared_parameter_is_answered(secretariat_client: Client, query: str):
    for model in admin.site._registry:
        assert secretariat_client.get(f"{list_of(model)}?{query}").status_code == 200


def test_a_query_string_fills_in_no_form(chief_client: Client):
    """No value in it breaks a form either."""
    for model in admin.site._registry:
        names = [field.name for field in model._meta.get_fields()]
        query = dict.fromkeys(names, "overtaget")
        response = chief_client.get(f"{list_of(model)}add/", query)
        assert response.status_code == 200
        assert "overtaget" not in html_of(response)


@pytest.mark.parametrize("field", ["password", "email", "version", "findes_ikke", "memberships"])
def test_a_row_is_not_found_by_another_field(chief_client: Client, group: User, field: str):
    value = getattr(group, field, "x")
    base = "/admin/accounts/user/"
    for path in (f"{base}{value}/change/?_to_field={field}", f"{base}add/?_to_field={field}"):
        assert chief_client.get(path, follow=True).status_code in (400, 404)
    response = chief_client.post(f"{base}add/", {"_popup": "1", "_to_field": field})
    assert response.status_code == 400


def test_no_object_is_found_by_its_id(secretariat_client: Client, chief_client: Client):
    """Django's `r/<content type>/<id>/` would reveal the address of any object."""
    for browser in (secretariat_client, chief_client):
        assert browser.get("/admin/r/1/1/").status_code == 404
        asked = {"app_label": "accounts", "model_name": "membership", "field_name": "user"}
        assert browser.get("/admin/autocomplete/", asked).status_code == 404


@pytest.mark.slow
def test_no_page_of_the_admin_shows_a_password_or_a_session(
    chief_client: Client, secretariat: User, secretariat_client: Client
):
    form = {"name": secretariat.name, "email": secretariat.email, "is_active": "on"}
    chief_client.post(
        f"/admin/accounts/user/{secretariat.pk}/change/",
        {**form, "token": secretariat.version, "change_reason": "Prøve", "tell": "on"},
    )
    secrets = [secretariat.password, chief_client.session.session_key]
    secrets += [str(user.password) for user in User.objects.all()]
    logged = str(list(LogEntry.objects.values()))
    assert "change_message" in logged
    assert not [secret for secret in secrets if secret and secret in logged]
    pages = ["/admin/", "/admin/accounts/"]
    for model in admin.site._registry:
        row: Any = model._default_manager.first()
        base = list_of(model)
        pages += [base, f"{base}add/", f"{base}{row.pk}/change/", f"{base}{row.pk}/history/"]
    for page in pages:
        response = chief_client.get(page)
        assert response.status_code == 200
        assert not [secret for secret in secrets if secret and secret in html_of(response)]
