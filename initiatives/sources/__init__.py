"""The plan document from rows: live, and as of an earlier moment."""
