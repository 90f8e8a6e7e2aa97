"""Words of the price workbook, and what its sheets share: marks, names, links, headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wageguide.publish.edition import Edition
from wageguide.publish.labels import heading, word
from wageguide.publish.notes import status_line
from wageguide.publish.settings import Lang
from wageguide.publish.style import Book, column_width, lines_needed, sheet_name, text_width
from wageguide.publish.tables import PriceTable

#: Rows above the data of a table sheet: title, subtitle, headings.
HEADING_ROWS = 3

WORDS: dict[Lang, dict[str, str]] = {
    "zh": {
        "cover": "封面",
        "contents": "目录",
        "reading": "如何阅读",
        "notes": "说明",
        "account": "审核账目",
        "cells": "行数",
        "holds": "内容",
        "sheet": "工作表",
        "back": "返回目录",
        "prices": "价位、人数和质量等级",
        "precision": "误差",
        "changes": "变化",
        "series": "历年",
        "limits": "相对标准误和95%置信区间",
        "growth": "与上年相比的变化（%）和95%置信区间",
        "years": "历年发布的价位",
        "item": "项目",
        "text": "内容",
        "year": "{year}年",
        "paid": "{year}年 · 单位：元/年",
        "published": "公布",
        "measure": "指标",
        "cell": "两年情况",
        "reading_of": "判断",
        "received": "收到、采用和剔除的行数和金额",
        "how": "等级、标记和区间的含义",
        "method": "口径、方法和规则",
    },
    "en": {
        "cover": "Cover",
        "contents": "Contents",
        "reading": "How to read",
        "notes": "Notes",
        "account": "Account",
        "cells": "Rows",
        "holds": "Contents",
        "sheet": "Sheet",
        "back": "Back to contents",
        "prices": "prices, counts and quality grades",
        "precision": "errors",
        "changes": "change",
        "series": "series",
        "limits": "relative standard errors and 95 % intervals",
        "growth": "change since the year before (%) and 95 % intervals",
        "years": "prices as published each year",
        "item": "Item",
        "text": "Text",
        "year": "{year}",
        "paid": "Wages paid in {year} · yuan per year",
        "published": "shown",
        "measure": "Figure",
        "cell": "In both years",
        "reading_of": "Reading",
        "received": "rows and yuan received, used and set aside",
        "how": "what grades, marks and intervals mean",
        "method": "definitions, method and rules",
    },
}

#: What became of a cell since the year before, and what its growth says.
CELLS: dict[str, tuple[str, str]] = {
    "both": ("两年均有", "both years"),
    "new": ("新增", "new"),
    "lost": ("本年没有", "not this year"),
}
READINGS: dict[str, tuple[str, str]] = {
    "up": ("上升", "rise"),
    "down": ("下降", "fall"),
    "noise": ("误差范围内", "within the error"),
    "": ("–", "–"),
}


@dataclass(frozen=True)
class Sheets:
    """Names of the sheets of one table; empty where there is none."""

    prices: str
    precision: str
    changes: str
    series: str


def sheets_of(edition: Edition) -> list[Sheets]:
    """Names of the sheets of every table, in printed order."""
    words = WORDS[edition.lang]
    found = []
    for number, table in enumerate(edition.tables, 1):
        changed = table.settings.id in edition.changes
        known = edition.series is not None and bool(
            (edition.series["table"] == table.settings.id).any()
        )
        found.append(
            Sheets(
                _name(f"{number}", table, edition.lang),
                _name(f"{number}b", table, edition.lang, words["precision"]),
                _name(f"{number}c", table, edition.lang, words["changes"]) if changed else "",
                _name(f"{number}d", table, edition.lang, words["series"]) if known else "",
            )
        )
    return found


def _name(number: str, table: PriceTable, lang: Lang, of: str = "") -> str:
    """Name of a sheet; what it is of stays readable where the title must be cut."""
    return sheet_name(f"{number} {table.title(lang)}", f" {of}" if of else "")


def mark_line(edition: Edition) -> str:
    """Status and notice, as they stand on every sheet."""
    return " · ".join(t for t in (status_line(edition), edition.text("notice")) if t)


def full_title(edition: Edition) -> str:
    """Place, year and title in one line."""
    year = WORDS[edition.lang]["year"].format(year=edition.year)
    return f"{edition.text('place')} {year} {edition.text('title')}"


def column_heading(column: str, edition: Edition) -> str:
    """Heading of a column; no two of a sheet are the same."""
    scheme, lang = edition.plan.scheme, edition.lang
    text = broken(heading(column, scheme, lang))
    if column.startswith("grade_"):
        figure = broken(heading(column.removeprefix("grade_"), scheme, lang))
        return f"{figure}\n{text.lower()}"
    return text


def broken(text: str) -> str:
    """A heading on two lines where it has a bracket, so that columns stay narrow."""
    for bracket in ("(", "（"):
        if bracket in text[1:]:
            return text.replace(bracket, "\n" + bracket, 1)
    if "\n" not in text and text_width(text) > 11 and " " in text:
        middle = min(
            (i for i, c in enumerate(text) if c == " "), key=lambda i: abs(i - len(text) / 2)
        )
        return text[:middle] + "\n" + text[middle + 1 :]
    return text


def missing_word(row_mark: str, grade: str, hidden_grades: frozenset[str], lang: Lang) -> str:
    """What stands in place of a figure: why it is not there.

    Parameters
    ----------
    row_mark
        Mark of the row.
    grade
        Grade of the figure.
    hidden_grades
        Codes of the grades that are not published.
    lang
        Language of the edition.
    """
    if row_mark or grade == "c":
        return word("confidential", lang)
    return word("unreliable" if grade in hidden_grades else "none", lang)


def hidden_grades(edition: Edition) -> frozenset[str]:
    """Codes of the grades whose figures are not shown."""
    return frozenset(c.code for c in edition.plan.grading.classes if not c.published)


def link(sheet: Any, row: int, target: str, style: Any, text: str | None = None) -> None:
    """A link to another sheet of this workbook: the only links that we write."""
    quoted = target.replace("'", "''")
    sheet.write_url(row, 0, f"internal:'{quoted}'!A1", style, text or target)


def start_sheet(
    book: Book, name: str, subtitle: str, heads: Sequence[str], edition: Edition
) -> Any:
    """A sheet with its title, subtitle and headings; data begin below `HEADING_ROWS`."""
    sheet, formats = book.sheet(name), book.formats
    sheet.write_string(0, 0, name, formats["title"])
    sheet.write_string(1, 0, f"{subtitle} · {mark_line(edition)}", formats["small"])
    sheet.set_row(2, 15.0 * max(lines_needed(h, 99) for h in heads) + 6)
    for place, head in enumerate(heads):
        sheet.write_string(2, place, head, formats["head"])
    return sheet


def end_sheet(sheet: Any, book: Book, heads: Sequence[str], rows: int, lang: Lang) -> None:
    """Mark the block as a table to filter by, and lead back to the contents."""
    words = WORDS[lang]
    if rows:
        sheet.autofilter(HEADING_ROWS - 1, 0, HEADING_ROWS + rows - 1, len(heads) - 1)
    link(sheet, HEADING_ROWS + rows + 1, words["contents"], book.formats["link"], words["back"])


def fit(sheet: Any, place: int, head: str, width: int) -> None:
    """Width of a column that shows its heading and its widest text."""
    sheet.set_column(place, place, max(width, column_width([head], narrowest=width)))
