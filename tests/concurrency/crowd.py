"""Threads that begin together, each with a database connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection


class Crowd:
    """`writers` threads; how many saves were acknowledged and refused, and what went wrong."""

    def __init__(self, writers: int) -> None:
        self.saved = 0
        self.refused = 0
        self.errors: list[str] = []
        self.writers = writers
        self._begun = threading.Barrier(writers)
        self._mutex = threading.Lock()

    def run(self, work: Callable[["Crowd", int], None]) -> None:
        """Run `work(self, number)` in each thread until all are done."""
        threads = [
            threading.Thread(target=self._one, args=(work, number), daemon=True)
            for number in range(self.writers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            # Twenty writers at their turns take a while where the machine does something else too.
            thread.join(600)
            assert not thread.is_alive(), "A writer is still waiting after ten minutes."

    def begin(self) -> None:
        """Wait until all are here. Called after the first reading: then all have seen the same."""
        self._begun.wait(30)

    def acknowledge(self) -> None:
        """Count a save that the database has said yes to."""
        with self._mutex:
            self.saved += 1

    def refuse(self) -> None:
        """Count a save that was refused because another was first."""
        with self._mutex:
            self.refused += 1

    def _one(self, work: Callable[["Crowd", int], None], number: int) -> None:
        try:
            _be_patient()
            work(self, number)
        except Exception as error:
            self._begun.abort()
            with self._mutex:
                self.errors.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()


def _be_patient() -> None:
    """Let this thread's connection wait for its turn longer than a page may: on a busy machine the
    turn comes late, and that is not what is tested."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET lock_timeout = '120s'; SET statement_timeout = '240s'")
        else:
            cursor.execute("PRAGMA busy_timeout = 120000")
