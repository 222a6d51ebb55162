"""Plain text of the plan: which texts are refused, and the Danish sentences that say why."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.characters import REFUSED, in_one_line, looks_alike, normalise
from core.danish import capitalise, thousands

# ddmmyy and four digits, with or without a hyphen or blank between; months 01-12, days 01-31.
_CPR = re.compile(
    r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}"
    r"[\s\u2010-\u2015\u2212-]{0,3}\d{4}(?!\d)"
)


def refuse_control_characters(text: str) -> None:
    """Raise ValidationError when `text` holds characters that no page or file can show."""
    match = REFUSED.search(text)
    if not match:
        return
    before = " ".join(text[max(0, match.start() - 20) : match.start()].split())
    # A private character belongs to a font that `normalise` does not know; it shows as a box.
    is_private = unicodedata.category(match[0]) == "Co"
    if before:
        kind = "tegn, som kun kan vises med en bestemt skrifttype," if is_private else ""
        place = f"Der er et {kind or 'usynligt tegn'} lige efter »{before}«."
    else:
        kind = "kan kun vises med en bestemt skrifttype" if is_private else "er usynligt"
        place = f"Det første tegn {kind}."
    raise ValidationError(f"{place} Slet det, og skriv stedet igen.", code="control_characters")


def refuse_cpr_number(text: str) -> None:
    """Raise ValidationError when `text` seems to hold a CPR number, which identifies a citizen."""
    if _CPR.search(text):
        raise ValidationError(
            "Teksten ser ud til at indeholde et CPR-nummer. Fjern det, før du gemmer. "
            "Er det et andet nummer, så del det op.",
            code="cpr_number",
        )


# The length that a text in the address is cut to; nobody types more than this into a search field.
MAX_TYPED_LENGTH = 200


def typed_text(query: Mapping[str, str], name: str) -> str:
    """Read the text of the address's parameter `name`: on one line, normalised and cut.

    Refused characters are removed, because PostgreSQL accepts no NUL in a text.
    """
    return in_one_line(REFUSED.sub("", query.get(name, "")))[:MAX_TYPED_LENGTH].strip()


class PlainTextField(models.TextField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Text with line breaks and no markup, at most `max_length` characters.

    The model field holds every rule, so that forms, the admin and commands refuse the same texts.
    """

    default_validators = [refuse_control_characters, refuse_cpr_number]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return normalise(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Return the value unchanged. Django would call `to_python` again at each save, and a row
        whose title an older portal stored with invisible characters could not even be archived."""
        return models.Field.get_prep_value(self, value)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Return the normalised text. Raises ValidationError, which names the field, when the text
        is empty or too long, or a validator refuses it."""
        text = self.to_python(value)
        name = capitalise(str(self.verbose_name))
        if not text and not self.blank:
            raise ValidationError(f"{name} skal udfyldes.", code="required")
        if self.max_length is not None and len(text or "") > self.max_length:
            raise ValidationError(
                f"{name} må højst fylde {thousands(self.max_length)} tegn. "
                f"Teksten er på {thousands(len(text))}.",
                code="max_length",
            )
        return super().clean(text, model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("max_length", None)
        options = {
            "rules": self,
            "label": capitalise(str(self.verbose_name)),
            "help_text": self.help_text,
            "required": not self.blank,
            "initial": self.get_default() if self.has_default() else None,
            "widget": forms.Textarea(attrs={"rows": 3}),
        }
        return PlainTextFormField(**{**options, **kwargs})


class PlainLineField(PlainTextField):
    """One line of plain text: a title or a name. Blanks of every kind become one blank."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return re.sub(r"[ \t\n\xa0]+", " ", value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"widget": forms.TextInput, **kwargs})


# The sentence about what is typed and is no date (`core.typed_days`).
BAD_DATE = "Skriv datoen som dag-måned-år, fx 26-02-2026."
# The years that a plan can mention; any other is a typing error.
YEARS = range(2000, 2101)
BAD_YEAR = f"Skriv et årstal mellem {YEARS[0]} og {YEARS[-1]}."

# The reason for a change of texts, as history stores it.
CHANGE_REASON = PlainTextField("begrundelse", blank=True, max_length=500)


class PlainTextFormField(forms.Field):
    """A form's field for a plain text. It asks the model field, so that each rule has one place.

    It sends no `maxlength` to the browser, which would cut pasted text silently.
    """

    def __init__(self, *, rules: PlainTextField, **kwargs: Any) -> None:
        self.rules = rules
        super().__init__(**kwargs)
        own = kwargs.get("error_messages") or {}
        self.if_missing: str = own.get("required") or f"{self.label} skal udfyldes."

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # The server answers with a sentence of ours, instead of the browser's own message.
        return {}

    def clean(self, value: Any) -> str:
        text: str = self.rules.to_python(value or "")
        if self.required and not text:
            raise ValidationError(self.if_missing, code="required")
        return str(self.rules.clean(text, None)) if text else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a reader can tell the text from the one that the form began with."""
        return not looks_alike(*(self.rules.to_python(text or "") for text in (initial, data)))


class NormalisedEmailField(forms.EmailField):
    """A field for an e-mail address, normalised because people paste addresses."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(in_one_line(value) if isinstance(value, str) else value))
