"""Who meets what: every address × everybody, in one reviewed table.

An address of the URLconf that stands in no table fails a test. A GET meets a database that refuses
to be written. An empty form is posted, so that nothing is ever changed: 409 and 422 say that the
writer was let in and the form was refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Membership, User
from accounts.permissions import Role
from core import writing
from core.clock import COPENHAGEN
from initiatives.models import Initiative
from principles.models import ActionArea, Municipality, Principle, Programme, ProgrammeYear, Purpose
from tests.conftest import PROGRAMME_KEY, OtherProgramme
from tests.core.writing_trap import nothing_is_written
from tests.factories import TESTER, make_membership, make_user
from tests.initiatives.steps import edit, read_initiative
from tests.promises import Measured

PERSONAS = (
    "anonymous",
    "stranger",
    "reader",
    "group",
    "secretariat",
    "other secretariat",
    "superuser",
)
ANSWERS = {
    "o": 200,  # here you are
    ">": 302,  # go there: to the login, or on after a write
    "-": 403,  # not for you
    "x": 404,  # not there for you
    "m": 405,  # not that way
    "c": 409,  # the form came without its version
    "u": 422,  # the form is not filled in
}
# View name, address, and for each of PERSONAS the answer to GET, then to an empty POST.
ACCOUNT = """
core:accessibility                   /was/                           ooooooo mmmmmmm
core:privacy                         /privatliv/                     ooooooo mmmmmmm
account_login                        /konto/log-ind/                 o>>>>>> o>>>>>>
account_logout                       /konto/log-ud/                  >oooooo >>>>>>>
account_stay                         /konto/bliv-logget-ind/         >mmmmmm >>>>>>>
account_discard_kept                 /konto/kasser-tekst/            >mmmmmm >>>>>>>
account_signup                       /konto/opret/                   o>>>>>> o>>>>>>
account_inactive                     /konto/lukket/                  ooooooo mmmmmmm
account_change_password              /konto/adgangskode/             >oooooo >oooooo
account_set_password                 /konto/adgangskode/vaelg/       >>>>>>> >>>>>>>
account_reset_password               /konto/adgangskode/glemt/       ooooooo ooooooo
account_reset_password_done          /konto/adgangskode/glemt/sendt/ ooooooo mmmmmmm
account_reset_password_from_key      /konto/adgangskode/ny/          ooooooo ooooooo
account_reset_password_from_key_done /konto/adgangskode/ny/faerdig/  ooooooo mmmmmmm
"""
# Without the programme in the address everybody is in their own first programme, so the other
# secretariat meets pages of its own, and no row of the first programme. No edition is locked:
# tests/reports/editions/test_who_may_see_editions.py has who meets one.
PROGRAMME = """
reports:overview              /                                               >x>oooo >xmmmmm
accounts:profile              /min-profil/                                    >xooooo >xmmmmm
accounts:reminders-choose     /min-profil/paamindelser/                       >x-mmmm >x->>>x
accounts:draft-choice         /min-profil/kladder/                            >xmmmmm >x>>>>>
accounts:permissions          /hvem-maa-hvad/                                 >xooooo >xmmmmm
accounts:contact              /kontakt/                                       >xooooo >xmmmmm
reports:search                /soeg/                                          >xooooo >xmmmmm
reports:history               /historik/                                      >x-oooo >x-mmmm
reports:key-figures           /noegletal/                                     >x-oooo >x-mmmm
reports:month                 /maaneden/                                      >x--ooo >x--mmm
reports:month-begin           /maaneden/begynd/                               >x--ooo >x--uuu
reports:month-meeting         /maaneden/moede/                                >x--ooo >x--ccc
reports:report-list           /statusopgoerelser/                             >xooooo >xmmmmm
reports:compare               /statusopgoerelser/sammenlign/                  >xooooo >xmmmmm
reports:report-month          /statusopgoerelser/2026-02/                     >x-oooo >x-mmmm
reports:report-file           /statusopgoerelser/2026-02.csv                  >x-oooo >x-mmmm
reports:status-colours        /statusopgoerelser/farver.css                   >xooooo >xmmmmm
reports:edition-newest        /statusopgoerelser/nyeste/                      >xooooo >xmmmmm
reports:edition-freeze        /statusopgoerelser/2026-02/laas/                >x--ooo >x--ccc
reports:edition-detail        /statusopgoerelser/2026-02/udgave-1/            >xxxxxx >xmmmmm
reports:edition-file          /statusopgoerelser/2026-02/udgave-1.pdf         >xxxxxx >xmmmmm
reports:edition-approve       /statusopgoerelser/2026-02/udgave-1/godkend/    >x--mmm >x--xxx
reports:edition-publish       /statusopgoerelser/2026-02/udgave-1/offentliggoer/ >x--mmm >x--xxx
reports:edition-render        /statusopgoerelser/2026-02/udgave-1/dan-filer/  >x--mmm >x--xxx
initiatives:reminder-list     /paamindelser/                                  >x--oxo >x--mmm
initiatives:programme-detail  /om-programmet/                                 >x-oooo >x-mmmm
initiatives:deadline-list     /deadlines/                                     >x-oooo >x-mmmm
initiatives:status-table      /status/                                        >x>oooo >xmmmmm
initiatives:timeline          /tidslinje/                                     >x-oooo >x-mmmm
initiatives:status-legend     /saadan-laeses-status/                          >xooooo >xmmmmm
style-guide                   /dele/                                          >x--ooo >x--mmm
initiatives:principle-detail  /principper/kvalitet/                           >x-ooxo >x-mmmm
initiatives:area-detail       /indsatsomraader/a/                             >x-ooxo >x-mmmm
initiatives:initiative-detail /initiativer/kontraktanalyse/                   >x-ooxo >x-mmmm
initiatives:initiative-add    /indsatsomraader/a/initiativer/tilfoej/         >x--oxo >x--uxu
initiatives:action-add        /initiativer/kontraktanalyse/indsatser/tilfoej/ >x--oxo >x--uxu
initiatives:deadline-add      /initiativer/kontraktanalyse/deadlines/tilfoej/ >x--oxo >x--uxu
initiatives:initiative-status /initiativer/kontraktanalyse/status/            >x--oxo >x--cxc
initiatives:contacts-edit     /initiativer/kontraktanalyse/kontakter/         >x--oxo >x--cxc
initiatives:initiative-presence /initiativer/kontraktanalyse/til-stede/       >x-mmmm >x--oxo
initiatives:status-confirm    /initiativer/kontraktanalyse/uaendret/          >x-mmmm >x-->x>
initiatives:status-retract    /initiativer/kontraktanalyse/fortryd/           >x-mmmm >x-->x>
initiatives:row-edit          /initiativer/kontraktanalyse/ret/               >x--oxo >x--uxu
initiatives:row-edit          /indsatser/kontraktanalyse-1/ret/               >x--oxo >x--uxu
initiatives:row-edit          /deadlines/kontraktanalyse-d1/ret/              >x--oxo >x--uxu
initiatives:row-move          /initiativer/kontraktanalyse/flyt/              >x--mmm >x-->x>
initiatives:row-move          /indsatser/kontraktanalyse-1/flyt/              >x--mmm >x-->x>
initiatives:row-move          /deadlines/kontraktanalyse-d1/flyt/             >x--mmm >x-->x>
initiatives:row-archive       /initiativer/kontraktanalyse/arkiver/           >x--oxo >x-->x>
initiatives:row-archive       /indsatser/kontraktanalyse-1/arkiver/           >x--oxo >x-->x>
initiatives:row-archive       /deadlines/kontraktanalyse-d1/arkiver/          >x--oxo >x-->x>
initiatives:row-restore       /initiativer/kvalitetsmodel/gendan/             >x--mmm >x-->x>
initiatives:deadline-outcome  /deadlines/kontraktanalyse-d1/udfald/           >x--oxo >x--uxu
initiatives:warning-dismiss   /initiativer/kontraktanalyse/advarsler/0a/afvis/ >x-->x> >x--uxu
initiatives:warning-reinstate /initiativer/kontraktanalyse/advarsler/0a/fortryd/ >x--mmm >x-->x>
"""
# The admin asks who is not let in to log in and answers 403 there. A row that is not there for the
# user is answered as one that never was: back to the front page with a message.
ADMIN = """
admin:index                /admin/                      >>>>ooo >>>>ooo
admin:login                /admin/login/                >------ >------
admin:logout               /admin/logout/               >>>>mmm >>>>ooo
admin:password_change      /admin/password_change/      >>>>>>> >>>>>>>
admin:password_change_done /admin/password_change/done/ >>>>ooo >>>>mmm
admin:autocomplete         /admin/autocomplete/         >>>>xxx >>>>xxx
admin:jsi18n               /admin/jsi18n/               >>>>ooo >>>>mmm
admin:app_list             /admin/principles/           >>>>ooo >>>>ooo
admin/(?P<url>.*)$         /admin/findes-ikke/          >>>>xxx >>>>xxx
"""
MODEL_ADMIN = """
{model}_changelist             /admin/{path}/              >>>>ooo >>>>ooo
{model}_add                    /admin/{path}/add/          >>>>ooo >>>>ooo
{model}_change                 /admin/{path}/{pk}/change/  >>>>o>o >>>>o>o
{model}_history                /admin/{path}/{pk}/history/ >>>>oxo >>>>oxo
{model}_delete                 /admin/{path}/{pk}/delete/  >>>>--- >>>>---
admin/{path}/<path:object_id>/ /admin/{path}/{pk}/         >>>>>>> >>>>>>>
"""
ADMIN_MODELS: list[type[Any]] = [
    Programme,
    Purpose,
    Principle,
    ActionArea,
    ProgrammeYear,
    Municipality,
    User,
    Membership,
]
# A new programme is made by who runs the portal.
EXCEPTIONS = {"principles_programme_add": ">>>>--o"}

Row = tuple[str, str, str, str]


def rows_of(table: str) -> list[Row]:
    """A line of a table as (view name, address, answers to GET, answers to POST)."""
    rows = []
    for line in table.strip().splitlines():
        name, path, get, post = line.split()
        rows.append((name, path, get, post))
    return rows


def model_rows() -> Iterator[Row]:
    for model in ADMIN_MODELS:
        label, name = model._meta.app_label, str(model._meta.model_name)
        for view, address, get, post in rows_of(MODEL_ADMIN):
            view = view.format(model=f"{label}_{name}", path=f"{label}/{name}")
            expected = EXCEPTIONS.get(view)
            yield (
                view if "/" in view else f"admin:{view}",
                address.replace("{path}", f"{label}/{name}"),
                expected or get,
                expected or post,
            )


PROGRAMME_ROWS = rows_of(PROGRAMME)
EVERY_ROW = [*rows_of(ACCOUNT), *PROGRAMME_ROWS, *rows_of(ADMIN), *model_rows()]


# Walking the table


@pytest.fixture
def users(
    stranger: User, reader: User, group: User, secretariat: User, other_programme: OtherProgramme
) -> dict[str, User | None]:
    """Everybody by name; "anonymous" is nobody. One initiative is archived, to be restored, and
    the programme has contacts switched on."""
    initiative = Initiative.objects.get(key="kvalitetsmodel")
    at = datetime(2026, 2, 26, 12, tzinfo=COPENHAGEN)
    edit(Programme.objects.get(key=PROGRAMME_KEY), uses_contacts=True)
    writing.archive(initiative, version=initiative.version, actor=TESTER, reason="", at=at)
    chief = make_user("Driftsansvarlig", is_superuser=True)
    people = (None, stranger, reader, group, secretariat, other_programme.secretariat, chief)
    return dict(zip(PERSONAS, people, strict=True))


def client_of(user: User | None, **options: Any) -> Client:
    client = Client(**options)
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def clients(users: dict[str, User | None]) -> dict[str, Client]:
    """Everybody's browser, in the order of PERSONAS."""
    return {who: client_of(user) for who, user in users.items()}


