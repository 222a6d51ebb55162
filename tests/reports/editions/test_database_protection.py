"""What the database itself refuses to do with a locked edition and its files."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, models, transaction

from accounts.models import User
from core.tracking import WriteRefused
from principles.models import Programme
from reports.editions import approval, files
from reports.models import Edition, EditionFile
from tests.factories import make_programme
from tests.protection import as_owner
from tests.reports.editions.freezing_steps import (
    MEETING,
    fresh_copy,
    lock_february,
    lock_with_files,
)
from tests.reports.editions.steps import FEBRUARY, LOCKED_AT, stored

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
    """Run SQL as the owner, and return the database's refusal. Fail when it obeys."""
    try:
        with as_owner(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            met = cursor.rowcount
    except DatabaseError as error:
        return str(error)
    pytest.fail(f"Obeyed, on {met} rows: {sql}")


def test_every_column_is_covered_by_a_test():
    """A new column must be added to the trigger and to these lists."""
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
    approval.publish(fresh_copy(edition), actor=secretariat.actor, at=LOCKED_AT)
    before = stored(edition)
    new = APPROVAL_COLUMNS[column] if value == "another" else "NULL"
    assert "locked" in refused(f"UPDATE reports_edition SET {column} = {new}")
    assert stored(edition) == before


def test_a_name_is_replaced_by_a_pseudonym(programme: Programme):
    edition = lock_with_files(programme)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_edition SET frozen_by_name = 'Bruger 7'")
    assert stored(edition)["frozen_by_name"] == "Bruger 7"
    assert list(files.differences(fresh_copy(edition))) == []


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
        with pytest.raises(WriteRefused):
            refuse()
    with pytest.raises(WriteRefused):
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
    # PostgreSQL refuses, and SQLite leaves the existing file as it is.
    with suppress(DatabaseError, TypeError), transaction.atomic():
        EditionFile.objects.bulk_create(
            [clone],
            update_conflicts=True,
            unique_fields=["edition", "format"],
            update_fields=["content"],
        )
    assert bytes(edition.files.get(format="json").content) == bytes(file.content)


def test_the_month_of_a_locked_edition_is_not_changed(programme: Programme):
    """The address, the name and the readers of an edition depend on its report."""
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
        # An existing file is left as it is, and an edition is refused.
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
