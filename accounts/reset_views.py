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
    """allauth's page, but with the link's key in the query of the address instead of the session.

    allauth moves the key to the session so that the next site does not get it as the referrer. Our
    pages send no referrer to other sites, our GET requests write nothing, and our logs contain no
    queries.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        uidb36, _, key = request.GET.get(resets.PARAMETER, "").partition("-")
        form = UserTokenForm(data={"uidb36": uidb36, "key": key})
        self.request, self.key = request, key
        self.reset_user = form.reset_user if form.is_valid() else None
        if self.reset_user is None:
            return self._refused()
        if request.method == "POST" and request.user not in (AnonymousUser(), self.reset_user):
            # Somebody else is logged in here: log them out, for the link's owner.
            self.logout()
        return super(PasswordResetFromKeyView, self).dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the address that the form is sent to: the link's own, which holds the key."""
        context: dict[str, Any] = super(PasswordResetFromKeyView, self).get_context_data(**kwargs)
        return {**context, "action_url": self.request.get_full_path()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password if the link still works: of two requests with one link, one succeeds."""
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