def address_of(path: str) -> str:
    """The address with the id of a row of the first programme, where it has one."""
    if "{pk}" not in path:
        return path
    _, _, label, name, *_ = path.split("/")
    (model,) = (m for m in ADMIN_MODELS if (m._meta.app_label, m._meta.model_name) == (label, name))
    if model is User:
        return path.format(pk=User.objects.get(name="Bo Eksempel").pk)
    return path.format(pk=model.objects.order_by("pk").first().pk)


def answer(client: Client, path: str, method: str) -> str:
    """The letter of the answer (ANSWERS). What a POST wrote is taken back, the login stays."""
    cookies = deepcopy(client.cookies)
    if method == "get":
        with nothing_is_written() as attempts:
            status = client.get(path).status_code
        assert attempts == [], path
    else:
        with transaction.atomic():
            status = client.post(path).status_code
            transaction.set_rollback(True)
    client.cookies = cookies
    letters = {status: letter for letter, status in ANSWERS.items()}
    return letters.get(status, f"({status})")


def table_of(
    clients: Mapping[str, Client], rows: Sequence[Row], prefix: str = ""
) -> list[tuple[str, str, str]]:
    """Each address with the answers that everybody gets to GET and to an empty POST."""
    table = []
    for _, path, *_ in rows:
        address = prefix + address_of(path)
        get, post = (
            "".join(answer(client, address, method) for client in clients.values())
            for method in ("get", "post")
        )
        table.append((path, get, post))
    return table


