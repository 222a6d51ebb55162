"""The chain: what an edition's seal says of the editions before it and of the history behind it.

All editions of the portal stand in one chain, in the order they were locked: history is one log for
all programmes, and so each of its rows is under the seal of exactly one edition. An edition's link
holds the seal before it and, of each table of the log, the newest id, the number of rows since the
edition before and a SHA-256 over them. Who forges an edition or a row of the log, and every hash
and seal with it, still does not fit the next link, or the code that was printed.
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
    """How far each table of the log was at an edition, by name; none without a link."""
    link: Any = edition.link if edition else None
    return {name: TableMark(**values) for name, values in link["history"].items()} if link else {}


# Locking


def link_after(newest: Edition | None) -> tuple[int, dict[str, Any]]:
    """The number and the link of an edition that is locked now, after the `newest` one. One query,
    and another where the chain begins. Within `freezing.one_moment`."""
    now = timezone.now()
    before = marks_of(newest)
    read = read_log(tables(), before)
    history = {name: vars(reading.mark(now)) for name, reading in read.items()}
    if newest is None or newest.chain_number is None:
        return 1, {"previous": _seals_before_the_chain(), "history": history}
    return newest.chain_number + 1, {"previous": newest.seal, "history": history}


def _seals_before_the_chain() -> str:
    """One hash over the seals of the editions that were locked before there was a chain."""
    seals = Edition.objects.filter(chain_number=None).order_by("pk").values_list("seal", flat=True)
    return hashlib.sha256("\n".join(seals).encode()).hexdigest()


# Verifying


def differences(edition: Edition, previous: Edition | None) -> Iterator[str]:
    """What of an edition in the chain does not fit what stood before it, in Danish. `previous` is
    the one that is now before it."""
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
    """Editions that are not in the chain although they came after its beginning, in Danish."""
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
    asked = marks_of(edition)
    known = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    log = []
    for name, mark in asked.items():
        model = known.get(name)
        there = {f.column for f in model._meta.concrete_fields} if model else set()
        if model is None or not there.issuperset(mark.columns):
            yield f"{edition}: {name} har ikke længere de kolonner, der blev låst."
            continue
        log.append(Table(model, tuple(mark.columns)))
    if not log:
        return
    for name, reading in read_log(log, marks_of(previous), asked).items():
        mark = asked[name]
        if reading.is_as(mark):
            continue
        what = str(known[name]._meta.verbose_name)
        yield f"{edition}: {what} er ikke som ved låsningen: {_told(reading.rows - mark.rows)}."


def _told(more: int) -> str:
    if more == 0:
        return "rækker er ændret"
    rows = danish.count(abs(more), "række", "rækker")
    return f"{rows} {'mangler' if more < 0 else 'er kommet til'}"
