"""Who gains from an offer: by post and group, how gaps and the lowest wages move."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from wageguide.bargaining.cost import Cost
from wageguide.bargaining.money import Fen
from wageguide.bargaining.roster import Roster
from wageguide.shown import html_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Gains:
    """What an offer changes in the monthly pay of the roster, from before it to its last month.

    Attributes
    ----------
    posts, groups
        By post and by group: ``heads``, ``before`` and ``after`` (average monthly pay, yuan),
        ``gain`` (yuan), ``rise`` (fraction).
    measures
        One line a measure: ``measure_zh``, ``measure_en``, ``before``, ``after``.
    """

    posts: pd.DataFrame
    groups: pd.DataFrame
    measures: pd.DataFrame

    def __repr__(self) -> str:
        return f"{self.posts.to_string(index=False)}\n\n{self.measures.to_string(index=False)}"

    def _repr_html_(self) -> str:
        title = escape("各岗位 By post")
        return f"<p>{title}</p>{html_table(self.posts)}{html_table(self.measures)}"


def gains(roster: Roster, cost: Cost, *, minimum: int | None = None) -> Gains:
    """Compare the roster's pay with that of the offer's last month.

    Parameters
    ----------
    roster
        The roster that was costed.
    cost
        The cost of the offer.
    minimum
        Minimum wage in fen a month at the end, for the number of base wages below it; None
        leaves it out.
    """
    import pandas as pd

    heads = roster.column("heads")
    before, after = cost.first.regular, cost.last.regular
    lines: list[tuple[str, str, float, float]] = [
        ("平均工资", "average pay", _mean(before, heads), _mean(after, heads)),
        ("最高与最低之比", "highest to lowest", _ratio(before), _ratio(after)),
        ("前10%与后10%平均工资之比", "average of top to bottom tenth",
         _tenths(before, heads), _tenths(after, heads)),
    ]  # fmt: skip
    for name, pair in (("sex", ("2", "1")), ("group", roster.groups[:2])):
        column = roster.frame[name].to_numpy()
        if len(pair) == 2 and all((column == p).any() for p in pair):
            one, two = (column == p for p in pair)
            ratio = [_mean(v[one], heads[one]) / _mean(v[two], heads[two]) for v in (before, after)]
            zh = "女与男平均工资之比" if name == "sex" else f"{pair[0]}与{pair[1]}平均工资之比"
            en = "women's to men's average" if name == "sex" else f"average, {pair[0]} to {pair[1]}"
            lines.append((zh, en, ratio[0], ratio[1]))
    if minimum is not None:
        below = [float(heads[p.base < minimum].sum()) for p in (cost.first, cost.last)]
        zh, en = "基本工资低于最低工资的人数", "base wages below the minimum wage"
        lines.append((zh, en, below[0], below[1]))
    return Gains(
        _by(roster, "post", before, after),
        _by(roster, "group", before, after),
        pd.DataFrame(lines, columns=["measure_zh", "measure_en", "before", "after"]),
    )


def _by(roster: Roster, key: str, before: Fen, after: Fen) -> pd.DataFrame:
    import pandas as pd

    place, names = pd.factorize(roster.frame[key])
    heads, many = roster.column("heads"), len(names)
    # Totals of fen stay below 2 to the 53rd, so sums in floating point are exact.
    count, first, last = (
        np.bincount(place, weights=w, minlength=many)
        for w in (heads, before * heads, after * heads)
    )
    found = pd.DataFrame({key: names, "heads": count.astype(np.int64)})
    found["before"] = first / count / 100
    found["after"] = last / count / 100
    found["gain"] = found["after"] - found["before"]
    found["rise"] = found["after"] / found["before"] - 1
    return found


def _mean(pay: Fen, heads: Fen) -> float:
    """Average in yuan."""
    return float((pay * heads).sum() / heads.sum() / 100)


def _ratio(pay: Fen) -> float:
    return float(pay.max() / pay.min()) if pay.min() > 0 else float("nan")


def _tenths(pay: Fen, heads: Fen) -> float:
    """Average of the best paid tenth of heads over that of the worst paid, boundary in part."""
    order = np.argsort(pay, kind="stable")
    pay, heads = pay[order].astype(np.float64), heads[order].astype(np.float64)
    tenth = heads.sum() / 10
    ends = np.cumsum(heads)
    low = np.clip(tenth - (ends - heads), 0.0, heads)
    high = np.clip(ends - (ends[-1] - tenth), 0.0, heads)
    bottom = float((low * pay).sum())
    return float((high * pay).sum()) / bottom if bottom > 0 else float("nan")
