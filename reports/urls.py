"""Addresses of the monthly report, its editions and their comparison."""

from django.urls import path

from reports.comparison import views as compare_views
from reports.editions import draft_views
from reports.editions import views as edition_views
from reports.editions.colour_views import status_colours
from reports.editions.freeze_views import edition_freeze
from reports.editions.list_views import report_list
from reports.history import views as history_views
from reports.key_figures import views as key_figures_views
from reports.month import views as month_views
from reports.month.begin_views import month_begin
from reports.month.meeting_views import month_meeting
from reports.overview import views as overview_views
from reports.search import views as search_views

_EDITION = "statusopgoerelser/<str:month>/udgave-<int:number>"

app_name = "reports"
urlpatterns = [
    path("", overview_views.overview, name="overview"),
    path("maaneden/", month_views.month, name="month"),
    path("maaneden/begynd/", month_begin, name="month-begin"),
    path("maaneden/moede/", month_meeting, name="month-meeting"),
    path("soeg/", search_views.search_page, name="search"),
    path("historik/", history_views.history, name="history"),
    path("noegletal/", key_figures_views.key_figures, name="key-figures"),
    path("statusopgoerelser/", report_list, name="report-list"),
    path("statusopgoerelser/nyeste/", edition_views.edition_newest, name="edition-newest"),
    path("statusopgoerelser/sammenlign/", compare_views.compare, name="compare"),
    path("statusopgoerelser/farver.css", status_colours, name="status-colours"),
    path("statusopgoerelser/<str:month>/", draft_views.report_month, name="report-month"),
    path(
        "statusopgoerelser/<str:month>.<str:file_format>",
        draft_views.report_month_file,
        name="report-file",
    ),
    path("statusopgoerelser/<str:month>/laas/", edition_freeze, name="edition-freeze"),
    path(f"{_EDITION}/", edition_views.edition_detail, name="edition-detail"),
    path(f"{_EDITION}.<slug:file_format>", edition_views.edition_file, name="edition-file"),
    path(f"{_EDITION}/godkend/", edition_views.edition_approve, name="edition-approve"),
    path(f"{_EDITION}/offentliggoer/", edition_views.edition_publish, name="edition-publish"),
    path(f"{_EDITION}/dan-filer/", edition_views.edition_render, name="edition-render"),
]
