"""The authentication backend: it finds a user by the e-mail address stored on the user."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class EmailBackend(AuthenticationBackend):
    """allauth's backend without its table of further addresses, in which an old address would still
    log in. It takes the same time whether or not the user exists."""

    def _authenticate_by_email(self, email: str, password: str) -> Any:
        user = User.objects.filter(email=email.lower()).first()
        return self._check_password(user, password)
