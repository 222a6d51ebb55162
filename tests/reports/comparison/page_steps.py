"""Addresses and short steps that the tests of the page Sammenlign share."""

from datetime import datetime

from core.clock import COPENHAGEN
from reports.editions import approval
from reports.models import Edition
from tests.reports.editions.steps import ANNA
from tests.reports.report import documents

PAGE = "/statusopgoerelser/sammenlign/"
JANUARY_1, FEBRUARY_1 = "2026-01-udgave-1", "2026-02-udgave-1"
SOON = datetime(2026, 2, 27, 9, tzinfo=COPENHAGEN)


def publish(edition: Edition) -> None:
    day = documents.DAY
    approval.approve(edition, meeting_on=day, actor=ANNA, at=SOON)
    approval.publish(Edition.objects.get(pk=edition.pk), actor=ANNA, at=SOON)
