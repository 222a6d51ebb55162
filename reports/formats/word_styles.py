"""The styles of the Word file, each defined once.

`prepare` replaces the styles, numbering, settings and font table of python-docx's own template.
"""

from dataclasses import dataclass
from typing import cast

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part, XmlPart
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from reports.formats.office import LANGUAGE

FONT = "IBM Plex Sans"
# This font has all seven status symbols; systems without it choose another that has them.
SYMBOL_FONT = "Segoe UI Symbol"
INK, QUIET, LIGHT = "1A1A1A", "595959", "FFFFFF"
LIVE_WIDTH_MM = 267
TABLE_STYLE = "Statustabel"
_TWIPS_PER_MM = 1440 / 25.4
_NS = nsdecls("w")
# How far status and Sidst are indented in their columns, in millimetres.
_INDENT = 1.5


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style: size and leading in points, spaces and indents in millimetres."""

    name: str
    size: float = 8.5
    leading: float = 11
    bold: bool = False
    colour: str = INK
    before: float = 0
    after: float = 0
    left: float = 0
    right: float = 0
    hanging: float = 0
    keep_next: bool = False
    outline: int | None = None
    numbering: int | None = None
    right_aligned: bool = False
    frame: bool = False
    right_tab: bool = False


_STYLES = (
    _Style("heading 1", 20, 24, bold=True, keep_next=True, outline=0),
    _Style("heading 2", 13, 16, bold=True, before=6, after=1.6, keep_next=True, outline=1),
    _Style("heading 3", 10, 13, bold=True, before=3.2, after=1, keep_next=True, outline=2),
    _Style("header", 8, 10, colour=QUIET, right_tab=True),
    _Style("footer", 8, 10, colour=QUIET, right_tab=True),
    _Style("List Bullet", left=2, hanging=2, after=0.5, numbering=1),
    _Style("List Number", left=5, hanging=5, numbering=2),
    _Style("Eksempeldata", 8, 11, before=1, after=4.5, left=1, right=1, frame=True),
    _Style("Afsender", 9, 12, colour=QUIET, keep_next=True),
    _Style("Opgørelse", 10, 14, after=2),
    _Style("Indledning", 8, 10.5, after=2, right=100, keep_next=True),
    _Style("Brødtekst", after=1.5, right=117, keep_next=True),
    _Style("Tom del", colour=QUIET),
    _Style("Tabeltekst"),
    _Style("Betydning", left=_INDENT),
    _Style("Tabelhoved", 8, 10, colour=QUIET, keep_next=True),
    _Style("Tabelhoved status", 8, 10, colour=QUIET, keep_next=True, left=_INDENT),
    _Style("Tabelhoved tal", 8, 10, colour=QUIET, keep_next=True, right_aligned=True),
    _Style("Initiativ", bold=True),
    _Style("Begrundelse", 8, 10.5, before=1),
    _Style("Note", 8, 10.5, colour=QUIET),
    _Style("Note i liste", 8, 10.5, colour=QUIET, left=2, after=0.5),
    _Style("Status", 8, 10.5, bold=True, left=_INDENT),
    _Style("Status på mørk", 8, 10.5, bold=True, colour=LIGHT, left=_INDENT),
    _Style("Forhold", 8, 10.5, before=1, left=_INDENT),
    _Style("Forhold på mørk", 8, 10.5, colour=LIGHT, before=1, left=_INDENT),
    _Style("Sidst", 8, 10.5, colour=QUIET, left=_INDENT),
    _Style("Sidst ændret", 8, 10.5, bold=True, left=_INDENT),
    _Style("Tal", 11, 12, bold=True, right_aligned=True),
    _Style("Tal sidst", 11, 12, colour=QUIET, right_aligned=True),
)


def twips(millimetres: float) -> int:
    """Convert to Word's unit, a twentieth of a point."""
    return round(millimetres * _TWIPS_PER_MM)


def prepare(document: Document) -> None:
    """Give a new python-docx document the styles, lists, settings and fonts of the report, and no
    others."""
    part = document.part
    for rel_id, rel in list(part.rels.items()):
        if rel.reltype.endswith(("/stylesWithEffects", "/customXml", "/webSettings")):
            del part.rels[rel_id]
        if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            rel.target_part._blob = _fonts().encode()
    for rel_id, rel in list(part.package.rels.items()):
        if rel.reltype.endswith("/thumbnail"):
            del part.package.rels[rel_id]
        if rel.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES:
            rel.target_part._blob = _APP.encode()
    for kind, xml in (
        (RELATIONSHIP_TYPE.STYLES, _styles()),
        (RELATIONSHIP_TYPE.NUMBERING, _numbering()),
        (RELATIONSHIP_TYPE.SETTINGS, _settings()),
    ):
        _replace(part.part_related_by(kind), xml)


def _replace(part: Part, xml: str) -> None:
    cast("XmlPart", part)._element = parse_xml(xml)


def _styles() -> str:
    return (
        f"<w:styles {_NS}>{_DEFAULTS}"
        + "".join(_paragraph_style(style) for style in _STYLES)
        + _character_style("Strong", "<w:b/><w:bCs/>")
        + _character_style("Statustegn", _fonts_named(SYMBOL_FONT) + '<w:b w:val="0"/>')
        + _character_style("Antal", f'<w:b w:val="0"/><w:color w:val="{QUIET}"/><w:sz w:val="17"/>')
        + _TABLE
        + "</w:styles>"
    )


def style_id(name: str) -> str:
    """Make Word's id of a style: its name in one word, ASCII."""
    plain = name.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return "".join(word[:1].upper() + word[1:] for word in plain.split())


