"""`manage.py make_load`: as many invented initiatives as asked, written as people write them.

And, with so many there: what the status table asks of the database is what the document says.
"""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.test import Client

from accounts.models import User
from core.clock import local_day, now
from initiatives.models import Action, Deadline, DeadlineMove, Fact, Initiative, StatusUpdate
from initiatives.models.fact import understand
from plan.fact import DATED
from plan.status import Status
from principles.models import Programme
from tests.core.reading import initiatives_in, text_of

MADE = {"key__startswith": "belastning-"}


def make_load(number: int | str, *options: str) -> str:
    said = StringIO()
    call_command("make_load", f"--initiatives={number}", *options, stdout=said)
    return said.getvalue().strip()


def test_it_fills_up_to_the_number_and_no_further(programme: Programme):
    said = make_load(20)
    assert said == "Oprettet: 6 initiativer. Udviklingsprogrammet har 20 initiativer."
    assert Initiative.objects.of(programme).in_plan().count() == 20
    said = make_load(20)
    assert said == "Oprettet: ingen initiativer. Udviklingsprogrammet har 20 initiativer."


@pytest.mark.slow
def test_the_plan_is_like_a_real_one(programme: Programme):
    make_load(14 + 60)
    made = Initiative.objects.filter(**MADE)
    areas = made.values_list("area__principle", "area").distinct()
    assert len({principle for principle, _ in areas}) == 3
    assert len({area for _, area in areas}) == 13
    children = made.annotate(
        a=Count("actions", distinct=True),
        d=Count("deadlines", distinct=True),
        j=Count("updates", distinct=True),
    ).values_list("a", "d", "j")
    actions, deadlines, judgements = zip(*children, strict=True)
    assert set(actions) == {0, 1, 2, 3}
    assert set(deadlines) == {1, 2, 3}
    assert 4 <= sum(judgements) / len(judgements) <= 6
    facts = Deadline.objects.filter(initiative__in=made).values_list("fact", flat=True)
    assert set(facts) == set(Fact.values)
    judged = StatusUpdate.objects.filter(initiative__in=made)
    assert {update.status_after for update in judged} == set(Status.values)
    assert any(update.is_confirmation for update in judged)
    assert 0 < made.exclude(ask="").count() < 60
    assert made.values("title").distinct().count() == 60


def test_every_row_has_its_history(programme: Programme):
    make_load(14 + 8)
    for model in (Initiative, Action, Deadline):
        for row in model.objects.filter(**MADE):
            history = model.history.filter(id=row.pk).order_by("version")
            assert [old.version for old in history] == list(range(1, row.version + 1))
            assert all(old.history_date <= now() for old in history)
            assert history[0].history_change_reason == "Oprettet til belastningsprøven."
    newest = StatusUpdate.objects.filter(initiative__key="belastning-1").latest("pk")
    assert newest.by_name == "Anna Eksempel"
    assert newest.month <= programme.reporting_month


def test_deadlines_have_the_days_that_their_wordings_mean(programme: Programme):
    make_load(14 + 40)
    made = Deadline.objects.filter(**MADE)
    assert {deadline.fact for deadline in made} == set(Fact.values)
    for deadline in made:
        written = local_day(deadline.history.get(version=1).history_date)
        read = understand(deadline.wording, deadline.fact, written)
        assert (deadline.starts_on, deadline.ends_on) == (read.start, read.end)
        assert (deadline.kind, deadline.opens_on) == (read.kind, read.opens_on)
        assert (deadline.ends_on is not None) == (deadline.fact in DATED), deadline.wording
    moved = {deadline.key for deadline in made if "Ny deadline" in deadline.wording}
    moves = DeadlineMove.objects.filter(deadline__in=made, old_wording="")
    assert moved == {move.deadline.key for move in moves} != set()


def rows() -> list[tuple[object, ...]]:
    names = "key", "title", "status", "ask", "area__key", "version"
    return list(Initiative.objects.filter(**MADE).order_by("pk").values_list(*names))


def test_in_steps_it_is_the_same_as_at_once(programme: Programme):
    with transaction.atomic():
        make_load(20)
        at_once = rows()
        transaction.set_rollback(True)
    make_load(17)
    make_load(20)
    assert rows() == at_once


def test_a_programme_of_its_own(secretariat_client: Client, secretariat: User):
    said = make_load(5, "--programme=proeve")
    assert said == "Oprettet: 5 initiativer. Belastningsprøve proeve har 5 initiativer."
    page = secretariat_client.get("/program/proeve/status/")
    assert len(initiatives_in(page)) == 5
    assert "5 initiativer i 5 indsatsområder under 3 principper" in text_of(page)
    assert len(initiatives_in(secretariat_client.get("/status/"))) == 14
    make_load(6, "--programme=proeve")
    assert len(initiatives_in(secretariat_client.get("/program/proeve/status/"))) == 6


def test_it_belongs_to_the_demo(programme: Programme, settings: Any):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Opdigtede initiativer kræver DEMO=1"):
        make_load(20)
    assert not Initiative.objects.filter(**MADE).exists()


@pytest.mark.parametrize("number", ["mange", "-1", "10001"])
def test_a_number_that_is_none(programme: Programme, number: str):
    with pytest.raises(CommandError, match=r"er ikke et antal mellem 0 og 10\.000"):
        make_load(number)


@pytest.mark.parametrize("key", ["prøve", "to ord", "x" * 90])
def test_a_key_that_is_none(programme: Programme, key: str):
    with pytest.raises(CommandError, match="kan ikke være en nøgle"):
        make_load(15, f"--programme={key}")
    assert Programme.objects.count() == 1
