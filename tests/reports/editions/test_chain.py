"""The chain of editions: every forgery is found, by the next edition or by the code on paper.

The forger owns the database and knows the portal's source code: the triggers are off, and a forged
edition gets a new hash, seal and file. Each forgery has controls: before it every check passes, and
the checks from before the chain (document, seal and files alone) do not find it.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from initiatives.models import Action, Deadline, DeadlineMove, Initiative, StatusUpdate
from principles.models import Programme
from reports.editions import chain, files, freezing, log
from reports.models import Edition, EditionFile, StatusReport
from tests.conftest import OtherProgramme
from tests.initiatives.steps import edit, judge, read_initiative
from tests.promises import Measured
from tests.protection import without_triggers
from tests.reports.editions.steps import CORRECTION, JANUARY, LOCKED_AT, lock

FIRST = "Udviklingsprogrammet 2026-01, udgave 1"
SECOND = "Udviklingsprogrammet 2026-02, udgave 1"
INITIATIVES = "historik for initiativ"


def plain(model: Any) -> Any:
    """Return a queryset that does not refuse writes."""
    return models.QuerySet(model)


def verify(*arguments: str) -> tuple[int, list[str]]:
    """Run the command, and return its exit code and its lines."""
    out, code = StringIO(), 0
    try:
        call_command("verify_editions", *arguments, stdout=out, no_color=True)
    except SystemExit as error:
        code = int(error.code or 0)
    return code, out.getvalue().splitlines()


@pytest.fixture
def editions(programme: Programme) -> list[Edition]:
    """Two editions in the chain, and changes before, between and after them."""
    edit(read_initiative("kontraktanalyse"), report_text="Før den første.")
    first = lock(programme, month=JANUARY, with_files=None)
    edit(read_initiative("kontraktanalyse"), report_text="Mellem dem.")
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    second = lock(programme, with_files=None)
    edit(read_initiative("kontraktanalyse"), report_text="Efter dem.")
    assert verify() == (0, ["Alt stemmer: 2 udgaver, 12 filer."])
    return [first, second]


def test_each_edition_is_linked_to_the_one_before(
    programme: Programme, other_programme: OtherProgramme, editions: list[Edition]
):
    """The portal has one chain, because history is one log for all programmes."""
    third = lock(other_programme.programme, with_files=None)
    first, second = editions
    assert [edition.chain_number for edition in (first, second, third)] == [1, 2, 3]
    links: list[Any] = [second.link, third.link]
    assert [link["previous"] for link in links] == [first.seal, second.seal]
    for edition in (first, second, third):
        edition.refresh_from_db()
        assert edition.seal == edition.make_seal()
        assert freezing.facts(edition).code.replace(" ", "") == edition.seal[:32]
    assert verify() == (0, ["Alt stemmer: 3 udgaver, 18 filer."])


def test_each_row_of_the_log_is_covered_by_one_seal(editions: list[Edition]):
    first, second = (
        chain.marks_of(edition)["initiatives_historicalinitiative"] for edition in editions
    )
    history = Initiative.history.model.objects
    assert first.newest < second.newest < history.latest("history_id").history_id
    assert first.rows + second.rows == history.filter(history_id__lte=second.newest).count()
    assert second.rows == 2  # the text and the judgement
    ids = history.filter(history_id__lte=second.newest).values_list("history_id", flat=True)
    assert not any(second.is_open(pk) for pk in ids)


def test_the_log_holds_every_append_only_table():
    """A new history table is included automatically; names and contents are not hashed."""
    hashed = {table.name: set(table.columns) for table in log.tables()}
    history = {model.history.model._meta.db_table for model in models_with_history()}
    assert history < set(hashed)
    assert set(hashed) - history == {
        "initiatives_statusupdate",
        "initiatives_deadlinemove",
        "initiatives_dismissal",
        "reports_editionfile",
    }
    for columns in hashed.values():
        assert not {"actor_name", "by_name", "content"} & columns
    assert {"title", "status", "position", "history_date", "history_id"} <= hashed[
        "initiatives_historicalinitiative"
    ]


def models_with_history() -> list[Any]:
    return [model for model in apps.get_models() if hasattr(model, "history")]


# Forgeries


def reseal(edition: Edition) -> None:
    """Compute hash, seal and data file of an edition again with the portal's own code."""
    edition = Edition.objects.select_related("report", "compared_with").get(pk=edition.pk)
    edition.sha256 = hashlib.sha256(edition.document.encode()).hexdigest()
    plain(Edition).filter(pk=edition.pk).update(sha256=edition.sha256, seal=edition.make_seal())
    content = edition.document.encode()
    _new_file(edition, "json", content)


