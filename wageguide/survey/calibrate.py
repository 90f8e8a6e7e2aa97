"""Calibrate weights to population totals: linear (GREG), raking, post-stratification.

The calibrated weight of a row is ``w = d g(x'lambda)`` with one lambda for all rows, such
that ``sum w x = T``. `linear` takes g(u) = 1 + u, `raking` g(u) = exp(u). Bounds on g are
those of the truncated method: g is cut at them, and lambda is solved with the cut in it.

Either is the minimum of the convex function ``sum d G(x'lambda) - T'lambda``, G' = g, so
that Newton's method with step halving finds the only weights there are, or shows that
there are none. Auxiliaries may be collinear (margins that share a total are).

Source: J.-C. Deville and C.-E. Sarndal, Calibration estimators in survey sampling, JASA 87
(1992); without bounds as R `survey::calibrate` and `survey::rake`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wageguide.errors import WeightError
from wageguide.survey.weight_solver import (
    Curve,
    Floats,
    Point,
    Problem,
    linear_curve,
    raking_curve,
)

Ints = NDArray[np.intp]

#: Largest relative gap between a margin and its total that counts as met: a tenth of the
#: 1e-10 that is promised, so that sums taken in another order still keep the promise.
TOLERANCE = 1e-11

#: Share of the largest ratio below which a row has as good as no weight.
_VANISHED = 1e-7


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Weights that meet their totals.

    Attributes
    ----------
    weights
        Shape (rows,).
    ratios
        ``g = w / d``, shape (rows,).
    iterations
        Steps taken; 0 where there is a closed form.
    largest_gap
        Largest relative gap between a total and the sum of the weights.
    at_bounds
        Rows whose ratio is at a bound.
    """

    weights: Floats
    ratios: Floats
    iterations: int
    largest_gap: float
    at_bounds: int


def linear(
    base: ArrayLike,
    auxiliaries: ArrayLike,
    totals: ArrayLike,
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    names: Sequence[str] | None = None,
) -> Calibrated:
    """Calibrate with ``g = 1 + x'lambda``, cut at the bounds where there are any.

    Without bounds these are the weights of the generalised regression estimator; they may
    be negative.

    Parameters
    ----------
    base
        Weights d before calibration, > 0, shape (rows,).
    auxiliaries
        x, shape (rows, columns); a margin is one 0/1 column a category.
    totals
        T, shape (columns,).
    lower, upper
        Bounds on w/d, for all rows or each its own.
    names
        What the columns are called in messages.

    Raises
    ------
    WeightError
        If the totals cannot be met, with the worst column and its gap.

    Examples
    --------
    >>> linear([10, 10], [[1, 0], [0, 1]], [30, 10]).weights.round(9)
    array([30., 10.])
    """
    return _calibrate(base, auxiliaries, totals, lower, upper, names, linear_curve)


def raking(
    base: ArrayLike,
    auxiliaries: ArrayLike,
    totals: ArrayLike,
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    names: Sequence[str] | None = None,
) -> Calibrated:
    """Calibrate with ``g = exp(x'lambda)``, cut at the bounds where there are any.

    On margins these are the weights on which iterative proportional fitting converges. All
    are above 0. Parameters, errors and result are those of `linear`.
    """
    found = _calibrate(base, auxiliaries, totals, lower, upper, names, raking_curve)
    if lower is None:
        _refuse_vanishing(found, auxiliaries, names)
    return found


