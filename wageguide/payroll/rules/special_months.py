"""Months without ordinary work: sick leave, stoppage, dispatch without assignment; interns."""

from __future__ import annotations

import numpy as np

from wageguide.payroll.batch import PER_UNIT, Batch
from wageguide.payroll.countable import paid
from wageguide.payroll.law_table import UNKNOWN, Bools, LawTable
from wageguide.payroll.outcome import Outcome, Rule
from wageguide.payroll.rules.minimum_wage import half_up, lack_minimum, minimum

_NOTE_ZH = "；单位还须承担应由个人缴纳的社会保险费和住房公积金 {own} 元"
_NOTE_EN = (
    "; the employer must also bear the worker's social insurance and housing fund, {own} yuan"
)


def _share_of_minimum(
    batch: Batch, law: LawTable, rows: Bools, quantity: str, names: tuple[str, str]
) -> Outcome:
    """Pay not below a share of the minimum wage, and contributions borne at that level."""
    outcome = Outcome.of(batch.size)
    least, share = minimum(batch, law), law.share(batch, quantity)
    lack_minimum(outcome, batch, law, rows & (least == UNKNOWN))
    for reason, where in law.why(batch, quantity).items():
        outcome.lack(rows & where, reason)
    rows = rows & (least != UNKNOWN) & (share != UNKNOWN)
    outcome.limit[:] = half_up(np.maximum(least, 0) * np.maximum(share, 0), PER_UNIT)
    outcome.compared[:] = paid(batch)
    own = batch.amount("employee_social_insurance") + batch.amount("employee_housing_fund")
    short = np.maximum(outcome.limit - outcome.compared, 0)
    borne = np.where(outcome.compared <= outcome.limit, own, 0)
    np.copyto(outcome.owed, short, where=rows)
    outcome.back, outcome.extras["own"] = short + borne, borne
    zh, en = names
    outcome.judge(
        rows,
        short + borne > 0,
        zh + " {compared} 元，下限 {limit} 元，差额 {owed} 元" + _NOTE_ZH,
        en + " {compared} yuan, at least {limit} yuan, {owed} yuan short" + _NOTE_EN,
    )
    return outcome


def _sick(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    return _share_of_minimum(batch, law, rows, "sick_pay_share", ("病假工资", "sick pay"))


def _stoppage(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    names = ("停工生活费", "stoppage pay")
    return _share_of_minimum(batch, law, rows, "stoppage_pay_share", names)


def _first_stoppage(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    outcome.compared[:], outcome.limit[:] = paid(batch), batch.amount("contract_wage")
    unsaid = rows & ~batch.given("contract_wage")
    outcome.lack(unsaid, "contract_wage")
    rows = rows & ~unsaid
    np.copyto(outcome.owed, np.maximum(outcome.limit - outcome.compared, 0), where=rows)
    outcome.judge(
        rows,
        outcome.owed > 0,
        "停工首个工资支付周期应视同正常劳动付足 {limit} 元，计划支付 {compared} 元，差 {owed} 元",
        "in the first pay period of a stoppage the wage of {limit} yuan is owed in full; planned "
        "{compared} yuan, {owed} yuan short",
    )
    return outcome


def _unassigned(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    return _whole_minimum(
        batch,
        law,
        rows,
        "被派遣劳动者无工作期间报酬",
        "pay of a dispatched worker without assignment",
    )


def _whole_minimum(batch: Batch, law: LawTable, rows: Bools, zh: str, en: str) -> Outcome:
    outcome = Outcome.of(batch.size)
    least = minimum(batch, law)
    lack_minimum(outcome, batch, law, rows & (least == UNKNOWN))
    rows = rows & (least != UNKNOWN)
    outcome.compared[:], outcome.limit[:] = paid(batch), np.maximum(least, 0)
    np.copyto(outcome.owed, np.maximum(least - outcome.compared, 0), where=rows)
    outcome.judge(
        rows,
        outcome.owed > 0,
        zh + " {compared} 元，低于最低工资标准 {limit} 元，差额 {owed} 元",
        en + " is {compared} yuan, below the minimum wage {limit} yuan by {owed} yuan",
    )
    return outcome


def _intern(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    hourly = rows & batch.given("hourly_rate")
    zh, en = "实习学生报酬", "the intern's pay"
    outcome = _whole_minimum(batch, law, rows & ~hourly, zh, en)
    if hourly.any():
        rate = law.money(batch, "minimum_wage_hourly")
        for reason, where in law.why(batch, "minimum_wage_hourly").items():
            outcome.lack(hourly & where, reason)
        hourly = hourly & (rate != UNKNOWN)
        pay = batch.amount("hourly_rate")
        outcome.compared[hourly], outcome.limit[hourly] = pay[hourly], rate[hourly]
        np.copyto(outcome.owed, np.maximum(rate - pay, 0), where=hourly)
        outcome.judge(
            hourly,
            pay < rate,
            "实习学生小时报酬 {compared} 元，低于小时最低工资标准 {limit} 元，每小时差 {owed} 元",
            "the intern's hourly pay {compared} yuan is below the hourly minimum {limit} yuan by "
            "{owed} yuan an hour",
        )
    return outcome


RULES = (
    Rule(
        "sick_pay",
        "病假工资",
        "Sick pay",
        "江苏省工资支付条例 第二十七条、第三十二条",
        ("base_pay",),
        lambda b: b.is_("attendance", "sick") & ~b.is_("work_form", "part_time", "intern"),
        _sick,
        back_pay="normal pay",
        quantity="minimum_wage_monthly",
    ),
    Rule(
        "stoppage_pay",
        "停工生活费",
        "Stoppage pay",
        "江苏省工资支付条例 第三十一条、第三十二条",
        ("base_pay",),
        lambda b: b.is_("attendance", "stoppage") & ~b.is_("work_form", "part_time", "intern"),
        _stoppage,
        back_pay="normal pay",
        quantity="minimum_wage_monthly",
    ),
    Rule(
        "stoppage_first_period",
        "停工首个支付周期工资",
        "First pay period of a stoppage",
        "江苏省工资支付条例 第三十一条",
        ("base_pay", "contract_wage"),
        lambda b: (
            b.is_("attendance", "stoppage_first") & ~b.is_("work_form", "part_time", "intern")
        ),
        _first_stoppage,
        start="2005-01",
        back_pay="normal pay",
    ),
    Rule(
        "unassigned_pay",
        "被派遣劳动者无工作期间报酬",
        "Dispatched workers without assignment",
        "劳动合同法 第五十八条",
        ("base_pay",),
        lambda b: b.is_("attendance", "unassigned"),
        _unassigned,
        start="2008-01",
        back_pay="normal pay",
        quantity="minimum_wage_monthly",
    ),
    Rule(
        "intern_pay",
        "实习学生报酬",
        "Pay of interns",
        "江苏省劳动合同条例 第四十二条；最低工资标准通知",
        ("base_pay",),
        lambda b: b.is_("work_form", "intern"),
        _intern,
        start="2013-05",
        places=("320000",),
        back_pay="normal pay",
        quantity="minimum_wage_monthly",
    ),
)
