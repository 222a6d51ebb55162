"""`manage.py check --deploy` finds settings that contradict each other."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

PROTO = ("HTTP_X_FORWARDED_PROTO", "https")


def check(*options: str) -> None:
    call_command("check", "--tag", "security", *options)


def test_a_proxy_that_is_not_named_is_an_error(settings: Any):
    settings.SECURE_PROXY_SSL_HEADER, settings.TRUSTED_PROXIES = PROTO, []
    check()
    with pytest.raises(SystemCheckError, match="TRUSTED_PROXIES names no proxy"):
        check("--deploy")


@pytest.mark.parametrize(("header", "trusted"), [(PROTO, ["10.0.0.5"]), (PROTO, ["1"]), (None, [])])
def test_named_proxies_or_none_at_all_pass(settings: Any, header: Any, trusted: list[str]):
    settings.SECURE_PROXY_SSL_HEADER, settings.TRUSTED_PROXIES = header, trusted
    check("--deploy")
