"""Probation pay, piece quotas and deductions."""

from __future__ import annotations

import numpy as np

from wageguide.payroll.batch import PER_UNIT, Batch
from wageguide.payroll.countable import paid
from wageguide.payroll.law_table import UNKNOWN, Bools, LawTable
from wageguide.payroll.outcome import Check, Outcome, Rule
from wageguide.payroll.rules.forms_of_work import part_time
from wageguide.payroll.rules.minimum_wage import half_up


def _probation(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    share = law.share(batch, "probation_share")
    for reason, where in law.why(batch, "probation_share").items():
        outcome.lack(rows & where, reason)
    unsaid = rows & (share != UNKNOWN) & ~batch.given("contract_wage")
    outcome.lack(unsaid, "contract_wage")
    rows = rows & (share != UNKNOWN) & ~unsaid
    normal = paid(batch) - batch.amount("overtime_pay")
    outcome.compared[:] = normal
    outcome.limit[:] = half_up(batch.amount("contract_wage") * np.maximum(share, 0), PER_UNIT)
    np.copyto(outcome.owed, np.maximum(outcome.limit - normal, 0), where=rows)
    outcome.judge(
        rows,
        outcome.owed > 0,
        "试用期工资 {compared} 元，低于合同约定工资的百分之八十 {limit} 元，差额 {owed} 元",
        "probation pay {compared} yuan is below 80 % of the contract wage, {limit} yuan, by {owed} "
        "yuan",
    )
    return outcome


def _quota(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    least = law.share(batch, "piece_quota_share")
    for reason, where in law.why(batch, "piece_quota_share").items():
        outcome.lack(rows & where, reason)
    unsaid = rows & (least != UNKNOWN) & ~batch.given("piece_quota_share")
    outcome.lack(unsaid, "piece_quota_share")
    rows = rows & (least != UNKNOWN) & ~unsaid
    share = batch.amount("piece_quota_share")
    share = np.where(share > PER_UNIT, share // 100, share)  # 90 is 90 %
    outcome.extras["reached"], outcome.extras["least"] = share * 100, np.maximum(least, 0) * 100
    outcome.judge(
        rows,
        share < least,
        "计件定额只有 {reached:n}% 的同岗位劳动者能完成，应使 {least:n}% 以上的人能完成：定额无效",
        "only {reached:n} % of the workers of the post reach the piece quota; {least:n} % must be "
        "able to: the quota does not hold",
    )
    return outcome


def _deduction(name: str, category: str, zh: str, en: str) -> Check:
    def check(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
        outcome = Outcome.of(batch.size)
        share = law.share(batch, "deduction_cap", category)
        for reason, where in law.why(batch, "deduction_cap", category).items():
            outcome.lack(rows & where, reason)
        rows = rows & (share != UNKNOWN)
        outcome.compared[:] = batch.amount(name)
        # Rounded down: what is taken must not exceed the share.
        outcome.limit[:] = paid(batch) * np.maximum(share, 0) // PER_UNIT
        np.copyto(outcome.owed, np.maximum(outcome.compared - outcome.limit, 0), where=rows)
        outcome.judge(
            rows,
            outcome.owed > 0,
            zh + " {compared} 元，超过当月工资的百分之二十 {limit} 元，多扣 {owed} 元",
            en + " of {compared} yuan is above 20 % of the wage of the month, {limit} yuan, by "
            "{owed} yuan",
        )
        return outcome

    return check


RULES = (
    Rule(
        "probation_wage",
        "试用期工资",
        "Probation pay",
        "劳动合同法 第二十条",
        ("probation", "base_pay", "contract_wage"),
        lambda b: (
            b.is_("probation", "yes")
            & b.is_("attendance", "full")
            & ~part_time(b)
            & ~b.is_("work_form", "intern")
        ),
        _probation,
        start="2008-01",
        back_pay="normal pay",
    ),
    Rule(
        "piece_quota",
        "计件定额",
        "Piece quota",
        "江苏省工资支付条例 第十一条",
        ("piece_quota_share",),
        lambda b: (b.amount("piece_pay") > 0) | b.given("piece_quota_share"),
        _quota,
        start="2005-01",
        places=("320000",),
    ),
    Rule(
        "discipline_deduction",
        "违纪扣款",
        "Disciplinary deductions",
        "江苏省工资支付条例 第十二条第三款",
        ("base_pay",),
        lambda b: b.amount("discipline_deduction") > 0,
        _deduction("discipline_deduction", "discipline", "违纪扣款", "disciplinary deduction"),
        start="2005-01",
        places=("320000",),
        back_pay="normal pay",
    ),
    Rule(
        "damage_deduction",
        "赔偿扣款",
        "Deductions for damage",
        "工资支付暂行规定 第十六条",
        ("base_pay",),
        lambda b: b.amount("damage_deduction") > 0,
        _deduction("damage_deduction", "damage", "赔偿扣款", "deduction for damage"),
        start="1995-01",
        back_pay="normal pay",
    ),
)
