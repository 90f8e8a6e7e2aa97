"""The price workbook: cover, contents, how to read, the tables, notes and account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.publish.edition import Edition
from wageguide.publish.notes import Note, status_line
from wageguide.publish.reading import reading_notes
from wageguide.publish.style import (
    Book,
    column_width,
    lines_needed,
    open_book,
    row_height,
    set_page,
)
from wageguide.publish.workbook_tables import precision_columns, price_columns, write_table
from wageguide.publish.workbook_words import (
    HEADING_ROWS,
    WORDS,
    Sheets,
    full_title,
    link,
    mark_line,
    sheets_of,
)
from wageguide.publish.workbook_years import series_count, write_changes, write_series

if TYPE_CHECKING:
    import pandas as pd


def write_price_workbook(path: Path, edition: Edition) -> None:
    """Write the price workbook of an edition.

    Parameters
    ----------
    path
        File to write.
    edition
        Tables, notes, account, changes and series.
    """
    title = full_title(edition)
    book = open_book(
        path,
        title=title,
        subject=status_line(edition),
        year=edition.year,
        lang=edition.lang,
        day=edition.published_on,
        keywords=edition.text("notice"),
    )
    names = sheets_of(edition)
    page = {"header": f"{title}    {mark_line(edition)}", "lang": edition.lang}
    _cover(book, edition)
    _contents(book, edition, names, page)
    words = WORDS[edition.lang]
    _notes(book, words["reading"], reading_notes(edition), page)
    for table, sheets in zip(edition.tables, names, strict=True):
        write_table(book, table, sheets.prices, price_columns(table), edition, page)
        write_table(book, table, sheets.precision, precision_columns(table), edition, page)
        if sheets.changes:
            write_changes(book, table, sheets.changes, edition, page)
        if sheets.series:
            write_series(book, table, sheets.series, edition, page)
    _notes(book, words["notes"], edition.notes, page)
    _account(book, edition.account, page)
    book.workbook.close()


def _cover(book: Book, edition: Edition) -> None:
    sheet = book.sheet(WORDS[edition.lang]["cover"])
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    paid = {"zh": "{}年（工资支付年度）", "en": "Wages paid in {}"}[edition.lang]
    day = edition.published_on
    planned = {"zh": "发布日期：{}", "en": "Publication: {}"}[edition.lang]
    lines = [
        (edition.text("place"), "cover_place"),
        (edition.text("title"), "cover_title"),
        (paid.format(edition.year), "cover"),
        ({"zh": "单位：元/年", "en": "Yuan per year"}[edition.lang], "cover"),
        (planned.format(day.isoformat()) if day else "", "cover"),
        (status_line(edition), "warning" if edition.status == "draft" else "cover"),
        (edition.text("notice"), "warning"),
        (edition.text("price_basis"), "cover"),
    ]
    row = 0
    for text, style in lines:
        if text:
            size = {"cover_title": 40.0, "cover_place": 80.0}.get(style, 22.0)
            sheet.set_row(row, max(size, 20.0 * lines_needed(text, 72)))
            sheet.write_string(row, 0, text, book.formats[style])
            row += 2
    set_page(sheet, header="", lang=edition.lang, heading_rows=0, landscape=True)


def _contents(book: Book, edition: Edition, names: Sequence[Sheets], page: dict[str, Any]) -> None:
    words, formats = WORDS[edition.lang], book.formats
    sheet = book.sheet(words["contents"])
    rows: list[tuple[str, str, int | None]] = [(words["reading"], words["how"], None)]
    for table, sheets in zip(edition.tables, names, strict=True):
        cells = len(table.frame) - table.total_rows
        rows.append((sheets.prices, words["prices"], cells))
        rows.append((sheets.precision, words["limits"], cells))
        if sheets.changes:
            rows.append((sheets.changes, words["growth"], len(edition.changes[table.settings.id])))
        if sheets.series:
            rows.append((sheets.series, words["years"], series_count(table, edition)))
    rows += [(words["notes"], words["method"], None), (words["account"], words["received"], None)]
    heads = (words["sheet"], words["holds"], words["cells"])
    sheet.write_string(0, 0, words["contents"], formats["title"])
    sheet.write_string(1, 0, mark_line(edition), formats["small"])
    for place, head in enumerate(heads):
        sheet.write_string(2, place, head, formats["head"])
    for row, (name, holds, many) in enumerate(rows, HEADING_ROWS):
        link(sheet, row, name, formats["link"])
        sheet.write_string(row, 1, holds, formats["text"])
        if many is None:
            sheet.write_string(row, 2, "–", formats["none"])
        else:
            sheet.write_number(row, 2, many, formats["figure"])
    sheet.set_column(0, 0, column_width([*(n for n, _, _ in rows), heads[0]]))
    sheet.set_column(1, 1, column_width([h for _, h, _ in rows], widest=56))
    sheet.set_column(2, 2, 12)
    sheet.freeze_panes(HEADING_ROWS, 0)
    set_page(sheet, **page, heading_rows=HEADING_ROWS, landscape=False)


def _notes(book: Book, name: str, notes: Sequence[Note], page: dict[str, Any]) -> None:
    words, formats = WORDS[page["lang"]], book.formats
    sheet = book.sheet(name)
    items = [(n.item(page["lang"]), n.text(page["lang"])) for n in notes]
    narrow, wide = column_width([i for i, _ in items], 26), 84
    sheet.set_column(0, 0, narrow)
    sheet.set_column(1, 1, wide)
    sheet.write_string(0, 0, name, formats["title"])
    sheet.write_string(2, 0, words["item"], formats["head"])
    sheet.write_string(2, 1, words["text"], formats["head"])
    for row, (item, text) in enumerate(items, HEADING_ROWS):
        sheet.set_row(row, row_height((item, text), (narrow, wide)))
        sheet.write_string(row, 0, item, formats["top"])
        sheet.write_string(row, 1, text, formats["top"])
    sheet.freeze_panes(HEADING_ROWS, 0)
    set_page(sheet, **page, heading_rows=HEADING_ROWS, landscape=True)


def _account(book: Book, account: pd.DataFrame, page: dict[str, Any]) -> None:
    words, formats = WORDS[page["lang"]], book.formats
    sheet = book.sheet(words["account"])
    sheet.write_string(0, 0, words["account"], formats["title"])
    for place, name in enumerate(account.columns):
        values = account[name].tolist()
        sheet.write_string(2, place, str(name), formats["head"])
        for row, value in enumerate(values, HEADING_ROWS):
            if isinstance(value, str):
                sheet.write_string(row, place, value, formats["text"])
            elif isinstance(value, int):
                sheet.write_number(row, place, value, formats["figure"])
            else:
                sheet.write_number(row, place, value, formats["money"])
        shown = [v if isinstance(v, str) else f"{v:,.2f}" for v in values]
        sheet.set_column(place, place, column_width([str(name), *shown]))
    sheet.freeze_panes(HEADING_ROWS, 0)
    set_page(sheet, **page, heading_rows=HEADING_ROWS, landscape=True)
