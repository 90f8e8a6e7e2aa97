"""The zone of agreement: which packages both sides could live with, and points in it.

It informs and takes no side: the limits are what the sides state, and each solution is the
answer of a rule that both may find fair or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from wageguide.bargaining.constraints import MEASURES, Constraint
from wageguide.bargaining.solutions import (
    Frontier,
    Solution,
    egalitarian,
    frontier,
    kalai_smorodinsky,
    nash,
)
from wageguide.errors import OfferError
from wageguide.shown import html_table

if TYPE_CHECKING:
    import pandas as pd

#: Printed with every zone.
NO_SIDE = (
    "本结果只提供信息，不代表任何一方；限度由双方提出，各种解只是一种规则的答案。",
    "This informs and takes no side: limits are what the sides state, and a solution is what one "
    "rule answers.",
)
_NAMES = {
    "nash": ("纳什解", "Nash"),
    "kalai_smorodinsky": ("卡莱–斯莫罗丁斯基解", "Kalai–Smorodinsky"),
    "egalitarian": ("等额得益解", "equal gains"),
}


@dataclass(frozen=True, repr=False)
class Zone:
    """Packages, those that both sides could accept, and solutions.

    Attributes
    ----------
    packages
        As `packages` gives them, with ``workers_short`` and ``enterprise_short``: the number of
        limits of each side that are missed, and ``inside``.
    constraints
        The limits.
    power
        Bargaining power of the workers.
    line
        The frontier inside the zone, in present values above both reservation points; None
        where there is no zone.
    solutions
        One row a solution: ``solution_zh``, ``solution_en``, the parameters (between two
        packages in proportion), ``gain``, ``outlay``, ``growth``; empty without a zone.
    conflicts
        Without a zone, limits that the nearest package misses: ``name``, ``side``, ``measure``,
        ``limit``, ``found``, ``short``, ``source``.
    """

    packages: pd.DataFrame
    constraints: tuple[Constraint, ...]
    power: float
    line: Frontier | None
    solutions: pd.DataFrame
    conflicts: pd.DataFrame

    @property
    def exists(self) -> bool:
        """Whether any package meets all limits."""
        return self.line is not None

    def _text(self) -> list[str]:
        inside = int(self.packages["inside"].sum())
        lines = [
            f"方案 {len(self.packages):,} 个，双方均可接受 {inside:,} 个 · "
            f"{inside:,} of {len(self.packages):,} packages are acceptable to both"
        ]
        if not self.exists:
            lines.append("没有共同可接受的方案 No zone of agreement:")
            lines += [_conflict_line(c) for c in self.conflicts.to_dict("records")]
        return [*lines, *NO_SIDE]

    def __repr__(self) -> str:
        table = "" if self.solutions.empty else self.solutions.to_string(index=False)
        return "\n".join([*self._text(), table]).rstrip()

    def _repr_html_(self) -> str:
        table = "" if self.solutions.empty else html_table(self.solutions)
        return "".join(f"<p>{escape(t)}</p>" for t in self._text()) + table


def _conflict_line(conflict: dict[Any, Any]) -> str:
    c = conflict
    return (
        f"  {c['name']}（{c['side']}）：{c['measure']} {c['limit']:g}，最近的方案 nearest "
        f"{c['found']:g}，差 short by {c['short']:g}；{c['source']}"
    )


def find_zone(
    packages: pd.DataFrame, constraints: Sequence[Constraint], *, power: float = 0.5
) -> Zone:
    """Find the zone of agreement and its solutions.

    The workers' reservation point is the smallest gain of a package that meets their limits,
    the enterprise's the largest outlay of one that meets its own; both in present value.
    Packages may be mixed in time, so the frontier is convex.

    Parameters
    ----------
    packages
        As `packages.packages` gives them.
    constraints
        Limits of both sides.
    power
        Bargaining power of the workers, between 0 and 1, for the Nash solution.

    Raises
    ------
    OfferError
        If there is no package, or a side has no limit.
    """
    import pandas as pd

    constraints = tuple(constraints)
    missing = [s for s in ("workers", "enterprise") if s not in {c.side for c in constraints}]
    if packages.empty or missing:
        named = ", ".join(missing) or "packages"
        raise OfferError(
            f"A zone needs packages and a limit of each side; missing: {named}. A limit of the "
            "workers is the least they accept, one of the enterprise the most."
        )
    unknown = [c.name for c in constraints if packages[c.measure].isna().any()]
    if unknown:
        raise OfferError(
            f"The limit {', '.join(unknown)} is on what labour costs of sales, but no sales are "
            "given. Add them to the assumptions, in yuan: sales = { 2026 = 12000000 }"
        )
    frame = packages.copy()
    for side in ("workers", "enterprise"):
        own = [c for c in constraints if c.side == side]
        frame[f"{side}_short"] = sum((_short(c, packages) > 0).astype(np.int64) for c in own)
    frame["inside"] = (frame["workers_short"] == 0) & (frame["enterprise_short"] == 0)
    if not frame["inside"].any():
        return Zone(frame, constraints, power, None, pd.DataFrame(), _conflicts(frame, constraints))
    gain, outlay = (frame[c].to_numpy(dtype=np.float64) for c in ("gain", "outlay"))
    inside = frame["inside"].to_numpy()
    least = gain[frame["workers_short"].to_numpy() == 0].min()
    most = outlay[frame["enterprise_short"].to_numpy() == 0].max()
    first = np.where(inside, gain - least, -np.inf)
    second = np.where(inside, most - outlay, -np.inf)
    line = frontier(first, second, convex=True)
    found = [nash(line, power), kalai_smorodinsky(line), egalitarian(line)]
    solutions = pd.DataFrame([_row(s, frame) for s in found])
    return Zone(frame, constraints, power, line, solutions, _conflicts(frame.iloc[:0], ()))


def _short(constraint: Constraint, packages: pd.DataFrame) -> np.ndarray:
    values = packages[constraint.measure].to_numpy(dtype=np.float64)
    return np.array([constraint.short(v) for v in values.tolist()])


def _row(solution: Solution, frame: pd.DataFrame) -> dict[str, object]:
    """A solution as a package between its two neighbours."""
    one, two = (frame.iloc[p] for p in solution.packages)
    names = list(frame.columns[: list(frame.columns).index("gain")])
    between = {
        n: float(one[n]) + solution.part * (float(two[n]) - float(one[n]))
        for n in [*names, "gain", "outlay", "growth", "cost", "lowest"]
    }
    zh, en = _NAMES[solution.name]
    return {"solution_zh": zh, "solution_en": en, **between}


def _conflicts(frame: pd.DataFrame, constraints: Sequence[Constraint]) -> pd.DataFrame:
    """What the package nearest to a zone misses: the fewest limits, then the least of them."""
    import pandas as pd

    columns = ["name", "side", "measure", "limit", "found", "short", "source"]
    if frame.empty:
        return pd.DataFrame(columns=columns)
    parts = np.array([_short(c, frame) / max(abs(c.limit), 1e-9) for c in constraints])
    missed = (parts > 0).sum(axis=0)
    nearest = int(np.lexsort((parts.sum(axis=0), missed))[0])
    lines = []
    for constraint in constraints:
        value = float(frame[constraint.measure].iloc[nearest])
        short = constraint.short(value)
        if short > 0:
            measure = MEASURES[constraint.measure][0]
            lines.append((constraint.name, constraint.side, measure, constraint.limit, value,
                          short, constraint.source))  # fmt: skip
    return pd.DataFrame(lines, columns=columns)


def sensitivity(zone: Zone, *, step: float = 0.1) -> pd.DataFrame:
    """How the Nash solution moves when one limit, or the power, is another.

    Parameters
    ----------
    zone
        A zone.
    step
        Each limit is moved by this part of itself, either way; the power by as much.

    Returns
    -------
    DataFrame
        One row a change: ``what``, ``value``, ``zone`` (whether there is one), ``growth``,
        ``gain``, ``outlay`` of the Nash solution; missing without a zone.
    """
    import pandas as pd

    lines = []

    def noted(what: str, value: float, changed: Zone) -> None:
        row: dict[str, object] = {"what": what, "value": value, "zone": changed.exists}
        for name in ("growth", "gain", "outlay"):
            row[name] = changed.solutions[name].iloc[0] if changed.exists else np.nan
        lines.append(row)

    columns = [c for c in zone.packages if c not in ("workers_short", "enterprise_short", "inside")]
    plain = zone.packages[columns]
    for place, constraint in enumerate(zone.constraints):
        for way in (-1, 1):
            moved = replace(constraint, limit=constraint.limit * (1 + way * step))
            others = [*zone.constraints]
            others[place] = moved
            noted(constraint.name, moved.limit, find_zone(plain, others, power=zone.power))
    for way in (-1, 1):
        power = min(max(zone.power * (1 + way * step), 0.01), 0.99)
        noted("谈判力量 power", power, find_zone(plain, zone.constraints, power=power))
    return pd.DataFrame(lines)
