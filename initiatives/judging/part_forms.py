"""The indsatser and deadlines of an initiative inside the form that judges it.

Each row has a form of its own, with its own version. They are saved with the judgement, in one
transaction: all of it, or nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, F, Value
from django.http import QueryDict

from core import danish, writing
from core.characters import differ
from core.texts import CHANGE_REASON
from core.tracking import Actor
from initiatives.models import Action, Deadline, Fact, Initiative
from initiatives.saving.attempt import Outdated
from initiatives.saving.version import VersionedForm

PARTS_REFUSED = "En indsats eller deadline kan ikke gemmes. Se herunder. Intet er gemt."
OUTDATED = "En indsats eller deadline er rettet, siden du åbnede siden. Se herunder. Intet er gemt."
SAVED_SINCE = (
    "{} har den {} ændret teksten til »{}«. Ret din tekst, hvis den skal gælde, og gem igen."
)


class PartForm(VersionedForm):
    """The form of one row; `text_name` is the name of the field that people change."""

    text_name: ClassVar[str]

    def __init__(self, data: Any = None, *, row: Any, auto_id: str = "id_%s") -> None:
        prefix = f"{row._meta.model_name}-{row.key}"
        initial = {self.text_name: getattr(row, self.text_name), "version": row.version}
        super().__init__(data, initial=initial, prefix=prefix, auto_id=auto_id)
        self._made_with = {"row": row, "auto_id": auto_id}
        self.row = row

    @property
    def text(self) -> Any:
        """The field with the row's text, bound to what it holds."""
        return self[self.text_name]

    @property
    def history_reason(self) -> str:
        """Why the row is changed, for its history."""
        return ""

    def save(self, *, actor: Actor, at: datetime) -> bool:
        """Save the row; return whether anything changed. Raises as `revise` of the row does."""
        if not differ(self.cleaned_data[self.text_name], getattr(self.row, self.text_name)):
            return False
        saved = self.row.revise(
            {self.text_name: self.cleaned_data[self.text_name]},
            version=self.cleaned_data["version"],
            actor=actor,
            reason=self.history_reason,
            at=at,
        )
        return bool(saved.changed)

    def refuse(self, error: ValidationError) -> None:
        """Show what the model refused, at the field that it is about."""
        for name, messages in error.message_dict.items():
            field = "reason" if name == "change_reason" else name
            for message in messages:
                self.add_error(field if field in self.fields else self.text_name, message)

    def after(self, error: writing.StaleVersion) -> "PartForm":
        """Return the form with what was typed, made from the row as somebody else has saved it."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("version")] = str(error.row.version)
        form = self.bound_to(data)
        saved = getattr(error.row, self.text_name)
        form.is_valid()
        who, day = danish.unbroken(error.by), danish.moment_day(error.at)
        form.add_error(self.text_name, SAVED_SINCE.format(who, day, saved))
        return form


class ActionPart(PartForm):
    """The wording of an indsats."""

    text_name = "title"
    title = Action._meta.get_field("title").formfield(widget=forms.Textarea(attrs={"rows": 2}))


class DeadlinePart(PartForm):
    """The wording of a deadline, and the reason that another day needs."""

    text_name = "wording"
    wording = Deadline._meta.get_field("wording").formfield(
        widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = CHANGE_REASON.formfield(
        label="Hvorfor flyttes deadlinen?",
        help_text="Udfyldes, hvis deadlinen får en anden dag.",
        widget=forms.TextInput,
    )

    @property
    def history_reason(self) -> str:
        return str(self.cleaned_data["reason"])


class NewPart(forms.Form):
    """The form of a row that is not there yet: its text, empty when none is added."""

    text_name: ClassVar[str]

    def __init__(self, data: Any = None, *, initiative: Initiative, auto_id: str) -> None:
        super().__init__(data, prefix=f"ny-{self.text_name}", auto_id=auto_id)
        self.fields[self.text_name].required = False
        self.initiative = initiative

    @property
    def text(self) -> Any:
        """The field with the text, bound to what it holds."""
        return self[self.text_name]

    def save(self, *, actor: Actor, at: datetime) -> bool:
        """Add the row last, and return whether one was added. The initiative is locked, so the text
        of a row that is there already is this form sent twice, and adds nothing. Raises
        ValidationError."""
        text = self.cleaned_data[self.text_name]
        if not text or self.siblings().live().filter(**{self.text_name: text}).exists():
            return False
        position = self.siblings().next_position()
        self.make(text, position).add(actor=actor, reason="", at=at)
        return True

    def siblings(self) -> Any:
        """The initiative's rows of this kind."""
        raise NotImplementedError

    def make(self, text: str, position: float) -> Action | Deadline:
        """Make the row, without storing it."""
        raise NotImplementedError

    def refuse(self, error: ValidationError) -> None:
        """Show what the model refused at the text."""
        for message in error.messages:
            self.add_error(self.text_name, message)


