"""Answer 304 to a browser that has the very bytes already, without making them again.

For what shows nothing of the user: whoever may see it gets the same bytes, and the same ETag. The
view has found out before that this visitor may see it. Django's own conditional answers make the
whole page first, and `*` would call a page unchanged that was never there.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from core.release import RELEASE

# The browser may keep it, and asks each time whether it is still right; nobody else keeps it.
CACHE_CONTROL = "private, no-cache"


def make_tag(*parts: object) -> str:
    """Make an ETag of all that an answer depends on; the code that made it is added. `parts` are
    texts, numbers and days, whose `repr` is the same in every process. "" while templates are
    written (`DEBUG`)."""
    if settings.DEBUG:
        return ""
    return f'"{hashlib.sha256(repr((RELEASE, parts)).encode()).hexdigest()}"'


def answer_unless_known(
    request: HttpRequest, tag: str, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return the answer that `make` makes, with the ETag `tag` if it is a 200; 304 without making
    it when the browser names that ETag. Without a `tag` it is made each time."""
    known = {
        name.removeprefix("W/") for name in parse_etags(request.headers.get("If-None-Match", ""))
    }
    response = HttpResponseNotModified() if tag and tag in known else make()
    if tag and response.status_code in (200, 304):
        response["ETag"] = tag
        response["Cache-Control"] = CACHE_CONTROL
        # What is compressed says so itself; a 304 has nothing to compress.
        patch_vary_headers(response, ["Accept-Encoding"])
    return response
