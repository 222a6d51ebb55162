"""The demo adds three users and invented judgements to the real programme."""

import re
from collections import Counter
from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, User
from core.clock import COPENHAGEN
from core.state_at import end_of
from initiatives.loading.demo import load_demo
from initiatives.loading.programme_file import load_programme
from initiatives.models import Initiative, StatusUpdate
from initiatives.sources.as_of import build_as_of, earliest
from initiatives.sources.live import build_live
from principles.models import Programme
from tests.initiatives.steps import updates

FIXTURES = settings.BASE_DIR / "fixtures"
AT = datetime(2026, 2, 26, 9, tzinfo=COPENHAGEN)


def demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_without_demo_nothing_is_invented(db: None, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="kræver DEMO"):
        demo()


def test_the_demo_needs_the_programme_first(empty_database: None):
    with pytest.raises(CommandError, match="Indlæs programmet først"):
        demo()
    assert not User.objects.exists()


def test_a_second_run_adds_nothing(programme: Programme):
    judgements, users = StatusUpdate.objects.count(), User.objects.count()
    assert "Eksempeldata findes i forvejen." in demo()
    assert (StatusUpdate.objects.count(), User.objects.count()) == (judgements, users)


@pytest.mark.slow
def test_the_command_prints_the_logins(empty_database: None, client: Client, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "et-kodeord-fra-miljoeet")
    load_programme(FIXTURES / "programme.json")
    output = demo()
    for email in ("sekretariat@demo.dk", "gruppe@demo.dk", "laeser@demo.dk"):
        assert email in output
        assert client.login(username=email, email=email, password="et-kodeord-fra-miljoeet")
    assert "et-kodeord-fra-miljoeet" in output


@pytest.mark.slow
def test_without_a_password_in_the_environment_one_is_made(
    empty_database: None, client: Client, monkeypatch
):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    load_programme(FIXTURES / "programme.json")
    passwords = set(re.findall(r"adgangskode: (\S+)", demo()))
    (password,) = passwords
    assert len(password) >= 12
    assert User.objects.get(email="gruppe@demo.dk").check_password(password)


@pytest.mark.slow
def test_load_demo_says_that_the_demo_is_there_already(empty_database: None):
    load_programme(FIXTURES / "programme.json")
    programme = Programme.objects.get()
    users = load_demo(FIXTURES / "demo.json", programme, "kodeord-til-demo", AT)
    assert [user.email for user in users or ()] == [
        "sekretariat@demo.dk",
        "gruppe@demo.dk",
        "laeser@demo.dk",
    ]
    assert load_demo(FIXTURES / "demo.json", programme, "kodeord-til-demo", AT) is None


def test_there_is_one_user_of_each_role(programme: Programme):
    roles = dict(Membership.objects.filter(programme=programme).values_list("user__email", "role"))
    assert roles == {
        "sekretariat@demo.dk": "secretariat",
        "gruppe@demo.dk": "group",
        "laeser@demo.dk": "reader",
    }
    assert not User.objects.filter(is_superuser=True).exists()


def test_every_judgement_is_dated_in_its_month(programme: Programme):
    for update in StatusUpdate.objects.exclude(cause="import"):
        recorded = update.recorded_at.astimezone(COPENHAGEN)
        assert (recorded.year, recorded.month) == (update.month.year, update.month.month)
        assert update.by_name == "Anna Eksempel"
        assert "2025-10" <= f"{update.month:%Y-%m}" <= "2026-02"


def test_every_status_is_shown_somewhere(programme: Programme):
    assert Counter(Initiative.objects.values_list("status", flat=True)) == {
        "on_track": 7,
        "not_started": 2,
        "minor_deviations": 1,
        "major_deviations": 1,
        "closure_recommended": 1,
        "completed": 1,
        None: 1,
    }


def test_the_current_status_is_that_of_the_newest_judgement(programme: Programme):
    for initiative in Initiative.objects.all():
        judged = updates(initiative.key)
        assert initiative.status == (judged[-1].status_after if judged else None)
        versions = [update.initiative_version for update in judged]
        assert versions == sorted(versions)
        assert not versions or versions[-1] <= initiative.version


def test_the_demo_names_no_real_person(programme: Programme, client: Client):
    client.force_login(User.objects.get(email="gruppe@demo.dk"))
    page = client.get("/status/").content.decode()
    assert "Eksempeldata." in page
    assert set(User.objects.values_list("name", flat=True)) == {
        "Anna Eksempel",
        "Bo Eksempel",
        "Clara Eksempel",
    }


# A demo with a past, which `make run` shows


@pytest.fixture
def with_a_past(empty_database: None) -> Programme:
    call_command("load_programme", since=date(2025, 10, 1), stdout=StringIO())
    demo()
    programme: Programme = Programme.objects.get()
    return programme


@pytest.mark.slow
def test_the_demo_can_have_a_past(with_a_past: Programme):
    assert earliest(with_a_past) == date(2025, 10, 1)
    days = (date(2025, 10, 1), date(2025, 10, 31), date(2025, 11, 15), date(2026, 2, 26))
    then = build_as_of(with_a_past, [end_of(day) for day in days])
    assert [document.month for document in then] == [
        date(2025, 10, 1),
        date(2025, 10, 1),
        date(2025, 11, 1),
        date(2026, 2, 1),
    ]
    reported = [
        sum(item.status != "not_reported" for item in document.initiatives()) for document in then
    ]
    assert reported == [0, 11, 11, 13]
    today = build_live(with_a_past, month=date(2026, 2, 1), on=days[-1]).document
    assert then[-1] == today


@pytest.mark.slow
def test_a_past_leaves_the_real_data_as_it_is(with_a_past: Programme):
    programme = Programme.objects.get()
    assert programme.reporting_month == date(2026, 2, 1)
    imported = StatusUpdate.objects.get(cause=StatusUpdate.Cause.IMPORT)
    assert imported.recorded_at == datetime(2026, 2, 26, tzinfo=COPENHAGEN)
    reasons = set(
        Initiative.history.filter(version=1).values_list("history_change_reason", flat=True)
    )
    assert reasons == {"Indlæst til eksemplet fra statusopgørelsen for februar 2026."}


def test_a_past_is_made_in_a_demo_only(db: None, settings: Any):
    settings.DEMO = False
    with pytest.raises(CommandError, match="kræver DEMO=1"):
        call_command("load_programme", since=date(2025, 10, 1), stdout=StringIO())
