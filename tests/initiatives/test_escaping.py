"""Stored text never runs: a marker in every text field, on every page."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from core import clock
from core.texts import PlainTextField
from initiatives.models import DeadlineMove, Dismissal, Initiative, Presence, StatusUpdate
from plan.contradictions import Mend, PlanWarning
from principles.models import Municipality, Programme, ProgrammeYear, Purpose
from tests.core.reading import html_of
from tests.factories import (
    CREATED_AT,
    TESTER,
    _create,
    make_action,
    make_area,
    make_deadline,
    make_initiative,
    make_membership,
    make_principle,
    make_programme,
    make_user,
)
from tests.initiatives.steps import edit, judge
from tests.promises import Measured

MARKER = "<i data-x='1'>\"&amp;</i>"
ACTIVE = "<i data-x"
SHOWN = "&lt;i data-x"
FEBRUARY = date(2026, 2, 1)
OURS = {"principles", "accounts", "initiatives"}


def text_fields() -> Iterator[tuple[type[Any], str]]:
    for model in apps.get_models():
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical"):
            for field in model._meta.fields:
                if isinstance(field, PlainTextField):
                    yield model, field.name


def marked(model: type[Any], **values: Any) -> dict[str, Any]:
    """Return a marker for every text field of `model`, each with the field's name in it."""
    names = [name for owner, name in text_fields() if owner is model]
    return {name: f"{model.__name__}.{name} {MARKER}" for name in names} | values


@pytest.fixture
def programme(db: None) -> Programme:
    """A programme whose every text is a marker, changed once so that history shows it too."""
    programme = make_programme(
        key="maerket", uses_contacts=True, next_meeting_on=FEBRUARY, **marked(Programme)
    )
    principle = make_principle(programme, key="maerket", **marked(type(make_principle())))
    area = make_area(principle, key="maerket", **marked(type(make_area())))
    _create(ProgrammeYear(key="maerket", area=area, year=2026, number=1, **marked(ProgrammeYear)))
    _create(Purpose(key="maerket", programme=programme, position=1, **marked(Purpose)))
    _create(Municipality(key="maerket", programme=programme, position=1, **marked(Municipality)))
    initiative = make_initiative(area, key="maerket", **marked(Initiative))
    action = make_action(initiative, key="maerket", **marked(type(make_action())))
    deadline = make_deadline(
        initiative, key="maerket", fact="waiting", **marked(type(make_deadline()))
    )
    move = DeadlineMove(deadline=deadline, cause="edit", moved_on=FEBRUARY, **marked(DeadlineMove))
    move.new_starts_on = move.new_ends_on = FEBRUARY
    move.record(version=1, actor=TESTER, at=CREATED_AT)
    presented = make_deadline(initiative, key="forelagt", fact="presentation", position=2)
    outcome = {"outcome": "approved", "met_on": FEBRUARY}
    edit(presented, **outcome, outcome_remark=f"Deadline.outcome_remark {MARKER}")
    warning = PlanWarning("x", f"Dismissal.sentence {MARKER}", Mend.JUDGE, ())
    reason = f"Dismissal.reason {MARKER}"
    Dismissal.put_aside(initiative, warning, reason=reason, actor=TESTER, at=CREATED_AT)
    judge("maerket", "minor_deviations", f"StatusUpdate.reason {MARKER}", deviates=["time"])
    judge("maerket", "major_deviations", f"StatusUpdate.reason {MARKER}", deviates=["time"])
    for row in (programme, principle, area, initiative, action, deadline):
        name = "wording" if row is deadline else "title"
        edit(row, reason=MARKER, **{name: f"Ny {getattr(row, name)}"})
    gone = make_action(initiative, key="arkiveret", title=f"Arkiveret {MARKER}")
    edit(gone, archived_at="2026-02-26T12:00:00Z")
    return programme


@pytest.fixture
def marked_client(programme: Programme) -> Client:
    user = make_user(f"User.name {MARKER}")
    make_membership(user, programme, Role.SECRETARIAT)
    edit(Initiative.objects.get(key="maerket"), lead=user, reason=MARKER)
    colleague = make_user(f"User.name {MARKER}", email="kollega@example.dk")
    Presence.say(Initiative.objects.get(key="maerket"), colleague, clock.now())
    client = Client()
    client.force_login(user)
    return client


