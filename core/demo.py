"""The sentence that marks example data on every page, print, PDF and export."""

from django.conf import settings

from core.danish import day


def banner() -> str:
    """Write the sentence that follows the bold word "Eksempeldata."; "" for real data."""
    if settings.DEMO_TODAY is None:
        return ""
    return (
        "Status, begrundelser og brugere er opdigtede og siger intet om de rigtige initiativer. "
        "Titler, indsatser og deadlines er fra statusopgørelsen for februar 2026. "
        f"Dags dato er sat til {day(settings.DEMO_TODAY)}."
    )
