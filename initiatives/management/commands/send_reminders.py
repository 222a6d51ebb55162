"""`manage.py send_reminders`: remind the people whose status misses before a meeting. A timer runs
it each morning; on most days nothing is to be sent."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from accounts import outbox
from core import clock, danish
from initiatives.contacts.letters import site_url
from initiatives.contacts.reminders import number_for, put_reminders
from initiatives.models import Reminder
from initiatives.sources.live import build_live
from principles.models import Programme

# How long it is remembered who was reminded.
KEEP_FOR = timedelta(days=366)


class Command(BaseCommand):
    help = "Sender påmindelser om de statusser, der mangler inden mødet."

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        Reminder.objects.filter(month__lt=today - KEEP_FOR).delete()
        for programme in Programme.objects.live().filter(uses_contacts=True).in_order():
            self._remind(programme)
        # The thread that sends ends with the process: cut off between a mail and its mark, it would
        # send the mail twice.
        outbox.SENDER.wait()

    def _remind(self, programme: Programme) -> None:
        today, meeting_on = clock.today(), programme.next_meeting_on
        number = number_for(meeting_on, today) if meeting_on else None
        if number is None:
            self.stdout.write(f"{programme}: Der skal ikke sendes påmindelser i dag.")
            return
        try:
            site_url()
        except ImproperlyConfigured as error:
            raise CommandError("SITE_URL mangler. Ingen påmindelser er sendt.") from error
        document = build_live(programme, month=programme.reporting_month, on=today).document
        put = put_reminders(programme, document, number)
        mails = danish.count(put, "påmindelse", "påmindelser")
        self.stdout.write(f"{programme}: {danish.capitalise(mails)} er lagt i udbakken.")
