"""A mail as it is sent."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """The text of a mail, with the same as simple HTML where it has links to follow."""

    recipient: str
    subject: str
    body: str
    html: str = ""
