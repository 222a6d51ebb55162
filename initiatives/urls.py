"""Addresses of the plan."""

from django.urls import path, register_converter

from initiatives.contacts.views import contacts_edit, reminder_list
from initiatives.deadline_list.views import deadline_list
from initiatives.details import views as details_views
from initiatives.editing import views as edit_views
from initiatives.editing.add_views import action_add, deadline_add, initiative_add
from initiatives.editing.converters import PlanKindConverter
from initiatives.judging import views as judging_views
from initiatives.outcome.views import deadline_outcome
from initiatives.presence.views import initiative_presence
from initiatives.status.views import status_legend, status_table
from initiatives.timeline.views import timeline_page
from initiatives.warnings import views as warning_views

register_converter(PlanKindConverter, "plankind")

app_name = "initiatives"

urlpatterns = [
    path("status/", status_table, name="status-table"),
    path("deadlines/", deadline_list, name="deadline-list"),
    path("tidslinje/", timeline_page, name="timeline"),
    path("om-programmet/", details_views.programme_detail, name="programme-detail"),
    path("saadan-laeses-status/", status_legend, name="status-legend"),
    path("paamindelser/", reminder_list, name="reminder-list"),
    path("principper/<slug:key>/", details_views.principle_detail, name="principle-detail"),
    path("indsatsomraader/<slug:key>/", details_views.area_detail, name="area-detail"),
    path(
        "indsatsomraader/<slug:area_key>/initiativer/tilfoej/",
        initiative_add,
        name="initiative-add",
    ),
    path("initiativer/<slug:key>/", details_views.initiative_detail, name="initiative-detail"),
    path(
        "initiativer/<slug:key>/status/", judging_views.initiative_status, name="initiative-status"
    ),
    path("initiativer/<slug:key>/kontakter/", contacts_edit, name="contacts-edit"),
    path("initiativer/<slug:key>/til-stede/", initiative_presence, name="initiative-presence"),
    path("initiativer/<slug:key>/uaendret/", judging_views.status_confirm, name="status-confirm"),
    path("initiativer/<slug:key>/fortryd/", judging_views.status_retract, name="status-retract"),
    path(
        "initiativer/<slug:initiative_key>/indsatser/tilfoej/",
        action_add,
        name="action-add",
    ),
    path(
        "initiativer/<slug:initiative_key>/deadlines/tilfoej/",
        deadline_add,
        name="deadline-add",
    ),
    path(
        "initiativer/<slug:key>/advarsler/<slug:fingerprint>/afvis/",
        warning_views.warning_dismiss,
        name="warning-dismiss",
    ),
    path(
        "initiativer/<slug:key>/advarsler/<slug:fingerprint>/fortryd/",
        warning_views.warning_reinstate,
        name="warning-reinstate",
    ),
    path("deadlines/<slug:key>/udfald/", deadline_outcome, name="deadline-outcome"),
    path("<plankind:kind>/<slug:key>/ret/", edit_views.row_edit, name="row-edit"),
    path("<plankind:kind>/<slug:key>/flyt/", edit_views.row_move, name="row-move"),
    path("<plankind:kind>/<slug:key>/arkiver/", edit_views.row_archive, name="row-archive"),
    path("<plankind:kind>/<slug:key>/gendan/", edit_views.row_restore, name="row-restore"),
]
