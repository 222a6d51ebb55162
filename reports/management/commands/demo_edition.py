"""Lock the month before the reported one as an example, so that there is something to compare."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.permissions import Role
from core.clock import COPENHAGEN
from initiatives.months import previous_month
from principles.models import Programme
from reports import files, freezing
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
        # The last Thursday but one of the month, in working hours.
        day = programme.reporting_month - timedelta(days=1)
        while day.weekday() != 3:
            day -= timedelta(days=1)
        at = datetime.combine(day - timedelta(days=7), time(10, 30), COPENHAGEN)
        members = programme.memberships.live().filter(role=Role.SECRETARIAT)
        member = members.select_related("user").order_by("id").first()
        if member is None:
            raise CommandError("Opret eksempelbrugerne først: manage.py demo.")
        actor = member.user.actor
        candidate = freezing.candidate(programme, month=month, on=at.date())
        edition = freezing.freeze(
            programme,
            month=month,
            basis=candidate.basis,
            wordings={},
            meeting_on=day,
            correction="",
            actor=actor,
            at=at,
        )
        complete = files.render(edition, at, is_new=True)
        freezing.approve(edition, meeting_on=day, actor=actor, at=at + timedelta(days=7))
        edition.refresh_from_db()
        freezing.publish(edition, actor=actor, at=at + timedelta(days=8))
        said = "er låst og offentliggjort" if complete else "er låst, men mangler filer"
        self.stdout.write(f"{freezing.edition_name(edition).capitalize()} {said}.")
