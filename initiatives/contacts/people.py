"""The people around an initiative, as its page names them."""

from typing import Any

from accounts.models import User


def contacts_of(row: Any) -> tuple[tuple[str, str], ...]:
    """Name the tovholder and the kontaktperson of an initiative; "" for nobody. One query, or none
    when there are neither."""
    wanted = {pk for pk in (row.lead_id, row.contact_id) if pk}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}
    return (
        ("Tovholder", names.get(row.lead_id, "")),
        ("Kontaktperson", names.get(row.contact_id, "")),
    )
