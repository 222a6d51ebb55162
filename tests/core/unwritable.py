"""A portal whose database can't be written: `python -m tests.core.unwritable STATE FOLDER`.

FOLDER is a disk of its own (tests/small_disk.py). The script copies the database there, brings the
disk into STATE, asks for every page, sends every form, and prints the answers as JSON.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from core import clock, writing  # noqa: E402
from core.tracking import Actor  # noqa: E402
from principles.models import Programme  # noqa: E402
from tests.core.reading import form_to, form_with, forms_of, html_of  # noqa: E402
from tests.factories import PASSWORD  # noqa: E402

TEXT = "Ny tekst, som ikke må gå tabt æøå"
INITIATIVE = "/initiativer/kontraktanalyse/"
LOCK = "/statusopgoerelser/2026-03/laas/"
EDITION = "/statusopgoerelser/2026-01/udgave-1/"
PAGES = [
    *("/", "/soeg/?q=kontrakt", "/historik/", "/noegletal/", "/status/", "/deadlines/"),
    *("/tidslinje/", "/om-programmet/", "/statusopgoerelser/", "/statusopgoerelser/2026-02/"),
    *("/statusopgoerelser/sammenlign/", "/statusopgoerelser/2026-02/?pr=2026-02-10", LOCK),
    *(EDITION, f"{EDITION[:-1]}.json", INITIATIVE, f"{INITIATIVE}ret/", f"{INITIATIVE}status/"),
    *("/konto/adgangskode/", "/konto/log-ud/", "/was/", "/admin/", "/admin/principles/programme/"),
]
# The address of each form, what is typed into it, and what else it needs.
FORMS: list[tuple[str, str, dict[str, Any]]] = [
    (f"{INITIATIVE}status/", "reason", {"status": "completed"}),
    (f"{INITIATIVE}ret/", "report_text", {}),
    (f"{INITIATIVE}indsatser/tilfoej/", "title", {}),
    (f"{INITIATIVE}deadlines/tilfoej/", "wording", {}),
    ("/initiativer/leverandoerliste/arkiver/", "version", {}),
    (LOCK, "meeting_on", {"meeting_on": "05-03-2026"}),
]
BUTTONS = [
    (INITIATIVE, "/flyt/", {"retning": "ned"}),
    (INITIATIVE, "/uaendret/", {}),
    (EDITION, "/godkend/", {"meeting_on": "20-02-2026"}),
]


class Disk:
    """The small disk with the portal's file on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.filling = folder / "filling"

    def fill(self) -> None:
        """Write until not one byte more fits."""
        with self.filling.open("wb", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    def remount(self, how: str) -> None:
        connection.close()
        command = ["mount", "-o", f"remount,{how}", str(self.folder)]
        subprocess.run(command, check=True)


def turn_the_month() -> None:
    """Go on to a month without judgements, so that "Uændret" can be saved."""
    programme = Programme.objects.get()
    writing.change(
        programme,
        {"reporting_month": date(2026, 3, 1)},
        version=programme.version,
        actor=Actor("Test"),
        reason="",
        at=clock.now(),
    )


def signed_in(email_or_role: str) -> Client:
    client = Client(raise_request_exception=False)
    user = User.objects.filter(memberships__role=email_or_role).first()
    assert user
    client.force_login(user)
    return client


def ask(client: Client, path: str, reopen: bool) -> dict[str, Any]:
    if reopen:
        connection.close()
    response = client.get(path)
    return {"path": path, "status": response.status_code}


def send(client: Client, path: str, data: dict[str, Any], htmx: bool) -> dict[str, Any]:
    headers = {"hx-request": "true"} if htmx else {}
    response = client.post(path, data, headers=headers)
    page = html_of(response)
    again = []
    if not htmx and response.status_code == 503:
        again = [form.data for form in forms_of(response) if form.action == path]
        for form_data in again:
            assert form_data.pop("csrfmiddlewaretoken")
    return {
        "path": path,
        "htmx": htmx,
        "status": response.status_code,
        "page": page,
        "again": again,
        "sent": {name: str(value) for name, value in data.items() if name != "csrfmiddlewaretoken"},
    }


def send_all(client: Client, kinds: tuple[bool, ...]) -> list[dict[str, Any]]:
    answers = []
    for htmx in kinds:
        for path, ending, more in BUTTONS:
            forms = forms_of(client.get(path))
            fitting = [form for form in forms if form.action.split("?")[0].endswith(ending)]
            assert fitting, (path, ending, [form.action for form in forms])
            form = fitting[0]
            answers.append(send(client, form.action, form.filled(**more), htmx))
        for path, field, more in FORMS:
            page = client.get(path)
            form = form_with(page, field)
            typed = {} if field in ("version", *more) else {field: TEXT}
            answers.append(send(client, path, form.filled(**typed, **more), htmx))
    return answers


def send_to_the_admin(client: Client) -> list[dict[str, Any]]:
    path = f"/admin/principles/programme/{Programme.objects.get().pk}/change/"
    form = form_with(client.get(path), "authority")
    return [send(client, path, form.filled(authority=TEXT), htmx=False)]


def log_in() -> dict[str, Any]:
    client = Client(raise_request_exception=False)
    form = form_to(client.get("/konto/log-ind/"), "/konto/log-ind/")
    email = User.objects.get(memberships__role="secretariat").email
    return send(client, form.action, form.filled(login=email, password=PASSWORD), False)


def change_password(client: Client) -> dict[str, Any]:
    path = "/konto/adgangskode/"
    form = form_with(client.get(path), "oldpassword")
    new = "en-helt-anden-adgangskode"
    data = form.filled(oldpassword=PASSWORD, password1=new, password2=new)
    return send(client, path, data, False)


def log_out(client: Client) -> dict[str, Any]:
    form = form_to(client.get("/was/"), "/konto/log-ud/")
    return send(client, form.action, form.data, False)


def main(state: str, folder: Path) -> dict[str, Any]:
    disk = Disk(folder)
    shutil.copyfile(os.environ["PREPARED"], folder / "portal.sqlite3")
    turn_the_month()
    clients = {role: signed_in(role) for role in ("secretariat", "group", "reader")}
    before = clients["secretariat"].get(f"{INITIATIVE}ret/")
    assert before.status_code == 200
    if state == "full":
        with connection.cursor() as cursor:
            # The write-ahead log has room that SQLite uses again.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        disk.fill()
    elif state == "full and opened anew":
        connection.close()
        disk.fill()
    elif state == "read-only":
        disk.remount("ro")
    is_healthy = state == "healthy"
    reopen = state != "full"
    report: dict[str, Any] = {
        "pages": [ask(clients["secretariat"], path, reopen) for path in PAGES],
        "others": [ask(clients[role], "/statusopgoerelser/", reopen) for role in clients],
        "forms": [
            *send_all(clients["secretariat"], (False,) if is_healthy else (False, True)),
            *send_to_the_admin(clients["secretariat"]),
            log_in(),
            change_password(clients["secretariat"]),
            log_out(clients["group"]),
        ],
    }
    if state == "read-only":
        disk.remount("rw")
    elif not is_healthy:
        disk.filling.unlink()
        connection.close()
    # There is space again: the text that the page kept is sent once more, and saved.
    kept = next(one for one in report["forms"] if one["path"] == f"{INITIATIVE}ret/")
    if kept["again"]:
        response = clients["secretariat"].post(kept["path"], kept["again"][0])
        page = html_of(clients["secretariat"].get(INITIATIVE))
        report["saved afterwards"] = [response.status_code, TEXT in page]
    return report


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
