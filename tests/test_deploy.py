"""The files in deploy/ are valid for their programs and agree with the settings."""

import re
import runpy
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands
from django.test import Client
from gunicorn.config import Config

from core.management.commands.render_error_pages import PAGES
from tests.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
JOBS = sorted((DEPLOY / "systemd").glob("*.timer"))
SITE = (DEPLOY / "nginx" / "portal.conf").read_text("utf-8")
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


HARDENING = """EnvironmentFile=/etc/portal/portal.env
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
CapabilityBoundingSet="""


def name_of(path: Path) -> str:
    return path.name


# The environment


def test_the_environment_shipped_names_every_variable_and_no_other():
    lines = (DEPLOY / "portal.env.example").read_text("utf-8").splitlines()
    named = [line.lstrip("#").split("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)]
    gunicorns = {"WEB_ADDRESS", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"}
    assert len(named) == len(set(named))
    assert set(named) == VARIABLES | gunicorns


def test_the_environment_shipped_holds_no_secret_and_is_safe():
    text = (DEPLOY / "portal.env.example").read_text("utf-8")
    assert re.search(r"^SECRET_KEY=$", text, re.MULTILINE)
    for switch in ("DEBUG", "DEMO", "HTTPS"):
        assert not re.search(rf"^{switch}=", text, re.MULTILINE)


# gunicorn


def gunicorn_settings() -> dict[str, Any]:
    settings = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    return {
        name: value
        for name, value in settings.items()
        if name[0] != "_" and name not in ("gc", "os")
    }


def test_gunicorn_takes_every_setting():
    config = Config()
    for name, value in gunicorn_settings().items():
        config.set(name, value)  # raises for a name or a value it does not know
    assert config.worker_class_str == "gthread"
    assert config.control_socket_disable


def after_loading(code: str) -> str:
    """Run code in a process that has loaded the portal, and return what the code prints."""
    return subprocess.run(
        [sys.executable, "-c", f"import rammeaftale.wsgi\n{code}"],
        cwd=ROOT,
        env={"SECRET_KEY": "none", "DATABASE_URL": "sqlite://:memory:"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.slow
def test_loading_the_portal_opens_no_connection_that_workers_would_share():
    code = (
        "from django.db import connections\n"
        "print([connection.connection for connection in connections.all()])"
    )
    assert after_loading(code) == "[None]\n"


@pytest.mark.slow
def test_loading_the_portal_reads_views_and_templates_that_workers_then_share():
    # The first page of a worker took 0.8 s of processor time, most of it for importing views.
    code = (
        "import sys\n"
        "from django.template import engines\n"
        "loaded = set(sys.modules)\n"
        "from django.urls import reverse\n"
        "reverse('core:accessibility')\n"
        "print({name for name in set(sys.modules) - loaded if name.endswith(('views', 'urls'))})\n"
        "(loader,) = engines['django'].engine.template_loaders\n"
        "print(*sorted(loader.get_template_cache))"
    )
    modules, templates = after_loading(code).splitlines()
    assert modules == "set()"
    folder = ROOT / "templates"
    ours = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}
    assert ours <= set(templates.split())


@pytest.mark.slow
def test_gunicorn_tells_systemd_when_it_is_ready_and_stops_on_request(tmp_path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        server = subprocess.Popen(
            [
                Path(sys.executable).with_name("gunicorn"),
                *("--config", "deploy/gunicorn.conf.py", "rammeaftale.wsgi"),
                *("--bind", f"unix:{tmp_path}/web", "--log-level", "error"),
            ],
            cwd=ROOT,
            env={
                "PATH": SYSTEM_PATH,
                "SECRET_KEY": "none",
                "DATABASE_URL": "sqlite://:memory:",
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
            },
        )
        try:
            assert systemd.recv(1000).startswith(b"READY=1")
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(60)
                client.connect(str(tmp_path / "web"))
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n")
                assert client.recv(1000).startswith(b"HTTP/1.1 200 OK")
        finally:
            server.terminate()
            # gunicorn waits graceful_timeout for a worker that is stopped while it starts.
            assert server.wait(120) == 0


def test_the_time_limits_follow_each_other():
    # A request times out before its worker is killed, and that before nginx gives up.
    shipped = gunicorn_settings()
    (unit,) = (path.read_text("utf-8") for path in UNITS if path.name == "portal-web@.service")
    proxy = (DEPLOY / "nginx" / "portal-proxy.conf").read_text("utf-8")
    stop = int(re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[0])
    read = int(re.findall(r"proxy_read_timeout (\d+)s;", proxy)[0])
    assert shipped["graceful_timeout"] < stop
    assert shipped["timeout"] <= read


# nginx


def test_nginx_accepts_bodies_as_large_as_the_portal_does():
    (size,) = re.findall(r"client_max_body_size (\d+)m;", SITE)
    assert int(size) == settings.MAX_REQUEST_MEGABYTES


def test_the_headers_of_nginx_are_the_portals(client: Client, db: None, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    response = Client().get("/was/", secure=True)
    text = (DEPLOY / "nginx" / "portal-headers.conf").read_text("utf-8")
    shipped = dict(re.findall(r'^add_header ([\w-]+) "([^"]+)" always;$', text, re.MULTILINE))
    names = [
        name
        for name in response.headers
        if name.startswith(("Content-Security", "Cross-Origin", "Strict-", "X-Content", "X-Frame"))
        or name == "Referrer-Policy"
    ]
    assert len(names) >= 6
    for name in names:
        assert sorted(shipped[name].split("; ")) == sorted(response[name].split("; ")), name


def test_every_nginx_location_that_adds_a_header_has_them_all():
    # A location that adds one header no longer inherits those of its server.
    for location in re.findall(r"location [^{]+\{[^}]*add_header[^}]*\}", SITE):
        assert "include /etc/nginx/portal-headers.conf;" in location


@pytest.mark.skipif(not shutil.which("nginx", path=SYSTEM_PATH), reason="nginx is not installed")
@pytest.mark.slow
def test_nginx_reads_the_site(tmp_path: Path):
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ),
            *("-nodes", "-days", "1", "-subj", "/CN=portal.example.dk"),
            *("-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    site = (
        SITE.replace("/etc/nginx/", f"{DEPLOY}/nginx/")
        .replace("/etc/portal/tls/", f"{tmp_path}/")
        .replace("/var/log/nginx/", f"{tmp_path}/")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}} http {{ access_log off; {site} }}"
    )
    done = subprocess.run(
        [shutil.which("nginx", path=SYSTEM_PATH) or "", "-t", "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@pytest.mark.parametrize("code", re.findall(r"error_page [\d ]+/(\d+)\.html", SITE))
def test_nginx_has_a_danish_page_for_each_error(code: str, tmp_path: Path):
    call_command("render_error_pages", str(tmp_path))
    assert {path.stem for path in tmp_path.iterdir()} == set(PAGES)
    html = (tmp_path / f"{code}.html").read_text("utf-8")
    assert '<html lang="da">' in html
    assert html.count("<h1") == 1
    assert "None" not in html


# systemd


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.slow
def test_systemd_reads_every_unit(tmp_path: Path):
    # The programs in the units exist on the server only, so another one replaces them here.
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/portal/current/.venv/bin/", "/bin/")
        text = re.sub("/bin/(python|gunicorn) ", "/bin/true ", text)
        (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    about_ours = [line for line in done.stderr.splitlines() if "portal-" in line]
    assert about_ours == []


@pytest.mark.parametrize("path", [unit for unit in UNITS if unit.suffix == ".service"], ids=name_of)
def test_a_service_has_few_rights(path: Path):
    text = path.read_text("utf-8")
    for line in HARDENING.splitlines():
        assert re.search(rf"^{re.escape(line)}$", text, re.MULTILINE), line
    assert re.search(r"^MemoryMax=\d+M$", text, re.MULTILINE)
    # One process that takes too much memory must not stop those that answer beside it.
    if "PDF_LOCK" in text:
        assert re.search(r"^OOMPolicy=continue$", text, re.MULTILINE)
    # Another user than that of the web servers may read the owner's password.
    user = "portal-owner" if "owner.env" in text else "portal"
    assert f"\nUser={user}\nGroup={user}\n" in text


@pytest.mark.parametrize("path", JOBS, ids=name_of)
def test_a_timer_starts_a_service_that_exists(path: Path):
    (unit,) = re.findall(r"^Unit=(.+)$", path.read_text("utf-8"), re.MULTILINE)
    template = re.sub("@.*[.]", "@.", unit)
    assert (DEPLOY / "systemd" / template).exists()


def commands_of_the_timers() -> list[str]:
    units = [path.read_text("utf-8") for path in UNITS]
    pattern = r"(?:Unit=portal-job@|manage\.py )(\w+)"
    return [name for text in units for name in re.findall(pattern, text)]


@pytest.mark.parametrize("command", commands_of_the_timers())
def test_a_timer_runs_a_command_that_exists(command: str):
    assert command in set(get_commands())


# The guide


def test_the_guide_names_every_unit_and_command():
    guide = (ROOT / "docs" / "drift.md").read_text("utf-8")
    for unit in UNITS:
        assert unit.name.replace("@.service", "@") in guide, unit.name
    for name in ("portal.conf", "portal-headers.conf", "portal-proxy.conf", "portal.env.example"):
        assert name in guide, name
    for command in commands_of_the_timers():
        assert command in guide, command


def test_every_command_in_the_guide_exists():
    guide = (ROOT / "docs" / "drift.md").read_text("utf-8")
    named = set(re.findall(r"manage\.py ([a-z_]+)", guide)) | set(
        re.findall(r"^ *portal ([a-z_]+)", guide, re.MULTILINE)
    )
    assert named
    assert named <= set(get_commands())
