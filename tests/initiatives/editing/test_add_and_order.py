"""Rows of the plan are added, moved, archived and restored, and never deleted."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from initiatives.models import Action, Deadline, Initiative
from principles.models import ActionArea, Programme
from tests.core.reading import form_with, forms_of, html_of, text_of
from tests.initiatives.steps import edit, read_initiative

PAGE = "/initiativer/kontraktanalyse/"
KINDS = [
    (Initiative, "initiativer", "kontraktanalyse", "Initiativet", "Kontraktanalyse"),
    (
        Action,
        "indsatser",
        "kontraktanalyse-1",
        "Indsatsen",
        "Analyse af kommunernes kontrakter",
    ),
    (
        Deadline,
        "deadlines",
        "kontraktanalyse-d1",
        "Deadlinen",
        "Forelægges Implementeringsgruppen til godkendelse den 20. januar 2026",
    ),
]
EVERY = pytest.mark.parametrize(("model", "kind", "key", "noun", "title"), KINDS)


def add(client: Client, path: str, **typed: Any):
    form = form_with(client.get(path), "change_reason")
    return client.post(path, form.filled(**typed))


def move(client: Client, kind: str, row: Any, where: str, **typed: Any):
    data = {"version": row.version, "retning": where} | typed
    return client.post(f"/{kind}/{row.key}/flyt/", data, follow=True)


def actions_in_order(key: str = "kontraktanalyse") -> list[str]:
    return list(read_initiative(key).actions.live().in_order().values_list("key", flat=True))


# Add


def test_an_initiative_is_added_last_in_its_area(secretariat_client: Client, secretariat: User):
    response = add(
        secretariat_client,
        "/indsatsomraader/a/initiativer/tilfoej/",
        title="Fælles indkøb på området",
        change_reason="Besluttet på mødet.",
    )
    row = Initiative.objects.get(key="faelles-indkoeb-paa-omraadet")
    assert response["Location"] == "/initiativer/faelles-indkoeb-paa-omraadet/"
    assert list(row.area.initiatives.in_order())[-1] == row
    assert (row.status, row.version, row.terms_of_reference) == (None, 1, "unknown")
    created = row.history.get()
    assert (created.actor_name, created.history_user) == ("Anna Eksempel", secretariat)
    assert created.history_change_reason == "Besluttet på mødet."
    text = text_of(secretariat_client.get(response["Location"]))
    assert "Initiativet »Fælles indkøb på området« er oprettet." in text
    assert "Anna Eksempel oprettede initiativet den 26. februar 2026." in text
    assert "Ikke oplyst" in text
    assert "15 initiativer" in text_of(secretariat_client.get("/status/"))


def test_an_area_that_lacks_treatment_gets_its_first(secretariat_client: Client):
    add(secretariat_client, "/indsatsomraader/x/initiativer/tilfoej/", title="Det første")
    text = text_of(secretariat_client.get("/status/"))
    assert "15 initiativer i 11 indsatsområder" in text


def test_an_indsats_is_added_last(secretariat_client: Client):
    response = add(secretariat_client, f"{PAGE}indsatser/tilfoej/", title="En ny indsats")
    assert response["Location"] == PAGE
    *_, last = actions_in_order()
    assert Action.objects.get(key=last).title == "En ny indsats"
    text = text_of(secretariat_client.get(PAGE))
    assert "Indsatsen er tilføjet." in text
    assert "Anna Eksempel tilføjede indsatsen »En ny indsats« den 26. februar 2026." in text


def test_a_deadline_is_added_last(secretariat_client: Client):
    add(
        secretariat_client,
        f"{PAGE}deadlines/tilfoej/",
        wording="Medio 2026",
        fact="deadline",
        action="kontraktanalyse-2",
    )
    row: Any = read_initiative("kontraktanalyse").deadlines.in_order().last()
    assert (row.wording, row.fact, row.action.key) == (
        "Medio 2026",
        "deadline",
        "kontraktanalyse-2",
    )
    text = text_of(secretariat_client.get(PAGE))
    assert "Deadlinen er tilføjet." in text
    assert "2 Deadline Medio 2026" in text


@pytest.mark.parametrize(
    ("path", "field", "label"),
    [
        ("/indsatsomraader/a/initiativer/tilfoej/", "title", "Titel"),
        (f"{PAGE}indsatser/tilfoej/", "title", "Indsats"),
        (f"{PAGE}deadlines/tilfoej/", "wording", "Ordlyd"),
    ],
)
def test_a_row_without_a_title_is_refused(
    secretariat_client: Client, path: str, field: str, label: str
):
    for typed in ("", "  ", "\u200b\xad", "010190-1234", "x\x00y", "x" * 2_000_000):
        response = add(secretariat_client, path, **{field: typed, "change_reason": "Min grund."})
        assert response.status_code == 422
        assert form_with(response, "change_reason").data["change_reason"] == "Min grund."
    assert f"{label} må højst fylde" in html_of(response)


def test_two_rows_with_the_same_title_get_different_keys(secretariat_client: Client):
    for _ in range(2):
        add(
            secretariat_client, "/indsatsomraader/a/initiativer/tilfoej/", title="Bestillingsportal"
        )
    keys = Initiative.objects.filter(title="Bestillingsportal").values_list("key", flat=True)
    assert len(set(keys)) == 3


@pytest.mark.parametrize("title", ["§ 60", "!!!", "æøå", "123", "日本"])
def test_any_title_gives_a_page(secretariat_client: Client, title: str):
    response = add(secretariat_client, "/indsatsomraader/a/initiativer/tilfoej/", title=title)
    assert secretariat_client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("name", ["tilfoej", "status", "ret", "uaendret"])
def test_a_title_that_is_a_word_in_the_addresses_gives_a_page(
    secretariat_client: Client, name: str
):
    response = add(secretariat_client, "/indsatsomraader/a/initiativer/tilfoej/", title=name)
    page = secretariat_client.get(response["Location"])
    assert page.status_code == 200
    assert f"<h1>{name}</h1>" in html_of(page)


def test_nothing_is_added_under_an_archived_row(secretariat_client: Client, programme: Programme):
    edit(ActionArea.objects.get(key="x"), archived_at="2026-02-26T12:00:00Z")
    edit(read_initiative("kontraktanalyse"), archived_at="2026-02-26T12:00:00Z")
    for path in (
        "/indsatsomraader/x/initiativer/tilfoej/",
        f"{PAGE}indsatser/tilfoej/",
        f"{PAGE}deadlines/tilfoej/",
    ):
        assert secretariat_client.get(path).status_code == 404
        assert secretariat_client.post(path, {"title": "x", "wording": "x"}).status_code == 404


# Move


def test_moving_an_indsats_writes_only_that_row(secretariat_client: Client):
    row = Action.objects.get(key="kontraktanalyse-2")
    response = move(secretariat_client, "indsatser", row, "op")
    assert "Indsatsen er flyttet." in text_of(response)
    assert actions_in_order() == ["kontraktanalyse-2", "kontraktanalyse-1", "kontraktanalyse-3"]
    written = Action.objects.filter(initiative=read_initiative("kontraktanalyse"), version__gt=1)
    assert [action.key for action in written] == ["kontraktanalyse-2"]
    assert (
        "Anna Eksempel flyttede indsatsen »Analyse af kommunernes bestillinger« "
        "den 26. februar 2026." in text_of(response)
    )


def test_a_row_is_moved_down_and_up_again(secretariat_client: Client):
    before = actions_in_order()
    for retning in ("ned", "ned", "op", "op"):
        row = Action.objects.get(key="kontraktanalyse-1")
        move(secretariat_client, "indsatser", row, retning)
    assert actions_in_order() == before


def test_a_deadline_and_an_initiative_are_moved(secretariat_client: Client):
    first = Deadline.objects.get(key="myndighedsbestilling-d1")
    move(secretariat_client, "deadlines", first, "ned")
    keys = (
        read_initiative("myndighedsbestilling").deadlines.in_order().values_list("key", flat=True)
    )
    assert list(keys) == ["myndighedsbestilling-d2", "myndighedsbestilling-d1"]
    move(secretariat_client, "initiativer", read_initiative("bestillingsportal"), "op")
    area = read_initiative("bestillingsportal").area
    assert [row.key for row in area.initiatives.in_order()] == [
        "bestillingsportal",
        "myndighedsbestilling",
    ]


@pytest.mark.parametrize(
    ("key", "retning"), [("kontraktanalyse-1", "op"), ("kontraktanalyse-3", "ned")]
)
def test_the_first_and_the_last_stay_where_they_are(
    secretariat_client: Client, key: str, retning: str
):
    row = Action.objects.get(key=key)
    response = move(secretariat_client, "indsatser", row, retning)
    assert "er flyttet" not in text_of(response)
    assert Action.objects.get(key=key).version == 1


def test_an_archived_sibling_is_stepped_over(secretariat_client: Client, programme: Programme):
    edit(Action.objects.get(key="kontraktanalyse-2"), archived_at="2026-02-26T12:00:00Z")
    row = Action.objects.get(key="kontraktanalyse-3")
    move(secretariat_client, "indsatser", row, "op")
    assert actions_in_order() == ["kontraktanalyse-3", "kontraktanalyse-1"]


@pytest.mark.parametrize(
    "typed",
    [
        {"version": ""},
        {"version": "99"},
        {"version": "abc"},
        {"retning": ""},
        {"retning": "til siden"},
    ],
)
def test_an_unclear_move_is_refused(secretariat_client: Client, typed: dict[str, str]):
    row = Action.objects.get(key="kontraktanalyse-2")
    response = move(secretariat_client, "indsatser", row, "op", **typed)
    assert "Siden er ikke længere aktuel. Hent den igen, og flyt derefter." in text_of(response)
    assert "saved--error" in html_of(response)
    assert Action.objects.get(key="kontraktanalyse-2").version == 1


def test_the_buttons_of_the_page_move(secretariat_client: Client):
    forms = [
        form
        for form in forms_of(secretariat_client.get(PAGE))
        if form.action == "/indsatser/kontraktanalyse-2/flyt/"
    ]
    (form,) = forms
    assert form.buttons == [("retning", "op"), ("retning", "ned")]
    secretariat_client.post(form.action, form.filled(retning="op"))
    assert actions_in_order()[0] == "kontraktanalyse-2"


# Archive and restore


@EVERY
def test_archiving_asks_first(
    secretariat_client: Client, model: Any, kind: str, key: str, noun: str, title: str
):
    response = secretariat_client.get(f"/{kind}/{key}/arkiver/")
    assert (
        f"Vil du arkivere »{title}«? Det udgår af nye statusopgørelser, men står fortsat i de "
        "låste udgaver og i historikken. Det kan gendannes." in text_of(response)
    )
    assert not model.objects.get(key=key).is_archived


@EVERY
def test_a_row_is_archived_and_restored(
    secretariat_client: Client, model: Any, kind: str, key: str, noun: str, title: str
):
    path = f"/{kind}/{key}/arkiver/"
    form = form_with(secretariat_client.get(path), "version")
    response = secretariat_client.post(path, form.data, follow=True)
    assert f"{noun} »{title}« er arkiveret." in text_of(response)
    row = model.objects.get(key=key)
    assert row.is_archived
    assert row.history.latest().actor_name == "Anna Eksempel"
    sentence = "arkiverede" + ("" if model is Initiative else f" {noun.lower()} »{title}«")
    assert f"Anna Eksempel {sentence}" in text_of(secretariat_client.get(PAGE))
    restore = f"/{kind}/{key}/gendan/"
    (form,) = (form for form in forms_of(secretariat_client.get(PAGE)) if form.action == restore)
    response = secretariat_client.post(restore, form.data, follow=True)
    assert f"{noun} »{title}« er gendannet." in text_of(response)
    assert not model.objects.get(key=key).is_archived
    assert "gendannede" in text_of(response)


def test_an_archived_initiative_leaves_the_plan_and_keeps_its_page(
    secretariat_client: Client, group_client: Client, programme: Programme
):
    edit(read_initiative("kontraktanalyse"), archived_at="2026-02-26T12:00:00Z")
    assert "Kontraktanalyse" not in text_of(group_client.get("/status/"))
    for client in (secretariat_client, group_client):
        text = text_of(client.get(PAGE))
        assert "Initiativet er arkiveret og indgår ikke i nye statusopgørelser." in text
        assert "Ret status" not in text
    assert "Gendan" in text_of(secretariat_client.get(PAGE))
    assert "Gendan" not in text_of(group_client.get(PAGE))


def test_an_archived_initiative_is_found_on_its_areas_page(
    secretariat_client: Client, group_client: Client, programme: Programme
):
    edit(read_initiative("kontraktanalyse"), archived_at="2026-02-26T12:00:00Z")
    path = "/indsatsomraader/a/"
    text = text_of(secretariat_client.get(path))
    assert "Arkiverede initiativer" in text
    assert "Arkiverede initiativer" not in text_of(group_client.get(path))


@EVERY
@pytest.mark.parametrize("version", ["", "99", "abc"])
def test_archiving_without_a_valid_version_is_refused(
    secretariat_client: Client,
    model: Any,
    kind: str,
    key: str,
    noun: str,
    title: str,
    version: str,
):
    response = secretariat_client.post(f"/{kind}/{key}/arkiver/", {"version": version}, follow=True)
    assert "Siden er ikke længere aktuel. Hent den igen, og prøv derefter." in text_of(response)
    assert not model.objects.get(key=key).is_archived


def test_a_row_that_somebody_just_changed_is_not_archived_unseen(secretariat_client: Client):
    path = f"{PAGE}arkiver/"
    form = form_with(secretariat_client.get(path), "version")
    edit(read_initiative("kontraktanalyse"), title="Bos nye titel")
    response = secretariat_client.post(path, form.data, follow=True)
    assert "Siden er ikke længere aktuel." in text_of(response)
    assert not read_initiative("kontraktanalyse").is_archived


def test_an_indsats_with_deadlines_is_not_archived_alone(secretariat_client: Client):
    path = "/indsatser/myndighedsbestilling-1/arkiver/"
    text = text_of(secretariat_client.post(path, {"version": "1"}, follow=True))
    assert "Indsatsen har deadlines. Arkivér dem, eller ret, hvad de gælder, først." in text
    assert not Action.objects.get(key="myndighedsbestilling-1").is_archived


@EVERY
def test_a_row_that_is_not_archived_cannot_be_restored(
    secretariat_client: Client, model: Any, kind: str, key: str, noun: str, title: str
):
    row = model.objects.get(key=key)
    response = secretariat_client.post(f"/{kind}/{key}/gendan/", {"version": row.version})
    assert response.status_code == 404


def test_no_page_offers_to_delete(secretariat_client: Client):
    for path in ("/status/", PAGE, "/indsatsomraader/a/", "/initiativer/kontraktanalyse/ret/"):
        assert not re.search(
            r"\b(slet|fjern)\b", text_of(secretariat_client.get(path)), re.IGNORECASE
        )


# Other programmes


@pytest.mark.parametrize("act", ["ret", "flyt", "arkiver", "gendan"])
def test_rows_of_another_programme_are_not_there(
    secretariat_client: Client, other_programme, act: str
):
    row = other_programme.initiative
    for prefix in ("", "/program/udviklingsprogrammet", "/program/andet-program"):
        response = secretariat_client.post(
            f"{prefix}/initiativer/{row.key}/{act}/",
            {"version": row.version, "retning": "ned", "title": "Overtaget"},
        )
        assert response.status_code == 404
    assert Initiative.objects.get(pk=row.pk).version == row.version


def test_nothing_is_added_in_another_programme(secretariat_client: Client, other_programme):
    for path in (
        f"/indsatsomraader/{other_programme.area.key}/initiativer/tilfoej/",
        f"/initiativer/{other_programme.initiative.key}/indsatser/tilfoej/",
        f"/initiativer/{other_programme.initiative.key}/deadlines/tilfoej/",
    ):
        response = secretariat_client.post(path, {"title": "Ny", "wording": "Ny"})
        assert response.status_code == 404
    assert other_programme.area.initiatives.count() == 1
