"""Which rows are full-time, part-time and so on, by what is done and not by what it is called."""

from __future__ import annotations

from wageguide.payroll.batch import PER_UNIT, Batch
from wageguide.payroll.law_table import Bools

#: 劳动合同法 第六十八条: on average not above 4 hours a day and 24 hours a week.
PART_TIME_DAY = 4 * PER_UNIT
PART_TIME_WEEK = 24 * PER_UNIT


def called_part_time(batch: Batch) -> Bools:
    """Rows that the plan calls part-time."""
    return batch.is_("work_form", "part_time")


def misclassified(batch: Batch) -> Bools:
    """Rows called part-time whose hours are beyond either limit."""
    over = (batch.amount("hours_day") > PART_TIME_DAY) | (
        batch.amount("hours_week") > PART_TIME_WEEK
    )
    return called_part_time(batch) & over


def part_time(batch: Batch) -> Bools:
    """Rows that are part-time indeed."""
    return called_part_time(batch) & ~misclassified(batch)


def full_time(batch: Batch) -> Bools:
    """Rows judged by the monthly minimum: full-time, dispatched, and part-time in name only."""
    return batch.is_("work_form", "full_time", "dispatched") | misclassified(batch)
