"""What the web server calls: Django's handler, which here has an answer to everything."""

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import parse_header_parameters

from core import errors
from core.middleware import AnswerMiddleware

logger = logging.getLogger(__name__)


class PortalRequest(WSGIRequest):
    """A request is in UTF-8, whatever it says; what says otherwise is refused by the middleware.

    Django would look the encoding up and decode the address with it before there is a request, and
    where that fails the server sends a page of its own.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            found = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, TypeError, ValueError):
            found = "", {"charset": "unreadable"}
        self.content_type, self.content_params = found


class PortalHandler(WSGIHandler):
    """Django's handler with a last answer: none of its errors reaches the server."""

    request_class = PortalRequest

    def __call__(self, environ: dict[str, Any], start_response: Any) -> HttpResponseBase:
        try:
            return super().__call__(environ, start_response)
        except Exception:
            logger.exception("The request was not answered.")
            request = HttpRequest()
            request.META = environ
            response = AnswerMiddleware(lambda _: errors.bare_page(500))(request)
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            start_response(f"{status} {status.phrase}", [*response.items()], sys.exc_info())
            return response
