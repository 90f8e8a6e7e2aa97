"""The tables of the booklet: laid out page by page, so that a long one is set in seconds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import PageBreak, Table, TableStyle

from wageguide.publish.booklet_page import TEXT_WIDTH
from wageguide.publish.booklet_style import BLUE, BOTTOM, LINE, SHADE, TOP
from wageguide.publish.chart_parts import middle_of
from wageguide.publish.fonts import booklet_font
from wageguide.publish.labels import heading, word
from wageguide.publish.tables import PriceTable
from wageguide.publish.workbook_words import hidden_grades, missing_word

if TYPE_CHECKING:
    from wageguide.publish.edition import Edition

_SIZE, _LEADING, _PAD = 7.4, 9.6, 2.4
#: Widths in points.
_CODE, _SECOND, _COUNT, _FIGURE, _GRADE = 50, 66, 34, 43, 26
#: What the heading of a table takes of its first page.
_ABOVE = 104
#: English words for a figure that is not shown, as far as a column has room; they are
#: explained above each table.
SHORT = {"confidential": "conf.", "unreliable": "unrel.", "not estimable": "n. est."}
#: Columns of names.
_LABELS = 2


def table_pages(table: PriceTable, edition: Edition) -> list[Any]:
    """A table as one flowable a page, with the column headings on each."""
    heads, widths = _columns(table, edition)
    rows = [_row(table, place, widths, edition) for place in range(len(table.frame))]
    heights = [2 * _PAD + _LEADING * max(cell.count("\n") + 1 for cell in row) for row in rows]
    head = 2 * _PAD + _LEADING * max(h.count("\n") + 1 for h in heads)
    pages: list[Any] = []
    room = A4[1] - TOP - BOTTOM - _ABOVE - head - 4
    start = 0
    while start < len(rows):
        end, used = start, 0.0
        while end < len(rows) and (used + heights[end] <= room or end == start):
            used += heights[end]
            end += 1
        total = table.total_rows if start == 0 else 0
        pages.append(_page([heads, *rows[start:end]], [head, *heights[start:end]], widths, total))
        start = end
        room = A4[1] - TOP - BOTTOM - head - 4
        if start < len(rows):
            pages.append(PageBreak())
    return pages


def _columns(table: PriceTable, edition: Edition) -> tuple[list[str], list[float]]:
    """Headings and widths: names, workers, the figures, the grade of the middle one."""
    lang, scheme = edition.lang, edition.plan.scheme
    figures = table.figures
    fixed = _COUNT + _FIGURE * len(figures) + _GRADE
    single = len(table.settings.by) == 1
    second = _CODE if single else _SECOND
    first = TEXT_WIDTH - fixed - second
    widths = [second, first] if single else [first, second]
    if single:
        names = [table.settings.by[0], f"{table.settings.by[0]}_name"]
    else:
        names = [f"{table.settings.by[0]}_name", f"{table.settings.by[1]}_name"]
    widths += [_COUNT, *([_FIGURE] * len(figures)), _GRADE]
    columns = [*names, "workers", *figures]
    heads = [
        _wrapped(heading(c, scheme, lang).replace("\n", ""), w - 5)
        for c, w in zip(columns, widths, strict=False)
    ]
    heads.append(_wrapped("等级" if lang == "zh" else "Grade", _GRADE - 5))
    return heads, widths


def _row(table: PriceTable, place: int, widths: list[float], edition: Edition) -> list[str]:
    """Cells of one row as text; a figure that is not shown is the word for why."""
    import pandas as pd

    row = table.frame.iloc[place]
    by, lang, hidden = table.settings.by, edition.lang, hidden_grades(edition)
    if len(by) == 1:
        cells = [str(row[by[0]] or ""), str(row[f"{by[0]}_name"])]
    else:
        cells = [" × ".join(str(row[f"{k}_name"]) for k in by[:-1]), str(row[f"{by[-1]}_name"])]
    cells = [_wrapped(c, w - 5) for c, w in zip(cells, widths, strict=False)]
    workers = row["workers"]
    cells.append(word("confidential", lang) if pd.isna(workers) else f"{int(workers):,}")
    for figure in table.figures:
        value = row[figure]
        if pd.isna(value):
            cells.append(missing_word(row["mark"], row[f"grade_{figure}"], hidden, lang))
        else:
            cells.append(f"{int(value):,}")
    grade = str(row[f"grade_{middle_of(edition)}"])
    cells.append(word("confidential", lang) if grade == "c" else grade)
    if lang == "en":
        cells = [*cells[:_LABELS], *(SHORT.get(c, c) for c in cells[_LABELS:])]
    return [_fitting(c, w - 5) for c, w in zip(cells, widths, strict=True)]


@lru_cache(maxsize=20_000)
def _wrapped(text: str, width: float) -> str:
    """A text on as many lines as it needs."""
    lines, line = [], ""
    for part in _parts(text.replace("\n", " ")):
        if line and stringWidth(line + part, booklet_font(), _SIZE) > width:
            lines.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
    return "\n".join([*lines, line.rstrip()])


def _parts(text: str) -> list[str]:
    """Where a line may break: after a Chinese letter, and before a word; long words anywhere."""
    parts: list[str] = []
    for letter in text:
        latin = ord(letter) < 0x2E80 and letter != " "
        if latin and parts and ord(parts[-1][-1]) < 0x2E80 and len(parts[-1]) < 14:
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


@lru_cache(maxsize=50_000)
def _fitting(text: str, width: float) -> str:
    """A word that is too wide for its column, on two lines."""
    if "\n" in text or stringWidth(text, booklet_font(), _SIZE) <= width:
        return text
    return _wrapped(text, width)


def _page(cells: list[list[str]], heights: list[float], widths: list[float], total: int) -> Table:
    last = len(cells[0]) - 1
    style = [
        ("FONT", (0, 0), (-1, -1), booklet_font(), _SIZE, _LEADING),
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(BLUE)),
        ("TEXTCOLOR", (0, 0), (-1, 0), HexColor("#FFFFFF")),
        ("ALIGN", (0, 0), (-1, 0), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("ALIGN", (_LABELS, 1), (last - 1, -1), "RIGHT"),
        ("ALIGN", (last, 1), (last, -1), "CENTER"),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, HexColor(LINE)),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [HexColor("#FFFFFF"), HexColor("#F8FAFB")]),
        ("LEFTPADDING", (0, 0), (-1, -1), 2.5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2.5),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
    if total:
        style.append(("BACKGROUND", (0, 1), (-1, total), HexColor(SHADE)))
    return Table(cells, widths, heights, style=TableStyle(style))