def _new_file(edition: Edition, name: str, content: bytes) -> None:
    plain(EditionFile).filter(edition=edition, format=name).update(
        content=content, size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )


def forge_document(edition: Edition) -> None:
    document = edition.document.replace("Kontraktanalyse", "Kontraktsanalyse")
    plain(Edition).filter(pk=edition.pk).update(document=document)
    reseal(edition)


def forge_sentence(edition: Edition) -> None:
    sentences = [{"id": "x", "proposed": "Løgn.", "text": "Løgn."}]
    plain(Edition).filter(pk=edition.pk).update(sentences=sentences)
    reseal(edition)


def forge_meeting(edition: Edition) -> None:
    plain(Edition).filter(pk=edition.pk).update(meeting_on=LOCKED_AT.date() - timedelta(days=9))
    reseal(edition)


def forge_day(edition: Edition) -> None:
    plain(Edition).filter(pk=edition.pk).update(frozen_at=LOCKED_AT - timedelta(days=9))
    reseal(edition)


def forge_file(edition: Edition) -> None:
    _new_file(edition, "docx", b"En anden Word-fil.")


def remove_edition(edition: Edition) -> None:
    plain(Edition).filter(compared_with=edition).update(compared_with=None)
    plain(EditionFile).filter(edition=edition)._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_editionrendering WHERE edition_id = %s", [edition.pk])
    plain(Edition).filter(pk=edition.pk)._raw_delete("default")
    plain(StatusReport).filter(pk=edition.report_id)._raw_delete("default")
    for left in plain(Edition):
        reseal(left)


def history_of(edition: Edition) -> Any:
    """Return the history rows of one initiative up to the edition, oldest first."""
    mark = chain.marks_of(edition)["initiatives_historicalinitiative"]
    rows = plain(Initiative.history.model).filter(history_id__lte=mark.newest)
    return rows.filter(key="kontraktanalyse").order_by("history_id")


def remove_history(edition: Edition) -> None:
    pk = history_of(edition).first().pk
    plain(Initiative.history.model).filter(pk=pk)._raw_delete("default")


def change_history(edition: Edition) -> None:
    pk = history_of(edition).first().pk
    plain(Initiative.history.model).filter(pk=pk).update(report_text="Sådan var det aldrig.")


def change_the_reason(edition: Edition) -> None:
    pk = history_of(edition).last().pk
    plain(Initiative.history.model).filter(pk=pk).update(history_change_reason="En anden grund.")


def judge_otherwise(edition: Edition) -> None:
    mark = chain.marks_of(edition)["initiatives_statusupdate"]
    plain(StatusUpdate).filter(pk=mark.newest).update(reason="En helt anden begrundelse.")


def move_otherwise(edition: Edition) -> None:
    mark = chain.marks_of(edition)["initiatives_deadlinemove"]
    plain(DeadlineMove).filter(pk=mark.newest).update(moved_on=LOCKED_AT.date())


def finding(words: str) -> str:
    return f"{FIRST}: {words}"


CHANGED_HISTORY = finding(f"{INITIATIVES} er ikke som ved låsningen: rækker er ændret.")
PREVIOUS = f"{SECOND}: udgaven før den i kæden, {FIRST}, er ikke den, der blev låst."
# How the first edition is forged, and the sentence that reports it.
FORGERIES: dict[str, tuple[Callable[[Edition], None], str]] = {
    "document": (forge_document, PREVIOUS),
    "sentence": (forge_sentence, PREVIOUS),
    "meeting": (forge_meeting, PREVIOUS),
    "day": (forge_day, PREVIOUS),
    "file": (
        forge_file,
        f"{SECOND}: fil er ikke som ved låsningen: rækker er ændret.",
    ),
    "edition removed": (remove_edition, f"{SECOND}: der mangler 1 udgave før den i kæden."),
    "history removed": (
        remove_history,
        finding(f"{INITIATIVES} er ikke som ved låsningen: 1 række mangler."),
    ),
    "history changed": (change_history, CHANGED_HISTORY),
    "reason changed": (change_the_reason, CHANGED_HISTORY),
    "judgement changed": (
        judge_otherwise,
        finding("statusvurdering er ikke som ved låsningen: rækker er ændret."),
    ),
    "move changed": (
        move_otherwise,
        finding("flytning er ikke som ved låsningen: rækker er ændret."),
    ),
}


