"""The table of permissions, shown at /hvem-maa-hvad/ and tested for every URL and role."""

from django.db import models


class Role(models.TextChoices):
    """Rolle: the part that a member has in a programme."""

    SECRETARIAT = "secretariat", "Sekretariat"
    GROUP = "group", "Implementeringsgruppe"
    READER = "reader", "Læser (Direktør- og chefforum)"


class Permission(models.TextChoices):
    """Rettighed: what a role may do, in the words of the page that shows the table."""

    VIEW_EDITIONS = "view_editions", "Se godkendte statusopgørelser"
    VIEW_PLAN = "view_plan", "Se planen, som den er nu, med kladder og historik"
    EDIT_PLAN = "edit_plan", "Rette status og tekster i planen"
    JUDGE_OWN = "judge_own", "Rette status for de initiativer, man er tovholder for"
    VIEW_INTERNAL_NOTES = "view_internal_notes", "Se interne notater"
    FREEZE_EDITIONS = "freeze_editions", "Låse, godkende og offentliggøre statusopgørelser"
    EDIT_FRAME = "edit_frame", "Rette principper, indsatsområder og kommuner"
    MANAGE_MEMBERS = "manage_members", "Oprette brugere og give adgang"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SECRETARIAT: frozenset(Permission),
    Role.GROUP: frozenset({Permission.VIEW_EDITIONS, Permission.VIEW_PLAN, Permission.JUDGE_OWN}),
    Role.READER: frozenset({Permission.VIEW_EDITIONS}),
}


def roles_with(permission: Permission) -> list[Role]:
    """List the roles that have a permission."""
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
