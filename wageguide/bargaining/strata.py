"""Workers of one post and group, their wages sorted, as simulation needs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wageguide.bargaining.clauses import Clause
from wageguide.bargaining.piecewise import Sorted
from wageguide.bargaining.roster import Roster


@dataclass(frozen=True)
class Stratum:
    """Workers of one post and group, yuan a month."""

    post: str
    group: str
    heads: float
    plain: Sorted
    with_overtime: Sorted
    overtime: float
    allowance: float
    overtime_ratio: float
    before: float

    @classmethod
    def of(cls, roster: Roster, rows: np.ndarray, post: str, group: str) -> Stratum:
        """Collect the workers at these positions of a roster."""
        base, overtime, allowance, heads = (
            roster.column(c)[rows].astype(np.float64)
            for c in ("base", "overtime", "allowance", "heads")
        )
        base, overtime, allowance = base / 100, overtime / 100, allowance / 100
        total = float((base * heads).sum())
        return cls(
            post,
            group,
            float(heads.sum()),
            Sorted.of(base, heads),
            Sorted.of(base, heads * (1 + overtime / base)),
            float((overtime * heads).sum()),
            float((allowance * heads).sum()),
            float((overtime * heads).sum()) / total,
            float(((base + overtime + allowance) * heads).sum()),
        )

    def concerned(self, clause: Clause) -> bool:
        """Whether a clause is for this post and group."""
        return (not clause.posts or self.post in clause.posts) and (
            not clause.groups or self.group in clause.groups
        )
