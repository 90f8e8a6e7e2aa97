"""Small return workbooks for the tests of the survey room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from wageguide.policy import Policy
from wageguide.survey.columns import (
    ENTERPRISE_COLUMNS,
    ENTERPRISE_SHEET,
    WORKER_COLUMNS,
    WORKER_SHEET,
)

LABELS = {c.name: c.label_zh for c in (*ENTERPRISE_COLUMNS, *WORKER_COLUMNS)}

FORM: dict[str, Any] = {
    "enterprise_id": "TEST0000000000001",
    "enterprise_name": "测试企业",
    "reference_year": 2025,
    "place": "320115",
    "industry": "C",
    "enterprise_size": "小型",
}

WORKER: dict[str, Any] = {
    "worker_id": "1",
    "occupation": "2021003",
    "education": "大学本科",
    "sex": "男",
    "age": 30,
    "tenure_years": 5,
    "employment_form": "劳动合同制用工",
    "months_worked": 12,
    "weekly_hours": 40,
    "pay_base": 60_000,
    "pay_bonus": 20_000,
    "annual_wage": 80_000,
}

EDITING: dict[str, Any] = {
    "age_min": 16,
    "age_max": 75,
    "weekly_hours_max": 84,
    "pay_sum_tolerance": 1,
    "annual_wage_min": 3_000,
    "annual_wage_max": 50_000_000,
    "slip_suspect": 0.05,
    "slip_return_low": 0.25,
    "slip_return_high": 4,
    "slip_row_low": 0.3,
    "slip_row_high": 5,
    "slip_min_returns": 3,
    "outlier_method": "log_median_mad",
    "outlier_min_rows": 10,
    "outlier_flag": 3.5,
    "outlier_set_aside": 12,
}

POLICY = Policy(Path("test.toml"), {"editing": EDITING})


def workers(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Workers that differ in their number and a little in pay; `changes` go to the first."""
    rows = []
    for i in range(count):
        base = 60_000 + 100 * i
        row = WORKER | {"worker_id": str(i + 1), "pay_base": base, "annual_wage": base + 20_000}
        rows.append(row)
    rows[0] |= changes
    return rows


def write_return(
    path: Path,
    rows: Sequence[dict[str, Any]],
    *,
    form: dict[str, Any] | None = None,
    labels: dict[str, str] | None = None,
    above: Sequence[Sequence[Any]] = (),
) -> Path:
    """Write one return; `labels` replaces headings, `above` stands before the heading row.

    A row with the key ``""`` puts that value in the first column.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    labels = LABELS | (labels or {})
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet(ENTERPRISE_SHEET)
    for i, (name, value) in enumerate((FORM if form is None else form).items(), 1):
        sheet.write(i, 0, labels[name])
        sheet.write(i, 1, value)
    sheet = book.add_worksheet(WORKER_SHEET)
    for i, line in enumerate(above):
        sheet.write_row(i, 0, line)
    names = list(dict.fromkeys(k for r in rows for k in r if k)) or list(WORKER)
    first = len(above)
    sheet.write_row(first, 0, [labels.get(n, n) for n in names])
    for i, row in enumerate(rows, first + 1):
        for j, name in enumerate(names):
            sheet.write(i, j, row.get(name, ""))
        if "" in row:
            sheet.write(i, 0, row[""])
    book.close()
    return path


def write_many(folder: Path, count: int = 5, size: int = 4) -> None:
    """Ordinary returns, so that there is something to compare with."""
    for i in range(count):
        form = FORM | {"enterprise_id": f"OTHER{i:012}"}
        write_return(folder / f"o{i:02}.xlsx", workers(size), form=form)
