"""Where a figure stands among the grades: what its RSE earns, and what each floor takes.

A figure starts with the grade that its RSE earns; each floor that it misses may lower it.
An SE of 0, none at all, or less than one degree of freedom is "not estimable", never
precise. The bounds stand in a `Grading`.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wageguide.errors import InputError
from wageguide.tiers.grading import Floor, Grading
from wageguide.tiers.scale import Floats
from wageguide.tiers.scheme import parse_share

#: Fewer degrees of freedom are no sampling error at all.
LEAST_DF = 1

#: An RSE up to this is a zero that was rounded: wages are known to the fen.
NO_SPREAD = 1e-9

Share = Fraction | float | str | None
Places = NDArray[np.int8]


def grades(
    grading: Grading,
    *,
    rse: ArrayLike,
    df: ArrayLike,
    workers: ArrayLike,
    enterprises: ArrayLike,
    effective: ArrayLike,
    share: Share = None,
) -> Places:
    """Grade one figure of every cell.

    Parameters
    ----------
    grading
        Classes, bounds and floors.
    rse
        Relative standard errors, fractions, shape (cells,); 0 (see `NO_SPREAD`), NaN or
        infinite is none.
    df
        Degrees of freedom of the standard error.
    workers, enterprises
        Unweighted counts of the cell. A missing count passes no floor.
    effective
        Enterprises of equal weight that would be as concentrated.
    share
        Share of the distribution at which the figure stands: 0.1 for p10; for the mean of
        a tail, the tail's share; None for a mean. See `quality.tail_share`.

    Returns
    -------
    array of int8, shape (cells,)
        Place in ``grading.classes``; 0 is the best.

    Raises
    ------
    InputError
        If an RSE is negative.

    >>> from wageguide.tiers.grade_files import load_grading
    >>> cn = load_grading("cn_enterprise")
    >>> counts = {"workers": [300, 300], "enterprises": [41, 2], "effective": [32.5, 1.9]}
    >>> placed = grades(cn, rse=[0.05, 0.0001], df=[40, 1], **counts)
    >>> [cn.codes[place] for place in placed]
    ['A', 'x']
    """
    rse, df, *counted = as_columns(rse, df, workers, enterprises, effective)
    counts = dict(zip(("workers", "enterprises", "effective"), counted, strict=True))
    counts |= {"df": df, "tail": counts["workers"]}
    grade = grade_by_error(grading, rse, df)
    for floor in floors_for(grading, share):
        missed = ~(counts[floor.measure] >= needed(floor, share))
        at_best = np.int8(grading.place(floor.at_best))
        grade = np.where(missed, np.maximum(grade, at_best), grade)
    return grade


def as_columns(rse: ArrayLike, *others: ArrayLike) -> tuple[Floats, ...]:
    """Arrays of floats of one shape; no RSE may be negative."""
    arrays = np.broadcast_arrays(*(np.asarray(c, dtype=np.float64) for c in (rse, *others)))
    if (arrays[0] < 0).any():
        lowest = float(np.nanmin(arrays[0]))
        raise InputError(
            f"A relative standard error cannot be negative; {lowest:g} was given. Divide the "
            "standard error by the size of the estimate."
        )
    return tuple(arrays)


def grade_by_error(grading: Grading, rse: Floats, df: Floats) -> Places:
    """The grade that the sampling error alone earns, or that of having none."""
    bounded = [(c.rse_max, i) for i, c in enumerate(grading.classes) if c.rse_max is not None]
    bounds = np.array([b for b, _ in bounded])
    places = np.array([*(i for _, i in bounded), len(grading.classes) - 1], np.int8)
    at_most = grading.rse_bound == "at_most"
    grade = places[np.searchsorted(bounds, rse, side="left" if at_most else "right")]
    none = np.int8(grading.place(grading.without_error))
    return np.asarray(np.where(estimable(rse, df), grade, none), np.int8)


def estimable(rse: Floats, df: Floats) -> NDArray[np.bool_]:
    """Whether there is a sampling error to speak of."""
    return np.asarray(np.isfinite(rse) & (rse > NO_SPREAD) & (df >= LEAST_DF))


def floors_for(grading: Grading, share: Share) -> tuple[Floor, ...]:
    """The floors of a figure at a share, or of a mean."""
    return tuple(f for f in grading.floors if f.figures == "all" or share is not None)


def needed(floor: Floor, share: Share) -> float:
    """The count that passes a floor; for a tail, the workers whose tail is long enough."""
    if floor.measure != "tail":
        return floor.at_least
    return math.ceil(Fraction(str(floor.at_least)) / shorter_side(share))


def shorter_side(share: Share) -> Fraction:
    """``min(p, 1 - p)``, exact: 0.9 leaves a tenth, not a hair less."""
    exact = parse_share(share)
    return min(exact, 1 - exact)
