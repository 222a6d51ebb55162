"""Nothing that happens to the plan or the portal after locking changes a byte of an edition.

Each act is real: rows change through the one door, statuses get other words and colours, templates
change. The draft shows that the act works, and then all six downloads are the same as before.
"""

import dataclasses
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from core import writing
from core.clock import COPENHAGEN
from initiatives.models import Action, Deadline, Initiative
from initiatives.sources import memory
from plan.document import StatusLabel
from plan.status import STATUS_STYLES, StatusStyle
from principles.models import ActionArea, Municipality, Principle, Programme, ProgrammeYear, Purpose
from reports.editions import approval, files, rendering
from reports.formats.report_html import report_html
from reports.models import Edition, EditionFile
from reports.report.report import make_report
from tests.core.reading import html_of, text_of
from tests.factories import make_action, make_area, make_deadline, make_initiative, make_principle
from tests.initiatives.steps import BO, NOON, edit, judge, read_initiative
from tests.reports.editions.steps import (
    CORRECTION,
    JANUARY,
    LOCKED_AT,
    downloads,
    lock,
    path_of,
    stored,
)

# Files are made again by the real renderer, which is a process.
pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = "/statusopgoerelser/2026-02/"
NEW = "Helt andre ord"


@dataclasses.dataclass
class Scene:
    """What a hostile act may use."""

    client: Client
    programme: Programme
    edition: Edition
    monkeypatch: pytest.MonkeyPatch
    settings: Any
    folder: Path


def rename(model: Any, field: str = "title", **values: Any) -> Callable[[Scene], None]:
    """Return an act that gives every row of a model other words."""

    def act(scene: Scene) -> None:
        for number, row in enumerate(model.objects.of(scene.programme), start=1):
            edit(row, reason="Omdøbt.", **{field: f"{NEW} {number}"}, **values)

    return act


def rename_programme(scene: Scene) -> None:
    edit(
        scene.programme,
        title=NEW,
        authority=f"{NEW} aftale",
        top_level_label="Fokusområde",
        top_level_label_plural="Fokusområder",
        contact_email="anden@example.dk",
    )


def reword_deadlines(scene: Scene) -> None:
    for number, row in enumerate(Deadline.objects.of(scene.programme), start=1):
        changes = {"wording": f"Ny deadline: {number % 27 + 1}. maj 2031. {NEW}"}
        row.revise(changes, version=row.version, actor=BO, reason="Forsinket.", at=NOON)


def status_styles() -> list[Any]:
    """Yield the styles of the six statuses and of "Ikke oplyst", wherever a module keeps them."""
    rooms = ("initiatives.", "plan.")
    modules = [module for name, module in sys.modules.items() if name.startswith(rooms)]
    kept = [value for module in modules for value in vars(module).values()]
    styles = [
        style
        for value in kept
        if isinstance(value, tuple)
        for style in value
        if isinstance(style, StatusStyle | StatusLabel)
    ]
    return list({id(style): style for style in styles}.values())


def other_labels(scene: Scene) -> None:
    """Give the statuses other words, symbols, meanings and colours, as a release might."""
    symbols = {
        style.value: other.symbol
        for style, other in zip(STATUS_STYLES, reversed(STATUS_STYLES), strict=True)
    }
    for style in status_styles():
        new = {
            "label": f"{NEW} {style.value}",
            "symbol": symbols[style.value],
            "meaning": f"{NEW} om {style.value}",
            "fill": "#123456",
            "ink": "#fedcba",
        }
        for field, value in new.items():
            object.__setattr__(style, field, value)  # they are frozen
    # A release starts its workers anew.
    memory.forget()


def reorder(scene: Scene) -> None:
    for model in (Principle, ActionArea, Initiative, Action, Deadline, Purpose, Municipality):
        for row in model.objects.of(scene.programme):
            edit(row, position=-row.position - row.pk / 1000)


def archive_all(scene: Scene) -> None:
    for model in (Deadline, Action, Initiative, ActionArea, Principle, Purpose, Municipality):
        for row in model.objects.of(scene.programme).live():
            writing.archive(row, version=row.version, actor=BO, reason="Væk.", at=NOON)


def write_texts(scene: Scene) -> None:
    for row in Initiative.objects.of(scene.programme):
        edit(
            row,
            report_text=f"{NEW} i teksten",
            ask=f"{NEW} i spørgsmålet?",
            terms_of_reference="not_approved",
        )


def judge_all(scene: Scene) -> None:
    for row in Initiative.objects.of(scene.programme).in_plan():
        if row.status != "closure_recommended":
            judge(row.key, "closure_recommended", f"{NEW} i begrundelsen.")


def add_much(scene: Scene) -> None:
    area = make_area(make_principle(scene.programme, title=NEW))
    initiative = make_initiative(area, title=f"{NEW} ny", status="major_deviations")
    make_deadline(initiative, action=make_action(initiative))


