"""Names of people and titles are sorted as Danes sort, on both databases."""

import re

import pytest
from django.test import Client

from accounts.models import Membership, User
from core.danish import sort_key
from core.sorting import danish_order
from principles.models import Programme
from tests.core.reading import html_of
from tests.factories import make_membership, make_principle, make_user

IN_ORDER = ["André", "Anna", "Bo", "Rene", "René", "Zenia", "Ærlig", "Østen", "Aase", "Åse Z"]


@pytest.fixture
def people(programme: Programme) -> list[User]:
    """Members whose names would come in another order if sorted by their bytes."""
    users = [make_user(name) for name in sorted(IN_ORDER, key=str.encode)]
    for user in users:
        make_membership(user, programme)
    return users


def names_on(client: Client, address: str) -> list[str]:
    """Return the names above that are a cell or a choice of the page, in its order."""
    texts = re.findall(r">([^<>]+)</(?:a|th|td|option)>", html_of(client.get(address)))
    return [name for name in texts if name in IN_ORDER]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/accounts/user/",
        "/admin/accounts/user/?o=0",
        "/admin/accounts/membership/",
        "/admin/accounts/membership/?o=0",
        "/admin/accounts/membership/add/",
    ],
)
def test_people_are_sorted_in_danish_order(
    secretariat_client: Client, people: list[User], address: str
):
    assert names_on(secretariat_client, address) == sorted(IN_ORDER, key=sort_key) == IN_ORDER


def test_people_are_sorted_backwards_on_request(secretariat_client: Client, people: list[User]):
    assert names_on(secretariat_client, "/admin/accounts/user/?o=-0") == IN_ORDER[::-1]
    assert names_on(secretariat_client, "/admin/accounts/membership/?o=-0") == IN_ORDER[::-1]


def test_titles_are_sorted_in_danish_order(secretariat_client: Client, programme: Programme):
    for number, title in enumerate(["Aabent", "Zoo", "Ældre", "Økonomi"]):
        make_principle(programme, title=title, position=-number)
    page = html_of(secretariat_client.get("/admin/principles/principle/?o=0"))
    titles = re.findall(r">(Zoo|Ældre|Økonomi|Aabent)</a>", page)
    assert titles == ["Zoo", "Ældre", "Økonomi", "Aabent"]


def test_the_database_sorts_as_python_does(people: list[User]):
    by_database = list(
        Membership.objects.filter(user__in=people)
        .order_by(danish_order("user__name"))
        .values_list("user__name", flat=True)
    )
    assert by_database == sorted(by_database, key=sort_key)