@pytest.mark.promise(2)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_found_without_a_code(
    editions: list[Edition], promise: Measured, forgery: str
):
    forge, sentence = FORGERIES[forgery]
    with without_triggers():
        forge(editions[0])
    code, lines = verify()
    assert code == 1
    assert sentence in lines
    promise.figure(f"forged with a fresh hash, seal and file: {forgery}", "found")
    # The control: the checks from before the chain do not find the forgery.
    left = Edition.objects.select_related("report__programme", "compared_with")
    alone = [difference for edition in left for difference in files.differences(edition)]
    # Only a forged document was found: its hash is in the seal of the edition compared with it.
    assert forgery == "document" or alone == []
    promise.control(f"without the chain: {forgery}", "found" if alone else "not found")


@pytest.mark.promise(5)
@pytest.mark.parametrize("where", ["in a hole", "at the end"])
def test_a_backdated_row_is_found(
    programme: Programme, editions: list[Edition], promise: Measured, where: str
):
    """Among the ids that an edition covers there is no free id for another row. After them the
    row is among those of the next edition, with a date before theirs."""
    row = history_of(editions[0]).first()
    free = 10_000_000
    with without_triggers():
        if where == "in a hole":
            # The forger frees an id by moving the last row away.
            last = history_of(editions[0]).last()
            free = last.pk
            plain(Initiative.history.model).filter(pk=last.pk).update(history_id=free + 100_000)
        row.history_id, row.version, row.report_text = free, 900, "Tilbagedateret."
        row.save_base(raw=True, force_insert=True)
    code, lines = verify()
    if where == "in a hole":
        assert (code, CHANGED_HISTORY in lines) == (1, True)
        promise.figure("a backdated history row among those that are sealed", "found")
    else:
        # No seal covers the row yet, but verify_history finds dates that go backwards.
        assert code == 0


def codes_of(edition: Edition) -> str:
    return freezing.control_code(edition.code)


@pytest.mark.promise(2)
@pytest.mark.parametrize("forgery", ["document", "sentence", "meeting", "day", "edition removed"])
def test_the_newest_edition_is_found_by_its_code(
    editions: list[Edition], promise: Measured, forgery: str
):
    """No edition follows it, so it is compared with the code that was printed."""
    newest = editions[1]
    code = codes_of(newest)
    assert verify("--code", code)[0] == 0
    with without_triggers():
        FORGERIES[forgery][0](newest)
    assert verify()[0] == 0  # The control: without the code nothing is found.
    exit_code, lines = verify("--code", code)
    assert exit_code == 1
    assert lines[0].startswith(f"Ingen låst udgave har koden {newest.seal[:32]}.")
    promise.figure(f"the newest edition forged, with its code from paper: {forgery}", "found")


@pytest.mark.parametrize(
    "write",
    [
        lambda code: code,
        lambda code: code.replace(" ", ""),
        lambda code: code.upper().replace(" ", "-"),
        lambda code: f"  {code.replace(' ', '  ')}\n",
        lambda code: code.replace(" ", "\N{NO-BREAK SPACE}"),
        lambda code: code.replace(" ", "\N{EN DASH}"),
    ],
)
def test_a_code_is_read_however_it_is_written(editions: list[Edition], write: Callable[[str], str]):
    code, lines = verify("--code", write(codes_of(editions[0])))
    assert code == 0
    assert lines[0] == f"Koden hører til {FIRST}, låst den 26. februar 2026.".replace(
        "26. februar 2026", "26.\xa0februar\xa02026"
    )


