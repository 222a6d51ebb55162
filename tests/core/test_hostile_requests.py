"""Requests that no browser sends get a Danish answer, never a 500 and never the server's page."""

from typing import Any

import pytest

from accounts.models import User
from tests.browser.conftest import session_of
from tests.core.server import Answer, ask
from tests.promises import Measured

pytestmark = [pytest.mark.django_db, pytest.mark.promise(17)]

STATIC = "/static/css/base.css"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=a"
LOGIN, RESET = "/konto/log-ind/", "/konto/adgangskode/glemt/"
INITIATIVE = "/initiativer/kontraktanalyse/"
EDIT = f"{INITIATIVE}ret/"

CHARSETS = [
    *("base64", "bz2", "hex", "rot13", "uu", "zip"),  # codecs of bytes, not of text
    *("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs"),
    *("utf-7", "utf-16", "utf-32", "utf-8-sig", "cp037", "latin-1"),
    *("\0", "utf-8\0", "x" * 100_000, "é", "*", '""', "findes-ikke"),
]
LENGTHS = ["-1", "mange", "1e3", "1_0", "+5", " 5", "²", "9" * 5000]


def part(head: str, body: bytes = b"abc", more: bytes = b"") -> bytes:
    disposition = b"--a\r\nContent-Disposition: form-data; " + head.encode("latin-1")
    return disposition + b"\r\n" + more + b"\r\n" + body + b"\r\n"


