"""What a test reads of a page: its text, its forms as a browser would send them, its links."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


def html_of(response: Any) -> str:
    """Return the page as it was sent."""
    sent: str = response.content.decode()
    return sent


def text_of(response: Any) -> str:
    """Return what a person reads, text boxes included: no tags, single blanks."""
    page = response if isinstance(response, str) else html_of(response)
    page = re.sub(r"(?s)<(head|script)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page))).strip()


def hard(text: str) -> str:
    """Return the text with no-break spaces for its underscores."""
    return text.replace("_", "\N{NO-BREAK SPACE}")


def initiatives_in(response: Any) -> list[str]:
    """Return the keys of the rows of a status table, in their order."""
    return re.findall(r'<tr id="initiativ-([a-z0-9-]+)"', html_of(response))


def history_of(response: Any) -> list[str]:
    """Return the lines of a page's history, newest first."""
    lines = re.findall(r"(?s)<li><time[^>]*>.*?</time>(.*?)</li>", html_of(response))
    return [text_of(re.sub("<[^>]*>", "", line)) for line in lines]


@dataclass
class Form:
    """A form with what a browser would send when nothing is typed."""

    method: str = ""
    action: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed: Any) -> dict[str, Any]:
        """Return the form's data with `typed` over it."""
        return self.data | typed


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.open: Form | None = None
        self.textarea: str | None = None
        self.select: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.open = Form(has.get("method") or "get", has.get("action") or "")
            self.found.append(self.open)
        if self.open is None:
            return
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "input" and name:
            self._input(self.open, has.get("type") or "text", name, value, "checked" in has)
        elif tag == "button":
            self.open.buttons.append((name, value))
        elif tag == "textarea":
            self.textarea, self.text = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            # Without a selected option the first one counts.
            if "selected" in has:
                self.open.data[self.select] = value
            self.open.data.setdefault(self.select, value)

    def _input(self, form: Form, kind: str, name: str, value: str, checked: bool) -> None:
        if kind == "checkbox":
            if checked:
                sent = form.data.get(name, [])
                # A hidden field of the same name comes first.
                form.data[name] = [*([sent] if isinstance(sent, str) else sent), value or "on"]
        elif kind == "radio":
            if checked:
                form.data[name] = value
        elif kind == "hidden" and name in form.data:
            sent = form.data[name]
            form.data[name] = [*([sent] if isinstance(sent, str) else sent), value]
        elif kind not in ("submit", "button"):
            form.data[name] = value

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.open is not None and self.textarea:
            # A browser drops the first line break of a text box.
            self.open.data[self.textarea] = self.text.removeprefix("\n")
            self.textarea = None


def forms_of(response: Any) -> list[Form]:
    """Return every form of a page."""
    parser = _Forms()
    parser.feed(html_of(response))
    return parser.found


def form_with(response: Any, name: str) -> Form:
    """Return the only form of a page that has a field called `name`."""
    (match,) = (form for form in forms_of(response) if name in form.data)
    return match


def form_to(response: Any, action: str) -> Form:
    """Return the first form of a page that is sent to `action`."""
    return next(form for form in forms_of(response) if form.action == action)
