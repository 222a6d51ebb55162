"""Make the files of a locked edition, as a stored job that survives the process working on it.

The job is a row that is written together with its edition. The process that makes the files claims
it first, with one UPDATE that only one of many can win, on any machine. A claim runs out: when
its process is killed, the next request or `manage.py render_editions` takes the job up again.
"""

import enum
import fcntl
import logging
import math
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from plan.document import PlanDocument
from reports.editions import files
from reports.formats.pdf import PATIENCE, PdfTookTooLong, open_lock
from reports.formats.report_html import seconds_for
from reports.models import Damaged, Edition, EditionFile, EditionRendering

logger = logging.getLogger(__name__)

# For a longer edition the browser does not wait: the page says that the files are being made.
MAX_ROWS_WAITED_FOR = 60
# A job that has failed this many times, or whose process was killed, waits for a person.
MAX_ATTEMPTS = 3
# How long a job rests after a failure.
PAUSE = timedelta(minutes=1)
# How many seconds a job waits for the PDFs of others, and how many the other formats may take.
TURN = 60.0
OTHER_FORMATS = 60.0
# The limits of the process in the background; each PDF has its own (reports/formats/pdf.py).
LIMITS = ["nice", "-n", "10", "prlimit", "--cpu=1800", f"--as={2 * 1024**3}"]


class State(enum.Enum):
    """How far the making of an edition's files has come."""

    COMPLETE = enum.auto()
    QUEUED = enum.auto()
    UNDER_WAY = enum.auto()
    FAILED = enum.auto()


class Outcome(enum.Enum):
    """The result of an attempt. LATER: another process has the job, or it is queued again."""

    MADE = enum.auto()
    FAILED = enum.auto()
    LATER = enum.auto()


def state_of(job: EditionRendering | None, formats: Collection[str]) -> State:
    """Find how far the files of an edition have come, from its job and the formats it has."""
    if len(formats) == len(files.FORMATS):
        return State.COMPLETE
    if job is None or job.failed_at:
        return State.FAILED
    if job.free_from and job.free_from > timezone.now():
        return State.UNDER_WAY
    return State.QUEUED if job.attempts < MAX_ATTEMPTS else State.FAILED


def may_be_taken(job: EditionRendering) -> bool:
    """Whether a process would take the job up now, if its edition lacks files."""
    is_free = job.free_from is None or job.free_from <= timezone.now()
    return is_free and job.attempts < MAX_ATTEMPTS


# For somebody who waits


def make(edition: Edition, at: datetime, *, is_new: bool = False) -> bool:
    """Make the files of an edition while somebody waits; in the background when it is long, or when
    its turn does not come in time. A new edition has no files yet.

    Returns whether nothing has failed so far.
    """
    document = _document(edition)
    if _rows(document) <= MAX_ROWS_WAITED_FOR:
        stored_formats = frozenset[str]() if is_new else None
        outcome = attempt_job(edition, at, stored_formats, document=document, patience=PATIENCE)
        if outcome is not Outcome.LATER:
            return outcome is Outcome.MADE
    start_in_background()
    return True


def ask_again(edition: Edition, at: datetime) -> bool:
    """Try again for the button Prøv igen: set the attempts to zero, and make the files as `make`
    does."""
    idle = Q(failed_at__isnull=False) | Q(free_from=None) | Q(free_from__lte=timezone.now())
    try:
        EditionRendering.objects.get_or_create(edition=edition, defaults={"queued_at": at})
        EditionRendering.objects.filter(idle, edition=edition).update(attempts=0, free_from=None)
    except DatabaseError:
        logger.exception("The files of %s could not be asked for again.", edition)
        return False
    return make(edition, at)


def start_in_background() -> None:
    """Start `manage.py render_editions` as a separate process, unless this instance already runs
    one.

    It outlives the web worker, and no thread waits for it. It inherits the lock that is held while
    it is started and keeps it as long as it runs, so that the next call finds the lock taken.
    """
    if not settings.RENDERS_IN_BACKGROUND:
        return
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "render_editions"]
    try:
        with open_lock(settings.PDF_LOCK.with_suffix(".jobs")) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            subprocess.run(
                # In a new session the system adopts it, so that nobody has to wait for its end.
                ["setsid", "--fork", *LIMITS, *manage],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                pass_fds=[lock.fileno()],
                timeout=5,
                check=True,
            )
    except BlockingIOError:
        return
    except (OSError, subprocess.SubprocessError):
        # The job is stored, so the timer finds it.
        logger.exception("The process that makes files in the background did not start.")


