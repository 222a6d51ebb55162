"""Invent thousands of initiatives to measure with, and write each of them as people write one.

Nobody is meant to read them. `programme_file.py` loads a real programme, `demo.py` the demo's
users and judgements.

The texts are invented and as long as real ones. The same number gives the same rows each time,
whether they are added at once or in steps.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Count, Max

from accounts.models import Membership
from accounts.permissions import Role
from core import writing
from core.clock import COPENHAGEN
from core.long_reads import lift_time_limit
from core.months import previous_month
from core.tracking import Actor, Tracked
from initiatives.loading.demo import DEMO_ACTOR
from initiatives.models import Action, Deadline, Fact, Initiative, TermsOfReferenceState
from plan.status import DEVIATING, Status, Yardstick
from principles.models import ActionArea, Principle, Programme, ProgrammeYear

KEY = "belastning"
LOAD_REASON = "Oprettet til belastningsprøven."
# How many moments of history are written in one statement.
MOMENTS_AT_ONCE = 200
# How many months are judged: the reported one and those before it.
JUDGED_MONTHS = 6

WORK = (
    "Udvikling", "Afprøvning", "Kortlægning", "Udbredelse", "Evaluering", "Samordning",
    "Etablering", "Kvalitetssikring", "Genberegning", "Beskrivelse", "Forankring",
)  # fmt: skip
SUBJECT = (
    "en fælles model for opfølgning", "en tværkommunal visitationsproces",
    "fælles takstprincipper", "et katalog over ledig kapacitet", "fælles faglige begreber",
    "en skabelon for myndighedsbestilling", "et dialogforum med leverandører",
    "en arbejdsgang for genforhandling", "et kompetenceforløb for rådgivere",
    "fælles nøgletal for progression", "en vejledning om tidsbegrænsede indsatser",
    "en ordning for faglig sparring", "et samarbejde om specialiserede pladser",
)  # fmt: skip
TARGET = (
    "på voksenområdet", "på børne- og ungeområdet", "for midlertidige botilbud",
    "for længerevarende botilbud", "for borgere med komplekse behov", "i støttet beskæftigelse",
    "i samarbejdet med private leverandører", "på tværs af de 17 kommuner",
)  # fmt: skip
STEPS = (
    "Analyse af kommunernes nuværende praksis og organisering af opgaven.",
    "Udkast til fælles arbejdsgang drøftes i de faglige netværk.",
    "Juridisk afklaring af rammerne for det fælles arbejde.",
    "Afprøvning i tre kommuner med opsamling efter hver måned.",
    "Fælles skabelon med vejledning til rådgivere og indkøbere.",
    "Evaluering af afprøvningen og anbefaling til Implementeringsgruppen.",
    "Undervisning af superbrugere i alle kommuner, så arbejdsgangen kan tages i brug samtidig.",
)
WORDINGS: dict[str, tuple[str, ...]] = {
    Fact.DEADLINE: (
        "Fælles skabelon klar til brug. Deadline: 3. kvartal 2026",
        "Arbejdsgangen er forsinket. Ny deadline: udgangen af juni 2026",
        "Afprøvningen begynder 1/3 og varer tre måneder. Deadline: medio 2026.",
    ),
    Fact.PRESENTATION: (
        "Forelægges Implementeringsgruppen til godkendelse den 20. maj 2026",
        "Udkast til drøftelse på møde i Direktør- og chefforum den 12/6-2026",
    ),
    Fact.COMPLETED: (
        "Kortlægning af praksis. Afsluttet",
        "Kommissoriet er godkendt i Implementeringsgruppen",
    ),
    Fact.PAUSED: ("Sat på pause, jf. Implementeringsgruppens beslutning den 20. januar 2026.",),
    Fact.WAITING: ("Afventer national udmelding om nyt takstsystem.",),
    Fact.EVENT: (
        "12. januar: Udmeldt ny procentsats for offentlige tilbud.",
        "Dialogmøde med leverandører afholdt den 3. februar 2026.",
    ),
    Fact.NONE: ("Løbende dialog med Socialtilsyn Øst - Ingen deadline",),
}
DETAILS: dict[str, str] = {
    Fact.PAUSED: "jf. Implementeringsgruppens beslutning 20. januar 2026",
    Fact.WAITING: "national udmelding om nyt takstsystem",
}
# How often each of the six is chosen, in their order.
WEIGHTS = (2, 8, 4, 2, 1, 2)
REASONS: dict[str, tuple[str, ...]] = {
    Status.NOT_STARTED: (
        "Arbejdet begynder, når kommissoriet er godkendt, og de første resultater foreligger.",
    ),
    Status.ON_TRACK: (
        "Arbejdet følger tidsplanen, og de planlagte møder i netværket er holdt.",
        "Alle kommuner har svaret, og analysen er gået i gang som aftalt.",
    ),
    Status.MINOR_DEVIATIONS: (
        (
            "Kommunerne opgør tallene forskelligt, så de første indberetninger ikke kan "
            "sammenlignes. Der er aftalt en fælles opgørelse, som afprøves i næste måned."
        ),
        "To kommuner mangler at svare, og afprøvningen er derfor udskudt tre uger.",
    ),
    Status.MAJOR_DEVIATIONS: (
        (
            "Den juridiske afklaring har taget længere tid end ventet, og ingen af de to "
            "leverancer kan nås inden for den tidsplan, som står i kommissoriet."
        ),
    ),
    Status.CLOSURE_RECOMMENDED: (
        "Opgaven løses fremover nationalt, og det fælles arbejde vil ikke længere gøre en forskel.",
    ),
    Status.COMPLETED: ("Leverancen er godkendt, og arbejdsgangen er taget i brug i kommunerne.",),
}
ASKS = (
    "Skal afprøvningen udvides til alle 17 kommuner?",
    "Kan gruppen godkende, at fristen flyttes til udgangen af 2026?",
    "Skal initiativet fortsætte, når opgaven også løses nationalt?",
)
REPORT_TEXT = "De faglige netværk følger arbejdet og samler op på erfaringerne hvert kvartal."
INVENTED_NOTE = "Ring til netværkets formand før næste møde; tallene er ikke endelige."
AREAS = (
    "Vi anvender fælles begreber og metoder på tværs af kommunerne",
    "Vi deler viden om ledig kapacitet, før der købes hos andre",
    "Vi følger udgifterne efter fælles nøgletal",
    "Vi udvikler de fælles tilbud sammen",
)


@dataclass(frozen=True)
class Load:
    """How many initiatives were added, and how many the plan has now."""

    added: int
    total: int


def add_load(programme: Programme, number: int, at: datetime) -> Load:
    """Add initiatives to `programme` until its plan has `number`, in one transaction.

    Nothing is dated after the moment `at`. Every row goes through the one door.
    """
    with transaction.atomic():
        total = Initiative.objects.of(programme).in_plan().count()
        areas = list(
            ActionArea.objects.of(programme)
            .live()
            .filter(principle__archived_at=None)
            .order_by("principle__position", "principle__id", "position", "id")
        )
        first = Initiative.objects.filter(key__startswith=f"{KEY}-").count() + 1
        missing = max(0, number - total) if areas else 0
        secretariat = _secretariat(programme)
        months = _months(programme)
        for index in range(first, first + missing):
            _InventedInitiative(index, months, secretariat, at).add_to(areas[index % len(areas)])
    return Load(missing, total + missing)


def add_programme(key: str, like: Programme, at: datetime) -> Programme:
    """Add a programme of three principles with four areas each, and the members that `like` has."""
    last = Programme.objects.aggregate(last=Max("position"))["last"] or 0
    with transaction.atomic():
        programme = Programme(
            key=key,
            title=f"Belastningsprøve {key}",
            authority=like.authority,
            starts_on=like.starts_on,
            reporting_month=like.reporting_month,
            position=last + 1,
        )
        _create(programme, at)
        for number in range(1, 4):
            principle = Principle(
                key=f"{key}-princip-{number}",
                programme=programme,
                title=f"Fælles om prøve {number}",
                position=number,
            )
            _create(principle, at)
            for place, title in enumerate(AREAS, start=1):
                area_key = f"{principle.key}-{place}"
                area = ActionArea(key=area_key, principle=principle, title=title, position=place)
                _create(area, at)
                year = ProgrammeYear(
                    key=f"{area_key}-{like.reporting_month.year}",
                    area=area,
                    year=like.reporting_month.year,
                    number=(number - 1) * len(AREAS) + place,
                )
                _create(year, at)
        for member in like.memberships.live().select_related("user"):
            membership = Membership(
                key=f"{key}-{member.user_id}",
                user=member.user,
                programme=programme,
                role=member.role,
            )
            _create(membership, at)
    return programme


def add_history(number: int, at: datetime) -> int:
    """Add rows to the history tables of the plan until they have about `number`. Returns how many
    they have.

    Every object gets the same number of new versions, at the same moments between the newest
    history row and `at`. The database copies the rows itself, without the door, which would take
    hours for a million rows. As after real changes, each version has one history row, and the
    newest has the values of the row.
    """
    tables: list[Any] = [model for model in apps.get_models() if _is_of_the_plan(model)]
    with transaction.atomic():
        lift_time_limit()
        objects = sum(model.objects.count() for model in tables)
        sizes = [
            model.history.aggregate(rows=Count("pk"), newest=Max("history_date"))
            for model in tables
        ]
        total = sum(table["rows"] for table in sizes)
        newest = max(table["newest"] for table in sizes if table["newest"])
        rounds = max(0, number - total) // max(objects, 1)
        step = max(at - newest, timedelta()) / (rounds + 1)
        for model in tables:
            _save_again(model, [newest + step * n for n in range(1, rounds + 1)])
    return total + rounds * objects


def _is_of_the_plan(model: Any) -> bool:
    return issubclass(model, Tracked) and model._meta.app_label in ("principles", "initiatives")


def _save_again(model: Any, moments: list[datetime]) -> None:
    """Copy each object's newest history row once for each of `moments`, in order."""
    history = model.history.model
    copied = [field.column for field in model._meta.fields if field.column != "version"]
    copied += ["actor_name", "history_user_id", "history_change_reason"]
    name = connection.ops.quote_name
    columns = ", ".join(f"h.{name(column)}" for column in copied)
    names = ", ".join(name(column) for column in copied)
    table, old = name(model._meta.db_table), name(history._meta.db_table)
    stored = [
        history._meta.get_field("history_date").get_db_prep_save(moment, connection)
        for moment in moments
    ]
    # Both databases give the columns of VALUES these names.
    number, at = "m.column1", "m.column2"
    with connection.cursor() as cursor:
        for first in range(0, len(moments), MOMENTS_AT_ONCE):
            batch = list(enumerate(stored, start=1))[first : first + MOMENTS_AT_ONCE]
            cursor.execute(
                f"INSERT INTO {old} ({names}, version, history_type, history_date) "
                f"SELECT {columns}, h.version + {number}, '~', {at} "
                f"FROM {table} o JOIN {old} h ON h.id = o.id AND h.version = o.version "
                f"CROSS JOIN (VALUES {', '.join(['(%s, %s)'] * len(batch))}) m ORDER BY {number}",
                [value for pair in batch for value in pair],
            )
            if connection.vendor == "postgresql":
                # Its triggers look up the version before with a query plan made for few rows.
                cursor.execute(f"ANALYZE {old}")
        cursor.execute(f"UPDATE {table} SET version = version + %s", [len(moments)])


