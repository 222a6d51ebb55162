"""The sentence about the colleagues who have the same form open."""

from accounts.models import User
from core import clock, danish
from initiatives.models import Initiative, Presence


def who_else(initiative: Initiative, user: User) -> str:
    """Say "Bo Eksempel retter også dette initiativ."; "" when `user` is alone. One query."""
    others = Presence.others(initiative, user, clock.now())
    names = [danish.unbroken(name) for name in others]
    return f"{danish.listed(names)} retter også dette initiativ." if names else ""
