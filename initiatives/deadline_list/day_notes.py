"""What a day of /deadlines/ says beside its date."""

from datetime import date

from core import danish, workdays

# Further off, nobody counts working days.
MOST_DAYS_COUNTED = 366


def day_notes(start: date | None, end: date, today: date, *, is_past: bool = False) -> list[str]:
    """What is said of a last day: how far off it is, when the period begins, and which working
    day comes before it. `is_past`: the page is of another day than today."""
    if end < today:
        return [f"for {danish.count((today - end).days, 'dag', 'dage')} siden"]
    if start and start > today and start != end:
        notes = [f"begynder {danish.short_day(start)}"]
    elif end == today:
        notes = ["samme dag" if is_past else "i dag"]
    else:
        notes = [f"om {danish.count((end - today).days, 'dag', 'dage')}"]
        if (end - today).days <= MOST_DAYS_COUNTED:
            left = workdays.working_days_after(today, end)
            notes = [f"{notes[0]}, {danish.count(left, 'arbejdsdag', 'arbejdsdage')}"]
    working_day = workdays.last_working_day(end)
    if working_day != end:
        notes.append(f"sidste arbejdsdag er {danish.weekday(working_day)}")
    return notes
