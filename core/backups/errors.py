"""What a backup or a restore may fail of, as a Danish sentence for the one who runs it."""

import errno
from pathlib import Path


class BackupError(Exception):
    """The backup or the restore has failed; the message says why and what to do."""


FULL = (errno.ENOSPC, errno.EDQUOT)
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def of_system(error: OSError, path: Path) -> BackupError:
    """The system's own error in `path`, in our words."""
    if error.errno in FULL:
        return BackupError(f"Disken er fuld: {path}.")
    if error.errno in REFUSED:
        return BackupError(f"Der er ikke adgang til {path}. Se efter mappens ejer og rettigheder.")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return BackupError(f"{path} er ikke en mappe.")
    return BackupError(f"{path}: {error.strerror}.")
