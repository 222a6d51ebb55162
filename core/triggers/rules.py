"""The rules of history as SQL for both databases. `NEW` is the row that is being written.

Each function but `newest` writes a condition that is true when its rule is broken.
"""

from core.protection import TrackedTable, columns


def has_no_row(table: str) -> str:
    """Detect history of a row that does not exist, or of a removal: rows are never removed."""
    return (
        f"NEW.history_type NOT IN ('+', '~') OR NOT EXISTS "
        f"(SELECT 1 FROM {table} r WHERE r.id = NEW.id)"
    )


def is_out_of_order(tracked: TrackedTable, history: str) -> str:
    """Detect a history row that does not follow its object's latest in version, date and number.

    Because every row follows the one before it, the newest by date is also the newest by number.
    """
    if not tracked.versioned:
        return (
            f"EXISTS (SELECT 1 FROM {history} h WHERE h.id = NEW.id "
            "AND h.history_id <> NEW.history_id AND (h.history_id > NEW.history_id "
            "OR h.history_date > NEW.history_date OR h.version > NEW.version "
            "OR NEW.history_type = '+'))"
        )
    # WHERE names only the key: with the number there, PostgreSQL might use the number's index.
    return (
        "(NEW.version = 1) <> (NEW.history_type = '+') OR (NEW.version <> 1 AND "
        f"(SELECT h.history_date <= NEW.history_date AND h.history_id < NEW.history_id "
        f"FROM {history} h WHERE h.id = NEW.id AND h.version = NEW.version - 1) IS NOT TRUE)"
    )


def newest(history: str, row: str) -> str:
    """Write the end of a SELECT that finds the newest history row of the object `row`."""
    by_date = "ORDER BY h.history_date DESC, h.history_id DESC"
    return f"FROM {history} h WHERE h.id = {row} {by_date} LIMIT 1"


def is_not_the_newest(tracked: TrackedTable, record_table: str, table: str) -> str:
    """Detect a record that does not follow the existing ones in number, moment and version, or
    that names another version than the row has."""
    records = tracked.change_records
    assert records
    field, values = records.repeats
    row, version, at, cause = columns(
        tracked.record_model, (records.row, records.version, records.at, field)
    )
    may_repeat = ", ".join(f"'{value}'" for value in values)
    return (
        f'EXISTS (SELECT 1 FROM {record_table} t WHERE t."{row}" = NEW."{row}" AND t.id <> NEW.id '
        f'AND (t.id > NEW.id OR t."{at}" > NEW."{at}" OR t."{version}" > NEW."{version}" '
        f'OR (t."{version}" = NEW."{version}" AND NEW."{cause}" NOT IN ({may_repeat})))) '
        f'OR NOT EXISTS (SELECT 1 FROM {table} r WHERE r.id = NEW."{row}" '
        f'AND r.version = NEW."{version}")'
    )
