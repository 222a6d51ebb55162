"""What shows nothing of the user has an ETag; a browser that has the bytes is told so with 304."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core.etags import make_tag
from core.release import hash_of
from tests.core.reading import html_of

PUBLIC = ("/was/", "/privatliv/")


def ask(client: Client, path: str, tag: str = "", **headers: str) -> Any:
    return client.get(path, headers={"if-none-match": tag, **headers})


# The public pages


def shown_to_nobody(path: str) -> Any:
    response = Client().get(path)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")
    return response


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_the_same_for_everybody_not_logged_in(path: str, group_client: Client):
    first, second = shown_to_nobody(path), shown_to_nobody(path)
    assert (first.content, first["ETag"]) == (second.content, second["ETag"])
    for tag in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}'):
        known = ask(Client(), path, tag)
        assert (known.status_code, known.content, known["ETag"]) == (304, b"", first["ETag"])
        assert known["Cache-Control"] == first["Cache-Control"]
        assert known["Vary"] == first["Vary"]
        assert not known.has_header("Content-Length")
    for tag in ('"x"', "*", "", first["ETag"].strip('"')):
        assert ask(Client(), path, tag).content == first.content
    # Whoever has logged in since is shown by name, and nothing of that is kept.
    ours = ask(group_client, path, first["ETag"])
    assert (ours.status_code, ours.has_header("ETag")) == (200, False)
    assert "no-store" in ours["Cache-Control"]
    assert "Bo Eksempel" in html_of(ours)


def test_a_public_page_with_a_message_has_no_etag(group_client: Client):
    client, tag = group_client, shown_to_nobody("/was/")["ETag"]
    client.post("/konto/log-ud/")
    told = ask(client, "/was/", tag)
    assert "Du er logget ud." in html_of(told)
    assert (told.status_code, told.has_header("ETag")) == (200, False)
    assert "no-store" in told["Cache-Control"]
    assert ask(client, "/was/", tag).status_code == 304


def test_a_compressed_page_has_the_same_etag_but_weak():
    plain = shown_to_nobody("/was/")
    packed = ask(Client(), "/was/", **{"accept-encoding": "gzip"})
    assert (packed["Content-Encoding"], packed["ETag"]) == ("gzip", f"W/{plain['ETag']}")
    known = ask(Client(), "/was/", packed["ETag"], **{"accept-encoding": "gzip"})
    assert known.status_code == 304
    assert packed["Vary"] == known["Vary"]


# What an ETag is made of


def test_another_release_has_other_etags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("requirements.txt", "core/__init__.py", "templates/a.html", "static/css/a.css"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    (tmp_path / "data").mkdir()
    hashes = [hash_of(tmp_path)]
    for name in ("requirements.txt", "core/new.py", "templates/a.html", "static/css/a.css"):
        (tmp_path / name).write_text("2")
        hashes.append(hash_of(tmp_path))
    assert len(set(hashes)) == len(hashes)
    (tmp_path / "data" / "portal.sqlite3").write_text("3")
    assert hash_of(tmp_path) == hashes[-1]
    before = make_tag("a")
    monkeypatch.setattr("core.etags.RELEASE", hashes[0])
    assert make_tag("a") != before


def test_while_templates_are_written_there_is_no_etag(settings: Any):
    settings.DEBUG = True
    assert make_tag("a") == ""