def _fonts_named(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _paragraph_style(style: _Style) -> str:
    is_custom = style.name[0].isupper() and not style.name.startswith("List")
    custom = ' w:customStyle="1"' if is_custom else ""
    following = '<w:next w:val="Normal"/>' if style.outline is not None else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style_id(style.name)}">'
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/>{following}<w:qFormat/>'
        f"<w:pPr>{_paragraph_properties(style)}</w:pPr>"
        f"<w:rPr>{'<w:b/><w:bCs/>' if style.bold else ''}"
        f'<w:color w:val="{style.colour}"/>'
        f'<w:sz w:val="{style.size * 2:g}"/><w:szCs w:val="{style.size * 2:g}"/></w:rPr></w:style>'
    )


def _paragraph_properties(style: _Style) -> str:
    """Write the properties of a paragraph, in the order that the schema demands."""
    side = '<w:{0} w:val="single" w:sz="6" w:space="4" w:color="1A1A1A"/>'
    hanging = f' w:hanging="{twips(style.hanging)}"' if style.hanging else ""
    frame = "".join(side.format(name) for name in ("top", "left", "bottom", "right"))
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{twips(LIVE_WIDTH_MM)}"/></w:tabs>'
    spacing = (
        f'<w:spacing w:before="{twips(style.before)}" w:after="{twips(style.after)}" '
        f'w:line="{style.leading * 20:g}" w:lineRule="atLeast"/>'
    )
    indents = f'<w:ind w:left="{twips(style.left)}" w:right="{twips(style.right)}"{hanging}/>'
    parts = (
        (style.keep_next, "<w:keepNext/><w:keepLines/>"),
        (style.numbering, f'<w:numPr><w:numId w:val="{style.numbering}"/></w:numPr>'),
        (style.frame, f"<w:pBdr>{frame}</w:pBdr>"),
        (style.right_tab, tab),
        (True, spacing),
        (style.left or style.right, indents),
        (style.right_aligned, '<w:jc w:val="right"/>'),
        (style.outline is not None, f'<w:outlineLvl w:val="{style.outline}"/>'),
    )
    return "".join(xml for wanted, xml in parts if wanted)


def _character_style(name: str, properties: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{style_id(name)}"><w:name w:val="{name}"/>'
        '<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/>'
        f"<w:rPr>{properties}</w:rPr></w:style>"
    )


_DEFAULTS = f"""
<w:docDefaults>
 <w:rPrDefault><w:rPr>{_fonts_named(FONT)}<w:color w:val="{INK}"/>
  <w:sz w:val="17"/><w:szCs w:val="17"/>
  <w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
 <w:pPrDefault><w:pPr>
  <w:spacing w:before="0" w:after="0" w:line="220" w:lineRule="atLeast"/>
 </w:pPr></w:pPrDefault>
</w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal">
 <w:name w:val="Normal"/><w:qFormat/>
</w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
 <w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/>
</w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal">
 <w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>
 <w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>
  <w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>
  <w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>
 </w:tblCellMar></w:tblPr>
</w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList">
 <w:name w:val="No List"/><w:uiPriority w:val="99"/><w:semiHidden/>
</w:style>
"""

# Rules: above 1 pt, under the head and at the end .5 pt, between rows .4 pt (eighths of a point).
_TABLE = f"""
<w:style w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">
 <w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>
 <w:tblPr><w:tblBorders>
   <w:top w:val="single" w:sz="8" w:space="0" w:color="{INK}"/>
   <w:bottom w:val="single" w:sz="4" w:space="0" w:color="{INK}"/>
   <w:insideH w:val="single" w:sz="3" w:space="0" w:color="B9BEC5"/>
  </w:tblBorders><w:tblCellMar>
   <w:top w:w="{twips(1.05)}" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>
   <w:bottom w:w="{twips(1.15)}" w:type="dxa"/><w:right w:w="{twips(3)}" w:type="dxa"/>
  </w:tblCellMar></w:tblPr>
 <w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>
   <w:bottom w:val="single" w:sz="4" w:space="0" w:color="{INK}"/>
  </w:tcBorders></w:tcPr></w:tblStylePr>
</w:style>
"""

_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>Udviklingsprogrammet</Application></Properties>'
)


def _numbering() -> str:
    """Write the two lists: bullets at the edge, and numbers."""
    lists = (("bullet", "•", "List Bullet", 2), ("decimal", "%1.", "List Number", 5))
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:pStyle w:val="{style_id(style)}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{twips(indent)}" w:hanging="{twips(indent)}"/></w:pPr></w:lvl>'
        "</w:abstractNum>"
        for number, (kind, text, style, indent) in enumerate(lists)
    )
    nums = "".join(
        f'<w:num w:numId="{number + 1}"><w:abstractNumId w:val="{number}"/></w:num>'
        for number in range(len(lists))
    )
    return f"<w:numbering {_NS}>{levels}{nums}</w:numbering>"


def _settings() -> str:
    """Write the settings: Danish, and today's layout rules instead of "compatibility mode"."""
    where = "http://schemas.microsoft.com/office/word"
    return (
        f'<w:settings {_NS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        f'<w:compatSetting w:name="compatibilityMode" w:uri="{where}" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{LANGUAGE}"/>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" '
        'w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" '
        'w:accent5="accent5" w:accent6="accent6" w:hyperlink="hyperlink" '
        'w:followedHyperlink="followedHyperlink"/>'
        '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def _fonts() -> str:
    """Write the font table: where Plex is not installed, Word takes a plain sans, Arial first."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:fonts {_NS}><w:font w:name="{FONT}"><w:altName w:val="Arial"/>'
        '<w:panose1 w:val="020B0503050203000203"/><w:charset w:val="00"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        f'<w:font w:name="{SYMBOL_FONT}"><w:panose1 w:val="020B0502040204020203"/>'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        "</w:fonts>"
    )