# For the processes that take jobs up


def take_up(at: datetime) -> Iterator[tuple[Edition, Outcome]]:
    """Attempt every free job once, the oldest first, until none is left."""
    tried: set[int] = set()
    while edition := _free_jobs().exclude(pk__in=tried).order_by("rendering__queued_at").first():
        tried.add(edition.pk)
        yield edition, attempt_job(edition, at)


def unfinished() -> QuerySet[Edition]:
    """Select the editions that lack files."""
    counted = EditionFile.objects.values("edition").annotate(number=Count("id"))
    complete = counted.filter(number=len(files.FORMATS)).values("edition")
    lacking: QuerySet[Edition] = Edition.objects.exclude(pk__in=complete)
    return lacking.select_related("report__programme", "compared_with__report", "rendering")


def _free_jobs() -> QuerySet[Edition]:
    is_free = Q(rendering__free_from=None) | Q(rendering__free_from__lte=timezone.now())
    return unfinished().filter(
        is_free, rendering__isnull=False, rendering__attempts__lt=MAX_ATTEMPTS
    )


def attempt_job(
    edition: Edition,
    at: datetime,
    stored_formats: frozenset[str] | None = None,
    *,
    document: PlanDocument | None = None,
    patience: float = math.inf,
) -> Outcome:
    """Claim the edition's job and make its missing files. `stored_formats` are those it has, and
    `document` the locked one, if they have been read already."""
    document = document or _document(edition)
    seconds = 1.2 * seconds_for(_rows(document))
    patience = min(patience, TURN + seconds)
    try:
        until = _claim(edition, timedelta(seconds=patience + OTHER_FORMATS))
    except DatabaseError:
        # The claim can't be stored on a full disk, for example.
        logger.exception("The files of %s could not be begun.", edition)
        return Outcome.FAILED
    if until is None:
        return Outcome.LATER
    if stored_formats is None:
        stored_formats = frozenset(edition.files.values_list("format", flat=True))
    try:
        files.render_missing(edition, at, stored_formats, document=document, patience=patience)
    except PdfTookTooLong as error:
        logger.warning("The PDF of %s waits: %s", edition, error)
        _end(edition, until, attempts=F("attempts") - 1, free_from=None)
        return Outcome.LATER
    except Exception as error:
        # Whatever it was: the edition is locked, and its page offers to try again.
        logger.exception("The files of %s could not all be made.", edition)
        _note_failure(edition, until, error)
        return Outcome.FAILED
    return Outcome.MADE


def _document(edition: Edition) -> PlanDocument | None:
    """Read the locked document; None when it is damaged, which rendering will refuse."""
    with suppress(Damaged):
        return edition.plan()
    return None


def _rows(document: PlanDocument | None) -> int:
    return files.count_rows(document) if document else 0


def _claim(edition: Edition, duration: timedelta) -> datetime | None:
    """Claim the job for `duration`; None when another process has it or it was tried too often.

    It uses the machine's clock, since the day of a demo stands still.
    """
    now = timezone.now()
    is_free = Q(free_from=None) | Q(free_from__lte=now)
    jobs = EditionRendering.objects.filter(is_free, edition=edition, attempts__lt=MAX_ATTEMPTS)
    until = now + duration
    taken = jobs.update(free_from=until, attempts=F("attempts") + 1, failed_at=None)
    return until if taken else None


def _note_failure(edition: Edition, until: datetime, error: Exception) -> None:
    """Let the job rest, and log when it is given up."""
    now = timezone.now()
    message = f"{type(error).__name__}: {error}"[:2000]
    _end(edition, until, failed_at=now, free_from=now + PAUSE, error=message)
    if EditionRendering.objects.filter(edition=edition, attempts__gte=MAX_ATTEMPTS).exists():
        logger.error("The files of %s are given up after %s attempts.", edition, MAX_ATTEMPTS)


def _end(edition: Edition, until: datetime, **values: object) -> None:
    """End the claim that lasts `until`. If it ran out, the job may be claimed by another by now,
    and nothing is changed."""
    try:
        EditionRendering.objects.filter(edition=edition, free_from=until).update(**values)
    except DatabaseError:
        # A full disk can't store this either; the claim runs out, and the files are missing.
        logger.exception("It could not be noted either.")
