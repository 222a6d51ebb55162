"""The account pages of allauth that the portal extends."""

from typing import Any

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts import known_browsers
from accounts.models import UserChanged
from core.kept import KEPT, SEALED, Kept
from core.unsaved import page_of_form


class LoginView(views.LoginView):
    """The page "Log ind". A browser that logs in is remembered as a known one.

    A form that was not saved because the login had ended travels in a hidden field
    (`core.kept`).
    """

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kept := Kept.of(request):
            # Already logged in, in another tab.
            kept.give_to(request)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        arguments: dict[str, Any] = super().get_form_kwargs()
        if self._is_opened:
            arguments |= {"data": None, "files": None}
        return arguments

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = Kept.of(self.request)
        return super().get_context_data(**kwargs) | {"sealed": kept.sealed() if kept else ""}

    @property
    def _is_opened(self) -> bool:
        """Whether the page is only opened, from "Du er logget ud"."""
        return SEALED in self.request.POST and "login" not in self.request.POST

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            known_browsers.remember(self.request, response, self.request.user)
            if kept := Kept.of(self.request):
                kept.give_to(self.request)
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


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Stay logged in, for "Bliv logget ind": every request of a person starts the hour afresh."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    return HttpResponseRedirect(page_of_form(request))


@require_POST
def discard_kept(request: HttpRequest) -> HttpResponse:
    """Discard the form that was kept through a login, for "Kassér teksten"."""
    request.session.pop(KEPT, None)
    return HttpResponseRedirect(page_of_form(request))


login = LoginView.as_view()
change_password = ChangePasswordView.as_view()
