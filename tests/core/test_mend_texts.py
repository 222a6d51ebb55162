"""`manage.py mend_texts` mends old rows through the door, and says which and how."""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from core import writing
from core.tracking import MENDER
from initiatives.models import Action, Deadline, Initiative
from principles.models import Municipality, Programme
from tests.core.older import older_portal
from tests.core.reading import text_of
from tests.factories import CREATED_AT, TESTER, make_action, make_deadline, make_programme
from tests.initiatives.steps import edit, read_initiative
from tests.reports.editions.steps import JANUARY, lock

ODD = "\uf0b7 Kon\xadtrakt\u200banalyse\x0bog mere"
EVEN = "• Kontraktanalyse\nog mere"


def mend(**options: bool) -> list[str]:
    out = io.StringIO()
    call_command("mend_texts", stdout=out, no_color=True, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def old_action(programme: Programme) -> Action:
    with older_portal():
        return make_action(read_initiative("kontraktanalyse"), title=ODD)


def test_old_rows_are_mended_and_named(old_action: Action):
    with older_portal():
        make_deadline(
            read_initiative("kontraktanalyse"),
            key="d-1",
            wording="Medio\u200b maj 2026",
            source_note="a\xad",
        )
    lines = mend()
    assert lines == [
        f"Indsats {old_action.key}, indsats: U+000B, U+00AD, U+200B, U+F0B7.",
        "Deadline d-1, ordlyd: U+200B.",
        "Deadline d-1, note om kilden: U+00AD.",
        "2 rækker er rettet.",
    ]
    mended = Action.objects.get(pk=old_action.pk)
    assert (mended.title, mended.version) == (EVEN, old_action.version + 1)
    newest = mended.history.latest()
    assert (newest.actor_name, newest.title, newest.version) == (MENDER.name, EVEN, mended.version)
    assert Deadline.objects.get(key="d-1").source_note == "a"


def test_a_second_run_changes_nothing(old_action: Action):
    mend()
    version = Action.objects.get(pk=old_action.pk).version
    assert mend() == ["Ingen rækker er rettet."]
    assert Action.objects.get(pk=old_action.pk).version == version


def test_a_dry_run_says_the_same_and_writes_nothing(old_action: Action):
    lines = mend(dry_run=True)
    assert lines[-1] == "1 række ville blive rettet."
    assert Action.objects.get(pk=old_action.pk).title == ODD
    assert mend()[:-1] == lines[:-1]


def test_a_refused_row_is_named_and_the_others_are_mended(old_action: Action):
    other = make_programme()
    with older_portal():
        empty = make_action(read_initiative("kontraktanalyse"), title="\u200b", source_note="a\xad")
        private = make_action(read_initiative("kontraktanalyse"), title="Se \ue000 her")
        number = make_action(read_initiative("kontraktanalyse"), title="0101\xad90-1234")
        for name in ("Solrød", "Sol\xadrød"):
            row = Municipality(key=f"by-{len(name)}", programme=other, name=name, position=1)
            writing.create(row, actor=TESTER, reason="", at=CREATED_AT)
    text = "\n".join(mend())
    assert f"Indsats {empty.key}, indsats: Kan ikke rettes. Indsats skal udfyldes." in text
    assert f"Indsats {empty.key}, note om kilden: U+00AD." in text
    assert (
        f"Indsats {private.key}, indsats: Kan ikke rettes. Der er et tegn, som kun kan vises med "
        "en bestemt skrifttype, lige efter »Se«. Slet det, og skriv stedet igen."
    ) in text
    assert f"Indsats {number.key}, indsats: Kan ikke rettes. Teksten ser ud til at" in text
    assert "Kommune by-7: Kan ikke rettes. Kommunen findes allerede." in text
    assert text.endswith("2 rækker er rettet.")
    assert Action.objects.get(pk=old_action.pk).title == EVEN


def test_locked_editions_and_judgements_stay_as_they_were(old_action: Action, programme: Programme):
    edition = lock(programme, month=JANUARY, with_files=None)
    document = edition.document
    titles = [action.title for item in edition.plan().initiatives() for action in item.actions]
    assert ODD in titles
    mend()
    edition.refresh_from_db()
    assert edition.document == document
    assert old_action.history.earliest().title == ODD


# The mending is invisible


def test_history_does_not_show_the_mending(
    old_action: Action, programme: Programme, secretariat_client: Client
):
    before = text_of(secretariat_client.get("/historik/"))
    mend()
    after = text_of(secretariat_client.get("/historik/"))
    assert after == before
    assert MENDER.name not in after
    page = text_of(secretariat_client.get("/initiativer/kontraktanalyse/"))
    assert MENDER.name not in page


def test_saving_a_form_of_an_old_row_is_no_change(old_action: Action):
    saved = edit(old_action, title=EVEN.replace("\n", "\r\n"))
    assert saved.version == old_action.version
    edit(read_initiative("kontraktanalyse"), title="Kontraktanalyse nu")
    assert Initiative.objects.get(key="kontraktanalyse").title == "Kontraktanalyse nu"
