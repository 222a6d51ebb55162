"""Making the files of an edition through the public functions."""

import hashlib
from datetime import timedelta

import pytest

from principles.models import Programme
from reports.editions import files, rendering
from reports.models import EditionRendering
from tests.initiatives.steps import edit, read_initiative
from tests.reports.editions.freezing_steps import fresh_copy, lock_february
from tests.reports.editions.steps import LOCKED_AT, lock


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
    """A file made on another day, after a failure, is equal to one made at once."""
    edition = lock_february(programme)
    source = files.source_of(edition)
    first = {kind.key: kind.make(source) for kind in files.FORMATS}
    edit(programme, title="Et helt andet program")
    edit(read_initiative("kontraktanalyse"), title="Et helt andet initiativ")
    source = files.source_of(fresh_copy(edition))
    second = {kind.key: kind.make(source) for kind in files.FORMATS}
    assert [key for key in first if first[key] != second[key]] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.pdf
@pytest.mark.slow
def test_one_failing_format_does_not_stop_the_others(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    """Word fails on a text, but the PDF, the data and the other files are made."""
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