PAGES = [
    "/status/",
    "/status/?tekst=<i data-x",
    "/status/?princip=<i data-x&status=<i data-x",
    "/initiativer/maerket/",
    "/initiativer/maerket/status/",
    "/initiativer/maerket/ret/",
    "/initiativer/maerket/arkiver/",
    "/initiativer/maerket/kontakter/",
    "/paamindelser/",
    "/initiativer/maerket/indsatser/tilfoej/",
    "/initiativer/maerket/deadlines/tilfoej/",
    "/indsatser/maerket/ret/",
    "/indsatser/maerket/arkiver/",
    "/deadlines/maerket/ret/",
    "/deadlines/forelagt/udfald/",
    "/deadlines/maerket/arkiver/",
    "/indsatsomraader/maerket/",
    "/indsatsomraader/maerket/initiativer/tilfoej/",
    "/principper/maerket/",
    "/om-programmet/",
    "/statusopgoerelser/",
    "/statusopgoerelser/2026-02/",
    "/min-profil/",
    "/hvem-maa-hvad/",
    "/kontakt/",
    "/saadan-laeses-status/",
    "/dele/",
    "/admin/",
    "/admin/principles/programme/",
    "/admin/principles/purpose/",
    "/admin/principles/principle/",
    "/admin/principles/actionarea/",
    "/admin/principles/actionarea/add/",
    "/admin/principles/programmeyear/",
    "/admin/principles/programmeyear/add/",
    "/admin/principles/municipality/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/accounts/membership/",
    "/findes-ikke/",
]


@pytest.mark.promise(6)
@pytest.mark.parametrize("path", PAGES)
def test_a_marker_is_shown_as_text(marked_client: Client, path: str):
    page = html_of(marked_client.get(path))
    assert ACTIVE not in page
    # Every page of the portal has the user's name or the programme's in its frame.
    assert SHOWN in page


@pytest.mark.promise(6)
@pytest.mark.parametrize("fra", ["tabel", "side"])
def test_a_marker_is_shown_as_text_in_fragments(marked_client: Client, fra: str):
    path = f"/initiativer/maerket/status/?fra={fra}"
    headers = {"hx-request": "true"}
    form = marked_client.get(path, headers=headers)
    data = {
        "version": Initiative.objects.get(key="maerket").version,
        "status": "completed",
        "reason": MARKER,
        "ask": MARKER,
        "internal_notes": MARKER,
        "fra": fra,
    }
    refused = marked_client.post(path, data | {"status": MARKER}, headers=headers)
    stale = marked_client.post(path, data | {"version": "1"}, headers=headers)
    saved = marked_client.post(path, data, headers=headers)
    assert [r.status_code for r in (form, refused, stale, saved)] == [200, 422, 409, 200]
    for response in (form, refused, stale, saved):
        assert ACTIVE not in html_of(response)
        assert SHOWN in html_of(response)


@pytest.mark.promise(6)
@pytest.mark.parametrize("kind", ["initiativer", "indsatser", "deadlines"])
def test_a_marker_is_shown_as_text_in_a_refused_form(marked_client: Client, kind: str):
    path = f"/{kind}/maerket/ret/"
    field = "wording" if kind == "deadlines" else "title"
    for version in ("1", "99"):
        response = marked_client.post(
            path, {"version": version, field: MARKER, "fact": MARKER, "change_reason": MARKER}
        )
        assert response.status_code in (409, 422)
        assert ACTIVE not in html_of(response)
        assert SHOWN in html_of(response)


@pytest.mark.promise(6)
def test_every_text_field_of_the_plan_is_shown_somewhere(marked_client: Client, promise: Measured):
    pages = "".join(
        html_of(marked_client.get(path)) for path in PAGES if not path.startswith("/status/?")
    )
    for model, name in text_fields():
        # Notes of purposes, years and municipalities are shown in their form in the admin only.
        if name == "source_note" and model.__name__ not in ("Initiative", "ActionArea"):
            continue
        # A move is shown by its days; the deadline's own history shows its wordings.
        if model is DeadlineMove and name != "reason":
            continue
        if (model, name) in ((StatusUpdate, "reason"), (User, "name")):
            assert f"{model.__name__}.{name} {SHOWN}" in pages
            continue
        assert f"{model.__name__}.{name} {SHOWN}" in pages, (model, name)
    assert ACTIVE not in pages
    fields = len(list(text_fields()))
    promise.figure(f"a marker in each of {fields} text fields × {len(PAGES)} pages", "0 run")
    promise.figure("markers shown as text", pages.count(SHOWN))
