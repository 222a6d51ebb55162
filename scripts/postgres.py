"""A throw-away PostgreSQL cluster for the tests: made, started, used, stopped and removed.

It listens on a Unix socket in its own temporary directory and nowhere else, so it meets no other
server and nobody else meets it. `initdb` refuses root: then it runs as the user postgres.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

BINARIES = Path("/usr/lib/postgresql")
SERVER_OPTIONS = "-c listen_addresses='' -c unix_socket_permissions=0700 -c max_connections=100"
# Nobody misses the tests' data after a power cut.
NOT_DURABLE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NoPostgres(Exception):
    """There is no PostgreSQL here, or it does not start; the message says what to do."""


class Cluster:
    """A PostgreSQL server of our own in a directory of its own; `url` is an empty database in it.

    The web logs in by `web_url`.
    A `durable` one keeps what it has acknowledged through any way of being stopped.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._binaries = _newest_binaries()
        self.directory = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))
        self.url = f"postgres://portal@{quote(str(self.directory), safe='')}/postgres"
        self.web_url = self.url.replace("portal@", "portal_web@")
        self._become: list[str] = []
        if os.geteuid() == 0:
            self._become = ["runuser", "-u", "postgres", "--"]
            shutil.chown(self.directory, "postgres", "postgres")
        self._data, self._log = self.directory / "data", self.directory / "log"
        options = SERVER_OPTIONS if durable else f"{SERVER_OPTIONS} {NOT_DURABLE}"
        self._options = f"{options} -c unix_socket_directories={self.directory}"
        self._run(
            "initdb", f"--pgdata={self._data}", "--username=portal", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def make_web_role(self) -> None:
        """The role of the web servers, to be given its rights by whoever owns the tables."""
        self._run(
            "psql", f"--host={self.directory}", "--username=portal", "--dbname=postgres",
            "--no-psqlrc", "--command=CREATE ROLE portal_web LOGIN",
        )  # fmt: skip

    def start(self) -> None:
        self._run(
            "pg_ctl", "start", "--wait", f"--pgdata={self._data}", f"--log={self._log}",
            f"--options={self._options}",
        )  # fmt: skip

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "--wait", f"--mode={mode}", f"--pgdata={self._data}")

    def remove(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._become, str(self._binaries / program), *arguments]
        # Files and not pipes: the server would keep a pipe open and we would wait for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command,
                cwd=self.directory,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )
            if done.returncode:
                output.seek(0)
                said = output.read() + (self._log.read_text() if self._log.exists() else "")
                raise NoPostgres(f"{program} failed:\n{said}")


@contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A cluster that runs and lives as long as the block."""
    cluster = Cluster(durable=durable)
    try:
        cluster.start()
        try:
            cluster.make_web_role()
            yield cluster
        finally:
            cluster.stop()
    finally:
        cluster.remove()


@contextmanager
def throwaway_cluster() -> Iterator[str]:
    """The URL of an empty database in a cluster that lives as long as the block."""
    with running_cluster() as cluster:
        yield cluster.url


def _newest_binaries() -> Path:
    found = [path for path in BINARIES.glob("*/bin") if (path / "initdb").exists()]
    if not found:
        raise NoPostgres("There is no PostgreSQL here: sudo apt-get install postgresql")
    return max(found, key=lambda path: float(path.parent.name))
