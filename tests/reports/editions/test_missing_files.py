"""The page of an edition whose files are not all made yet."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from principles.models import Programme
from reports.editions import files, rendering
from reports.models import Edition, EditionRendering
from tests.core.reading import form_to, html_of
from tests.pdf.test_render_pdf import fake_weasyprint
from tests.reports.editions.page_steps import EDITION, FREEZE, open_form, text_of
from tests.reports.editions.steps import CORRECTION, FORMATS, LOCKED_AT, lock, path_of, stored

MISSING = "Nogle af filerne kunne ikke dannes. De øvrige er uændrede."


def soon() -> datetime:
    return timezone.now() + timedelta(minutes=1)


def just_now() -> datetime:
    return timezone.now() - timedelta(seconds=1)


def test_missing_files_are_shown_and_can_be_made_again(
    secretariat_client: Client, group_client: Client, programme: Programme
):
    edition = lock(programme, with_files=False)
    EditionRendering.objects.update(failed_at=just_now(), attempts=rendering.MAX_ATTEMPTS)
    page = secretariat_client.get(EDITION)
    assert MISSING in text_of(page)
    assert form_to(page, f"{EDITION}dan-filer/").method == "post"
    group_page = group_client.get(EDITION)
    assert MISSING in text_of(group_page)
    assert "Prøv igen" not in text_of(group_page)
    assert secretariat_client.get(path_of(edition, ".pdf")).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.pdf
@pytest.mark.slow
def test_try_again_makes_what_is_missing(
    secretariat_client: Client,
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    """The PDF's process fails: the edition is locked, and the other five files are there."""
    fake_weasyprint(monkeypatch, tmp_path, "raise RuntimeError('broken on purpose')")
    form = open_form(secretariat_client)
    response = secretariat_client.post(FREEZE, form.data, follow=True)
    text = text_of(response)
    assert "Udgave 1, februar 2026 er låst, men nogle af filerne kunne ikke dannes." in text
    assert MISSING in text
    edition = Edition.objects.get()
    assert set(edition.files.values_list("format", flat=True)) == set(FORMATS) - {"pdf"}
    before = list(edition.files.order_by("id").values())
    # The process still fails, and the existing files are unchanged.
    response = secretariat_client.post(f"{EDITION}dan-filer/", follow=True)
    assert "De øvrige er uændrede. Tryk »Prøv igen«." in text_of(response)
    assert list(edition.files.order_by("id").values()) == before
    monkeypatch.undo()
    page = secretariat_client.post(f"{EDITION}dan-filer/", follow=True)
    assert MISSING not in text_of(page)
    assert "Prøv igen" not in text_of(page)
    assert list(edition.files.order_by("id").exclude(format="pdf").values()) == before
    assert secretariat_client.get(path_of(edition, ".pdf")).content.startswith(b"%PDF-")
    assert list(files.differences(edition)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os, sys; os.write(1, b'%PDF-1.7 half'); os.kill(os.getpid(), 9)",
        "import sys; sys.exit(0)",
        "import sys; sys.stdout.write('%PDF-1.7 half'); sys.stdout.flush(); raise MemoryError",
    ],
    ids=["killed", "killed half-way", "said nothing", "out of memory half-way"],
)
def test_half_a_pdf_is_never_stored(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str
):
    edition = lock(programme, with_files=False)
    before = stored(edition)
    fake_weasyprint(monkeypatch, tmp_path, code)
    assert rendering.make(edition, LOCKED_AT) is False
    assert set(edition.files.values_list("format", flat=True)) == set(FORMATS) - {"pdf"}
    assert stored(edition) == before
    assert list(files.differences(edition)) == [
        "Udviklingsprogrammet 2026-02, udgave 1: filen i formatet PDF mangler."
    ]


