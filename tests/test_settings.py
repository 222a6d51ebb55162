"""The settings: read from the environment, safe by default."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[1]
PRODUCTION = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "sqlite://:memory:",
}


def manage(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run manage.py with `env` and nothing else of this machine's environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
    )


def setting(name: str, **env: str) -> Any:
    """Return the value of a setting in production, with `env` on top."""
    code = f"from django.conf import settings; print(repr(settings.{name}))"
    done = manage("shell", "--no-imports", "-c", code, env=PRODUCTION | env)
    assert done.returncode == 0, done.stderr
    return ast.literal_eval(done.stdout)


def test_the_tests_know_every_variable_the_settings_read():
    source = (ROOT / "rammeaftale" / "settings.py").read_text("utf-8")
    assert set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)) == VARIABLES


@pytest.mark.slow
@pytest.mark.parametrize("secret", [{}, {"SECRET_KEY": ""}], ids=["missing", "empty"])
def test_a_missing_secret_is_refused_with_a_sentence(secret):
    without = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    done = manage("check", env=without | secret)
    assert done.returncode != 0
    assert "SECRET_KEY is not set." in done.stderr


@pytest.mark.slow
def test_production_settings_pass_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level=WARNING", env=PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", False),
        ("DEMO", False),
        ("DEMO_TODAY", None),
        ("SECURE_SSL_REDIRECT", True),
        ("SESSION_COOKIE_SECURE", True),
        ("CSRF_COOKIE_SECURE", True),
    ],
)
def test_the_defaults_are_safe(name, value):
    assert setting(name) == value


@pytest.mark.slow
def test_only_named_hosts_are_served():
    assert setting("ALLOWED_HOSTS") == ["portal.example"]
    assert setting("ALLOWED_HOSTS", ALLOWED_HOSTS="") == []


@pytest.mark.slow
def test_the_address_of_the_database_chooses_it():
    url = "postgres://portal:secret@db.example:5433/portal"
    engine = setting("DATABASES['default']['ENGINE']", DATABASE_URL=url)
    assert engine == "django.db.backends.postgresql"


@pytest.mark.slow
def test_behind_a_pool_no_setting_belongs_to_a_connection():
    url = "postgres://portal:secret@db.example:6432/portal"
    options = setting("DATABASES['default']['OPTIONS']", DATABASE_URL=url)
    assert "statement_timeout" in options["options"]
    pooled = setting("DATABASES['default']", DATABASE_URL=url, DATABASE_POOLED="1")
    assert "options" not in pooled["OPTIONS"]
    assert pooled["DISABLE_SERVER_SIDE_CURSORS"]


@pytest.mark.slow
def test_the_address_of_the_database_may_bring_its_own_limits():
    # Who migrates needs longer than a page (docs/drift.md).
    url = "postgres://owner:secret@db.example/portal?options=-c%20lock_timeout=5s"
    options = setting("DATABASES['default']['OPTIONS']", DATABASE_URL=url)
    assert options["options"] == "-c lock_timeout=5s"
    assert options["connect_timeout"] == 5
