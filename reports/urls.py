"""Addresses of the monthly report."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("statusopgoerelser/", views.report_list, name="report-list"),
    path("statusopgoerelser/<str:month>.pdf", views.report_month_pdf, name="report-pdf"),
    path("statusopgoerelser/<str:month>/", views.report_month, name="report-month"),
]
