"""The history on an initiative's page: one list, which is filtered by kind and paginated."""

import html
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.clock import COPENHAGEN
from initiatives.models import Deadline
from principles.models import Programme
from tests.core.reading import history_of, html_of, text_of
from tests.factories import make_action
from tests.initiatives.steps import BO, edit, judge, read_initiative

KEY = "myndighedsbestilling"
PAGE = f"/initiativer/{KEY}/"
KINDS = ("status", "deadline", "indsats", "initiativ")
FIRST = datetime(2026, 3, 2, 12, tzinfo=COPENHAGEN)
DAY = timedelta(days=1)
BETWEEN = "2026-03-03"


@pytest.fixture
def eventful(programme: Programme, settings: Any) -> None:
    """An initiative to which something of every kind happened, one day after the other."""
    settings.DEMO_TODAY = date(2026, 3, 20)
    judge(KEY, "major_deviations", "Ét bidrag mangler.", deviates=["time"], at=FIRST)
    move("Medio 2026", "Udbuddet er udskudt.", FIRST + DAY)
    judge(KEY, "on_track", "Bidraget er kommet.", at=FIRST + 2 * DAY)
    move("Ultimo 2026", "Endnu et møde.", FIRST + 3 * DAY)
    edit(read_initiative(KEY), title="Nyt navn", reason="Klarere.")
    make_action(read_initiative(KEY), title="En ny indsats")


def move(wording: str, reason: str, at: datetime) -> None:
    row = Deadline.objects.get(key=f"{KEY}-d1")
    row.revise({"wording": wording}, version=row.version, actor=BO, reason=reason, at=at)


def look(client: Client, **asked: Any) -> Any:
    response = client.get(PAGE, asked)
    assert response.status_code == 200
    return response


def section_of(response: Any) -> str:
    """Return the markup of the part with the history."""
    match = re.search(r'(?s)<section id="history".*?</section>', html_of(response))
    assert match
    return match[0]


def choices(response: Any) -> dict[str, str]:
    """Return the kinds that can be chosen, with their addresses."""
    nav = re.search(r'(?s)<nav class="history-kinds".*?</nav>', section_of(response))
    assert nav
    links = re.findall(r'(?s)<a href="([^"]*)"[^>]*>(.*?)</a>', nav[0])
    return {text_of(words): html.unescape(address) for address, words in links}


# Unfiltered


@pytest.mark.usefixtures("eventful")
def test_statuses_reasons_and_moves_are_in_one_list_newest_first(group_client: Client):
    response = look(group_client)
    kinds = "flyttede deadline for", "ændrede status fra"
    lines = [line for line in history_of(response) if any(kind in line for kind in kinds)][:4]
    assert [line.rpartition("Begrundelse: ")[2] for line in lines] == [
        "Endnu et møde.",
        "Bidraget er kommet.",
        "Udbuddet er udskudt.",
        "Ét bidrag mangler.",
    ]
    assert "flyttede deadline for" in lines[0]
    assert "ændrede status fra Betydelige afvigelser til Forløber efter planen" in lines[1]
    days = re.findall(r'<time class="meta" datetime="([^"]*)"', section_of(response))
    assert days == sorted(days, reverse=True)


@pytest.mark.usefixtures("eventful")
def test_unfiltered_history_says_how_many_lines_there_are(group_client: Client):
    response = look(group_client)
    number = len(history_of(response))
    assert f"Historik {number} ændringer" in text_of(response)
    assert next(iter(choices(response))) == f"Alle {number}"
    assert 'aria-current="true">Alle' in section_of(response)


# By kind


@pytest.mark.parametrize(
    ("kind", "sentence", "other"),
    [
        ("status", "ændrede status fra", "flyttede deadline"),
        ("deadline", "flyttede deadline for", "ændrede status"),
        ("indsats", "tilføjede indsatsen »En ny indsats«", "rettede titlen"),
        ("initiativ", "rettede titlen fra", "indsatsen »En ny"),
    ],
)
@pytest.mark.usefixtures("eventful")
def test_the_filter_shows_only_the_chosen_kind(group_client: Client, kind, sentence, other):
    response = look(group_client, art=kind)
    lines = history_of(response)
    assert any(sentence in line for line in lines)
    assert not any(other in line for line in lines)
    assert f"{len(lines)} af {len(history_of(look(group_client)))} ændringer" in text_of(response)


@pytest.mark.usefixtures("eventful")
def test_the_kinds_together_are_all(group_client: Client):
    by_kind = [history_of(look(group_client, art=kind)) for kind in KINDS]
    assert all(by_kind)
    every_line = sorted(line for lines in by_kind for line in lines)
    assert every_line == sorted(history_of(look(group_client)))


@pytest.mark.usefixtures("eventful")
def test_each_choice_says_how_many_lines_it_has(group_client: Client):
    kinds = choices(look(group_client, art="status"))
    words = [label.rpartition(" ")[0] for label in kinds]
    assert words == ["Alle", "Status", "Deadlines", "Indsatser", "Initiativet"]
    for label, address in kinds.items():
        path, _, fragment = address.partition("#")
        assert fragment == "historik"
        response = group_client.get(path)
        assert len(history_of(response)) == int(label.rpartition(" ")[2]), label
        word = label.rpartition(" ")[0]
        assert re.search(rf'aria-current="true">{word}\s', section_of(response)), label


