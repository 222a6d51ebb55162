"""The PDF process: what it may read, how it is stopped, and what it says when it fails."""

import subprocess
import sys
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pikepdf
import pytest
from django.conf import settings
from weasyprint import HTML

from reports.formats import pdf
from reports.formats.pdf import (
    STATIC_PREFIX,
    STATIC_ROOT,
    Attached,
    PdfError,
    PdfLibrariesMissing,
    render_pdf,
)
from reports.formats.pdf_worker import StaticFetcher
from reports.formats.report_html import report_pdf
from reports.report.report import make_report
from tests.promises import Measured
from tests.reports.report.documents import in_one_area, make_initiative

pytestmark = [pytest.mark.pdf, pytest.mark.slow]

SECRET = "hemmelighed-i-en-fil-på-serveren"


class Server(ThreadingHTTPServer):
    """Counts what is asked of it, and answers each path with a redirect or an image."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.hits: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.hits.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/css")
        self.end_headers()
        self.wfile.write(b"p { color: red }")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    thread = Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()


def greedy_page(server: Server, secret: Path) -> str:
    """A page that asks for the network and for the machine's files in every way we know."""
    host, file = server.address, secret.as_uri()
    outside = f"{STATIC_PREFIX}../../../../../../{secret}"
    return f"""<!doctype html><html lang="da"><head><title>Prøve</title>
<link rel="stylesheet" href="{host}/link.css">
<link rel="stylesheet" href="{file}">
<link rel="attachment" href="{host}/attachment">
<link rel="attachment" href="{file}">
<link rel="attachment" href="{outside}">
<style>@import url("{host}/import.css");
@font-face {{ font-family: x; src: url("{host}/font.woff2"), url("{file}") }}
p {{ background: url("{host}/background.png"); list-style-image: url("{file}"); font-family: x }}
p::before {{ content: url("{host}/content.png") }}</style></head><body><p>Tekst</p>
<img src="{host}/image.png" alt="a"><img src="{file}" alt="b"><img src="{outside}" alt="c">
<img src="ftp://127.0.0.1/image.png" alt="d"><img src="data:text/plain,{SECRET}" alt="e">
<object data="{file}" type="image/svg+xml"></object><embed src="{host}/embed.svg">
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">
<image href="{host}/svg.png" width="9" height="9"/><use href="{file}#a"/></svg>
<a rel="attachment" href="{file}">fil</a><a rel="attachment" href="{host}/a">net</a>
</body></html>"""


def embedded(content: bytes, path: Path) -> bytes:
    """Everything in the PDF, unpacked, its attachments too."""
    path.write_bytes(content)
    with pikepdf.open(path) as found:
        streams = [o.read_bytes() for o in found.objects if isinstance(o, pikepdf.Stream)]
        return b"".join(streams) + b"".join(map(str.encode, found.attachments))


@pytest.mark.promise(7)
def test_no_network_and_no_files(server: Server, tmp_path: Path, promise: Measured):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    content = render_pdf(greedy_page(server, secret))
    assert server.hits == []
    assert SECRET.encode() not in embedded(content, tmp_path / "made.pdf")
    promise.figure("a page that asks for the network and for files", "0 fetches, 0 bytes of files")


