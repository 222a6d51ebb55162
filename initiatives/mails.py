"""The mails of the plan whose text is written when they are sent (`accounts.outbox`)."""

from accounts import outbox
from initiatives.contacts import letters

outbox.writes(outbox.MailKind.REMINDER, letters.write_reminder)
