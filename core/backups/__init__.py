"""Backups: the database in a folder of its own, with a manifest that says what it holds.

`folders` makes and keeps them, `manifest` says what is in one, `sums` counts and hashes tables.
`sqlite` and `postgresql` write and restore a dump; both offer the same functions:

    DUMP                        the name of the dump's file
    name()                      what the portal's database is called, as --replace must name it
    dump(path)                  writes the dump; what it holds, table by table
    contents()                  how many rows each table of the portal's database holds
    restore(manifest, path, …)  puts the dump in the database's place
    try_out(manifest, path)     restores it into a throw-away database and compares
"""

from types import ModuleType

from core.backups import postgresql, sqlite

KINDS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
KIND_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
