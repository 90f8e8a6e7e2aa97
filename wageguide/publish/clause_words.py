"""Words for offers and clauses, as documents and the panel print them."""

from __future__ import annotations

from typing import Any

from wageguide.bargaining.clauses import Clause

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
#: Words before a share in the terms of a clause.
_TERMS = {"part": "按", "least": "不低于", "most": "不高于", "factor": "最低工资的"}


def clause_terms(clause: Clause) -> str:
    """The figures of a clause in a few signs."""
    values: dict[str, Any] = {
        k: v for k, v in vars(clause).items() if k not in ("start", "paid", "posts", "groups")
    }
    if "limits" in values:
        limits = [*(f"≤{v / 100:,.2f}" for v in values["limits"]), ">"]
        return "；".join(
            f"{limit} {100 * float(r):g}%" for limit, r in zip(limits, values["rates"], strict=True)
        )
    parts = []
    for name, value in values.items():
        if name == "amount":
            parts.append(f"{value / 100:,.2f} 元")
        elif name == "most" and clause.kind == "seniority":
            parts.append(f"≤{value} 年")
        else:
            parts.append(f"{_TERMS.get(name, '')}{100 * float(value):g}%")
    return "；".join(parts)
