"""The sheets that look back: change against last year, and the series of all years."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from wageguide.publish.edition import Edition
from wageguide.publish.labels import heading, key_labels, word
from wageguide.publish.style import Book, column_width, set_page
from wageguide.publish.tables import ALL_WORKERS, PriceTable
from wageguide.publish.workbook_words import (
    CELLS,
    HEADING_ROWS,
    READINGS,
    WORDS,
    broken,
    column_heading,
    end_sheet,
    fit,
    start_sheet,
)

if TYPE_CHECKING:
    import pandas as pd

#: Parts of a change, in printed order, with the words that stand under the figure's name.
_PARTS = {
    "growth": ("变化 (%)", "change (%)"),
    "low_growth": ("下限", "lower limit"),
    "high_growth": ("上限", "upper limit"),
    "reading": ("判断", "reading"),
}


def write_changes(
    book: Book, table: PriceTable, name: str, edition: Edition, page: dict[str, Any]
) -> None:
    """Growth of every figure since the year before, with its interval and what it says."""
    frame, lang = edition.changes[table.settings.id], edition.lang
    side, words = (0, 1)[lang == "en"], WORDS[lang]
    columns = [f"{part}_{figure}" for figure in table.figures for part in _PARTS]
    heads = [column_heading(c, edition) for c in table.labels]
    heads += [words["cell"], *(_change_heading(c, edition) for c in columns)]
    paid = words["year"].format(year=edition.year)
    sheet = start_sheet(book, name, f"{paid} · {words['growth']}", heads, edition)
    names = _named(table, frame, edition)
    secret = _secret_rows(table, frame)
    for place, texts in enumerate([*names, [CELLS[c][side] for c in frame["cell"]]]):
        centred = place == len(names) or place % 2 == 0
        style = book.formats["code" if centred else "text"]
        for row, text in enumerate(texts, HEADING_ROWS):
            sheet.write_string(row, place, text, style)
        fit(sheet, place, heads[place], column_width(texts))
    for place, column in enumerate(columns, len(names) + 1):
        values = frame[column].tolist()
        if column.startswith("reading_"):
            widths = _write_readings(sheet, book, values, secret, place, lang)
        else:
            widths = _write_growth(sheet, book, values, secret, place, lang)
        fit(sheet, place, heads[place], column_width(widths))
    end_sheet(sheet, book, heads, len(frame), lang)
    sheet.freeze_panes(HEADING_ROWS, len(table.labels))
    set_page(sheet, **page, heading_rows=HEADING_ROWS, landscape=True)


def _change_heading(column: str, edition: Edition) -> str:
    part = next(
        p for p in ("low_growth", "high_growth", "growth", "reading") if column.startswith(f"{p}_")
    )
    figure = broken(heading(column.removeprefix(f"{part}_"), edition.plan.scheme, edition.lang))
    return f"{figure}\n{_PARTS[part][0 if edition.lang == 'zh' else 1]}"


def _write_growth(
    sheet: Any, book: Book, values: list[Any], secret: list[bool], place: int, lang: str
) -> list[str]:
    formats, texts = book.formats, {word("none", "zh")}
    for row, (value, hidden) in enumerate(zip(values, secret, strict=True), HEADING_ROWS):
        if hidden or _number(value) is None:
            text = word("confidential" if hidden else "none", "zh" if lang == "zh" else "en")
            sheet.write_string(row, place, text, formats["none"])
        else:
            text = f"{100 * value:,.1f}"
            sheet.write_number(row, place, 100 * value, formats["percent"])
        texts.add(text)
    return sorted(texts)


def _write_readings(
    sheet: Any, book: Book, values: list[Any], secret: list[bool], place: int, lang: str
) -> list[str]:
    side, texts = (0 if lang == "zh" else 1), set()
    for row, (value, hidden) in enumerate(zip(values, secret, strict=True), HEADING_ROWS):
        known = value if isinstance(value, str) else ""
        text = (
            word("confidential", "zh" if lang == "zh" else "en")
            if hidden
            else (READINGS[known][side])
        )
        style = "none_text" if hidden or not known else "code"
        sheet.write_string(row, place, text, book.formats[style])
        texts.add(text)
    return sorted(texts)


def _named(table: PriceTable, frame: pd.DataFrame, edition: Edition) -> list[list[str]]:
    """Code and name of every key, row by row; the total is named so."""
    columns = []
    for key in table.settings.by:
        labels = key_labels(key)
        codes = [str(c) for c in frame[key].astype("string").fillna("")]
        columns.append(codes)
        columns.append(
            [labels.name(c, edition.lang) if c else ALL_WORKERS[edition.lang] for c in codes]
        )
    return columns


def _secret_rows(table: PriceTable, frame: pd.DataFrame) -> list[bool]:
    """Whether each row of `frame` is confidential in this year's table."""
    by = list(table.settings.by)
    hidden = table.frame.loc[table.frame["mark"] != "", by]
    secret = set(hidden.astype(str).itertuples(index=False, name=None))
    keys = frame[by].astype("string").fillna("").itertuples(index=False, name=None)
    return [tuple(k) in secret for k in keys]


