"""Query counts as committed baselines: a change of a page's cost shows in the diff.

Rewrite them with `make query-counts` (UPDATE_QUERY_COUNTS=1) and look at the diff.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

BASELINES = Path(__file__).with_suffix(".json")
# Statements that control transactions are no queries of the page, and differ by database.
NOT_COUNTED = re.compile(r"(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|PRAGMA)\b", re.IGNORECASE)


def counted_queries(captured: CaptureQueriesContext) -> list[str]:
    """Return the SQL of the captured queries, without transaction control."""
    queries = (query["sql"] for query in captured.captured_queries)
    return [sql for sql in queries if not NOT_COUNTED.match(sql)]


@contextmanager
def query_count(name: str) -> Iterator[CaptureQueriesContext]:
    """Fail when the block takes more or fewer queries than the baseline called `name`."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    queries = counted_queries(captured)
    baselines: dict[str, int] = json.loads(BASELINES.read_text("utf-8"))
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        baselines[name] = len(queries)
        BASELINES.write_text(json.dumps(baselines, indent=2, sort_keys=True) + "\n", "utf-8")
    elif baselines.get(name) != len(queries):
        listing = "\n".join(f"{n:3} {sql[:300]}" for n, sql in enumerate(queries, start=1))
        pytest.fail(
            f"{name!r} took {len(queries)} queries, its baseline in {BASELINES.name} is "
            f"{baselines.get(name, 'missing')}. `make query-counts` rewrites it.\n{listing}",
            pytrace=False,
        )
