"""The user who runs the portal, for the tests of users and of the admin."""

import pytest
from django.test import Client

from tests.factories import make_user


@pytest.fixture
def chief_client(db: None) -> Client:
    """A browser in which a superuser is logged in."""
    client = Client()
    client.force_login(make_user("Drift", email="drift@example.dk", is_superuser=True))
    return client