def rename_what_no_report_shows(scene: Scene) -> None:
    """Rename purposes, years and municipalities, and change texts so that the draft changes."""
    rename(Purpose)(scene)
    rename(Municipality, "name")(scene)
    for row in ProgrammeYear.objects.of(scene.programme):
        edit(row, number=row.number + 50)
    write_texts(scene)


def next_month(scene: Scene) -> None:
    """Let the portal report another month, on another day of the demo."""
    edit(scene.programme, reporting_month=datetime(2026, 5, 1).date())  # noqa: DTZ001
    scene.settings.DEMO_TODAY = datetime(2026, 5, 20).date()  # noqa: DTZ001
    write_texts(scene)


def other_templates(scene: Scene) -> None:
    """Change the templates of files and pages, except for the edition's own page, which is read."""
    here, there = Path(scene.settings.BASE_DIR) / "templates", scene.folder / "templates"
    for path in (here / "reports").rglob("*.html"):
        if not path.name.startswith("_") and path.name != "edition.html":
            target = there / path.relative_to(here)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f"<p>{NEW}</p>", "utf-8")
    templates = [{**engine} for engine in scene.settings.TEMPLATES]
    templates[0]["DIRS"] = [there, *templates[0]["DIRS"]]
    scene.settings.TEMPLATES = templates
    assert NEW in report_html(make_report(scene.edition.plan()))


def lock_others(scene: Scene) -> None:
    """Lock a correction, and a late correction of the month that the edition is compared with."""
    write_texts(scene)
    lock(scene.programme, with_files=None, month=JANUARY, correction="Sent opdaget.")
    second = lock(scene.programme, with_files=None, correction=CORRECTION)
    assert second.compared_with != scene.edition.compared_with


def publish_it(scene: Scene) -> None:
    edition = scene.edition
    approval.approve(edition, meeting_on=LOCKED_AT.date(), actor=BO, at=LOCKED_AT)
    edition.refresh_from_db()
    approval.publish(edition, actor=BO, at=LOCKED_AT)
    write_texts(scene)


def rename_users(scene: Scene) -> None:
    for user in User.objects.all():
        user.name, user.email = f"{NEW} {user.pk}", f"anden-{user.pk}@example.dk"
        with transaction.atomic():
            user.save()
    # A user whose address changes is logged out everywhere.
    scene.client.force_login(User.objects.get(pk=scene.client.session["_auth_user_id"]))
    write_texts(scene)


def render_again(scene: Scene) -> None:
    """Render again as a retry would, with other renderers; stored files must be kept."""
    kinds = tuple(
        dataclasses.replace(kind, make=lambda source: NEW.encode()) for kind in files.FORMATS
    )
    scene.monkeypatch.setattr(files, "FORMATS", kinds)
    assert rendering.make(scene.edition, LOCKED_AT)
    files.render_missing(scene.edition, LOCKED_AT)
    write_texts(scene)


ACTS: dict[str, Callable[[Scene], None]] = {
    "published": publish_it,
    "status labels and colours": other_labels,
    "principles renamed": rename(Principle),
    "areas renamed": rename(ActionArea),
    "initiatives renamed": rename(Initiative),
    "indsatser renamed": rename(Action),
    "deadlines reworded": reword_deadlines,
    "programme renamed": rename_programme,
    "purposes, years and municipalities": rename_what_no_report_shows,
    "order changed": reorder,
    "all archived": archive_all,
    "texts written": write_texts,
    "all judged": judge_all,
    "rows added": add_much,
    "another month": next_month,
    "other templates": other_templates,
    "others locked": lock_others,
    "users renamed": rename_users,
    "rendered again": render_again,
}


@pytest.fixture
def unchanged_styles() -> Iterator[None]:
    """Restore the styles of the statuses after the test."""
    styles = status_styles()
    before = [dataclasses.astuple(style) for style in styles]
    yield
    for style, values in zip(styles, before, strict=True):
        for field, value in zip(dataclasses.fields(style), values, strict=True):
            object.__setattr__(style, field.name, value)


@pytest.fixture
def edition(programme: Programme) -> Edition:
    """An edition of February that is compared with January, with the six real files."""
    at = datetime(2026, 1, 29, 12, tzinfo=COPENHAGEN)
    lock(programme, month=JANUARY, at=at, with_files=False)
    edition = lock(programme, with_files=False)
    if edition.sha256 not in _made:
        files.render_missing(edition, LOCKED_AT)
        made: Any = edition.files.order_by("id").values()
        _made[edition.sha256] = list(made)
    for values in _made[edition.sha256]:
        EditionFile.objects.get_or_create(
            edition=edition,
            format=values["format"],
            defaults={**values, "id": None, "edition_id": edition.pk},
        )
    return edition