def post_stratify(
    base: ArrayLike,
    category: ArrayLike,
    totals: ArrayLike,
    *,
    names: Sequence[str] | None = None,
) -> Calibrated:
    """Scale the weights of each category to its total.

    Parameters
    ----------
    base
        Weights d, > 0, shape (rows,).
    category
        Category of each row, from 0, shape (rows,).
    totals
        Total of each category, shape (categories,).
    names
        What the categories are called in messages.

    Raises
    ------
    WeightError
        If a category has a total but no row, or a row but no total.
    """
    d, total = np.asarray(base, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    code: Ints = np.asarray(category, dtype=np.intp)
    sums = np.bincount(code, d, minlength=total.size)
    wrong = [
        f"{_named(names, k)} has a total of {total[k]:,.10g} and rows of weight {sums[k]:,.10g}"
        for k in np.flatnonzero((sums > 0) != (total > 0)).tolist()
    ]
    if wrong:
        raise WeightError(
            "Post-stratification needs rows and a total above 0 in every category. Merge:", wrong
        )
    factor = np.divide(total, sums, out=np.ones_like(total), where=sums > 0)
    ratios = factor[code]
    weights = d * ratios
    got = np.bincount(code, weights, minlength=total.size)
    gap = np.abs(got - total) / np.where(total > 0, total, 1.0)
    return Calibrated(weights, ratios, 0, float(gap.max(initial=0.0)), 0)


def _calibrate(
    base: ArrayLike,
    auxiliaries: ArrayLike,
    totals: ArrayLike,
    lower: ArrayLike | None,
    upper: ArrayLike | None,
    names: Sequence[str] | None,
    curve_within: Callable[[Floats, Floats], Curve],
) -> Calibrated:
    d, x = np.asarray(base, dtype=np.float64), np.asarray(auxiliaries, dtype=np.float64)
    total = np.asarray(totals, dtype=np.float64)
    if d.ndim != 1 or total.ndim != 1 or x.shape != (d.size, total.size):
        raise WeightError(
            f"Calibration takes base weights of shape (rows,), auxiliaries of (rows, columns) and "
            f"totals of (columns,); found {d.shape}, {x.shape} and {total.shape}."
        )
    if not (np.isfinite(d).all() and (d > 0).all() and np.isfinite(x).all()):
        raise WeightError("Calibration takes base weights above 0 and auxiliaries that are known.")
    if not np.isfinite(total).all():
        raise WeightError("Calibration takes totals that are known; one of them is not a number.")
    floor = np.broadcast_to(np.asarray(-np.inf if lower is None else lower, np.float64), d.shape)
    ceiling = np.broadcast_to(np.asarray(np.inf if upper is None else upper, np.float64), d.shape)
    if not (floor <= ceiling).all():
        raise WeightError("A lower bound on the ratio of weights is above its upper bound.")
    scale = np.where(total != 0, np.abs(total), d @ np.abs(x))
    scale[scale == 0] = 1.0
    problem = Problem(d, x, total, scale, curve_within(floor, ceiling))
    found, steps = problem.solve()
    if not found.gap <= TOLERANCE:
        raise WeightError(_not_met(problem, found, steps, names))
    bounded = int(((found.ratios <= floor) | (found.ratios >= ceiling)).sum())
    return Calibrated(d * found.ratios, found.ratios, steps, found.gap, bounded)


def _not_met(problem: Problem, found: Point, steps: int, names: Sequence[str] | None) -> str:
    gaps = np.abs(found.missing) / problem.scale
    worst = int(np.argmax(np.where(np.isnan(gaps), np.inf, gaps)))
    total, missing = problem.totals[worst], found.missing[worst]
    return (
        f"Calibration did not converge in {steps} steps. The largest gap is at "
        f"{_named(names, worst)}: {total - missing:,.10g} instead of {total:,.10g} "
        f"({-missing / problem.scale[worst]:+.2%}). The totals contradict each other, or the "
        "bounds are too narrow: merge small categories, or widen or drop the bounds."
    )


def _refuse_vanishing(found: Calibrated, x: ArrayLike, names: Sequence[str] | None) -> None:
    """Stop where rows would have to weigh nothing, which raking only comes near."""
    gone = found.ratios < _VANISHED * found.ratios.max(initial=0.0)
    if gone.any():
        row = np.asarray(x, dtype=np.float64)[int(np.argmin(found.ratios))]
        where = ", ".join(_named(names, k) for k in np.flatnonzero(row).tolist())
        raise WeightError(
            f"Raking meets the totals only with weights of nothing for {int(gone.sum()):,} rows, "
            f"among them those of {where}: other categories leave no room for them. Merge "
            "categories whose cells are empty, or correct the totals."
        )


def _named(names: Sequence[str] | None, place: int) -> str:
    return names[place] if names is not None else f"auxiliary {place + 1}"