def write_series(
    book: Book, table: PriceTable, name: str, edition: Edition, page: dict[str, Any]
) -> None:
    """Every figure of a table as each year published it, one column a year."""
    lang, words = edition.lang, WORDS[edition.lang]
    years, rows = series_rows(table, edition)
    heads = [column_heading(c, edition) for c in table.labels]
    heads += [words["measure"], *(words["year"].format(year=y) for y in years)]
    sheet = start_sheet(book, name, f"{_unit(lang)} · {words['years']}", heads, edition)
    labels = len(table.labels) + 1
    widths = [set[str]() for _ in heads]
    for row, line in enumerate(rows, HEADING_ROWS):
        for place, value in enumerate(line):
            if isinstance(value, float):
                sheet.write_number(row, place, value, book.formats["figure"])
                widths[place].add(f"{value:,.0f}")
                continue
            centred = place < labels and place % 2 == 0
            style = "none" if place >= labels else "code" if centred else "text"
            sheet.write_string(row, place, value, book.formats[style])
            widths[place].add(value)
    for place, head in enumerate(heads):
        fit(sheet, place, head, column_width(sorted(widths[place])))
    end_sheet(sheet, book, heads, len(rows), lang)
    sheet.freeze_panes(HEADING_ROWS, len(table.labels))
    set_page(sheet, **page, heading_rows=HEADING_ROWS, landscape=len(heads) > 8)


def _unit(lang: str) -> str:
    return "单位：元/年" if lang == "zh" else "yuan per year"


def series_count(table: PriceTable, edition: Edition) -> int:
    """Number of the rows that `series_rows` gives."""
    assert edition.series is not None
    series = edition.series[edition.series["table"] == table.settings.id]
    cells = series[[f"code{n}" for n in range(1, len(table.settings.by) + 1)]].drop_duplicates()
    return len(cells) * len(table.figures)


def series_rows(table: PriceTable, edition: Edition) -> tuple[list[int], list[list[Any]]]:
    """Years, and for every cell and figure: codes and names, the figure, a value a year.

    A value that was not shown is the word for it, never a blank.
    """
    assert edition.series is not None
    lang, by = edition.lang, table.settings.by
    series = edition.series[edition.series["table"] == table.settings.id]
    series = series[series["measure"].isin(table.figures)]
    years = sorted(int(y) for y in series["reference_year"].unique())
    codes = [series[f"code{n}"].fillna("").tolist() for n in range(1, len(by) + 1)]
    marks = series["mark"].tolist() if "mark" in series else [""] * len(series)
    found: dict[tuple[str, ...], dict[tuple[str, int], Any]] = {}
    for *key, measure, year, value, mark in zip(
        *codes,
        series["measure"].tolist(),
        series["reference_year"].tolist(),
        series["value"].tolist(),
        marks,
        strict=True,
    ):
        shown: Any = _number(value)
        if shown is None:
            hidden = isinstance(mark, str) and mark != ""
            shown = word("confidential" if hidden else "unreliable", lang)
        found.setdefault(tuple(map(str, key)), {})[measure, int(year)] = shown
    labels = [key_labels(key) for key in by]
    places = sorted(
        found,
        key=lambda k: (
            k != ("",) * len(by),
            *(lab.place(c) for lab, c in zip(labels, k, strict=True)),
        ),
    )
    rows = []
    for cell in places:
        named = []
        for label, code in zip(labels, cell, strict=True):
            named += [code, label.name(code, lang) if code else ALL_WORKERS[lang]]
        for figure in table.figures:
            line = [found[cell].get((figure, y), word("none", lang)) for y in years]
            rows.append([*named, heading(figure, edition.plan.scheme, lang), *line])
    return years, rows


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
