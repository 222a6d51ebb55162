"""Who is reminded, when, and of what: one mail per person, and only of what misses."""

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from time_machine import travel

from accounts import outbox
from accounts.models import Membership, OutboxMail, User
from accounts.permissions import Role
from core import clock
from core.clock import COPENHAGEN
from initiatives.contacts.reminders import number_for
from initiatives.models import Deadline, Fact, Initiative, Reminder
from plan.meeting_dates import meeting_dates
from principles.models import Programme
from tests.conftest import OtherProgramme
from tests.core.reading import html_of, text_of
from tests.factories import make_deadline, make_membership, make_user
from tests.initiatives.steps import edit, judge, read_initiative

MEETING = date(2026, 4, 9)  # the Thursday after Easter
MARCH = date(2026, 3, 1)
PAUSED, OWN, KNOWN = "leverandoerliste", "kontraktanalyse", "principbeslutning"


@pytest.fixture
def march(programme: Programme, settings: Any) -> Programme:
    """March is reported, nothing is judged for it yet, and the next meeting is MEETING."""
    settings.SITE_URL = "https://portal.example"
    saved: Programme = edit(
        programme,
        uses_contacts=True,
        next_meeting_on=MEETING,
        reporting_month=MARCH,
        contact_email="rs17@example.dk",
    )
    return saved


@pytest.fixture
def keys(march: Programme) -> list[str]:
    """The keys of initiatives that are not paused, in no special order."""
    paused = Deadline.objects.live().filter(fact=Fact.PAUSED).values("initiative")
    rows = Initiative.objects.of(march).in_plan().exclude(pk__in=paused).order_by("pk")
    return list(rows.values_list("key", flat=True))


@pytest.fixture
def tove(march: Programme) -> User:
    user = make_user("Tove Tovholder", email="tove@example.dk")
    make_membership(user, march, Role.GROUP)
    return user


def remind(monkeypatch: pytest.MonkeyPatch, day: date) -> str:
    """Run the timer's command on `day`, and then the outbox as its own timer does."""
    monkeypatch.setattr(clock, "today", lambda: day)
    output = StringIO()
    call_command("send_reminders", stdout=output)
    outbox.SENDER.wait()
    outbox.send_waiting()
    return output.getvalue()


def html_part(message: Any) -> tuple[str, str]:
    """Return the HTML of a mail and its media type."""
    (part,) = message.alternatives
    return str(part[0]), part[1]


# The days


def test_the_days_on_which_people_are_reminded():
    """15, 10 and 8 working days before the meeting, each until the next; Easter is not counted."""
    assert meeting_dates(MEETING).status_asked_on == date(2026, 3, 16)
    assert meeting_dates(MEETING).status_due_on == date(2026, 3, 25)
    expected = {
        date(2026, 3, 13): None,
        date(2026, 3, 16): 15,
        date(2026, 3, 20): 15,
        date(2026, 3, 21): None,  # Saturday
        date(2026, 3, 23): 10,
        date(2026, 3, 24): 10,
        date(2026, 3, 25): 8,
        date(2026, 4, 1): 8,
        date(2026, 4, 2): None,  # skærtorsdag
        date(2026, 4, 6): None,  # 2. påskedag
        date(2026, 4, 8): 8,
        MEETING: None,
        MEETING + timedelta(days=1): None,
    }
    assert {day: number_for(MEETING, day) for day in expected} == expected


# One mail per person


