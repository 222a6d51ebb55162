"""The portal's settings for tests: the real ones, in an environment that no machine disturbs."""

import atexit
import os
import secrets
import tempfile
from pathlib import Path

# Every variable that rammeaftale.settings reads; tests/test_settings.py holds them together.
VARIABLES = frozenset(
    {
        "ALLOWED_HOSTS",
        "BEHIND_PROXY",
        "CSRF_TRUSTED_ORIGINS",
        "DATABASE_POOLED",
        "DATABASE_URL",
        "DATABASE_WEB_ROLE",
        "DEBUG",
        "DEFAULT_FROM_EMAIL",
        "DEMO",
        "DEMO_TODAY",
        "EMAIL_URL",
        "HTTPS",
        "PDF_LOCK",
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "SITE_URL",
        "TRUSTED_PROXIES",
    }
)
# The web role of the throw-away cluster (scripts/postgres.py).
WEB_ROLE = "portal_web"
# The test database is a file, so that several connections work as in production.
RUN = secrets.token_hex(4)
FOLDER = Path(tempfile.gettempdir())
TEST_DATABASE = FOLDER / f"portal-test-{RUN}.sqlite3"

for name in VARIABLES:
    os.environ.pop(name, None)
os.environ |= {
    "SECRET_KEY": "test",
    "DEBUG": "0",
    "DEMO": "1",
    "HTTPS": "0",
    "DATABASE_WEB_ROLE": WEB_ROLE if "TEST_DATABASE_URL" in os.environ else "",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{TEST_DATABASE}",
}

from rammeaftale.settings import *  # noqa: E402
from rammeaftale.settings import DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

_database = DATABASES["default"]
if _database["ENGINE"] == "core.sqlite":
    _database["TEST"] = {"NAME": str(TEST_DATABASE)}
    # As in production, but a test's data need not survive a power cut.
    _database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
else:
    # A test's transaction is open for the whole test, however long that is.
    _database["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"

# Two runs on one machine do not wait for each other's PDFs. Only making a PDF creates the file.
PDF_LOCK = Path(
    os.environ.get("TEST_PDF_LOCK") or f"{tempfile.gettempdir()}/portal-test-{RUN}.lock"
)
atexit.register(PDF_LOCK.unlink, missing_ok=True)
# A separate process cannot see what a test has not committed. Tests that commit switch it on.
RENDERS_IN_BACKGROUND = False

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Whitenoise would warn of a missing STATIC_ROOT; the finders serve the files.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
