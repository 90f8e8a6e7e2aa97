"""A document as DOCX: headings, paragraphs, tables, pictures; the same input, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from wageguide.publish.style import FONT

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
#: English metric units in an inch.
_EMU = 914_400
#: A4 with margins of 2 cm, in twentieths of a point; width left for text.
_TEXT_WIDTH = 9638
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" '
    'w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: Characters of a part that is stored as it is.
_SHORT = 1_000
#: Times in a zip file begin in 1980.
_WHEN = (1980, 1, 1, 0, 0, 0)


class Document:
    """A document being written."""

    def __init__(self) -> None:
        self._body: list[str] = []
        self._pictures: list[bytes] = []

    def heading(self, text: str, *, size: int = 14, centre: bool = False) -> None:
        """A line in bold, of a size in points."""
        self._body.append(
            _paragraph(text, size=size, bold=True, centre=centre, after=120, keep=True)
        )

    def paragraph(
        self, text: str, *, size: int = 11, right: bool = False, keep: bool = False
    ) -> None:
        """A paragraph of plain text; one to `keep` stays on the page of what follows."""
        self._body.append(_paragraph(text, size=size, right=right, keep=keep))

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[int]
    ) -> None:
        """A table whose columns share the width of the page; the headings repeat."""
        widths = [_TEXT_WIDTH * s // sum(shares) for s in shares]
        grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
        lines = [_row(heads, widths, head=True), *(_row(r, widths) for r in rows)]
        self._body.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{_TEXT_WIDTH}" w:type="dxa"/><w:tblBorders>{_BORDERS}'
            f'</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{''.join(lines)}</w:tbl>"
        )
        self._body.append(_paragraph("", size=6))

    def picture(self, png: bytes, *, width: float, height: float, alt: str) -> None:
        """A picture, inches, with its text alternative."""
        self._pictures.append(png)
        number = len(self._pictures)
        size = f'cx="{round(width * _EMU)}" cy="{round(height * _EMU)}"'
        told = escape(_CONTROL.sub("", alt), {'"': "&quot;"})
        self._body.append(
            f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing">'
            f'<wp:extent {size}/><wp:docPr id="{number}" name="picture {number}" descr="{told}"/>'
            f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
            f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr>'
            f'<pic:cNvPr id="{number}" name="picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="rId{number}" xmlns:r="{_REL}"/>'
            "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )

    def _links(self) -> str:
        """Where the pictures are."""
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_REL}/image" Target="media/{n}.png"/>'
            for n in range(1, len(self._pictures) + 1)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships '
            'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{links}</Relationships>"
        )

    def bytes(self) -> bytes:
        """The file."""
        document = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {_W}><w:body>'
            f"{''.join(self._body)}{_PAGE}</w:body></w:document>"
        )
        parts = {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELS,
            "word/document.xml": document,
        }
        if self._pictures:
            parts["word/_rels/document.xml.rels"] = self._links()
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                info = zipfile.ZipInfo(name, _WHEN)
                # The two short parts are the same in every document: packing them saves nothing.
                short = len(text) < _SHORT
                info.compress_type = zipfile.ZIP_STORED if short else zipfile.ZIP_DEFLATED
                archive.writestr(info, text.encode("utf-8"))
            for number, png in enumerate(self._pictures, 1):
                info = zipfile.ZipInfo(f"word/media/{number}.png", _WHEN)
                info.compress_type = zipfile.ZIP_STORED
                archive.writestr(info, png)
        return file.getvalue()


def _paragraph(
    text: str,
    *,
    size: int,
    bold: bool = False,
    centre: bool = False,
    right: bool = False,
    after: int = 60,
    keep: bool = False,
) -> str:
    place = '<w:jc w:val="center"/>' if centre else '<w:jc w:val="right"/>' if right else ""
    weight = "<w:b/>" if bold else ""
    plain = escape(_CONTROL.sub("", text))
    kept = "<w:keepNext/>" if keep else ""
    return (
        f'<w:p><w:pPr>{kept}<w:spacing w:after="{after}"/>{place}</w:pPr><w:r><w:rPr>'
        f'<w:rFonts w:ascii="{FONT}" w:eastAsia="{FONT}" w:hAnsi="{FONT}"/>{weight}'
        f'<w:sz w:val="{2 * size}"/></w:rPr><w:t xml:space="preserve">{plain}</w:t></w:r></w:p>'
    )


def _row(texts: Sequence[str], widths: Sequence[int], head: bool = False) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/></w:tcPr>'
        f"{_paragraph(t, size=9, bold=head, after=0)}</w:tc>"
        for t, w in zip(texts, widths, strict=True)
    )
    repeat = "<w:trPr><w:tblHeader/></w:trPr>" if head else ""
    return f"<w:tr>{repeat}{cells}</w:tr>"