@pytest.mark.parametrize("kind", ["findes-ikke", "ramme", "Status", "", "<script>", "status "])
@pytest.mark.usefixtures("eventful")
def test_an_unknown_kind_is_no_filter(group_client: Client, kind):
    response = look(group_client, art=kind)
    assert history_of(response) == history_of(look(group_client))
    assert 'aria-current="true">Alle' in section_of(response)
    assert "<script>" not in section_of(response)


def test_an_empty_kind_says_so_and_links_to_all(group_client: Client, programme: Programme):
    response = look(group_client, art="indsats")
    assert history_of(response) == []
    assert "Ingen ændringer passer til filteret. Ryd filtre" in text_of(response)
    assert f'<a href="{PAGE}#historik">Ryd filtre</a>' in section_of(response)
    assert "Der er ikke ændret noget endnu." not in text_of(response)
    assert re.search("Historik Ingen af [0-9]+ ændringer · Indsatser", text_of(response))


def test_lines_the_viewer_may_not_see_are_not_counted(
    group_client: Client, secretariat_client: Client, programme: Programme
):
    edit(read_initiative(KEY), internal_notes="Hemmeligord")
    mine, theirs = (
        len(history_of(look(client, art="initiativ")))
        for client in (secretariat_client, group_client)
    )
    assert mine > theirs
    assert f"Initiativet {theirs}" in choices(look(group_client))


# As of a day


@pytest.mark.usefixtures("eventful")
def test_the_filter_keeps_the_day_and_the_day_the_filter(group_client: Client):
    response = look(group_client, pr=BETWEEN, art="deadline")
    assert [line.rpartition("Begrundelse: ")[2] for line in history_of(response)][:1] == [
        "Udbuddet er udskudt."
    ]
    kinds = choices(response)
    assert all(f"pr={BETWEEN}" in address for address in kinds.values())
    assert f"{PAGE}?art=status&pr={BETWEEN}#historik" in kinds.values()
    page = html_of(response)
    assert f'href="{PAGE}?art=deadline"' in page  # the plan of today
    assert '<input type="hidden" name="art" value="deadline">' in page


def test_nothing_of_that_kind_had_happened_by_the_day(group_client: Client, programme: Programme):
    response = look(group_client, pr="2026-02-26", art="indsats")
    assert f'<a href="{PAGE}?pr=2026-02-26#historik">Ryd filtre</a>' in section_of(response)


# A page at a time


@pytest.fixture
def long_history(eventful: None) -> None:
    for number in range(60):
        edit(read_initiative(KEY), ask=f"Spørgsmål {number}?")


@pytest.mark.slow
@pytest.mark.usefixtures("long_history")
def test_a_page_has_fifty_lines(group_client: Client):
    first, second = look(group_client), look(group_client, side="2")
    number = int(next(iter(choices(first))).rpartition(" ")[2])
    assert len(history_of(first)) == 50
    assert f"Historik 1–50 af {number} ændringer" in text_of(first)
    assert len(history_of(second)) == number - 50
    assert f"Historik 51–{number} af {number} ændringer" in text_of(second)
    assert not set(history_of(first)) & set(history_of(second))
    assert 'href="?side=2#historik"' in section_of(first)


@pytest.mark.slow
@pytest.mark.usefixtures("eventful")
def test_a_page_of_one_line_says_its_number_once(group_client: Client):
    (chosen,) = (words for words in choices(look(group_client)) if "Initiativet" in words)
    for number in range(51 - int(chosen.rpartition(" ")[2])):
        edit(read_initiative(KEY), ask=f"Spørgsmål {number}?")
    page = text_of(look(group_client, art="initiativ", side="2"))
    assert "Historik 51 af 51 ændringer · Initiativet" in page


@pytest.mark.slow
@pytest.mark.usefixtures("long_history")
def test_the_pages_keep_the_filter_and_the_day(group_client: Client):
    response = look(group_client, art="initiativ", pr="2026-03-20")
    assert 'href="?art=initiativ&amp;pr=2026-03-20&amp;side=2#historik"' in section_of(response)
    assert re.search("Historik 1–50 af [0-9]+ ændringer · Initiativet", text_of(response))
    assert "side" not in choices(look(group_client, art="initiativ", side="2"))
    assert len(history_of(look(group_client, art="deadline", side="2"))) > 0  # has but one page


@pytest.mark.parametrize("side", ["0", "-1", "99", "to", ""])
@pytest.mark.usefixtures("eventful")
def test_a_page_number_out_of_range_gives_the_nearest_page(group_client: Client, side):
    assert history_of(look(group_client, side=side))


# After a save


@pytest.mark.usefixtures("eventful")
def test_the_history_is_fetched_again_as_it_was_asked_for(secretariat_client: Client):
    section = section_of(look(secretariat_client, art="status"))
    opening = section[: section.index(">")]
    assert f'hx-get="{PAGE}?art=status"' in opening
    assert 'hx-trigger="status-saved from:body"' in opening
    assert 'hx-select="#history &gt; *"' in opening
    before = history_of(look(secretariat_client, art="status"))
    judge(KEY, "completed", "Afleveret.", at=FIRST + 5 * DAY)
    fetched = secretariat_client.get(f"{PAGE}?art=status", headers={"hx-request": "true"})
    after = history_of(fetched)
    assert after[1:] == before
    assert "Afleveret." in after[0]
    assert f"Historik {len(after)} af " in text_of(section_of(fetched))
