"""Locking while others write: what is locked is the plan of one moment.

Four writers change three rows together, in one transaction: the text of an initiative, an indsats
of another and the title of their area carry the same number. The document reads them with three
queries. A locked document in which the numbers differ was made of two moments. Controls, without
`freezing.one_moment`, must show such documents under the same load.
"""

import random
import re
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.models import User
from core import writing
from core.tracking import Actor
from initiatives.models import Action, Initiative
from plan.document import PlanDocument
from principles.models import ActionArea, Programme
from reports.comparison.change_text import change_text
from reports.editions import approval, chain, files, freezing, log
from reports.models import Edition, StatusReport
from tests.concurrency.crowd import Crowd
from tests.draws import draws
from tests.factories import (
    make_action,
    make_area,
    make_initiative,
    make_principle,
    make_programme,
    make_user,
)
from tests.promises import Measured
from tests.protection import without_triggers
from tests.reports.editions.steps import FEBRUARY, JANUARY, LOCKED_AT, lock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FREEZES, CONTROL, WRITERS = draws(200, 60), 40, 4
# Between two queries of whoever locks: time for the others.
PAUSE = 0.0005


class Plan:
    """Two initiatives in an area, and the three rows whose numbers go together."""

    def __init__(self) -> None:
        self.programme: Programme = make_programme()
        self.area: ActionArea = make_area(make_principle(self.programme), title="Vi er ved 0")
        self.first: Initiative = make_initiative(self.area, report_text="Nu 0")
        self.action: Action = make_action(make_initiative(self.area), title="Gør 0")

    def write(self, number: int, actor: Actor) -> None:
        """All three or none, under their locks in one order."""
        with transaction.atomic():
            for row, field, words in (
                (self.first, "report_text", "Nu"),
                (self.action, "title", "Gør"),
                (self.area, "title", "Vi er ved"),
            ):
                current = writing.lock(type(row), row.pk)
                setattr(current, field, f"{words} {number}")
                writing.store(current, [field], actor=actor, reason="Skrevet.", at=LOCKED_AT)


def numbers_in(document: PlanDocument) -> set[str]:
    """The numbers of the three rows: one, when the document is of one moment."""
    (area,) = document.principles[0].areas
    first, second = area.initiatives
    texts = (area.title, first.report_text, second.actions[0].title)
    return {re.findall(r"\d+", text)[-1] for text in texts}


