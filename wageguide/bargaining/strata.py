"""Workers whom every clause treats alike but for their wage, sorted, as simulation needs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wageguide.bargaining.clauses import Clause, Offer, Seniority
from wageguide.bargaining.piecewise import Sorted
from wageguide.bargaining.roster import Roster


@dataclass(frozen=True)
class Stratum:
    """Workers of one post, group and, where a clause counts it, service; yuan a month."""

    post: str
    group: str
    service: int
    heads: float
    plain: Sorted
    with_overtime: Sorted
    overtime: float
    allowance: float
    overtime_ratio: float
    before: float

    @classmethod
    def of(cls, roster: Roster, rows: np.ndarray, post: str, group: str, service: int) -> Stratum:
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
            service,
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


def strata_of(roster: Roster, offer: Offer) -> list[Stratum]:
    """Part a roster: by post and group, and by years of service where the offer counts them."""
    most = max((c.most for c in offer.clauses if isinstance(c, Seniority)), default=0)
    frame = roster.frame[["post", "group"]].assign(
        service=np.minimum(roster.column("service"), most)
    )
    parts = frame.groupby(["post", "group", "service"], sort=False)
    return [Stratum.of(roster, own.index.to_numpy(), *own.iloc[0].tolist()) for _, own in parts]
