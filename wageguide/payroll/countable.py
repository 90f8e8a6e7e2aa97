"""The four sums that are all called wage, from one table of components.

What belongs to the wage survey, to the wage total of the statistics bureau and to the base of
social insurance is fixed nationwide; what counts towards the minimum wage differs by place
and comes from the law data (`minimum_wage_counts`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wageguide.payroll.batch import Batch
from wageguide.payroll.columns import COMPONENTS
from wageguide.payroll.law_table import UNKNOWN, LawTable

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Components that are paid to the worker as wages; the employee's own contributions are
#: part of them, and statutory welfare, goods in kind and employer contributions are not.
PAID = tuple(c.name for c in COMPONENTS)

#: The sums, and the components that each one is made of. The minimum wage's is by place.
SUMS: dict[str, tuple[str, ...]] = {
    "survey_pay": PAID,  # wage survey: base, bonus, allowances, overtime, special
    "nbs_wage_total": PAID,  # 国家统计局令第1号 (1990): six parts
    "contribution_wage": PAID,  # wages actually paid, all parts, overtime too
}
COUNTS = ("in", "out", "out_to_floor")
IN, OUT, OUT_TO_FLOOR = range(3)


def paid(batch: Batch) -> Ints:
    """Wages paid, fen, shape (rows,): the wage total of the statistics bureau."""
    if "paid" not in batch.sums:
        total = np.zeros(batch.size, np.int64)
        for name in PAID:
            if name in batch.values:
                total += batch.amount(name)
        batch.sums["paid"] = total
    return batch.sums["paid"]


@dataclass(frozen=True)
class Counted:
    """What counts towards the minimum wage.

    Attributes
    ----------
    least, most
        The compared wage by the reading that takes off most and the one that takes off
        least, fen; the same where the law of the place is clear.
    unclear
        Rows for which nothing is known of what the place takes off.
    floor_missing
        Rows whose housing fund at the lower limit is not given.
    excluded
        Taken off the wages paid, fen, by the reading that takes off most.
    """

    least: Ints
    most: Ints
    unclear: Bools
    floor_missing: Bools
    excluded: Ints


def counted(batch: Batch, law: LawTable) -> Counted:
    """What counts towards the minimum wage of the place, fen."""
    total = paid(batch)
    off = np.zeros(batch.size, np.int64)
    unclear = np.zeros(batch.size, bool)
    for name in PAID:
        if name not in batch.values:
            continue
        how = law.text(batch, "minimum_wage_counts", name, COUNTS)
        amount = batch.amount(name)
        off += np.where(how == OUT, amount, 0)
        unclear |= (how == UNKNOWN) & (amount > 0)
    for name in ("discipline_deduction", "damage_deduction"):
        off += batch.amount(name)
    less = off.copy()
    social = batch.amount("employee_social_insurance")
    how = law.text(batch, "minimum_wage_counts", "employee_social_insurance", COUNTS)
    off += np.where(how != IN, social, 0)
    less += np.where(how == OUT, social, 0)
    unclear |= (how == UNKNOWN) & (social > 0)
    fund, floor = batch.amount("employee_housing_fund"), batch.amount("housing_fund_floor")
    both = batch.given("employee_housing_fund") & batch.given("housing_fund_floor")
    at_floor = np.where(both, np.minimum(fund, floor), np.where(fund > 0, fund, floor))
    how = law.text(batch, "minimum_wage_counts", "employee_housing_fund", COUNTS)
    to_floor = how == OUT_TO_FLOOR
    floor_missing = to_floor & (fund > 0) & ~batch.given("housing_fund_floor")
    off += np.select([how == IN, to_floor], [0, at_floor], np.maximum(fund, at_floor))
    less += np.select([how == OUT, to_floor & ~floor_missing], [fund, at_floor], 0)
    unclear |= (how == UNKNOWN) & ((fund > 0) | (floor > 0))
    return Counted(total - off, total - less, unclear, floor_missing, off)
