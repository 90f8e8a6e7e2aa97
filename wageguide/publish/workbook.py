"""The price workbook: cover, contents, each table with its precision, notes and account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.publish.labels import heading
from wageguide.publish.notes import DRAFT, Note
from wageguide.publish.settings import Lang, ReleasePlan
from wageguide.publish.style import (
    LINE,
    Book,
    column_width,
    lines_needed,
    open_book,
    row_height,
    set_page,
    sheet_name,
    text_width,
)
from wageguide.publish.tables import PriceTable

if TYPE_CHECKING:
    import pandas as pd

#: Rows above the data of a table sheet: title, subtitle, headings.
HEADING_ROWS = 3
#: What stands where there is no figure.
NONE = "–"
_WORDS = {
    "zh": {
        "cover": "封面",
        "contents": "目录",
        "notes": "说明",
        "account": "审核账目",
        "table": "表",
        "cells": "行数",
        "sheet": "工作表",
        "back": "返回目录",
        "precision": "误差",
        "limits": "相对标准误和95%置信区间",
        "item": "项目",
        "text": "内容",
        "year": "{year}年",
    },
    "en": {
        "cover": "Cover",
        "contents": "Contents",
        "notes": "Notes",
        "account": "Account",
        "table": "Table",
        "cells": "Rows",
        "sheet": "Sheet",
        "back": "Contents",
        "precision": "errors",
        "limits": "relative standard errors and 95 % intervals",
        "item": "Item",
        "text": "Text",
        "year": "{year}",
    },
}


def write_price_workbook(
    path: Path,
    tables: Sequence[PriceTable],
    *,
    plan: ReleasePlan,
    year: int,
    notes: Sequence[Note],
    account: pd.DataFrame,
    lang: Lang,
) -> None:
    """Write the price workbook.

    Parameters
    ----------
    path
        File to write.
    tables
        Rounded tables, in printed order.
    plan
        The policy's release settings.
    year
        Reference year.
    notes
        Lines of the notes sheet.
    account
        Account of rows and yuan, with printed headings.
    lang
        Language of the edition.
    """
    words = _WORDS[lang]
    place, title = plan.text("place", lang), plan.text("title", lang)
    full = f"{place} {words['year'].format(year=year)} {title}"
    book = open_book(path, title=full, subject=DRAFT[lang], year=year, lang=lang)
    names = [
        (_name(f"{number}", t, lang), _name(f"{number}b", t, lang, words["precision"]))
        for number, t in enumerate(tables, 1)
    ]
    page = {"header": f"{full}    {_mark(plan, lang)}", "lang": lang}
    _cover(book, plan, year, lang)
    _contents(book, tables, names, page)
    for table, (prices, precision) in zip(tables, names, strict=True):
        _table(book, table, prices, price_columns(table), plan, year, page)
        _table(book, table, precision, precision_columns(table), plan, year, page)
    _notes(book, notes, page)
    _account(book, account, page)
    book.workbook.close()


def _mark(plan: ReleasePlan, lang: Lang) -> str:
    draft = {"zh": "草稿", "en": "DRAFT"}[lang]
    return " · ".join(t for t in (draft, plan.text("notice", lang)) if t)


def _name(number: str, table: PriceTable, lang: Lang, of: str = "") -> str:
    """Name of a sheet; what it is of stays readable where the title must be cut."""
    end = f" {of}" if of else ""
    return sheet_name(f"{number} {table.title(lang)}", end)


def price_columns(table: PriceTable) -> list[str]:
    """Columns of the sheet of prices: labels, counts, and each figure with its grade."""
    graded = [c for figure in table.figures for c in (figure, f"grade_{figure}")]
    return [*table.labels, *table.counts, *graded]


def precision_columns(table: PriceTable) -> list[str]:
    """Columns of the sheet of errors: labels, and for each figure its error and limits."""
    parts = [f"{part}_{figure}" for figure in table.figures for part in ("rse", "low", "high")]
    return [*table.labels, *parts]


def _cover(book: Book, plan: ReleasePlan, year: int, lang: Lang) -> None:
    sheet = book.sheet(_WORDS[lang]["cover"])
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    lines = [
        (plan.text("place", lang), "cover"),
        (plan.text("title", lang), "cover_title"),
        ({"zh": f"{year}年（工资支付年度）", "en": f"Wages paid in {year}"}[lang], "cover"),
        ({"zh": "单位：元/年", "en": "Yuan per year"}[lang], "cover"),
        (DRAFT[lang], "warning"),
        (plan.text("notice", lang), "warning"),
        (plan.text("price_basis", lang), "cover"),
    ]
    row = 3
    for text, style in lines:
        if text:
            size = {"cover_title": 40.0}.get(style, 22.0)
            sheet.set_row(row, max(size, 20.0 * lines_needed(text, 72)))
            sheet.write_string(row, 0, text, book.formats[style])
            row += 2
    set_page(sheet, header="", lang=lang, heading_rows=0, landscape=True)


def _contents(
    book: Book,
    tables: Sequence[PriceTable],
    names: Sequence[tuple[str, str]],
    page: dict[str, Any],
) -> None:
    words = _WORDS[page["lang"]]
    sheet = book.sheet(words["contents"])
    formats = book.formats
    others = [words["notes"], words["account"]]
    rows = [
        (name, f"{len(t.frame) - t.total_rows}")
        for both, t in zip(names, tables, strict=True)
        for name in both
    ]
    sheet.set_column(0, 0, column_width([*(n for n, _ in rows), *others, words["sheet"]]))
    sheet.set_column(1, 1, 12)
    sheet.write_string(0, 0, words["contents"], formats["title"])
    sheet.write_string(2, 0, words["sheet"], formats["head"])
    sheet.write_string(2, 1, words["cells"], formats["head"])
    for row, (name, cells) in enumerate(rows, 3):
        _link(sheet, row, name, formats["link"])
        sheet.write_number(row, 1, int(cells), formats["figure"])
    for row, name in enumerate(others, 3 + len(rows)):
        _link(sheet, row, name, formats["link"])
    sheet.freeze_panes(3, 0)
    set_page(sheet, **page, heading_rows=3, landscape=False)


def _link(sheet: Any, row: int, target: str, style: Any, text: str | None = None) -> None:
    """A link to another sheet of this workbook: the only links that we write."""
    quoted = target.replace("'", "''")
    sheet.write_url(row, 0, f"internal:'{quoted}'!A1", style, text or target)


def _table(
    book: Book,
    table: PriceTable,
    name: str,
    columns: Sequence[str],
    plan: ReleasePlan,
    year: int,
    page: dict[str, Any],
) -> None:
    lang: Lang = page["lang"]
    words, formats = _WORDS[lang], book.formats
    sheet = book.sheet(name)
    heads = [_broken(heading(c, plan.scheme, lang)) for c in columns]
    sheet.write_string(0, 0, f"{name}", formats["title"])
    unit = {"zh": f"{year}年 · 单位：元/年", "en": f"Wages paid in {year} · yuan per year"}[lang]
    of = f"{unit} · {words['limits']}" if columns[-1].startswith("high_") else unit
    sheet.write_string(1, 0, f"{of} · {_mark(plan, lang)}", formats["small"])
    sheet.set_row(2, LINE * max(lines_needed(h, 99) for h in heads) + 6)
    for place, (column, head) in enumerate(zip(columns, heads, strict=True)):
        sheet.write_string(2, place, head, formats["head"])
        width = _write_column(sheet, formats, table, column, place, plan)
        sheet.set_column(place, place, max(width, column_width([head], narrowest=width)))
    _link(
        sheet,
        HEADING_ROWS + len(table.frame) + 1,
        words["contents"],
        formats["link"],
        words["back"],
    )
    sheet.freeze_panes(HEADING_ROWS, 2 * len(table.settings.by))
    set_page(sheet, **page, heading_rows=HEADING_ROWS, landscape=len(columns) > 8)


def _write_column(
    sheet: Any,
    formats: dict[str, Any],
    table: PriceTable,
    column: str,
    place: int,
    plan: ReleasePlan,
) -> int:
    """Write one column below its heading; return the width that it needs."""
    if column.startswith("grade_"):
        return _write_grades(sheet, formats, table, column, place, plan)
    values = table.frame[column].tolist()
    if column in table.labels:
        for row, value in enumerate(values):
            style = "total_text" if row < table.total_rows else _label_style(table, column)
            sheet.write_string(row + HEADING_ROWS, place, value, formats[style])
        return column_width(values)
    return _write_figures(sheet, formats, table, column, place)


def _label_style(table: PriceTable, column: str) -> str:
    return "code" if column in table.settings.by else "text"


def _write_figures(
    sheet: Any, formats: dict[str, Any], table: PriceTable, column: str, place: int
) -> int:
    import pandas as pd

    per_cent = column.startswith("rse_")
    kind, scale, shown = ("percent", 100, "{:,.1f}") if per_cent else ("figure", 1, "{:,.0f}")
    widths = []
    for row, value in enumerate(table.frame[column].tolist()):
        at = (row + HEADING_ROWS, place)
        if pd.isna(value):
            sheet.write_string(*at, NONE, formats["none"])
            continue
        style = f"total_{kind}" if row < table.total_rows else kind
        sheet.write_number(*at, scale * value, formats[style])
        widths.append(shown.format(scale * value))
    return column_width(widths)


def _write_grades(
    sheet: Any,
    formats: dict[str, Any],
    table: PriceTable,
    column: str,
    place: int,
    plan: ReleasePlan,
) -> int:
    """Grades as text; those that are not good are shaded as well."""
    styles = {
        c.code: "code" if c.good else "grade_weak" if c.published else "grade_none"
        for c in plan.grading.classes
    }
    codes = table.frame[column].tolist()
    for row, code in enumerate(codes):
        sheet.write_string(row + HEADING_ROWS, place, code, formats[styles[code]])
    return column_width(codes, narrowest=5)


def _broken(text: str) -> str:
    """A heading on two lines where it has a bracket, so that columns stay narrow."""
    for bracket in ("(", "（"):
        if bracket in text[1:]:
            return text.replace(bracket, "\n" + bracket, 1)
    if text_width(text) > 11 and " " in text:
        middle = min(
            (i for i, c in enumerate(text) if c == " "), key=lambda i: abs(i - len(text) / 2)
        )
        return text[:middle] + "\n" + text[middle + 1 :]
    return text


def _notes(book: Book, notes: Sequence[Note], page: dict[str, Any]) -> None:
    lang: Lang = page["lang"]
    words, formats = _WORDS[lang], book.formats
    sheet = book.sheet(words["notes"])
    wide = 84
    sheet.set_column(0, 0, column_width([n.item(lang) for n in notes], 26))
    sheet.set_column(1, 1, wide)
    sheet.write_string(0, 0, words["notes"], formats["title"])
    sheet.write_string(2, 0, words["item"], formats["head"])
    sheet.write_string(2, 1, words["text"], formats["head"])
    for row, note in enumerate(notes, 3):
        text = note.text(lang)
        sheet.set_row(row, row_height((note.item(lang), text), (26, wide)))
        sheet.write_string(row, 0, note.item(lang), formats["top"])
        sheet.write_string(row, 1, text, formats["top"])
    sheet.freeze_panes(3, 0)
    set_page(sheet, **page, heading_rows=3, landscape=True)


def _account(book: Book, account: pd.DataFrame, page: dict[str, Any]) -> None:
    words, formats = _WORDS[page["lang"]], book.formats
    sheet = book.sheet(words["account"])
    sheet.write_string(0, 0, words["account"], formats["title"])
    for place, name in enumerate(account.columns):
        values = account[name].tolist()
        sheet.write_string(2, place, str(name), formats["head"])
        for row, value in enumerate(values, 3):
            if isinstance(value, str):
                sheet.write_string(row, place, value, formats["text"])
            elif isinstance(value, int):
                sheet.write_number(row, place, value, formats["figure"])
            else:
                sheet.write_number(row, place, value, formats["money"])
        shown = [v if isinstance(v, str) else f"{v:,.2f}" for v in values]
        sheet.set_column(place, place, column_width([str(name), *shown]))
    sheet.freeze_panes(3, 0)
    set_page(sheet, **page, heading_rows=3, landscape=True)
