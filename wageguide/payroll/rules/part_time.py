"""Part-time work: hourly minimum, limits of hours, days between payments."""

from __future__ import annotations

import numpy as np

from wageguide.payroll.batch import Batch
from wageguide.payroll.countable import paid
from wageguide.payroll.law_table import UNKNOWN, Bools, LawTable
from wageguide.payroll.outcome import Outcome, Rule
from wageguide.payroll.rules.forms_of_work import called_part_time, misclassified, part_time
from wageguide.payroll.rules.minimum_wage import half_up


def _hourly(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    limit = law.money(batch, "minimum_wage_hourly")
    for reason, where in law.why(batch, "minimum_wage_hourly").items():
        outcome.lack(rows & where, reason)
    unsaid = rows & (limit != UNKNOWN) & ~batch.given("hourly_rate")
    outcome.lack(unsaid, "hourly_rate")
    rows = rows & (limit != UNKNOWN) & ~unsaid
    outcome.compared[:] = batch.amount("hourly_rate")
    outcome.limit[:] = np.maximum(limit, 0)
    np.copyto(outcome.owed, np.maximum(limit - outcome.compared, 0), where=rows)
    # Hours are those that the rate makes of the pay.
    outcome.back = half_up(paid(batch) * outcome.owed, outcome.compared)
    outcome.judge(
        rows,
        outcome.owed > 0,
        "小时工资 {compared} 元，低于小时最低工资标准 {limit} 元，每小时差 {owed} 元",
        "the hourly rate {compared} yuan is below the hourly minimum {limit} yuan by {owed} yuan "
        "an hour",
    )
    return outcome


def _hours(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    unsaid = rows & ~(batch.given("hours_day") & batch.given("hours_week"))
    over = misclassified(batch)
    outcome.lack(unsaid & ~over, "hours_day, hours_week")
    rows = rows & (~unsaid | over)
    outcome.extras["day"] = batch.amount("hours_day")
    outcome.extras["week"] = batch.amount("hours_week")
    outcome.judge(
        rows,
        over,
        "名为非全日制，每日 {day:n} 小时、每周 {week:n} 小时，超过每日 4 小时或每周 24 小时：应按"
        "全日制用工对待",
        "called part-time, but {day:n} hours a day and {week:n} a week are above 4 a day or 24 a "
        "week: to be treated as full-time",
    )
    return outcome


def _settlement(batch: Batch, law: LawTable, rows: Bools) -> Outcome:
    outcome = Outcome.of(batch.size)
    most = law.share(batch, "part_time", "settlement_days")
    unsaid = rows & ~batch.given("settlement_days")
    outcome.lack(unsaid, "settlement_days")
    for reason, where in law.why(batch, "part_time", "settlement_days").items():
        outcome.lack(rows & where, reason)
    rows = rows & ~unsaid & (most != UNKNOWN)
    outcome.extras["days"], outcome.extras["most"] = batch.amount("settlement_days"), most
    outcome.judge(
        rows,
        batch.amount("settlement_days") > most,
        "非全日制用工结算支付周期 {days:n} 日，最长不得超过 {most:n} 日",
        "part-time work is settled every {days:n} days, at most {most:n} are allowed",
    )
    return outcome


RULES = (
    Rule(
        "minimum_wage_hourly",
        "小时最低工资",
        "Hourly minimum wage",
        "劳动合同法 第七十二条；最低工资规定 第五条",
        ("hourly_rate",),
        part_time,
        _hourly,
        back_pay="normal pay",
        quantity="minimum_wage_hourly",
    ),
    Rule(
        "part_time_hours",
        "非全日制用工时间",
        "Hours of part-time work",
        "劳动合同法 第六十八条",
        ("hours_day", "hours_week"),
        called_part_time,
        _hours,
        start="2008-01",
    ),
    Rule(
        "part_time_settlement",
        "非全日制结算周期",
        "Settlement of part-time work",
        "劳动合同法 第七十二条",
        ("settlement_days",),
        part_time,
        _settlement,
        start="2008-01",
    ),
)
