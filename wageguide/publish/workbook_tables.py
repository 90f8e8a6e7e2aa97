"""The sheets of one price table: prices with grades, and errors with limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wageguide.publish.edition import Edition
from wageguide.publish.labels import word
from wageguide.publish.style import Book, column_width, set_page
from wageguide.publish.tables import PriceTable
from wageguide.publish.workbook_words import (
    HEADING_ROWS,
    WORDS,
    column_heading,
    end_sheet,
    fit,
    hidden_grades,
    missing_word,
    start_sheet,
)


def price_columns(table: PriceTable) -> list[str]:
    """Columns of the sheet of prices: labels, mark, counts, and each figure with its grade."""
    graded = [c for figure in table.figures for c in (figure, f"grade_{figure}")]
    return [*table.labels, "mark", *table.counts, *graded]


def precision_columns(table: PriceTable) -> list[str]:
    """Columns of the sheet of errors: labels, and for each figure its error and limits."""
    parts = [f"{part}_{figure}" for figure in table.figures for part in ("rse", "low", "high")]
    return [*table.labels, *parts]


def write_table(
    book: Book,
    table: PriceTable,
    name: str,
    columns: Sequence[str],
    edition: Edition,
    page: dict[str, Any],
) -> None:
    """Write one sheet of a table.

    Parameters
    ----------
    book
        The workbook.
    table
        Rounded table.
    name
        Name of the sheet.
    columns
        `price_columns` or `precision_columns` of it.
    edition
        What the release says.
    page
        Header and language for print.
    """
    words = WORDS[edition.lang]
    heads = [column_heading(c, edition) for c in columns]
    paid = words["paid"].format(year=edition.year)
    of = words["limits"] if columns[-1].startswith("high_") else words["prices"]
    sheet = start_sheet(book, name, f"{paid} · {of}", heads, edition)
    for place, (column, head) in enumerate(zip(columns, heads, strict=True)):
        fit(sheet, place, head, _write_column(sheet, book.formats, table, column, place, edition))
    end_sheet(sheet, book, heads, len(table.frame), edition.lang)
    sheet.freeze_panes(HEADING_ROWS, 2 * len(table.settings.by))
    set_page(sheet, **page, heading_rows=HEADING_ROWS, landscape=len(columns) > 8)


def _write_column(
    sheet: Any,
    formats: dict[str, Any],
    table: PriceTable,
    column: str,
    place: int,
    edition: Edition,
) -> int:
    """Write one column below its heading; return the width that it needs."""
    if column in table.labels:
        style = "code" if column in table.settings.by else "text"
        return _write_texts(sheet, formats, table, table.frame[column].tolist(), place, style)
    if column == "mark":
        shown = WORDS[edition.lang]["published"]
        texts = [word("confidential", edition.lang) if m else shown for m in table.frame["mark"]]
        return _write_texts(sheet, formats, table, texts, place, "code")
    if column.startswith("grade_"):
        return _write_grades(sheet, formats, table, column, place, edition)
    return _write_figures(sheet, formats, table, column, place, edition)


def _write_texts(
    sheet: Any,
    formats: dict[str, Any],
    table: PriceTable,
    texts: Sequence[str],
    place: int,
    style: str,
) -> int:
    write = sheet.write_string
    for row, text in enumerate(texts):
        used = formats["total_text" if row < table.total_rows else style]
        write(row + HEADING_ROWS, place, text, used)
    return column_width(texts)


def _write_figures(
    sheet: Any,
    formats: dict[str, Any],
    table: PriceTable,
    column: str,
    place: int,
    edition: Edition,
) -> int:
    """Figures as numbers; where there is none, the word for why."""
    per_cent = column.startswith("rse_")
    kind, scale, shown = ("percent", 100, "{:,.1f}") if per_cent else ("figure", 1, "{:,.0f}")
    plain, total, none = formats[kind], formats[f"total_{kind}"], formats["none"]
    number, string = sheet.write_number, sheet.write_string
    words = _missing(table, column, edition)
    longest, texts = 0.0, set()
    values = table.frame[column].to_numpy(dtype=float, na_value=float("nan"))
    for row, value in enumerate(values.tolist()):
        if value != value:  # noqa: PLR0124  no figure
            string(row + HEADING_ROWS, place, words[row], none)
            texts.add(words[row])
            continue
        figure = scale * value
        number(row + HEADING_ROWS, place, figure, total if row < table.total_rows else plain)
        longest = max(longest, figure)
    return column_width([shown.format(longest), *sorted(texts)])


def _missing(table: PriceTable, column: str, edition: Edition) -> list[str]:
    """By row, the word that stands for a figure of the column if there is none."""
    lang, hidden = edition.lang, hidden_grades(edition)
    marks = table.frame["mark"].tolist()
    if column in table.counts:
        # A count is missing for no other reason than that it is kept back.
        return [word("confidential", lang)] * len(marks)
    figure = column.partition("_")[2] if column.startswith(("rse_", "low_", "high_")) else column
    grades = table.frame[f"grade_{figure}"].tolist()
    words = [missing_word(m, g, hidden, lang) for m, g in zip(marks, grades, strict=True)]
    if figure == column:
        return words
    none, not_estimable = word("none", lang), word("not_estimable", lang)
    present = table.frame[figure].notna().tolist()
    return [not_estimable if w == none and p else w for w, p in zip(words, present, strict=True)]


def _write_grades(
    sheet: Any,
    formats: dict[str, Any],
    table: PriceTable,
    column: str,
    place: int,
    edition: Edition,
) -> int:
    """Grades as code and word; those that are not good are shaded as well."""
    lang = edition.lang
    secret = word("confidential", lang)
    shown = {"c": (secret, formats["grade_none"])}
    for grade in edition.plan.grading.classes:
        style = "code" if grade.good else "grade_weak" if grade.published else "grade_none"
        label = grade.label_zh if lang == "zh" else grade.label_en
        shown[grade.code] = (f"{grade.code} {label}", formats[style])
    codes = table.frame[column].tolist()
    for row, code in enumerate(codes):
        text, style = shown[code]
        sheet.write_string(row + HEADING_ROWS, place, text, style)
    return column_width({shown[c][0] for c in codes}, narrowest=5, widest=18)
