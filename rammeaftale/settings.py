"""Settings: one file, read from the environment, safe by default.

There are three separate switches: DEBUG (for development only), DEMO (allows example data and
users) and HTTPS (on by default). A missing SECRET_KEY is an error. README.md lists every variable.
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

# The day of the demo. On a later day every deadline of the February plan would be overdue.
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
    # After accounts, so that our account templates take precedence over allauth's.
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    # First, because everything after it reads the client's address from REMOTE_ADDR.
    "core.client_address.ClientAddressMiddleware",
    "core.middleware.AnswerMiddleware",
    "core.middleware.RefusingMiddleware",
    # Redirects to HTTPS. AnswerMiddleware writes its headers, CSP's and X-Frame-Options.
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # 100 rows are 200 kB of HTML and 13 kB compressed. Django adds padding against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    # Before host names, sessions and logins are looked at: load balancers ask by IP address.
    "core.health.HealthMiddleware",
    "core.middleware.ReadingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginClockMiddleware",
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
            # Django's two loaders, but ours joins continued lines. Templates are read once.
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

# ATOMIC_REQUESTS stays off: with IMMEDIATE transactions every page would take the write lock.
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'data' / 'portal.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Our backend can also read on a full or a read-only disk. Connections stay open because SQLite
    # then keeps its files beside the database, which it could not create again on a full disk.
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
    # Seconds. Without a limit, a dead database server would hold a request for two minutes.
    _options = {"connect_timeout": 5}
    if env.bool("DATABASE_POOLED", False):
        # A pool gives out a connection for each transaction: no cursor may outlive it, and the
        # time limits are set on the role instead (docs/drift.md).
        _database["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        # Compiling one of our queries (JIT) takes longer than running it.
        _options["options"] = (
            "-c lock_timeout=5s -c statement_timeout=15s "
            "-c idle_in_transaction_session_timeout=30s -c jit=off"
        )
# The role of the web servers; `migrate` grants it its rights. Only PostgreSQL has roles.
DATABASE_WEB_ROLE = env.str("DATABASE_WEB_ROLE", "")
# Options in DATABASE_URL itself (sslmode=…) take precedence.
_database["OPTIONS"] = {**_options, **_database.get("OPTIONS", {})}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache is shared by all workers and may lose entries. Rate limits have a table instead.
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
# A link to a new password works for one hour.
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
# allauth counts attempts in the cache, which may drop counters; accounts.throttles counts instead.
ACCOUNT_RATE_LIMITS = False
# Seconds. A login ends after the first, and before that when nobody has used it for the second
# (accounts.login_clock); the page warns a while before.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_AGE = 60 * 60
SESSION_WARNING_AGE = 2 * 60
# Messages are in a cookie: removing a shown message from the session would be a write in a GET.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "da"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Only our own pages fetch the static files.
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

# The processes of an instance lock this file, so that each instance makes one PDF at a time.
PDF_LOCK = Path(env.str("PDF_LOCK", "") or BASE_DIR / "data" / "pdf.lock")
# The files of long editions are made in a separate process, which outlives the web worker.
RENDERS_IN_BACKGROUND = True

EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console:" if DEBUG or DEMO else "smtp:")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where the portal stands, as "https://portal.example": the links in reminders begin with it.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000" if DEMO else "").rstrip("/")

# django-simple-history: reasons are text, and the index is ours (`core.tracking.History`).
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_DATE_INDEX = False

SECURE_SSL_REDIRECT = HTTPS
# A load balancer asks for these over plain http (core.health).
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# The proxies in front of the portal: their number, or their addresses and networks. Only what they
# appended to X-Forwarded-For is believed (core.client_address).
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])
if env.bool("BEHIND_PROXY", bool(TRUSTED_PROXIES)):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The check wants Django's middleware for X-Frame-Options, which AnswerMiddleware writes instead.
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

# A larger request is answered with 413 before it is read.
MAX_REQUEST_MEGABYTES = 10
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_REQUEST_MEGABYTES * 1024 * 1024
# A month's change text has one field for each sentence. The size is limited above.
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
