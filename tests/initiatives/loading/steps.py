"""Short steps that the tests of `load_programme` share."""

from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from principles.models import ActionArea, Municipality, Principle, Programme, ProgrammeYear, Purpose

TODAY = date(2026, 2, 26)
FILE = settings.BASE_DIR / "fixtures" / "programme.json"
MODELS = (
    Programme,
    Purpose,
    Municipality,
    Principle,
    ActionArea,
    ProgrammeYear,
    Initiative,
    Action,
    Deadline,
)


def load(path: Path = FILE, *options: str) -> str:
    out = StringIO()
    call_command("load_programme", str(path), *options, stdout=out)
    return out.getvalue()


def rows() -> Counter[str]:
    """Count the rows of each table, and all rows of history."""
    counts = Counter({model.__name__: model.objects.count() for model in MODELS})
    counts["judgements"] = StatusUpdate.objects.count()
    counts["moves"] = DeadlineMove.objects.count()
    counts["history"] = sum(model.history.count() for model in MODELS)
    return counts