# The files of the document, which are made once, since each test locks the same one.
_made: dict[str, list[dict[str, Any]]] = {}


@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.usefixtures("unchanged_styles")
@pytest.mark.parametrize("act", ACTS)
def test_a_locked_edition_never_changes(
    secretariat_client: Client,
    edition: Edition,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
    act: str,
):
    before = downloads(secretariat_client, edition)
    row = stored(edition)
    files_before = list(edition.files.order_by("id").values())
    page = report_on(html_of(secretariat_client.get(path_of(edition))))
    draft = html_of(secretariat_client.get(DRAFT))
    programme = edition.report.programme
    ACTS[act](Scene(secretariat_client, programme, edition, monkeypatch, settings, tmp_path))
    # The act had an effect: the draft of the same month has changed.
    if act != "other templates":
        assert report_on(html_of(secretariat_client.get(DRAFT))) != report_on(draft)
    after = downloads(secretariat_client, edition)
    assert [name for name in before if before[name] != after[name]] == []
    assert list(edition.files.order_by("id").values()) == files_before
    now = stored(edition)
    steps = {name for name in now if name.startswith(("approved_", "published_"))}
    assert {name: now[name] for name in now.keys() - steps} == {
        name: row[name] for name in row.keys() - steps
    }
    response = secretariat_client.get(path_of(edition))
    assert report_on(html_of(response)) == page
    assert "Udgave 1, låst den 26. februar 2026" in text_of(response)
    fresh = Edition.objects.get(pk=edition.pk)
    assert NEW not in text_of(report_on(html_of(response)))
    assert list(files.differences(fresh)) == []


def report_on(page: str) -> str:
    """Return the report on a page, without the portal around it."""
    start = page.index('<article class="report"')
    return page[start : page.index("</article>", start)]


@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.usefixtures("unchanged_styles")
def test_recoloured_statuses_change_no_file_that_is_made_again(
    secretariat_client: Client, edition: Edition
):
    before = downloads(secretariat_client, edition)
    colours = colours_of(html_of(secretariat_client.get(path_of(edition))))
    drafts = drafts_of(edition)
    for style in status_styles():
        object.__setattr__(style, "fill", "#123456")
        object.__setattr__(style, "ink", "#fedcba")
    source = files.source_of(edition)
    made = {kind.key: kind.make(source) for kind in files.FORMATS}
    assert [name for name in made if made[name] != before[name]] == []
    assert colours_of(html_of(secretariat_client.get(path_of(edition)))) == colours
    # A draft has the new colours in every format that has colours.
    recoloured = drafts_of(edition)
    assert {name for name in drafts if drafts[name] != recoloured[name]} == {
        *("pdf", "docx", "xlsx", "html")
    }
    draft = colours_of(html_of(secretariat_client.get(DRAFT)))
    assert draft != colours
    assert "123456-fedcba" in draft


def drafts_of(edition: Edition) -> dict[str, bytes]:
    """Return the files of the edition's plan as a draft in today's colours."""
    labels = {style.value: style for style in STATUS_STYLES}
    locked = edition.plan()
    today = tuple(
        dataclasses.replace(label, fill=labels[label.value].fill, ink=labels[label.value].ink)
        for label in locked.statuses
    )
    document = dataclasses.replace(locked, statuses=today)
    source = files.Source(document, make_report(document))
    return {key: kind.make(source) for key, kind in files.DRAFT_FORMATS.items()}


def colours_of(page: str) -> str:
    """Return the address of the style sheet that colours the report on a page."""
    return page.partition('href="/statusopgoerelser/farver.css')[2].partition('"')[0]


@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.usefixtures("unchanged_styles")
def test_all_acts_one_after_the_other_change_nothing(
    secretariat_client: Client,
    edition: Edition,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
):
    """After all acts in turn, files made again from the document have the same bytes too."""
    before = downloads(secretariat_client, edition)
    programme = edition.report.programme
    scene = Scene(secretariat_client, programme, edition, monkeypatch, settings, tmp_path)
    left_out = ("rendered again", "other templates", "another month")
    for name in ACTS:
        if name not in (*left_out, "all archived"):
            ACTS[name](scene)
    ACTS["all archived"](scene)
    assert downloads(secretariat_client, edition) == before
    fresh = Edition.objects.select_related("report__programme", "compared_with__report").get(
        pk=edition.pk
    )
    source = files.source_of(fresh)
    made = {kind.key: kind.make(source) for kind in files.FORMATS}
    assert [name for name in made if made[name] != before[name]] == []


def test_the_acts_change_rows_of_the_real_programme(programme: Programme):
    """An act on no rows would prove nothing."""
    for model in (Principle, ActionArea, Initiative, Action, Deadline, Purpose, Municipality):
        assert model.objects.of(programme).live().exists(), model
    assert read_initiative("kontraktanalyse").title == "Kontraktanalyse"
