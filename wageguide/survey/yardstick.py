"""Yardsticks of editing and weighing: a middle value, only for finding what stands out.

The middle value here is a robust yardstick for checks. No published figure comes from it;
those come from the kernel in `wageguide.tiers`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]


def group_middle(values: Floats, group: Groups, groups: int) -> tuple[Floats, Groups]:
    """Middle value (mean of the two middle ones) and size of each group.

    Parameters
    ----------
    values, group
        One a row; `group` counts from 0. Rows whose value is NaN are left out.
    groups
        Number of groups; one without rows has the middle value NaN.
    """
    known = ~np.isnan(values)
    values, group = values[known], group[known]
    ordered = values[np.lexsort((values, group))]
    size = np.bincount(group, minlength=groups).astype(np.int64)
    start = np.cumsum(size) - size
    middle = np.full(groups, np.nan)
    some = size > 0
    low = start[some] + (size[some] - 1) // 2
    high = start[some] + size[some] // 2
    middle[some] = (ordered[low] + ordered[high]) / 2
    return middle, size


def middle(values: Floats) -> float:
    """Middle value of all; NaN of none."""
    return float(group_middle(values, np.zeros(values.size, np.int64), 1)[0][0])


def level_of_others(log_wage: Floats, key: Groups, member: Groups, min_others: int) -> Floats:
    """Usual log wage of each row's key in the returns of all others.

    Each return counts once, by its own middle value in the key; the row's own return is
    left out.

    Parameters
    ----------
    log_wage, key, member
        One a row: log of the wage, its group (occupation) and its return, from 0.
    min_others
        Other returns that the key needs; NaN where there are fewer.
    """
    pairs, pair = np.unique(np.stack([key, member]), axis=1, return_inverse=True)
    pair = pair.reshape(-1)
    middle, _ = group_middle(log_wage, pair, pairs.shape[1])
    used = np.flatnonzero(~np.isnan(middle))
    order = used[np.lexsort((middle[used], pairs[0][used]))]
    values, keys = middle[order], pairs[0][order]
    first = np.searchsorted(keys, keys, side="left")
    others = np.searchsorted(keys, keys, side="right") - first - 1
    own = np.arange(len(order)) - first
    level = np.full(pairs.shape[1], np.nan)
    enough = others >= max(min_others, 1)
    low, high = (others - 1) // 2, others // 2
    low, high = low + (low >= own), high + (high >= own)
    place = first[enough]
    level[order[enough]] = (values[place + low[enough]] + values[place + high[enough]]) / 2
    result: Floats = level[pair]
    return result
