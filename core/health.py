"""The two health checks: /healthz says that the process is alive, /readyz that it can serve.

They are answered before host names, sessions and logins are looked at: a load balancer asks by IP
address, over plain http, many times a minute. The answers are for whoever runs the portal and hold
no secret.
"""

from collections.abc import Callable
from functools import cache

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse

ALIVE, READY = "/healthz", "/readyz"


class HealthMiddleware:
    """Middleware that answers /healthz and /readyz and passes every other request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in (ALIVE, READY):
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return _answer("Brug GET eller HEAD.", 405, Allow="GET, HEAD")
        problem = what_is_missing() if request.path_info == READY else ""
        return _answer(problem, 503) if problem else _answer("ok", 200)


def _answer(text: str, status: int, **headers: str) -> HttpResponse:
    return HttpResponse(
        f"{text}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store", **headers},
    )


def what_is_missing() -> str:
    """Say in one Danish sentence why the portal cannot serve; "" when it can. One query."""
    # The manifest is empty when nobody ran collectstatic; in development there is none.
    if getattr(staticfiles_storage, "hashed_files", None) == {}:
        return "De statiske filer mangler: kør manage.py collectstatic, og genstart."
    try:
        applied = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
    except ProgrammingError:
        # PostgreSQL answers, but the table of migrations is missing or we may not read it.
        applied = set()
    except Error:
        if not _is_unmigrated():
            return "Databasen svarer ikke."
        applied = set()
    if not newest_migrations() <= applied:
        return "Databasen er ikke migreret: kør manage.py migrate."
    return ""


def _is_unmigrated() -> bool:
    """Whether the database answers but has no table of migrations. SQLite raises the same kind of
    error for a missing table as for a file that it cannot open."""
    try:
        tables = connection.introspection.table_names()
    except Error:
        return False
    return MigrationRecorder.Migration._meta.db_table not in tables


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """List the last migration of each app, as (app, name); read from the code once per process.

    A database may have newer migrations than this code: during an upgrade the old portal goes on
    serving.
    """
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())