def lock_under_writers(
    plan: Plan, times: int, moment: Callable[[], AbstractContextManager[None]]
) -> Crowd:
    """One locks the month so many times over, each after somebody's write, while four write."""
    done: list[bool] = []

    def spread(execute: Any, sql: str, *args: Any) -> Any:
        time.sleep(PAUSE)
        return execute(sql, *args)

    def work(crowd: Crowd, number: int) -> None:
        if number:
            _write(crowd, number)
            return
        crowd.begin()
        try:
            with connection.execute_wrapper(spread):
                for count in range(times):
                    _wait_for_a_write(crowd, crowd.refused)
                    at = LOCKED_AT + timedelta(seconds=count)
                    lock(plan.programme, at=at, correction=f"Rettelse {count}.", with_files=False)
                    crowd.acknowledge()
        finally:
            done.append(True)

    def _wait_for_a_write(crowd: Crowd, before: int) -> None:
        # However slow the machine is: each document says something else than the one before.
        limit = time.monotonic() + 60
        while crowd.refused == before:
            assert time.monotonic() < limit, "Nobody has written for a minute."
            time.sleep(PAUSE)

    def _write(crowd: Crowd, number: int) -> None:
        chance, actor, count = random.Random(number), Actor(f"Skriver {number}"), 0
        crowd.begin()
        while not done:
            count += 1
            plan.write(count * WRITERS + number, actor)
            crowd.refuse()  # counts what was written
            time.sleep(chance.uniform(0, 0.01))

    crowd = Crowd(WRITERS + 1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(freezing, "one_moment", moment)
        crowd.run(work)
    return crowd


def inconsistent() -> int:
    """Locked documents made of two moments."""
    return sum(len(numbers_in(edition.plan())) > 1 for edition in Edition.objects.all())


@pytest.mark.promise(2)
def test_what_is_locked_is_of_one_moment(promise: Measured):
    plan = Plan()
    crowd = lock_under_writers(plan, FREEZES, freezing.one_moment)
    assert crowd.errors == []
    assert crowd.saved == Edition.objects.count() == FREEZES
    # They wrote all the while, and each wrote something else.
    assert len({edition.sha256 for edition in Edition.objects.all()}) == FREEZES
    assert inconsistent() == 0
    assert [edition.number for edition in Edition.objects.order_by("number")] == list(
        range(1, FREEZES + 1)
    )
    for edition in Edition.objects.all():
        left = [found for found in files.differences(edition) if "mangler" not in found]
        assert left == []
    assert differences_of_the_chain() == []
    # Each row of the log is under one seal, whatever was written while it was locked.
    newest = chain.marks_of(Edition.objects.order_by("chain_number").last())
    sealed = sum(
        chain.marks_of(edition)["initiatives_historicalinitiative"].rows
        for edition in Edition.objects.all()
    )
    history = Initiative.history.model.objects
    mark = newest["initiatives_historicalinitiative"]
    seen = history.filter(history_id__lte=mark.newest).values_list("history_id", flat=True)
    assert sealed == sum(not mark.is_open(pk) for pk in seen)
    promise.figure(f"{FREEZES} locks under {WRITERS} writers", "0 of two moments, 1 whole chain")


def differences_of_the_chain() -> list[str]:
    """What `verify_editions` finds, but for files."""
    found: list[str] = []
    previous: Edition | None = None
    for edition in Edition.objects.select_related("report__programme").order_by("chain_number"):
        found += chain.differences(edition, previous)
        previous = edition
    return found


@pytest.mark.promise(2)
def test_without_the_isolation_moments_are_mixed(promise: Measured):
    """The control: READ COMMITTED on PostgreSQL, no transaction on SQLite."""
    plan = Plan()
    moment = transaction.atomic if connection.vendor == "postgresql" else nullcontext
    crowd = lock_under_writers(plan, CONTROL, moment)
    assert crowd.errors == []
    assert crowd.saved == CONTROL
    assert inconsistent() > 0
    promise.control(f"{CONTROL} locks without one moment", f"{inconsistent()} of two moments")


# Several who lock


@pytest.mark.parametrize("earlier", [False, True])
def test_ten_who_lock_the_same_form_make_one_edition(earlier: bool):
    """As a double click does, ten times: one is locked, the others are told."""
    plan = Plan()
    if earlier:
        lock(plan.programme, month=JANUARY, with_files=False)
    found = freezing.candidate(plan.programme, month=FEBRUARY, on=LOCKED_AT.date())

    def work(crowd: Crowd, number: int) -> None:
        crowd.begin()
        try:
            _freeze(plan, Actor(f"Låser {number}"), found.basis)
        except freezing.PlanChanged:
            crowd.refuse()
        else:
            crowd.acknowledge()

    crowd = Crowd(10)
    crowd.run(work)
    assert crowd.errors == []
    assert (crowd.saved, crowd.refused) == (1, 9)
    assert Edition.objects.filter(report__month=FEBRUARY).count() == 1
    assert StatusReport.objects.filter(month=FEBRUARY).count() == 1


def test_ten_who_approve_and_publish_side_by_side():
    plan = Plan()
    edition = lock(plan.programme, with_files=None)

    def work(crowd: Crowd, number: int) -> None:
        mine = Edition.objects.select_related("report__programme").get(pk=edition.pk)
        crowd.begin()
        try:
            approval.approve(
                mine, meeting_on=FEBRUARY, actor=Actor(f"Godkender {number}"), at=LOCKED_AT
            )
        except ValidationError:
            crowd.refuse()
        else:
            crowd.acknowledge()

    crowd = Crowd(10)
    crowd.run(work)
    assert (crowd.errors, crowd.saved, crowd.refused) == ([], 1, 9)


def test_ten_who_make_the_files_make_them_once():
    plan = Plan()
    edition = lock(plan.programme, with_files=False)
    kinds = [kind for kind in files.FORMATS if kind.key != "pdf"]

    def work(crowd: Crowd, number: int) -> None:
        mine = Edition.objects.select_related("report__programme").get(pk=edition.pk)
        crowd.begin()
        files.render_missing(mine, LOCKED_AT, frozenset({"pdf"}))
        crowd.acknowledge()

    crowd = Crowd(10)
    crowd.run(work)
    assert (crowd.errors, crowd.saved) == ([], 10)
    assert edition.files.count() == len(kinds)
    assert [found for found in files.differences(edition) if "PDF" not in found] == []


# Changes of what an edition points to, while it is being locked


def _freeze(plan: Plan, actor: Actor, basis: str | None = None) -> Edition:
    return freezing.freeze(
        plan.programme,
        month=FEBRUARY,
        basis=basis,
        wordings={},
        meeting_on=None,
        correction="",
        actor=actor,
        at=LOCKED_AT,
    )


def rename_user(plan: Plan, user: User, before: Edition) -> None:
    user.name = "Omdøbt"
    user.save()


def rename_programme(plan: Plan, user: User, before: Edition) -> None:
    row = Programme.objects.get(pk=plan.programme.pk)
    actor = Actor("Skriver")
    writing.change(
        row, {"title": "Nyt navn"}, version=row.version, actor=actor, reason="", at=LOCKED_AT
    )


def approve_the_one_before(plan: Plan, user: User, before: Edition) -> None:
    approval.approve(before, meeting_on=JANUARY, actor=Actor("Godkender"), at=LOCKED_AT)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "meanwhile", [rename_user, rename_programme, approve_the_one_before], ids=lambda f: f.__name__
)
def test_what_an_edition_points_to_may_change_meanwhile(
    monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[..., None]
):
    """REPEATABLE READ refuses to lock a row that was written after the snapshot: whoever locks
    must not be told of a server error because somebody signed in."""
    plan, user = Plan(), make_user("Anna")
    before = lock(plan.programme, month=JANUARY, with_files=False)
    done: list[bool] = []

    def slow(*args: Any) -> Any:
        # After the reads and before the write.
        if done:
            return change_text(*args)
        done.append(True)

        def other(crowd: Crowd, number: int) -> None:
            meanwhile(plan, user, before)

        crowd = Crowd(1)
        crowd.run(other)
        assert crowd.errors == []
        return change_text(*args)

    monkeypatch.setattr(freezing, "change_text", slow)
    edition = _freeze(plan, user.actor)
    assert (edition.number, edition.compared_with) == (1, before)


