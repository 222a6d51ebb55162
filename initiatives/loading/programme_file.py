"""Load a real programme from a file of data: create-only by key, through the one door.

This is the module for a programme that people are going to use. `demo.py` adds the demo's users
and judgements, `invented.py` makes data to measure with.

An existing row, archived or not, is never written; where it differs from the file, the
difference is reported. So whatever people have edited stays edited. The one exception is a
deadline from before deadlines had days: it gets those of the file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core import writing
from core.characters import differ
from core.clock import local_day, start_of_day
from core.danish import day
from core.tracking import LOADER, Tracked
from initiatives.loading.oddities import Oddity, oddities, optional_date
from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from principles.models import (
    ActionArea,
    Municipality,
    Principle,
    Programme,
    ProgrammeYear,
    Purpose,
)

Data = Mapping[str, Any]
# The fields that the file fills in for a deadline from before deadlines had days. `met_on` is not
# among them: people say when a deadline was met.
COMPLETED_FIELDS = ("starts_on", "ends_on", "kind", "set_by_hand", "opens_on")
DATE_FIELDS = ("since", "starts_on", "ends_on", "opens_on", "met_on")


class BadProgrammeFile(Exception):
    """The file can't be read as a programme; the message says why in Danish."""


@dataclass
class LoadReport:
    """What a load did: rows created per model, rows kept, rows given days (`completed`), and
    sentences about rows that differ. `oddities` is what a person should look at in the file."""

    created: dict[type[Any], int] = field(default_factory=dict)
    kept: int = 0
    completed: int = 0
    differences: list[str] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)


