"""Fetch the Danish design system and its typeface into static/vendor/.

A maintainer runs it by hand to upgrade the design system:

    python scripts/vendor_dkfds.py

The files it writes are committed, so neither tests nor production need npm or the network.
To move to a new version: change VERSION, run with --show-hash, put the printed SHA-256 in
SHA256, run again, look at every page at 1280 and 360 px, and commit the result.

The style sheet is changed as follows:

* every ``@font-face`` is dropped. dkfds names font files it does not ship (which breaks the
  static manifest) and lists woff before woff2. Our own two faces stand in tokens.css.
* every ``url(...)`` (logos and icons) becomes ``none``. We draw our icons from one sprite of
  our own, and the logos of borger.dk and virk.dk are not ours to show.
* the source map line is dropped, since the map is not shipped.
* the rest is wrapped in ``@layer dkfds``. Rules outside a layer win over those in one whatever
  their specificity, so our own sheets never need ``!important`` or long selectors against it.

dkfds's JavaScript (77 KB, 20 KB compressed) is not taken: the portal uses native elements
(details, dialog, input type=date) and htmx instead.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "dkfds"
VERSION = "11.2.0"
SHA256 = "93d6b1deebdaafb8d08c7be075f1bbe09fbcfa606765b600cde951ddbb92be61"

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"

CSS = "package/dist/css/dkfds.min.css"
LICENCE = "package/dist/LICENSE.md"
FONTS = "package/dist/fonts/IBMPlexSans/complete/woff2/"
FONT_FILES = ("IBMPlexSans-Regular.woff2", "IBMPlexSans-SemiBold.woff2")

README = """\
# dkfds {version}

Det Fælles Designsystem (npm package `dkfds` {version}, SHA-256 of the package
`{sha256}`),
fetched and adapted by `scripts/vendor_dkfds.py`, which says what is changed. Do not edit by hand.
Licences: `LICENSE.md` (MIT for the style sheet). The icons, which are under the Apache licence, are
not included. The typeface in `../plex/` is under the SIL Open Font License (`../plex/LICENSE.txt`).
"""


def fetch_package() -> bytes:
    """Fetch the package with npm, as a gzipped tar archive."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(folder).glob("*.tgz")
        return archive.read_bytes()


def adapt_css(css: str) -> str:
    """Return the style sheet without fonts, urls and source map, inside a cascade layer."""
    css = css.removeprefix("\ufeff")
    css = re.sub(r'@charset\s+"[^"]*";', "", css)
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r"/\*#\s*sourceMappingURL=.*?\*/", "", css)
    css = re.sub(r"url\((?:\"[^\"]*\"|'[^']*'|[^)]*)\)", "none", css)
    if "url(" in css or "@import" in css or "@font-face" in css:
        raise SystemExit("The style sheet still names files: look at it before it is committed.")
    return f'@charset "UTF-8";\n@layer dkfds{{{css.strip()}}}\n'


def main() -> None:
    """Fetch, verify, adapt and write the files."""
    parser = argparse.ArgumentParser(description="Fetch dkfds and IBM Plex Sans.")
    parser.add_argument(
        "--show-hash", action="store_true", help="print the SHA-256 of the package and stop"
    )
    options = parser.parse_args()

    package = fetch_package()
    digest = hashlib.sha256(package).hexdigest()
    if options.show_hash:
        print(digest)
        return
    if digest != SHA256:
        sys.exit(
            f"{PACKAGE} {VERSION}: expected SHA-256 {SHA256}, got {digest}. Nothing is written."
        )

    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:

        def read(name: str) -> bytes:
            member = archive.extractfile(name)
            if member is None:
                sys.exit(f"{name} is not a file in the package.")
            return member.read()

        files = {
            "dkfds/dkfds.min.css": adapt_css(read(CSS).decode("utf-8")).encode("utf-8"),
            "dkfds/LICENSE.md": read(LICENCE),
            "dkfds/README.md": README.format(version=VERSION, sha256=SHA256).encode("utf-8"),
            "plex/LICENSE.txt": read(FONTS + "license.txt"),
        }
        for name in FONT_FILES:
            files[f"plex/{name}"] = read(FONTS + name)

    for name, content in files.items():
        path = VENDOR / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{path.relative_to(ROOT)}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
