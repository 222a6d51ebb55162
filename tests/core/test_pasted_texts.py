"""What people paste into the portal's forms, and what they search for afterwards."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User
from core.admin import DoorAdmin
from core.texts import PlainTextField
from core.tracking import Actor
from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from principles.models import Principle, Programme
from tests.core.older import older_portal
from tests.core.reading import form_with, html_of, initiatives_in, text_of
from tests.factories import make_action, make_user
from tests.initiatives.steps import edit, open_form, read_initiative, save

UNSEEN = "\u200b\xad\u2060\u202e\u3164\u2800\x0b"
KEY = "kontraktanalyse"


def required_texts() -> Iterator[tuple[str, str]]:
    """Yield each required text of the admin: the address of its rows and its name."""
    for model, model_admin in admin.site._registry.items():
        assert isinstance(model_admin, DoorAdmin)
        for name in model_admin.row_fields:
            field = model._meta.get_field(name)
            if isinstance(field, PlainTextField) and not field.blank:
                yield f"/admin/{model._meta.label_lower.replace('.', '/')}/", name


def test_a_text_from_word_is_stored_as_it_looks(secretariat_client: Client):
    form = open_form(secretariat_client, KEY)
    pasted = "\uf0b7\tFørste lever\xadance\x0b\uf0b7\tAnden\u200b leverance\u2028slut"
    save(secretariat_client, KEY, form, status="completed", reason=pasted, ask="\uf0fc Ja?")
    newest = StatusUpdate.objects.latest("id")
    assert newest.reason == "•\tFørste leverance\n•\tAnden leverance\nslut"
    assert read_initiative(KEY).ask == "✓ Ja?"
    assert "• Første leverance • Anden leverance slut" in text_of(
        secretariat_client.get(f"/initiativer/{KEY}/")
    )


@pytest.mark.parametrize(("address", "name"), list(required_texts()))
def test_invisible_characters_alone_are_an_empty_text_in_the_admin(
    programme: Programme, address: str, name: str
):
    chief = Client()
    chief.force_login(make_user("Drift", is_superuser=True))
    form = form_with(chief.get(f"{address}add/"), "change_reason")
    response = chief.post(f"{address}add/", form.filled(**{name: UNSEEN}))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors[name]
    assert [error.endswith(" skal udfyldes.") for error in errors] == [True]


def test_the_admin_has_required_texts():
    assert len(list(required_texts())) >= 9


def test_a_name_and_an_address_are_pasted_into_the_admin(
    secretariat_client: Client, programme: Programme
):
    form = form_with(secretariat_client.get("/admin/accounts/user/add/"), "change_reason")
    secretariat_client.post(
        "/admin/accounts/user/add/",
        form.filled(
            name="\u202aEva\xa0Ny\u202c",
            email="\u200beva@example.dk\xa0",
            programme=programme.pk,
            role="group",
            change_reason="\uf0b7 Ny\xad",
        ),
    )
    user = User.objects.get(email="eva@example.dk")
    assert user.name == "Eva Ny"
    assert user.history.get().history_change_reason == "• Ny"


def test_a_deadline_is_not_moved_for_an_invisible_reason(secretariat_client: Client):
    deadline = Deadline.objects.live().filter(fact="deadline").exclude(ends_on=None)[0]
    edit_path = f"/deadlines/{deadline.key}/ret/"
    form = form_with(secretariat_client.get(edit_path), "wording")
    for reason in ("", UNSEEN):
        response = secretariat_client.post(
            edit_path, form.filled(wording="Udgangen af 2031", change_reason=reason)
        )
        assert response.status_code == 422
        assert "Skriv, hvorfor deadlinen flyttes." in text_of(response)


# Rows of an older portal


@pytest.fixture
def old_title(programme: Programme) -> Action:
    with older_portal():
        return make_action(read_initiative(KEY), title="Kon\xadtrakt\u200b og\xa0bilag")


def test_saving_an_unchanged_form_changes_nothing(secretariat_client: Client, old_title: Action):
    path = f"/indsatser/{old_title.key}/ret/"
    form = form_with(secretariat_client.get(path), "title")
    response = secretariat_client.post(path, form.filled(), follow=True)
    assert "Der er ikke ændret noget." in text_of(response)
    assert Action.objects.get(pk=old_title.pk).version == old_title.version


def test_an_invisible_difference_is_no_conflict(secretariat_client: Client, old_title: Action):
    path = f"/indsatser/{old_title.key}/ret/"
    form = form_with(secretariat_client.get(path), "title")
    edit(old_title, source_note="Noget andet")
    response = secretariat_client.post(path, form.filled(title="Kontrakt og bilag"))
    assert response.status_code == 302
    form = form_with(secretariat_client.get(path), "title")
    edit(old_title, title="Noget andet")
    response = secretariat_client.post(path, form.filled(title="Kontrakt  og tre bilag"))
    assert response.status_code == 409


def test_a_title_of_invisible_characters_can_still_be_archived(
    secretariat_client: Client, programme: Programme
):
    with older_portal():
        action = make_action(read_initiative(KEY), title="\u200b")
    path = f"/indsatser/{action.key}/arkiver/"
    form = form_with(secretariat_client.get(path), "version")
    assert secretariat_client.post(path, form.filled()).status_code == 302
    assert Action.objects.get(pk=action.pk).is_archived


# Searching for it


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Aabenraa Kommune", "åbenrå"),
        ("Åbenrå Kommune", "aabenraa"),
        ("E‑mail til alle", "e-mail"),
        ("E-mail til alle", "email"),
        ("Bo– og døgntilbud", "bo- og døgn"),
        ("KL’s vejledning", "kl's"),
        ("“Åben dialog” for alle", "»åben dialog«"),
        ("ﬁnansiering for alle", "finans"),
        ("finansiering for alle", "\ufb01nans"),
        ("Kontrakt\xadanalyser", "kontraktanalyser"),
        ("Kontraktanalyser", "kontrakt\u200banalyser"),
        ("2026–2027 for alle", "2026-2027"),
        ("Idé for alle", "ide for"),
    ],
)
def test_search_and_filter_find_texts_that_look_alike(
    secretariat_client: Client, programme: Programme, written: str, typed: str
):
    with older_portal():
        initiative = Initiative.objects.get(key="faelles-postkasse")
        make_action(initiative, title=f"Qx {written}")
    # The word "Qx" limits the search to this row.
    assert initiatives_in(secretariat_client.get("/status/", {"tekst": f"qx {typed}"})) == [
        initiative.key
    ]
    page = secretariat_client.get("/soeg/", {"tekst": f"qx {typed}"})
    assert f'href="/initiativer/{initiative.key}/"' in html_of(page)
    assert "1 initiativ" in text_of(page)


def test_a_person_is_found_in_history_however_the_name_was_pasted(
    secretariat_client: Client, programme: Programme
):
    principle = Principle.objects.of(programme)[0]
    for name in ("Åse Ny", "Åse\xad Ny", "Bo Ny"):
        edit(principle, actor=Actor(name), title=f"Titel af {len(name)} tegn")
    page = secretariat_client.get("/historik/", {"person": "Åse Ny"})
    assert "2 ændringer" in text_of(page)
    assert [name for name in page.context["people"] if "Ny" in name] == ["Bo Ny", "Åse Ny"]
    assert "2 ændringer" in text_of(secretariat_client.get("/historik/", {"person": "aase ny"}))
