"""Addresses of the plan."""

from django.urls import path, register_converter

from initiatives import deadline_views, edit_views, status_views, timeline_views, views
from initiatives.converters import PlanKindConverter

register_converter(PlanKindConverter, "plankind")

app_name = "initiatives"

urlpatterns = [
    path("status/", views.status_table, name="status-table"),
    path("deadlines/", deadline_views.deadline_list, name="deadline-list"),
    path("tidslinje/", timeline_views.timeline_page, name="timeline"),
    path("om-programmet/", views.programme_detail, name="programme-detail"),
    path("saadan-laeses-status/", views.status_legend, name="status-legend"),
    path("dele/", views.components, name="components"),
    path("principper/<slug:key>/", views.principle_detail, name="principle-detail"),
    path("indsatsomraader/<slug:key>/", views.area_detail, name="area-detail"),
    path(
        "indsatsomraader/<slug:area_key>/initiativer/tilfoej/",
        edit_views.initiative_add,
        name="initiative-add",
    ),
    path("initiativer/<slug:key>/", views.initiative_detail, name="initiative-detail"),
    path(
        "initiativer/<slug:key>/status/", status_views.initiative_status, name="initiative-status"
    ),
    path("initiativer/<slug:key>/uaendret/", status_views.status_confirm, name="status-confirm"),
    path("initiativer/<slug:key>/fortryd/", status_views.status_retract, name="status-retract"),
    path(
        "initiativer/<slug:initiative_key>/indsatser/tilfoej/",
        edit_views.action_add,
        name="action-add",
    ),
    path(
        "initiativer/<slug:initiative_key>/deadlines/tilfoej/",
        edit_views.deadline_add,
        name="deadline-add",
    ),
    path("<plankind:kind>/<slug:key>/ret/", edit_views.row_edit, name="row-edit"),
    path("<plankind:kind>/<slug:key>/flyt/", edit_views.row_move, name="row-move"),
    path("<plankind:kind>/<slug:key>/arkiver/", edit_views.row_archive, name="row-archive"),
    path("<plankind:kind>/<slug:key>/gendan/", edit_views.row_restore, name="row-restore"),
]
