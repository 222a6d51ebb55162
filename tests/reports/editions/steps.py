"""Short steps that the tests of editions share: lock, look, count."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.test import Client

from core.clock import COPENHAGEN
from core.tracking import Actor
from principles.models import Programme
from reports.editions import files, freezing
from reports.models import Edition, EditionFile

ANNA = Actor("Anna Eksempel")
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
LOCKED_AT = datetime(2026, 2, 26, 14, 30, tzinfo=COPENHAGEN)
FORMATS = ("pdf", "docx", "xlsx", "html", "csv", "json")
CORRECTION = "Status for Kontraktanalyse er rettet."


def lock(
    programme: Programme,
    *,
    month: date = FEBRUARY,
    at: datetime = LOCKED_AT,
    actor: Actor = ANNA,
    correction: str = "",
    wordings: Mapping[str, str] | None = None,
    meeting_on: date | None = None,
    with_files: bool | None = True,
) -> Edition:
    """Lock `month` as from a form that was just opened, and make the files.

    `with_files=False` makes no files; None stores files that cost nothing to make.
    """
    programme = Programme.objects.get(pk=programme.pk)  # a request reads it afresh
    edition = freezing.freeze(
        programme,
        month=month,
        basis=None,
        wordings=wordings or {},
        meeting_on=meeting_on,
        correction=correction,
        actor=actor,
        at=at,
    )
    if with_files:
        files.render_missing(edition, at)
    elif with_files is None:
        store_files(edition)
    return edition


def store_files(edition: Edition) -> None:
    """Store files that cost nothing to make: each holds its format's name, JSON the document."""
    for kind in files.FORMATS:
        content = edition.document.encode() if kind.key == "json" else kind.key.encode()
        EditionFile.objects.create(
            edition=edition,
            format=kind.key,
            name=files.file_name(edition, kind.key),
            media_type=kind.media_type,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            renderer="en prøve",
            rendered_at=edition.frozen_at,
        )


def stored(edition: Edition) -> dict[str, Any]:
    """Return every column of the edition as it is in the database."""
    columns: dict[str, Any] = Edition.objects.filter(pk=edition.pk).values().get()
    return columns


def path_of(edition: Edition, ending: str = "/") -> str:
    """Return the address of the edition, of a file (".pdf") or of an act ("/godkend/")."""
    return f"/statusopgoerelser/{edition.report.month:%Y-%m}/udgave-{edition.number}{ending}"


def downloads(client: Client, edition: Edition) -> dict[str, bytes]:
    """Return the six files as they are served, by format."""
    contents = {}
    for name in FORMATS:
        response = client.get(path_of(edition, f".{name}"))
        assert response.status_code == 200, name
        contents[name] = response.content
    return contents
