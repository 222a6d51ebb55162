"""Our templates, read with their long lines joined.

Blanks between elements are seen on a page, so a template cannot be wrapped anywhere. A line that
ends in the empty comment `{# - #}` goes on in the next: the break and the indentation after it are
not sent. So a cell of a table may stand on ten lines that can be read, and is sent as one.
"""

import re
from pathlib import Path

from django.template import Origin, engines
from django.template.loaders import filesystem

GOES_ON = re.compile(r"\{# - #\}\n[ \t]*")


class Loader(filesystem.Loader):
    """Django's loader of the folders in DIRS, with lines joined that go on."""

    def get_contents(self, origin: Origin) -> str:
        return join_lines(super().get_contents(origin))


def join_lines(source: str) -> str:
    """The template's text without the breaks that are only for its readers."""
    return GOES_ON.sub("", source)


def read_all_templates() -> None:
    """Compile our templates, so that no visitor waits for it."""
    engine = engines["django"]
    for folder in map(Path, engine.engine.dirs):  # type: ignore[attr-defined]
        for path in filter(Path.is_file, folder.rglob("*")):
            engine.get_template(path.relative_to(folder).as_posix())
