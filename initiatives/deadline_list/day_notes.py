"""Write the notes beside the dates on /deadlines/."""

from datetime import date

from core import danish, workdays

# Working days are counted only for a date this near.
MAX_DAYS_COUNTED = 366


def day_notes(start: date | None, end: date, today: date, *, is_past: bool = False) -> list[str]:
    """Say of a last day how far off it is, when its period begins, and which working day comes
    before it. `is_past` says that `today` is the day of a page of the past."""
    if end < today:
        return [f"for {danish.count((today - end).days, 'dag', 'dage')} siden"]
    if start and start > today and start != end:
        notes = [f"begynder {danish.short_day(start)}"]
    elif end == today:
        notes = ["samme dag" if is_past else "i dag"]
    else:
        notes = [f"om {danish.count((end - today).days, 'dag', 'dage')}"]
        if (end - today).days <= MAX_DAYS_COUNTED:
            left = workdays.working_days_after(today, end)
            notes = [f"{notes[0]}, {danish.count(left, 'arbejdsdag', 'arbejdsdage')}"]
    working_day = workdays.last_working_day(end)
    if working_day != end:
        notes.append(f"sidste arbejdsdag er {danish.weekday(working_day)}")
    return notes
