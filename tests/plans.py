"""Small payroll plans, written as an enterprise would send them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from click.testing import CliRunner

import wageguide as wg
from wageguide.cli import commands
from wageguide.publish.review_files import write_review

#: A full-time worker of Jiangning in March 2026, paid well above every limit.
ORDINARY = {
    "enterprise_id": "91320115TEST00001X",
    "enterprise_name": "样例企业",
    "place": "320115",
    "worker_id": "1",
    "month": "2026-03",
    "work_form": "full_time",
    "attendance": "full",
    "base_pay": 6000,
    "overtime_pay": 0,
    "shift_allowance": 0,
    "condition_allowance": 0,
    "employee_housing_fund": 0,
    "housing_fund_floor": 0,
}


def write_plan(folder: Path, *rows: dict, drop: tuple[str, ...] = ()) -> Path:
    """A CSV of rows, each the ordinary one with changes; worker numbers count up."""
    lines = [{**ORDINARY, "worker_id": str(i), **row} for i, row in enumerate(rows, 1)]
    table = pd.DataFrame(lines).drop(columns=list(drop))
    path = folder / "plan.csv"
    table.to_csv(path, index=False)
    return path


def reviewed(folder: Path, *rows: dict, drop: tuple[str, ...] = (), **options):
    """The review of such rows."""
    reading = {k: options.pop(k) for k in ("place", "period") if k in options}
    plan = wg.read_plan(write_plan(folder, *rows, drop=drop), progress=False, **reading)
    return wg.review(plan, **options)


def reviewed_both_ways(folder: Path, *rows: dict, drop: tuple[str, ...] = (), **options):
    """The review of such rows, after the command has found the same, line by line."""
    review = reviewed(folder, *rows, drop=drop, **options)
    by_library, by_command = folder / "library.jsonl", folder / "command.jsonl"
    write_review(review, by_library)
    asked = ["review", str(folder / "plan.csv"), "--out", str(by_command), "--quiet"]
    for name, value in options.items():
        option = {"period": "--as-of", "on_stale": "--stale"}.get(name, f"--{name}")
        pairs = value.items() if isinstance(value, dict) else ()
        text = ",".join(f"{k}={v}" for k, v in pairs) or str(value)
        asked += [option] if value is True else [option, text]
    status = CliRunner().invoke(commands, asked)
    assert status.exit_code == (1 if review.totals["violations"] else 0), status.output
    lines = [_records(path) for path in (by_library, by_command)]
    assert lines[0] == lines[1]
    assert len(lines[0]) > 1
    return review


def _records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def verdicts(review, rule: str) -> list[str]:
    """Verdicts of a rule, by row."""
    from wageguide.payroll.outcome import VERDICT_NAMES

    return [VERDICT_NAMES[v] for v in review.verdicts[rule].tolist()]


def finding(review, rule: str, row: int = 1) -> pd.Series:
    """The finding of a rule on the worker of a row."""
    found = review.findings
    mine = found[(found["rule"] == rule) & (found["worker_id"] == str(row))]
    assert len(mine) == 1, mine
    return mine.iloc[0]
