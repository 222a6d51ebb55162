"""The files of drafts and editions have an ETag: whoever may see one gets the same bytes, and
whoever has them gets 304. Nothing that shows the user has one."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import writing
from core.clock import COPENHAGEN
from core.etags import make_tag
from initiatives.models import Deadline
from initiatives.sources import memory
from principles.models import Principle, Programme
from reports.models import Edition
from tests.accounts.test_matrix import PROGRAMME_ROWS
from tests.conftest import OtherProgramme
from tests.initiatives.steps import BO, NOON, edit, judge, read_initiative
from tests.protection import as_owner, without_triggers
from tests.reports.editions.steps import JANUARY, lock, path_of

KEY = "kontraktanalyse"
FILES = [f"/statusopgoerelser/2026-02.{name}" for name in ("csv", "docx", "html", "xlsx")]
CSV, *_ = FILES
PDF = "/statusopgoerelser/2026-02.pdf"


@pytest.fixture(autouse=True)
def _an_empty_memory() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


def ask(client: Client, path: str, tag: str = "") -> Any:
    return client.get(path, headers={"if-none-match": tag})


def tag_of(client: Client, path: str = CSV) -> str:
    response = client.get(path)
    assert response.status_code == 200
    tag: str = response["ETag"]
    return tag


# Every page


def test_only_what_shows_nothing_of_the_user_has_an_etag(
    secretariat_client: Client, group_client: Client, january: Edition
):
    """Each programme page for two people: with an ETag both get the same bytes, without one the
    browser keeps nothing."""
    paths = [path for _, path, *_ in PROGRAMME_ROWS if not path.endswith((".pdf", ".css"))]
    colours = "/statusopgoerelser/farver.css?on-track=b0b8c1-1a1a1a"
    stored = [path_of(january, f".{name}") for name in ("csv", "docx", "html", "json", "xlsx")]
    tagged = set()
    for path in dict.fromkeys([*paths, colours, *FILES, *stored]):
        ours, theirs = secretariat_client.get(path), group_client.get(path)
        if ours.has_header("ETag"):
            tagged.add(path)
            assert (ours["ETag"], ours.content) == (theirs["ETag"], theirs.content), path
            assert ours["Cache-Control"] == "private, no-cache"
            assert "Cookie" in ours["Vary"]
            assert ask(group_client, path, ours["ETag"]).status_code == 304
        elif ours.status_code == 200:
            assert "no-store" in ours["Cache-Control"], path
    assert {colours, *FILES, *stored} <= tagged
    assert [path for path in tagged if path.endswith("/")] == []


# A draft


@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_pdf_is_the_same_for_everybody_and_is_not_made_again(
    secretariat_client: Client, group_client: Client
):
    ours = secretariat_client.get(PDF)
    memory.forget()
    theirs = group_client.get(PDF)
    assert (ours["ETag"], ours.content) == (theirs["ETag"], theirs.content)
    assert ask(group_client, PDF, ours["ETag"]).status_code == 304


@pytest.mark.parametrize("query", ["", "?pr=2026-02-26"])
def test_a_304_builds_no_plan_and_no_file(
    secretariat_client: Client, group_client: Client, programme: Programme, query: str
):
    for path in [f"{path}{query}" for path in FILES]:
        first = secretariat_client.get(path)
        memory.forget()
        with CaptureQueriesContext(connection) as captured:
            known = ask(group_client, path, f'"x", W/{first["ETag"]}')
        assert (known.status_code, known.content, known["ETag"]) == (304, b"", first["ETag"])
        assert (known["Cache-Control"], known["Vary"]) == (first["Cache-Control"], first["Vary"])
        assert not known.has_header("Content-Length")
        assert not known.has_header("Content-Disposition")
        assert not [q for q in captured.captured_queries if "deadline" in q["sql"]]
        with CaptureQueriesContext(connection) as captured:
            again = group_client.get(path)
        assert [q for q in captured.captured_queries if "deadline" in q["sql"]]
        assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert len({tag_of(group_client, path) for path in FILES}) == len(FILES)


def test_any_copy_is_no_copy(group_client: Client):
    """`*` names no bytes: a draft that is too large for Word has a page with 404 instead."""
    for tag in ("*", "", "x", '"x"'):
        assert ask(group_client, CSV, tag).status_code == 200
    head = group_client.head(CSV)
    assert (head["ETag"], head.content) == (tag_of(group_client), b"")


def touch_rows() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE initiatives_initiative SET report_text = report_text")


WRITES: dict[str, Callable[[Programme], Any]] = {
    "a status": lambda p: judge(
        KEY, "major_deviations", "Leverancen er udskudt.", deviates=["time"]
    ),
    "a title": lambda p: edit(read_initiative(KEY), title="Et nyt navn"),
    "a deadline": lambda p: edit(
        Deadline.objects.filter(initiative__key=KEY)[0], wording="1. september 2026"
    ),
    "a principle": lambda p: edit(Principle.objects.of(p)[0], title="Et nyt princip"),
    "the programme": lambda p: edit(p, title="Et andet program"),
    "raw SQL": lambda p: touch_rows(),
    "an edition before it": lambda p: lock(p, month=JANUARY, with_files=False),
}


def test_after_any_write_it_is_another(
    secretariat_client: Client, group_client: Client, programme: Programme, settings: Any
):
    tags = [tag_of(group_client)]
    contents = [group_client.get(CSV).content]
    for what, write in WRITES.items():
        write(Programme.objects.get(pk=programme.pk))
        for client in (secretariat_client, group_client):
            response = ask(client, CSV, ", ".join(tags))
            assert response.status_code == 200, what
        tags.append(response["ETag"])
        contents.append(response.content)
        assert ask(secretariat_client, CSV, tags[-1]).status_code == 304
    settings.DEMO_TODAY = date(2026, 2, 27)
    tags.append(tag_of(group_client))
    tags.append(tag_of(group_client, f"{CSV}?pr=2026-02-26"))
    tags.append(tag_of(group_client, "/statusopgoerelser/2026-01.csv"))
    assert len(set(tags)) == len(tags)
    assert (
        len(set(contents)) == len(contents) - 2
    )  # the programme's name and raw SQL show nothing in it


def test_without_the_revision_an_old_file_is_called_unchanged(
    group_client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    """The control."""
    monkeypatch.setattr(
        "reports.editions.draft_views.make_tag",
        lambda kind, banner, plan, edition: make_tag(kind, edition),
    )
    tag = tag_of(group_client)
    judge(KEY, "major_deviations", "Leverancen er udskudt.", deviates=["time"])
    assert ask(group_client, CSV, tag).status_code == 304


def test_while_the_plan_has_no_revision_a_draft_has_no_etag(group_client: Client):
    tag = tag_of(group_client)
    with without_triggers():
        response = ask(group_client, CSV, tag)
        if connection.vendor == "sqlite":
            assert (response.status_code, response.has_header("ETag")) == (200, False)
            assert "no-store" in response["Cache-Control"]


def test_the_right_etag_opens_nothing(
    secretariat_client: Client,
    reader_client: Client,
    stranger_client: Client,
    other_secretariat_client: Client,
    other_programme: OtherProgramme,
    january: Edition,
):
    """Nobody learns from an ETag that it is right: they are answered as without it."""
    stored = path_of(january, ".csv")
    prefixed = f"/program/{january.report.programme.key}"
    for path in (CSV, stored, f"{prefixed}{CSV}", f"{prefixed}{stored}"):
        tag = tag_of(secretariat_client, path)
        assert ask(secretariat_client, path, tag).status_code == 304
        for client in (Client(), reader_client, stranger_client, other_secretariat_client):
            response = ask(client, path, tag)
            assert response.status_code == client.get(path).status_code != 304, path
            assert response.get("ETag") != tag
        assert ask(Client(), path, tag).status_code == 302
        assert ask(reader_client, path, tag).status_code in (403, 404)
        assert ask(stranger_client, path, tag).status_code == 404
    # The other programme has a file of the same name, which is another.
    other = other_secretariat_client.get(CSV)
    assert (other.status_code, other["ETag"] != tag_of(secretariat_client)) == (200, True)


def test_a_right_that_is_taken_away_ends_the_304(group_client: Client, group: Any):
    tag = tag_of(group_client)
    assert ask(group_client, CSV, tag).status_code == 304
    membership = group.memberships.get()
    writing.archive(membership, version=membership.version, actor=BO, reason="", at=NOON)
    assert ask(group_client, CSV, tag).status_code == 404


def test_a_locked_month_keeps_its_page_and_its_etag(secretariat_client: Client, january: Edition):
    """The page of an edition is drawn from memory; what is written later changes nothing of it."""
    page, stored = path_of(january), path_of(january, ".html")
    report = secretariat_client.get(page).text.split("<article")[1].split("</article>")[0]
    tag = tag_of(secretariat_client, stored)
    edit(read_initiative(KEY), title="Et nyt navn")
    lock(
        january.report.programme,
        month=JANUARY,
        correction="Rettet.",
        with_files=False,
        at=datetime(2026, 3, 3, 12, tzinfo=COPENHAGEN),
    )
    assert report in secretariat_client.get(page).text
    assert ask(secretariat_client, stored, tag).status_code == 304