@pytest.mark.promise(7)
def test_the_trap_works_on_the_default_fetcher(server: Server, tmp_path: Path, promise: Measured):
    """The control: WeasyPrint's own fetcher asks the network and embeds the file."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    content = HTML(string=greedy_page(server, secret)).write_pdf()
    assert "/link.css" in server.hits
    assert SECRET.encode() in embedded(content, tmp_path / "made.pdf")
    fetched = f"{len(server.hits)} fetches, the file is in the PDF"
    promise.control("the same page with WeasyPrint's own fetcher", fetched)


@pytest.mark.promise(7)
@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://static.invalid.example/css/report.css",
        "data:text/css,p{}",
        f"{STATIC_PREFIX}../manage.py",
        f"{STATIC_PREFIX}..%2Fmanage.py",
        f"{STATIC_PREFIX}css/%2e%2e/%2e%2e/manage.py",
        f"{STATIC_PREFIX}//etc/passwd",
        f"{STATIC_PREFIX}css",
        f"{STATIC_PREFIX}css/nothing.css",
    ],
)
def test_the_fetcher_refuses(url: str):
    fetcher = StaticFetcher(STATIC_ROOT, STATIC_PREFIX)
    with pytest.raises(ValueError, match="static file"):
        fetcher.fetch(url)


def test_the_fetcher_does_not_follow_links_out(tmp_path: Path):
    root = tmp_path / "static"
    root.mkdir()
    (tmp_path / "outside.css").write_text("p {}")
    (root / "inside.css").symlink_to(tmp_path / "outside.css")
    with pytest.raises(ValueError, match="static file"):
        StaticFetcher(root, STATIC_PREFIX).fetch(f"{STATIC_PREFIX}inside.css")


def test_the_fetcher_serves_our_style_sheet():
    answer = StaticFetcher(STATIC_ROOT, STATIC_PREFIX).fetch(f"{STATIC_PREFIX}css/report.css?v=1")
    assert answer.content_type == "text/css"
    assert b".report" in answer.read()


def test_the_same_page_gives_the_same_bytes():
    html = "<!doctype html><html lang=da><title>T</title><h1>Æblegrød</h1>"
    assert render_pdf(html) == render_pdf(html)


def test_a_runaway_page_is_stopped():
    html = "<!doctype html><html lang=da><title>T</title><table><td colspan=1000000>x</table>"
    with pytest.raises(PdfError, match=r"more than 2.4 seconds|ended with -"):
        render_pdf(html, seconds=2)


def test_a_failing_process_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    fake_weasyprint(monkeypatch, tmp_path, "raise RuntimeError('broken on purpose')")
    with pytest.raises(PdfError, match="broken on purpose"):
        render_pdf("<p>x")


def test_missing_libraries_are_told_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    fake_weasyprint(monkeypatch, tmp_path, "raise OSError(\"cannot load library 'libpango'\")")
    with pytest.raises(PdfLibrariesMissing, match="libpango"):
        render_pdf("<p>x")


def fake_weasyprint(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """Let the worker find another WeasyPrint first, one that runs `code` when imported."""
    (folder / "weasyprint").mkdir()
    (folder / "weasyprint" / "__init__.py").write_text(code)
    real = pdf.worker_environment()
    monkeypatch.setattr(pdf, "worker_environment", lambda: {**real, "PYTHONPATH": str(folder)})


def test_the_worker_knows_no_secrets(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "x")
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(pdf.worker_environment())


def test_the_web_process_never_imports_weasyprint():
    code = (
        "import sys, django; django.setup(); "
        "import reports.editions.draft_views, rammeaftale.urls; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('weasyprint', 'pydyf')))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env={**pdf.worker_environment(), "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
    importers = [
        path.name
        for path in settings.BASE_DIR.glob("[a-z]*/**/*.py")
        if path.parts[len(settings.BASE_DIR.parts)]
        in ("core", "accounts", "reports", "initiatives")
        and "from weasyprint" in path.read_text("utf-8")
    ]
    assert importers == ["pdf_worker.py"]


# Links

OPENS = ["https://www.example.dk/plan?a=1&b=2#c", "http://example.dk/", "mailto:post@example.dk"]
STAYS = ["#andet"]
OPENS_NOTHING = [
    "javascript:app.alert(1)",
    "JavaScript:app.alert(1)",
    " \tjavascript:app.alert(1)",
    "java\nscript:app.alert(1)",
    "\x01javascript:app.alert(1)",
    "file:///etc/passwd",
    "data:text/html,<script>alert(1)</script>",
    "ftp://example.dk/fil",
    "tel:+4512345678",
    "sms:+4512345678",
    "vbscript:x",
    "ms-word:ofe|u|https://example.dk/x.docx",
    "search-ms:query=x",
    "smb://example.dk/del",
    "\\\\example.dk\\del\\fil",
    "//example.dk/uden-navn",
    "/status/",
    "status/?a=1",
    "../../hemmelig.txt",
    "https:",
    "https:/example.dk",
    "https://example.dk/a javascript:app.alert(1)",
    "",
]
ACTIONS = ("/A", "/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/GoToR", "/SubmitForm")


def page_of_links(links: list[str]) -> str:
    """Each as a link, as an area of an image, as a link to be attached, and within a drawing."""
    items = "".join(
        f'<p><a href="{escape(link)}">{number}</a> <a rel="attachment" href="{escape(link)}">b</a>'
        f'<map name="m{number}"><area href="{escape(link)}" alt="c"></map>'
        f'<svg width="9" height="9"><a href="{escape(link)}" xlink:href="{escape(link)}">'
        '<rect width="9" height="9"/></a></svg></p>'
        for number, link in enumerate(links)
    )
    return f'<!doctype html><html lang="da"><title>T</title>{items}<h1 id="andet">Andet</h1>'


def actions_of(content: bytes, path: Path) -> tuple[set[str], set[str], int]:
    """What the PDF's actions open, the keys of all other actions, and its number of attachments."""
    path.write_bytes(content)
    opened, other = set(), set()
    with pikepdf.open(path) as found:
        for item in found.objects:
            if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                continue
            action = item.get("/A") if "/Subtype" in item else None
            if isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/URI":
                opened.add(str(action.URI))
                continue
            other |= {key for key in ACTIONS if key in item and item.get("/Type") != "/StructElem"}
            if item.get("/S") in ("/JavaScript", "/Launch", "/URI", "/GoToR", "/GoToE"):
                other.add(str(item.S))
        return opened, other, len(found.attachments)


@pytest.mark.promise(7)
def test_a_link_opens_a_web_page_or_a_mail_and_nothing_else(tmp_path: Path, promise: Measured):
    content = render_pdf(page_of_links([*OPENS, *STAYS, *OPENS_NOTHING]))
    assert actions_of(content, tmp_path / "links.pdf") == (set(OPENS), set(), 0)
    promise.figure(f"links of {len(OPENS_NOTHING)} other kinds in a PDF", "0 active")


@pytest.mark.promise(7)
def test_the_renderer_alone_links_to_everything(tmp_path: Path, promise: Measured):
    """The control."""
    content = HTML(string=page_of_links(OPENS_NOTHING), base_url=STATIC_PREFIX).write_pdf()
    opened, _, _ = actions_of(content, tmp_path / "links.pdf")
    assert "javascript:app.alert(1)" in opened
    promise.control("links of other kinds, by the renderer alone", f"{len(opened)} active")


def test_what_is_written_of_an_address_in_the_plan_is_no_link(tmp_path: Path):
    """A text is a text: whatever stands in it, the report of it links to nothing."""
    text = " ".join(f'{link} <a href="{link}">x</a>' for link in [*OPENS, *OPENS_NOTHING])
    initiative = make_initiative(text, report_text=text, ask=text)
    report = make_report(in_one_area([initiative]))
    content = report_pdf(report, attached=Attached("a.json", "Data", "{}"))
    assert actions_of(content, tmp_path / "report.pdf") == (set(), set(), 1)
