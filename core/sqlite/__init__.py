"""SQLite as the portal uses it: Django's backend, which can also read where nobody can write."""
