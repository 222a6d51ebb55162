"""Min profil: whether the browser may keep internal notes in drafts."""

from django.test import Client

from accounts.models import User
from tests.core.reading import form_to, html_of, text_of

PROFILE, CHOICE = "/min-profil/", "/min-profil/kladder/"


def test_internal_notes_are_not_kept_until_the_user_says_so(
    secretariat_client: Client, secretariat: User
):
    for wanted in (True, False):
        form = form_to(secretariat_client.get(PROFILE), CHOICE)
        assert ("bevar" in form.data) is not wanted
        typed = form.filled(bevar="on") if wanted else {"csrfmiddlewaretoken": ""}
        answer = secretariat_client.post(CHOICE, typed, follow=True)
        assert "Dit valg er gemt." in text_of(answer)
        secretariat.refresh_from_db()
        assert secretariat.keeps_internal_drafts is wanted
        assert ("data-keeps-private" in html_of(answer)) is wanted


def test_the_choice_is_the_secretariat_s(group_client: Client):
    """Nobody else writes anything."""
    assert CHOICE not in html_of(group_client.get(PROFILE))


def test_a_drafts_key_is_its_user_s(secretariat_client: Client, group_client: Client):
    def keys(client: Client) -> str:
        return html_of(client.get("/min-profil/")).split('data-draft-keys="')[1].split('"')[0]

    assert keys(secretariat_client) == keys(secretariat_client)
    assert keys(secretariat_client) != keys(group_client)


def test_a_new_secret_still_reads_old_drafts(settings, secretariat_client: Client):
    def keys() -> list[str]:
        page = html_of(secretariat_client.get("/min-profil/"))
        return page.split('data-draft-keys="')[1].split('"')[0].split()

    (old,) = keys()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    newest, before = keys()
    assert (newest != old, before) == (True, old)
