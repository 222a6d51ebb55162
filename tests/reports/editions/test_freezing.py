"""Locking, approving and publishing through the public functions, and what the database refuses."""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.clock import COPENHAGEN
from core.tracking import AroundTheDoor
from initiatives.sources.live import build_live
from principles.models import Programme
from reports.comparison.change_text import change_text
from reports.comparison.diff import diff
from reports.editions import approval, files, freezing, rendering
from reports.models import Edition, EditionFile, EditionRendering, StatusReport
from tests.conftest import OtherProgramme
from tests.factories import make_programme
from tests.initiatives.steps import edit, judge, the
from tests.performance.growing import grow
from tests.protection import as_owner
from tests.query_counts import counted_queries
from tests.reports.editions.steps import (
    ANNA,
    CORRECTION,
    FEBRUARY,
    JANUARY,
    LOCKED_AT,
    lock,
    stored,
)

MEETING = date(2026, 2, 26)


def lock_january(programme: Programme, **values: Any) -> Edition:
    at = datetime(2026, 1, 29, 12, tzinfo=COPENHAGEN)
    return lock(programme, month=JANUARY, at=at, with_files=False, **values)


def lock_february(programme: Programme, **values: Any) -> Edition:
    return lock(programme, with_files=False, **values)


def lock_with_files(programme: Programme, **values: Any) -> Edition:
    """February with six files that nobody had to render."""
    return lock(programme, with_files=None, **values)


def freeze(programme: Programme, basis: str, **values: Any) -> Edition:
    """The public function with the form's defaults."""
    defaults = {
        "month": FEBRUARY,
        "wordings": {},
        "meeting_on": None,
        "correction": "",
        "actor": ANNA,
        "at": LOCKED_AT,
    }
    return freezing.freeze(programme, basis=basis, **{**defaults, **values})


def basis_of(programme: Programme, month: date = FEBRUARY) -> str:
    return freezing.candidate(programme, month=month, on=LOCKED_AT.date()).basis


# What is locked


def test_editions_are_numbered_within_their_month(programme: Programme):
    assert lock_january(programme).number == 1
    assert lock_february(programme).number == 1
    assert lock_february(programme, correction=CORRECTION).number == 2
    assert lock_february(programme, correction="Også en deadline.").number == 3
    assert lock_january(programme, correction=CORRECTION).number == 2
    assert StatusReport.objects.filter(programme=programme).count() == 2


def test_programmes_are_numbered_apart(programme: Programme, other_programme: OtherProgramme):
    lock_january(programme)
    lock_february(programme)
    found = lock_february(other_programme.programme)
    assert (found.number, found.compared_with) == (1, None)
    assert [item.title for item in found.plan().initiatives()] == ["Det andet programs initiativ"]


def test_the_document_is_the_plan_as_it_stood(programme: Programme):
    edition = lock_february(programme)
    expected = build_live(programme, month=FEBRUARY, on=LOCKED_AT.date()).document
    assert edition.plan() == expected
    assert edition.document == expected.to_json()
    assert edition.schema == expected.schema
    assert len(list(edition.plan().initiatives())) == 14


def test_the_hash_is_that_of_the_canonical_document(programme: Programme):
    edition = lock_february(programme)
    edition.refresh_from_db()
    assert edition.sha256 == hashlib.sha256(edition.document.encode()).hexdigest()
    data = json.loads(edition.document)
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert edition.document == canonical
    assert freezing.facts(edition).code.replace(" ", "") == edition.seal[:32]


def test_who_and_when_are_kept(programme: Programme, secretariat: User):
    edition = lock_february(programme, actor=secretariat.actor, meeting_on=MEETING)
    edition.refresh_from_db()
    assert edition.frozen_by == secretariat
    assert edition.frozen_by_name == "Anna Eksempel"
    assert edition.frozen_at == LOCKED_AT
    assert edition.meeting_on == MEETING
    assert edition.drawn_up_on == date(2026, 2, 26)
    assert (edition.approved_at, edition.published_at) == (None, None)


def test_the_day_is_copenhagens(programme: Programme):
    edition = lock_february(programme, at=datetime(2026, 2, 26, 23, 30, tzinfo=UTC))
    assert edition.drawn_up_on == edition.plan().drawn_up_on == date(2026, 2, 27)
    assert freezing.facts(edition).locked_on == date(2026, 2, 27)


