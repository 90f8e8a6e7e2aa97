"""Faults of whole files: which enterprise gets which, and what that does to its return."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wageguide.survey.columns import ENTERPRISE_SHEET, WORKER_SHEET

from .forms import MONEY, Return
from .settings import SHARES

#: Roles that make a return unusable or hard to use: few, and given to small enterprises.
LOST = (
    "file_not_workbook",
    "file_empty",
    "file_truncated",
    "file_encrypted",
    "file_too_large",
    "worker_sheet_missing",
    "enterprise_sheet_missing",
    "no_worker_rows",
    "column_missing",
    "enterprise_field_missing",
    "enterprise_field_unknown",
)
#: Roles whose workbook cannot give a single worker row.
UNREADABLE = (*LOST[:6], "no_worker_rows")
_SHARE_LOST = 0.001
_SHARE_TWICE = 0.008
_UNITS = {"千元": 1_000, "万元": 10_000}


def allot(rng: np.random.Generator, headcount: np.ndarray) -> list[str]:
    """Role of every enterprise, "" for most."""
    n = len(headcount)
    roles = [""] * n
    small = np.argsort(headcount, kind="stable")[: n // 2]
    order = list(rng.permutation(small))
    for name in LOST:
        for _ in range(max(1, round(_SHARE_LOST * n))):
            if order:
                roles[int(order.pop())] = name
    rest = [int(p) for p in rng.permutation(n) if not roles[int(p)]]
    wanted = {
        "unit_slip:万元": SHARES.file_unit_slip / 2,
        "unit_slip:千元": SHARES.file_unit_slip / 2,
        "unit_declared:万元": SHARES.file_unit_declared / 2,
        "unit_declared:千元": SHARES.file_unit_declared / 2,
        "twice": _SHARE_TWICE,
        "formula_name": _SHARE_TWICE,
    }
    for name, share in wanted.items():
        for _ in range(max(1, round(share * n))):
            if rest:
                roles[rest.pop()] = name
    return roles


def play(form: Return) -> None:
    """Do to a return what its role says; note it as faults of the file."""
    role, _, detail = form.role.partition(":")
    sheet, note = ENTERPRISE_SHEET, form.file_faults.append
    if role in ("unit_slip", "unit_declared"):
        _in_unit(form, detail, slip=role == "unit_slip")
        if role == "unit_declared":
            note((WORKER_SHEET, "annual_wage", "unit_declared", detail, None))
    elif role == "enterprise_field_missing":
        note((sheet, "enterprise_size", "enterprise_field", None, form.answers["enterprise_size"]))
        form.answers["enterprise_size"] = None
    elif role == "enterprise_field_unknown":
        note((sheet, "industry", "enterprise_field", "ZZ", form.answers["industry"]))
        form.answers["industry"] = "ZZ"
    elif role == "formula_name":
        name = f'=HYPERLINK("http://example.invalid","{form.answers["enterprise_name"]}")'
        note((sheet, "enterprise_name", "formula_text", name, form.answers["enterprise_name"]))
        form.answers["enterprise_name"] = name
    elif role == "column_missing":
        note((WORKER_SHEET, "months_worked", "column_missing", None, None))
    elif role == "worker_sheet_missing":
        note((WORKER_SHEET, "", "sheet_missing", None, None))
    elif role == "enterprise_sheet_missing":
        note((sheet, "", "sheet_missing", None, None))
    elif role == "no_worker_rows":
        note((WORKER_SHEET, "", "no_worker_rows", None, None))
    elif role in LOST:
        note(("", "", role, None, None))


def _in_unit(form: Return, unit: str, *, slip: bool) -> None:
    """Write all money of a return in another unit, exactly."""
    for line in form.lines:
        true = line.cells["annual_wage"]
        for column in MONEY:
            line.cells[column] = round(line.cells[column] / _UNITS[unit], 6)
        if slip:
            line.faults.append(("annual_wage", "unit_slip", line.cells["annual_wage"], true))


def single_faults_allowed(role: str) -> bool:
    """Whether rows of the return get faults of their own: not where the file is the fault."""
    return role in ("", "formula_name")


def is_readable(role: str) -> bool:
    """Whether worker rows can be found in the file at all."""
    return role not in UNREADABLE


def file_names(numbers: pd.Series, names: pd.Series) -> list[str]:
    """File name of every return, in the order of the enterprises' numbers."""
    return [f"{n}_{name}.xlsx" for n, name in zip(numbers.str[-6:], names, strict=True)]
