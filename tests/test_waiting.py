"""No transaction is open while a process is awaited: the guard in tests/conftest.py."""

import subprocess
import sys

import pytest
from django.db import transaction

from reports.formats.pdf import render_pdf

NOTHING = [sys.executable, "-c", ""]


@pytest.mark.django_db
def test_a_test_that_is_rolled_back_starts_no_process():
    with pytest.raises(AssertionError, match="inside a transaction"):
        subprocess.run(NOTHING, check=True)
    assert render_pdf("<title>T</title>") == b"%PDF-1.7\n<title>T</title>"


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_the_portal_starts_none_either():
    with pytest.raises(AssertionError, match="inside a transaction"), transaction.atomic():
        subprocess.run(NOTHING, check=True)
    subprocess.run(NOTHING, check=True)
