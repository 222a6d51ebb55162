"""The forms of the account pages: allauth's, with what they look up and count done our way."""

from contextlib import suppress
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from accounts import known_browsers, outbox, throttles

# Longer ones are refused unread: whoever sends a megabyte has no password.
LONGEST_PASSWORD = 1000
# As the columns are that keep one.
LONGEST_EMAIL = 254


def in_small_letters(email: str) -> str:
    """The address as it is stored, so that a person has one login. A small letter may be longer
    than its capital. Raises ValidationError."""
    small = email.lower()
    MaxLengthValidator(LONGEST_EMAIL, "E-mailen er for lang.")(small)
    return small


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
        return in_small_letters(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Whoever has asked too often for one mailbox is answered as always, and nothing is sent:
        a stranger who asks for the owner's links shuts no page to the owner, who has them."""
        email: str = self.cleaned_data["email"]
        if not known_browsers.known_as(request, email):
            throttles.count_or_429(request, (throttles.RESET_CLIENT, throttles.client_of(request)))
        with suppress(throttles.TooMany):
            throttles.count([(throttles.RESET_ADDRESS, email)])
            outbox.put_reset(email, f"{request.scheme}://{request.get_host()}")
        return email
