"""Overtime: what must be paid for it, and how much there may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from wageguide.law.calendar import Calendar
from wageguide.payroll.batch import PER_UNIT, Batch
from wageguide.payroll.law_table import UNKNOWN, Bools, LawTable
from wageguide.payroll.outcome import ADVICE, METHOD, Outcome, Rule
from wageguide.payroll.rules.forms_of_work import full_time
from wageguide.payroll.rules.minimum_wage import half_up

HOURS = ("overtime_hours", "rest_day_hours", "holiday_hours")


def split_hours(
    calendar: Calendar, hours: Mapping[dt.date, Decimal], day_hours: int = 8
) -> dict[str, Decimal]:
    """Hours worked on days, by what must be paid for them.

    Parameters
    ----------
    calendar
        Kinds of days; a make-up day is a workday like any other.
    hours
        Hours worked by day.
    day_hours
        Hours of an ordinary workday, which are no overtime.

    Returns
    -------
    dict
        ``overtime_hours``, ``rest_day_hours``, ``holiday_hours``.
    """
    found = {name: Decimal(0) for name in HOURS}
    for day, worked in hours.items():
        kind = calendar.kind(day)
        if kind == "workday":
            found["overtime_hours"] += max(worked - day_hours, Decimal(0))
        else:
            found["rest_day_hours" if kind == "rest_day" else "holiday_hours"] += worked
    return found


def _pay(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    irregular = rows & batch.is_("hours_system", "irregular")
    comprehensive = batch.is_("hours_system", "comprehensive")
    exempt = law.text(batch, "overtime_exempt", "irregular", ("none", "statutory_only", "all"))
    for reason, where in law.why(batch, "overtime_exempt", "irregular").items():
        outcome.lack(irregular & where, reason)
    outcome.judge(irregular & (exempt == 0), np.zeros(batch.size, bool), "", "")
    rows = rows & ~irregular
    base = np.where(
        batch.given("overtime_base"), batch.amount("overtime_base"), batch.amount("contract_wage")
    )
    unsaid = rows & ~(batch.given("overtime_base") | batch.given("contract_wage"))
    outcome.lack(unsaid, "overtime_base")
    rows = rows & ~unsaid
    hours = law.hundredths(batch, "working_time", "pay_hours_month")
    times = [law.hundredths(batch, "overtime_multiplier", k) for k in
             ("workday", "rest_day", "statutory")]  # fmt: skip
    unknown = (hours <= 0) | np.any([t == UNKNOWN for t in times], axis=0)
    for reason, where in law.why(batch, "working_time", "pay_hours_month").items():
        outcome.lack(rows & where, reason)
    rows = rows & ~unknown
    rest = np.maximum(batch.amount("rest_day_hours") - batch.amount("comp_time_hours"), 0)
    rest = np.where(comprehensive, 0, rest)
    # Fen × hundredths of times × thousandths of hours, over hundredths of hours a month.
    weighted = (
        batch.amount("overtime_hours") * times[0]
        + rest * times[1]
        + batch.amount("holiday_hours") * times[2]
    )
    outcome.limit[:] = half_up(base * weighted, np.maximum(hours, 1) * PER_UNIT)
    outcome.compared[:] = batch.amount("overtime_pay")
    np.copyto(outcome.owed, np.maximum(outcome.limit - outcome.compared, 0), where=rows)
    outcome.extras["base"] = base
    for name in HOURS:
        outcome.extras[name] = batch.amount(name)
    outcome.extras["rest"] = rest
    outcome.judge(
        rows,
        outcome.owed > 0,
        "加班工资 {compared} 元，应付 {limit} 元（基数 {base} 元；工作日 {overtime_hours:n} 小时、"
        "未补休的休息日 {rest:n} 小时、法定节假日 {holiday_hours:n} 小时），少付 {owed} 元",
        "overtime pay {compared} yuan, owed {limit} yuan (base {base} yuan; {overtime_hours:n} "
        "hours on workdays, {rest:n} on rest days not given back, {holiday_hours:n} on statutory "
        "holidays), {owed} yuan short",
    )
    return outcome


def _month_cap(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    cap = law.share(batch, "overtime_cap", "month")
    rows = rows & (cap != UNKNOWN)
    workday, every = batch.amount("overtime_hours"), np.zeros(batch.size, np.int64)
    for name in HOURS:
        every += batch.amount(name)
    outcome.extras |= {"hours": workday, "every": every, "cap": np.maximum(cap, 0)}
    outcome.judge(
        rows,
        workday > cap,
        "当月延长工作时间 {hours:n} 小时，超过 {cap:n} 小时的上限（与是否付足加班工资无关）",
        "{hours:n} hours of overtime in the month, above the cap of {cap:n} (whatever is paid)",
    )
    between = rows & (workday <= cap) & (every > cap)
    outcome.verdict[between] = METHOD
    outcome.say(
        between,
        "工作日加班 {hours:n} 小时，连同休息日和节假日共 {every:n} 小时；上限 {cap:n} 小时是否包括"
        "休息日和节假日加班，条文未明确",
        "{hours:n} hours of overtime on workdays, {every:n} with rest days and holidays; the text "
        "does not settle whether those count towards the cap of {cap:n}",
    )
    return outcome


def _day_cap(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    usual = law.share(batch, "overtime_cap", "day")
    special = law.share(batch, "overtime_cap", "day_special")
    unsaid = rows & ~batch.given("longest_day_overtime")
    outcome.lack(unsaid, "longest_day_overtime")
    rows = rows & ~unsaid & (special != UNKNOWN)
    longest = batch.amount("longest_day_overtime")
    outcome.extras |= {"longest": longest, "usual": usual, "special": special}
    outcome.judge(
        rows,
        longest > special,
        "单日加班 {longest:n} 小时，超过 {special:n} 小时的上限",
        "{longest:n} hours of overtime in a day, above the cap of {special:n}",
    )
    reason = rows & (longest > usual) & (longest <= special)
    outcome.verdict[reason] = ADVICE
    outcome.say(
        reason,
        "单日加班 {longest:n} 小时：超过 {usual:n} 小时须有特殊原因",
        "{longest:n} hours of overtime in a day: above {usual:n} needs a special reason",
    )
    return outcome


def _worked(batch: Batch) -> Bools:
    total = batch.amount("overtime_pay").copy()
    for name in HOURS:
        total = total + batch.amount(name)
    return full_time(batch) & (total > 0)


RULES = (
    Rule(
        "overtime_pay",
        "加班工资",
        "Overtime pay",
        "劳动法 第四十四条；江苏省工资支付条例 第二十条",
        ("overtime_pay", *HOURS),
        _worked,
        _pay,
        start="1995-01",
        back_pay="overtime",
    ),
    Rule(
        "overtime_month",
        "月加班时间上限",
        "Monthly cap of overtime",
        "劳动法 第四十一条",
        HOURS,
        lambda b: _worked(b) & ~b.is_("hours_system", "irregular"),
        _month_cap,
        start="1995-01",
    ),
    Rule(
        "overtime_day",
        "日加班时间上限",
        "Daily cap of overtime",
        "劳动法 第四十一条",
        ("longest_day_overtime",),
        lambda b: (
            full_time(b)
            & ((b.amount("overtime_hours") > 0) | (b.amount("longest_day_overtime") > 0))
            & b.is_("hours_system", "standard")
        ),
        _day_cap,
        start="1995-01",
    ),
)
