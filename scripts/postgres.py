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
# Nobody misses the data after a power cut.
SERVER_OPTIONS = (
    "-c listen_addresses='' -c unix_socket_permissions=0700 -c fsync=off "
    "-c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
)


class NoPostgres(Exception):
    """There is no PostgreSQL here, or it does not start; the message says what to do."""


@contextmanager
def throwaway_cluster() -> Iterator[str]:
    """The URL of an empty database in a cluster that lives as long as the block.

    The URL's user owns it; the role portal_web is there to be given the rights of the web.
    """
    binaries = _newest_binaries()
    directory = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))
    become: list[str] = []
    if os.geteuid() == 0:
        become = ["runuser", "-u", "postgres", "--"]
        shutil.chown(directory, "postgres", "postgres")
    data, log = directory / "data", directory / "log"

    def run(program: str, *arguments: str) -> None:
        command = [*become, str(binaries / program), *arguments]
        # Files and not pipes: the server would keep a pipe open and we would wait for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command,
                cwd=directory,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )
            if done.returncode:
                output.seek(0)
                said = output.read() + (log.read_text() if log.exists() else "")
                raise NoPostgres(f"{program} failed:\n{said}")

    try:
        run(
            "initdb", f"--pgdata={data}", "--username=portal", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        options = f"{SERVER_OPTIONS} -c unix_socket_directories={directory}"
        run("pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={log}", f"--options={options}")
        try:
            run(
                "psql", f"--host={directory}", "--username=portal", "--dbname=postgres",
                "--no-psqlrc", "--command=CREATE ROLE portal_web LOGIN",
            )  # fmt: skip
            yield f"postgres://portal@{quote(str(directory), safe='')}/postgres"
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={data}")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _newest_binaries() -> Path:
    found = [path for path in BINARIES.glob("*/bin") if (path / "initdb").exists()]
    if not found:
        raise NoPostgres("There is no PostgreSQL here: sudo apt-get install postgresql")
    return max(found, key=lambda path: float(path.parent.name))