@pytest.mark.promise(1)
def test_everybody_meets_what_the_table_says(clients: dict[str, Client]):
    assert table_of(clients, EVERY_ROW) == [row[1:] for row in EVERY_ROW]


@pytest.mark.promise(1)
def test_with_the_programme_in_the_address_all_others_are_strangers(clients: dict[str, Client]):
    other = PERSONAS.index("other secretariat")
    expected = [
        (path, *(f"{letters[:other]}x{letters[other + 1 :]}" for letters in (get, post)))
        for _, path, get, post in PROGRAMME_ROWS
    ]
    assert table_of(clients, PROGRAMME_ROWS, f"/program/{PROGRAMME_KEY}") == expected


@pytest.mark.promise(1)
@pytest.mark.parametrize("key", ["andet-program", "findes-ikke"])
def test_another_programme_is_not_there(clients: dict[str, Client], key: str):
    secretariat = {"secretariat": clients["secretariat"]}
    expected = [(path, "x", "x") for _, path, *_ in PROGRAMME_ROWS]
    assert table_of(secretariat, PROGRAMME_ROWS, f"/program/{key}") == expected


# What a tovholder meets at their own initiative where the rest of the group is refused.
OWN_INITIATIVE = {
    "/initiativer/kontraktanalyse/status/": ("o", "c"),
    "/initiativer/kontraktanalyse/til-stede/": ("m", "o"),
    "/initiativer/kontraktanalyse/uaendret/": ("m", ">"),
    "/initiativer/kontraktanalyse/fortryd/": ("m", ">"),
}


