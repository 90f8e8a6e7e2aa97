"""Probabilities of being drawn in proportion to size."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wageguide.errors import WeightError


def inclusion_probabilities(size: ArrayLike, drawn: int) -> NDArray[np.float64]:
    """Probabilities proportional to size that add up to the number drawn, none above 1.

    A unit whose share would be 1 or more is taken for certain, and the rest is shared out
    again among the others, until none is left above 1.

    Parameters
    ----------
    size
        Measure of size of each unit, 0 or more, shape (units,).
    drawn
        Units that are drawn.

    Raises
    ------
    WeightError
        If fewer units have a size than are drawn.

    Source: C.-E. Sarndal, B. Swensson and J. Wretman, Model Assisted Survey Sampling (1992),
    section 3.6; as R `sampling::inclusionprobabilities`.

    >>> inclusion_probabilities([1, 1, 2, 6], 2)
    array([0.25, 0.25, 0.5 , 1.  ])
    """
    x = np.asarray(size, dtype=np.float64)
    positive = int((x > 0).sum())
    if not 0 <= drawn <= positive or not (np.isfinite(x) & (x >= 0)).all():
        raise WeightError(
            f"{drawn:,} of {x.size:,} units cannot be drawn in proportion to size: {positive:,} "
            "have a size above 0."
        )
    certain = np.zeros(x.size, dtype=bool)
    result = np.zeros(x.size)
    while drawn > certain.sum():
        rest = ~certain & (x > 0)
        result[rest] = (drawn - certain.sum()) * x[rest] / x[rest].sum()
        new = rest & (result >= 1)
        if not new.any():
            break
        certain |= new
    result[certain] = 1.0
    return result