END = b"--a--\r\n"
# Bodies with their Content-Type, by what is wrong with them.
BODIES = {
    "no boundary": ("multipart/form-data", b"x"),
    "an empty boundary": ("multipart/form-data; boundary=", b"x"),
    "another boundary": (MULTIPART, b"--b\r\n\r\n"),
    "a boundary that is no text": ("multipart/form-data; boundary=\xe9\xff", b"x"),
    "a long boundary": (f"multipart/form-data; boundary={'a' * 300}", b"x"),
    "cut off": (MULTIPART, part('name="x"')),
    "bad base64": (
        MULTIPART,
        part('name="x"', b"!!!", b"Content-Transfer-Encoding: base64\r\n") + END,
    ),
    "a name in an unknown encoding": (MULTIPART, part("name*=unknown''x") + END),
    "a file in no text encoding": (MULTIPART, part("name=x; filename*=base64''x") + END),
    "a file of strange text": (
        MULTIPART,
        part("name=x; filename=y", more=b"Content-Type: text/plain; charset=hex\r\n") + END,
    ),
    "a NUL in a file's name": (MULTIPART, part('name=x; filename="\0.."') + END),
    "a NUL in a field": (MULTIPART, part('name="title"', b"a\0b") + END),
    "long headers": (MULTIPART, part("name=x", more=b"X: " + b"y" * 20_000 + b"\r\n") + END),
    "too many files": (MULTIPART, part("name=x; filename=y") * 200 + END),
    "too many fields": (FORM, b"&".join(b"a%d=1" % number for number in range(10_001))),
    "NULs": (FORM, b"title=a%00b&login=a%00&password=%00&next=%00&email=%00&version=%00"),
    "surrogates": (FORM, b"title=%ED%A0%80&login=%ED%A0%80@x.dk&password=%ED%A0%80"),
    "bad percent signs": (FORM, b"title=%zz%&login=%&password=%u1234"),
    "an address that is none": (FORM, b"login=a@b.dk&password=x&next=http://["),
}
ADDRESSES = [
    *(
        "/%ff%fe/",
        "/%ED%A0%80/",
        "/status%00/",
        "/status/%0d%0aX:%20y",
        "/%",
        "/%zz/",
        "//evil.dk/",
    ),
    *(f"{INITIATIVE}%00/", "/initiativer/a%00b/", "/principper/" + "a" * 5000 + "/"),
    *("/program/%00/status/", "/program/" + "a" * 5000 + "/status/"),
    *("/konto/adgangskode/ny/?link=1-%00", "/konto/adgangskode/ny/?link=1-%ED%A0%80"),
    "/konto/adgangskode/ny/?link=zzzzzzzzzzzzzzzzzzzzzzzzz-x",
    *("/static/%00", "/static/../manage.py", "/static/%2e%2e/manage.py", "/static/css/"),
    *("/status/?pr=%00", "/status/?pr=%ED%A0%80", "/soeg/?tekst=%00", "/soeg/?tekst=%ff"),
    *(f"/status/?side={n}" for n in ("9" * 25, "9" * 5000, "%D9%A3", "-1", "0", "1e3")),
    *("/historik/?maaned=9999-99", "/tidslinje/?fra=99999K9", "/tidslinje/?fra=%00"),
    *(f"/statusopgoerelser/{month}/" for month in ("9999-12", "0000-00", "0001-01")),
    f"/statusopgoerelser/2026-02/udgave-{'9' * 20}/",
    f"/statusopgoerelser/2026-02/udgave-{'9' * 20}.pdf",
    *(f"/?{name}={day}" for name in ("pr", "siden") for day in ("0001-01-01", "9999-12-31")),
    "/statusopgoerelser/sammenlign/?fra=0001-01-01&til=9999-12-31",
    "/statusopgoerelser/sammenlign/?fra=%00&til=nu",
    *(f"/admin/principles/programme/{pk}/change/" for pk in ("%00", "9" * 25, "-1", "x")),
    *(f"/admin/principles/programme/?{q}" for q in ("q=%00", "id=%00", "o=" + "9" * 20, "p=-9")),
    *("/admin/r/99999999999999999999/1/", "/admin/r/%00/1/", "/admin/jsi18n/?language=%00"),
    *("/konto/log-ind/?next=http://[", "/konto/log-ud/?next=http://[", "/konto/log-ind/?next=%00"),
    "/status/?" + "a=1&" * 20_000,
    "/status/?" + "x" * 100_000,
]
HEADERS = [
    *({"HTTP_HOST": host} for host in ("evil", "", "a\0b", "[::", "testserver:x", "é")),
    *(
        {"HTTP_COOKIE": cookie}
        for cookie in (
            'sessionid="abcdefgh\\000x"',
            'sessionid="abcdefghij\0"',
            "sessionid=" + "a" * 10_000,
            "sessionid=\xff\xfe\xed\xa0\x80abcdefgh",
            "csrftoken=\xff",
            "messages=\xff:::",
            'messages=[["x"]]',
            "; ;=;=\0",
        )
    ),
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://["},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "\xff\0"},
    {"HTTP_HX_CURRENT_URL": "%00", "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true"},
    *({"HTTP_REFERER": referrer} for referrer in ("http://[", "\xff")),
    *({"HTTP_ORIGIN": origin} for origin in ("http://[", "null", "\xff")),
    *({"HTTP_IF_MODIFIED_SINCE": day} for day in ("x", "Mon, 99 Abc 99999 99:99:99 GMT")),
    *({"HTTP_IF_NONE_MATCH": etag} for etag in ('W/"', "*", "\xff")),
    *(
        {"HTTP_RANGE": f"bytes={part}"}
        for part in ("5-2", "--5-1", "0-0,1-1", "9" * 5000 + "-", "99999999-", "-0", "-")
    ),
    {"HTTP_X_FORWARDED_FOR": "\0,x"},
    {"HTTP_X_FORWARDED_PROTO": "\xff"},
    {"HTTP_X_CSRFTOKEN": "\0"},
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
    {"HTTP_ACCEPT_LANGUAGE": "*" * 9999},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_USER_AGENT": "\xff\r\nx: y"},
    {"REMOTE_ADDR": ""},
]


@pytest.fixture(params=["anonymous", "secretariat"])
def session(request: pytest.FixtureRequest, secretariat: User) -> str:
    return session_of(secretariat) if request.param == "secretariat" else ""


