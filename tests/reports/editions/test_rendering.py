"""Making the files of an edition reads its document once."""

import pytest

from plan.document import PlanDocument
from principles.models import Programme
from reports.editions import rendering
from reports.models import Edition
from tests.reports.editions.steps import LOCKED_AT, lock


@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_new", [True, False])
def test_the_document_is_read_once(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, is_new: bool
):
    edition = lock(programme, with_files=False)
    read: list[Edition] = []
    plan = Edition.plan

    def counted(edition: Edition) -> PlanDocument:
        read.append(edition)
        return plan(edition)

    monkeypatch.setattr(Edition, "plan", counted)
    assert rendering.make(edition, LOCKED_AT, is_new=is_new)
    assert edition.files.count() == 6
    assert len(read) == 1
