"""Editing the texts of the plan: add, edit, move, archive and restore. Never delete.

Initiatives, indsatser and deadlines share these views; `KINDS` holds what differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import ProgrammeRequest, requires
from accounts.permissions import Permission
from core import clock, writing
from core.danish import capitalise, day
from core.history import Words
from core.texts import PlainTextField
from initiatives.conflict import (
    STALE,
    both_texts,
    conflict_context,
    field_label,
    merged_sentence,
    posted_version,
    with_theirs,
)
from initiatives.forms import ActionForm, DeadlineForm, InitiativeForm, TextForm
from initiatives.models import Action, Deadline, Fact, Initiative, TermsOfReferenceState
from initiatives.preview import preview, understood
from initiatives.sentences import ACTION_WORDS, DEADLINE_WORDS, INITIATIVE_WORDS
from principles.models import ActionArea


@dataclass(frozen=True)
class Kind:
    """What the shared views need to know of one model."""

    noun: str
    title: str
    form: Callable[..., TextForm]
    fields: tuple[str, ...]
    words: Words


# The name of the button that shows what a deadline is understood as.
PREVIEW = "forhaandsvis"

KINDS: dict[type[Any], Kind] = {
    Initiative: Kind(
        "initiativet",
        "Ret tekster",
        InitiativeForm,
        ("title", "report_text", "ask", "internal_notes", "terms_of_reference"),
        INITIATIVE_WORDS,
    ),
    Action: Kind("indsatsen", "Ret indsats", ActionForm, ("title",), ACTION_WORDS),
    Deadline: Kind(
        "deadlinen",
        "Ret deadline",
        DeadlineForm,
        (
            *("wording", "fact", "action", "since", "detail", "met_on"),
            *("set_by_hand", "starts_on", "ends_on", "opens_on"),
        ),
        DEADLINE_WORDS,
    ),
}


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_add(request: ProgrammeRequest, area_key: str) -> HttpResponse:
    """A new initiative, last in its area."""
    areas = ActionArea.objects.of(request.programme).live().filter(principle__archived_at=None)
    area = get_object_or_404(areas, key=area_key)
    form = InitiativeForm(_posted(request), initial={"terms_of_reference": "unknown"})
    back = request.links.to("initiatives:area-detail", key=area.key)
    if request.method == "POST" and form.is_valid():
        key = writing.new_key(Initiative, form.cleaned_data["title"])
        row = Initiative(key=key, area=area, position=_last(area.initiatives), **form.values())
        if _create(request, form, row):
            messages.success(request, f"Initiativet »{row}« er oprettet.")
            url = request.links.to("initiatives:initiative-detail", key=row.key)
            return HttpResponseRedirect(url)
    return _form_page(request, form, "Tilføj initiativ", area.title, back)


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_add(request: ProgrammeRequest, initiative_key: str) -> HttpResponse:
    """A new indsats, last in its initiative."""
    initiative = _parent(request, initiative_key)
    form = ActionForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        key = writing.new_key(Action, form.cleaned_data["title"], prefix=initiative.key[:30])
        row = Action(
            key=key, initiative=initiative, position=_last(initiative.actions), **form.values()
        )
        if _create(request, form, row):
            return _saved(request, row, "Indsatsen er tilføjet.")
    return _form_page(
        request, form, "Tilføj indsats", initiative.title, _page_of(request, initiative)
    )


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def deadline_add(request: ProgrammeRequest, initiative_key: str) -> HttpResponse:
    """A new deadline, last in its initiative."""
    initiative = _parent(request, initiative_key)
    form = DeadlineForm(
        _posted(request),
        initiative=initiative,
        today=clock.today(),
        initial={"fact": Fact.DEADLINE},
    )
    back = _page_of(request, initiative)
    row = Deadline(initiative=initiative)
    if PREVIEW in request.POST:
        return _preview(request, form, row, "Tilføj deadline", back)
    if request.method == "POST" and form.is_valid():
        key = writing.new_key(Deadline, "deadline", prefix=initiative.key)
        row = Deadline(
            key=key, initiative=initiative, position=_last(initiative.deadlines), **form.values()
        )
        if _create(request, form, row):
            return _saved(request, row, "Deadlinen er tilføjet.")
    return _form_page(request, form, "Tilføj deadline", initiative.title, back, row=row)


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(request: ProgrammeRequest, kind: type[Any], key: str) -> HttpResponse:
    """The texts of an initiative, an indsats or a deadline."""
    row = _editable(request, kind, key)
    back = _page_of(request, row)
    title, subject = KINDS[kind].title, _initiative_of(row).title
    if request.method != "POST":
        return _form_page(request, _form(kind, row), title, subject, back, row=row)
    form = _form(kind, row, request.POST)
    if isinstance(form, DeadlineForm) and PREVIEW in request.POST:
        return _preview(request, form, row, title, back)
    if request.POST.get("valg") == "gemt":
        return _saved(request, row, "Den gemte tekst gælder.")
    if request.POST.get("valg") == "begge":
        form = _form(kind, row, _with_both(request, kind, row))
        return _form_page(request, form, title, subject, back, status=200, row=row)
    if not form.is_valid():
        return _form_page(request, form, title, subject, back, status=422, row=row)
    try:
        saved = _change(request, row, form)
    except ValidationError as error:
        form.add_error(None, error)
        return _form_page(request, form, title, subject, back, status=422, row=row)
    except writing.VersionMissing:
        form.add_error(None, STALE)
        return _form_page(request, form, title, subject, back, status=409, row=row)
    except writing.StaleVersion as error:
        form = _form(kind, row, with_theirs(request.POST, error))
        return _form_page(request, form, title, subject, back, status=409, conflict=error, row=row)
    return _saved(request, saved.row, _sentence(saved, request.user.name))


@requires(Permission.EDIT_PLAN)
@require_POST
def row_move(request: ProgrammeRequest, kind: type[Any], key: str) -> HttpResponse:
    """One place up or down among its siblings (`retning` is "op" or "ned")."""
    row = _editable(request, kind, key)
    step = {"op": -1, "ned": 1}.get(request.POST.get("retning", ""))
    parent = {"area": row.area} if kind is Initiative else {"initiative": row.initiative}
    siblings = kind.objects.live().filter(**parent)
    try:
        if step is None:
            raise writing.VersionMissing(str(row))
        moved = writing.move(
            row,
            siblings,
            step,
            version=posted_version(request),
            actor=request.user.actor,
            at=clock.now(),
        )
    except (writing.StaleVersion, writing.VersionMissing):
        messages.error(request, "Siden er ikke længere aktuel. Hent den igen, og flyt derefter.")
    else:
        place = (
            "er flyttet"
            if moved.changed
            else f"står allerede {'øverst' if step < 0 else 'nederst'}"
        )
        messages.success(request, f"{capitalise(KINDS[kind].noun)} {place}.")
    return HttpResponseRedirect(_page_of(request, row))


@requires(Permission.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def row_archive(request: ProgrammeRequest, kind: type[Any], key: str) -> HttpResponse:
    """Asks, then takes the row out of the plan."""
    row = _editable(request, kind, key)
    if isinstance(row, Action) and row.deadlines.live().exists():
        messages.error(
            request, "Indsatsen har deadlines. Arkivér dem, eller ret, hvad de gælder, først."
        )
        return HttpResponseRedirect(_page_of(request, row))
    if request.method == "POST":
        return _archive_or_restore(request, row, writing.archive, "arkiveret")
    context = {
        "row": row,
        "noun": KINDS[kind].noun,
        "initiative": _initiative_of(row),
        "back_url": _page_of(request, row),
    }
    return render(request, "initiatives/archive.html", context)


@requires(Permission.EDIT_PLAN)
@require_POST
def row_restore(request: ProgrammeRequest, kind: type[Any], key: str) -> HttpResponse:
    """Puts an archived row back where it stood."""
    row = _editable(request, kind, key, archived=True)
    return _archive_or_restore(request, row, writing.restore, "gendannet")


def _archive_or_restore(
    request: ProgrammeRequest, row: Any, act: Callable[..., Any], verb: str
) -> HttpResponse:
    noun = capitalise(KINDS[type(row)].noun)
    try:
        act(
            row,
            version=posted_version(request),
            actor=request.user.actor,
            reason="",
            at=clock.now(),
        )
    except (writing.StaleVersion, writing.VersionMissing):
        messages.error(request, "Siden er ikke længere aktuel. Hent den igen, og prøv derefter.")
    else:
        messages.success(request, f"{noun} »{row}« er {verb}.")
    return HttpResponseRedirect(_page_of(request, row))


def _editable(
    request: ProgrammeRequest, kind: type[Any], key: str, *, archived: bool = False
) -> Any:
    rows = kind.objects.of(request.programme).editable_by(request.user).under_live()
    rows = rows.exclude(archived_at=None) if archived else rows.live()
    return get_object_or_404(rows, key=key)


def _posted(request: ProgrammeRequest) -> Any:
    """The form's data; an empty form is a form too."""
    return request.POST if request.method == "POST" else None


