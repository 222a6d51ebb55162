"""A disk that is really full: a file system of a few megabytes, seen by one process alone."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# In a mount namespace of its own, root or not: nobody else sees it, and it ends with the process.
_OWN_MOUNTS = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "-r", "--mount"]
_MOUNT = 'mount -t tmpfs -o size="$1",mode=0700 none "$2" && shift 2 && exec "$@"'


def on_small_disk(folder: Path, size: str, command: list[str]) -> list[str]:
    """Return the command that runs `command` where `folder` is an empty disk of `size` ("2m")."""
    return [*_OWN_MOUNTS, "sh", "-c", _MOUNT, "sh", size, str(folder), *command]


def _may_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    probe = on_small_disk(Path("/tmp"), "1m", ["true"])
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


needs_small_disk = pytest.mark.skipif(
    not _may_mount(), reason="no right to mount a small disk here (unshare --mount)"
)
