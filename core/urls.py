"""Addresses that belong to the portal itself, not to a programme."""

from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("was/", views.accessibility, name="accessibility"),
    path("privatliv/", views.privacy, name="privacy"),
]
