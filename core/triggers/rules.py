"""What history has to be, as SQL that both databases read. `NEW` is the row that is written.

Each is a condition that is true when the rule is broken.
"""

from core.protection import TrackedTable


def has_no_row(table: str) -> str:
    """History of a row that is not there, or of its removal: rows are never removed."""
    return (
        f"NEW.history_type NOT IN ('+', '~') OR NOT EXISTS "
        f"(SELECT 1 FROM {table} r WHERE r.id = NEW.id)"
    )


def is_out_of_order(tracked: TrackedTable, history: str) -> str:
    """A history row that is not the next of its object, in version, date and number.

    Each follows the one before it, so the newest by date is the newest by number.
    """
    if not tracked.versioned:
        return (
            f"EXISTS (SELECT 1 FROM {history} h WHERE h.id = NEW.id "
            "AND h.history_id <> NEW.history_id AND (h.history_id > NEW.history_id "
            "OR h.history_date > NEW.history_date OR h.version > NEW.version "
            "OR NEW.history_type = '+'))"
        )
    # Only the key stands in WHERE: with the number there, PostgreSQL may read the table by it.
    return (
        "(NEW.version = 1) <> (NEW.history_type = '+') OR (NEW.version <> 1 AND "
        f"(SELECT h.history_date <= NEW.history_date AND h.history_id < NEW.history_id "
        f"FROM {history} h WHERE h.id = NEW.id AND h.version = NEW.version - 1) IS NOT TRUE)"
    )


def newest(history: str, row: str) -> str:
    """The end of a SELECT: the newest history row of the object `row`, by the table's index."""
    by_date = "ORDER BY h.history_date DESC, h.history_id DESC"
    return f"FROM {history} h WHERE h.id = {row} {by_date} LIMIT 1"


def is_not_the_newest(row: str, teller: str) -> str:
    """A telling row that is put in between those that are there."""
    return f'EXISTS (SELECT 1 FROM {teller} t WHERE t."{row}" = NEW."{row}" AND t.id > NEW.id)'
