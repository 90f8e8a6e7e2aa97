"""Synthetic payroll plans of the size that an office reviews in a year, for the benchmarks.

They describe nobody: amounts are drawn with a fixed seed, and about one worker in fifty is
paid too little in one way or another.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

ENTERPRISES = 1_700
WORKERS = 130_000
MONTH = "2026-03"
PLACES = ("320115", "320117", "320106", "320500", "310000")

#: Column of the dictionary and heading on the form.
HEADINGS = {
    "worker_id": "人员编号",
    "work_form": "用工形式",
    "attendance": "出勤情况",
    "hours_system": "工时制度",
    "probation": "是否试用期",
    "contract_wage": "合同约定工资",
    "base_pay": "基本工资（元/月）",
    "bonus": "奖金（元/月）",
    "meal_allowance": "伙食补贴（元/月）",
    "overtime_pay": "加班工资（元/月）",
    "shift_allowance": "中夜班津贴（元/月）",
    "condition_allowance": "特殊环境津贴（元/月）",
    "employee_housing_fund": "个人缴存住房公积金（元/月）",
    "housing_fund_floor": "按下限缴存的个人公积金（元/月）",
    "overtime_hours": "工作日加班小时",
    "rest_day_hours": "休息日加班小时",
    "comp_time_hours": "休息日已补休小时",
    "holiday_hours": "法定节假日加班小时",
    "longest_day_overtime": "单日最长加班小时",
    "contribution_base": "社会保险缴费基数（元/月）",
}


def plan_frame(rows: int, enterprises: int, seed: int = 1) -> pd.DataFrame:
    """Rows of plans as one table, the enterprise and its place in every row."""
    rng = np.random.default_rng(seed)
    size = np.sort(rng.integers(0, enterprises, rows))
    base = np.round(rng.lognormal(8.6, 0.35, rows) + 700, 2)
    base = np.where(rng.random(rows) < 0.01, 2_300.0, np.maximum(base, 2_800.0))
    hours = np.where(rng.random(rows) < 0.4, rng.integers(1, 37, rows), 0)
    hours = np.where(rng.random(rows) < 0.004, hours + 8, hours)
    rest = np.where(rng.random(rows) < 0.1, 8, 0)
    holiday = np.where(rng.random(rows) < 0.03, 8, 0)
    owed = base / 174 * (1.5 * hours + 2 * rest + 3 * holiday)
    paid = np.ceil(owed * np.where(rng.random(rows) < 0.01, 90, 100)) / 100
    place = np.array(PLACES)[rng.integers(0, 3, enterprises)]
    bonus = np.where(base < 2_800, 0.0, np.round(rng.exponential(300, rows), 2))
    shift = np.where(rng.random(rows) < 0.1, 150.0, 0.0)
    declared = np.where(rng.random(rows) < 0.005, 0.9, 1.0) * (base + paid + bonus + shift + 200)
    return pd.DataFrame(
        {
            "enterprise_id": np.char.add("91320115BENCH", size.astype(str)),
            "place": place[size],
            "month": MONTH,
            "worker_id": np.arange(rows).astype(str),
            "work_form": np.where(rng.random(rows) < 0.06, "dispatched", "full_time"),
            "attendance": np.where(rng.random(rows) < 0.02, "sick", "full"),
            "hours_system": "standard",
            "probation": np.where(rng.random(rows) < 0.03, "yes", "no"),
            "contract_wage": base,
            "base_pay": base,
            "bonus": bonus,
            "meal_allowance": 200.0,
            "overtime_pay": paid,
            "shift_allowance": shift,
            "condition_allowance": 0.0,
            "employee_housing_fund": np.round(base * 0.05, 2),
            "housing_fund_floor": 133.0,
            "overtime_hours": hours.astype(float),
            "rest_day_hours": rest.astype(float),
            "comp_time_hours": 0.0,
            "holiday_hours": holiday.astype(float),
            "longest_day_overtime": np.where(hours > 0, 1.0, 0.0),
            "contribution_base": np.round(np.clip(declared, 4952, 24762), 2),
        }
    )


def write_workbooks(folder: Path, frame: pd.DataFrame) -> int:
    """One workbook an enterprise, as the office's form is filled in."""
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [
        (folder / f"{who}.xlsx", str(who), str(rows["place"].iloc[0]), rows[list(HEADINGS)])
        for who, rows in frame.groupby("enterprise_id")
    ]
    with ProcessPoolExecutor() as pool:
        return sum(pool.map(_write, tasks, chunksize=32))


def _write(task: tuple[Path, str, str, pd.DataFrame]) -> int:
    path, who, place, rows = task
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    form = book.add_worksheet("企业计划")
    answers = {
        "统一社会信用代码": who,
        "企业名称": f"基准企业{who[-4:]}",
        "所在地代码": place,
        "计划月份": MONTH,
    }
    for line, (question, answer) in enumerate(answers.items()):
        form.write_string(line, 0, question)
        form.write_string(line, 1, answer)
    sheet = book.add_worksheet("工资明细")
    sheet.write_row(0, 0, list(HEADINGS.values()))
    for line, row in enumerate(rows.itertuples(index=False), 1):
        sheet.write_row(line, 0, row)
    book.close()
    return 1
