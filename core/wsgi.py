"""The WSGI handler: Django's, but with an answer to every request."""

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
    """A request that is decoded as UTF-8, whatever encoding it claims.

    Django would decode the address with the claimed encoding while it makes the request, and when
    that fails the web server sends a page of its own. RefusingMiddleware answers 400 instead.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, TypeError, ValueError):
            parsed = "", {"charset": "unreadable"}
        self.content_type, self.content_params = parsed


class PortalHandler(WSGIHandler):
    """Django's handler, which here answers 500 itself: no error reaches the web server."""

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
