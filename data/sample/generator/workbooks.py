"""Write one return as a workbook: fixed dates, texts as texts, never a live formula."""

from __future__ import annotations

import io
from datetime import datetime

import numpy as np
import xlsxwriter

from wageguide.survey.columns import (
    ENTERPRISE_COLUMNS,
    ENTERPRISE_SHEET,
    PAY_PARTS,
    WORKER_SHEET,
)

from .forms import Cell, Layout, Line, Return
from .layouts import draw_layout, heading
from .truth import Fault, text

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_TITLE = "年度企业薪酬调查表（样例数据，纯属虚构）"
_NOTE = "填报说明：工资按报告期内实际支付的税前数填写，单位以表头为准。"
_GROUP = "工资构成"
_TOO_MANY_COLUMNS = 10_000


def workbook_bytes(form: Return, year: int) -> tuple[bytes, list[Fault], dict[int, int]]:
    """The workbook of a return, its faults, and the sheet row of every worker."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(form.seed)))
    form.layout = draw_layout(rng, form)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    # The survey of a year is taken in the next March; no clock, so the bytes stay the same.
    book.set_properties({"created": datetime(year + 1, 3, 1), "comments": "synthetic sample"})
    faults: list[Fault] = []
    rows: dict[int, int] = {}
    if form.role != "enterprise_sheet_missing":
        _enterprise_sheet(book, form)
    if form.role != "worker_sheet_missing":
        faults, rows = _worker_sheet(book, form, rng)
    book.close()
    whole = [
        Fault(form.file, sheet, 0, column, reason, text(planted), text(true))
        for sheet, column, reason, planted, true in form.file_faults
    ]
    return buffer.getvalue(), [*whole, *faults], rows


def _put(sheet, row: int, column: int, value: Cell) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def _enterprise_sheet(book, form: Return) -> None:
    sheet = book.add_worksheet(ENTERPRISE_SHEET)
    sheet.set_column(0, 1, 30)
    sheet.write_string(0, 0, "企业基本情况表（样例数据，纯属虚构）")
    for row, column in enumerate(ENTERPRISE_COLUMNS, start=1):
        unit = f"（{column.unit}）" if column.unit in ("万元", "人") else ""
        sheet.write_string(row, 0, column.label_zh + unit)
        _put(sheet, row, 1, form.answers[column.name])


def _worker_sheet(book, form: Return, rng: np.random.Generator):
    sheet = book.add_worksheet(WORKER_SHEET)
    sheet.set_column(0, len(form.layout.columns), 13)
    layout, row = form.layout, 0
    if layout.title:
        title = f"{form.answers['reference_year']}{_TITLE}"
        sheet.merge_range(row, 0, row, len(layout.columns) - 1, title)
        row += 1
    if layout.note:
        sheet.write_string(row, 0, _NOTE)
        row += 1
    row = _headings(book, sheet, form, rng, row)
    faults = _looks(form)
    if form.role == "no_worker_rows":
        return faults, {}
    rows: dict[int, int] = {}
    for line in form.lines:
        _write_line(sheet, row, line, layout)
        if line.worker >= 0:
            rows[line.worker] = row + 1
        faults.extend(
            Fault(form.file, WORKER_SHEET, row + 1, column, reason, text(planted), text(true))
            for column, reason, planted, true in line.faults
        )
        row += 1
    return faults, rows


def _headings(book, sheet, form: Return, rng: np.random.Generator, row: int) -> int:
    """Write the heading in one row or two; give the row below it."""
    layout = form.layout
    labels = [heading(rng, c, layout) for c in layout.columns] + list(layout.extra_columns)
    if form.role == "file_too_large":
        labels += [f"列{n}" for n in range(len(labels), _TOO_MANY_COLUMNS)]
    if not layout.two_row_heading:
        sheet.write_row(row, 0, labels)
        return row + 1
    centre = book.add_format({"align": "center", "valign": "vcenter"})
    first = layout.columns.index(PAY_PARTS[0])
    last = first + len(PAY_PARTS) - 1
    for place, label in enumerate(labels):
        if first <= place <= last:
            sheet.write_string(row + 1, place, label, centre)
        else:
            sheet.merge_range(row, place, row + 1, place, label, centre)
    sheet.merge_range(row, first, row, last, _GROUP, centre)
    return row + 2


def _write_line(sheet, row: int, line: Line, layout: Layout) -> None:
    if not line.cells:
        return
    for place, column in enumerate(layout.columns):
        _put(sheet, row, place, line.cells[column])
    if "" in line.cells:  # the label of a totals row stands in the first column
        _put(sheet, row, 0, line.cells[""])
    elif layout.extra_columns:
        _put(sheet, row, len(layout.columns), "样例")


def _looks(form: Return) -> list[Fault]:
    """Notes on layout and unknown columns, for the truth file."""
    marks = [Fault(form.file, WORKER_SHEET, 0, "", "layout", m) for m in form.layout.marks()]
    extra = [
        Fault(form.file, WORKER_SHEET, 0, "", "column_unknown", name)
        for name in form.layout.extra_columns
    ]
    return marks + extra
