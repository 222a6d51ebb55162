"""Limits on how often somebody may try: the rules, and the counters behind them.

An attempt is counted before it is made, so that parallel attempts cannot slip through, and taken
back when it succeeds. Each rule counts under a key: the account, the browser or the client's
address. The counters have a table of their own, from which rows are removed only by age.

An attempt to log in counts
- in a browser that the account has logged in with before (`accounts.known_browsers`): for that
  browser alone, so that it is not shut out by guesses from elsewhere;
- in any other browser: for the account and for the client's address. When that address has used up
  its attempts, a few remain for each account, so that somebody who guesses at many names from a
  municipality's network does not lock out everybody else there.

So at most ten guesses at one account are checked in a quarter of an hour from all unknown browsers
together, and ten more from each browser that the account has logged in with. Whether the account
exists makes no difference: what counts is the address that was typed.
"""

import logging
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.core.exceptions import ImmediateHttpResponse
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import Attempts
from core import errors
from core.client_address import client_network

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rule:
    """A rule that allows at most `most` attempts within `period` under each key."""

    name: str
    most: int
    period: timedelta


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
# Wrong passwords for one account, from browsers that have not logged in with it before.
LOGIN_ACCOUNT = Rule("login-account", 10, QUARTER)
# Wrong passwords in one browser that has logged in with the account before.
LOGIN_BROWSER = Rule("login-browser", 10, QUARTER)
# Wrong passwords from one client address: a municipality's whole staff may be behind it.
LOGIN_CLIENT = Rule("login-client", 100, QUARTER)
# Wrong passwords for one account from a client address whose attempts are used up.
LOGIN_CLIENT_ACCOUNT = Rule("login-client-account", 3, QUARTER)
AT_LOGIN = (LOGIN_ACCOUNT, LOGIN_BROWSER, LOGIN_CLIENT, LOGIN_CLIENT_ACCOUNT)
# Wrong old passwords when a signed-in user chooses a new one: somebody else may sit there.
OLD_PASSWORD = Rule("old-password", 10, QUARTER)
# Links to a new password: how many one mailbox gets, and how many one client address may ask for.
RESET_ADDRESS = Rule("reset-address", 3, HOUR)
RESET_CLIENT = Rule("reset-client", 60, HOUR)


@dataclass(frozen=True)
class Counted:
    """Attempts that were counted, by their keys and time, so that they can be taken back."""

    keys: tuple[str, ...]
    moment: float


class TooMany(Exception):
    """A rule's limit is reached; the next attempt may be made in `wait` seconds."""

    def __init__(self, rule: Rule, wait: float) -> None:
        super().__init__(rule.name)
        self.rule = rule
        self.wait = wait


def count(pairs: Iterable[tuple[Rule, str]]) -> Counted:
    """Count one attempt under each (rule, key), all or none. Raises TooMany."""
    # Rows are locked in one order, so that two attempts never deadlock.
    rules = {_hashed(rule, key): rule for rule, key in pairs}
    now = time.time()
    with transaction.atomic():
        for key in sorted(rules):
            rule = rules[key]
            row = _locked(key, now + rule.period.total_seconds())
            recent = [at for at in row.moments if at > now - rule.period.total_seconds()]
            if len(recent) >= rule.most:
                raise TooMany(rule, min(recent) + rule.period.total_seconds() - now)
            row.moments = [*recent, now]
            row.forgotten_at = _moment(now + rule.period.total_seconds())
            row.save()
    return Counted(tuple(sorted(rules)), now)


def take_back(counted: Counted) -> None:
    """Remove a counted attempt that succeeded."""
    with transaction.atomic():
        for row in (
            Attempts.objects.select_for_update().filter(key__in=counted.keys).order_by("key")
        ):
            if counted.moment in row.moments:
                row.moments.remove(counted.moment)
                row.save()


def count_or_429(request: HttpRequest, *pairs: tuple[Rule, str]) -> Counted:
    """Count one attempt of a request. At the limit ImmediateHttpResponse answers it with 429."""
    try:
        return count(pairs)
    except TooMany as refused:
        client = request.META.get("REMOTE_ADDR") or "unix socket"
        logger.warning("Throttled by %s, client %s", refused.rule.name, client)
        minutes = math.ceil(refused.wait / 60)
        at_login = refused.rule in AT_LOGIN
        answer = errors.too_many_attempts(request, minutes, at_login=at_login)
        raise ImmediateHttpResponse(answer) from refused


def count_login(request: HttpRequest, email: str, browser: str | None) -> Counted:
    """Count an attempt to log in with that address; `browser` is the id of a known browser."""
    if browser:
        return count_or_429(request, (LOGIN_BROWSER, browser))
    client = client_of(request)
    try:
        return count([(LOGIN_ACCOUNT, email), (LOGIN_CLIENT, client)])
    except TooMany:
        # Beyond the account's own limit this refuses again.
        few = (LOGIN_CLIENT_ACCOUNT, f"{client}|{email}")
        return count_or_429(request, (LOGIN_ACCOUNT, email), few)


def client_of(request: HttpRequest) -> str:
    """Return the client's address, of an IPv6 one without the half that the client may choose."""
    return client_network(request.META.get("REMOTE_ADDR", ""))


def forget_old(at: datetime) -> int:
    """Remove the counters that expired more than a day ago. Returns how many.

    A counter that is just being written is skipped, so that neither waits for the other.
    """
    with transaction.atomic():
        free = Attempts.objects.select_for_update(skip_locked=True)
        old = free.filter(forgotten_at__lt=at - timedelta(days=1)).values("pk")
        removed, _ = Attempts.objects.filter(pk__in=old).delete()
    return removed


def _locked(key: str, forgotten_at: float) -> Attempts:
    defaults = {"moments": [], "forgotten_at": _moment(forgotten_at)}
    # In one step: `forget_old` could remove the row after it is made and before it is locked.
    row: Attempts
    row, _ = Attempts.objects.select_for_update().get_or_create(key=key, defaults=defaults)
    return row


def _hashed(rule: Rule, key: str) -> str:
    return salted_hmac("accounts.throttles", f"{rule.name}|{key}", algorithm="sha256").hexdigest()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
