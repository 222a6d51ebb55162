"""The chain of editions: each seal covers the editions before it and the history up to it.

All editions of the portal are in one chain, in the order they were locked: history is one log for
all programmes, so each of its rows is covered by the seal of exactly one edition. An edition's link
holds the seal before it and, for each table of the log, the newest id, the number of rows since the
edition before and a SHA-256 over them. If somebody forges an edition or a row of the log with all
hashes and seals in it, it still does not fit the next link or the code that was printed.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils import timezone

from core import danish
from reports.editions.log import Table, TableMark, read_log, tables
from reports.models import Edition


def marks_of(edition: Edition | None) -> dict[str, TableMark]:
    """Find how far each table of the log had come at an edition, by name; {} without a link."""
    link: Any = edition.link if edition else None
    return {name: TableMark(**values) for name, values in link["history"].items()} if link else {}


# Locking


def link_after(newest: Edition | None) -> tuple[int, dict[str, Any]]:
    """Make the number and the link of an edition that is locked now, after the `newest` one. One
    query, and another where the chain begins. To be called within `freezing.one_moment`."""
    now = timezone.now()
    readings = read_log(tables(), marks_of(newest))
    history = {name: vars(reading.mark(now)) for name, reading in readings.items()}
    if newest is None or newest.chain_number is None:
        return 1, {"previous": _seals_before_the_chain(), "history": history}
    return newest.chain_number + 1, {"previous": newest.seal, "history": history}


def _seals_before_the_chain() -> str:
    """Hash the seals of the editions that were locked before there was a chain."""
    seals = Edition.objects.filter(chain_number=None).order_by("pk").values_list("seal", flat=True)
    return hashlib.sha256("\n".join(seals).encode()).hexdigest()


# Verifying


def differences(edition: Edition, previous: Edition | None) -> Iterator[str]:
    """Say in Danish what of an edition in the chain does not fit what is before it. `previous` is
    the edition that is now before it."""
    number: Any = edition.chain_number
    link: Any = edition.link
    before = previous.chain_number if previous and previous.chain_number else 0
    if number != before + 1:
        yield f"{edition}: {_missing(number - before - 1)} før den i kæden."
    elif previous is None:
        if link["previous"] != _seals_before_the_chain():
            yield f"{edition}: de udgaver, der blev låst før den første i kæden, er ikke de samme."
    elif link["previous"] != previous.seal:
        yield f"{edition}: udgaven før den i kæden, {previous}, er ikke den, der blev låst."
    if number == before + 1:
        yield from _differences_of_history(edition, previous)


def outside() -> Iterator[str]:
    """Name in Danish the editions that are not in the chain although it had begun before them."""
    first = Edition.objects.filter(chain_number__isnull=False).order_by("pk").first()
    if first is None:
        return
    late = Edition.objects.filter(chain_number=None, pk__gt=first.pk).select_related(
        "report__programme"
    )
    for edition in late.without_document():
        yield f"{edition}: er låst uden for kæden, selv om kæden var begyndt."


def _missing(number: int) -> str:
    count = danish.count(number, "udgave", "udgaver")
    return f"der mangler {count}"


def _differences_of_history(edition: Edition, previous: Edition | None) -> Iterator[str]:
    marks = marks_of(edition)
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    log = []
    for name, mark in marks.items():
        model = models.get(name)
        columns = {f.column for f in model._meta.concrete_fields} if model else set()
        if model is None or not columns.issuperset(mark.columns):
            yield f"{edition}: {name} har ikke længere de kolonner, der blev låst."
            continue
        log.append(Table(model, tuple(mark.columns)))
    if not log:
        return
    for name, reading in read_log(log, marks_of(previous), marks).items():
        mark = marks[name]
        if reading.matches(mark):
            continue
        what = str(models[name]._meta.verbose_name)
        change = _row_change(reading.rows - mark.rows)
        yield f"{edition}: {what} er ikke som ved låsningen: {change}."


def _row_change(more: int) -> str:
    if more == 0:
        return "rækker er ændret"
    rows = danish.count(abs(more), "række", "rækker")
    return f"{rows} {'mangler' if more < 0 else 'er kommet til'}"
