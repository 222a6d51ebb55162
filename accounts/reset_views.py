"""The page behind the link in a mail about a forgotten password."""

from typing import Any

from allauth.account.forms import UserTokenForm
from allauth.account.views import PasswordResetFromKeyView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts import known_browsers, resets
from accounts.models import User, UserChanged


@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class ResetPasswordView(PasswordResetFromKeyView):
    """allauth's page, with the key in the query of its address and not in the session.

    allauth writes the key to the session when the link is opened, so that the next site does not
    see it as the referrer. Our pages name themselves to no other site, and a GET writes nothing.
    No log has the query of an address: it names the path alone.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        uidb36, _, key = request.GET.get(resets.PARAMETER, "").partition("-")
        form = UserTokenForm(data={"uidb36": uidb36, "key": key})
        self.request, self.key = request, key
        self.reset_user = form.reset_user if form.is_valid() else None
        if self.reset_user is None:
            return self._refused()
        if request.method == "POST" and request.user not in (AnonymousUser(), self.reset_user):
            # Whoever is logged in here makes room for the link's owner.
            self.logout()
        return super(PasswordResetFromKeyView, self).dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form is sent to the address that the link has."""
        context: dict[str, Any] = super(PasswordResetFromKeyView, self).get_context_data(**kwargs)
        return {**context, "action_url": self.request.get_full_path()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password if the link still works: of two requests with one link, one wins."""
        user: User = form.user
        try:
            response: HttpResponse = super().form_valid(form)
        except UserChanged:
            return self._refused()
        known_browsers.remember(self.request, response, user)
        return response

    def _refused(self) -> HttpResponse:
        refused: HttpResponse = self.render_to_response(self.get_context_data(token_fail=True))
        return refused


reset_password = ResetPasswordView.as_view()
