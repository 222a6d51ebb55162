"""The page behind the link in a mail about a forgotten password."""

from typing import Any

from allauth.account.forms import UserTokenForm
from allauth.account.views import PasswordResetFromKeyView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts import known_browsers
from accounts.models import User
from accounts.resets import ResetTokens


@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class ResetPasswordView(PasswordResetFromKeyView):
    """allauth's page, with the key in its address and not in the session.

    allauth writes the key to the session when the link is opened, so that the next site does not
    see it as the referrer. Our pages name themselves to no other site, and a GET writes nothing.
    """

    def dispatch(
        self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any
    ) -> HttpResponseBase:
        form = UserTokenForm(data={"uidb36": uidb36, "key": key})
        self.request, self.key = request, key
        self.reset_user = form.reset_user if form.is_valid() else None
        if self.reset_user is None:
            return self._refused()
        if request.method == "POST" and request.user not in (AnonymousUser(), self.reset_user):
            # Whoever is logged in here makes room for the link's owner.
            self.logout()
        return super(PasswordResetFromKeyView, self).dispatch(request, uidb36, key, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password if the link still works: of two requests with one link, one wins.

        Both have had the link checked before; here it is checked again under the user's lock.
        """
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=form.user.pk)
            if not ResetTokens().check_token(user, self.key):
                return self._refused()
            form.user = self.reset_user = user
            response: HttpResponse = super().form_valid(form)
        known_browsers.remember(self.request, response, user.email)
        return response

    def _refused(self) -> HttpResponse:
        refused: HttpResponse = self.render_to_response(self.get_context_data(token_fail=True))
        return refused


reset_password = ResetPasswordView.as_view()