def test_the_document_holds_no_names_of_who_edited(programme: Programme, secretariat: User):
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    edition = lock_february(programme)
    assert secretariat.name not in edition.document
    assert "Bo Eksempel" not in edition.document


def test_internal_notes_are_not_locked(programme: Programme):
    edit(the("kontraktanalyse"), internal_notes="Kun mellem os i sekretariatet.")
    edition = lock_february(programme)
    assert "Kun mellem os" not in edition.document
    assert "Kun mellem os" not in json.dumps(edition.sentences, ensure_ascii=False)


def test_a_programme_renamed_meanwhile_is_not_locked_under_its_old_name(programme: Programme):
    """The request has read its programme before the transaction: that was another moment."""
    basis = basis_of(programme)
    edit(programme, title="Nyt navn")
    assert programme.title != "Nyt navn"
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis)
    programme.refresh_from_db()
    basis = basis_of(programme)
    assert freeze(programme, basis).plan().programme.title == "Nyt navn"


def test_whatever_changes_meanwhile_is_looked_at_first(programme: Programme):
    """Without an earlier edition there is no sentence to tell the difference by."""
    basis = basis_of(programme)
    judge("kontraktanalyse", "completed", reason="Afleveret.")
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis)


# What it is compared with


def test_the_first_edition_is_compared_with_none(programme: Programme):
    edition = lock_february(programme)
    assert (edition.compared_with, edition.sentences) == (None, [])


def test_compared_with_the_newest_edition_of_an_earlier_month(programme: Programme):
    december = lock(
        programme,
        month=date(2025, 12, 1),
        at=datetime(2026, 2, 26, 9, tzinfo=COPENHAGEN),
        with_files=False,
    )
    first = lock_january(programme)
    second = lock_january(programme, correction=CORRECTION)
    february = lock_february(programme)
    assert february.compared_with == second
    # A correction is compared with the month before as well, not with what it corrects.
    assert lock_february(programme, correction=CORRECTION).compared_with == second
    assert first.compared_with == second.compared_with == december


def test_a_correction_of_an_earlier_month_looks_back_only(programme: Programme):
    january = lock_january(programme)
    lock_february(programme)
    again = lock_january(programme, correction=CORRECTION)
    assert january.compared_with is None
    assert again.compared_with is None


def test_sentences_are_those_of_the_change_text(programme: Programme):
    january = lock_january(programme)
    edition = lock_february(programme)
    expected = change_text(diff(january.plan(), edition.plan()))
    assert len(expected) > 5
    assert edition.sentences == [
        {"id": s.change_id, "proposed": s.text, "text": s.text} for s in expected
    ]


def test_sentences_are_locked_as_edited(programme: Programme):
    lock_january(programme)
    edition = lock_february(programme)
    (first, second, *rest) = edition.sentences
    edited = "Skrevet om, med æøå og »citat«.\nOg en linje til."
    again = lock_february(
        programme,
        correction=CORRECTION,
        wordings={second["id"]: f"  {edited.replace(chr(10), chr(13) + chr(10))}  \n"},
    )
    again.refresh_from_db()
    assert again.sentences == [first, second | {"text": edited}, *rest]
    assert freezing.facts(again).sentences[1] == edited


def test_wordings_of_other_changes_are_not_locked(programme: Programme):
    lock_january(programme)
    found = freezing.candidate(programme, month=FEBRUARY, on=LOCKED_AT.date())
    edition = lock_february(programme, wordings={"initiative:findes-ikke:status": "Opdigtet."})
    assert [s["id"] for s in edition.sentences] == [s.change_id for s in found.sentences]
    assert "Opdigtet." not in json.dumps(edition.sentences)


# Refused


def test_a_changed_plan_is_refused(programme: Programme):
    lock_january(programme)
    basis = basis_of(programme)
    judge("kontraktanalyse", "minor_deviations", "Forsinket.", deviates=["time"])
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis)
    assert Edition.objects.filter(report__month=FEBRUARY).count() == 0
    assert freeze(programme, basis_of(programme)).number == 1


def test_an_edition_locked_meanwhile_is_refused(programme: Programme):
    basis = basis_of(programme)
    lock_february(programme)
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis, correction=CORRECTION)
    assert Edition.objects.count() == 1


