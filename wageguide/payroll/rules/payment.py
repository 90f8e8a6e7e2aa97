"""Annual leave not taken, day and period of payment."""

from __future__ import annotations

import datetime as dt

import numpy as np

from wageguide.errors import LawError
from wageguide.payroll.batch import PER_UNIT, Batch
from wageguide.payroll.law_table import UNKNOWN, Bools, LawTable
from wageguide.payroll.outcome import Outcome, Rule
from wageguide.payroll.rules.forms_of_work import full_time
from wageguide.payroll.rules.minimum_wage import half_up


def _leave(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    times = law.hundredths(batch, "annual_leave_multiplier")
    month = law.hundredths(batch, "working_time", "pay_days_month")
    unsaid = rows & ~batch.given("average_wage_12")
    outcome.lack(unsaid, "average_wage_12")
    for name, category in (("annual_leave_multiplier", ""), ("working_time", "pay_days_month")):
        for reason, where in law.why(batch, name, category).items():
            outcome.lack(rows & where, reason)
    rows = rows & ~unsaid & (times != UNKNOWN) & (month > 0)
    days, wage = batch.amount("leave_days_unused"), batch.amount("average_wage_12")
    # The wage already paid for the day is one of the three times.
    outcome.limit[:] = half_up(
        wage * days * np.maximum(times - 100, 0), np.maximum(month, 1) * PER_UNIT
    )
    outcome.compared[:] = batch.amount("annual_leave_pay")
    np.copyto(outcome.owed, np.maximum(outcome.limit - outcome.compared, 0), where=rows)
    outcome.extras["days"], outcome.extras["wage"] = days, wage
    outcome.judge(
        rows,
        outcome.owed > 0,
        "应休未休年休假 {days:n} 天，除正常工资外应另付 {limit} 元（月均 {wage} 元÷21.75×200%），"
        "计划支付 {compared} 元，少付 {owed} 元",
        "{days:n} days of annual leave not taken: {limit} yuan are owed on top of the normal wage "
        "(average {wage} yuan / 21.75 x 200 %), planned {compared} yuan, {owed} yuan short",
    )
    return outcome


def _pay_day(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    due, planned = batch.texts["pay_day_due"], batch.texts["pay_day"]
    last = np.full(batch.size, "", dtype=object)
    late, bad, year = (np.zeros(batch.size, bool) for _ in range(3))
    days: dict[tuple[object, object], tuple[str, str]] = {}
    for i in np.flatnonzero(rows).tolist():
        pair = (due[i], planned[i])
        if pair not in days:
            days[pair] = _payment(law, *pair)
        verdict, last[i] = days[pair]
        late[i], bad[i], year[i] = (verdict == v for v in ("late", "unreadable", "unknown"))
    outcome.lack(rows & bad, "pay_day_due, pay_day")
    outcome.lack(rows & year, "law: calendar")
    rows = rows & ~bad & ~year
    outcome.extras["due"], outcome.extras["planned"], outcome.extras["last"] = due, planned, last
    outcome.judge(
        rows,
        late,
        "约定发薪日 {due}，最迟应在 {last} 支付（遇节假日或休息日须提前到之前的工作日），计划 "
        "{planned} 支付",
        "the agreed pay day is {due}; wages are to be paid by {last} (the workday before a holiday "
        "or rest day), planned for {planned}",
    )
    return outcome


def _payment(law: LawTable, due: object, planned: object) -> tuple[str, str]:
    """Verdict on a pair of days, and the last day on which wages may be paid."""
    try:
        agreed = dt.date.fromisoformat(str(due)[:10])
        day = dt.date.fromisoformat(str(planned)[:10])
    except ValueError:
        return "unreadable", ""
    try:
        last = law.law.calendar.pay_day(agreed)
    except LawError:
        return "unknown", ""
    return ("late" if day > last else "in time"), str(last)


def _frequency(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    outcome.judge(
        rows,
        batch.is_("pay_frequency", "year"),
        "工资按年一次支付：支付周期最长不得超过一个月，年薪应当每月预付部分工资",
        "wages are paid once a year: the pay period is at most a month, and part of a yearly "
        "salary must be paid in advance each month",
    )
    return outcome


RULES = (
    Rule(
        "annual_leave_pay",
        "未休年休假工资",
        "Annual leave not taken",
        "职工带薪年休假条例 第五条；企业职工带薪年休假实施办法 第十条、第十一条",
        ("leave_days_unused", "average_wage_12", "annual_leave_pay"),
        lambda b: full_time(b) & (b.amount("leave_days_unused") > 0),
        _leave,
        start="2008-01",
        back_pay="leave",
    ),
    Rule(
        "pay_day",
        "工资支付日",
        "Day of payment",
        "江苏省工资支付条例 第十四条",
        ("pay_day_due", "pay_day"),
        lambda b: b.given("pay_day_due") & b.given("pay_day"),
        _pay_day,
        start="2005-01",
        places=("320000",),
    ),
    Rule(
        "pay_period",
        "工资支付周期",
        "Pay period",
        "江苏省工资支付条例 第十三条",
        ("pay_frequency",),
        lambda b: b.given("pay_frequency"),
        _frequency,
        start="2005-01",
        places=("320000",),
    ),
)
