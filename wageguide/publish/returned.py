"""One return as it goes back: its sheets as received, the cells with findings marked.

Runs in a process of its own, so it imports no data frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from wageguide.publish.settings import Lang
from wageguide.publish.style import (
    Book,
    column_width,
    lines_needed,
    open_book,
    row_height,
    set_page,
    sheet_name,
)
from wageguide.survey.columns import ENTERPRISE_COLUMNS, WORKER_COLUMNS, plain_heading
from wageguide.survey.guard import WORKBOOKS
from wageguide.survey.layout import HEADING_ROWS

Rows = Sequence[Sequence[object]]

#: Rows of a sheet that decide its column widths.
_WIDTH_ROWS = 200
_FORM_COLUMNS = frozenset(c.name for c in ENTERPRISE_COLUMNS)
_SPELLINGS = {
    c.name: {plain_heading(h) for h in (c.name, *c.headings)}
    for c in (*WORKER_COLUMNS, *ENTERPRISE_COLUMNS)
}
_LIST = {
    "zh": ("核对清单", "序号", "程度", "工作表", "行", "栏目", "填报内容", "问题", "请这样处理"),
    "en": ("Findings", "No.", "Severity", "Sheet", "Row", "Column", "Value", "Finding", "To do"),
}
_SEVERITY = {
    "zh": {"error": "错误", "warning": "提醒"},
    "en": {"error": "error", "warning": "warning"},
}
_TO_DO = {
    "zh": {"error": "请改正后重新报送。", "warning": "请核对；如填报无误，请说明。"},
    "en": {"error": "Correct it and send again.", "warning": "Check it; if it is right, say so."},
}
_TITLE = {
    "zh": "{year}年薪酬调查报表核对清单",
    "en": "Findings on the wage survey return for {year}",
}


@dataclass(frozen=True)
class ReturnFinding:
    """One finding on a return; `row` is 0 and the texts are empty where there is none."""

    sheet: str
    row: int
    column: str
    label: str
    value: str
    severity: str
    message: str


@dataclass(frozen=True)
class ReturnTask:
    """One workbook to write: where the return is, where the copy goes, what was found."""

    source: Path
    file: str
    target: Path
    enterprise_id: str
    enterprise_name: str
    findings: tuple[ReturnFinding, ...]
    year: int
    lang: Lang


def write_return(task: ReturnTask) -> bool:
    """Write one workbook to send back; False where the return cannot be opened again."""
    try:
        sheets = _received(task.source)
    except (CalamineError, OSError):
        return False
    who = " ".join(t for t in (task.enterprise_id, task.enterprise_name) if t) or task.file
    title = f"{_TITLE[task.lang].format(year=task.year)} {who}"
    book = open_book(task.target, title=title, subject=task.file, year=task.year, lang=task.lang)
    names = _unique_names([_LIST[task.lang][0], *sheets])
    _write_list(book, names[0], title, task)
    for (name, rows), shown in zip(sheets.items(), names[1:], strict=True):
        notes = _notes_by_cell(rows, [f for f in task.findings if f.sheet == name])
        page = {"header": f"{title} · {name}", "lang": task.lang}
        _write_received(book, shown, rows, notes, page)
    book.workbook.close()
    return True


def _received(source: Path) -> dict[str, Rows]:
    """Sheets of a workbook as values, from A1 on; none for a flat file."""
    if source.suffix.lower() not in WORKBOOKS:
        return {}
    with CalamineWorkbook.from_path(source) as book:
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }


def _unique_names(names: Sequence[str]) -> list[str]:
    """Sheet names that Excel accepts beside each other: it ignores case."""
    taken: set[str] = set()
    unique = []
    for name in names:
        plain, number = sheet_name(name), 1
        while plain.casefold() in taken:
            number += 1
            plain = f"{sheet_name(name)[:27]} {number}"
        taken.add(plain.casefold())
        unique.append(plain)
    return unique


def split_sentence(finding: ReturnFinding, lang: Lang) -> tuple[str, str]:
    """What was found and what to do: the parts of a sentence about its last semicolon."""
    found, _, to_do = finding.message.rpartition({"zh": "；", "en": "; "}[lang])
    return (found, to_do) if found else (finding.message, _TO_DO[lang][finding.severity])


def _write_list(book: Book, name: str, title: str, task: ReturnTask) -> None:
    sheet, formats, lang = book.sheet(name), book.formats, task.lang
    heads = _LIST[lang][1:]
    table = [
        (
            str(number),
            _SEVERITY[lang][f.severity],
            f.sheet,
            str(f.row or ""),
            f.label,
            f.value,
            *split_sentence(f, lang),
        )
        for number, f in enumerate(task.findings, 1)
    ]
    widths = [column_width([h, *(r[i] for r in table)], 40) for i, h in enumerate(heads)]
    sheet.write_string(0, 0, title, formats["title"])
    for place, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(2, place, head, formats["head"])
    for at, line in enumerate(table, 3):
        sheet.set_row(at, row_height(line, widths))
        for place, text in enumerate(line):
            if place in (0, 3) and text:
                sheet.write_number(at, place, int(text), formats["code"])
            else:
                sheet.write_string(at, place, text, formats["text"])
    sheet.freeze_panes(3, 0)
    set_page(sheet, header=title, lang=lang, heading_rows=3, landscape=True)


def _notes_by_cell(
    rows: Rows, findings: Sequence[ReturnFinding]
) -> dict[tuple[int, int], list[ReturnFinding]]:
    """Findings by the 0-based cell that they are about."""
    cells: dict[tuple[int, int], list[ReturnFinding]] = {}
    for finding in findings:
        cell = _cell(rows, finding)
        if cell is not None:
            cells.setdefault(cell, []).append(finding)
    return cells


def _cell(rows: Rows, finding: ReturnFinding) -> tuple[int, int] | None:
    """The cell below a heading, or beside it in a form; None where no cell is meant."""
    head = _heading_cell(rows, finding.column)
    if head is None:
        return (finding.row - 1, 0) if finding.row else None
    if finding.row - 1 > head[0]:
        return finding.row - 1, head[1]
    return (head[0], head[1] + 1) if finding.column in _FORM_COLUMNS else head


def _heading_cell(rows: Rows, column: str) -> tuple[int, int] | None:
    """Where a column is headed: by one of its headings, or by its own text if unknown."""
    wanted = _SPELLINGS.get(column) or {plain_heading(column)}
    for r, row in enumerate(rows[:HEADING_ROWS]):
        for c, value in enumerate(row):
            if isinstance(value, str) and value and plain_heading(value) in wanted:
                return r, c
    return None


def _write_received(
    book: Book,
    name: str,
    rows: Rows,
    notes: Mapping[tuple[int, int], Sequence[ReturnFinding]],
    page: dict[str, Any],
) -> None:
    sheet = book.sheet(name)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            style = _style(book, notes.get((r, c), ()))
            if value != "" or (r, c) in notes:
                _write_value(sheet, r, c, value, style)
    for (r, c), found in sorted(notes.items()):
        if r >= len(rows) or c >= len(rows[r]):
            sheet.write_blank(r, c, None, _style(book, found))
        text = "\n".join(f.message for f in found)
        size = {"width": 320, "height": 18 * lines_needed(text, 44) + 12}
        sheet.write_comment(r, c, text, {**size, "font_name": "宋体", "font_size": 9})
    for c in range(max(map(len, rows[:_WIDTH_ROWS]), default=0)):
        texts = [_text(row[c]) for row in rows[1:_WIDTH_ROWS] if c < len(row)]
        sheet.set_column(c, c, column_width(texts, 32))
    head = _heading_cell(rows, "annual_wage")
    heading_rows = head[0] + 1 if head else 0
    sheet.freeze_panes(heading_rows, 0)
    set_page(sheet, **page, heading_rows=heading_rows, landscape=True)


def _style(book: Book, found: Sequence[ReturnFinding]) -> Any:
    if not found:
        return None
    is_error = any(f.severity == "error" for f in found)
    return book.formats["marked_error" if is_error else "marked_warning"]


def _write_value(sheet: Any, row: int, column: int, value: object, style: Any) -> None:
    """A received value as a number or as text, never as a formula or a link."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif value == "":
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_string(row, column, str(value), style)


def _text(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
