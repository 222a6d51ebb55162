"""`manage.py migrate`: Django's command, but a failed run does not leave the tables unprotected.

The triggers are removed while migrations run (`core.triggers`). When a migration fails, the old
version of the portal goes on running, so its triggers are put back.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from core import triggers


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        before = triggers.installed(connection)
        try:
            super().handle(*args, **options)
        except BaseException:
            for name in triggers.put_back(connection, before):
                self.stderr.write(f"Triggeren {name} kunne ikke sættes op igen.")
            raise