def _parent(request: ProgrammeRequest, key: str) -> Initiative:
    found: Initiative = _editable(request, Initiative, key)
    return found


def _initiative_of(row: Any) -> Initiative:
    found: Initiative = row if isinstance(row, Initiative) else row.initiative
    return found


def _page_of(request: ProgrammeRequest, row: Any) -> str:
    return request.links.to("initiatives:initiative-detail", key=_initiative_of(row).key)


def _form(kind: type[Any], row: Any, data: Any = None) -> TextForm:
    initial = {name: getattr(row, name) for name in KINDS[kind].fields} | {"version": row.version}
    if isinstance(row, Deadline):
        initial["action"] = row.action.key if row.action else ""
        return DeadlineForm(
            data,
            initial=initial,
            initiative=row.initiative,
            action_id=row.action_id,
            today=clock.today(),
        )
    return KINDS[kind].form(data, initial=initial)


def _last(siblings: Any) -> float:
    newest = siblings.order_by("-position").values_list("position", flat=True).first()
    return float(newest or 0) + 1


def _change(request: ProgrammeRequest, row: Any, form: TextForm) -> writing.Saved[Any]:
    """Save the form through the one door; a deadline's own way in tells of moves."""
    how = {
        "version": form.cleaned_data["version"],
        "actor": request.user.actor,
        "reason": form.cleaned_data["change_reason"],
        "at": clock.now(),
    }
    if isinstance(row, Deadline):
        correction = form.cleaned_data["is_correction"]
        return row.revise(form.values(), is_correction=correction, **how)
    return writing.change(row, form.values(), **how)


