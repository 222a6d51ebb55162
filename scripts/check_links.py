"""Check the links between our documents: `make check-links`. It needs no network.

A relative link in a committed Markdown file must lead to an existing file, and its anchor to a
heading there. Links to other sites are not checked.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
# [words](target "title") and [name]: target
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)
OTHER_SITE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def main() -> int:
    documents = committed_documents(ROOT)
    problems = [problem for path in documents for problem in problems_of(path, ROOT)]
    for problem in problems:
        print(problem)
    print(f"{len(documents)} documents, {len(problems)} links that lead nowhere")
    return 1 if problems else 0


def committed_documents(root: Path) -> list[Path]:
    """List the Markdown files under version control."""
    command = ["git", "ls-files", "-z", "*.md"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [root / name for name in listed.split("\0") if name]


def problems_of(path: Path, root: Path) -> list[str]:
    """List the links of a document that lead nowhere, as "docs/a.md: b.md#c is not there"."""
    return [
        f"{path.relative_to(root)}: {target} is not there"
        for target in links_in(path.read_text("utf-8"))
        if not OTHER_SITE.match(target) and not leads_somewhere(path, target, root)
    ]


def links_in(text: str) -> list[str]:
    """List the targets of all links and pictures, except those inside code."""
    return [inline or named for inline, named in LINK.findall(CODE.sub("", text))]


def leads_somewhere(path: Path, target: str, root: Path) -> bool:
    """Whether a link in the document at `path` leads to a file or a heading."""
    name, _, anchor = target.partition("#")
    file = (path.parent / unquote(name)).resolve() if name else path.resolve()
    if not file.is_relative_to(root.resolve()) or not file.exists():
        return False
    if not anchor:
        return True
    return file.suffix == ".md" and unquote(anchor) in anchors_of(file.read_text("utf-8"))


def anchors_of(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings: small letters and hyphens, and a number
    when the same heading comes again."""
    counts: Counter[str] = Counter()
    anchors = set()
    for heading in HEADING.findall(BLOCK.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{counts[slug]}" if counts[slug] else slug)
        counts[slug] += 1
    return anchors


if __name__ == "__main__":
    sys.exit(main())