class NewAction(NewPart):
    """A new indsats."""

    text_name = "title"
    title = Action._meta.get_field("title").formfield(widget=forms.Textarea(attrs={"rows": 2}))

    def siblings(self) -> Any:
        return self.initiative.actions

    def make(self, text: str, position: float) -> Action:
        key = writing.new_key(Action, text, prefix=self.initiative.key[:30])
        return Action(key=key, initiative=self.initiative, position=position, title=text)


class NewDeadline(NewPart):
    """A new deadline of the whole initiative. Other kinds have a page of their own."""

    text_name = "wording"
    wording = Deadline._meta.get_field("wording").formfield(
        widget=forms.Textarea(attrs={"rows": 2})
    )

    def siblings(self) -> Any:
        return self.initiative.deadlines

    def make(self, text: str, position: float) -> Deadline:
        key = writing.new_key(Deadline, "deadline", prefix=self.initiative.key)
        values = {"key": key, "position": position, "wording": text, "fact": Fact.DEADLINE}
        return Deadline(initiative=self.initiative, **values)


class Parts:
    """The forms of an initiative's indsatser and deadlines, in the order of its page, and of a new
    one of each; none without an `initiative`. `data` is what was posted: a row that was added since
    is left out."""

    def __init__(
        self, initiative: Initiative | None, data: QueryDict | None = None, *, auto_id: str
    ) -> None:
        self.actions: list[PartForm] = []
        self.deadlines: list[PartForm] = []
        self.new_action = self.new_deadline = None
        if initiative:
            self.new_action = NewAction(data, initiative=initiative, auto_id=auto_id)
            self.new_deadline = NewDeadline(data, initiative=initiative, auto_id=auto_id)
        for row in _rows(initiative) if initiative else ():
            kind = ActionPart if isinstance(row, Action) else DeadlinePart
            form = kind(data, row=row, auto_id=auto_id)
            if data is None or form.add_prefix("version") in data:
                (self.actions if isinstance(row, Action) else self.deadlines).append(form)

    def __iter__(self) -> Iterator[PartForm]:
        yield from self.actions
        yield from self.deadlines

    def is_valid(self) -> bool:
        """Validate every form, so that all errors are shown at once."""
        valid = [form.is_valid() for form in (*self, *self._new())]
        return all(valid)

    def _new(self) -> tuple[NewPart, ...]:
        return tuple(form for form in (self.new_action, self.new_deadline) if form)

    def save(self, *, actor: Actor, at: datetime) -> bool:
        """Save what was changed; return whether anything was. Raises ValidationError and Outdated
        with a sentence for the whole form; the form of the row says what is wrong with it."""
        is_changed = False
        for forms_of_kind in (self.actions, self.deadlines):
            for place, form in enumerate(forms_of_kind):
                try:
                    is_changed |= form.save(actor=actor, at=at)
                except ValidationError as error:
                    form.refuse(error)
                    raise ValidationError(PARTS_REFUSED) from error
                except writing.StaleVersion as error:
                    forms_of_kind[place] = form.after(error)
                    raise Outdated(OUTDATED) from error
        for new in self._new():
            try:
                is_changed |= new.save(actor=actor, at=at)
            except ValidationError as error:
                new.refuse(error)
                raise ValidationError(PARTS_REFUSED) from error
        return is_changed


def _rows(initiative: Initiative) -> Iterator[Action | Deadline]:
    """Read the indsatser and deadlines in their order, with what their forms need. One query."""
    common = "id", "key", "version"
    order = F("position"), F("id")
    none = Value("", CharField())
    actions = initiative.actions.live().order_by()
    deadlines = initiative.deadlines.live().order_by()
    rows = actions.values_list(Value("action"), *common, "title", none, *order).union(
        deadlines.values_list(Value("deadline"), *common, "wording", "fact", *order), all=True
    )
    for kind, pk, key, version, text, fact, *_ in sorted(rows, key=lambda row: (row[0], row[-2:])):
        if kind == "action":
            yield Action(id=pk, key=key, version=version, title=text)
        else:
            yield Deadline(id=pk, key=key, version=version, wording=text, fact=fact)
