"""The portal as in production, on loopback: PostgreSQL, two instances, nginx with a certificate.

Everything runs from the files in deploy/, in which ports and folders are replaced. Each instance
has its own copy of the code, its own static files and its own PDF lock, as if it were alone on a
machine.
"""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.postgres import Cluster, running_cluster
from scripts.prod_smoke_clients import HOST, Browser, Door

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "en-lang-adgangskode-til-prøven"
# Seconds to wait for a server.
SERVER_TIMEOUT = 60.0


class NotReady(Exception):
    """Something did not start; the message has the end of its output."""


def free_port() -> int:
    """Find a port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(holds: Callable[[], bool], what: str, patience: float = SERVER_TIMEOUT) -> float:
    """Wait until the condition holds. Returns the seconds it took; raises NotReady."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > patience:
            raise NotReady(f"{what}: not within {patience:g} s.")
        time.sleep(0.05)
    return time.monotonic() - begun


class Process:
    """A server in a process group of its own, which is ended by its id."""

    def __init__(self, command: list[str], cwd: Path, env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
            )

    def stop(self, patience: float = 20) -> None:
        """Stop it as systemd stops a service: SIGTERM to the first process."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """Kill the whole group with SIGKILL."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def reload(self) -> None:
        self._process.send_signal(signal.SIGHUP)

    def is_running(self) -> bool:
        return self._process.poll() is None

    def processor_seconds(self) -> float:
        """Sum the processor time of the group so far, including children that have ended."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self._process.pid:
                    ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


class Instance:
    """An instance of the portal: a gunicorn with its own copy of the code."""

    def __init__(self, name: str, folder: Path, env: dict[str, str]) -> None:
        self.name, self.folder, self.port = name, folder, free_port()
        self.code = folder / "portal"
        (folder / "tmp").mkdir(parents=True)
        self.env = {**env, "TMPDIR": str(folder / "tmp"), "PDF_LOCK": str(folder / "pdf.lock")}
        self.door = Door(self.port)
        self._process: Process | None = None

    def unpack(self, release: str = "portal") -> None:
        """Make a new copy of the code, as an upgrade puts one beside the old."""
        self.code = self.folder / release
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (self.code / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.code / name)

    def manage(self, *arguments: str, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.code, env={**self.env, **env}, capture_output=True, text=True, check=False,
            timeout=300,
        )  # fmt: skip
        if done.returncode:
            raise NotReady(f"manage.py {' '.join(arguments)}:\n{done.stderr[-3000:]}")
        return done.stdout

    def collect(self) -> None:
        """Make the static files and error pages, as `make release` does after the packages."""
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        self.manage("render_error_pages", "error_pages")

    def take_files_of(self, other: "Instance") -> None:
        """Copy the files of another instance with the same code; making them takes a while."""
        for name in ("staticfiles", "error_pages"):
            shutil.copytree(other.code / name, self.code / name)

    def start(self, *options: str) -> None:
        command = [
            str(Path(sys.executable).with_name("gunicorn")),
            "--config=deploy/gunicorn.conf.py",
            f"--bind=127.0.0.1:{self.port}",
            "--access-logfile=-",
            *options,
            "rammeaftale.wsgi",
        ]
        self._process = Process(command, self.code, self.env, self.folder / "log")
        try:
            wait_until(self.is_ready, f"Instance {self.name} is ready")
        except NotReady as error:
            raise NotReady(f"{error}\n{self._process.tail()}") from error

    def is_ready(self) -> bool:
        assert self._process
        if not self._process.is_running():
            raise NotReady(f"Instance {self.name} ended:\n{self._process.tail()}")
        return Browser(self.door, patience=5).get("/readyz").status == 200

    def stop(self) -> None:
        if self._process:
            self._process.stop()

    def kill(self) -> None:
        if self._process:
            self._process.kill()

    def processor_seconds(self) -> float:
        return self._process.processor_seconds() if self._process else 0.0

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


class Nginx:
    """An nginx with the site of deploy/nginx, in a folder of its own."""

    def __init__(self, folder: Path, instances: list[Instance]) -> None:
        self.folder, self.instances = folder, instances
        self.port, self.plain_port = free_port(), free_port()
        self._process: Process | None = None
        folder.mkdir()
        _make_certificate(folder)
        context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        self.door = Door(self.port, context)

    def start(self) -> None:
        self.write(self.instances)
        command = [program("nginx"), "-p", str(self.folder), "-c", "nginx.conf"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        if checked.returncode:
            raise NotReady(f"nginx -t:\n{checked.stderr}")
        self._process = Process(
            [*command, "-g", "daemon off;"], self.folder, dict(os.environ), self.folder / "log"
        )
        wait_until(lambda: Browser(self.door).get("/healthz").status == 200, "nginx answers")

    def write(
        self, up: list[Instance], *, buffering: bool = True, passing_over: bool = True
    ) -> None:
        """Write the configuration, with the instances in `up` and the others marked as down.

        A control of a test turns `buffering` or `passing_over` off.
        """
        shipped = ROOT / "deploy" / "nginx"
        for name in ("portal-headers.conf", "portal-proxy.conf"):
            text = (shipped / name).read_text("utf-8")
            if not buffering:
                text = text.replace("buffering on;", "buffering off;")
            if not passing_over and name == "portal-proxy.conf":
                text += "proxy_next_upstream off;\n"
            (self.folder / name).write_text(text, "utf-8")
        replaced = {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen [::]:80;": "",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            "listen [::]:443 ssl;": "",
            "/var/log/nginx/portal.log": str(self.folder / "access.log"),
            "/etc/portal/tls/": f"{self.folder}/",
            "/opt/portal/current/": f"{self.instances[0].code}/",
            "/etc/nginx/portal-": f"{self.folder}/portal-",
        }
        for port, instance in zip((8001, 8002), self.instances, strict=True):
            line = f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s"
            down = "" if instance in up else " down"
            replaced[line] = line.replace(str(port), str(instance.port)) + down
        site = (shipped / "portal.conf").read_text("utf-8")
        for old, new in replaced.items():
            assert old in site, f"deploy/nginx/portal.conf has no »{old}« any more."
            site = site.replace(old, new)
        (self.folder / "portal.conf").write_text(site, "utf-8")
        (self.folder / "nginx.conf").write_text(_main_configuration(self.folder), "utf-8")

    def ask_only(self, up: list[Instance], **without: bool) -> None:
        """Let nginx finish the requests that it has begun and then ask only these instances, as the
        first step of an upgrade."""
        assert self._process
        self.write(up, **without)
        self._process.reload()
        time.sleep(1)

    def stop(self) -> None:
        if self._process:
            self._process.stop()

    def log(self) -> str:
        return (self.folder / "access.log").read_text(errors="replace")


def program(name: str) -> str:
    """Find a program on the PATH or in /usr/sbin, which is not on everybody's PATH."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not path:
        raise NotReady(f"There is no {name} here: sudo apt-get install {name}")
    return path


