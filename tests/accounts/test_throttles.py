"""Guesses are limited by account, browser and client address, and the owner is never shut out."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import changes, known_browsers, throttles
from accounts.models import Attempts, OutboxMail, User
from core import clock
from tests.accounts.test_changed_address import link_for
from tests.accounts.test_login import LOGIN, is_signed_in, log_in
from tests.accounts.test_password import FORGOTTEN, NEW, choose
from tests.concurrency.crowd import Crowd
from tests.core.reading import text_of
from tests.factories import PASSWORD, TESTER, make_user
from tests.promises import Measured
from tests.protection import as_owner

EMAIL = "eva@example.dk"


class CountingHasher(MD5PasswordHasher):
    """A hasher that counts how many passwords are really hashed."""

    computed = 0
    _mutex = threading.Lock()

    def encode(self, password: str, salt: str) -> str:
        with self._mutex:
            type(self).computed += 1
        return super().encode(password, salt)


@pytest.fixture
def checks(settings: Any) -> type[CountingHasher]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.computed = 0
    return CountingHasher


@pytest.fixture
def eva(db: None) -> User:
    return make_user("Eva", email=EMAIL)


def guess(browser: Client, number: int = 0, email: str = EMAIL, **extra: Any) -> int:
    """Send a wrong password, and return the status of the answer."""
    typed = {"login": email, "password": f"forkert-kodeord-{number}"}
    return int(browser.post(LOGIN, typed, **extra).status_code)


def use_up(rule: throttles.Rule, key: str, *, but: int) -> None:
    """Make all attempts that the rule allows, except for the last `but`."""
    for _ in range(rule.most - but):
        throttles.count([(rule, key)])


# One guesser


def test_the_answer_says_when_to_try_again(client: Client, eva: User):
    assert [guess(client, number) for number in range(10)] == [200] * 10
    response = client.post(LOGIN, {"login": EMAIL, "password": PASSWORD})
    assert response.status_code == 429
    assert "Vent 15 minutter, og prøv igen." in text_of(response)
    assert int(response["Retry-After"]) == 15 * 60
    assert EMAIL not in text_of(response)


@pytest.mark.promise(11)
def test_known_and_unknown_addresses_get_the_same_answer_at_the_same_cost(
    client: Client, eva: User, checks: type[CountingHasher], promise: Measured
):
    """Known, without a password, closed and unknown: the same pages after as many hashes."""
    make_user("Ny", email="ny@example.dk", password=None)
    make_user("Lukket", email="lukket@example.dk", is_active=False)
    outcomes = []
    for email in (EMAIL, "ny@example.dk", "lukket@example.dk", "ukendt@example.dk"):
        checks.computed = 0
        answers = []
        for number in range(12):
            response = log_in(Client(), email, f"forkert-kodeord-{number}")
            text = re.sub(r"Fejlnummer: \w+", "", text_of(response)).replace(email, "")
            answers.append((response.status_code, text))
        outcomes.append((answers, checks.computed))
    assert outcomes.count(outcomes[0]) == len(outcomes)
    assert outcomes[0][1] == 10
    promise.figure(
        "kinds of addresses (known, no password, closed, unknown)", "1 answer, 10 checks"
    )


def test_a_right_password_does_not_count_as_a_guess(client: Client, eva: User):
    for _ in range(12):
        log_in(client, EMAIL)
        assert is_signed_in(client)
        client.post("/konto/log-ud/")
        client.cookies.clear()
    assert guess(client) == 200


def test_a_counter_expires_by_itself(client: Client, eva: User):
    for number in range(10):
        guess(client, number)
    assert guess(client) == 429
    for row in Attempts.objects.all():
        row.moments = [moment - 15 * 60 for moment in row.moments]
        row.save()
    assert guess(client) == 200


def test_reading_pages_counts_nothing_and_writes_nothing(client: Client, eva: User):
    for _ in range(20):
        for path in (LOGIN, FORGOTTEN, "/konto/opret/"):
            assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200
    assert not Attempts.objects.exists()


def test_the_table_does_not_reveal_whose_password_was_guessed_at(client: Client, eva: User):
    guess(client)
    for row in Attempts.objects.values():
        assert EMAIL not in str(row)
        assert "127.0.0.1" not in str(row)


# Known browsers


@pytest.mark.promise(11)
def test_an_owner_is_not_locked_out_of_a_known_browser(
    eva: User, promise: Measured, monkeypatch: pytest.MonkeyPatch
):
    known, guesser = Client(), Client()
    log_in(known, EMAIL)
    known.post("/konto/log-ud/")
    while guess(guesser) == 200:
        pass
    log_in(known, EMAIL)
    assert is_signed_in(known)
    promise.figure("owner's known browser under guessing", "logs in")
    known.post("/konto/log-ud/")
    monkeypatch.setattr(known_browsers, "browser_id", lambda request, email: None)
    assert log_in(known, EMAIL).status_code == 429
    promise.control("without known browsers", "the owner is locked out")


def test_a_known_browser_has_ten_guesses_of_its_own(eva: User):
    """Somebody else may use that browser, and then slows down nobody else."""
    known = Client()
    log_in(known, EMAIL)
    known.post("/konto/log-ud/")
    assert [guess(known, number) for number in range(11)] == [200] * 10 + [429]
    assert guess(Client()) == 200


def test_a_link_by_mail_opens_a_browser_whose_guesses_are_used_up(eva: User):
    known = Client()
    log_in(known, EMAIL)
    known.post("/konto/log-ud/")
    while guess(known) == 200:
        pass
    choose(known, link_for(known, EMAIL), NEW)
    log_in(known, EMAIL, NEW)
    assert is_signed_in(known)


def test_the_cookie_is_signed_hidden_from_scripts_and_holds_no_address(eva: User):
    known = Client()
    log_in(known, EMAIL)
    cookie = known.cookies[known_browsers.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/konto/")
    assert EMAIL not in cookie.value
    forger = Client()
    forger.cookies[known_browsers.COOKIE] = cookie.value[:-3] + "xxx"
    while guess(Client()) == 200:
        pass
    assert guess(forger) == 429


def test_a_cookie_helps_its_own_account_only(eva: User):
    make_user("Bo", email="bo@example.dk")
    browser = Client()
    log_in(browser, "bo@example.dk")
    browser.post("/konto/log-ud/")
    while guess(Client()) == 200:
        pass
    assert guess(browser) == 429


def test_people_who_share_a_browser_are_all_known(eva: User):
    make_user("Bo", email="bo@example.dk")
    shared = Client()
    for email in (EMAIL, "bo@example.dk"):
        log_in(shared, email)
        shared.post("/konto/log-ud/")
    for email in (EMAIL, "bo@example.dk"):
        while guess(Client(), email=email) == 200:
            pass
        log_in(shared, email)
        assert is_signed_in(shared)
        shared.post("/konto/log-ud/")


def test_a_link_by_mail_makes_the_browser_known(client: Client, eva: User):
    """The way in for an owner who is being guessed at and has a new machine."""
    while guess(Client()) == 200:
        pass
    choose(client, link_for(client, EMAIL), NEW)
    log_in(client, EMAIL, NEW)
    assert is_signed_in(client)


def test_a_known_browser_stays_known_when_the_address_is_changed(eva: User):
    known = Client()
    log_in(known, EMAIL)
    who: dict[str, Any] = {"actor": TESTER, "reason": "Ny adresse.", "at": clock.now()}
    changes.change_user(eva, {"email": "eva.ny@example.dk"}, version=eva.version, **who)
    while guess(Client(), email="eva.ny@example.dk") == 200:
        pass
    while guess(Client()) == 200:
        pass
    assert guess(known) == 429  # the old address is nobody's
    log_in(known, "eva.ny@example.dk")
    assert is_signed_in(known)


def test_a_known_browser_looks_up_known_and_unknown_addresses_alike(eva: User):
    known = Client()
    log_in(known, EMAIL)
    request = RequestFactory().get("/")
    request.COOKIES[known_browsers.COOKIE] = known.cookies[known_browsers.COOKIE].value
    outcomes = []
    for email in (EMAIL, "ukendt@example.dk"):
        with CaptureQueriesContext(connection) as queries:
            account = known_browsers.browser_id(request, email)
        outcomes.append((bool(account), [query["sql"].replace(email, "") for query in queries]))
    assert outcomes[0] == (True, outcomes[1][1])
    assert (outcomes[1][0], len(outcomes[1][1])) == (False, 1)


# Many behind one address


def test_a_used_up_client_address_shuts_no_owner_out(eva: User):
    """A colleague uses up the guesses of their shared address. Whoever has the password still
    logs in, from a known browser and from a new one."""
    known = Client()
    log_in(known, EMAIL)
    known.post("/konto/log-ud/")
    use_up(throttles.LOGIN_CLIENT, "127.0.0.1", but=1)
    assert guess(Client(), email="en@example.dk") == 200
    use_up(throttles.RESET_CLIENT, "127.0.0.1", but=0)
    for browser in (known, Client()):
        log_in(browser, EMAIL)
        assert is_signed_in(browser)
    known.post("/konto/log-ud/")
    choose(known, link_for(known, EMAIL), NEW)
    log_in(known, EMAIL, NEW)
    assert is_signed_in(known)


def test_an_address_that_is_used_up_has_three_guesses_at_each_account(eva: User):
    use_up(throttles.LOGIN_CLIENT, "127.0.0.1", but=0)
    for email in (EMAIL, "ukendt@example.dk"):
        assert [guess(Client(), n, email) for n in range(5)] == [200] * 3 + [429] * 2
    # The limit of one account stays as it was.
    far = [guess(Client(), n, REMOTE_ADDR="203.0.113.7") for n in range(9)]
    assert far == [200] * 7 + [429] * 2


@pytest.mark.promise(11)
def test_guesses_from_many_used_up_addresses_reach_ten_checks(
    eva: User, checks: type[CountingHasher], promise: Measured
):
    addresses = [f"203.0.113.{number}" for number in range(5)]
    for address in addresses:
        use_up(throttles.LOGIN_CLIENT, address, but=0)
    checks.computed = 0
    for number in range(6):
        for address in addresses:
            guess(Client(), number, REMOTE_ADDR=address)
    assert checks.computed == 10
    promise.figure("real checks of one account from 5 addresses that are used up", "10")


@pytest.mark.parametrize("trusted", ["1", "127.0.0.0/8"])
def test_behind_a_proxy_each_client_counts_by_itself(eva: User, settings: Any, trusted: str):
    settings.TRUSTED_PROXIES = [trusted]
    use_up(throttles.LOGIN_CLIENT, "203.0.113.7", but=1)
    answers = [
        guess(Client(), number, HTTP_X_FORWARDED_FOR=f"{number}, 203.0.113.7")
        for number in range(5)
    ]
    assert answers == [200] * 4 + [429]
    assert guess(Client(), HTTP_X_FORWARDED_FOR="203.0.113.7, 203.0.113.8") == 200


# Links by mail


def test_nobody_floods_a_mailbox(client: Client, eva: User):
    """Asking does not shut the mailbox's owner out either."""
    for email in (EMAIL, "ukendt@example.dk"):
        for _ in range(5):
            response = client.post(FORGOTTEN, {"email": email}, follow=True)
            assert (response.status_code, "Se efter i din indbakke" in text_of(response)) == (
                200,
                True,
            )
        assert OutboxMail.objects.filter(recipient=email).count() == 3


