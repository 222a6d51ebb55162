"""Add the demo to a programme that is loaded: three users, and judgements dated in their months.

The programme itself comes from its file (`programme_file.py`); thousands of initiatives to measure
with come from `invented.py`.
"""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Membership, User
from accounts.permissions import Role
from core import writing
from core.clock import COPENHAGEN, start_of_day
from core.months import parse_month
from core.tracking import Actor
from initiatives.models import Initiative
from principles.models import Programme

DEMO_ACTOR = Actor("Eksempeldata")


def load_demo(path: Path, programme: Programme, password: str, at: datetime) -> list[User] | None:
    """Add the demo to `programme` once. Returns its users, or None when it is there already.

    The judgements are made through `change_status` and `confirm_unchanged`, as people make them.
    """
    data = json.loads(path.read_text("utf-8"))
    with transaction.atomic():
        return _load(data, programme, password, at)


def _load(
    data: dict[str, Any], programme: Programme, password: str, at: datetime
) -> list[User] | None:
    if User.objects.filter(email=data["users"][0]["email"]).exists():
        return None
    users = []
    for person in data["users"]:
        user = User.objects.create_user(person["email"], password, name=person["name"])
        membership = Membership(
            key=f"{person['role']}-{user.pk}",
            user=user,
            programme=programme,
            role=Role(person["role"]),
        )
        writing.create(membership, actor=DEMO_ACTOR, reason="Oprettet til eksemplet.", at=at)
        users.append(user)
    secretariat = users[0].actor
    for judgement in data["judgements"]:
        _turn_to(parse_month(judgement["month"]), programme, secretariat)
        _judge(judgement, programme, secretariat)
    for texts in data["initiatives"]:
        _write_texts(texts, programme, secretariat, at)
    return users


def _initiative(programme: Programme, key: str) -> Initiative:
    initiative: Initiative = Initiative.objects.of(programme).get(key=key)
    return initiative


def _turn_to(month: date, programme: Programme, actor: Actor) -> None:
    """Let the programme report `month` when it is later: a plan with a past has reported one month
    after the other."""
    if month > programme.reporting_month:
        values = {"reporting_month": month}
        reason, at = "Ny måned.", start_of_day(month)
        writing.change(
            programme, values, version=programme.version, actor=actor, reason=reason, at=at
        )
        programme.refresh_from_db()


def _judge(raw: dict[str, Any], programme: Programme, actor: Actor) -> None:
    initiative = _initiative(programme, raw["initiative"])
    month = parse_month(raw["month"])
    at = datetime.fromisoformat(raw["at"]).replace(tzinfo=COPENHAGEN)
    if raw["status"] is None:
        initiative.confirm_unchanged(month=month, version=initiative.version, actor=actor, at=at)
        return
    initiative.change_status(
        status=raw["status"],
        month=month,
        reason=raw["reason"],
        deviates=raw["deviates"],
        ask=initiative.ask,
        internal_notes=initiative.internal_notes,
        version=initiative.version,
        actor=actor,
        at=at,
    )


def _write_texts(raw: dict[str, Any], programme: Programme, actor: Actor, at: datetime) -> None:
    initiative = _initiative(programme, raw["initiative"])
    texts = {name: raw.get(name, "") for name in ("ask", "report_text", "internal_notes")}
    writing.change(
        initiative,
        texts,
        version=initiative.version,
        actor=actor,
        reason="Oprettet til eksemplet.",
        at=at,
    )
