"""Links to programme pages, and which of them keep the day that a page shows."""

from datetime import date
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from core.links import CAN_SHOW_OTHER_DAYS, Links, dated_views, with_query

DAY = date(2026, 2, 26)


def plain(request: HttpRequest, key: str = "") -> HttpResponse:
    return HttpResponse()


def marked(request: HttpRequest, key: str = "") -> HttpResponse:
    return HttpResponse()


setattr(marked, CAN_SHOW_OTHER_DAYS, True)
pages = (
    [
        path("plain/<slug:key>/", plain, name="plain"),
        path("marked/<slug:key>/", marked, name="marked"),
    ],
    "pages",
)
urlpatterns = [
    path("marked/", marked, name="marked"),
    path("inner/", include([path("more/", include(pages))])),
]


@pytest.fixture
def urls_of_this_file(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.usefixtures("urls_of_this_file")
def test_a_view_is_found_by_its_mark_wherever_its_address_is():
    assert dated_views() == {"marked", "pages:marked"}


@pytest.mark.usefixtures("urls_of_this_file")
def test_a_link_takes_the_day_along_to_a_view_that_can_show_it():
    then = Links(day=DAY)
    assert then.to("pages:marked", key="a") == "/inner/more/marked/a/?pr=2026-02-26"
    assert then.to("pages:plain", key="a") == "/inner/more/plain/a/"
    assert Links().to("pages:marked", key="a") == "/inner/more/marked/a/"


def test_the_pages_that_can_show_the_plan_of_another_day():
    assert dated_views() == {
        "reports:overview",
        "reports:key-figures",
        "reports:report-month",
        "reports:report-file",
        "initiatives:status-table",
        "initiatives:timeline",
        "initiatives:deadline-list",
        "initiatives:initiative-detail",
        "initiatives:area-detail",
        "initiatives:principle-detail",
    }


def test_a_query_is_added_to_an_existing_one():
    assert with_query("/status/", "") == "/status/"
    assert with_query("/status/", "side=2") == "/status/?side=2"
    assert with_query("/status/?pr=2026-02-26", "side=2") == "/status/?pr=2026-02-26&side=2"
