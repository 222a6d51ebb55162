"""The process whose children are killed: `python -m tests.concurrency.killed_worker PROGRAMME`.

Each line on stdin, an act, forks a child that does just that again and again; its
number is answered on stdout when it has begun, and "dead" when it has ended. Forked and not
started: fifty starts of Django would take a minute.
"""

import os
import sys
from datetime import timedelta
from itertools import count

import django

django.setup()

from core import clock  # noqa: E402
from principles.models import Programme  # noqa: E402
from reports.editions import files, rendering  # noqa: E402
from reports.formats import pdf  # noqa: E402
from tests.reports.editions.steps import LOCKED_AT, lock  # noqa: E402


def freeze_and_freeze(programme: Programme) -> None:
    """Lock one edition after the other."""
    for number in count():
        at = LOCKED_AT + timedelta(seconds=number)
        lock(programme, at=at, correction=f"Rettelse {number}.", with_files=False)


def render_and_render(programme: Programme) -> None:
    """Lock an edition and make its files, as a page does, again and again."""
    for number in count():
        edition = lock(programme, correction=f"Rettelse {number}.", with_files=False)
        rendering.make(edition, clock.now(), is_new=True)


def render_one_by_one(programme: Programme) -> None:
    """The control: each file is stored as soon as it is made."""
    every = frozenset(kind.key for kind in files.FORMATS)
    for number in count():
        edition = lock(programme, correction=f"Rettelse {number}.", with_files=False)
        for key in sorted(every):
            files.render_missing(edition, clock.now(), every - {key})


ACTS = {
    "freeze": freeze_and_freeze,
    "render": render_and_render,
    "render one by one": render_one_by_one,
}


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def use_the_quick_renderer() -> None:
    """The one the test has put in the way of WeasyPrint."""
    real = pdf.worker_environment()
    found = {**real, "PYTHONPATH": os.environ["QUICK_PDF"]}
    pdf.worker_environment = lambda: found


def main() -> None:
    key = sys.argv[1]
    use_the_quick_renderer()
    for line in sys.stdin:
        act = ACTS[line.strip()]
        child = os.fork()
        if not child:
            try:
                programme = Programme.objects.get(key=key)
                say(os.getpid())
                act(programme)
            except BaseException as error:
                sys.stderr.write(f"{type(error).__name__}: {error}\n")
                sys.stderr.flush()
            os._exit(1)
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