def _create(row: Tracked, at: datetime) -> None:
    writing.create(row, actor=DEMO_ACTOR, reason=LOAD_REASON, at=at)


def _secretariat(programme: Programme) -> Actor:
    """Find the first member who edits the programme, or the actor of the demo when there is
    none."""
    members = programme.memberships.live().filter(role=Role.SECRETARIAT)
    member = members.select_related("user").order_by("id").first()
    return member.user.actor if member else DEMO_ACTOR


def _months(programme: Programme) -> list[date]:
    """List the months that are judged, oldest first, none before the programme began."""
    months = [programme.reporting_month]
    while len(months) < JUDGED_MONTHS and previous_month(months[-1]) >= programme.starts_on:
        months.append(previous_month(months[-1]))
    return months[::-1]


class _InventedInitiative:
    """Invents one initiative; everything about it follows from its number."""

    def __init__(self, number: int, months: list[date], by: Actor, at: datetime) -> None:
        self.number = number
        self.months = months
        self.by = by
        self.at = at
        # Measuring, not secrets: the same number must give the same initiative.
        self.chance = random.Random(number)

    def add_to(self, area: ActionArea) -> None:
        created = min(self._moment(self.months[0]) - timedelta(days=40), self.at)
        initiative = self._initiative(area)
        _create(initiative, created)
        actions = self._actions(initiative)
        for action in actions:
            _create(action, created)
        for deadline in self._deadlines(initiative, actions):
            deadline.add(actor=DEMO_ACTOR, reason=LOAD_REASON, at=created)
        for month in self.months:
            initiative = self._judge(initiative, month)

    def _initiative(self, area: ActionArea) -> Initiative:
        chance, number = self.chance, self.number
        # 7 has no common divisor with the number of titles, so all are used before one comes again.
        titles = len(WORK) * len(SUBJECT) * len(TARGET)
        work, rest = number * 7 % titles % len(WORK), number * 7 % titles // len(WORK)
        subject, target = rest % len(SUBJECT), rest // len(SUBJECT)
        return Initiative(
            key=f"{KEY}-{number}",
            area=area,
            title=f"{WORK[work]} af {SUBJECT[subject]} {TARGET[target]}",
            position=1000 + number,
            terms_of_reference=TermsOfReferenceState.values[number % 3],
            ask=chance.choice(ASKS) if chance.random() < 0.12 else "",
            report_text=REPORT_TEXT if chance.random() < 0.3 else "",
            internal_notes=INVENTED_NOTE if chance.random() < 0.3 else "",
        )

    def _actions(self, initiative: Initiative) -> list[Action]:
        titles = self.chance.sample(STEPS, self.number % 4)
        return [
            Action(
                key=f"{initiative.key}-indsats-{n}", initiative=initiative, title=title, position=n
            )
            for n, title in enumerate(titles, start=1)
        ]

    def _deadlines(self, initiative: Initiative, actions: list[Action]) -> list[Deadline]:
        number = self.number // len(Fact.values)
        facts = [Fact.values[(self.number + n) % len(Fact.values)] for n in range(1 + number % 3)]
        return [
            Deadline(
                key=f"{initiative.key}-deadline-{n}",
                initiative=initiative,
                action=self.chance.choice(actions) if actions else None,
                wording=self.chance.choice(WORDINGS[fact]),
                fact=fact,
                since=self.months[0] if fact == Fact.PAUSED else None,
                detail=DETAILS.get(fact, ""),
                position=n,
            )
            for n, fact in enumerate(facts, start=1)
        ]

    def _judge(self, initiative: Initiative, month: date) -> Initiative:
        """Judge the initiative for this month, confirm it as "uændret", or do neither. Returns its
        newest row."""
        chance = self.chance
        draw = chance.random()
        at = min(self._moment(month), self.at)
        if draw < 0.17:
            return initiative
        if draw < 0.5 and initiative.status is not None:
            initiative.confirm_unchanged(
                month=month, version=initiative.version, actor=self.by, at=at
            )
            return initiative
        status = chance.choices(Status.values, WEIGHTS)[0]
        deviates = [chance.choice(Yardstick.values)] if status in DEVIATING else []
        return initiative.change_status(
            status=status,
            month=month,
            reason=chance.choice(REASONS[status]),
            deviates=deviates,
            ask=initiative.ask,
            internal_notes=initiative.internal_notes,
            version=initiative.version,
            actor=self.by,
            at=at,
        ).row

    def _moment(self, month: date) -> datetime:
        """Draw a working hour between the 3rd and the 24th of `month`."""
        day = month + timedelta(days=2 + self.number % 22)
        return datetime.combine(day, time(8 + self.number % 8, self.number % 60), COPENHAGEN)
