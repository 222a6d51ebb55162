"""Addresses of the pages about people and access."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("min-profil/", views.profile, name="profile"),
    path("min-profil/paamindelser/", views.reminders_choose, name="reminders-choose"),
    path("min-profil/kladder/", views.draft_choice, name="draft-choice"),
    path("hvem-maa-hvad/", views.permissions, name="permissions"),
    path("kontakt/", views.contact, name="contact"),
]
