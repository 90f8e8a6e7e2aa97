"""Base of social insurance, and enrolment in the housing fund."""

from __future__ import annotations

import numpy as np

from wageguide.payroll.batch import Batch
from wageguide.payroll.countable import paid
from wageguide.payroll.law_table import UNKNOWN, Bools, Ints, LawTable
from wageguide.payroll.outcome import ADVICE, Outcome, Rule
from wageguide.payroll.rules.forms_of_work import full_time


def clamped_base(batch: Batch, law: LawTable) -> Ints:
    """Base that the wage calls for, between floor and ceiling, fen; `UNKNOWN` without them."""
    low = law.money(batch, "contribution_base", "floor")
    high = law.money(batch, "contribution_base", "ceiling")
    wage = np.where(
        batch.given("contribution_wage"), batch.amount("contribution_wage"), paid(batch)
    )
    known = (low != UNKNOWN) & (high != UNKNOWN)
    return np.where(known, np.clip(wage, low, np.maximum(low, high)), UNKNOWN)


def _base(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    base = clamped_base(batch, law)
    for category in ("floor", "ceiling"):
        for reason, where in law.why(batch, "contribution_base", category).items():
            outcome.lack(rows & where, reason)
    unsaid = rows & (base != UNKNOWN) & ~batch.given("contribution_base")
    outcome.lack(unsaid, "contribution_base")
    rows = rows & (base != UNKNOWN) & ~unsaid
    outcome.compared[:] = batch.amount("contribution_base")
    outcome.limit[:] = np.maximum(base, 0)
    np.copyto(outcome.owed, np.maximum(base - outcome.compared, 0), where=rows)
    outcome.judge(
        rows,
        outcome.owed > 0,
        "申报缴费基数 {compared} 元，按工资及上下限应为 {limit} 元，少报 {owed} 元",
        "the declared contribution base is {compared} yuan; by the wage and its floor and ceiling "
        "it should be {limit} yuan, {owed} yuan too little",
    )
    return outcome


def _fund(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    outcome.judge(
        rows,
        batch.amount("employee_housing_fund") == 0,
        "个人缴存住房公积金为 0：请核对是否已办理住房公积金缴存",
        "the worker pays nothing into the housing fund: see whether he is enrolled",
        ADVICE,
    )
    return outcome


RULES = (
    Rule(
        "contribution_base",
        "社会保险缴费基数",
        "Contribution base",
        "劳动保障监察条例 第二十七条；缴费工资基数通知",
        ("contribution_base",),
        lambda b: full_time(b) & b.is_("attendance", "full", "part"),
        _base,
        start="2004-12",
        quantity="contribution_base",
    ),
    Rule(
        "housing_fund",
        "住房公积金缴存",
        "Housing fund",
        "住房公积金管理条例 第十八条",
        ("employee_housing_fund",),
        lambda b: full_time(b) & b.is_("attendance", "full"),
        _fund,
        binding=False,
    ),
)
