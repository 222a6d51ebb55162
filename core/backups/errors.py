"""The errors of a backup or a restore, as Danish sentences for whoever runs it."""

import errno
from pathlib import Path


class BackupError(Exception):
    """The backup or the restore has failed; the message says why and what to do."""


NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NO_ACCESS = (errno.EACCES, errno.EPERM, errno.EROFS)


def from_os_error(error: OSError, path: Path) -> BackupError:
    """Return the operating system's error at `path` as a BackupError with a Danish sentence."""
    if error.errno in NO_SPACE:
        return BackupError(f"Disken er fuld: {path}.")
    if error.errno in NO_ACCESS:
        return BackupError(f"Der er ikke adgang til {path}. Se efter mappens ejer og rettigheder.")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return BackupError(f"{path} er ikke en mappe.")
    return BackupError(f"{path}: {error.strerror}.")
