"""The same form sent twice is one act: two clicks, a resend, Back and "Gem"."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts import sent_forms
from accounts.models import SentForm, User
from initiatives.models import Action, Deadline, Initiative
from tests.accounts.test_matrix import PROGRAMME_ROWS, patterns
from tests.concurrency.crowd import Crowd
from tests.core.reading import Form, form_with, text_of
from tests.promises import Measured

ADD: dict[type[Any], tuple[str, str]] = {
    Initiative: ("/indsatsomraader/a/initiativer/tilfoej/", "title"),
    Action: ("/initiativer/kontraktanalyse/indsatser/tilfoej/", "title"),
    Deadline: ("/initiativer/kontraktanalyse/deadlines/tilfoej/", "wording"),
}
EVERY = pytest.mark.parametrize("model", list(ADD))


def open_form(client: Client, model: type[Any]) -> Form:
    return form_with(client.get(ADD[model][0]), ADD[model][1])


def send(client: Client, model: type[Any], form: Form, text: str, **typed: Any) -> Any:
    path, name = ADD[model]
    return client.post(path, form.filled(**{name: text}, **typed))


@EVERY
def test_the_second_sending_leads_to_the_first_row(secretariat_client: Client, model: type[Any]):
    before = model.objects.count()
    form = open_form(secretariat_client, model)
    first, second = (send(secretariat_client, model, form, "Senest uge 34") for _ in "12")
    assert model.objects.count() == before + 1
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]


@EVERY
def test_other_words_from_the_same_page_are_kept_and_asked_about(
    secretariat_client: Client, model: type[Any]
):
    """Back, and another text: it is neither lost nor taken for the first one."""
    before = model.objects.count()
    form = open_form(secretariat_client, model)
    send(secretariat_client, model, form, "Den første")
    refused = send(secretariat_client, model, form, "Den anden")
    assert refused.status_code == 409
    assert "Du har allerede gemt »Den første« fra denne side." in text_of(refused)
    assert model.objects.count() == before + 1
    again = form_with(refused, ADD[model][1])
    assert again.data[ADD[model][1]] == "Den anden"
    send(secretariat_client, model, again, "Den anden")
    assert model.objects.count() == before + 2


@EVERY
def test_a_refused_form_can_be_sent_again(secretariat_client: Client, model: type[Any]):
    before = model.objects.count()
    form = open_form(secretariat_client, model)
    refused = send(secretariat_client, model, form, "")
    assert refused.status_code == 422
    assert not SentForm.objects.exists()
    token = form_with(refused, ADD[model][1]).data[sent_forms.TOKEN]
    assert token == form.data[sent_forms.TOKEN]
    send(secretariat_client, model, form, "Nu med tekst")
    assert model.objects.count() == before + 1


def test_a_token_belongs_to_the_user_who_sends_it(
    secretariat_client: Client, other_secretariat_client: Client, secretariat: User
):
    form = open_form(secretariat_client, Action)
    send(secretariat_client, Action, form, "Min indsats")
    assert SentForm.objects.get().user == secretariat
    refused = send(other_secretariat_client, Action, form, "Min indsats")
    assert refused.status_code == 404


@pytest.mark.slow
@pytest.mark.promise(3)
def test_a_hundred_double_sendings_of_each_form_give_a_hundred_rows(
    secretariat_client: Client, promise: Measured
):
    for model in ADD:
        before = model.objects.count()
        for number in range(100):
            form = open_form(secretariat_client, model)
            for _ in "12":
                send(secretariat_client, model, form, f"Nummer {number}")
        promise.figure(f"100 double sendings of a new {model.__name__}", "100 rows")
        assert model.objects.count() == before + 100
        form = open_form(secretariat_client, model)
        for _ in "12":
            send(secretariat_client, model, form, "Kontrol", **{sent_forms.TOKEN: ""})
        promise.control("a double sending without the token", "2 rows")
        assert model.objects.count() == before + 102


@pytest.mark.slow
@pytest.mark.promise(3)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_token", [True, False])
def test_two_clicks_at_the_same_time_are_one_act(
    secretariat: User, promise: Measured, with_token: bool
):
    before = Action.objects.count()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(secretariat)
    form = open_form(clients[0], Action)
    form.data[sent_forms.TOKEN] *= with_token
    places: list[str] = []

    def click(crowd: Crowd, number: int) -> None:
        crowd.begin()
        answer = send(clients[number], Action, form, "Samtidig")
        assert answer.status_code == 302, text_of(answer)
        places.append(answer["Location"])
        crowd.acknowledge()

    crowd = Crowd(2)
    crowd.run(click)
    assert crowd.errors == []
    assert places[0] == places[1]
    rows = Action.objects.count() - before
    assert rows == (1 if with_token else 2)
    say: Callable[[str, object], None] = promise.figure if with_token else promise.control
    say(f"two clicks at once, {'with' if with_token else 'without'} the token", f"{rows} rows")


def test_every_form_that_adds_has_a_token(secretariat_client: Client):
    """A form that is added later fails here until it is a `CreatingForm`."""
    adding = {name for name, _ in patterns(get_resolver()) if name.endswith("-add")}
    paths = [path for name, path, *_ in PROGRAMME_ROWS if name in adding]
    assert len(adding) == len(paths) >= 3
    for path in paths:
        assert form_with(secretariat_client.get(path), sent_forms.TOKEN).data[sent_forms.TOKEN]


def test_old_tokens_are_forgotten(secretariat_client: Client):
    for model in (Action, Deadline):
        send(secretariat_client, model, open_form(secretariat_client, model), "Tekst")
    old = SentForm.objects.earliest("id")
    old.sent_at = timezone.now() - sent_forms.KEPT_FOR - timedelta(hours=1)
    old.save()
    assert sent_forms.forget_old(timezone.now()) == 1
    assert SentForm.objects.count() == 1
