"""Who may see an edition, and what each role may do with it."""

from typing import Any

from django.test import Client

from accounts.models import User
from reports.editions import approval
from reports.models import Edition
from tests.conftest import OtherProgramme
from tests.core.reading import forms_of, html_of
from tests.reports.editions.page_steps import (
    EDITION,
    FREEZE,
    LIST,
    approve,
    publish,
    queries_of,
    text_of,
)
from tests.reports.editions.steps import (
    CORRECTION,
    FORMATS,
    JANUARY,
    LOCKED_AT,
    lock,
    path_of,
    stored,
)


def test_a_reader_sees_what_is_published(
    reader_client: Client, secretariat: User, edition: Edition
):
    paths = [EDITION, *(path_of(edition, f".{name}") for name in FORMATS)]
    for path in paths:
        assert reader_client.get(path).status_code == 404, path
    approve(edition, secretariat.actor)
    for path in paths:
        assert reader_client.get(path).status_code == 404, path
    edition.refresh_from_db()
    approval.publish(edition, actor=secretariat.actor, at=LOCKED_AT)
    for path in paths:
        response, queries = queries_of(reader_client, "get", path)
        assert response.status_code == 200, path
        if path != EDITION:
            assert len(queries) <= 5, "\n".join(queries)
    page = reader_client.get(EDITION)
    assert not [form for form in forms_of(page) if "udgave-1" in form.action]
    assert "Låst af" not in text_of(page)


def test_a_readers_start_page_is_the_newest_they_may_read(
    reader_client: Client, secretariat: User, january: Edition, edition: Edition
):
    def start() -> Any:
        return reader_client.get("/", follow=True)

    assert "/udgave-" not in str(start().redirect_chain)
    publish(january, secretariat.actor)
    assert start().redirect_chain[-1][0] == path_of(january)
    publish(edition, secretariat.actor)
    assert start().redirect_chain[-1][0] == EDITION
    second = lock(edition.report.programme, with_files=None, correction=CORRECTION)
    assert start().redirect_chain[-1][0] == EDITION
    publish(second, secretariat.actor)
    assert start().redirect_chain[-1][0] == path_of(second)
    # A late correction of January does not push February away.
    late = lock(
        edition.report.programme, month=JANUARY, with_files=None, correction="Sent opdaget."
    )
    publish(late, secretariat.actor)
    assert start().redirect_chain[-1][0] == path_of(second)


def test_a_readers_archive_holds_what_is_published(
    reader_client: Client, secretariat: User, january: Edition, edition: Edition
):
    assert "Der er endnu ingen godkendt statusopgørelse." in text_of(reader_client.get(LIST))
    publish(january, secretariat.actor)
    text = text_of(reader_client.get(LIST))
    page = html_of(reader_client.get(LIST))
    assert f'href="{path_of(january)}"' in page
    assert f'href="{path_of(january, ".pdf")}"' in page
    assert "/2026-02/" not in page
    for hidden in ("Kladde", "Lås ", "Låst af", "Anna"):
        assert hidden not in text


def test_the_group_sees_what_is_locked_and_locks_nothing(group_client: Client, edition: Edition):
    page = group_client.get(EDITION)
    assert page.status_code == 200
    assert not [form for form in forms_of(page) if "udgave-1" in form.action]
    for name in FORMATS:
        assert group_client.get(path_of(edition, f".{name}")).status_code == 200
    before = stored(edition)
    assert group_client.get(FREEZE).status_code == 403
    assert group_client.post(FREEZE, {"basis": "x"}).status_code == 403
    for act in ("godkend/", "offentliggoer/", "dan-filer/"):
        assert group_client.post(f"{EDITION}{act}").status_code == 403
    assert "Lås udgave" not in text_of(group_client.get(LIST))
    assert stored(edition) == before


def test_a_reader_locks_nothing(reader_client: Client, secretariat: User, edition: Edition):
    publish(edition, secretariat.actor)
    assert reader_client.get(FREEZE).status_code == 403
    for act in ("godkend/", "offentliggoer/", "dan-filer/"):
        assert reader_client.post(f"{EDITION}{act}").status_code == 403


def test_somebody_who_is_no_member_sees_no_edition(
    stranger_client: Client,
    other_secretariat_client: Client,
    other_programme: OtherProgramme,
    secretariat: User,
    edition: Edition,
):
    publish(edition, secretariat.actor)
    paths = [LIST, FREEZE, EDITION, *(path_of(edition, f".{name}") for name in FORMATS)]
    prefix = "/program/udviklingsprogrammet"
    for path in paths:
        assert stranger_client.get(path).status_code == 404, path
        assert stranger_client.get(prefix + path).status_code == 404, path
        assert other_secretariat_client.get(prefix + path).status_code == 404, path
    # The other programme has a February too, but without an edition.
    for path in paths[2:]:
        assert other_secretariat_client.get(path).status_code == 404, path
    for act in ("godkend/", "offentliggoer/", "dan-filer/"):
        assert stranger_client.post(f"{EDITION}{act}").status_code == 404
        assert other_secretariat_client.post(f"{EDITION}{act}").status_code == 404
        assert other_secretariat_client.post(f"{prefix}{EDITION}{act}").status_code == 404


def test_somebody_not_signed_in_is_sent_to_login(client: Client, edition: Edition):
    for path in (EDITION, path_of(edition, ".pdf"), FREEZE):
        response = client.get(path)
        assert response.status_code == 302
        assert "log-ind" in response["Location"]


def test_links_keep_the_programme_in_the_address(secretariat_client: Client, edition: Edition):
    prefix = "/program/udviklingsprogrammet"
    page = html_of(secretariat_client.get(prefix + EDITION))
    assert f'href="{prefix}{path_of(edition, ".pdf")}"' in page
    assert f'action="{prefix}{EDITION}godkend/"' in page
    assert f'href="{path_of(edition, ".pdf")}"' not in page
