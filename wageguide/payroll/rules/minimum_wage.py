"""Monthly minimum wage: full months, part months, absence."""

from __future__ import annotations

import numpy as np

from wageguide.payroll.batch import PER_UNIT, Batch
from wageguide.payroll.countable import counted
from wageguide.payroll.law_table import UNKNOWN, Bools, Ints, LawTable
from wageguide.payroll.outcome import METHOD, NOT_CHECKABLE, Outcome, Rule
from wageguide.payroll.rules.forms_of_work import full_time

QUANTITY = "minimum_wage_monthly"
JIANGSU = "320000"
#: Pay that is not on this list hides in the base pay and would count where it must not.
READS = ("base_pay", "overtime_pay", "shift_allowance", "condition_allowance", "attendance")


def minimum(batch: Batch, law: LawTable) -> Ints:
    """The monthly minimum of each row, fen; `UNKNOWN` where the law data have nothing.

    It is that of the place of work. In Jiangsu, where employer and work are in different
    places, the one better for the worker holds (江苏省工资支付条例 第十二条).
    """
    work = law.money(batch, QUANTITY)
    if (batch.cell == batch.home).all():
        return work
    home = law.money(batch, QUANTITY, home=True)
    better = law.inside(batch, JIANGSU) | law.home_inside(batch, JIANGSU)
    known = (work != UNKNOWN) & (home != UNKNOWN)
    both = np.where(known, np.maximum(work, home), UNKNOWN)
    return np.where(better, both, work)


def lack_minimum(outcome: Outcome, batch: Batch, law: LawTable, rows: Bools) -> None:
    """Rows whose minimum is not known cannot be checked; say what the law data lack."""
    for reason, where in law.why(batch, QUANTITY).items():
        outcome.lack(rows & where, reason)
    rest = rows & (outcome.verdict != NOT_CHECKABLE)
    outcome.lack(rest, f"law: {QUANTITY}")


def half_up(numerator: Ints, denominator: Ints | int) -> Ints:
    """Whole fen nearest to a fraction, halves upwards; both parts 0 or more."""
    result: Ints = (2 * numerator + denominator) // (2 * np.maximum(denominator, 1))
    return result


def part_month_limits(batch: Batch, law: LawTable, least: Ints) -> tuple[dict[str, Ints], Bools]:
    """Minimum of a part month by the usual methods, and rows for which days are missing.

    The law has no formula. By pay days: minimum ÷ 21.75 × days worked. By actual days:
    minimum × days worked ÷ workdays. By deduction: minimum − minimum ÷ 21.75 × days not
    worked.
    """
    days = batch.amount("days_worked")
    planned = batch.amount("workdays")
    workdays = np.where(batch.given("workdays"), planned, law.workdays(batch))
    per_month = law.hundredths(batch, "working_time", "pay_days_month")
    missing = ~batch.given("days_worked") | (workdays <= 0) | (per_month <= 0)
    days = np.where(missing, 0, np.minimum(days, np.maximum(workdays, 0)))
    divisor = np.maximum(per_month, 1) * PER_UNIT
    away = np.maximum(workdays, 0) - days
    return {
        "pay_days": half_up(least * days * 100, divisor),
        "actual_days": half_up(least * days, np.maximum(workdays, 1)),
        "deduction": np.maximum(least - half_up(least * away * 100, divisor), 0),
    }, missing


