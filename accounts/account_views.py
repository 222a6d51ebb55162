"""allauth's pages where the portal does a little more."""

from typing import Any

from allauth.account import views
from django.http import HttpResponse

from accounts import known_browsers
from accounts.models import UserChanged


class LoginView(views.LoginView):
    """Log ind. The browser is known from then on."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            known_browsers.remember(self.request, response, self.request.user)
        return response


class ChangePasswordView(views.PasswordChangeView):
    """Skift adgangskode. The old password was checked of the user as read: another one is none."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except UserChanged:
            form.add_error(None, "Din bruger blev ændret imens. Adgangskoden er ikke skiftet.")
            response = self.form_invalid(form)
        return response


login = LoginView.as_view()
change_password = ChangePasswordView.as_view()
