"""The forms of the account pages: allauth's, with what they look up and count done our way."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from accounts import outbox, throttles

# Longer ones are refused unread: whoever sends a megabyte has no password.
LONGEST_PASSWORD = 1000


class _ShortPasswords:
    """Sets a limit on every password field of the form."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if "password" in name:
                field.validators = [
                    *field.validators,
                    MaxLengthValidator(LONGEST_PASSWORD, "Adgangskoden er for lang."),
                ]


class LoginForm(_ShortPasswords, allauth_forms.LoginForm):
    """Log ind."""


class NewPasswordForm(_ShortPasswords, allauth_forms.ResetPasswordKeyForm):
    """Vælg en ny adgangskode, by the link of a mail."""


class ChangePasswordForm(_ShortPasswords, allauth_forms.ChangePasswordForm):
    """Skift adgangskode. Whoever sits at somebody's open session may not guess the old one."""

    def clean_oldpassword(self) -> str:
        counted = throttles.count_or_429(
            context.request, (throttles.OLD_PASSWORD, str(self.user.pk))
        )
        typed = super().clean_oldpassword()
        throttles.take_back(counted)
        return str(typed)


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    """Glemt adgangskode. It looks nobody up: known and unknown addresses take the same way."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        throttles.count_or_429(
            request,
            (throttles.RESET_ADDRESS, email),
            (throttles.RESET_CLIENT, throttles.client_of(request)),
        )
        outbox.put_reset(email, f"{request.scheme}://{request.get_host()}")
        return email
