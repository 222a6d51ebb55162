"""The finisher: add what WeasyPrint's tagged PDF/A lacks to be PDF/UA-1 as well.

It works on the pydyf objects, just before they are written: the PDF/UA identifier within the
existing rdf:RDF, `Scope` on each head cell, and each cell's `Headers` from the true grid.
"""

from collections.abc import Iterator
from typing import Any

import pydyf

UA_IDENTIFIER = b"""<rdf:Description rdf:about=""
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />"""
# PDF/A does not define the identifier: ISO 19005-3, 6.6.2.3 requires a description of it.
UA_IDENTIFIER_SCHEMA = b"""<rdf:Description rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
END_OF_METADATA = b"</rdf:RDF>"


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """Make the pydyf PDF also PDF/UA-1. WeasyPrint passes `document`, which is not needed."""
    add_ua_identifier(pdf)
    tags = Tags(pdf)
    for table in tags.all_of("/Table"):
        describe_table(tags, table)


def add_ua_identifier(pdf: pydyf.PDF) -> None:
    """Put the identifier into the existing rdf:RDF: validators do not read a second one."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    text = b"".join(metadata.stream)
    if text.count(END_OF_METADATA) != 1:
        raise ValueError("The XMP metadata has not exactly one rdf:RDF.")
    added = UA_IDENTIFIER + UA_IDENTIFIER_SCHEMA
    metadata.stream = [text.replace(END_OF_METADATA, added + END_OF_METADATA)]


class Tags:
    """The structure tree: elements are dictionaries that name their children by reference."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self.pdf = pdf

    def all_of(self, tag: str) -> Iterator[pydyf.Dictionary]:
        """Yield every element of `tag` in the document."""
        for item in self.pdf.objects:
            if isinstance(item, dict) and item.get("Type") == "/StructElem" and item["S"] == tag:
                yield item

    def children(self, element: pydyf.Dictionary) -> Iterator[pydyf.Dictionary]:
        """Yield the elements directly under `element`."""
        for kid in element["K"]:
            if isinstance(kid, bytes):
                child = _object(self.pdf, kid)
                if child.get("Type") == "/StructElem":
                    yield child

    def rows(self, table: pydyf.Dictionary) -> Iterator[tuple[pydyf.Dictionary, bool]]:
        """Yield the rows of `table`, each with whether it belongs to the head."""
        for child in self.children(table):
            if child["S"] == "/TR":
                yield child, False
            elif child["S"] in ("/THead", "/TBody", "/TFoot"):
                for row in self.children(child):
                    yield row, child["S"] == "/THead"


def describe_table(tags: Tags, table: pydyf.Dictionary) -> None:
    """Give each head cell its Scope and each other cell the Headers of its row and columns."""
    column_heads: dict[int, list[Any]] = {}
    taken: dict[int, int] = {}  # column → rows below that a spanning cell still covers
    for row, in_head in tags.rows(table):
        row_heads, cells, column = [], [], 0
        for cell in tags.children(row):
            while taken.get(column, 0) > 0:
                taken[column] -= 1
                column += 1
            attributes = cell["A"]
            width, height = attributes.get("ColSpan", 1), attributes.get("RowSpan", 1)
            columns = range(column, column + width)
            taken.update(dict.fromkeys(columns, height - 1))
            column += width
            if cell["S"] == "/TH":
                attributes["Scope"] = "/Column" if in_head else "/Row"
                for place in columns if in_head else ():
                    column_heads.setdefault(place, []).append(cell["ID"])
                if not in_head:
                    row_heads.append(cell["ID"])
            else:
                cells.append((attributes, columns))
        for attributes, columns in cells:
            heads = [head for place in columns for head in column_heads.get(place, ())]
            attributes["Headers"] = pydyf.Array(row_heads + heads)


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    """Find the object of a reference such as b"12 0 R"."""
    return pdf.objects[int(reference.split()[0])]
