"""Backups: a dump of the database in a folder of its own, with a manifest that describes it.

`folders` makes and removes them, `manifest` describes one, `sums` counts and hashes tables.
`sqlite` and `postgresql` write and restore a dump; both offer the same functions:

    DUMP                        the name of the dump's file
    name()                      the name of the portal's database, which --replace must repeat
    dump(path)                  writes the dump and returns what it holds, table by table
    contents()                  counts the rows in each table of the portal's database
    restore(manifest, path, …)  replaces the database with the dump
    try_out(manifest, path)     restores the dump into a throw-away database and compares
"""

from types import ModuleType

from core.backups import postgresql, sqlite

DATABASE_MODULES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
DATABASE_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
