"""A throw-away PostgreSQL cluster for the tests.

It listens only on a Unix socket in its own temporary directory, so that it cannot be confused with
any other server. `initdb` refuses to run as root, so root runs it as the user postgres.
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
# The tests' data need not survive a power cut.
NOT_DURABLE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NoPostgres(Exception):
    """There is no PostgreSQL here, or it does not start; the message says what to do."""


class Cluster:
    """A PostgreSQL server in a directory of its own.

    `url` is an empty database in it, and `web_url` the same for the role of the web servers. A
    `durable` cluster keeps acknowledged transactions however it is stopped.
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
        """Create the role of the web servers; the owner of the tables grants it its rights."""
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
        # A file instead of a pipe: the server would keep a pipe open, and we would wait for ever.
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
                messages = output.read() + (self._log.read_text() if self._log.exists() else "")
                raise NoPostgres(f"{program} failed:\n{messages}")


@contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster for the block, and remove it afterwards."""
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
    """Start a cluster for the block; yields the URL of an empty database in it."""
    with running_cluster() as cluster:
        yield cluster.url


def _newest_binaries() -> Path:
    folders = [path for path in BINARIES.glob("*/bin") if (path / "initdb").exists()]
    if not folders:
        raise NoPostgres("There is no PostgreSQL here: sudo apt-get install postgresql")
    return max(folders, key=lambda path: float(path.parent.name))