def test_ten_programmes_locked_at_once_are_one_chain():
    """Each follows another: two that follow the same one would be two chains."""
    plans = [Plan() for _ in range(10)]

    def work(crowd: Crowd, number: int) -> None:
        crowd.begin()
        _freeze(plans[number], Actor(f"Låser {number}"))
        crowd.acknowledge()

    crowd = Crowd(10)
    crowd.run(work)
    assert (crowd.errors, crowd.saved) == ([], 10)
    numbers = Edition.objects.order_by("chain_number").values_list("chain_number", flat=True)
    assert list(numbers) == list(range(1, 11))
    assert differences_of_the_chain() == []


# A row of history that appears below the newest one that was sealed


def write_beside(plan: Plan) -> Edition:
    """Lock while somebody else's row of history is written and not committed; another, written
    later, is. Returns the edition; the row has appeared since."""
    written, sealed = threading.Event(), threading.Event()
    texts = Initiative.history.model.objects
    before = texts.latest("history_id").history_id

    def other(crowd: Crowd, number: int) -> None:
        with transaction.atomic():
            row = writing.lock(Initiative, plan.first.pk)
            row.report_text = "Skrevet først, gemt sidst"
            writing.store(row, ["report_text"], actor=Actor("Anden"), reason="", at=LOCKED_AT)
            written.set()
            assert sealed.wait(60)

    crowd = Crowd(1)
    thread = threading.Thread(target=crowd.run, args=(other,))
    thread.start()
    assert written.wait(60)
    second = Initiative.objects.get(pk=plan.action.initiative_id)
    writing.change(
        second,
        {"report_text": "Skrevet sidst, gemt først"},
        version=second.version,
        actor=Actor("Skriver"),
        reason="",
        at=LOCKED_AT,
    )
    edition = lock(plan.programme, with_files=False)
    sealed.set()
    thread.join(60)
    assert crowd.errors == []
    assert list(texts.filter(history_id__gt=before).values_list("report_text", flat=True)) != []
    return edition