def test_one_client_may_ask_for_a_limited_number_of_links(client: Client, db: None):
    use_up(throttles.RESET_CLIENT, "127.0.0.1", but=1)
    assert client.post(FORGOTTEN, {"email": "en@example.dk"}).status_code == 302
    assert client.post(FORGOTTEN, {"email": "endnu-en@example.dk"}).status_code == 429


def test_the_old_password_cannot_be_guessed_in_an_open_session(secretariat_client: Client):
    typed = {"password1": NEW, "password2": NEW}
    path = "/konto/adgangskode/"
    answers = [
        secretariat_client.post(path, {"oldpassword": f"forkert-{n}", **typed}).status_code
        for n in range(11)
    ]
    assert answers == [200] * 10 + [429]


# Many guessers, and many other keys


@pytest.mark.slow
@pytest.mark.promise(11)
@pytest.mark.django_db(transaction=True)
def test_twenty_guessers_at_once_get_ten_checks(checks: type[CountingHasher], promise: Measured):
    make_user("Eva", email=EMAIL)
    Client().get(LOGIN)
    assert parallel_checks(checks) == 10
    promise.figure("real checks of one account, 20 clients × 5 guesses at once", "10")


@pytest.mark.slow
@pytest.mark.promise(11)
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_guessers_slip_through(
    checks: type[CountingHasher], promise: Measured, monkeypatch: pytest.MonkeyPatch
):
    """The control: reading, waiting and writing without the row's lock."""

    def unlocked(pairs: Any) -> throttles.Counted:
        keys = {throttles._hashed(rule, key): rule for rule, key in pairs}
        now = time.time()
        for key, rule in keys.items():
            row = Attempts.objects.filter(key=key).first() or Attempts(key=key, moments=[])
            if len(row.moments) >= rule.most:
                raise throttles.TooMany(rule, 900)
            time.sleep(0.01)
            row.moments = [*row.moments, now]
            row.forgotten_at = clock.now() + timedelta(hours=1)
            Attempts.objects.update_or_create(
                key=key, defaults={"moments": row.moments, "forgotten_at": row.forgotten_at}
            )
        return throttles.Counted(tuple(keys), now)

    make_user("Eva", email=EMAIL)
    Client().get(LOGIN)
    monkeypatch.setattr(throttles, "count", unlocked)
    made = parallel_checks(checks)
    assert made > 10
    promise.control("without the lock", f"{made} checks")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_counter_that_is_cleaned_up_at_the_last_moment_is_made_again():
    """Another connection removes the counter just before it is locked. SQLite prevents that."""
    attempt = [(throttles.LOGIN_ACCOUNT, EMAIL)]
    throttles.count(attempt)
    removed: list[int] = []

    def clean_up() -> None:
        removed.append(throttles.forget_old(timezone.now() + timedelta(days=3)))
        connection.close()

    def clean_up_first(execute: Any, sql: str, *rest: Any) -> Any:
        if "FOR UPDATE" in sql and not removed:
            thread = threading.Thread(target=clean_up)
            thread.start()
            thread.join()
        return execute(sql, *rest)

    with connection.execute_wrapper(clean_up_first):
        throttles.count(attempt)
    assert removed == [1]
    assert Attempts.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_cleaning_up_does_not_wait_for_a_counter_that_is_being_written():
    throttles.count([(throttles.LOGIN_ACCOUNT, EMAIL)])
    removed: list[int] = []

    def clean_up() -> None:
        removed.append(throttles.forget_old(timezone.now() + timedelta(days=3)))
        connection.close()

    with transaction.atomic():
        throttles.count([(throttles.LOGIN_ACCOUNT, EMAIL)])
        thread = threading.Thread(target=clean_up)
        thread.start()
        thread.join()
    assert removed == [0]
    assert Attempts.objects.count() == 1


