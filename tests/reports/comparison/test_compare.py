"""Sammenlign: every change once, where it belongs, and who may compare what."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

import plan
from core import writing
from core.clock import COPENHAGEN
from core.state_at import end_of
from initiatives.models import Action, Initiative
from initiatives.sources.as_of import build_as_of
from principles.models import Programme
from reports.comparison import compare
from reports.comparison.compare import make_comparison
from reports.comparison.diff import diff
from reports.comparison.page import (
    ComparedPlans,
    ListPart,
    NodePart,
    Part,
    StatusPart,
    TextPart,
    Unchanged,
    ValuePart,
    WholePart,
    anchor,
)
from reports.editions import approval
from reports.models import Edition
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, text_of
from tests.factories import make_initiative
from tests.initiatives.steps import edit, judge, the
from tests.reports.comparison import strategies
from tests.reports.editions.steps import ANNA, FEBRUARY, JANUARY, LOCKED_AT, lock
from tests.reports.report import documents

PAGE = "/statusopgoerelser/sammenlign/"
JANUARY_1, FEBRUARY_1 = "2026-01-udgave-1", "2026-02-udgave-1"
SOON = datetime(2026, 2, 27, 9, tzinfo=COPENHAGEN)
NONE_EARLIER = "Der er endnu ingen tidligere udgave at sammenligne med."


# The view model


def assert_every_change_once(a: plan.PlanDocument, b: plan.PlanDocument) -> None:
    loud = [anchor(change.id) for change in diff(a, b).changes if not change.is_silent]
    for everything in (False, True):
        shown = [told.anchor for told in make_comparison(a, b, everything=everything).changes()]
        assert sorted(shown) == sorted(loud)
        assert len(set(shown)) == len(shown)


@given(strategies.pairs())
def test_every_change_stands_there_once(pair: Any):
    assert_every_change_once(*pair)


@settings(max_examples=50)
@given(strategies.random_documents(least=2), strategies.random_documents(least=2))
def test_every_change_between_any_two_documents_stands_there_once(a: Any, b: Any):
    assert_every_change_once(a, b)


@given(st.text(max_size=8), st.text(max_size=8))
def test_an_anchor_is_safe_and_its_own(one: str, other: str):
    assert re.fullmatch(r"aendring-[a-zA-Z0-9_-]*", anchor(one))
    assert (anchor(one) == anchor(other)) == (one == other)


def test_an_anchor_can_be_read():
    expected = "aendring-initiative__kontraktanalyse__status"
    assert anchor("initiative:kontraktanalyse:status") == expected
    assert anchor("programme:plan:top_level") == "aendring-programme__plan__top_5f_level"


def one(**fields: Any) -> plan.PlanDocument:
    return documents.in_one_area([documents.make_initiative("Skabelon", **fields)])


def parts_of(a: plan.PlanDocument, b: plan.PlanDocument) -> list[Part]:
    """What is shown under the sentence of the only change."""
    [told] = make_comparison(a, b).changes()
    return list(told.parts)


def judged(status: str, reason: str = "", **fields: Any) -> dict[str, Any]:
    base = plan.Judgement(status, reason, (), documents.FEBRUARY, documents.DAY, False)
    return {"status": status, "judgement": dataclasses.replace(base, **fields)}


def deadline(wording: str = "Medio 2026", **fields: Any) -> dict[str, Any]:
    base = plan.Deadline("d", wording, "deadline", "Deadline", None)
    return {"deadlines": (dataclasses.replace(base, **fields),)}


def test_a_status_before_and_after_with_its_reason_word_by_word():
    before = judged("on_track", "Arbejdet følger planen.")
    after = judged("minor_deviations", "Arbejdet er forsinket.", deviates=("Tidsplan",))
    status, deviates, reason = parts_of(one(**before), one(**after))
    assert isinstance(status, StatusPart)
    assert (status.was.label, status.now.label) == ("Forløber efter planen", "Mindre afvigelser")
    assert deviates == ValuePart("Det, der afviger", "Intet angivet", "Tidsplan")
    assert isinstance(reason, TextPart)
    assert [(piece.kind, piece.text) for piece in reason.pieces] == [
        ("same", "Arbejdet "),
        ("del", "følger planen"),
        ("ins", "er forsinket"),
        ("same", "."),
    ]


def test_a_text_written_anew_is_read_as_a_whole():
    before, after = "Alle kontrakter er modtaget.", "Analysen blev godkendt i gruppen."
    (part,) = parts_of(one(ask=before), one(ask=after))
    assert part == WholePart("Til beslutning", before, after)
    (part,) = parts_of(one(ask=before), one(ask=f"{before} {after} {after} {after}"))
    assert isinstance(part, TextPart)
    assert [p.kind for p in part.pieces] == ["same", "same", "ins"]


def test_a_text_that_came_or_went_is_read_as_a_whole():
    text = "Alle kontrakter er modtaget."
    assert parts_of(one(), one(ask=text)) == [WholePart("Til beslutning", "", text)]
    assert parts_of(one(ask=text), one()) == [WholePart("Til beslutning", text, "")]


@pytest.mark.parametrize(
    ("was", "now", "pieces"),
    [
        ("Klar", "Klar til mødet", [("same", "Klar"), ("same", " "), ("ins", "til mødet")]),
        ("Klar nu", "Helt klar nu", [("del", "Klar"), ("ins", "Helt klar"), ("same", " nu")]),
        ("Et\nTo", "Et\n\nNyt\n\nTo", None),
        ("Et to", "Et  to", [("same", "Et"), ("del", " "), ("ins", "  "), ("same", "to")]),
    ],
)
def test_blanks_stand_outside_what_came(was: str, now: str, pieces: Any):
    (part,) = parts_of(one(report_text=was), one(report_text=now))
    assert isinstance(part, TextPart)
    assert "".join(piece.text for piece in part.pieces if piece.kind != "del") == now
    assert pieces in (None, [(piece.kind, piece.text) for piece in part.pieces])
    came = [piece.text for piece in part.pieces if piece.kind == "ins" and piece.text.strip()]
    assert came == [text.strip() for text in came]


def test_a_sentence_leaves_reasons_and_questions_to_their_rows():
    before = one(**judged("on_track", "Følger planen."), ask="Skal vi?")
    after = one(**judged("minor_deviations", "Leverandøren er forsinket."), ask="Kan vi?")
    said = [told.sentence for told in make_comparison(before, after).changes()]
    assert said == [
        "Skabelon er ændret fra Forløber efter planen til Mindre afvigelser.",
        "Spørgsmålet til Implementeringsgruppen om Skabelon er ændret.",
    ]
    again = one(**judged("minor_deviations", "Nu er den i gang."), ask="")
    said = [told.sentence for told in make_comparison(after, again).changes()]
    assert said == [
        "Status for Skabelon er fortsat Mindre afvigelser. Begrundelsen er ny.",
        "Spørgsmålet til Implementeringsgruppen om Skabelon stilles ikke længere.",
    ]
    [ask] = make_comparison(one(), one(ask="Skal vi?")).changes()
    assert ask.sentence == "Nyt spørgsmål til Implementeringsgruppen om Skabelon."


def test_a_reason_that_is_given_again_stands_in_the_sentence():
    reason = "Leverandøren er forsinket."
    before, after = one(**judged("on_track", reason)), one(**judged("minor_deviations", reason))
    [told] = make_comparison(before, after).changes()
    assert told.sentence == (
        "Skabelon er ændret fra Forløber efter planen til Mindre afvigelser, "
        "fordi leverandøren er forsinket."
    )
    [part] = told.parts
    assert isinstance(part, StatusPart)


def test_a_confirmation_is_no_change():
    after = judged("on_track", "Rolig.", month=JANUARY, confirmed=True)
    before = judged("on_track", "Rolig.", month=documents.FEBRUARY)
    assert list(compare.make_comparison(one(**after), one(**before)).changes()) == []


def test_a_deadline_moves_in_days_and_in_words():
    march, june = datetime(2026, 3, 31).date(), datetime(2026, 6, 30).date()  # noqa: DTZ001
    before = deadline("Marts 2026", starts_on=march, ends_on=march, kind="day")
    after = deadline("Juni 2026", starts_on=june, ends_on=june, kind="day")
    day, wording = parts_of(one(**before), one(**after))
    assert day == ValuePart("Dato", "31.\xa0marts\xa02026", "30.\xa0juni\xa02026")
    assert isinstance(wording, TextPart)
    assert [piece.text for piece in wording.pieces] == ["Marts", "Juni", " 2026"]


def test_a_new_initiative_stands_there_in_full():
    new = documents.make_initiative("Ny skabelon", ask="Kan den godkendes?")
    (part,) = parts_of(documents.in_one_area([]), documents.in_one_area([new]))
    assert isinstance(part, NodePart)
    assert (part.label, part.kind, part.node.title) == ("Tilføjet", "ins", "Ny skabelon")
    assert part.node.lines == (
        ("Til beslutning", "Kan den godkendes?"),
        ("Indsats", "Udvikling af en skabelon."),
        ("Deadline", "Medio 2026"),
    )


def test_marks_come_and_go_line_by_line():
    paused, waiting = plan.Mark("paused", "På pause", ""), plan.Mark("waiting", "Afventer", "KL")
    (part,) = parts_of(one(marks=(paused,)), one(marks=(waiting,)))
    assert isinstance(part, ListPart)
    assert [(p.kind, p.text) for p in part.pieces] == [("del", "På pause"), ("ins", "Afventer: KL")]


def titles(*names: str) -> plan.PlanDocument:
    made = (documents.make_initiative(name, actions=(), deadlines=()) for name in names)
    return documents.in_one_area(made)


def initiatives_of(comparison: ComparedPlans) -> Iterator[str]:
    for principle in comparison.principles:
        for area in principle.areas:
            yield from (initiative.title for initiative in area.initiatives)


def test_what_was_removed_stands_where_it_stood():
    before, after = titles("A", "B", "C", "D"), titles("Ny", "A", "D")
    shown = make_comparison(before, after, everything=True)
    assert list(initiatives_of(shown)) == ["Ny", "A", "B", "C", "D"]
    assert list(initiatives_of(make_comparison(before, after))) == ["Ny", "B", "C"]
    assert shown.principles[0].count == "3 ændringer"


def test_the_whole_plan_shows_the_unchanged_parts_of_a_changed_initiative():
    before, after = one(), one(ask="Kan den godkendes?")
    [principle] = make_comparison(before, after, everything=True).principles
    [initiative] = principle.areas[0].initiatives
    said = [entry.label for entry in initiative.entries if isinstance(entry, Unchanged)]
    assert said == ["Status", "Indsats", "Deadline"]
    [principle] = make_comparison(before, after).principles
    assert len(principle.areas[0].initiatives[0].entries) == 1


# The page


@pytest.fixture
def january(programme: Programme) -> Edition:
    return lock(programme, month=JANUARY, with_files=None)


@pytest.fixture
def both(programme: Programme, january: Edition) -> list[Edition]:
    """An edition of January and one of February."""
    return [january, lock(programme, with_files=None)]


def publish(edition: Edition) -> None:
    day = documents.DAY
    approval.approve(edition, meeting_on=day, actor=ANNA, at=SOON)
    approval.publish(Edition.objects.get(pk=edition.pk), actor=ANNA, at=SOON)


def test_an_edition_against_the_plan_now(secretariat_client: Client, january: Edition):
    judge("kontraktanalyse", "completed", reason="Analysen er <b>afleveret</b> i god tid.")
    action = Action.objects.get(key="kontraktanalyse-1")
    edit(action, title=f"{action.title} <b>Nu</b>")
    response = secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu")
    assert response.status_code == 200
    html, text = response.content.decode(), text_of(response)
    between = "Fra udgave 1, januar 2026, låst den 26. februar 2026, til planen nu, den "
    assert between in text.replace("\xa0", " ")
    assert re.search(r"\d+ ændringer siden januar 2026 : \d+ statusændring", text)
    place = html.index('id="aendring-initiative__kontraktanalyse__status"')
    shown = html[place : html.index("</li>", place)]
    assert "Kontraktanalyse er ændret fra " in shown
    assert shown.index('class="tile ') < shown.index("#arrow") < shown.index("status--completed")
    assert "<del>" in shown
    assert ' <ins><span class="sr-only">tilføjet: </span>&lt;b&gt;Nu' in html
    assert 'id="aendring-action__kontraktanalyse-1__title"' in html
    assert "<b>Nu</b>" not in html
    assert "&lt;b&gt;Nu&lt;/b&gt;" in html
    assert "__before" not in html  # silent


def test_without_parameters_the_newest_edition_meets_the_plan_now(
    group_client: Client, both: list[Edition]
):
    judge("kontraktanalyse", "completed", reason="Afleveret.")
    text = text_of(group_client.get(PAGE)).replace("\xa0", " ")
    assert "Fra udgave 1, februar 2026, låst den 26. februar 2026, til planen nu" in text
    assert "1 ændring siden den 26. februar 2026 : 1 statusændring." in text
    assert text.count("Planen nu") == 2


def test_only_til_is_compared_with_the_edition_before_it(
    secretariat_client: Client, both: list[Edition]
):
    text = text_of(secretariat_client.get(f"{PAGE}?til={FEBRUARY_1}")).replace("\xa0", " ")
    assert "Fra udgave 1, januar 2026, " in text
    assert " til udgave 1, februar 2026, " in text
    assert NONE_EARLIER in text_of(secretariat_client.get(f"{PAGE}?til={JANUARY_1}"))


SWAPPED = "Fra og til er byttet om, så det ældste står først."


def test_the_other_way_round(secretariat_client: Client, both: list[Edition]):
    for query in ("", "&alt=1"):
        response = secretariat_client.get(f"{PAGE}?fra=nu&til={JANUARY_1}{query}")
        address = response["Location"]
        assert address == f"{PAGE}?fra={JANUARY_1}&til=nu{query}"
        text = text_of(secretariat_client.get(address)).replace("\xa0", " ")
        assert SWAPPED in text
        assert "Fra udgave 1, januar 2026, låst den 26. februar 2026, til planen nu" in text
        assert SWAPPED not in text_of(secretariat_client.get(address))


def test_editions_stand_by_month_and_number(programme: Programme, secretariat_client: Client):
    day = timedelta(days=1)
    lock(programme, month=JANUARY, with_files=None)
    lock(programme, at=LOCKED_AT + day, with_files=None)
    lock(programme, month=JANUARY, at=LOCKED_AT + 2 * day, correction="Ret.", with_files=None)
    in_order = [JANUARY_1, "2026-01-udgave-2", FEBRUARY_1]
    for older, newer in combinations(in_order, 2):
        address = f"{PAGE}?fra={older}&til={newer}"
        assert secretariat_client.get(address).status_code == 200
        assert secretariat_client.get(f"{PAGE}?fra={newer}&til={older}")["Location"] == address


def test_an_edition_and_a_day_of_a_later_month_stay_as_asked(
    programme: Programme, secretariat_client: Client, settings: Any
):
    settings.DEMO_TODAY = date(2026, 3, 5)
    for month in (JANUARY, FEBRUARY):
        lock(programme, month=month, at=LOCKED_AT + timedelta(days=5), with_files=None)
    day = "2026-02-27"
    for fra, til in ((JANUARY_1, day), (day, JANUARY_1), (day, FEBRUARY_1)):
        response = secretariat_client.get(f"{PAGE}?fra={fra}&til={til}")
        assert response.status_code == 200
        assert "Ingen ændringer" in text_of(response) or 'class="cmp"' in html_of(response)
    backwards = secretariat_client.get(f"{PAGE}?fra={FEBRUARY_1}&til={day}")
    assert backwards["Location"] == f"{PAGE}?fra={day}&til={FEBRUARY_1}"


def test_only_who_reads_it_is_told_of_the_swap(secretariat_client: Client, both: list[Edition]):
    secretariat_client.head(f"{PAGE}?fra=nu&til={JANUARY_1}")
    assert SWAPPED not in text_of(secretariat_client.get("/status/"))


def test_nothing_has_changed(secretariat_client: Client, both: list[Edition]):
    text = text_of(secretariat_client.get(f"{PAGE}?fra={FEBRUARY_1}&til=nu"))
    assert "Ingen ændringer siden den 26. februar 2026 ." in text


def test_what_was_archived_stands_there_as_gone(secretariat_client: Client, january: Edition):
    initiative = the("kontraktanalyse")
    writing.archive(initiative, version=initiative.version, actor=ANNA, reason="Samlet.", at=SOON)
    html = secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu").content.decode()
    place = html.index('id="aendring-initiative__kontraktanalyse__removed"')
    shown = html[place : html.index("</li>", place)]
    assert "<dt>Udgået</dt>" in shown
    assert "<del>Kontraktanalyse</del>" in shown


def test_the_whole_plan_with_the_changes_in_it(secretariat_client: Client, both: list[Edition]):
    judge("kontraktanalyse", "completed", reason="Afleveret.")
    address = f"{PAGE}?fra={FEBRUARY_1}&amp;til=nu"
    changes = secretariat_client.get(address.replace("amp;", "")).content.decode()
    assert f'href="{address}&amp;alt=1">Vis hele planen' in changes
    assert "Myndighedsbestilling" not in changes
    everything = secretariat_client.get(f"{address}&alt=1".replace("amp;", ""))
    whole = everything.content.decode()
    assert f'href="{address}">Vis kun ændringer' in whole
    assert 'name="alt" value="1"' in whole
    assert whole.count("cmp-row--quiet") == 13
    assert whole.count('id="aendring-') == changes.count('id="aendring-') == 1
    table = text_of(secretariat_client.get("/status/"))
    titles = [item.title for item in Initiative.objects.in_plan()]
    assert sorted(titles, key=table.index) == sorted(titles, key=text_of(everything).index)


@pytest.mark.parametrize(("value", "thing"), [("nu", "plan"), (FEBRUARY_1, "udgave")])
def test_the_same_twice(secretariat_client: Client, both: list[Edition], value: str, thing: str):
    text = text_of(secretariat_client.get(f"{PAGE}?fra={value}&til={value}"))
    assert f"Der er ingen forskel: det er den samme {thing}." in text


def test_there_is_nothing_to_compare_with(secretariat_client: Client, reader_client: Client):
    for client in (secretariat_client, reader_client):
        response = client.get(PAGE)
        assert response.status_code == 200
        assert NONE_EARLIER in text_of(response)
    assert "<select" not in response.content.decode()


@pytest.mark.parametrize(
    "value",
    ["2026-01-udgave-2", "2026-01-udgave-01", "2026-01", "NU", "%3Cscript%3E", "x" * 3000],
)
@pytest.mark.parametrize("name", ["fra", "til"])
def test_a_bad_value_is_not_there(
    secretariat_client: Client, january: Edition, name: str, value: str
):
    response = secretariat_client.get(f"{PAGE}?{name}={value}")
    assert response.status_code == 404
    assert "findes ikke, eller du har ikke adgang til den." in text_of(response)
    assert b"<script>" not in response.content.split(b"<main")[1]


def test_a_reader_compares_published_editions_only(reader_client: Client, both: list[Edition]):
    assert NONE_EARLIER in text_of(reader_client.get(PAGE))
    for query in (f"fra={JANUARY_1}&til={FEBRUARY_1}", f"fra={JANUARY_1}", "til=nu", "fra=nu"):
        assert reader_client.get(f"{PAGE}?{query}").status_code == 404
    publish(both[0])
    assert NONE_EARLIER in text_of(reader_client.get(PAGE))
    publish(both[1])
    text = text_of(reader_client.get(PAGE)).replace("\xa0", " ")
    assert "Fra udgave 1, januar 2026, låst den " in text
    assert " til udgave 1, februar 2026, låst den " in text
    assert "Planen nu" not in text
    assert reader_client.get(f"{PAGE}?til=nu").status_code == 404


def test_who_is_let_in(
    stranger_client: Client, group_client: Client, client: Client, january: Edition
):
    assert group_client.get(PAGE).status_code == 200
    assert stranger_client.get(PAGE).status_code == 404
    assert client.get(PAGE).status_code == 302


def test_it_is_only_read(secretariat_client: Client):
    assert secretariat_client.post(PAGE).status_code == 405


def test_another_programmes_editions_are_not_there(
    secretariat_client: Client,
    other_secretariat_client: Client,
    other_programme: OtherProgramme,
    january: Edition,
):
    lock(other_programme.programme, with_files=None)
    assert secretariat_client.get(f"{PAGE}?fra={FEBRUARY_1}").status_code == 404
    own = other_secretariat_client.get(f"/program/andet-program{PAGE}?fra={FEBRUARY_1}")
    assert own.status_code == 200
    assert f'action="/program/andet-program{PAGE}"' in own.content.decode()
    assert other_secretariat_client.get(f"{PAGE}?fra={JANUARY_1}").status_code == 404
    theirs = f"/program/udviklingsprogrammet{PAGE}?fra={JANUARY_1}"
    assert other_secretariat_client.get(theirs).status_code == 404


def test_internal_notes_are_never_compared(secretariat_client: Client, january: Edition):
    edit(the("kontraktanalyse"), internal_notes="Kun for sekretariatet")
    for query in ("", "?alt=1"):
        assert "Kun for sekretariatet" not in text_of(secretariat_client.get(PAGE + query))


def test_the_queries_do_not_grow_with_the_changes(
    secretariat_client: Client,
    both: list[Edition],
    django_assert_num_queries: Any,
):
    with django_assert_num_queries(12):
        secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu")
    area = the("kontraktanalyse").area
    for _ in range(10):
        make_initiative(area, status="completed")
    with django_assert_num_queries(12):
        secretariat_client.get(f"{PAGE}?fra={JANUARY_1}&til=nu&alt=1")


# Any two days


FIRST, RENAMED, JUDGED, TODAY = "2026-03-02", "2026-03-05", "2026-03-09", "2026-03-12"


@pytest.fixture
def days(programme: Programme, settings: Any) -> None:
    """The plan is loaded before all of them; today is the last of them."""
    settings.DEMO_TODAY = date.fromisoformat(TODAY)
    at = datetime(2026, 3, 5, 10, tzinfo=COPENHAGEN)
    initiative = the("kontraktanalyse")
    values = {"title": "Analyse af kontrakter"}
    version = initiative.version
    writing.change(initiative, values, version=version, actor=ANNA, reason="Klarere.", at=at)
    judge("kontraktanalyse", "completed", "Afleveret.", at=datetime(2026, 3, 9, tzinfo=COPENHAGEN))


def said(client: Client, query: str) -> str:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    return text_of(response).replace("\xa0", " ")


def boxes(client: Client, query: str) -> dict[str, str]:
    """What stands in the date boxes."""
    page = client.get(f"{PAGE}?{query}").content.decode()
    found = re.findall(r'<input id="id_\w+_dato" name="(\w+)-dato"(?: value="([^"]*)")?', page)
    return dict(found)


@pytest.mark.usefixtures("days")
def test_two_days(group_client: Client):
    text = said(group_client, f"fra={FIRST}&til={RENAMED}")
    assert "1 ændring siden den 2. marts 2026 : 1 tekstændring." in text
    assert "Fra planen den 2. marts 2026, til planen den 5. marts 2026." in text
    assert "»Analyse af kontrakter«" in text
    text = said(group_client, f"fra={RENAMED}&til={JUDGED}")
    assert "1 ændring siden den 5. marts 2026 : 1 statusændring." in text
    assert "Ingen ændringer siden den 9. marts 2026" in said(group_client, f"fra={JUDGED}&til=nu")
    backwards = group_client.get(f"{PAGE}?fra={TODAY}&til={FIRST}")
    assert backwards["Location"] == f"{PAGE}?fra={FIRST}&til={TODAY}"
    # Of today, by its day or as "nu", neither is older.
    for query in (f"fra={TODAY}&til=nu", f"fra=nu&til={TODAY}"):
        assert "Ingen ændringer siden" in said(group_client, query)


@pytest.mark.usefixtures("days")
def test_a_day_is_named_by_its_day_in_another_month_too(group_client: Client, programme: Programme):
    new = {"reporting_month": date(2026, 3, 1)}
    at = datetime(2026, 3, 10, tzinfo=COPENHAGEN)
    writing.change(programme, new, version=programme.version, actor=ANNA, reason="Ny.", at=at)
    assert "ændringer siden den 2. marts 2026" in said(group_client, f"fra={FIRST}&til=nu")


@pytest.mark.usefixtures("days")
def test_a_day_is_the_document_of_its_end(group_client: Client, programme: Programme):
    moments = [end_of(date.fromisoformat(day)) for day in (FIRST, JUDGED)]
    comparison = make_comparison(*build_as_of(programme, moments), by_day=True)
    page = group_client.get(f"{PAGE}?fra={FIRST}&til={JUDGED}").content.decode()
    anchors = [told.anchor for told in comparison.changes()]
    assert re.findall(r'<li id="(aendring-[^"]*)"', page) == anchors
    assert len(anchors) == 2


def test_a_day_and_an_edition(group_client: Client, january: Edition, days: None):
    text = said(group_client, f"fra={JANUARY_1}&til={RENAMED}")
    assert "Fra udgave 1, januar 2026, låst den 26. februar 2026, til planen den 5. marts" in text
    # The newest edition before the day; before the edition itself there is none.
    assert text == said(group_client, f"til={RENAMED}")
    address = f"{PAGE}?fra={JANUARY_1}&til={RENAMED}"
    assert group_client.get(f"{PAGE}?fra={RENAMED}&til={JANUARY_1}")["Location"] == address
    # An edition of the day before its end is older than the day.
    query = {"fra": "nu", "fra-dato": "26-02-2026", "til": JANUARY_1}
    assert group_client.get(PAGE, query)["Location"] == f"{PAGE}?fra={JANUARY_1}&til=2026-02-26"


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize("typed", ["05-03-2026", "5.3.2026", " 2026-03-05 "])
def test_the_date_box_goes_before_the_list(group_client: Client, typed: str):
    query = urlencode({"fra": "nu", "fra-dato": typed, "til": "nu", "til-dato": ""})
    address = group_client.get(f"{PAGE}?{query}")["Location"]
    assert address == f"{PAGE}?fra=2026-03-05&til=nu"
    page = group_client.get(address).content.decode()
    text = text_of(page).replace("\xa0", " ")
    assert "Fra planen den 5. marts 2026, til planen nu, den 12. marts 2026." in text
    # From now on the list has it.
    assert '<option value="2026-03-05" selected>Planen den 5.\xa0marts\xa02026</option>' in page
    assert "?fra=2026-03-05&amp;til=nu&amp;alt=1" in page
    assert boxes(group_client, "fra=2026-03-05&til=nu") == {"fra": "", "til": ""}


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize(
    ("typed", "stands", "sentence"),
    [
        ("i går", "i går", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("31-02-2026", "31-02-2026", "Skriv datoen som dag-måned-år, fx 26-02-2026."),
        ("2026-03-13", "13-03-2026", "Datoen ligger i fremtiden. Vælg en dato til og med i dag."),
        ("1-1-1900", "01-01-1900", "Planen har ingen oplysninger før den "),
        ("<b>", "&lt;b&gt;", "Skriv datoen som dag-måned-år"),
    ],
)
def test_a_day_that_cannot_be_shown(group_client: Client, typed: str, stands: str, sentence: str):
    query = urlencode({"fra": FIRST, "til": "nu", "fra-dato": typed})
    text = said(group_client, query)
    assert sentence in text
    assert "ændring" not in text.split("Sammenlign", 3)[-1]
    assert boxes(group_client, query) == {"fra": stands, "til": ""}


@pytest.mark.usefixtures("days")
def test_a_day_of_the_address_that_cannot_be_shown(group_client: Client):
    assert "Datoen ligger i fremtiden." in said(group_client, "fra=2026-03-13&til=nu")
    assert "Planen har ingen oplysninger før den" in said(group_client, "fra=nu&til=1900-01-01")
    assert group_client.get(f"{PAGE}?fra=2026-02-30").status_code == 404


def test_a_reader_knows_no_days(reader_client: Client, both: list[Edition], days: None):
    for edition in both:
        publish(edition)
    assert "eller planen den" not in text_of(reader_client.get(PAGE))
    assert reader_client.get(f"{PAGE}?fra={FIRST}").status_code == 404
    query = f"fra={JANUARY_1}&til={FEBRUARY_1}"
    address = reader_client.get(f"{PAGE}?{query}&fra-dato={FIRST}")["Location"]
    assert address == f"{PAGE}?{query}"


@pytest.mark.parametrize("query", [f"fra={FIRST}&til={JUDGED}", f"fra={FIRST}&til=nu"])
def test_the_queries_of_two_days(
    group_client: Client, days: None, query: str, django_assert_num_queries: Any
):
    said(group_client, query)
    with django_assert_num_queries(14 if query.endswith(JUDGED) else 13):
        said(group_client, query)


def test_the_queries_of_a_day_and_an_edition(
    group_client: Client, january: Edition, days: None, django_assert_num_queries: Any
):
    with django_assert_num_queries(14):
        said(group_client, f"fra={JANUARY_1}&til={RENAMED}")
