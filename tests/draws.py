"""How often chance is tried: less in `make test` than in `make test-long` and `make trust`."""

import os

IS_LONG = "TEST_LONG" in os.environ


def draws(many: int, few: int) -> int:
    """`many` in a long run, `few` in one that somebody waits for."""
    return many if IS_LONG else few
