"""Intervals: Student's t about means, and Woodruff's for quantiles.

A quantile q at share p has the interval between the quantiles at the limits of F(q),
whose sampling error is that of a share. Its standard error is the interval's width over
2 t. Limits outside (0, 1) have no quantile.

Source: R. S. Woodruff, Confidence intervals for medians and other position measures, JASA
47 (1952); E. L. Korn and B. I. Graubard, Confidence intervals for proportions with small
expected number of positive counts, Survey Methodology 24 (1998); as R `svyciprop`.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from wageguide.errors import InputError
from wageguide.tiers.cells import Question, SortedCells
from wageguide.tiers.quantile import KNOT_UNIT
from wageguide.tiers.scale import Floats, Ints

#: How the limits of a share are set: on its own scale, on the logit scale, on the
#: arcsine scale, or by Clopper and Pearson's limits at the effective sample size.
IntervalMethod = Literal["mean", "xlogit", "asin", "beta"]

#: Part of the weight by which a cumulative weight may miss a limit and still hit it.
_HIT = 1e-12

#: Part of an estimate below which a standard error is the rounding of sums.
_NO_SPREAD = 1e-12


def t_quantile(df: Floats | Ints, level: float) -> Floats:
    """Student's t for a two-sided interval; NaN without degrees of freedom."""
    from scipy.special import stdtrit

    df = np.asarray(df, dtype=np.float64)
    # A count of degrees of freedom repeats in many cells.
    few, place = np.unique(df, return_inverse=True)
    few = np.where(few >= 1, few, np.nan)
    return np.asarray(stdtrit(few, (1 + level) / 2)[place].reshape(df.shape))


def estimable(se: Floats, estimate: Floats) -> Floats:
    """Standard errors; NaN where there is none but what rounding leaves of a 0."""
    return np.asarray(np.where(se > _NO_SPREAD * np.abs(estimate), se, np.nan))


def about(estimate: Floats, se: Floats, df: Floats | Ints, level: float) -> tuple[Floats, Floats]:
    """``estimate -+ t se``; `df` broadcasts."""
    reach = t_quantile(df, level) * se
    return estimate - reach, estimate + reach


def share_limits(
    share: Floats,
    se: Floats,
    df: Floats | Ints,
    rows: Floats | Ints,
    level: float,
    method: IntervalMethod,
) -> tuple[Floats, Floats]:
    """Limits of shares.

    Parameters
    ----------
    share, se
        Shapes (cells, K). A standard error of 0 has no interval.
    df, rows
        Degrees of freedom and rows of each cell, broadcast to the same shape.
    level
        0.95 for 95 %.
    method
        One of `IntervalMethod`.

    Returns
    -------
    tuple of arrays
        NaN where there is no interval. Limits of ``mean`` may lie outside (0, 1).
    """
    if method not in get_args(IntervalMethod):
        raise InputError(
            f"Interval {method!r} is not one of {', '.join(get_args(IntervalMethod))}."
        )
    t = t_quantile(df, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.where((se > 0) & (share > 0) & (share < 1), se, np.nan)
        if method == "mean":
            return share - t * se, share + t * se
        if method == "xlogit":
            middle, reach = np.log(share / (1 - share)), t * se / (share * (1 - share))
            return 1 / (1 + np.exp(reach - middle)), 1 / (1 + np.exp(-reach - middle))
        if method == "asin":
            middle = np.arcsin(np.sqrt(share))
            reach = t * se / (2 * np.sqrt(share * (1 - share)))
            low, high = np.maximum(middle - reach, 0), np.minimum(middle + reach, np.pi / 2)
            return np.sin(low) ** 2, np.sin(high) ** 2
        return _beta_limits(
            share, se, t, t_quantile(np.asarray(rows, dtype=np.float64) - 1, level), level
        )


def _beta_limits(
    share: Floats, se: Floats, t: Floats, t_rows: Floats, level: float
) -> tuple[Floats, Floats]:
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    effective = share * (1 - share) / se**2 * (t_rows / t) ** 2
    low = betaincinv(effective * share, effective * (1 - share) + 1, tail)
    high = betaincinv(effective * share + 1, effective * (1 - share), 1 - tail)
    return low, high


def quantiles_at(cells: SortedCells, shares: Floats, question: Question) -> Floats:
    """Quantiles of each cell at shares of its own, by the question's rule, yuan.

    Parameters
    ----------
    shares
        Shape (cells, K); those outside [0, 1] have no quantile (NaN).
    """
    usable = (shares >= 0) & (shares <= 1)
    shares = np.where(usable, shares, 0.5)
    read = _read_linear if question.rule.interpolates else _read_step
    return np.where(usable, read(cells, shares, question), np.nan)


def _read_step(cells: SortedCells, shares: Floats, question: Question) -> Floats:
    total = cells.total[:, None]
    target = shares * total
    nearest = np.rint(target)
    hit = np.abs(target - nearest) <= _HIT * total
    reach = np.clip(np.where(hit, nearest, np.ceil(target)), 1, total).astype(np.int64)
    row = cells.row_reaching(reach)
    value = question.wages.wages(cells.rows.code_at(row))
    if not question.rule.averages:
        return value
    exact = hit & (cells.upto(row + 1) - cells.before[:, None] == reach)
    exact &= row + 1 < cells.start[1:, None]
    following = np.where(exact, row + 1, row)
    return (value + question.wages.wages(cells.rows.code_at(following))) / 2


def _read_linear(cells: SortedCells, shares: Floats, question: Question) -> Floats:
    rule = question.rule
    assert rule.beta is not None
    last = cells.start[1:] - 1
    weight = cells.rows.weight_at(slice(None))
    knots = KNOT_UNIT * cells.rows.cumulative - rule.beta * weight
    span = KNOT_UNIT * cells.total + rule.gamma * weight[last]
    before = KNOT_UNIT * cells.before
    target = shares * span[:, None]
    row = np.searchsorted(knots, before[:, None] + np.floor(target).astype(np.int64), "right") - 1
    row = np.clip(row, cells.start[:-1, None], last[:, None])
    following = np.minimum(row + 1, last[:, None])
    gap = np.where(following > row, knots[following] - knots[row], 1)
    step = np.clip((target - (knots[row] - before[:, None])) / gap, 0.0, 1.0)
    low = question.wages.wages(cells.rows.code_at(row))
    return np.asarray(low + step * (question.wages.wages(cells.rows.code_at(following)) - low))