def _create(request: ProgrammeRequest, form: TextForm, row: Any) -> bool:
    """Store a new row; False with the form's errors when the model refuses it."""
    how = {
        "actor": request.user.actor,
        "reason": form.cleaned_data["change_reason"],
        "at": clock.now(),
    }
    try:
        if isinstance(row, Deadline):
            row.add(**how)
        else:
            writing.create(row, **how)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _saved(request: ProgrammeRequest, row: Any, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(_page_of(request, row))


def _sentence(saved: writing.Saved[Any], me: str) -> str:
    kind = KINDS[type(saved.row)]
    told = f"{capitalise(kind.noun)} er gemt." if saved.changed else "Der er ikke ændret noget."
    return f"{told} {merged_sentence(saved, kind.words.fields, me)}".strip()


def _with_both(request: ProgrammeRequest, kind: type[Any], row: Any) -> QueryDict:
    """The posted data with the saved texts before the typed ones, made from the newest row."""
    data = request.POST.copy()
    data["version"] = str(row.version)
    for name in KINDS[kind].fields:
        if isinstance(row._meta.get_field(name), PlainTextField):
            data[name] = both_texts(getattr(row, name), data.get(name, ""))
    return data


def _form_page(
    request: ProgrammeRequest,
    form: TextForm,
    title: str,
    subject: str,
    back_url: str,
    *,
    row: Any = None,
    status: int | None = None,
    conflict: writing.StaleVersion | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "row": row,
        "title": title,
        "subject": subject,
        "back_url": back_url,
        "conflict": conflict_context(
            conflict, label=lambda name: field_label(conflict.row, name), show=_shown
        )
        if conflict
        else None,
    }
    if status is None:
        status = 422 if form.errors else 200
    template = "initiatives/text_form.html"
    if isinstance(form, DeadlineForm):
        template = "initiatives/deadline_form.html"
        context["understood"] = _understood(form, row)
    return render(request, template, context, status=status)


def _preview(
    request: ProgrammeRequest, form: DeadlineForm, row: Deadline, title: str, back_url: str
) -> HttpResponse:
    """What is typed so far, and what it is understood as; nothing is saved, nothing is refused."""
    understood = _understood(form, row)
    if request.htmx:
        return render(request, "initiatives/_understood.html", {"understood": understood})
    context = {
        "form": form.as_typed(),
        "row": row,
        "title": title,
        "subject": row.initiative.title,
        "back_url": back_url,
        "understood": understood,
    }
    return render(request, "initiatives/deadline_form.html", context)


def _understood(form: DeadlineForm, row: Deadline) -> list[str]:
    if not form.is_bound:
        return understood(row) if row.pk else []
    form.is_valid()
    return form.day_errors() or preview(row, form.usable_values(), clock.today())


def _shown(field: str, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if field == "fact":
        return str(Fact(value).label)
    if field == "terms_of_reference":
        return str(TermsOfReferenceState(value).label)
    return "" if value is None else str(value)