@pytest.mark.django_db
def test_one_mail_with_links_to_only_what_misses(
    march: Programme, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch
):
    missing, judged, unchanged, known = keys[:4]
    for key in (missing, judged, unchanged, PAUSED):
        edit(read_initiative(key), lead=tove)
    edit(read_initiative(known), contact=tove)
    make_deadline(read_initiative(PAUSED), fact=Fact.PAUSED, wording="På pause", key="en-pause")
    judge(judged, "completed", "Afsluttet.", deviates=())
    row = read_initiative(unchanged)
    if row.status is None:
        judge(unchanged, "on_track", "Nyt.", month=date(2026, 2, 1))
        row = read_initiative(unchanged)
    row.confirm_unchanged(month=MARCH, version=row.version, actor=tove.actor, at=timezone.now())

    said = remind(monkeypatch, date(2026, 3, 16))
    assert "1 påmindelse er lagt i udbakken." in said
    (message,) = mail.outbox
    assert message.to == ["tove@example.dk"]
    assert message.subject == "Status for marts\N{NO-BREAK SPACE}2026 mangler for 2 initiativer"
    body = str(message.body)
    html, kind = html_part(message)
    assert kind == "text/html"
    for text in (body, html):
        for key in (missing, known):
            assert f"https://portal.example/program/{march.key}/initiativer/{key}/" in text
        for key in (judged, unchanged, PAUSED):
            assert f"/{key}/" not in text
        plain = text.replace("\N{NO-BREAK SPACE}", " ")
        assert "onsdag den 25. marts 2026" in plain
        assert "torsdag den 9. april 2026" in plain
        assert f"https://portal.example/program/{march.key}/min-profil/" in text
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in body.splitlines() if line][:9] == [
        "Hej",
        "Status for marts 2026 mangler for 1 initiativ, som du er tovholder for:",
        f"- {read_initiative(missing).title}",
        f"  https://portal.example/program/{march.key}/initiativer/{missing}/",
        "Åbn initiativet, og ret status, eller bekræft, at den er uændret.",
        "Status for marts 2026 mangler for 1 initiativ, som du er kontaktperson for:",
        f"- {read_initiative(known).title}",
        f"  https://portal.example/program/{march.key}/initiativer/{known}/",
        "Skriv til sekretariatet (rs17@example.dk), hvad status er.",
    ]


@pytest.mark.django_db
def test_nobody_gets_a_mail_twice_and_the_next_day_reminds_again(
    march: Programme, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch
):
    edit(read_initiative(keys[0]), lead=tove)
    sent = []
    for day in (16, 16, 17, 20, 23, 24, 25, 26, 30):
        remind(monkeypatch, date(2026, 3, day))
        sent.append(len(mail.outbox))
    assert sent == [1, 1, 1, 1, 2, 2, 3, 3, 3]
    # A meeting that is put off reminds nobody of the same again.
    edit(march, next_meeting_on=date(2026, 4, 16))
    remind(monkeypatch, date(2026, 3, 27))
    assert len(mail.outbox) == 3
    # Forgetting the mail after its time does not bring it back.
    OutboxMail.objects.update(ended_at=timezone.now() - outbox.KEEP_FOR - timedelta(days=1))
    call_command("clean_up", stdout=StringIO())
    assert OutboxMail.objects.count() == 0
    remind(monkeypatch, date(2026, 3, 27))
    assert len(mail.outbox) == 3
    # Control: without what was stored, everybody is written to again.
    Reminder.objects.all().delete()
    remind(monkeypatch, date(2026, 3, 27))
    assert len(mail.outbox) == 4


@pytest.mark.django_db
def test_what_was_judged_before_the_mail_left_is_in_no_mail(
    march: Programme, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch
):
    """The mail server was down: the mail is written when it is sent."""
    first, second = keys[:2]
    for key in (first, second):
        edit(read_initiative(key), lead=tove)
    monkeypatch.setattr(outbox, "send_waiting", lambda: 0)
    remind(monkeypatch, date(2026, 3, 16))
    monkeypatch.undo()
    judge(first, "completed", "Afsluttet.", deviates=())
    assert outbox.send_waiting() == 1
    (message,) = mail.outbox
    assert f"/{first}/" not in str(message.body)
    assert f"/{second}/" in str(message.body)


def _unsubscribe(march: Programme, tove: User) -> None:
    edit(Membership.objects.get(user=tove), wants_reminders=False)


def _leave(march: Programme, tove: User) -> None:
    edit(Membership.objects.get(user=tove), archived_at=timezone.now())


def _close(march: Programme, tove: User) -> None:
    edit(tove, is_active=False)


def _judge(march: Programme, tove: User) -> None:
    for row in Initiative.objects.led_by(tove):
        judge(row.key, "completed", "Afsluttet.", deviates=())


