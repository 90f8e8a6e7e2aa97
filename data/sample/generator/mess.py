"""Faults of single rows, planted one a row and each noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pandas as pd

from .forms import MONEY, Line, Return
from .settings import SHARES

_YUAN_PER_SLIP = (1_000, 10_000)
_FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
_NO_NUMBER = ("面议", "不详", "约五万", "见附件", "待定")
_UNKNOWN_CODES = ("9-99-99-99", "2990199", "ABC", "6-99-01-77", "0000000")
_FORMULAS = ("=cmd|'/c calc'!A1", "+1+1", "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3+cmd")

#: Size of a group and distance of a wage from its middle within which a slip must stand out.
_OUTLIER_GROUP, _OUTLIER_BAND = 20, 0.25

Planter = Callable[[np.random.Generator, Line], None]


def _choose(rng: np.random.Generator, values: tuple) -> object:
    return values[int(rng.integers(len(values)))]


def _scale_money(line: Line, factor: float, reason: str) -> None:
    """Multiply all money of a line; the fault is noted at the annual wage."""
    planted = {c: line.cells[c] * factor for c in MONEY}
    wrong = {c: int(v) if float(v).is_integer() else round(v, 6) for c, v in planted.items()}
    line.plant("annual_wage", wrong["annual_wage"], reason)
    line.cells.update(wrong)


def _set_wage(line: Line, wage: int, reason: str) -> None:
    """Set the annual wage and let the base take the difference, so that the parts add up."""
    others = sum(line.cells[c] for c in MONEY if c not in ("pay_base", "annual_wage"))
    line.plant("annual_wage", wage, reason)
    line.cells["pay_base"] = round(wage - others, 2)


def _unit_slip_row(rng: np.random.Generator, line: Line) -> None:
    _scale_money(line, 1 / _choose(rng, _YUAN_PER_SLIP), "unit_slip")


def _wage_outlier(rng: np.random.Generator, line: Line) -> None:
    """A wage of one month written for the year, or of the year counted twelve times."""
    factor = _choose(rng, (12, 1 / 12))
    for column in MONEY[:-1]:
        line.cells[column] = round(line.cells[column] * factor, 2)
    line.plant("annual_wage", round(sum(line.cells[c] for c in MONEY[:-1]), 2), "wage_outlier")


def _text_number(rng: np.random.Generator, line: Line) -> None:
    column = str(_choose(rng, ("annual_wage", "pay_base")))
    value = line.cells[column]
    style = int(rng.integers(5))
    plain = f"{value:,}" if style in (1, 4) else f"{value}"
    dressed = (plain, plain, plain + "元", plain.translate(_FULL_WIDTH), plain + "元")[style]
    line.plant(column, dressed, "text_number")


def _pay_sum_mismatch(rng: np.random.Generator, line: Line) -> None:
    wage = line.cells["annual_wage"] + int(rng.integers(3, 20)) * 1_000
    line.plant("annual_wage", wage, "pay_sum_mismatch")


def _value_missing(rng: np.random.Generator, line: Line) -> None:
    column = str(_choose(rng, ("occupation", "annual_wage", "months_worked")))
    line.plant(column, None, "value_missing")


def _value_not_number(rng: np.random.Generator, line: Line) -> None:
    column = str(_choose(rng, ("annual_wage", "months_worked")))
    line.plant(column, _choose(rng, _NO_NUMBER), "value_not_number")


def _age_impossible(rng: np.random.Generator, line: Line) -> None:
    line.plant("age", _choose(rng, (0, 7, 152)), "age_impossible")


def _hours_impossible(rng: np.random.Generator, line: Line) -> None:
    line.plant("weekly_hours", _choose(rng, (0, 168, 200, 2_080)), "hours_impossible")


def _months_impossible(rng: np.random.Generator, line: Line) -> None:
    line.plant("months_worked", _choose(rng, (0, 13, 24, -1)), "months_impossible")


def _code_unknown(rng: np.random.Generator, line: Line) -> None:
    line.plant("occupation", _choose(rng, _UNKNOWN_CODES), "code_unknown")


def _wage_negative(rng: np.random.Generator, line: Line) -> None:
    _set_wage(line, -int(line.cells["annual_wage"]), "wage_negative")


def _wage_zero(rng: np.random.Generator, line: Line) -> None:
    line.plant("annual_wage", 0, "wage_zero")
    line.cells.update(dict.fromkeys(MONEY, 0))


def _wage_implausible(rng: np.random.Generator, line: Line) -> None:
    _set_wage(line, 1_000_000_000 + int(rng.integers(9_999)) * 100, "wage_implausible")


def _formula_text(rng: np.random.Generator, line: Line) -> None:
    line.plant("occupation_name", _choose(rng, _FORMULAS), "formula_text")


PLANTERS: dict[str, Planter] = {
    "unit_slip_row": _unit_slip_row,
    "text_number": _text_number,
    "pay_sum_mismatch": _pay_sum_mismatch,
    "value_missing": _value_missing,
    "value_not_number": _value_not_number,
    "age_impossible": _age_impossible,
    "hours_impossible": _hours_impossible,
    "months_impossible": _months_impossible,
    "code_unknown": _code_unknown,
    "wage_negative": _wage_negative,
    "wage_zero": _wage_zero,
    "wage_implausible": _wage_implausible,
    "wage_outlier": _wage_outlier,
    "formula_text": _formula_text,
}


def plan_faults(
    rng: np.random.Generator, microdata: pd.DataFrame, eligible: pd.Series
) -> np.ndarray:
    """Draw the fault of every worker of the district, by name; "" for most.

    Only full-year workers among the `eligible` rows get one, and every kind comes up at
    least twice where the district is large enough.
    """
    fault = np.full(len(microdata), "", dtype=object)
    typical = _typical(microdata)
    free = (eligible & (microdata["months_worked"] == 12)).to_numpy(copy=True)
    shares = {f.name: getattr(SHARES, f.name) for f in fields(SHARES)}
    for name in PLANTERS:
        pool = np.flatnonzero(free & typical if name == "wage_outlier" else free)
        count = min(len(pool), max(2, round(shares[name] * len(microdata))))
        chosen = rng.choice(pool, size=count, replace=False)
        fault[chosen] = name
        free[chosen] = False
    return fault


def _typical(microdata: pd.DataFrame) -> np.ndarray:
    """Workers near the middle of a large occupation: only there is a slip beyond doubt."""
    log = np.log(microdata["annual_wage"])
    group = log.groupby(microdata["occupation"])
    near = (log - group.transform("mean")).abs() < _OUTLIER_BAND
    return (near & (group.transform("size") >= _OUTLIER_GROUP)).to_numpy()


def plant_rows(rng: np.random.Generator, form: Return, faults: np.ndarray) -> None:
    """Plant the planned fault of every line; partial years are noted, not changed."""
    months_asked = form.role != "column_missing"
    for line, name in zip(form.lines, faults, strict=True):
        if line.cells["months_worked"] != 12 and months_asked:
            months = line.cells["months_worked"]
            line.faults.append(("months_worked", "partial_year", months, None))
        elif name:
            PLANTERS[name](rng, line)


def plant_lines(rng: np.random.Generator, form: Return) -> None:
    """Add exact duplicates, blank rows and totals between and under the workers' rows."""
    sums = {c: round(sum(_number(line.cells[c]) for line in form.lines), 6) for c in MONEY}
    lines: list[Line] = []
    for place, line in enumerate(form.lines):
        lines.append(line)
        repeat, blank = rng.random(2)
        if repeat < SHARES.row_duplicate and not line.faults:
            fault = ("", "row_duplicate", line.cells["worker_id"], None)
            lines.append(Line(dict(line.cells), -1, [fault]))
        if blank < SHARES.row_empty and place + 1 < len(form.lines):
            lines.append(Line({}, -1, [("", "row_empty", None, None)]))
    if rng.random() < SHARES.file_row_total:
        label = "合计" if rng.random() < 0.7 else "总  计"
        total = {**dict.fromkeys(form.lines[0].cells), **sums, "": label}
        lines.append(Line(total, -1, [("", "row_total", label, None)]))
    form.lines = lines


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0
