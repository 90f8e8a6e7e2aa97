"""How the booklet looks: page, paragraphs, tables; one embedded font."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from wageguide.publish.fonts import booklet_font
from wageguide.publish.text import visible

if TYPE_CHECKING:
    from wageguide.publish.settings import Lang

INK, BLUE, GREY, LINE, SHADE = "#222222", "#0B4F8A", "#5F6670", "#B9C3CC", "#EEF3F7"
#: Margins of the page, points.
LEFT, RIGHT, TOP, BOTTOM = 51, 51, 62, 54


@cache
def styles() -> dict[str, Any]:
    """Paragraph styles by name."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle

    base = ParagraphStyle(
        "body", fontName=booklet_font(), fontSize=10, leading=16.5, textColor=HexColor(INK),
        wordWrap="CJK", spaceAfter=6,
    )  # fmt: skip

    def style(name: str, **changes: Any) -> Any:
        return ParagraphStyle(name, parent=base, **changes)

    return {
        "body": base,
        "latin": style("latin", wordWrap=None),
        "cover": style("cover", fontSize=30, leading=42, textColor=HexColor(BLUE), spaceAfter=10),
        "place": style("place", fontSize=15, leading=24, spaceAfter=4),
        "chapter": style("chapter", fontSize=18, leading=26, textColor=HexColor(BLUE),
                         spaceAfter=10),
        "section": style("section", fontSize=12.5, leading=20, textColor=HexColor(BLUE),
                         spaceBefore=8, spaceAfter=4, keepWithNext=1),
        "caption": style("caption", fontSize=8.5, leading=13, textColor=HexColor(GREY)),
        "item": style("item", fontSize=10, leading=16, leftIndent=14, bulletIndent=2, spaceAfter=3),
        "cell": style("cell", fontSize=7.6, leading=10, spaceAfter=0),
        "head": style("head", fontSize=7.6, leading=10, spaceAfter=0, alignment=TA_CENTER,
                      textColor=HexColor("#FFFFFF")),
        "number": style("number", fontSize=7.6, leading=10, spaceAfter=0, alignment=TA_RIGHT),
        "toc1": style("toc1", fontSize=10.5, leading=19, spaceAfter=0),
        "toc2": style("toc2", fontSize=9.5, leading=16, leftIndent=16, spaceAfter=0),
    }  # fmt: skip


def markup(text: str) -> str:
    """Any text as a paragraph may hold it: no mark-up, nothing invisible."""
    return escape(visible(text).replace("\n", " "), quote=True)


def paragraph(text: str, style: str, lang: Lang = "zh", **options: Any) -> Any:
    """A paragraph of plain text."""
    from reportlab.platypus import Paragraph

    found = styles()[style]
    if lang == "en" and style == "body":
        found = styles()["latin"]
    return Paragraph(markup(text), found, **options)
