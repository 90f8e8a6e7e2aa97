"""Measures of inequality of one cell, and how each row moves them.

Every measure is a function of the weights of the rows; its linearised score ``z_i`` is the
derivative by the weight of row i, so that the variance of the measure is that of the total
of ``w_i z_i``. Tied wages are merged first: nothing depends on the order of rows, and the
sums run over ascending wages. Scores are given by distinct wage.

Sources: J.-C. Deville, Variance estimation for complex statistics and estimators:
linearization and residual techniques, Survey Methodology 25 (1999); M. Langel and Y. Tillé,
Variance estimation of the Gini index: revisiting a result several times published, Journal
of the Royal Statistical Society A 176 (2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wageguide.tiers.scale import Floats, Ints

#: A cut that was interpolated onto a wage may miss it by so much, relatively.
_CUT = 4 * np.finfo(float).eps


@dataclass(frozen=True)
class Distribution:
    """The wages of one cell, ties merged.

    Attributes
    ----------
    wages
        Distinct wages in yuan, ascending, shape (distinct,).
    weights
        Weight of each, shape (distinct,): whole units, so that sums of them are exact.
    place
        Place in `wages` of each row's wage, shape (rows,).
    """

    wages: Floats
    weights: Floats
    place: Ints

    @cached_property
    def total(self) -> float:
        """Weight of the cell."""
        return float(self.weights.sum())

    @cached_property
    def amount(self) -> float:
        """Sum of weight x wage."""
        return float((self.weights * self.wages).sum())

    @cached_property
    def upto(self) -> Floats:
        """Weight up to and including each wage, shape (distinct,)."""
        return np.asarray(np.cumsum(self.weights))


def distribution(codes: Ints, units: Ints, wages: Floats) -> Distribution:
    """Merge the rows of a cell by wage.

    Parameters
    ----------
    codes, units, wages
        Wage code, integer weight and wage in yuan of each row, shape (rows,).
    """
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    weights: Floats = np.bincount(place, units.astype(np.float64)).astype(np.float64)
    return Distribution(wages[first], weights, place.astype(np.int64))


def gini(cell: Distribution) -> float:
    """Gini coefficient of the weighted distribution; NaN where all wages are 0.

    With C the cumulative weight, W its sum and T = sum w x, over distinct wages:
    ``sum w x (2 C - w - W) / (W T)``. That is twice the area between the diagonal and the
    Lorenz curve drawn straight between its points, and half the mean absolute difference of
    two workers over the mean. It is the population form, without n / (n - 1): one of n equal
    weights who has everything gives 1 - 1/n.

    >>> four = np.array([1, 2, 3, 4])
    >>> gini(distribution(four, np.ones(4, int), four * 1.0))
    0.25
    """
    w, x = cell.weights, cell.wages
    if not cell.amount:
        return float("nan")
    rank = 2 * cell.upto - w - cell.total
    return float((w * x * rank).sum() / (cell.total * cell.amount))


def gini_scores(cell: Distribution) -> Floats:
    """Derivative of `gini` by weight: ``sum_j w_j |x - x_j| / (W T) - G / W - G x / T``."""
    w, x, total, amount = cell.weights, cell.wages, cell.total, cell.amount
    if not amount:
        return np.full(x.size, np.nan)
    apart = x * (2 * cell.upto - total) + amount - 2 * np.cumsum(w * x)
    g = gini(cell)
    return np.asarray(apart / (total * amount) - g / total - g * x / amount)


def theil(cell: Distribution) -> float:
    """Theil's index, the mean of ``x / mean ln(x / mean)``; a wage of 0 counts as 0."""
    if not cell.amount:
        return float("nan")
    relative = cell.wages * cell.total / cell.amount
    return float((cell.weights * _x_log_x(relative)).sum() / cell.total)


def theil_scores(cell: Distribution) -> Floats:
    """Derivative of `theil` by weight."""
    if not cell.amount:
        return np.full(cell.wages.size, np.nan)
    relative = cell.wages * cell.total / cell.amount
    part = _x_log_x(relative) - relative * (1 + theil(cell)) + 1
    return np.asarray(part / cell.total)


def std_log(cell: Distribution) -> float:
    """Standard deviation of log wages; NaN where a wage is 0."""
    return float(np.sqrt((cell.weights * _log_off(cell) ** 2).sum() / cell.total))


def std_log_scores(cell: Distribution) -> Floats:
    """Derivative of `std_log` by weight; NaN where it is 0."""
    spread = std_log(cell)
    if not spread > 0:
        return np.full(cell.wages.size, np.nan)
    return np.asarray((_log_off(cell) ** 2 - spread**2) / (2 * spread * cell.total))


def tail_share_scores(cell: Distribution, share: float, cut: float, p: float, tail: str) -> Floats:
    """Derivative by weight of what the lowest or highest `p` earn as a share of all wages.

    Parameters
    ----------
    share
        That share of all wages.
    cut
        Wage at which the tail ends, by the inverted CDF.
    p
        Share of workers in the tail.
    tail
        ``lower`` or ``upper``.
    """
    inside = cell.wages <= cut if tail == "lower" else cell.wages > cut
    moved = np.where(inside, cell.wages - cut, 0.0) + p * cut
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((moved - share * cell.wages) / cell.amount)


def share_upto(cell: Distribution, cut: float) -> tuple[float, Floats]:
    """Share of workers with at most a wage, and its derivative by weight."""
    below = cell.wages <= cut * (1 + _CUT)
    share = float(cell.weights[below].sum() / cell.total)
    return share, np.asarray((below - share) / cell.total)


def _x_log_x(x: Floats) -> Floats:
    return x * np.log(np.where(x > 0, x, 1.0))


def _log_off(cell: Distribution) -> Floats:
    """Log wages less their mean; NaN where a wage is 0."""
    if cell.wages[0] <= 0:
        return np.full(cell.wages.size, np.nan)
    logs = np.log(cell.wages)
    return np.asarray(logs - (cell.weights * logs).sum() / cell.total)
