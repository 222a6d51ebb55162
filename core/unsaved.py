"""What somebody typed into a form that was refused before any view saw it: it is handed back.

It is shown to be copied, never as a form to send again: whoever made another site send us a form
would only have to wait for a click.
"""

import re
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# What nobody writes as a text: numbers, days, versions, marks, and addresses of pages.
_NO_TEXT = re.compile(r"[0-9.,:/-]*|[A-Za-z]|on|(?:/|https?://)\S*")
# Fields whose values are chosen or carried along, never written.
CHOSEN = frozenset(
    {
        *("action", "basis", "deviates", "fact", "fra", "gem", "month", "programme", "retning"),
        *("role", "status", "terms_of_reference", "token", "valg", "version"),
    }
)


def typed_texts(request: HttpRequest) -> list[str]:
    """The texts of the form in their order; no password, token or address."""
    try:
        fields = list(request.POST.lists())
    except Exception:
        # What cannot be read cannot be shown, and the page has to come all the same.
        return []
    return [
        value
        for name, values in fields
        for value in values
        if not is_secret(name) and is_text(name, value)
    ]


def page_of(request: HttpRequest) -> str:
    """The page of the portal that the form stood on; "/" when it cannot be told."""
    is_htmx = request.headers.get("HX-Request") == "true"
    page = request.headers.get("HX-Current-URL" if is_htmx else "Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def is_secret(name: str) -> bool:
    """Whether a field of this name may hold what is never shown again."""
    return any(word in name.lower() for word in ("password", "token", "csrf"))


def is_text(name: str, value: str) -> bool:
    """Whether a person may have written this value of a field. What is not known to be chosen
    counts as written: a choice shown too much harms nobody, a text that is gone does."""
    return name not in CHOSEN and not _NO_TEXT.fullmatch(value.strip())
