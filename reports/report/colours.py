"""Write the colours of the statuses as CSS, so that a report is drawn in those of its document.

`report.css` draws a chip from three custom properties; the rules made here set them for each
status. A file has the rules in its head. A page of the portal may not contain styles: it links to a
style sheet whose address names the colours, and which consists of the rules.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

from reports.report.parts import SIGNS, Chip

_PAIR = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})")


def style_rules(chips: Iterable[Chip], address: Callable[[str], str]) -> str:
    """Write one rule for each chip. `address` turns the name of a static file into its address.

    They contain no text from people: a document with other colours or symbols is refused.
    """
    return "".join(
        f".report-chip--{chip.symbol} {{\n"
        f"  --status-fill: {chip.fill};\n"
        f"  --status-icon: url({address(icon_of(chip))});\n"
        f"  --status-ink: {chip.ink};\n"
        "}\n"
        for chip in chips
    )


def icon_of(chip: Chip) -> str:
    """Name the static file with the chip's icon, in that of the two inks that is nearer to the
    chip's."""
    brightness = sum(bytes.fromhex(chip.ink.removeprefix("#")))
    return f"report/{'light' if brightness > 3 * 255 / 2 else 'dark'}/{chip.icon}.svg"


def to_query(chips: Iterable[Chip]) -> str:
    """Write the colours for an address: "not-started=b0b8c1-1a1a1a&on-track=…"."""
    return urlencode({c.symbol: f"{c.fill}-{c.ink}".replace("#", "") for c in chips})


def from_query(query: Mapping[str, str]) -> list[Chip]:
    """Read the chips whose colours `to_query` wrote; anything else in the query is ignored."""
    pairs = {symbol: _PAIR.fullmatch(query.get(symbol, "")) for symbol in SIGNS}
    return [
        Chip(symbol, "", f"#{pair[1]}", f"#{pair[2]}") for symbol, pair in pairs.items() if pair
    ]