def _main_configuration(folder: Path) -> str:
    """Write the main configuration, like Debian's nginx.conf but with every file in `folder`."""
    places = "\n".join(
        f"    {kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""{user}
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
{places}
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    # For the smoke test alone: which instance has answered.
    add_header X-Served-By $upstream_addr always;
    include {folder}/portal.conf;
}}
"""


def _make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
            "-addext", f"subjectAltName=DNS:{HOST}",
            "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem",
        ],
        capture_output=True, check=True,
    )  # fmt: skip


class Site:
    """The whole portal: the database, two instances and nginx."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.cluster = cluster
        env = environment(cluster.web_url)
        self.one = Instance("one", folder / "one", env)
        self.two = Instance("two", folder / "two", env)
        self.one.unpack()
        self.two.unpack()
        self.nginx = Nginx(folder / "nginx", [self.one, self.two])

    @property
    def door(self) -> Door:
        return self.nginx.door

    def migrate(self, instance: Instance) -> None:
        """Migrate as the owner of the tables, whose password no web server has."""
        instance.manage("migrate", "--no-input", "--verbosity=0", DATABASE_URL=self.cluster.url)

    def fill(self) -> None:
        """Create the tables, the real programme with example people and judgements, and a large
        programme."""
        owner = {"DATABASE_URL": self.cluster.url}
        prepared = {**owner, "DEMO": "1", "DEMO_PASSWORD": PASSWORD}
        self.migrate(self.one)
        named = ("--no-input", "--email=drift@example.dk", "--name=Drift")
        self.one.manage("createsuperuser", *named, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
        self.one.manage("load_programme", "--since=2025-10-01", **prepared)
        self.one.manage("demo", **prepared)
        self.one.manage("make_load", "--initiatives=200", "--programme=belastning", **prepared)

    def start(self) -> None:
        self.one.start()
        self.two.start()
        self.nginx.start()

    def stop(self) -> None:
        for part in (self.nginx, self.one, self.two):
            part.stop()


def environment(database_url: str) -> dict[str, str]:
    """Return the environment of deploy/portal.env.example, filled in."""
    lines = (ROOT / "deploy" / "portal.env.example").read_text("utf-8").splitlines()
    shipped = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    inherited = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    return (
        inherited
        | shipped
        | {
            "SECRET_KEY": "en lang hemmelighed til prøven, som ingen anden portal har " * 2,
            "DATABASE_URL": database_url,
            "ALLOWED_HOSTS": HOST,
            "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        }
    )


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Fill and start the site for the block, and stop it afterwards."""
    with running_cluster(durable=True) as cluster:
        site = Site(folder, cluster)
        try:
            site.fill()
            site.one.collect()
            site.two.take_files_of(site.one)
            site.start()
            yield site
        finally:
            site.stop()
