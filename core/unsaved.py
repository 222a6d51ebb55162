"""What somebody typed into a form that was refused before any view saw it: it is handed back.

It is shown to be copied, never as a form to send again: whoever made another site send us a form
would only have to wait for a click.
"""

from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.utils.http import url_has_allowed_host_and_scheme

# Shorter values without a blank are choices, numbers and versions: what one clicks again.
SHORT = 25


def typed_texts(request: HttpRequest) -> list[str]:
    """The texts of the form in their order; no password, token or address."""
    try:
        fields = list(request.POST.lists())
    except (SuspiciousOperation, UnreadablePostError):
        return []
    return [
        value
        for name, values in fields
        for value in values
        if not _is_secret(name) and _is_text(value)
    ]


def page_of(request: HttpRequest) -> str:
    """The page of the portal that the form stood on; "/" when it cannot be told."""
    is_htmx = request.headers.get("HX-Request") == "true"
    page = request.headers.get("HX-Current-URL" if is_htmx else "Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in ("password", "token", "csrf"))


def _is_text(value: str) -> bool:
    text = value.strip()
    is_address = text.startswith(("/", "http://", "https://")) and not text.split()[1:]
    return not is_address and (len(text) > SHORT or bool(text.split()[1:]))
