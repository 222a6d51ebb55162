"""A template loader that joins long lines.

Blanks between elements show on a page, so a line of a template cannot be broken anywhere. After
the empty comment `{# - #}` it can: the break and the indentation that follows are not sent. So a
cell of a table may be written on ten readable lines and is sent as one.
"""

import re
from pathlib import Path

from django.template import Origin, engines
from django.template.loaders import filesystem

GOES_ON = re.compile(r"\{# - #\}\n[ \t]*")


class Loader(filesystem.Loader):
    """Django's loader for the folders in DIRS, which here also joins lines."""

    def get_contents(self, origin: Origin) -> str:
        return join_lines(super().get_contents(origin))


def join_lines(source: str) -> str:
    """Remove each `{# - #}` together with the line break and the indentation after it."""
    return GOES_ON.sub("", source)


def read_all_templates() -> None:
    """Compile all our templates, so that no visitor has to wait for it."""
    engine = engines["django"]
    for folder in map(Path, engine.engine.dirs):  # type: ignore[attr-defined]
        for path in filter(Path.is_file, folder.rglob("*")):
            engine.get_template(path.relative_to(folder).as_posix())
