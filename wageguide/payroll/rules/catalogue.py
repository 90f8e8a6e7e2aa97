"""All rules on rows, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from wageguide.errors import InputError
from wageguide.payroll.outcome import Rule
from wageguide.payroll.rules import (
    contract,
    contributions,
    minimum_wage,
    overtime,
    part_time,
    payment,
    special_months,
)

RULES: tuple[Rule, ...] = (
    minimum_wage.RULE,
    *special_months.RULES,
    *part_time.RULES,
    *contract.RULES,
    *overtime.RULES,
    *payment.RULES,
    *contributions.RULES,
)


def chosen_rules(names: Sequence[str] | None) -> tuple[Rule, ...]:
    """Rules by id, in the order of the catalogue; all of them for None.

    Raises
    ------
    InputError
        If a name is no rule.
    """
    if names is None:
        return RULES
    unknown = sorted(set(names) - {r.id for r in RULES})
    if unknown:
        known = ", ".join(r.id for r in RULES)
        raise InputError(f"There is no rule {', '.join(unknown)}. The rules are: {known}.")
    return tuple(r for r in RULES if r.id in names)
