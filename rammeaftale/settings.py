"""Settings: one file, read from the environment, safe by default.

Three switches, not one: DEBUG (development only), DEMO (example data and users allowed) and
HTTPS (on by default). A missing SECRET_KEY is an error. README.md lists every variable.
"""

from datetime import date
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
HTTPS = env.bool("HTTPS", True)

SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Give the portal a long random secret in its environment "
        "(`make run` generates one for the demo)."
    )
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"] if DEBUG or DEMO else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# The demo's only clock: without it every deadline of the February plan looks overdue.
DEMO_TODAY: date | None = env.date("DEMO_TODAY", date(2026, 2, 26)) if DEMO else None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "core.apps.PortalAdminConfig",
    "django.forms",
    "simple_history",
    "django_htmx",
    "csp",
    "core.apps.CoreConfig",
    "principles",
    "accounts",
    "initiatives",
    "reports",
    # After accounts: our own account templates win over allauth's.
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    # First: whatever asks whose request it is reads REMOTE_ADDR after this.
    "core.client_address.ClientAddressMiddleware",
    "core.middleware.AnswerMiddleware",
    "core.middleware.RefusingMiddleware",
    # Leads to HTTPS. Its headers, CSP's and X-Frame-Options are written by AnswerMiddleware.
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # 100 rows are 200 kB of HTML and 13 kB compressed; Django pads it against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    # Ahead of host names, sessions and logins: machines ask, by address.
    "core.health.HealthMiddleware",
    "core.middleware.ReadingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.PortalLoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ProgrammeMiddleware",
    "reports.middleware.DamagedEditionMiddleware",
]

ROOT_URLCONF = "rammeaftale.urls"
WSGI_APPLICATION = "rammeaftale.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # Django's own two, but ours joins the lines that go on. Read once, then kept.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "core.template_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rammeaftale.context_processors.portal",
            ],
        },
    }
]

# ATOMIC_REQUESTS stays off: with IMMEDIATE it would take the write lock for every page.
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'data' / 'portal.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Django's own, which can also be read on a full or a read-only disk. A connection stays open:
    # SQLite's companions of the file stay with it, and on a full disk no new ones can be made.
    _database["ENGINE"] = "core.sqlite"
    _database["CONN_MAX_AGE"] = None
    _options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    # Seconds; a machine that is gone would otherwise hold a request for two minutes.
    _options = {"connect_timeout": 5}
    if env.bool("DATABASE_POOLED", False):
        # Behind a pool that hands out a connection for each transaction: no cursor outlives one,
        # and the limits belong to the role (docs/drift.md).
        _database["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        # Compiling one of our queries (JIT) takes longer than answering it.
        _options["options"] = (
            "-c lock_timeout=5s -c statement_timeout=15s "
            "-c idle_in_transaction_session_timeout=30s -c jit=off"
        )
# The role of the web servers, which `migrate` gives its rights. Only PostgreSQL has roles.
DATABASE_WEB_ROLE = env.str("DATABASE_WEB_ROLE", "")
# What DATABASE_URL says itself (sslmode=…) stands beside it.
_database["OPTIONS"] = {**_options, **_database.get("OPTIONS", {})}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all workers. Nothing that must not be lost lies here: rate limits have a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.PortalAccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.resets.ResetTokens"
# A link to a new password lives one hour.
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# allauth counts in the cache, where other keys push counters out. accounts.throttles counts.
ACCOUNT_RATE_LIMITS = False
SESSION_COOKIE_AGE = 8 * 60 * 60
# A message shown is a message gone: kept in the session, that would be a write on reading.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "da"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# The files are for our own pages; there is no other address they are fetched from.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# One PDF at a time is made in each instance: its processes meet at this file.
PDF_LOCK = Path(env.str("PDF_LOCK", "") or BASE_DIR / "data" / "pdf.lock")
# Long editions get their files from a process of its own, which outlives the web worker.
RENDERS_IN_BACKGROUND = True

EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console:" if DEBUG or DEMO else "smtp:")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# django-simple-history: text reasons and our own index, decided before the first migration.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_DATE_INDEX = False

SECURE_SSL_REDIRECT = HTTPS
# core.health: a load balancer asks over plain http.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# The proxies in front: how many there are, or their addresses and networks. Only what they appended
# to X-Forwarded-For is believed (core.client_address).
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])
if env.bool("BEHIND_PROXY", bool(TRUSTED_PROXIES)):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# AnswerMiddleware writes X-Frame-Options on every answer; the check looks for its middleware.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Above this a request is answered with 413 before it is read; below it a form keeps what was typed.
MAX_REQUEST_MEGABYTES = 10
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_REQUEST_MEGABYTES * 1024 * 1024
# One field for each sentence of a month's change text; the size is limited above.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.request_id.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "core.request_id.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
