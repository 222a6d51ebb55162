"""Django's backend for SQLite, able to read a database on a disk that nobody can write to."""