def assert_answered(answer: Answer, *of_what: object) -> None:
    """Check that the answer is 2xx, 3xx or a 4xx page in Danish, and never 5xx."""
    assert answer.status < 500, of_what
    if answer.status >= 400:
        assert '<html lang="da">' in answer.content.decode(), of_what


def test_no_encoding_but_utf_8_is_accepted(session: str, promise: Measured):
    kinds = ("text/html", FORM, MULTIPART)
    types = [f"{kind}; charset={charset}" for kind in kinds for charset in CHARSETS]
    types += [f"text/plain; charset*={charset}''abc" for charset in CHARSETS]
    for content_type in types:
        for method, address in (("GET", "/soeg/?tekst=%5Cud800"), ("POST", LOGIN), ("POST", EDIT)):
            answer = ask(method, address, body=b"a=b", CONTENT_TYPE=content_type, session=session)
            assert answer.status == 400, content_type[:80]
            assert "Forespørgslen kunne ikke læses" in answer.content.decode()
        assert_answered(ask("GET", STATIC, CONTENT_TYPE=content_type))
    promise.figure(f"{len(types)} strange Content-Types × 3 addresses", "all 400 in Danish")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"utf-8"', "us-ascii"])
def test_utf_8_is_accepted_by_each_of_its_names(charset: str):
    assert ask("GET", LOGIN, CONTENT_TYPE=f"text/html; charset={charset}").status == 200


@pytest.mark.parametrize("length", LENGTHS, ids=lambda length: length[:8])
def test_a_length_that_is_no_number_is_refused(session: str, length: str):
    for method in ("GET", "POST"):
        answer = ask(method, LOGIN, CONTENT_LENGTH=length, CONTENT_TYPE=FORM, session=session)
        assert answer.status == 400


@pytest.mark.parametrize("wrong", BODIES)
def test_a_body_that_cannot_be_read(session: str, wrong: str):
    content_type, body = BODIES[wrong]
    for address in (LOGIN, RESET, EDIT, f"{INITIATIVE}status/", "/admin/", STATIC):
        answer = ask("POST", address, body=body, CONTENT_TYPE=content_type, session=session)
        assert 400 <= answer.status < 500
        assert_answered(answer, wrong, address)


@pytest.mark.parametrize("wrong", BODIES)
def test_a_body_that_cannot_be_read_behind_the_token(secretariat_client, wrong: str):
    content_type, body = BODIES[wrong]
    secretariat_client.raise_request_exception = False
    add = "/indsatsomraader/a/initiativer/tilfoej/"
    admin = "/admin/principles/actionarea/add/"
    for address in (add, f"{INITIATIVE}status/", admin, "/konto/adgangskode/", "/konto/bekraeft/"):
        answer = secretariat_client.post(address, body, content_type=content_type)
        assert answer.status_code < 500, address
    secretariat_client.logout()
    for address in (LOGIN, RESET):
        answer = secretariat_client.post(address, body, content_type=content_type)
        assert answer.status_code < 500, address


def test_an_invalid_address(session: str, promise: Measured):
    for address in ADDRESSES:
        assert_answered(ask("GET", address, session=session), address[:80])
    promise.figure(f"{len(ADDRESSES)} impossible addresses", "0 × 5xx")


def test_a_header_that_no_browser_sends(session: str, promise: Measured):
    addresses = ["/", LOGIN, STATIC, "/findes-ikke/", "/admin/", f"{INITIATIVE}status/"]
    for headers in HEADERS:
        for address in addresses:
            for method in ("GET", "POST"):
                sent: dict[str, Any] = {"session": session, **headers}
                answer = ask(method, address, **sent)
                assert_answered(answer, method, address, {k: v[:60] for k, v in headers.items()})
    promise.figure(f"{len(HEADERS)} strange headers × {2 * len(addresses)} requests", "0 × 5xx")
