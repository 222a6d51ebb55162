"""What `freezing.freeze` refuses to lock, and with which sentence."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from principles.models import Programme
from reports.editions import freezing
from reports.models import Edition, StatusReport
from tests.initiatives.steps import judge
from tests.reports.editions.freezing_steps import basis_of, freeze, lock_february, lock_january
from tests.reports.editions.steps import CORRECTION, FEBRUARY, LOCKED_AT


def test_a_changed_plan_is_refused(programme: Programme):
    lock_january(programme)
    basis = basis_of(programme)
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis)
    assert Edition.objects.filter(report__month=FEBRUARY).count() == 0
    assert freeze(programme, basis_of(programme)).number == 1


def test_an_edition_locked_meanwhile_is_refused(programme: Programme):
    basis = basis_of(programme)
    lock_february(programme)
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis, correction=CORRECTION)
    assert Edition.objects.count() == 1


def test_another_edition_of_the_month_before_is_refused(programme: Programme):
    lock_january(programme)
    basis = basis_of(programme)
    lock_january(programme, correction=CORRECTION)
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis)


def test_a_form_opened_before_midnight_is_still_valid(programme: Programme):
    lock_january(programme)
    basis = basis_of(programme)
    edition = freeze(programme, basis, at=LOCKED_AT + timedelta(hours=10))
    assert edition.drawn_up_on == date(2026, 2, 27)


@pytest.mark.parametrize("correction", ["", "   ", "\r\n \n", "\u200b\xad"])
def test_a_later_edition_must_say_what_was_corrected(programme: Programme, correction: str):
    lock_february(programme)
    with pytest.raises(ValidationError) as refused:
        lock_february(programme, correction=correction)
    assert refused.value.message_dict == {"correction": ["Skriv, hvad der er rettet i udgaven."]}
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("correction", "sentence"),
    [
        ("x" * 501, "må højst fylde 500 tegn"),
        ("Borger 010190-1234 er rettet.", "CPR-nummer"),
        ("Rettet\x00.", "et usynligt tegn lige efter »Rettet«"),
    ],
)
def test_an_invalid_correction_is_refused_by_field(
    programme: Programme, correction: str, sentence: str
):
    lock_february(programme)
    with pytest.raises(ValidationError) as refused:
        lock_february(programme, correction=correction)
    assert sentence in refused.value.message_dict["correction"][0]


def test_the_first_edition_corrects_nothing(programme: Programme):
    assert lock_february(programme, correction="Der er intet at rette.").correction == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Sætningen skal udfyldes."),
        (" \n ", "Sætningen skal udfyldes."),
        ("\u200b\xad", "Sætningen skal udfyldes."),
        ("x" * 2001, "må højst fylde 2.000 tegn"),
        ("Borger 010190-1234 flytter.", "CPR-nummer"),
    ],
)
def test_an_empty_or_impossible_sentence_is_refused(programme: Programme, text: str, sentence: str):
    lock_january(programme)
    candidate = freezing.candidate(programme, month=FEBRUARY, on=LOCKED_AT.date())
    change = candidate.sentences[2].change_id
    with pytest.raises(ValidationError) as refused:
        lock_february(programme, wordings={change: text})
    assert list(refused.value.message_dict) == [change]
    assert sentence in refused.value.message_dict[change][0]
    assert Edition.objects.filter(report__month=FEBRUARY).count() == 0
    assert not StatusReport.objects.filter(month=FEBRUARY).exists()


def test_both_mistakes_are_reported_at_once(programme: Programme):
    """The correction and a sentence are missing, and one answer names both."""
    lock_january(programme)
    first = lock_february(programme)
    change = first.sentences[0]["id"]
    with pytest.raises(ValidationError) as refused:
        lock_february(programme, wordings={change: ""})
    assert set(refused.value.message_dict) == {"correction", change}
