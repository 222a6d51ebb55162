"""Who else has the form of an initiative open: said in the page, and gone within a minute."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from time_machine import travel

from accounts.models import User
from accounts.permissions import Role
from core.clock import COPENHAGEN
from initiatives.models import Presence
from initiatives.models.presence import SILENT_FOR
from principles.models import Programme
from tests.concurrency.crowd import Crowd
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, text_of
from tests.factories import make_membership, make_user
from tests.initiatives.steps import edit, open_form, read_initiative, save

KEY = "kontraktanalyse"
HERE = f"/initiativer/{KEY}/til-stede/"
NOON = datetime(2026, 2, 26, 12, tzinfo=COPENHAGEN)
ANNA_TOO = "Anna\N{NO-BREAK SPACE}Eksempel retter også dette initiativ."
EVA_TOO = "Eva\N{NO-BREAK SPACE}Eksempel retter også dette initiativ."

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva_client(programme: Programme) -> Client:
    """A second secretary."""
    eva = make_user("Eva Eksempel")
    make_membership(eva, programme, Role.SECRETARIAT)
    client = Client()
    client.force_login(eva)
    return client


def ask(client: Client, seen: str | None = None, key: str = KEY) -> Any:
    """Do what an open form does every 15 seconds; `seen` is what the page shows already."""
    data = {} if seen is None else {"vist": seen}
    return client.post(f"/initiativer/{key}/til-stede/", data, headers={"hx-request": "true"})


def test_two_who_have_the_same_form_open_see_each_other(
    secretariat_client: Client, eva_client: Client
):
    with travel(NOON, tick=False) as clock:
        assert EVA_TOO not in text_of(secretariat_client.get(f"/initiativer/{KEY}/status/"))
        assert text_of(ask(secretariat_client)) == ""
        # Without JavaScript, and in the form that htmx opens, it stands there from the beginning.
        for path, headers in (
            (f"/initiativer/{KEY}/status/", {}),
            (f"/initiativer/{KEY}/status/", {"hx-request": "true"}),
            (f"/initiativer/{KEY}/status/?fra=tabel", {"hx-request": "true"}),
        ):
            page = eva_client.get(path, headers=headers)
            assert ANNA_TOO in html_of(page)
        assert ANNA_TOO in html_of(ask(eva_client))
        assert EVA_TOO in html_of(ask(secretariat_client))
        clock.shift(15)
        # What the page shows already is not sent again: nothing is swapped, nothing read aloud.
        assert ask(secretariat_client, EVA_TOO).status_code == 204
        # Another initiative is another form.
        assert "også" not in text_of(ask(secretariat_client, key="leverandoerliste"))


def test_whoever_has_left_is_gone_within_a_minute(secretariat_client: Client, eva_client: Client):
    with travel(NOON, tick=False) as clock:
        ask(eva_client)
        gone = None
        for seconds in range(0, 75, 15):
            answer = ask(secretariat_client)
            if EVA_TOO not in html_of(answer):
                gone = seconds
                break
            clock.shift(15)
        assert gone is not None
        assert 15 < gone < 60
        # Nothing is left of her in the table either.
        assert [row.user.name for row in Presence.objects.all()] == ["Anna Eksempel"]


def test_several_are_named_in_one_sentence(
    programme: Programme, secretariat_client: Client, eva_client: Client, client: Client
):
    other = make_user("Ove <i>Eksempel</i>")
    make_membership(other, programme, Role.SECRETARIAT)
    client.force_login(other)
    with travel(NOON, tick=False):
        for one in (eva_client, client):
            ask(one)
        answer = html_of(ask(secretariat_client))
    assert "Eva\N{NO-BREAK SPACE}Eksempel og Ove" in answer
    assert "&lt;i&gt;Eksempel&lt;/i&gt; retter også dette initiativ." in answer
    assert "<i>" not in answer


def test_it_locks_nothing(secretariat_client: Client, eva_client: Client):
    form = open_form(secretariat_client, KEY)
    ask(eva_client)
    answer = save(secretariat_client, KEY, form, status="completed", reason="Nyt.", deviates=[])
    assert answer.status_code == 302
    assert read_initiative(KEY).status == "completed"


def test_only_whoever_may_judge_it_says_so_and_is_told(
    secretariat_client: Client,
    programme: Programme,
    group: User,
    group_client: Client,
    reader_client: Client,
    other_programme: OtherProgramme,
    other_secretariat_client: Client,
):
    for client, status in (
        (group_client, 403),
        (reader_client, 403),
        (other_secretariat_client, 404),
        (Client(), 302),
    ):
        answer = client.post(HERE)
        assert answer.status_code == status
        assert "Anna" not in html_of(answer) or status == 403
    assert Presence.objects.count() == 0
    edit(programme, uses_contacts=True)
    edit(read_initiative(KEY), lead=group)
    assert group_client.post(HERE).status_code == 200
    assert "Bo\N{NO-BREAK SPACE}Eksempel retter også" in html_of(ask(secretariat_client))


def test_it_is_no_part_of_the_plan_and_of_no_history(
    secretariat_client: Client, programme: Programme
):
    """A plan that is kept in memory stays true, and the initiative keeps its version."""
    before = Programme.objects.with_revision().get(pk=programme.pk).revision
    version = read_initiative(KEY).version
    ask(secretariat_client)
    assert Programme.objects.with_revision().get(pk=programme.pk).revision == before
    assert read_initiative(KEY).version == version


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_who_say_so_at_once_are_all_there(programme: Programme):
    """Each has a row: in one value for all of them, whoever writes last would forget the others."""
    people = [make_user(f"Person {number}") for number in range(8)]
    initiative, at = read_initiative(KEY), NOON

    def work(crowd: Crowd, number: int) -> None:
        crowd.begin()
        for turn in range(10):
            Presence.say(initiative, people[number], at + timedelta(seconds=turn))

    crowd = Crowd(len(people))
    crowd.run(work)
    assert crowd.errors == []
    stranger = make_user("Tilskuer")
    assert len(list(Presence.others(initiative, stranger, at + SILENT_FOR))) == len(people)

    # Control: one value in the cache, which each reads and writes back.
    def keep_in_one_value(crowd: Crowd, number: int) -> None:
        present = cache.get("present", [])
        crowd.begin()
        cache.set("present", [*present, number])

    control = Crowd(len(people))
    control.run(keep_in_one_value)
    assert len(cache.get("present")) == 1
