"""allauth's login, which makes the browser known."""

from typing import Any

from allauth.account import views
from django.http import HttpResponse

from accounts import known_browsers


class LoginView(views.LoginView):
    """Log ind. The browser is known from then on."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            known_browsers.remember(self.request, response, self.request.user.email)
        return response


login = LoginView.as_view()
