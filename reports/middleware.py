"""Answer when an edition is not what was locked."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.request_id import current_request_id
from reports.models import Damaged

logger = logging.getLogger(__name__)


class DamagedEditionMiddleware:
    """Answers with a page that says whom to tell, wherever an edition turns out to be damaged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 500 without caching; None for any other error."""
        if not isinstance(error, Damaged):
            return None
        logger.error("%s Run manage.py verify_editions.", error)
        programme: Any = getattr(request, "programme", None)
        context = {
            "error_id": current_request_id(),
            "contact_email": programme.contact_email if programme else "",
        }
        page = render(request, "reports/editions/damaged.html", context, status=500)
        page["Cache-Control"] = "no-store"
        return page
