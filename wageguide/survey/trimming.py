"""Cut the largest weights, and let the others make up for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wageguide.errors import WeightError

Floats = NDArray[np.float64]


def trimmed(
    weights: Floats, cap: float, group: NDArray[np.intp], label: str = "all rows"
) -> Floats:
    """Weights no larger than a cap, with the same sum in every group.

    What is cut off is shared out among the other rows of the group in proportion to their
    weights, which may bring new ones to the cap, until none is above it.

    Parameters
    ----------
    weights
        Above 0, shape (rows,).
    cap
        Largest weight.
    group
        Group of each row, from 0, shape (rows,).
    label
        What a group is called in messages.

    Raises
    ------
    WeightError
        If the rows of a group cannot carry its sum.

    >>> trimmed(np.array([1.0, 2.0, 9.0]), 6.0, np.zeros(3, int))
    array([2., 4., 6.])
    """
    sums = np.bincount(group, weights)
    room = cap * np.bincount(group)
    if (sums > room * (1 + 1e-12)).any():
        worst = int(np.argmax(sums - room))
        raise WeightError(
            f"Weights cannot be cut at {cap:,.6g}: the {int(room[worst] / cap):,} rows of {label} "
            f"{worst + 1} carry {sums[worst]:,.6g} together. Raise trim_above_median."
        )
    result, at_cap = weights.copy(), np.zeros(weights.size, dtype=bool)
    while (new := ~at_cap & (result > cap)).any():
        at_cap |= new
        fixed = cap * np.bincount(group, at_cap)
        free = np.bincount(group, np.where(at_cap, 0.0, weights))
        factor = np.divide(sums - fixed, free, out=np.ones_like(free), where=free > 0)
        result = np.where(at_cap, cap, weights * factor[group])
    return result
