"""Short factories: each writes a row with defaults through the one door, as the portal does.

A parent that is not given is created. Titles are numbered, so that no two rows look alike.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, TypeVar

from django.db import models

from accounts.models import Membership, User
from accounts.permissions import Role
from core import writing
from core.clock import COPENHAGEN
from core.tracking import Actor, Tracked, acting
from initiatives.models import Action, Deadline, Fact, Initiative
from plan.status import DEVIATING, Status, Yardstick
from principles.models import ActionArea, Principle, Programme

Row = TypeVar("Row", bound=Tracked)

TESTER = Actor("Test")
CREATED_AT = datetime(2025, 9, 1, 12, tzinfo=COPENHAGEN)
PASSWORD = "en-lang-adgangskode"

_numbers = count(1)


def _create(row: Row) -> Row:
    return writing.create(row, actor=TESTER, reason="Oprettet i en test.", at=CREATED_AT)


def make_programme(title: str = "", **values: object) -> Programme:
    """Make a programme after the real one, so that the real one stays the default."""
    number = next(_numbers)
    defaults = {
        "key": f"program-{number}",
        "title": title or f"Program {number}",
        "authority": "Rammeaftale Prøve",
        "starts_on": date(2025, 1, 1),
        "reporting_month": date(2026, 2, 1),
        "position": 100 + number,
    }
    return _create(Programme(**defaults | values))


def make_principle(programme: Programme | None = None, **values: object) -> Principle:
    number = next(_numbers)
    defaults = {"key": f"princip-{number}", "title": f"Princip {number}", "position": number}
    return _create(Principle(programme=programme or make_programme(), **defaults | values))


def make_area(principle: Principle | None = None, **values: object) -> ActionArea:
    number = next(_numbers)
    defaults = {
        "key": f"omraade-{number}",
        "title": f"Vi prøver område {number}",
        "position": number,
    }
    return _create(ActionArea(principle=principle or make_principle(), **defaults | values))


def make_initiative(
    area: ActionArea | None = None,
    *,
    status: Status | str | None = None,
    deviates: Collection[str] = (),
    by: Actor = TESTER,
    **values: object,
) -> Initiative:
    """Make an initiative. With a `status`, `by` judges it for the programme's month."""
    number = next(_numbers)
    defaults = {"key": f"initiativ-{number}", "title": f"Initiativ {number}", "position": number}
    initiative = _create(Initiative(area=area or make_area(), **defaults | values))
    if status is None:
        return initiative
    if status in DEVIATING and not deviates:
        deviates = [Yardstick.TIME]
    return initiative.change_status(
        status=status,
        month=initiative.area.principle.programme.reporting_month,
        reason="",
        deviates=deviates,
        ask=initiative.ask,
        internal_notes=initiative.internal_notes,
        version=initiative.version,
        actor=by,
        at=CREATED_AT,
    ).row


def make_action(initiative: Initiative | None = None, **values: object) -> Action:
    number = next(_numbers)
    defaults = {"key": f"indsats-{number}", "title": f"Indsats {number}", "position": number}
    return _create(Action(initiative=initiative or make_initiative(), **defaults | values))


def make_deadline(initiative: Initiative | None = None, **values: object) -> Deadline:
    number = next(_numbers)
    defaults = {
        "key": f"deadline-{number}",
        "wording": f"Udgangen af {2026 + number % 3}",
        "fact": Fact.DEADLINE,
        "position": number,
    }
    return _create(Deadline(initiative=initiative or make_initiative(), **defaults | values))


def insert_many(rows: Sequence[Any]) -> None:
    """Insert rows with their first history in two statements, where only their number matters."""
    model: Any = type(rows[0])
    for row in rows:
        row.version = 1
    models.QuerySet(model).bulk_create(rows)
    with acting(TESTER):
        model.history.bulk_history_create(rows, default_date=CREATED_AT)


def make_user(name: str = "", **fields: object) -> User:
    """Make a user who logs in with `PASSWORD` and is a member of no programme."""
    number = next(_numbers)
    fields = {"email": f"bruger-{number}@example.dk", "name": name or f"Bruger {number}"} | fields
    password = fields.pop("password", PASSWORD)
    user: User = User.objects.create_user(password=password, **fields)
    return user


def make_membership(
    user: User | None = None,
    programme: Programme | None = None,
    role: Role = Role.SECRETARIAT,
    **values: object,
) -> Membership:
    defaults = {"key": f"medlemskab-{next(_numbers)}", "role": role}
    return _create(
        Membership(
            user=user or make_user(),
            programme=programme or make_programme(),
            **defaults | values,
        )
    )