def parallel_checks(checks: type[CountingHasher]) -> int:
    """Let twenty clients guess five times each at once. Return how many passwords were hashed."""
    checks.computed = 0

    def work(crowd: Crowd, number: int) -> None:
        browser = Client()
        crowd.begin()
        for attempt in range(5):
            if guess(browser, number * 5 + attempt) == 200:
                crowd.acknowledge()

    crowd = Crowd(20)
    crowd.run(work)
    assert crowd.errors == []
    assert crowd.saved == checks.computed
    return checks.computed


@pytest.fixture
def old_cache(settings: Any, db: None) -> Iterator[Any]:
    """Use the cache table that allauth's counters shared with everything else."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "test_old_cache",
        }
    }
    with as_owner():
        call_command("createcachetable")
        yield caches["default"]
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE test_old_cache")


@pytest.mark.slow
@pytest.mark.promise(11)
def test_ten_thousand_other_keys_give_a_guesser_nothing(
    client: Client, eva: User, promise: Measured
):
    while guess(client) == 200:
        pass
    later = clock.now() + timedelta(hours=1)
    Attempts.objects.bulk_create(
        Attempts(key=f"nr-{number}", moments=[1.0], forgotten_at=later) for number in range(10_000)
    )
    for number in range(50):
        throttles.count([(throttles.LOGIN_ACCOUNT, f"nr-{number}@example.dk")])
    assert guess(client) == 429
    promise.figure("after 10,000 other keys", "the guesser still waits")


@pytest.mark.promise(11)
def test_in_the_old_cache_other_keys_pushed_a_counter_out(old_cache: Any, promise: Measured):
    """The control: Django's cache keeps 300 entries and then drops any, not only the oldest."""
    old_cache.set("allauth:rl:eva", [1.0] * 10, 15 * 60)
    written = 0
    while old_cache.get("allauth:rl:eva") is not None:
        assert written < 10_000
        old_cache.set(f"\N{LATIN SMALL LETTER AE}{written}", [1.0], 15 * 60)
        old_cache.set(f"!{written}", [1.0], 15 * 60)
        written += 2
    promise.control("in the old cache", f"the counter was gone after {written} other keys")
