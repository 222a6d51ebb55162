"""The constraints of the plan's tables, which refuse bad values from any writer."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from initiatives.models import Action, Deadline, Initiative, StatusUpdate
from plan.status import Status
from tests.factories import make_action, make_deadline, make_initiative
from tests.protection import without_triggers

pytestmark = pytest.mark.django_db


def write(row: Any, values: dict[str, Any]) -> None:
    """Write past the door. Of a judgement, which is never changed, add an altered copy."""
    if isinstance(row, StatusUpdate):
        columns = {
            field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields
        }
        other: Any = StatusUpdate(**columns | {"id": None} | values)
        models.QuerySet(StatusUpdate).bulk_create([other])
    else:
        models.QuerySet(type(row)).filter(pk=row.pk).update(**values)


def refused(row: Any, **values: Any) -> str:
    """Write past the door, expect a refusal, and return the database's message."""
    # Without the triggers only the constraints are checked, not the order of judgements.
    with without_triggers(), pytest.raises(IntegrityError) as error, transaction.atomic():
        write(row, values)
    return str(error.value)


def allowed(row: Any, **values: Any) -> None:
    with without_triggers(), transaction.atomic():
        write(row, values)
        transaction.set_rollback(True)


@pytest.fixture
def initiative() -> Initiative:
    return make_initiative(status=Status.ON_TRACK)


@pytest.fixture
def update(initiative: Initiative) -> StatusUpdate:
    update: StatusUpdate = initiative.updates.get()
    return update


@pytest.mark.parametrize("status", ["", "not_reported", "grøn", "ON_TRACK"])
def test_the_status_of_an_initiative_is_one_of_the_six(initiative: Initiative, status: str):
    assert "initiative_status_is_one_of_the_six" in refused(initiative, status=status)


def test_an_initiative_may_have_no_status(initiative: Initiative):
    allowed(initiative, status=None)


def test_the_kommissorium_is_in_a_known_state(initiative: Initiative):
    assert "terms_of_reference_state_is_known" in refused(initiative, terms_of_reference="måske")


def test_an_initiative_has_a_title(initiative: Initiative):
    assert "initiative_has_a_title" in refused(initiative, title="")


def test_an_indsats_has_a_title():
    assert "action_has_a_title" in refused(make_action(), title="")


def test_a_deadline_has_a_wording():
    assert "deadline_has_a_wording" in refused(make_deadline(), wording="")


def test_a_deadline_states_a_known_fact():
    assert "deadline_fact_is_known" in refused(make_deadline(), fact="måske")


@pytest.mark.parametrize("values", [{"since": date(2026, 1, 20)}, {"detail": "jf. beslutning"}])
@pytest.mark.parametrize("fact", ["deadline", "presentation", "completed", "event", "none"])
def test_only_pause_and_waiting_have_since_and_detail(fact: str, values: dict[str, Any]):
    deadline = make_deadline()
    message = refused(deadline, fact=fact, **values)
    assert "only_pause_and_waiting_have_since_and_detail" in message


@pytest.mark.parametrize("fact", ["paused", "waiting"])
def test_pause_and_waiting_may_have_both(fact: str):
    allowed(make_deadline(), fact=fact, since=date(2026, 1, 20), detail="jf. beslutning")


def test_a_judgement_belongs_to_a_month(update: StatusUpdate):
    assert "judgement_month_is_first_of_month" in refused(update, month=date(2026, 2, 15))


@pytest.mark.parametrize("status", ["", "not_reported", "grøn"])
def test_a_judgement_is_one_of_the_six(update: StatusUpdate, status: str):
    message = refused(update, status_after=status, status_before=None)
    assert "judgement_is_one_of_the_six" in message


def test_the_status_before_is_one_of_the_six(update: StatusUpdate):
    message = refused(update, status_before="grøn", reason="Fordi.")
    assert "status_before_is_one_of_the_six" in message


def test_a_change_of_status_has_a_reason(update: StatusUpdate):
    assert "change_of_status_has_a_reason" in refused(update, status_before="completed", reason="")
    allowed(update, status_before="completed", reason="Genåbnet.")
    allowed(update, status_before="on_track", reason="")
    allowed(update, status_before=None, reason="")


@pytest.mark.parametrize("status", ["minor_deviations", "major_deviations"])
def test_a_deviation_names_what_deviates(update: StatusUpdate, status: str):
    assert "deviation_names_what_deviates" in refused(update, status_after=status)
    for yardstick in ("resources", "quality", "time"):
        allowed(update, status_after=status, **{f"deviates_{yardstick}": True})


@pytest.mark.parametrize(
    "values",
    [
        {"status_before": "completed", "reason": "Fordi."},
        {"status_before": "on_track", "reason": "Fordi."},
        {"status_before": None, "reason": ""},
    ],
)
def test_a_confirmation_changes_nothing(update: StatusUpdate, values: dict[str, Any]):
    message = refused(update, cause="confirmation", **values)
    assert "confirmation_changes_nothing" in message


def test_a_confirmation_is_retracted_once(initiative: Initiative, update: StatusUpdate):
    rows: list[Any] = [
        StatusUpdate(
            initiative=initiative,
            status_before="on_track",
            status_after="on_track",
            month=update.month,
            recorded_at=update.recorded_at,
            by_name="Bo",
            cause="correction",
            initiative_version=update.initiative_version,
            retracts=update,
        )
        for _ in range(2)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(StatusUpdate).bulk_create(rows)


def test_an_unknown_cause_is_refused(update: StatusUpdate):
    refused(update, cause="måske")


def test_a_judged_initiative_cannot_be_deleted(initiative: Initiative):
    with pytest.raises(models.ProtectedError):
        models.QuerySet(Initiative).filter(pk=initiative.pk).delete()


@pytest.mark.parametrize("model", [Initiative, Action, Deadline])
def test_a_key_is_unique(model: Any):
    first = model.objects.order_by("pk").first()
    double = model.objects.get(pk=first.pk)
    double.pk, double._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(model).bulk_create([double])
