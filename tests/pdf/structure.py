"""What a tagged PDF says of itself: its tags with their text, tables, bookmarks and fonts."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf


@dataclass
class Tag:
    """A structure element: its type, the words directly in it, and what it contains.

    `page` is the index of the page its own words stand on.
    """

    kind: str
    page: int | None = None
    words: list[str] = field(default_factory=list)
    children: list["Tag"] = field(default_factory=list)

    def walk(self) -> Iterator["Tag"]:
        """Itself and everything below, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all_of(self, *kinds: str) -> list["Tag"]:
        """Everything of these kinds, in reading order."""
        return [tag for tag in self.walk() if tag.kind in kinds]

    @property
    def first_page(self) -> int:
        """The index of the page where its words begin."""
        return next(tag.page for tag in self.walk() if tag.page is not None)

    @property
    def text(self) -> str:
        """All its words, without blanks: lines of a paragraph are not joined by any."""
        return squeeze("".join(word for tag in self.walk() for word in tag.words))


def squeeze(text: str) -> str:
    """`text` without blanks, so that line breaks do not matter."""
    return re.sub(r"\s+", "", text)


@cache
def tags(path: Path) -> Tag:
    """The tag tree with the words of the text layer, as a screen reader gets them."""
    root = Tag("root")
    with pikepdf.open(path) as pdf:
        pages = {page.objgen: (n, _marked_text(page)) for n, page in enumerate(pdf.pages)}
        for top in pdf.Root.StructTreeRoot.K:
            root.children.append(_tag(top, pages))
    return root


def _tag(element: Any, pages: dict[Any, tuple[int, dict[int, str]]]) -> Tag:
    tag = Tag(str(element.S).removeprefix("/"))
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            tag.page, marked = pages[element.Pg.objgen]
            tag.words.append(marked.get(kid, ""))
        elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            tag.children.append(_tag(kid, pages))
    return tag


def _marked_text(page: Any) -> dict[int, str]:
    """The words of each marked content of a page, by its number (MCID)."""
    found: dict[int, str] = {}
    codes: dict[str, str] = {}
    marks: list[int] = []
    fonts = {name: _unicode_map(font) for name, font in page.resources.Font.items()}
    for instruction in pikepdf.parse_content_stream(page):
        name, operands = str(instruction.operator), instruction.operands
        if name in ("BDC", "BMC"):
            about: Any = operands[1] if len(operands) > 1 else {}
            marks.append(
                int(about.get("/MCID", -1)) if isinstance(about, pikepdf.Dictionary) else -1
            )
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            codes = fonts[str(operands[0])]
        elif name in ("Tj", "TJ"):
            parts = operands[0] if name == "TJ" else operands
            text = "".join(
                _decoded(part, codes) for part in parts if isinstance(part, pikepdf.String)
            )
            if marks and marks[-1] >= 0:
                found[marks[-1]] = found.get(marks[-1], "") + text
    return found


def _decoded(part: Any, codes: dict[str, str]) -> str:
    """A string of two-byte codes as words."""
    code = bytes(part).hex()
    return "".join(codes[code[index : index + 4]] for index in range(0, len(code), 4))


def _unicode_map(font: Any) -> dict[str, str]:
    """What each code of a font stands for, from its ToUnicode map."""
    text = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]*)>", text)
    return {code.lower(): bytes.fromhex(word).decode("utf-16-be") for code, word in pairs}


@dataclass
class Cell:
    """A cell of a tagged table. `page` is the index of its page."""

    kind: str
    scope: str
    identity: str
    headers: list[str]
    width: int
    page: int


@dataclass
class Row:
    in_head: bool
    cells: list[Cell]


def tables(pdf: pikepdf.Pdf) -> list[list[Row]]:
    """Every tagged table as its rows of cells."""
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}
    return [list(_rows(table, pages)) for table in _elements(pdf, "/Table")]


def _elements(pdf: pikepdf.Pdf, kind: str) -> Iterator[Any]:
    def walk(element: Any) -> Iterator[Any]:
        if element.get("/S") == kind:
            yield element
        for kid in _kids(element):
            yield from walk(kid)

    for top in pdf.Root.StructTreeRoot.K:
        yield from walk(top)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _rows(table: Any, pages: dict[Any, int]) -> Iterator[Row]:
    for part in _kids(table):
        for row in _kids(part) if part.S != "/TR" else [part]:
            cells = [_cell(cell, pages) for cell in _kids(row)]
            yield Row(part.S == "/THead", cells)


def _cell(cell: Any, pages: dict[Any, int]) -> Cell:
    about = cell.get("/A", {})
    return Cell(
        str(cell.S).removeprefix("/"),
        str(about.get("/Scope", "")).removeprefix("/"),
        str(cell.get("/ID", "")),
        [str(header) for header in about.get("/Headers", [])],
        int(about.get("/ColSpan", 1)),
        pages[cell.Pg.objgen],
    )


def bookmarks(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """The outline, flat: depth from 1, and the words."""

    def walk(items: Any, depth: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield depth, str(item.title)
            yield from walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        return list(walk(outline.root, 1))


def fonts(path: Path) -> list[tuple[str, bool, bool]]:
    """Name, embedded and subset of every font, as poppler lists them."""
    command = ["pdffonts", str(path)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = []
    for line in lines.splitlines()[2:]:
        name = line.split()[0]
        embedded, subset = line.split()[-5:-3]
        found.append((name, embedded == "yes", subset == "yes"))
    return found


def page_text(path: Path, page: int) -> str:
    """The text layer of one page (from 1) in its order of drawing."""
    command = ["pdftotext", "-raw", "-f", str(page), "-l", str(page), str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@dataclass
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(path: Path, page: int) -> list[Word]:
    """The words of one page (from 1) with their places in points from the top left."""
    command = ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(path), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [
        Word(word, float(left), float(top), float(right), float(bottom))
        for left, top, right, bottom, word in re.findall(pattern, text)
    ]
