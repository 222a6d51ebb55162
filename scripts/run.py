"""Serve the demo: `make run`. It shows what production shows, with example data.

It runs with DEBUG=0 DEMO=1 HTTPS=0, a database of its own, and a secret and a password that are
made at the first start and kept outside git. The data are kept from one start to the next.
"""

import json
import os
import secrets
import socket
import sys
from datetime import date
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SECRETS = DATA / "demo.env"
DATABASE = DATA / "demo.sqlite3"
HOST = "127.0.0.1"
# The month in which the invented judgements, and therefore the visible history, begin.
SINCE = date(2025, 10, 1)
# Variables that the demo must not take from the environment it is started in.
NOT_INHERITED = (
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "CSRF_TRUSTED_ORIGINS",
    "EMAIL_URL",
    "SECRET_KEY_FALLBACKS",
    "TRUSTED_PROXIES",
)


def main() -> None:
    port = _port(sys.argv[1:])
    DATA.mkdir(mode=0o700, exist_ok=True)
    demo_secrets = _secrets()
    for name in NOT_INHERITED:
        os.environ.pop(name, None)
    os.environ |= demo_secrets | {
        "DJANGO_SETTINGS_MODULE": "rammeaftale.settings",
        "DATABASE_URL": f"sqlite:///{DATABASE}",
        "DEBUG": "0",
        "DEMO": "1",
        "HTTPS": "0",
        "SITE_URL": f"http://{HOST}:{port}",
    }
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    _prepare()
    print(f"\nThe portal: http://{HOST}:{port}/   (stop it with Ctrl-C)\n")
    _print_logins(demo_secrets["DEMO_PASSWORD"])
    sys.stdout.flush()
    _serve(port)


def _port(arguments: list[str]) -> int:
    """Read the port to serve on. Exits with a sentence when it is no port or in use."""
    value = arguments[0] if arguments else "8000"
    if not value.isdecimal() or not 0 < int(value) < 65536:
        sys.exit(f"PORT={value} is no port: give a number between 1 and 65535.")
    with socket.socket() as probe:
        # As gunicorn does, so that the port of a server that was just stopped counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(value)))
        except PermissionError:
            sys.exit(f"Port {value} is reserved for root: try make run PORT=8000")
        except OSError:
            sys.exit(f"Port {value} is in use: try make run PORT={min(int(value) + 1, 65535)}")
    return int(value)


def _secrets() -> dict[str, str]:
    """Read SECRET_KEY and DEMO_PASSWORD, or make them at the first start."""
    lines = SECRETS.read_text("utf-8").splitlines() if SECRETS.exists() else []
    stored = dict(line.split("=", 1) for line in lines if "=" in line)
    made = {"SECRET_KEY": secrets.token_urlsafe(50), "DEMO_PASSWORD": secrets.token_urlsafe(9)}
    if made.keys() <= stored.keys():
        return stored
    stored = made | stored
    SECRETS.touch(mode=0o600)
    SECRETS.chmod(0o600)
    SECRETS.write_text("".join(f"{name}={value}\n" for name, value in stored.items()), "utf-8")
    return stored


def _prepare() -> None:
    """Make tables, programme, demo rows and static files; each step makes only what is missing."""
    # The settings read the environment, so Django can't be imported before it is set.
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    first = not DATABASE.exists()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    loaded = StringIO()
    call_command("load_programme", since=SINCE, stdout=loaded)
    if first:
        print(loaded.getvalue(), end="")
    call_command("demo", stdout=StringIO())
    call_command("demo_edition", stdout=StringIO())
    call_command("collectstatic", verbosity=0, interactive=False)


def _print_logins(password: str) -> None:
    """Print the demo's users with their password, unless somebody has changed it."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415

    people = json.loads((ROOT / "fixtures" / "demo.json").read_text("utf-8"))["users"]
    for person in people:
        user = get_user_model().objects.filter(email=person["email"]).first()
        if user is not None:
            shown = password if user.check_password(password) else "(changed since it was made)"
            print(f"  {person['email']:24} {shown:28} {person['name']}, {person['role']}")
    print()


def _serve(port: int) -> None:
    """Become gunicorn as in production, so that Ctrl-C reaches it directly."""
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    arguments = [
        gunicorn,
        "--config=deploy/gunicorn.conf.py",
        f"--bind={HOST}:{port}",
        "--log-level=warning",
        "rammeaftale.wsgi",
    ]
    os.execv(gunicorn, arguments)


if __name__ == "__main__":
    main()
