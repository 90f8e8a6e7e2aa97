"""Rules on a batch: who is judged, by what was in force there and then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wageguide.payroll.batch import Batch
from wageguide.payroll.law_table import Bools, Ints, LawTable
from wageguide.payroll.outcome import NOT_APPLICABLE, VIOLATION, Outcome, Rule
from wageguide.payroll.period import read_period


def judge(batch: Batch, law: LawTable, rule: Rule) -> Outcome:
    """What a rule says of the rows of a batch."""
    rows = _in_force(batch, law, rule)
    if rows.any():
        rows = rows & rule.applies(batch)
    lacking = [(n, gone) for n in rule.reads if (gone := rows & batch.lacks(n)).any()]
    year = rows & batch.yearly if not rule.yearly else np.zeros(batch.size, bool)
    checked = rows & ~year
    for _, gone in lacking:
        checked = checked & ~gone
    outcome = rule.check(batch, law, checked) if checked.any() else Outcome.of(batch.size)
    outcome.verdict[~rows] = NOT_APPLICABLE
    for name, gone in lacking:
        outcome.lack(gone, name)
    outcome.lack(year, "month")
    return outcome


def _in_force(batch: Batch, law: LawTable, rule: Rule) -> Bools:
    start = read_period(rule.start)
    assert start is not None
    inside = [
        c.month >= start.first and any(p.code in rule.places for p in law.law.places.path(c.place))
        for c in batch.cells
    ]
    return np.array(inside, dtype=bool)[batch.cell]


def back_pay(
    outcomes: Sequence[tuple[Rule, Outcome]], size: int
) -> tuple[Ints, dict[str, NDArray[np.int64]]]:
    """Wage to be paid to each row, fen: in all, and by group of rules."""
    groups: dict[str, Ints] = {}
    for rule, outcome in outcomes:
        if not rule.back_pay:
            continue
        owed = outcome.owed if outcome.back is None else outcome.back
        mine = np.where(outcome.verdict == VIOLATION, owed, 0)
        held = groups.get(rule.back_pay)
        groups[rule.back_pay] = mine if held is None else np.maximum(held, mine)
    total = np.zeros(size, np.int64)
    for amounts in groups.values():
        total += amounts
    return total, groups
