"""The account pages of allauth that the portal extends."""

from typing import Any

from allauth.account import views
from django.http import HttpResponse

from accounts import known_browsers
from accounts.models import UserChanged


class LoginView(views.LoginView):
    """The page "Log ind". A browser that logs in is remembered as a known one."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            known_browsers.remember(self.request, response, self.request.user)
        return response


class ChangePasswordView(views.PasswordChangeView):
    """The page "Skift adgangskode". It refuses when the user was changed after the old password
    was checked."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except UserChanged:
            form.add_error(None, "Din bruger blev ændret imens. Adgangskoden er ikke skiftet.")
            response = self.form_invalid(form)
        return response


login = LoginView.as_view()
change_password = ChangePasswordView.as_view()