def test_another_edition_of_the_month_before_is_refused(programme: Programme):
    lock_january(programme)
    basis = basis_of(programme)
    lock_january(programme, correction=CORRECTION)
    with pytest.raises(freezing.PlanChanged):
        freeze(programme, basis)


def test_midnight_changes_nothing(programme: Programme):
    lock_january(programme)
    basis = basis_of(programme)
    edition = freeze(programme, basis, at=LOCKED_AT + timedelta(hours=10))
    assert edition.drawn_up_on == date(2026, 2, 27)


@pytest.mark.parametrize("correction", ["", "   ", "\r\n \n", "\u200b\xad"])
def test_a_later_edition_says_what_was_corrected(programme: Programme, correction: str):
    lock_february(programme)
    with pytest.raises(ValidationError) as refused:
        lock_february(programme, correction=correction)
    assert refused.value.message_dict == {"correction": ["Skriv, hvad der er rettet i udgaven."]}
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("correction", "sentence"),
    [
        ("x" * 501, "må højst fylde 500 tegn"),
        ("Borger 010190-1234 er rettet.", "CPR-nummer"),
        ("Rettet\x00.", "et usynligt tegn lige efter »Rettet«"),
    ],
)
def test_a_correction_that_can_not_stand_is_refused_by_field(
    programme: Programme, correction: str, sentence: str
):
    lock_february(programme)
    with pytest.raises(ValidationError) as refused:
        lock_february(programme, correction=correction)
    assert sentence in refused.value.message_dict["correction"][0]


def test_the_first_edition_corrects_nothing(programme: Programme):
    assert lock_february(programme, correction="Der er intet at rette.").correction == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Sætningen skal udfyldes."),
        (" \n ", "Sætningen skal udfyldes."),
        ("\u200b\xad", "Sætningen skal udfyldes."),
        ("x" * 2001, "må højst fylde 2.000 tegn"),
        ("Borger 010190-1234 flytter.", "CPR-nummer"),
    ],
)
def test_an_empty_or_impossible_sentence_is_refused(programme: Programme, text: str, sentence: str):
    lock_january(programme)
    found = freezing.candidate(programme, month=FEBRUARY, on=LOCKED_AT.date())
    change = found.sentences[2].change_id
    with pytest.raises(ValidationError) as refused:
        lock_february(programme, wordings={change: text})
    assert list(refused.value.message_dict) == [change]
    assert sentence in refused.value.message_dict[change][0]
    assert Edition.objects.filter(report__month=FEBRUARY).count() == 0
    assert not StatusReport.objects.filter(month=FEBRUARY).exists()


def test_both_are_told_at_once(programme: Programme):
    """The correction and a sentence are missing: one answer names both."""
    lock_january(programme)
    first = lock_february(programme)
    change = first.sentences[0]["id"]
    with pytest.raises(ValidationError) as refused:
        lock_february(programme, wordings={change: ""})
    assert set(refused.value.message_dict) == {"correction", change}


# Approval and publication


def again(edition: Edition) -> Edition:
    found: Edition = Edition.objects.select_related("report__programme").get(pk=edition.pk)
    return found


def test_approved_then_published_once_each(programme: Programme, secretariat: User, group: User):
    edition = lock_with_files(programme)
    before = stored(edition)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    later = LOCKED_AT + timedelta(hours=1)
    approval.publish(again(edition), actor=group.actor, at=later)
    after = stored(edition)
    changed = {name for name in after if after[name] != before[name]}
    assert {name: after[name] for name in changed} == {
        "approved_at": LOCKED_AT,
        "approved_by_id": secretariat.pk,
        "approved_by_name": secretariat.name,
        "approved_at_meeting_on": MEETING,
        "published_at": later,
        "published_by_id": group.pk,
        "published_by_name": group.name,
    }
    with pytest.raises(ValidationError, match="allerede godkendt"):
        approval.approve(again(edition), meeting_on=MEETING, actor=ANNA, at=later)
    with pytest.raises(ValidationError, match="allerede offentliggjort"):
        approval.publish(again(edition), actor=ANNA, at=later)
    assert stored(edition) == after