@pytest.mark.postgres
@pytest.mark.promise(5)
def test_a_row_that_appears_later_is_under_the_next_seal(promise: Measured):
    """PostgreSQL gives out ids as rows are written, not as they are committed."""
    plan = Plan()
    first = write_beside(plan)
    (open_id, last, _) = chain.marks_of(first)["initiatives_historicalinitiative"].open[-1]
    assert open_id == last < chain.marks_of(first)["initiatives_historicalinitiative"].newest
    assert differences_of_the_chain() == []
    second = lock(plan.programme, correction="Rettelse.", with_files=False)
    mark = chain.marks_of(second)["initiatives_historicalinitiative"]
    assert (mark.rows, mark.open) == (1, [])
    assert differences_of_the_chain() == []
    promise.figure("a history row committed below the newest sealed one", "0 false alarms")


@pytest.mark.postgres
@pytest.mark.promise(5)
def test_without_what_is_open_the_edition_looks_forged(
    monkeypatch: pytest.MonkeyPatch, promise: Measured
):
    """The control: every id up to the newest, as on SQLite."""
    real = log.Reading.mark

    def mark(self: log.Reading, now: datetime) -> log.TableMark:
        return replace(real(self, now), open=[])

    monkeypatch.setattr(log.Reading, "mark", mark)
    write_beside(Plan())
    found = differences_of_the_chain()
    assert len(found) == 1
    assert "1 række er kommet til" in found[0]
    promise.control("without the ids that were open", "1 false alarm")


@pytest.mark.postgres
@pytest.mark.promise(5)
def test_a_hole_that_nobody_can_fill_any_more_is_closed(
    monkeypatch: pytest.MonkeyPatch, promise: Measured
):
    """What a rollback leaves is open for a day; a row that is put in it later is a forgery."""
    plan = Plan()
    with suppress(RuntimeError), transaction.atomic():
        plan.write(1, Actor("Skriver"))
        raise RuntimeError
    plan.write(2, Actor("Skriver"))
    first = lock(plan.programme, with_files=False)
    (hole, _, _) = chain.marks_of(first)["initiatives_historicalinitiative"].open[-1]
    monkeypatch.setattr(log, "OPEN_FOR", timedelta(0))
    second = lock(plan.programme, correction="Rettelse.", with_files=False)
    assert chain.marks_of(second)["initiatives_historicalinitiative"].open == []
    assert differences_of_the_chain() == []
    row = Initiative.history.model.objects.order_by("history_id").first()
    row.history_id, row.version = hole, 900
    with without_triggers():
        row.save_base(raw=True, force_insert=True)
    assert len(differences_of_the_chain()) == 1
    promise.figure("a backdated row in the hole of a rollback", "found")