def _hand_over(march: Programme, tove: User) -> None:
    for row in Initiative.objects.led_by(tove):
        edit(row, lead=None)


def _switch_off(march: Programme, tove: User) -> None:
    edit(march, uses_contacts=False)


def _forget_meeting(march: Programme, tove: User) -> None:
    edit(march, next_meeting_on=None)


REASONS = [
    _unsubscribe,
    _leave,
    _close,
    _judge,
    _hand_over,
    _switch_off,
    _forget_meeting,
]


@pytest.mark.django_db
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__.strip("_"))
@pytest.mark.parametrize("is_stored", [False, True], ids=["before", "after"])
def test_no_mail_leaves_when_nobody_wants_it(
    march: Programme,
    tove: User,
    keys: list[str],
    monkeypatch: pytest.MonkeyPatch,
    reason: Any,
    is_stored: bool,
):
    """Whatever happens before the mail is stored, or while it waits."""
    edit(read_initiative(keys[0]), lead=tove)
    if is_stored:
        with monkeypatch.context() as down:
            down.setattr(outbox, "send_waiting", lambda: 0)
            remind(down, date(2026, 3, 16))
        assert OutboxMail.objects.get().ended_at is None
    reason(march, tove)
    remind(monkeypatch, date(2026, 3, 16))
    assert mail.outbox == []
    assert OutboxMail.objects.filter(ended_at=None).count() == 0


@pytest.mark.django_db
def test_a_mail_of_a_month_that_is_over_is_not_sent(
    march: Programme, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch
):
    edit(read_initiative(keys[0]), lead=tove)
    with monkeypatch.context() as down:
        down.setattr(outbox, "send_waiting", lambda: 0)
        remind(down, date(2026, 3, 16))
    edit(march, reporting_month=date(2026, 4, 1))
    assert outbox.send_waiting() == 0
    assert OutboxMail.objects.get().last_error == outbox.NOT_NEEDED
    remind(monkeypatch, date(2026, 3, 16))
    (message,) = mail.outbox
    assert "april" in message.subject


@pytest.mark.django_db
def test_the_contact_is_reminded_when_the_lead_has_no_access(
    march: Programme, group: User, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch
):
    edit(read_initiative(keys[0]), lead=group, contact=tove)
    remind(monkeypatch, date(2026, 3, 16))
    assert [message.to for message in mail.outbox] == [[group.email]]
    edit(group, is_active=False)
    remind(monkeypatch, date(2026, 3, 16))
    assert [message.to for message in mail.outbox[1:]] == [["tove@example.dk"]]


@pytest.mark.django_db
def test_it_goes_to_the_address_of_today(
    march: Programme, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch
):
    edit(read_initiative(keys[0]), lead=tove)
    with monkeypatch.context() as down:
        down.setattr(outbox, "send_waiting", lambda: 0)
        remind(down, date(2026, 3, 16))
    edit(User.objects.get(pk=tove.pk), email="ny@example.dk")
    outbox.send_waiting()
    assert [message.to for message in mail.outbox] == [["ny@example.dk"]]


@pytest.mark.django_db
def test_nothing_is_sent_where_contacts_are_off_or_the_address_is_unknown(
    march: Programme, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch, settings: Any
):
    edit(read_initiative(keys[0]), lead=tove)
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL mangler"):
        remind(monkeypatch, date(2026, 3, 16))
    edit(march, uses_contacts=False)
    assert remind(monkeypatch, date(2026, 3, 16)) == ""
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_who_was_reminded_is_forgotten_after_a_year(
    march: Programme, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch
):
    edit(read_initiative(keys[0]), lead=tove)
    remind(monkeypatch, date(2026, 3, 16))
    remind(monkeypatch, date(2027, 2, 26))
    assert Reminder.objects.count() == 1
    remind(monkeypatch, date(2027, 3, 5))
    assert Reminder.objects.count() == 0


