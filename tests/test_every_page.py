"""Every page and file for three people, written to a file so that two databases are compared.

`make test` runs it on SQLite and on PostgreSQL, has each write its answers to a file, and compares
the files: what a test asserts of a page on one database holds on the other.
"""

import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from initiatives.models import Action, Deadline, Initiative
from principles.models import ActionArea, Principle, Programme
from scripts.test import different_pages
from tests.accounts.test_matrix import PROGRAMME_ROWS
from tests.accounts.test_reading import QUERIES
from tests.initiatives.steps import NOON
from tests.reports.editions.steps import FEBRUARY, FORMATS, JANUARY, lock, path_of

# The variable with the file for the answers; without it they are only fetched.
ANSWERS = "EVERY_PAGE"
# What differs between two answers. The basis of the form that locks a month has ids of rows; a
# form names its user by id.
CHANCE = re.compile(
    r'name="(?:csrfmiddlewaretoken|basis|formular|af)" value="[\w-]+"|"X-CSRFToken": *"\w+"'
    r'|data-(?:writer|draft-keys)="[^"]+"'
    r"|Fejlnummer: \w+|kl\. \d\d\.\d\d"
)
# The code printed in an edition depends on the ids and moments of all earlier history.
CODE = re.compile(r"Kontrolkode(</[^>]+>)?\s*(<[^>]+>)?[0-9a-f]{4}( [0-9a-f]{4}){7}")
ROWS: dict[type[Any], tuple[str, ...]] = {
    Initiative: ("/initiativer/{}/", "/initiativer/{}/ret/", "/initiativer/{}/status/"),
    Action: ("/indsatser/{}/ret/",),
    Deadline: ("/deadlines/{}/ret/", "/deadlines/{}/udfald/"),
    ActionArea: ("/indsatsomraader/{}/", "/indsatsomraader/{}/?pr=2026-02-26"),
    Principle: ("/principper/{}/", "/principper/{}/?pr=2026-02-26"),
}


def addresses(programme: Programme) -> Iterator[str]:
    """Yield the addresses of every page, its forms, two editions and the downloads."""
    yield from (path for _, path, *_ in PROGRAMME_ROWS)
    yield from QUERIES
    for model, paths in ROWS.items():
        for key in model.objects.of(programme).order_by("key").values_list("key", flat=True):
            yield from (path.format(key) for path in paths)
    for name in FORMATS:
        yield f"/statusopgoerelser/2026-02.{name}"
    for month in (JANUARY, FEBRUARY):
        edition = lock(programme, month=month)
        yield from (path_of(edition, ending) for ending in ("/", *(f".{f}" for f in FORMATS)))
    yield "/statusopgoerelser/sammenlign/?fra=2026-01-udgave-1&til=2026-02-udgave-1"


def shown(response: Any) -> str:
    """Return the body without what differs between answers; of Word and Excel the parts."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = {name: file.read(name).decode(errors="replace") for name in file.namelist()}
        text = json.dumps(parts, ensure_ascii=False, indent=1)
    else:
        text = content.decode(errors="replace")
    return f"{response.status_code}\n{CODE.sub('Kontrolkode', CHANCE.sub('', text))}"


@pytest.mark.django_db
@pytest.mark.slow
def test_every_page_for_three_people(
    programme: Programme,
    secretariat_client: Client,
    group_client: Client,
    reader_client: Client,
):
    people = {"secretariat": secretariat_client, "group": group_client, "reader": reader_client}
    answers = {}
    with travel(NOON, tick=False):
        paths = list(dict.fromkeys(addresses(programme)))
        for who, client in people.items():
            cookies = deepcopy(client.cookies)
            for path in paths:
                client.cookies = deepcopy(cookies)
                answers[f"{who} {path}"] = shown(client.get(path))
    assert len(answers) > 500
    assert [path for path, answer in answers.items() if answer.startswith("5")] == []
    if ANSWERS in os.environ:
        Path(os.environ[ANSWERS]).write_text(json.dumps(answers, ensure_ascii=False), "utf-8")


def test_a_difference_is_found():
    ours = {"group /": "200\nAlt er godt", "group /status/": "200"}
    assert list(different_pages(ours, dict(ours))) == []
    (difference,) = different_pages(ours, ours | {"group /": "200\nAlt er skidt"})
    assert difference.splitlines()[0] == "group /"
    assert difference.splitlines()[-2:] == ["-Alt er godt", "+Alt er skidt"]
    assert len(list(different_pages(ours, {}))) == 2