def _check(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    least = minimum(batch, law)
    unknown = rows & (least == UNKNOWN)
    absent = rows & batch.is_("attendance", "absent")
    outcome.judge(absent, np.zeros(batch.size, bool), "", "")
    lack_minimum(outcome, batch, law, unknown & ~absent)
    sums = counted(batch, law)
    full = rows & batch.is_("attendance", "full") & ~unknown
    part = rows & batch.is_("attendance", "part") & ~unknown
    outcome.compared[:] = sums.least
    outcome.limit[:] = np.maximum(least, 0)
    outcome.extras["excluded"] = sums.excluded
    _full(outcome, batch, full, least, sums.least, sums.most)
    if part.any():
        _part(outcome, batch, law, part, least, sums.least, sums.most)
    open_ = (outcome.verdict == METHOD) & (sums.least < outcome.limit)
    outcome.lack(open_ & sums.floor_missing & ~sums.unclear, "housing_fund_floor")
    return outcome


def _full(outcome: Outcome, batch: Batch, rows: Bools, limit: Ints, low: Ints, high: Ints) -> None:
    short = rows & (high < limit)
    between = rows & (low < limit) & (high >= limit)
    year = rows & batch.yearly
    outcome.judge(
        rows,
        short,
        "应比工资 {compared} 元，低于最低工资标准 {limit} 元，差额 {owed} 元"
        "（不计入的项目和扣款共 {excluded} 元）",
        "the compared wage {compared} yuan is below the minimum wage {limit} yuan by {owed} "
        "yuan ({excluded} yuan taken off for items that do not count and deductions)",
    )
    outcome.verdict[between] = METHOD
    outcome.readings["least_counted"] = low
    outcome.readings["most_counted"] = high
    outcome.say(
        between,
        "应比工资在 {low} 至 {high} 元之间，取决于当地是否扣除个人缴费；最低工资标准 {limit} 元",
        "the compared wage is {low} to {high} yuan, as the place counts the worker's own "
        "contributions or not; the minimum wage is {limit} yuan",
    )
    outcome.compared[rows] = high[rows]
    outcome.extras["low"], outcome.extras["high"] = low, high
    outcome.owed[short] = (limit - high)[short]
    # A year's sum above twelve minima may still hide a month below one.
    outcome.lack(year & ~short, "month")


def _part(
    outcome: Outcome, batch: Batch, law: LawTable, rows: Bools, least: Ints, low: Ints, high: Ints
) -> None:
    limits, missing = part_month_limits(batch, law, least)
    every = np.stack(list(limits.values()))
    floor, ceiling = every.min(axis=0), every.max(axis=0)
    checked = rows & ~missing & ~batch.yearly
    outcome.limit[checked] = floor[checked]
    outcome.compared[checked] = high[checked]
    outcome.judge(
        checked,
        high < floor,
        "应比工资 {compared} 元，低于按任何常用方法折算的最低工资（最低 {limit} 元），差额至少 "
        "{owed} 元",
        "the compared wage {compared} yuan is below the minimum wage for the days worked by any "
        "usual method (at least {limit} yuan), by at least {owed} yuan",
    )
    short = checked & (high < floor)
    outcome.owed[short] = (floor - high)[short]
    between = checked & ~short & (low < ceiling)
    outcome.verdict[between] = METHOD
    outcome.readings |= limits
    outcome.extras |= {"r_pay": limits["pay_days"], "r_actual": limits["actual_days"]}
    outcome.extras["r_deduct"] = limits["deduction"]
    outcome.say(
        between,
        "应比工资 {compared} 元；最低工资按 21.75 天折算为 {r_pay} 元，按实际工作日折算为 "
        "{r_actual} 元，按扣减缺勤折算为 {r_deduct} 元：是否合法取决于方法",
        "the compared wage is {compared} yuan; the minimum wage for the days worked is {r_pay} "
        "yuan by pay days (21.75), {r_actual} by actual workdays, {r_deduct} by deduction: the "
        "verdict depends on the method",
    )
    outcome.lack(rows & missing & ~batch.yearly, "days_worked")
    outcome.lack(rows & batch.yearly, "month")


def _applies(batch: Batch) -> Bools:
    return full_time(batch) & batch.is_("attendance", "full", "part", "absent")


RULE = Rule(
    "minimum_wage",
    "月最低工资",
    "Monthly minimum wage",
    "最低工资规定 第十二条",
    READS,
    _applies,
    _check,
    back_pay="normal pay",
    quantity=QUANTITY,
    yearly=True,
)
