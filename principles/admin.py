"""Admin of the frame."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from core.admin import DoorAdmin
from principles import words
from principles.models import (
    ActionArea,
    Municipality,
    Principle,
    Programme,
    ProgrammeYear,
    Purpose,
)


class FrameAdmin(DoorAdmin):
    """Base of the admins of the frame, for users who may edit the frame of their programme."""

    permission = "edit_frame"


@admin.register(Programme)
class ProgrammeAdmin(FrameAdmin):
    """The admin of programmes. Only a superuser, who runs the portal, may add one."""

    words = words.PROGRAMME_WORDS
    list_display = ("title", "authority", "reporting_month")
    row_fields: ClassVar[tuple[str, ...]] = (
        "title",
        "authority",
        "starts_on",
        "reporting_month",
        "next_meeting_on",
        "uses_contacts",
        "needs_second_pair_of_eyes",
        "top_level_label",
        "top_level_label_plural",
        "contact_email",
        "position",
        "source_note",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Leave the reporting month of a programme to the page Måneden, where a month begins."""
        return ("reporting_month",) if obj else ()


@admin.register(Purpose)
class PurposeAdmin(FrameAdmin):
    words = words.PURPOSE_WORDS
    list_display = ("title", "programme")
    row_fields: ClassVar[tuple[str, ...]] = ("programme", "title", "position", "source_note")


@admin.register(Principle)
class PrincipleAdmin(FrameAdmin):
    words = words.PRINCIPLE_WORDS
    list_display = ("title", "programme")
    row_fields: ClassVar[tuple[str, ...]] = ("programme", "title", "position", "source_note")


@admin.register(ActionArea)
class ActionAreaAdmin(FrameAdmin):
    words = words.AREA_WORDS
    list_display = ("title", "principle")
    row_fields: ClassVar[tuple[str, ...]] = ("principle", "title", "position", "source_note")


@admin.register(ProgrammeYear)
class ProgrammeYearAdmin(FrameAdmin):
    words = words.YEAR_WORDS
    list_display = ("__str__", "area")
    title_field = "area_id"
    row_fields: ClassVar[tuple[str, ...]] = (
        "area",
        "year",
        "number",
        "repeated_number",
        "source_note",
    )


@admin.register(Municipality)
class MunicipalityAdmin(FrameAdmin):
    words = words.MUNICIPALITY_WORDS
    list_display = ("name", "programme")
    title_field = "name"
    row_fields: ClassVar[tuple[str, ...]] = ("programme", "name", "position", "source_note")
