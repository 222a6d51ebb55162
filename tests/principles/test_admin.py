"""The admin of the frame: the secretariat's own rows, through the one door, in Danish."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core import clock, writing
from core.clock import local_day
from core.tracking import Actor
from principles.models import (
    ActionArea,
    Municipality,
    Principle,
    Programme,
    ProgrammeYear,
    Purpose,
)
from tests.conftest import OtherProgramme
from tests.core.reading import form_with, html_of, text_of
from tests.factories import make_user


@dataclass(frozen=True)
class FrameModel:
    """A model of the frame: what is edited, what a new row needs, and a sentence of history."""

    model: type[Any]
    field: str
    value: Any
    new: dict[str, Any]
    sentence: str

    @property
    def path(self) -> str:
        return f"/admin/principles/{self.model._meta.model_name}/"

    def row(self, programme: Programme) -> Any:
        if self.model is Programme:
            return programme
        return self.model.objects.of(programme).order_by("pk").first()


CASES = [
    FrameModel(Programme, "authority", "Rammeaftale Øst", {}, "Anna Eksempel rettede aftalen"),
    FrameModel(
        Purpose,
        "title",
        "Øge kvaliteten",
        {"title": "Et nyt formål", "position": "9"},
        "Anna Eksempel rettede ordlyden i formålet fra",
    ),
    FrameModel(
        Principle,
        "title",
        "Fælles om alt",
        {"title": "Et nyt princip", "position": "9"},
        "Anna Eksempel rettede titlen",
    ),
    FrameModel(
        ActionArea,
        "title",
        "Vi gør det sammen",
        {"title": "Et nyt indsatsområde", "position": "9"},
        "Anna Eksempel rettede titlen",
    ),
    FrameModel(
        ProgrammeYear,
        "number",
        12,
        {"year": "2027", "number": "1"},
        "Anna Eksempel rettede nummeret",
    ),
    FrameModel(
        Municipality,
        "name",
        "Nykøbing",
        {"name": "En ny kommune", "position": "99"},
        "Anna Eksempel rettede navnet",
    ),
]
MODELS = pytest.mark.parametrize("case", CASES, ids=lambda case: case.model.__name__)
NOT_PROGRAMME = pytest.mark.parametrize("case", CASES[1:], ids=lambda case: case.model.__name__)


def parent(case: FrameModel, programme: Programme) -> dict[str, Any]:
    """Return the field that gives a new row its parent."""
    if case.model is ActionArea:
        return {"principle": Principle.objects.of(programme)[0].pk}
    if case.model is ProgrammeYear:
        return {"area": ActionArea.objects.of(programme)[0].pk}
    return {"programme": programme.pk}


def form_of(client: Client, address: str) -> Any:
    return form_with(client.get(address), "change_reason")


@MODELS
def test_the_list_has_the_rows_of_the_users_own_programme(
    secretariat_client: Client,
    other_programme: OtherProgramme,
    programme: Programme,
    case: FrameModel,
):
    page = html_of(secretariat_client.get(case.path))
    assert f"{case.path}{case.row(programme).pk}/change/" in page
    for row in case.model.objects.all():
        if row.pk != case.row(programme).pk and case.model is Programme:
            assert f"{case.path}{row.pk}/change/" not in page
    assert "Andet program" not in page
    assert "Vi er et andet program" not in page


@MODELS
def test_a_change_goes_through_the_door(
    secretariat_client: Client, secretariat: User, programme: Programme, case: FrameModel
):
    row = case.row(programme)
    address = f"{case.path}{row.pk}/change/"
    form = form_of(secretariat_client, address)
    response = secretariat_client.post(
        address, form.filled(**{case.field: case.value}, change_reason="Efter mødet.")
    )
    assert response.status_code == 302
    stored = case.model.objects.get(pk=row.pk)
    newest = stored.history.latest()
    assert getattr(stored, case.field) == case.value
    assert stored.version == newest.version == row.version + 1
    assert (newest.actor_name, newest.history_user) == ("Anna Eksempel", secretariat)
    assert newest.history_change_reason == "Efter mødet."
    assert local_day(newest.history_date) == clock.today()


@MODELS
def test_history_is_shown_in_danish(
    secretariat_client: Client, programme: Programme, case: FrameModel
):
    row = case.row(programme)
    address = f"{case.path}{row.pk}/change/"
    form = form_of(secretariat_client, address)
    secretariat_client.post(
        address, form.filled(**{case.field: case.value}, change_reason="Efter mødet.")
    )
    text = text_of(secretariat_client.get(f"{case.path}{row.pk}/history/"))
    assert case.sentence in text
    assert "Begrundelse: Efter mødet." in text


@MODELS
def test_saving_without_a_change_writes_nothing(
    secretariat_client: Client, programme: Programme, case: FrameModel
):
    row = case.row(programme)
    address = f"{case.path}{row.pk}/change/"
    form = form_of(secretariat_client, address)
    assert secretariat_client.post(address, form.filled()).status_code == 302
    assert case.model.objects.get(pk=row.pk).version == row.version
    assert row.history.count() == row.version


@MODELS
def test_a_stale_form_is_refused_with_the_text_kept(
    secretariat_client: Client, programme: Programme, case: FrameModel
):
    row = case.row(programme)
    address = f"{case.path}{row.pk}/change/"
    form = form_of(secretariat_client, address)
    writing.change(
        row,
        {"source_note": "Bos note"},
        version=row.version,
        actor=Actor("Bo"),
        reason="",
        at=clock.now(),
    )
    typed = form.filled(**{case.field: case.value}, change_reason="Min grund.")
    response = secretariat_client.post(address, typed)
    stored = case.model.objects.get(pk=row.pk)
    assert "En anden har rettet det samme, siden du åbnede siden." in text_of(response)
    kept = form_with(response, "change_reason").data
    assert kept[case.field] == str(case.value)
    assert kept["change_reason"] == "Min grund."
    assert getattr(stored, case.field) != case.value
    assert stored.source_note == "Bos note"


@MODELS
@pytest.mark.parametrize("token", ["", "99"])
def test_a_form_without_a_valid_version_is_refused(
    secretariat_client: Client, programme: Programme, case: FrameModel, token: str
):
    row = case.row(programme)
    address = f"{case.path}{row.pk}/change/"
    form = form_of(secretariat_client, address)
    response = secretariat_client.post(
        address, form.filled(**{case.field: case.value}, token=token)
    )
    assert response.status_code == 200
    assert case.model.objects.get(pk=row.pk).version == row.version


@NOT_PROGRAMME
def test_a_new_row_goes_through_the_door(
    secretariat_client: Client, secretariat: User, programme: Programme, case: FrameModel
):
    address = f"{case.path}add/"
    form = form_of(secretariat_client, address)
    before = set(case.model.objects.values_list("pk", flat=True))
    response = secretariat_client.post(
        address,
        form.filled(**case.new, **parent(case, programme), change_reason="Ny i programmet."),
    )
    assert response.status_code == 302
    row = case.model.objects.exclude(pk__in=before).get()
    created = row.history.get()
    assert row.version == created.version == 1
    assert row.key
    assert (created.actor_name, created.history_user) == ("Anna Eksempel", secretariat)
    assert created.history_change_reason == "Ny i programmet."


@NOT_PROGRAMME
def test_a_row_cannot_be_put_under_another_programme(
    secretariat_client: Client,
    programme: Programme,
    other_programme: OtherProgramme,
    case: FrameModel,
):
    address = f"{case.path}add/"
    form = form_of(secretariat_client, address)
    before = case.model.objects.count()
    elsewhere = parent(case, other_programme.programme)
    response = secretariat_client.post(address, form.filled(**case.new, **elsewhere))
    assert response.status_code == 200
    assert case.model.objects.count() == before


@NOT_PROGRAMME
def test_a_row_cannot_be_moved_to_another_programme(
    secretariat_client: Client,
    programme: Programme,
    other_programme: OtherProgramme,
    case: FrameModel,
):
    row = case.row(programme)
    address = f"{case.path}{row.pk}/change/"
    form = form_of(secretariat_client, address)
    response = secretariat_client.post(
        address, form.filled(**parent(case, other_programme.programme))
    )
    assert response.status_code == 200
    assert case.model.objects.get(pk=row.pk).version == row.version


@NOT_PROGRAMME
def test_only_parents_of_the_users_own_programme_are_offered(
    secretariat_client: Client, other_programme: OtherProgramme, case: FrameModel
):
    page = text_of(secretariat_client.get(f"{case.path}add/"))
    assert "Andet program" not in page
    assert "Vi er et andet program" not in page


@MODELS
def test_the_checkbox_archives_and_restores(
    secretariat_client: Client, programme: Programme, case: FrameModel
):
    row = case.row(programme)
    address = f"{case.path}{row.pk}/change/"
    form = form_of(secretariat_client, address)
    secretariat_client.post(address, form.filled(archived="on", change_reason="Udgår."))
    archived = case.model.objects.get(pk=row.pk)
    assert archived.is_archived
    assert archived.history.latest().history_change_reason == "Udgår."
    form = form_of(secretariat_client, address)
    assert form.data["archived"] == ["on"]
    secretariat_client.post(
        address, {name: value for name, value in form.data.items() if name != "archived"}
    )
    assert not case.model.objects.get(pk=row.pk).is_archived


@MODELS
def test_no_row_can_be_deleted(
    secretariat_client: Client, client: Client, programme: Programme, case: FrameModel
):
    client.force_login(make_user("Drift", is_superuser=True))
    row = case.row(programme)
    for browser in (secretariat_client, client):
        assert browser.post(f"{case.path}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        browser.post(
            case.path,
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        )
        assert "/delete/" not in html_of(browser.get(f"{case.path}{row.pk}/change/"))
    assert case.model.objects.filter(pk=row.pk).exists()


@MODELS
@pytest.mark.parametrize("client_name", ["group_client", "reader_client", "stranger_client"])
def test_a_role_that_may_not_edit_the_frame_is_refused(
    request, programme: Programme, client_name: str, case: FrameModel
):
    browser: Client = request.getfixturevalue(client_name)
    row = case.row(programme)
    for address in (case.path, f"{case.path}add/", f"{case.path}{row.pk}/change/"):
        assert browser.get(address, follow=True).status_code == 403
        assert browser.post(address, {case.field: case.value}, follow=True).status_code == 403
    assert case.model.objects.get(pk=row.pk).version == row.version


@MODELS
def test_another_programmes_row_is_answered_like_one_that_does_not_exist(
    other_secretariat_client: Client, programme: Programme, case: FrameModel
):
    row = case.row(programme)
    missing = 10**6
    for page in ("change/", "history/"):
        there = other_secretariat_client.get(f"{case.path}{row.pk}/{page}")
        nowhere = other_secretariat_client.get(f"{case.path}{missing}/{page}")
        assert (there.status_code, there.get("Location")) == (
            nowhere.status_code,
            nowhere.get("Location"),
        )
        assert there.status_code in (302, 404)
    response = other_secretariat_client.post(
        f"{case.path}{row.pk}/change/", {case.field: case.value, "token": row.version}, follow=True
    )
    assert str(row) not in text_of(response)
    assert case.model.objects.get(pk=row.pk).version == row.version
