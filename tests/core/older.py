"""Rows as a portal before `core.characters` stored them: with pasted texts unchanged."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from core import texts


@contextmanager
def older_portal() -> Iterator[None]:
    """Let new rows keep every character of their texts within the block."""
    with (
        mock.patch.object(texts, "normalise", lambda text: text),
        mock.patch.object(texts, "REFUSED", re.compile("\0")),
    ):
        yield