def test_two_who_approve_side_by_side(programme: Programme):
    """Both have the page open; the second meets the row as it is now."""
    edition = lock_february(programme)
    mine, theirs = again(edition), again(edition)
    approval.approve(theirs, meeting_on=MEETING, actor=ANNA, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="allerede godkendt"):
        approval.approve(mine, meeting_on=date(2026, 2, 1), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["approved_at_meeting_on"] == MEETING


def test_what_is_not_approved_is_not_published(programme: Programme):
    edition = lock_with_files(programme)
    with pytest.raises(ValidationError, match="skal være godkendt"):
        approval.publish(again(edition), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None


def test_what_lacks_files_is_not_published(programme: Programme):
    edition = lock_february(programme)
    approval.approve(edition, meeting_on=MEETING, actor=ANNA, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="mangler filer"):
        approval.publish(again(edition), actor=ANNA, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None


def test_without_the_setting_one_pair_of_eyes_will_do(programme: Programme, secretariat: User):
    assert programme.needs_second_pair_of_eyes is False
    edition = lock_with_files(programme, actor=secretariat.actor)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    approval.publish(again(edition), actor=secretariat.actor, at=LOCKED_AT)
    assert stored(edition)["published_by_id"] == secretariat.pk


def test_a_second_pair_of_eyes(programme: Programme, secretariat: User, group: User):
    edit(programme, needs_second_pair_of_eyes=True)
    edition = lock_with_files(programme, actor=secretariat.actor)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    with pytest.raises(ValidationError, match="en anden end den, der har låst"):
        approval.publish(again(edition), actor=secretariat.actor, at=LOCKED_AT)
    assert stored(edition)["published_at"] is None
    approval.publish(again(edition), actor=group.actor, at=LOCKED_AT)
    assert stored(edition)["published_by_id"] == group.pk


# What the database refuses


LOCKED_COLUMNS = {
    "report_id": "report_id + 1",
    "number": "number + 1",
    "document": "'{}'",
    "sha256": "'0'",
    "schema": "1",
    "drawn_up_on": "'2020-01-01'",
    "meeting_on": "'2020-01-01'",
    "compared_with_id": "id",
    "sentences": """'[{"id": "x", "text": "Løgn"}]'""",
    "correction": "'Løgn'",
    "basis": "'x'",
    "frozen_at": "'2020-01-01 12:00:00+00:00'",
    "frozen_by_id": "(SELECT max(id) FROM accounts_user)",
    "seal": "'0'",
    "chain_number": "chain_number + 100",
    "link": "NULL",
}
APPROVAL_COLUMNS = {
    "approved_at": "'2020-01-01 12:00:00+00:00'",
    "approved_by_id": "(SELECT max(id) FROM accounts_user)",
    "approved_at_meeting_on": "'2020-01-01'",
    "published_at": "'2020-01-01 12:00:00+00:00'",
    "published_by_id": "(SELECT max(id) FROM accounts_user)",
}


# A pseudonym may take a name's place.
NAMES = {"frozen_by_name", "approved_by_name", "published_by_name"}


def refused(sql: str) -> str:
    """The database's refusal of its owner; fails when it was obeyed."""
    try:
        with as_owner(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            met = cursor.rowcount
    except DatabaseError as error:
        return str(error)
    pytest.fail(f"Obeyed, on {met} rows: {sql}")


def test_every_column_is_looked_after():
    """A new column belongs in the trigger, and here."""
    columns = {field.column for field in Edition._meta.fields}
    assert columns - {"id"} == {*LOCKED_COLUMNS, *APPROVAL_COLUMNS, *NAMES}


@pytest.mark.parametrize("column", LOCKED_COLUMNS)
def test_no_locked_column_is_changed(programme: Programme, column: str):
    edition = lock_february(programme)
    before = stored(edition)
    sql = f"UPDATE reports_edition SET {column} = {LOCKED_COLUMNS[column]}"
    assert "locked" in refused(sql)
    assert stored(edition) == before


@pytest.mark.parametrize("column", APPROVAL_COLUMNS)
@pytest.mark.parametrize("value", ["another", "NULL"])
def test_approval_and_publication_are_set_once(
    programme: Programme, secretariat: User, column: str, value: str
):
    edition = lock_with_files(programme)
    approval.approve(edition, meeting_on=MEETING, actor=secretariat.actor, at=LOCKED_AT)
    approval.publish(again(edition), actor=secretariat.actor, at=LOCKED_AT)
    before = stored(edition)
    new = APPROVAL_COLUMNS[column] if value == "another" else "NULL"
    assert "locked" in refused(f"UPDATE reports_edition SET {column} = {new}")
    assert stored(edition) == before


def test_a_name_is_replaced_by_a_pseudonym(programme: Programme):
    edition = lock_with_files(programme)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_edition SET frozen_by_name = 'Bruger 7'")
    assert stored(edition)["frozen_by_name"] == "Bruger 7"
    assert list(files.differences(again(edition))) == []


def test_raw_deletes_are_refused(programme: Programme):
    lock_with_files(programme)
    for table in ("reports_editionfile", "reports_edition"):
        assert "never" in refused(f"DELETE FROM {table}")
    assert (Edition.objects.count(), EditionFile.objects.count()) == (1, 6)


@pytest.mark.parametrize(
    "assignment",
    [
        "content = content",
        "sha256 = '0'",
        "name = 'x.pdf'",
        "media_type = 'text/html'",
        "format = 'x' || id",
        "size = 0",
        "edition_id = edition_id",
        "renderer = ''",
        "rendered_at = '2020-01-01 12:00:00+00:00'",
    ],
)
def test_no_column_of_a_file_is_changed(programme: Programme, assignment: str):
    lock_with_files(programme)
    assert "never changed" in refused(f"UPDATE reports_editionfile SET {assignment}")


def test_the_orm_is_refused_too(programme: Programme):
    edition = lock_with_files(programme)
    file = edition.files.get(format="json")
    before = stored(edition), bytes(file.content)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.QuerySet(Edition).update(document="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        models.QuerySet(EditionFile).update(content=b"x")
    with pytest.raises(DatabaseError), transaction.atomic():
        models.QuerySet(EditionFile).all()._raw_delete(using="default")
    edition.document = "{}"
    with pytest.raises(DatabaseError), transaction.atomic():
        edition.save()
    file.content = b"x"
    with pytest.raises(DatabaseError), transaction.atomic():
        file.save()
    for refuse in (edition.delete, file.delete, Edition.objects.all().delete):
        with pytest.raises(AroundTheDoor):
            refuse()
    with pytest.raises(AroundTheDoor):
        Edition.objects.update(document="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        EditionFile.objects.all().delete()
    assert (stored(edition), bytes(edition.files.get(format="json").content)) == before


def test_an_upsert_is_refused(programme: Programme):
    """`INSERT … ON CONFLICT DO UPDATE` is an UPDATE too."""
    edition = lock_with_files(programme)
    file = edition.files.get(format="json")
    clone = EditionFile(**{f.attname: getattr(file, f.attname) for f in EditionFile._meta.fields})
    clone.pk, clone.content = None, b"x"
    # PostgreSQL refuses; on SQLite the file that is there is left as it is.
    with suppress(DatabaseError, TypeError), transaction.atomic():
        EditionFile.objects.bulk_create(
            [clone],
            update_conflicts=True,
            unique_fields=["edition", "format"],
            update_fields=["content"],
        )
    assert bytes(edition.files.get(format="json").content) == bytes(file.content)


def test_the_month_of_a_locked_edition_is_not_changed(programme: Programme):
    """The edition's address, name and readers come from its report."""
    edition = lock_february(programme)
    other = make_programme("Et andet")
    for assignment in ("month = '2026-01-01'", f"programme_id = {other.pk}"):
        refused(f"UPDATE reports_statusreport SET {assignment}")
    edition.report.refresh_from_db()
    assert (edition.report.month, edition.report.programme) == (FEBRUARY, programme)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own statement")
@pytest.mark.parametrize("table", ["reports_edition", "reports_editionfile"])
def test_replace_is_refused(programme: Programme, table: str):
    """REPLACE removes the old row without asking a DELETE trigger."""
    lock_with_files(programme)
    content = "document" if table == "reports_edition" else "content"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 1")
        names = [column[0] for column in cursor.description]
        values = ", ".join("'x'" if name == content else name for name in names)
        # A file that is there is left as it is; an edition is refused.
        try:
            with transaction.atomic():
                cursor.execute(f"REPLACE INTO {table} SELECT {values} FROM {table}")
        except DatabaseError:
            assert table == "reports_edition"
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {content} = 'x'")
        assert cursor.fetchone() == (0,)


def test_the_constraints_of_the_edition(programme: Programme):
    edition = lock_february(programme)
    values = {**stored(edition), "chain_number": None, "link": None}
    del values["id"]
    with pytest.raises(DatabaseError, match=r"(?i)unique"), transaction.atomic():
        Edition(**values).save(force_insert=True)
    with pytest.raises(DatabaseError, match="later_edition_says"), transaction.atomic():
        Edition(**{**values, "number": 2}).save(force_insert=True)
    with pytest.raises(DatabaseError, match="only_an_approved"), transaction.atomic():
        Edition(**{**values, "number": 2, "correction": "x", "published_at": LOCKED_AT}).save(
            force_insert=True
        )
    with pytest.raises(DatabaseError, match="approval_names_its_meeting"), transaction.atomic():
        Edition(**{**values, "number": 2, "correction": "x", "approved_at": LOCKED_AT}).save(
            force_insert=True
        )


# The files


@pytest.mark.django_db(transaction=True)
@pytest.mark.pdf
@pytest.mark.slow
def test_files_are_made_once_and_agree_with_their_sums(programme: Programme):
    edition = lock(programme)
    made = {file.format: file for file in edition.files.all()}
    assert set(made) == {kind.key for kind in files.FORMATS}
    for kind in files.FORMATS:
        file = made[kind.key]
        content = bytes(file.content)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        assert file.size == len(content) > 0
        assert file.media_type == kind.media_type
        assert file.name == f"Status udviklingsprogram 2026-02, udgave 1.{kind.key}"
        assert file.renderer == kind.renderer
    assert bytes(made["json"].content).decode() == edition.document
    assert list(files.differences(edition)) == []
    files.render_missing(edition, LOCKED_AT + timedelta(days=1))
    assert list(edition.files.order_by("id").values_list("id", "sha256", "rendered_at")) == [
        (file.pk, file.sha256, LOCKED_AT) for file in made.values()
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.pdf
@pytest.mark.slow
def test_files_made_again_have_the_same_bytes(programme: Programme):
    """What is made on another day, after a failure, is what would have been made at once."""
    edition = lock_february(programme)
    source = files.source_of(edition)
    first = {kind.key: kind.make(source) for kind in files.FORMATS}
    edit(programme, title="Et helt andet program")
    edit(the("kontraktanalyse"), title="Et helt andet initiativ")
    source = files.source_of(again(edition))
    second = {kind.key: kind.make(source) for kind in files.FORMATS}
    assert [key for key in first if first[key] != second[key]] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.pdf
@pytest.mark.slow
def test_what_fails_keeps_no_other_format_from_being_made(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    """Word breaks on a text: the PDF, the data and the rest are there all the same."""
    edition = lock_february(programme)
    whole = files.FORMATS

    def broken(source: files.Source) -> bytes:
        raise ValueError("All strings must be XML compatible")

    kinds = tuple(
        files.Format(k.key, k.label, k.media_type, k.library, broken) if k.key == "docx" else k
        for k in whole
    )
    monkeypatch.setattr(files, "FORMATS", kinds)
    assert rendering.make(edition, LOCKED_AT) is False
    assert set(edition.files.values_list("format", flat=True)) == {k.key for k in whole} - {"docx"}
    job = EditionRendering.objects.get(edition=edition)
    assert job.error == "ValueError: All strings must be XML compatible"
    assert rendering.state_of(job, "pdf") is rendering.State.FAILED
    monkeypatch.setattr(files, "FORMATS", whole)
    assert rendering.ask_again(edition, LOCKED_AT) is True
    assert list(files.differences(edition)) == []


# What it costs


def test_what_publication_asks_for_are_all_the_formats():
    assert {kind.key for kind in files.FORMATS} == approval.HANDED_OVER


@pytest.mark.slow
@pytest.mark.parametrize("compared", [False, True])
def test_the_cost_of_locking_does_not_grow(programme: Programme, compared: bool):
    """The function alone; the request's own queries are counted in `test_edition_pages`."""
    if compared:
        lock_january(programme)
    grow(programme, 200)
    basis = basis_of(programme)
    with CaptureQueriesContext(connection) as captured:
        freeze(programme, basis)
    assert len(counted_queries(captured)) <= 13
