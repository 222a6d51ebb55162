"""Writes short Danish phrases about the plan's years and numbers."""

from datetime import date

import plan
from core import danish


def reason_from(judgement: plan.Judgement | None, month: date) -> str:
    """Write "Begrundelse fra december 2025" for a reason that was written for another month than
    `month`; "" for any other."""
    return _written_for("Begrundelse", judgement.reason_month if judgement else None, month)


def report_text_from(item: plan.Initiative, month: date) -> str:
    """Write "Uddybning fra december 2025" for a text that was written for another month than
    `month`; "" for any other."""
    return _written_for("Uddybning", item.report_text_month if item.report_text else None, month)


def _written_for(what: str, written: date | None, month: date) -> str:
    if written is None or written == month:
        return ""
    return f"{what} fra {danish.month(written)}"


def initiatives_noun(number: int) -> str:
    """Write "1 initiativ", "2 initiativer", "ingen initiativer"."""
    return danish.count(number, "initiativ", "initiativer")


def area_years(area: plan.Area) -> str:
    """Write "Program 2025, nr. 3 (også nr. 8 i kilden)"."""
    return " · ".join(year_number(number) for number in area.years)


def year_number(number: plan.YearNumber) -> str:
    """Write an area's number in a year's programme in words."""
    words = f"Program {number.year}, nr. {number.number}"
    if number.repeated_number is not None:
        words += f" (også nr. {number.repeated_number} i kilden)"
    return words


def programme_years(document: plan.PlanDocument) -> list[tuple[int, str]]:
    """Describe each year's programme: "7 indsatsområder (8 numre i kilden)"."""
    areas: dict[int, int] = {}
    numbers: dict[int, int] = {}
    for principle in document.principles:
        for area in principle.areas:
            for number in area.years:
                repeated = number.repeated_number is not None
                areas[number.year] = areas.get(number.year, 0) + 1
                numbers[number.year] = numbers.get(number.year, 0) + 1 + repeated
    words = []
    for year, count in sorted(areas.items()):
        text = danish.count(count, "indsatsområde", "indsatsområder")
        if numbers[year] != count:
            text += f" ({numbers[year]} numre i kilden)"
        words.append((year, text))
    return words