@pytest.mark.django_db
def test_each_programme_reminds_of_its_own(
    march: Programme,
    tove: User,
    keys: list[str],
    other_programme: OtherProgramme,
    monkeypatch: pytest.MonkeyPatch,
):
    """A tovholder in two programmes gets a mail from each, with its own links and days."""
    other = edit(other_programme.programme, uses_contacts=True, next_meeting_on=date(2026, 4, 10))
    make_membership(tove, other, Role.GROUP)
    edit(read_initiative(keys[0]), lead=tove)
    edit(other_programme.initiative, lead=tove)
    remind(monkeypatch, date(2026, 3, 17))
    mine, theirs = (str(message.body) for message in mail.outbox)
    assert f"/program/{march.key}/initiativer/{keys[0]}/" in mine
    assert "/program/andet-program/" not in mine
    assert f"/program/andet-program/initiativer/{other_programme.initiative.key}/" in theirs
    assert f"/program/{march.key}/" not in theirs


@pytest.mark.django_db
def test_a_title_with_markup_is_text_in_both_parts(
    march: Programme, tove: User, keys: list[str], monkeypatch: pytest.MonkeyPatch
):
    edit(read_initiative(keys[0]), lead=tove, title="<b>Fed</b> & farlig")
    remind(monkeypatch, date(2026, 3, 16))
    (message,) = mail.outbox
    assert "- <b>Fed</b> & farlig\n" in str(message.body)
    html, _ = html_part(message)
    assert "&lt;b&gt;Fed&lt;/b&gt; &amp; farlig" in html
    assert "<b>Fed" not in html


# What the secretariat and the person see


@pytest.mark.django_db
def test_the_preview_says_who_gets_what_and_what_was_sent(
    march: Programme,
    group: User,
    tove: User,
    keys: list[str],
    secretariat_client: Client,
    monkeypatch: pytest.MonkeyPatch,
):
    edit(read_initiative(keys[0]), lead=tove, title="Tovholderens initiativ")
    edit(read_initiative(keys[1]), lead=group)
    edit(Membership.objects.get(user=group), wants_reminders=False)
    with travel(datetime(2026, 3, 16, 7, tzinfo=COPENHAGEN), tick=False):
        remind(monkeypatch, date(2026, 3, 16))
    page = secretariat_client.get("/paamindelser/")
    text = text_of(page)
    assert "mandag den 16. marts 2026 (15 arbejdsdage før mødet)" in text
    assert "Tove Tovholder tove@example.dk Tovholderens initiativ" in text
    assert "Emne: Status for marts 2026 mangler for 1 initiativ" in text
    assert "16. marts 2026: Sendt" in text
    assert "Bo Eksempel gruppe@demo.dk Har fravalgt påmindelser." in text
    assert "Ingen får en påmindelse om" in text
    assert f'href="/initiativer/{keys[2]}/kontakter/"' in html_of(page)
    assert 'href="/paamindelser/"' in html_of(secretariat_client.get("/"))
    edit(march, next_meeting_on=None)
    assert "så der sendes ingen påmindelser" in text_of(secretariat_client.get("/paamindelser/"))
    edit(march, uses_contacts=False)
    assert secretariat_client.get("/paamindelser/").status_code == 404
    assert 'href="/paamindelser/"' not in html_of(secretariat_client.get("/"))


@pytest.mark.django_db
def test_a_member_says_no_in_the_profile_and_stays_logged_in(
    march: Programme, group: User, group_client: Client, reader_client: Client
):
    membership = Membership.objects.get(user=group)
    for button, wants, sentence in (
        ("nej", False, "Du får ikke flere påmindelser."),
        ("ja", True, "Du får påmindelser igen."),
    ):
        page = html_of(group_client.get("/min-profil/"))
        assert f'name="paamindelser" value="{button}"' in page
        answer = group_client.post("/min-profil/paamindelser/", {"paamindelser": button})
        assert answer.status_code == 302
        assert sentence in text_of(group_client.get(answer["Location"]))
        membership.refresh_from_db()
        assert membership.wants_reminders is wants
    assert membership.history.first().actor_name == "Bo Eksempel"
    assert OutboxMail.objects.count() == 0
    assert "Påmindelser" not in text_of(reader_client.get("/min-profil/"))
    edit(march, uses_contacts=False)
    assert "Påmindelser" not in text_of(group_client.get("/min-profil/"))
