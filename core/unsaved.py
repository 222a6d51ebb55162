"""The text that somebody typed into a form that was refused before a view read it.

It is shown so that it can be copied, never in a form that can be sent again: another site could
send us a form and wait for the user to click.
"""

import re
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# Values that are no text a person wrote: numbers, days, versions, marks, and addresses of pages.
_NO_TEXT = re.compile(r"[0-9.,:/-]*|[A-Za-z]|on|(?:/|https?://)\S*")
# Fields whose values are chosen from a list or hidden, never written.
CHOSEN = frozenset(
    {
        *("action", "af", "basis", "deviates", "fact", "foreslaaet", "formular", "fra", "gem"),
        *(
            "med",
            "month",
            "programme",
            "retning",
            "role",
            "status",
            "terms_of_reference",
            "token",
            "valg",
            "version",
        ),
    }
)


def typed_texts(request: HttpRequest) -> list[str]:
    """List the texts of the form in their order, without passwords, tokens and addresses."""
    try:
        fields = list(request.POST.lists())
    except Exception:
        # A form that can't be read can't be shown, but the page must be.
        return []
    return [
        value
        for name, values in fields
        for value in values
        if not is_secret(name) and is_text(name, value)
    ]


def page_of_form(request: HttpRequest) -> str:
    """Find the page of the portal that the form was on; "/" when the headers do not say."""
    is_htmx = request.headers.get("HX-Request") == "true"
    page = request.headers.get("HX-Current-URL" if is_htmx else "Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def is_secret(name: str) -> bool:
    """Whether a field of this name may hold a secret, which is never shown again."""
    return any(word in name.lower() for word in ("password", "token", "csrf", "bevaret"))


def is_text(name: str, value: str) -> bool:
    """Whether a person may have written this value.

    A value counts as written unless it is known to be chosen: showing a choice does no harm, losing
    a text does.
    """
    return name not in CHOSEN and not _NO_TEXT.fullmatch(value.strip())