STATES = {
    "never begun": ({}, "Filerne er i kø og dannes om lidt."),
    "begun": ({"attempts": 1, "free_from": soon}, "Filerne dannes nu."),
    "cut off": ({"attempts": 1, "free_from": just_now}, "Filerne er i kø og dannes om lidt."),
    "cut off again and again": (
        {"attempts": 3, "free_from": just_now},
        f"{MISSING} Tryk »Prøv igen«.",
    ),
    "failed": (
        {"attempts": 1, "failed_at": just_now, "free_from": soon},
        f"{MISSING} Portalen prøver igen om lidt.",
    ),
    "given up": (
        {"attempts": 3, "failed_at": just_now, "free_from": just_now},
        f"{MISSING} Tryk »Prøv igen«.",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_the_page_says_how_far_the_files_are(
    secretariat_client: Client, programme: Programme, state: str
):
    """The page says so without JavaScript, and htmx fetches the files while some are coming."""
    lock(programme, with_files=False)
    values, sentence = STATES[state]
    EditionRendering.objects.update(**{k: v() if callable(v) else v for k, v in values.items()})
    page = secretariat_client.get(EDITION)
    (shown,) = re.findall(r'id="filer-status" role="status">([^<]+?)\s*<', html_of(page))
    assert shown == sentence
    are_to_come = "Tryk" not in sentence
    polled = re.findall(r'hx-get="([^"]+)" hx-trigger="every 2s"', html_of(page))
    assert bool(polled) == are_to_come
    assert (f'<noscript><a class="p-link" href="{EDITION}">Opdatér</a>' in html_of(page)) == (
        are_to_come
    )
    assert ("Prøv igen" in text_of(page)) == (MISSING in sentence)
    if polled:
        assert secretariat_client.get(polled[0], headers={"HX-Request": "true"}).status_code == 204


def test_the_files_appear_as_they_are_made(secretariat_client: Client, programme: Programme):
    """Each answer names what it shows, and the next one comes when there is more."""
    edition = lock(programme, with_files=None)
    made = {file.format: file for file in edition.files.all()}
    unmade = lock(programme, correction=CORRECTION, with_files=False)
    EditionRendering.objects.filter(edition=unmade).update(attempts=1, free_from=soon())
    page, shown = secretariat_client.get(path_of(unmade)), ""
    for kind in ("csv", "json", "docx", "xlsx", "html", "pdf"):
        (url,) = re.findall(r'hx-get="([^"]+)" hx-trigger="every 2s"', html_of(page))
        assert url != shown
        shown = url
        assert secretariat_client.get(url, headers={"HX-Request": "true"}).status_code == 204
        file = made[kind]
        file.pk, file.edition = None, unmade
        file.save(force_insert=True)
        page = secretariat_client.get(url, headers={"HX-Request": "true"})
        assert page.status_code == 200
        assert f'id="hent-{kind}"' in html_of(page)
        assert "<h1" not in html_of(page)
    # The last answer asks for nothing more, and says so aloud.
    assert "hx-get" not in html_of(page)
    assert 'id="filer-status" hx-swap-oob="innerHTML">Filerne er klar.' in html_of(page)


@pytest.mark.slow
@pytest.mark.pdf
def test_the_other_files_do_not_wait_for_the_pdf(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    edition = lock(programme, with_files=False)
    seen: list[set[str]] = []

    def look(source: files.Source) -> bytes:
        seen.append(set(edition.files.values_list("format", flat=True)))
        return b"%PDF-"

    formats = tuple(
        replace(kind, make=look) if kind.key == "pdf" else kind for kind in files.FORMATS
    )
    monkeypatch.setattr(files, "FORMATS", formats)
    files.render_missing(edition, LOCKED_AT)
    assert seen == [set(FORMATS) - {"pdf"}]


def test_opening_the_page_takes_no_job(secretariat_client: Client, programme: Programme):
    """The rendering process takes jobs, and a request never does."""
    lock(programme, with_files=False)
    before = EditionRendering.objects.values().get()
    secretariat_client.get(EDITION)
    assert EditionRendering.objects.values().get() == before
