"""allauth's pages under Danish addresses, with allauth's own names.

Pages that the portal does not use are left out: there is no page for adding an e-mail address, and
signing up is closed.
"""

from allauth.account import views
from django.urls import path

from accounts import account_views
from accounts.reset_views import reset_password

urlpatterns = [
    path("log-ind/", account_views.login, name="account_login"),
    path("log-ud/", views.logout, name="account_logout"),
    path("bliv-logget-ind/", account_views.stay, name="account_stay"),
    path("kasser-tekst/", account_views.discard_kept, name="account_discard_kept"),
    path("opret/", views.signup, name="account_signup"),
    path("lukket/", views.account_inactive, name="account_inactive"),
    path("adgangskode/", account_views.change_password, name="account_change_password"),
    path("adgangskode/vaelg/", views.password_set, name="account_set_password"),
    path("adgangskode/glemt/", views.password_reset, name="account_reset_password"),
    path("adgangskode/glemt/sendt/", views.password_reset_done, name="account_reset_password_done"),
    path("adgangskode/ny/", reset_password, name="account_reset_password_from_key"),
    path(
        "adgangskode/ny/faerdig/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
