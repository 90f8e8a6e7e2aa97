"""Payroll plans of a dozen enterprises for one month, with planted breaches and bad cells."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import xlsxwriter

from wageguide.payroll.columns import PLAN

MONTH = "2026-03"
ENTERPRISES = 12
_WORKERS = (14, 40)
#: Hours by which the pay of a month is divided into hourly pay: 21.75 days of 8 hours.
_PAY_HOURS = 174
_COLUMNS = (
    *("worker_id", "post", "work_form", "attendance", "hours_system", "probation"),
    *("contract_wage", "base_pay", "bonus", "meal_allowance", "overtime_pay", "shift_allowance"),
    *("condition_allowance", "employee_housing_fund", "housing_fund_floor", "days_worked"),
    *("workdays", "overtime_hours", "rest_day_hours", "comp_time_hours", "holiday_hours"),
    *("longest_day_overtime", "contribution_base", "pay_frequency"),
)
_MONEY = frozenset(PLAN.money)
_POSTS = ("操作工", "质检员", "仓管员", "技术员", "文员")
_HOUSING_FLOOR = 133.0
_FLOOR, _CEILING = 4_952.0, 24_762.0

#: Planted: what a worker's line becomes, and the rule or reason that must find it.
_PLANTED: tuple[tuple[str, dict[str, object]], ...] = (
    ("minimum_wage", {"base_pay": 2_550.0, "bonus": 0.0, "meal_allowance": 0.0}),
    ("overtime_pay", {"overtime_pay": 1.0, "overtime_hours": 10.0}),
    ("overtime_month", {"overtime_hours": 44.0, "overtime_pay": 9_999.0}),
    ("overtime_day", {"longest_day_overtime": 4.0, "overtime_hours": 4.0, "overtime_pay": 999.0}),
    ("sick_pay", {"attendance": "病假", "base_pay": 2_000.0, "bonus": 0.0, "meal_allowance": 0.0}),
    ("probation_wage", {"probation": "是", "contract_wage": 9_000.0, "base_pay": 6_000.0}),
    ("contribution_base", {"contribution_base": 4_000.0}),
    ("pay_period", {"pay_frequency": "按年"}),
    ("amount_not_number", {"bonus": "待定"}),
    ("amount_negative", {"base_pay": -3_000.0}),
    ("hours_impossible", {"days_worked": 35.0}),
    ("answer_unusable", {"attendance": "？"}),
)

#: What some enterprises say of last year and this: wages, workers, results, productivity.
_GROWTH = {
    1: (("上年工资总额", 1_800_000), ("计划工资总额", 2_070_000), ("上年平均人数", 22),
        ("计划平均人数", 22), ("经济效益增长率", 9), ("劳动生产率增长率", 6)),
    2: (("上年工资总额", 3_000_000), ("计划工资总额", 3_210_000), ("上年平均人数", 38),
        ("计划平均人数", 39), ("经济效益增长率", 9), ("劳动生产率增长率", 6)),
}  # fmt: skip


def write_plans(out: Path, seed: int) -> None:
    """Write ``plans/<month>/*.xlsx`` and ``truth/plans_<month>.csv`` into `out`."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 2026, 3])))
    folder = out / "plans" / MONTH
    folder.mkdir(parents=True, exist_ok=True)
    planted: list[tuple[str, str, str]] = []
    for number in range(1, ENTERPRISES + 1):
        who = f"91320115MAPLAN{number:03d}X"
        lines = [_line(rng, i) for i in range(1, int(rng.integers(*_WORKERS)) + 1)]
        # The last two enterprises are in order.
        if number <= ENTERPRISES - 2:
            for rule, change in (_PLANTED[number - 1], _PLANTED[(number + 4) % len(_PLANTED)]):
                line = lines[int(rng.integers(0, len(lines)))]
                while line["planted"]:
                    line = lines[int(rng.integers(0, len(lines)))]
                line |= {"contribution_base": _CEILING, "planted": True} | change
                planted.append((who, str(line["worker_id"]), rule))
        _write(folder / f"{who}.xlsx", who, f"样例计划企业{number:02d}", lines, number)
    truth = out / "truth" / f"plans_{MONTH}.csv"
    truth.parent.mkdir(parents=True, exist_ok=True)
    with truth.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["enterprise_id", "worker_id", "expected"])
        writer.writerows(planted)


def _line(rng: np.random.Generator, number: int) -> dict[str, object]:
    """An ordinary worker, paid above every limit."""
    base = float(np.round(rng.lognormal(8.7, 0.3) + 800, -1))
    bonus = float(np.round(rng.exponential(400), -1))
    hours = float(rng.choice([0, 0, 0, 6, 12]))
    overtime = float(np.ceil(base / _PAY_HOURS * 1.5 * hours * 100) / 100)
    paid = base + bonus + 300 + overtime
    return {
        "worker_id": f"G{number:03d}",
        "post": _POSTS[int(rng.integers(0, len(_POSTS)))],
        "work_form": "全日制",
        "attendance": "全勤",
        "hours_system": "标准工时",
        "probation": "否",
        "contract_wage": base,
        "base_pay": base,
        "bonus": bonus,
        "meal_allowance": 300.0,
        "overtime_pay": overtime,
        "shift_allowance": 0.0,
        "condition_allowance": 0.0,
        "employee_housing_fund": float(np.round(base * 0.08)),
        "housing_fund_floor": _HOUSING_FLOOR,
        "days_worked": 22.0,
        "workdays": 22.0,
        "overtime_hours": hours,
        "rest_day_hours": 0.0,
        "comp_time_hours": 0.0,
        "holiday_hours": 0.0,
        "longest_day_overtime": 1.0 if hours else 0.0,
        "contribution_base": float(np.clip(round(paid, 2), _FLOOR, _CEILING)),
        "pay_frequency": "按月",
        "planted": False,
    }


def _write(
    path: Path, who: str, name: str, lines: Sequence[dict[str, object]], number: int
) -> None:
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": datetime(2026, 3, 1), "comments": "synthetic sample"})
    form = book.add_worksheet(PLAN.head_sheet)
    answers: tuple[tuple[str, object], ...] = (
        ("统一社会信用代码", who),
        ("企业名称", name),
        ("所在地代码", "320115" if number % 3 else "南京市溧水区"),
        ("计划期间", MONTH if number % 2 else "2026年3月"),
    )
    if number in _GROWTH:
        answers += _GROWTH[number]
    for row, pair in enumerate(answers):
        form.write_row(row, 0, pair)
    sheet = book.add_worksheet(PLAN.table_sheet)
    sheet.write_string(0, 0, "工资计划明细（样例数据，纯属虚构）")
    labels = PLAN.labels
    for column, key in enumerate(_COLUMNS):
        sheet.write_string(1, column, labels[key] + ("（元/月）" if key in _MONEY else ""))
        for row, line in enumerate(lines, 2):
            sheet.write(row, column, line[key])
    book.close()
