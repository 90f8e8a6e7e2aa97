"""Words for offers and clauses, as documents and the panel print them."""

from __future__ import annotations

from typing import Any

from wageguide.bargaining.clauses import Clause
from wageguide.bargaining.months import month_text

#: Who offers, in Chinese and English.
SIDES = {
    "workers": ("职工方", "workers"),
    "enterprise": ("企业方", "enterprise"),
    "both": ("双方", "both"),
}
#: Kinds of clauses.
KINDS = {
    "percent": ("按比例增长", "percentage"),
    "amount": ("定额增长", "flat amount"),
    "bands": ("分档增长", "by band"),
    "floor": ("最低标准", "floor"),
    "minimum_wage": ("随最低工资调整", "minimum-wage follow-up"),
    "seniority": ("工龄工资", "seniority"),
    "lump_sum": ("一次性发放", "lump sum"),
    "merit_pool": ("绩效增资总额", "merit pool"),
    "cpi": ("随物价调整", "consumer prices"),
    "allowance": ("津贴", "allowance"),
}
#: How a value of the terms of a clause is said.
_TERMS = {
    "part": ("按物价的{}", "{} of their rise"),
    "least": ("不低于{}", "at least {}"),
    "most": ("不高于{}", "at most {}"),
    "factor": ("最低工资的{}", "{} of the minimum wage"),
}


def clause_terms(clause: Clause, side: int = 0) -> str:
    """The figures of a clause in a few signs; `side` 0 is Chinese, 1 English."""
    values: dict[str, Any] = {
        k: v for k, v in vars(clause).items() if k not in ("start", "paid", "posts", "groups")
    }
    between = ("；", "; ")[side]
    if "limits" in values:
        limits = [*(f"≤{v / 100:,.2f}" for v in values["limits"]), ">"]
        return between.join(
            f"{limit} {100 * float(r):g}%" for limit, r in zip(limits, values["rates"], strict=True)
        )
    parts = []
    for name, value in values.items():
        if name == "amount":
            parts.append(("{:,.2f} 元", "{:,.2f} yuan")[side].format(value / 100))
        elif name == "most" and clause.kind == "seniority":
            parts.append(("≤{} 年", "≤{} years")[side].format(value))
        else:
            said = _TERMS.get(name, ("{}", "{}"))[side]
            parts.append(said.format(f"{100 * float(value):g}%"))
    return between.join(parts)


def clause_row(number: int, clause: Clause, side: int) -> list[str]:
    """Number, kind, terms, beginning and workers of a clause."""
    who = ("、", ", ")[side].join((*clause.posts, *clause.groups)) or ("全体", "everybody")[side]
    begin = month_text(clause.start)
    if clause.paid > clause.start:
        begin += ("，{}补发", ", paid {}")[side].format(month_text(clause.paid))
    return [str(number), KINDS[clause.kind][side], clause_terms(clause, side), begin, who]
