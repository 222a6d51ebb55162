"""What allauth asks us: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Access is created by the secretariat."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
