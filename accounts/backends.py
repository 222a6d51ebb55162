"""Who logs in: the user whose own address it is."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class EmailBackend(AuthenticationBackend):
    """allauth's backend, which also hides by its time whether there is a user, without allauth's
    table of further addresses: an address that was changed would still log in."""

    def _authenticate_by_email(self, email: str, password: str) -> Any:
        user = User.objects.filter(email=email.lower()).first()
        return self._check_password(user, password)
