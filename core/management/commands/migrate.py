"""`manage.py migrate`, as Django's, but a run that fails does not leave the portal unprotected.

The triggers are away while migrations run (`core.triggers`). When one fails, the version that was
running goes on: it gets back the triggers it had.
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