@pytest.mark.promise(1)
def test_a_tovholder_meets_what_the_group_meets_and_the_status_of_their_own(
    users: dict[str, User | None], programme: Programme
):
    lead = make_user("Tove Tovholder")
    make_membership(lead, programme, Role.GROUP)
    edit(read_initiative("kontraktanalyse"), lead=lead)
    group = PERSONAS.index("group")
    expected = [
        (path, *OWN_INITIATIVE.get(path, (get[group], post[group])))
        for _, path, get, post in EVERY_ROW
    ]
    assert table_of({"tovholder": client_of(lead)}, EVERY_ROW) == expected
    # Where the programme has no contacts, the tovholder is one of the group.
    edit(programme, uses_contacts=False)
    expected = [(path, get[group], post[group]) for _, path, get, post in EVERY_ROW]
    assert table_of({"tovholder": client_of(lead)}, EVERY_ROW) == expected


# The URLconf


def patterns(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """The name (or, without one, the route) and the route of every address."""
    for part in resolver.url_patterns:
        route = before + str(part.pattern)
        if isinstance(part, URLResolver):
            inner = ":".join(name for name in (space, part.namespace) if name)
            yield from patterns(part, route, inner)
        else:
            assert isinstance(part, URLPattern)
            name = ":".join(name for name in (space, part.name) if name) if part.name else route
            yield name, route


@pytest.mark.promise(1)
def test_every_address_stands_in_the_table(promise: Measured):
    in_urlconf = {name for name, _ in patterns(get_resolver())}
    in_table = {name for name, *_ in EVERY_ROW}
    what = f"{len(EVERY_ROW)} rows of addresses × {len(PERSONAS)} personas × GET and POST"
    promise.figure(what, "each answers as the reviewed table says")
    promise.figure("addresses that the table lacks", len(in_urlconf - in_table))
    assert sorted(in_urlconf - in_table) == []
    assert sorted(in_table - in_urlconf) == []


def test_every_kind_of_row_stands_in_the_table():
    for name in ("row-edit", "row-move", "row-archive"):
        paths = [path for view, path, *_ in PROGRAMME_ROWS if view == f"initiatives:{name}"]
        assert {path.split("/")[1] for path in paths} == {"initiativer", "indsatser", "deadlines"}


def test_every_programme_page_has_its_address_with_the_programme():
    prefixed = {name for name, route in patterns(get_resolver()) if "?P<programme>" in route}
    assert prefixed == {name for name, *_ in PROGRAMME_ROWS}


def test_every_page_that_needs_no_login_is_meant_to():
    open_to_all = {path for _, path, get, _ in EVERY_ROW if get[0] == "o"}
    assert open_to_all == {
        "/was/",
        "/privatliv/",
        "/konto/log-ind/",
        "/konto/opret/",
        "/konto/lukket/",
        "/konto/adgangskode/glemt/",
        "/konto/adgangskode/glemt/sendt/",
        "/konto/adgangskode/ny/",
        "/konto/adgangskode/ny/faerdig/",
    }
    assert all(re.match("/konto/|/was/|/privatliv/", path) for path in open_to_all)