def test_part_of_a_code_is_enough(editions: list[Edition]):
    code, lines = verify("--code", codes_of(editions[1])[5:14])
    assert code == 0
    assert lines[0].startswith(f"Koden hører til {SECOND}")
    assert lines[1] == "Kun hele koden på 32 tegn er bevis for udgaven."


@pytest.mark.parametrize("typed", ["", "abcd 123", "udgave 1", "g" * 32, "a" * 33])
def test_an_invalid_code_is_refused(typed: str, db: None):
    with pytest.raises(CommandError, match="er ikke en kontrolkode"):
        verify("--code", typed)


# Editions from before the chain


def as_before_the_chain(edition: Edition) -> None:
    """Make it an edition that was locked by a version of the portal before the chain."""
    edition.chain_number = edition.link = None
    plain(Edition).filter(pk=edition.pk).update(
        chain_number=None, link=None, seal=edition.make_seal()
    )


def test_editions_from_before_the_chain_keep_their_rule_and_their_code(programme: Programme):
    old = lock(programme, month=JANUARY, with_files=None)
    with without_triggers():
        as_before_the_chain(old)
    old = Edition.objects.get(pk=old.pk)
    assert freezing.facts(old).code.replace(" ", "") == old.sha256[:32]
    assert verify() == (0, ["Alt stemmer: 1 udgave, 6 filer."])
    new = lock(programme, with_files=None)
    assert new.chain_number == 1
    assert verify("--code", codes_of(old))[1][0].startswith(f"Koden hører til {FIRST}")
    assert verify() == (0, ["Alt stemmer: 2 udgaver, 12 filer."])
    with without_triggers():
        forge_sentence(old)
    assert verify() == (
        1,
        [
            f"{SECOND}: de udgaver, der blev låst før den første i kæden, er ikke de samme.",
            "1 afvigelse i 2 udgaver.",
        ],
    )


def test_an_edition_outside_the_chain_is_found(programme: Programme, editions: list[Edition]):
    """Once the chain has begun, an edition by the rule of old editions is a forgery."""
    late = lock(programme, with_files=None, correction=CORRECTION)
    with without_triggers():
        as_before_the_chain(late)
    code, lines = verify()
    assert code == 1
    name = "Udviklingsprogrammet 2026-02, udgave 2"
    assert f"{name}: er låst uden for kæden, selv om kæden var begyndt." in lines


# What stays possible


def test_a_pseudonym_breaks_no_seal(editions: list[Edition]):
    with without_triggers():
        for model in (Initiative, Action, Deadline):
            plain(model.history.model).update(actor_name="Bruger 7")
        plain(StatusUpdate).update(by_name="Bruger 7")
        plain(DeadlineMove).update(by_name="Bruger 7")
        plain(Edition).update(frozen_by_name="Bruger 7")
    assert verify() == (0, ["Alt stemmer: 2 udgaver, 12 filer."])


def test_a_removed_column_is_reported(editions: list[Edition]):
    link = json.loads(json.dumps(editions[1].link))
    link["history"]["initiatives_historicalaction"]["columns"].append("findes_ikke")
    with without_triggers():
        plain(Edition).filter(pk=editions[1].pk).update(link=link)
    lines = verify()[1]
    assert (
        f"{SECOND}: initiatives_historicalaction har ikke længere de kolonner, der blev låst."
        in lines
    )


def test_the_log_reads_the_same_on_both_databases(programme: Programme):
    """The text of a row that is hashed is written down here, and is equal on both databases."""
    row = Initiative.history.model.objects.filter(key="kontraktanalyse").order_by("history_id")[0]
    table = next(t for t in log.tables() if t.model is Initiative.history.model)
    with connection.cursor() as cursor:
        sql = ", ".join(sql for _, sql in table.slots())
        cursor.execute(f'SELECT {sql} FROM "{table.name}" WHERE history_id = %s', [row.history_id])
        values = dict(zip(table.columns, cursor.fetchone(), strict=True))
    assert values["history_date"] == row.history_date.astimezone(UTC).strftime(
        "%Y-%m-%d %H:%M:%S.%f"
    )
    assert values["position"] == row.position
    assert values["title"] == "Kontraktanalyse"
    assert values["history_user_id"] is None or isinstance(values["history_user_id"], int)
