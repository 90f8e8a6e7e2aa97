"""The pay structure inside an enterprise: levels, groups, and women's pay beside men's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wageguide.bargaining.roster import Roster

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SexGap:
    """Women's pay beside men's.

    Attributes
    ----------
    raw
        Women's average over men's, less 1.
    controlled
        The same between women and men of equal post and years of service, from a regression of
        the logarithm of pay; None where post and service leave nothing to compare.
    women, men
        Heads.
    """

    raw: float
    controlled: float | None
    women: int
    men: int


def sex_gap(roster: Roster, *, women: str = "2", men: str = "1") -> SexGap | None:
    """Compare women's pay with men's; None without both.

    Notes
    -----
    Least squares by heads of log pay on sex, posts and years of service; the gap is
    ``exp(b) - 1``. It shows no cause: equal posts are the enterprise's own classes.
    """
    sex = roster.frame["sex"].to_numpy()
    heads, pay = roster.column("heads").astype(np.float64), roster.pay.astype(np.float64)
    one, two = sex == women, sex == men
    if not (one.any() and two.any()):
        return None
    raw = np.average(pay[one], weights=heads[one]) / np.average(pay[two], weights=heads[two]) - 1
    use = one | two
    posts = roster.frame["post"].to_numpy()[use]
    names = sorted(set(posts))
    columns = [one[use].astype(np.float64), roster.column("service")[use].astype(np.float64)]
    columns += [(posts == name).astype(np.float64) for name in names]
    root = np.sqrt(heads[use])
    design = np.stack(columns, axis=1) * root[:, None]
    # Sex must differ within posts and service, or nothing is controlled for.
    others = design[:, 1:]
    fitted, *_ = np.linalg.lstsq(others, design[:, 0], rcond=None)
    left = design[:, 0] - others @ fitted
    controlled = None
    if float(left @ left) > 1e-9 * float(design[:, 0] @ design[:, 0]):
        slope, *_ = np.linalg.lstsq(design, np.log(pay[use]) * root, rcond=None)
        controlled = float(np.exp(slope[0]) - 1)
    return SexGap(float(raw), controlled, int(heads[one].sum()), int(heads[two].sum()))


def compression(roster: Roster) -> pd.DataFrame:
    """Average monthly pay of each level, and its ratio to the next lower.

    Returns
    -------
    DataFrame
        ``level``, ``heads``, ``average`` (yuan), ``to_next`` (missing for the lowest), from the
        best paid level down; empty where no level is known.
    """
    frame = _averages(roster, "level")
    frame = frame.sort_values("average", ascending=False, kind="stable").reset_index(drop=True)
    frame["to_next"] = frame["average"] / frame["average"].shift(-1)
    return frame


def growth_by_group(roster: Roster, last: Roster) -> pd.DataFrame:
    """Growth of average pay of each group since last year's roster: front line and management.

    Returns
    -------
    DataFrame
        ``group``, ``heads``, ``average``, ``last``, ``growth``.
    """
    now, then = _averages(roster, "group"), _averages(last, "group")
    frame = now.merge(
        then[["group", "average"]].rename(columns={"average": "last"}), on="group", how="left"
    )
    frame["growth"] = frame["average"] / frame["last"] - 1
    return frame


def _averages(roster: Roster, key: str) -> pd.DataFrame:
    import pandas as pd

    heads = roster.column("heads")
    frame = pd.DataFrame({key: roster.frame[key], "heads": heads, "sum": roster.pay * heads})
    frame = frame[frame[key] != ""]
    sums = frame.groupby(key, sort=False, as_index=False).sum()
    sums["average"] = sums["sum"] / sums["heads"] / 100
    return sums.drop(columns="sum")