def load_programme(path: Path, *, since: date | None = None) -> LoadReport:
    """Load the file at `path` in one transaction. Raises BadProgrammeFile when it can't be used.

    The new rows are dated by their source. `since` is for an example that needs a past: its rows
    are dated no later than that day, and it begins by reporting the month of that day.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        with transaction.atomic():
            report = _Load(data["sources"], since).programme(data)
            report.oddities = oddities(data)
            return report
    except (OSError, ValueError) as error:
        raise BadProgrammeFile(f"Filen {path} kunne ikke læses: {error}") from error
    except (KeyError, TypeError) as error:
        raise BadProgrammeFile(f"Filen {path} mangler oplysningen {error}.") from error
    except ValidationError as error:
        raise BadProgrammeFile(f"Filen {path} blev afvist: {'; '.join(error.messages)}") from error


class _Load:
    """One run over a file."""

    def __init__(self, sources: Mapping[str, Data], since: date | None) -> None:
        self.sources = sources
        self.since = since
        self.report = LoadReport()
        self.root: Programme | None = None

    def programme(self, data: Data) -> LoadReport:
        raw = dict(data["programme"])
        source = raw.pop("source")
        for name in ("starts_on", "reporting_month"):
            raw[name] = date.fromisoformat(raw[name])
        if self.since:
            raw["reporting_month"] = min(raw["reporting_month"], self.since.replace(day=1))
        programme = self.root = self._row(Programme, raw, source)
        for purpose in data["purposes"]:
            self._row(Purpose, purpose, programme=programme)
        for municipality in data["municipalities"]:
            self._row(Municipality, municipality, programme=programme)
        for raw_principle in data["principles"]:
            principle = self._row(Principle, raw_principle, programme=programme)
            for raw_area in raw_principle["areas"]:
                self._area(raw_area, principle)
        return self.report

    def _area(self, raw: Data, principle: Principle) -> None:
        area = self._row(ActionArea, raw, principle=principle)
        for year in raw["years"]:
            self._row(ProgrammeYear, year, raw["source"], area=area)
        for initiative in raw["initiatives"]:
            self._initiative(initiative, area)

    def _initiative(self, raw: Data, area: ActionArea) -> None:
        source = raw["source"]
        exists = Initiative.objects.filter(key=raw["key"]).exists()
        initiative = self._row(Initiative, raw, leave_out={"status"}, area=area)
        if raw["status"] and not exists:
            recorded = self._recorded_at(source)
            initiative.change_status(
                status=raw["status"],
                month=local_day(recorded).replace(day=1),
                reason="",
                deviates=(),
                ask="",
                internal_notes="",
                version=initiative.version,
                actor=LOADER,
                at=recorded,
                cause=StatusUpdate.Cause.IMPORT,
            )
        elif exists and raw["status"] and initiative.status != raw["status"]:
            self._differs(initiative, "status", initiative.status, raw["status"])
        actions = {
            action["key"]: self._row(Action, action, source, initiative=initiative)
            for action in raw["actions"]
        }
        for deadline in raw["deadlines"]:
            action = actions[deadline["action"]] if deadline["action"] else None
            self._deadline(deadline, source, initiative=initiative, action=action)

    def _deadline(self, raw: Data, source: str, **parents: Any) -> None:
        values = {**raw, **{name: optional_date(raw[name]) for name in DATE_FIELDS}, **parents}
        days = {name: values[name] for name in COMPLETED_FIELDS}
        existing = self._existing(Deadline, raw["key"])
        if existing is not None and _is_without_days(existing, values):
            self._complete(existing, days, source)
        deadline = self._row(Deadline, values, source)
        if raw["moves"] and _is_unchanged(deadline, values) and not deadline.moves.exists():
            for move in raw["moves"]:
                self._move(deadline, move, self._created_at(source))

    def _complete(self, deadline: Deadline, days: Data, source: str) -> None:
        saved = writing.change(
            deadline,
            days,
            version=deadline.version,
            actor=LOADER,
            reason=self._reason(source),
            at=self._recorded_at(source),
        )
        if saved.changed:
            self.report.completed += 1
            self.report.kept -= 1

    def _move(self, deadline: Deadline, raw: Data, at: datetime) -> None:
        """Record a move that a source mentions, dated by that source."""
        move = DeadlineMove(
            deadline=deadline,
            **(_term("old", raw["old"]) if raw["old"] else {}),
            **_term("new", raw["new"]),
            reason=raw["reason"],
            cause=DeadlineMove.Cause.IMPORT,
            moved_on=local_day(self._recorded_at(raw["source"])),
        )
        move.validate_constraints()
        move.record(version=deadline.version, actor=LOADER, at=at)

    def _row(
        self,
        model: type[Any],
        raw: Data,
        source: str = "",
        leave_out: set[str] | frozenset[str] = frozenset(),
        **parents: Any,
    ) -> Any:
        """Find the row with the key of the raw data and compare it, or create it."""
        source = source or raw["source"]
        names = {f.name for f in model._meta.fields} - leave_out
        values = {name: value for name, value in raw.items() if name in names} | parents
        existing = self._existing(model, raw["key"])
        if existing is None:
            row = model(**values)
            reason = self._reason(source)
            writing.create(row, actor=LOADER, reason=reason, at=self._created_at(source))
            self.report.created[model] = self.report.created.get(model, 0) + 1
            return row
        self.report.kept += 1
        if existing.is_archived:
            self.report.differences.append(f"{_name(existing)} er arkiveret.")
        for name, value in values.items():
            # The kind follows from the days, whose differences are reported.
            if name != "kind" and differ(getattr(existing, name), value):
                self._differs(existing, name, getattr(existing, name), value)
        return existing

    def _existing(self, model: type[Any], key: str) -> Any:
        """Find the row with `key`. Raises BadProgrammeFile when it belongs to another programme."""
        existing = model.objects.filter(key=key).first()
        if existing is None or self.root is None:
            return existing
        if not model.objects.of(self.root).filter(pk=existing.pk).exists():
            raise BadProgrammeFile(f"Nøglen »{key}« bruges af et andet program.")
        return existing

    def _reason(self, source: str) -> str:
        example = " til eksemplet" if self.since else ""
        return f"Indlæst{example} fra {self.sources[source]['title']}."

    def _recorded_at(self, source: str) -> datetime:
        return start_of_day(date.fromisoformat(self.sources[source]["date"]))

    def _created_at(self, source: str) -> datetime:
        at = self._recorded_at(source)
        return min(at, start_of_day(self.since)) if self.since else at

    def _differs(self, row: Tracked, name: str, here: Any, there: Any) -> None:
        label = row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        self.report.differences.append(
            f"{_name(row)}: {label} er »{_in_words(here)}« i portalen "
            f"og »{_in_words(there)}« i filen."
        )


def _is_unchanged(row: Deadline, values: Data) -> bool:
    """Whether the deadline still says what the file says: nobody has changed or archived it."""
    names = ("wording", "fact", "set_by_hand")
    same = not any(differ(getattr(row, name), values[name]) for name in names)
    return same and not row.is_archived


def _is_without_days(row: Deadline, values: Data) -> bool:
    """Whether the deadline is unchanged and as it was before deadlines had days."""
    days = (row.kind, row.set_by_hand, row.starts_on, row.ends_on, row.opens_on)
    untouched = days == ("none", False, None, None, None)
    return untouched and _is_unchanged(row, {**values, "set_by_hand": False})


def _term(which: str, raw: Data) -> dict[str, Any]:
    days = {name: optional_date(raw[name]) for name in ("starts_on", "ends_on")}
    values = {"wording": raw["wording"], "kind": raw["kind"], **days}
    return {f"{which}_{name}": value for name, value in values.items()}


def _name(row: Tracked) -> str:
    return f"{str(row._meta.verbose_name).capitalize()} {row.key}"


def _in_words(value: Any) -> str:
    if value is None or value == "":
        return "(tom)"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, date):
        return day(value)
    return value.key if isinstance(value, Tracked) else str(value)
