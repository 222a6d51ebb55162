"""The forms of the account pages: allauth's, with the portal's own look-ups and limits."""

from contextlib import suppress
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from accounts import known_browsers, outbox, throttles

# A longer password is refused before it is hashed, which would take long.
MAX_PASSWORD_LENGTH = 1000
# The length of the columns that store an e-mail address.
MAX_EMAIL_LENGTH = 254


def in_small_letters(email: str) -> str:
    """Write an address in the lower case in which it is stored, so that a person has one login.

    Raises ValidationError when it is too long: lower case may take more characters than upper case.
    """
    small = email.lower()
    MaxLengthValidator(MAX_EMAIL_LENGTH, "E-mailen er for lang.")(small)
    return small


class _ShortPasswords:
    """A mixin that limits the length of every password field of a form."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if "password" in name:
                field.validators = [
                    *field.validators,
                    MaxLengthValidator(MAX_PASSWORD_LENGTH, "Adgangskoden er for lang."),
                ]


class LoginForm(_ShortPasswords, allauth_forms.LoginForm):
    """The form of "Log ind"."""


class NewPasswordForm(_ShortPasswords, allauth_forms.ResetPasswordKeyForm):
    """The form of "Vælg en ny adgangskode", behind the link of a mail."""


class ChangePasswordForm(_ShortPasswords, allauth_forms.ChangePasswordForm):
    """The form of "Skift adgangskode". Attempts at the old password are limited, so that nobody
    guesses it in a session that somebody else left open."""

    def clean_oldpassword(self) -> str:
        counted = throttles.count_or_429(
            context.request, (throttles.OLD_PASSWORD, str(self.user.pk))
        )
        typed = super().clean_oldpassword()
        throttles.take_back(counted)
        return str(typed)


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    """The form of "Glemt adgangskode". It treats known and unknown addresses the same."""

    def clean_email(self) -> str:
        return in_small_letters(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Put a mail with a link in the outbox.

        Beyond the limit for one address the answer is the same, but nothing is sent: a stranger who
        asks for links must not keep the owner of the address, who has got them, from this page.
        """
        email: str = self.cleaned_data["email"]
        if not known_browsers.browser_id(request, email):
            throttles.count_or_429(request, (throttles.RESET_CLIENT, throttles.client_of(request)))
        with suppress(throttles.TooMany):
            throttles.count([(throttles.RESET_ADDRESS, email)])
            outbox.put_reset(email, f"{request.scheme}://{request.get_host()}")
        return email
