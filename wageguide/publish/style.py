"""How our workbooks look: fonts, formats, widths for Chinese text, print set-up.

Column widths are our own: a full-width character takes two places, which XlsxWriter's
autofit does not count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from wageguide.publish.settings import Lang

#: Font of Chinese offices; every Excel and WPS in China has it.
FONT = "宋体"

#: Widest column, in places; longer text is wrapped.
WIDEST = 46
NARROWEST = 8
_MARGIN = 2
#: Height of a line of text, points.
LINE = 15.0
_HEADER_LENGTH = 120

_BLUE, _PALE, _GREY = "#1F3864", "#DCE6F1", "#7F7F7F"
_YELLOW, _RED = "#FFE699", "#F8CBAD"

_FORMATS: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 14, "font_color": _BLUE},
    "cover_title": {"bold": True, "font_size": 26, "font_color": _BLUE, "align": "center"},
    "cover_place": {"font_size": 16, "align": "center", "valign": "bottom"},
    "cover": {"font_size": 14, "align": "center", "text_wrap": True, "valign": "vcenter"},
    "warning": {
        "bold": True,
        "font_size": 14,
        "font_color": "#C00000",
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "small": {"font_size": 9, "font_color": _GREY},
    "link": {"font_color": "#0563C1", "underline": 1},
    "head": {
        "bold": True,
        "bg_color": _PALE,
        "border": 1,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "text": {"border": 1, "text_wrap": True, "valign": "vcenter"},
    "code": {"border": 1, "align": "center", "valign": "vcenter"},
    "figure": {"border": 1, "num_format": "#,##0", "valign": "vcenter"},
    "money": {"border": 1, "num_format": "#,##0.00", "valign": "vcenter"},
    "percent": {"border": 1, "num_format": "0.0", "valign": "vcenter"},
    "total_percent": {"border": 1, "bold": True, "num_format": "0.0", "valign": "vcenter"},
    "grade_weak": {"border": 1, "align": "center", "valign": "vcenter", "bg_color": _YELLOW},
    "grade_none": {
        "border": 1,
        "align": "center",
        "valign": "vcenter",
        "font_color": _GREY,
        "bg_color": "#EDEDED",
    },
    "none": {"border": 1, "align": "right", "valign": "vcenter", "font_color": _GREY},
    "none_text": {"border": 1, "align": "center", "valign": "vcenter", "font_color": _GREY},
    "total_text": {"border": 1, "bold": True, "valign": "vcenter"},
    "total_figure": {"border": 1, "bold": True, "num_format": "#,##0", "valign": "vcenter"},
    "top": {"border": 1, "text_wrap": True, "valign": "top"},
    "marked_error": {"bg_color": _RED, "border": 1, "border_color": "#C00000"},
    "marked_warning": {"bg_color": _YELLOW, "border": 1, "border_color": "#C00000"},
}


@dataclass(frozen=True)
class Book:
    """A workbook being written, with its formats by name."""

    workbook: Any
    formats: dict[str, Any]

    def sheet(self, name: str) -> Any:
        """Add a worksheet under a name that Excel accepts."""
        return self.workbook.add_worksheet(sheet_name(name))


def open_book(
    path: Path,
    *,
    title: str,
    subject: str,
    year: int,
    lang: Lang,
    day: date | None = None,
    keywords: str = "",
) -> Book:
    """Start a workbook in which text stays text and no clock is written.

    Parameters
    ----------
    path
        File to write.
    title, subject
        Document properties.
    year
        Reference year; gives the fixed date of creation, so that the same input gives the
        same bytes.
    lang
        Language of the edition, kept as a document property.
    day
        Day of publication, which then is the date of creation.
    keywords
        Document property.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
        "default_format_properties": {"font_name": FONT, "font_size": 11},
    }
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties(
        {
            "title": title,
            "subject": subject,
            "author": "wageguide",
            "keywords": keywords,
            "created": datetime(day.year, day.month, day.day) if day else datetime(year, 12, 31),
        }
    )
    workbook.set_custom_property("language", {"zh": "zh-CN", "en": "en-GB"}[lang])
    base = {"font_name": FONT, "font_size": 11}
    formats = {name: workbook.add_format({**base, **f}) for name, f in _FORMATS.items()}
    return Book(workbook, formats)


def text_width(text: str) -> int:
    """Places that the longest line of a text takes; full-width characters take two.

    >>> text_width("职业 A")
    6
    """
    lines = text.split("\n")
    return max(
        sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line) for line in lines
    )


def column_width(texts: Iterable[str], widest: int = WIDEST, narrowest: int = NARROWEST) -> int:
    """Width of a column that shows all texts, wrapped beyond `widest` places."""
    return max(narrowest, min(widest, max(map(text_width, texts), default=0) + _MARGIN))


def lines_needed(text: str, width: int) -> int:
    """Lines that a text takes when it is wrapped at `width` places."""
    return sum(max(1, -(-text_width(line) // max(width - 1, 1))) for line in text.split("\n"))


def row_height(texts: Iterable[str], widths: Iterable[int]) -> float:
    """Height in points of a row whose texts are wrapped at the widths of their columns."""
    return LINE * max(lines_needed(t, w) for t, w in zip(texts, widths, strict=True)) + 3


def sheet_name(text: str, end: str = "") -> str:
    r"""A name that Excel accepts for a sheet: no []:*?/\, at most 31 characters with `end`.

    >>> sheet_name("职业/岗位: 2025")
    '职业 岗位  2025'
    """
    plain = "".join(" " if c in "[]:*?/\\" or ord(c) < 32 else c for c in text).strip("' ")
    return (plain[: 31 - len(end)] or "Sheet") + end


def set_page(sheet: Any, *, header: str, lang: Lang, heading_rows: int, landscape: bool) -> None:
    """A4, fitted to the width, heading rows repeated, page numbers in the foot."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.set_header("&C&9" + _field(header))
    sheet.set_footer("&C&9" + {"zh": "第 &P 页，共 &N 页", "en": "Page &P of &N"}[lang])
    sheet.print_across()
    if heading_rows:
        sheet.repeat_rows(0, heading_rows - 1)


def _field(text: str) -> str:
    """Text for a header, in which & starts a code and 255 characters are the limit."""
    if len(text) > _HEADER_LENGTH:
        text = text[:_HEADER_LENGTH].rsplit(" ", 1)[0] + " …"
    plain = text.replace("&", "&&")
    return " " + plain if plain[:1].isdigit() else plain  # after a font size, 2025 adds to it
