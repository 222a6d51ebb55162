"""Lock the month before the reported one as an example, so that there is something to compare."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.permissions import Role
from core import workdays
from core.clock import COPENHAGEN
from core.months import previous_month
from principles.models import Programme
from reports.addresses import edition_name
from reports.editions import approval, freezing, rendering
from reports.models import Edition


class Command(BaseCommand):
    help = "Låser, godkender og offentliggør måneden før som eksempel. Kræver DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Eksempeldata kræver DEMO=1.")
        programme = Programme.objects.live().in_order().first()
        if programme is None:
            raise CommandError("Indlæs programmet først: manage.py load_programme.")
        if Edition.objects.of(programme).exists():
            self.stdout.write("Der er låste udgaver i forvejen.")
            return
        month = previous_month(programme.reporting_month)
        # The month's judgements are made on its last working day.
        day = workdays.last_working_day(programme.reporting_month - timedelta(days=1))
        meeting = day + timedelta(days=6)
        at = datetime.combine(day, time(15, 30), COPENHAGEN)
        members = programme.memberships.live().filter(role=Role.SECRETARIAT)
        member = members.select_related("user").order_by("id").first()
        if member is None:
            raise CommandError("Opret eksempelbrugerne først: manage.py demo.")
        actor = member.user.actor
        edition = freezing.freeze(
            programme,
            month=month,
            basis=None,
            wordings={},
            meeting_on=meeting,
            correction="",
            actor=actor,
            at=at,
        )
        complete = rendering.attempt_job(edition, at) is rendering.Outcome.MADE
        approval.approve(edition, meeting_on=meeting, actor=actor, at=at + timedelta(days=6))
        edition.refresh_from_db()
        approval.publish(edition, actor=actor, at=at + timedelta(days=7))
        state = "er låst og offentliggjort" if complete else "er låst, men mangler filer"
        self.stdout.write(f"{edition_name(edition).capitalize()} {state}.")
