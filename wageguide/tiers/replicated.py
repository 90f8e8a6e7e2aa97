"""Estimates under replicate weights, cell by cell, and their variance.

Rows lie by cell and wage. In blocks of rows and replicates, replicate weights are summed
up along the rows once; every quantile and tail mean of every replicate is then found by a
binary search in those sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from wageguide.tiers.calibrated import Auxiliaries, inverse_products
from wageguide.tiers.cells import Question
from wageguide.tiers.quantile import KNOT_UNIT
from wageguide.tiers.replicates import Replicates
from wageguide.tiers.sample import Codes, SampleDesign, by_group
from wageguide.tiers.scale import Floats, Ints

#: Replicates, rows and replicate weights that are worked on at a time: a few megabytes.
_TOGETHER = 256
_ROWS = 1 << 12
_BLOCK = 1 << 19
#: Share of the weight by which a sum may miss a target and still reach it.
_HIT = 1e-12
#: The same for a wage and a cut.
_ROUNDING = 4 * np.finfo(float).eps
#: Part of the replicates in which a cell may be without weight; beyond, its variance is
#: not estimable.
_LOST = 0.05
#: Eigenvalues below this part of the largest are none.
_RANK = 1e-10


@dataclass(frozen=True)
class SortedUnits:
    """Rows by cell and wage that know their unit.

    Attributes
    ----------
    start
        First row of each cell and the number of rows, shape (cells + 1,).
    wage, weight
        Yuan, and weights, shape (rows,).
    unit, row
        Sampling unit, and row of the design.
    """

    start: Ints
    wage: Floats
    weight: Floats
    unit: Ints | Codes
    row: Ints


def sorted_units(
    cell: Ints | Codes, code: Ints, weight: Ints, unit: Ints | Codes, row: Ints, question: Question
) -> SortedUnits:
    """Put rows in the order of cell, wage and weight.

    Parameters
    ----------
    cell, code, weight, unit, row
        Cell, wage code, integer weight, sampling unit and row of the design of each row.
    question
        Its scales.
    """
    order = np.lexsort((weight, code, cell))
    ends = np.flatnonzero(np.diff(cell[order], append=-1)) + 1
    return SortedUnits(
        start=np.concatenate([[0], ends]),
        wage=question.wages.wages(code[order]),
        weight=question.weights.weights(weight[order]),
        unit=unit[order],
        row=row[order],
    )


def replicate_df(start: Ints, unit: Ints | Codes, replicates: Replicates) -> Ints:
    """Degrees of freedom that replicates leave each cell: the rank of its factors less one.

    As R `survey::degf` of a replicate design.

    Parameters
    ----------
    start
        First row of each cell and the end of the last, shape (cells + 1,).
    unit
        Unit of the factors of each row, shape (rows,).
    replicates
        The replicates.
    """
    factors = replicates.factors(slice(0, replicates.count))
    ranks = []
    for first, last in pairwise(start):
        held = factors[np.unique(unit[first:last])]
        sizes = np.linalg.eigvalsh(
            held.T @ held if held.shape[0] > held.shape[1] else held @ held.T
        )
        ranks.append(int((sizes > _RANK * sizes.max()).sum()) - 1)
    return np.array(ranks, dtype=np.int64)


@dataclass
class Spread:
    """Running sums of how far replicates lie from the full sample."""

    scale: float
    mse: bool
    shape: tuple[int, ...]
    count: Floats = field(init=False)
    sums: list[Floats] = field(init=False)

    def __post_init__(self) -> None:
        self.count = np.zeros(self.shape)
        self.sums = [np.zeros(self.shape) for _ in range(4)]

    def add(self, cells: slice, off: Floats, rscales: Floats) -> None:
        """Take in differences from the full sample, shape (cells, K, replicates)."""
        here = ~np.isnan(off) & (rscales > 0)
        off = np.where(here, off, 0.0)
        self.count[cells] += here.sum(axis=2)
        scales = here * rscales
        parts = (off * off * scales, off * scales, off, scales)
        for total, part in zip(self.sums, parts, strict=True):
            total[cells] += part.sum(axis=2)

    def variance(self, replicates: int) -> Floats:
        """Variance of each figure; NaN where too many of the replicates had no weight."""
        squares, scaled, plain, scales = self.sums
        with np.errstate(invalid="ignore", divide="ignore"):
            if not self.mse:
                mean = plain / self.count
                squares = squares - 2 * mean * scaled + mean**2 * scales
            found = self.scale * squares * replicates / self.count
        return np.where(self.count >= (1 - _LOST) * replicates, np.maximum(found, 0.0), np.nan)


def replicate_variance(
    rows: SortedUnits,
    question: Question,
    replicates: Replicates,
    again: Recalibration | None = None,
    cuts: Floats | None = None,
) -> Floats:
    """Variance of the mean and tiers of every cell.

    Parameters
    ----------
    rows
        Rows by cell and wage.
    question
        What is asked of each cell.
    replicates
        The replicates.
    again
        How weights are calibrated again in each replicate; None where they are not.
    cuts
        Wages, shape (cells, quantile tiers): where given, the variance is that of the
        share of weight at or below them, in place of the quantiles'.

    Returns
    -------
    array, shape (cells, 1 + tiers)
    """
    shape = (rows.start.size - 1, 1 + len(question.scheme.tiers))
    spread = Spread(replicates.scale, replicates.mse, shape)
    for first in range(0, replicates.count, _TOGETHER):
        part = slice(first, min(first + _TOGETHER, replicates.count))
        factors = replicates.factors(part)
        changes = None if again is None else again.coefficients(factors)
        for cells in _blocks(rows.start):
            block = slice(rows.start[cells.start], rows.start[cells.stop])
            start = rows.start[cells.start : cells.stop + 1] - block.start
            weight, unit = rows.weight[block], rows.unit[block]
            wanted = None if cuts is None else cuts[cells]
            whole = _Block(start, rows.wage[block], weight[:, None])
            base = whole.figures(question, wanted)
            step = max(_BLOCK // unit.size, 1)
            for begin in range(0, part.stop - part.start, step):
                some = slice(begin, min(begin + step, part.stop - part.start))
                weights = factors[:, some].take(unit, axis=0)
                weights *= weight[:, None]
                if again is not None and changes is not None:
                    weights *= 1 + again.auxiliaries.fitted(changes[:, some], rows.row[block])
                values = _Block(start, rows.wage[block], weights).figures(question, wanted)
                spread.add(cells, values - base, replicates.rscales[part][some])
    return spread.variance(int((replicates.rscales > 0).sum()))


def _blocks(start: Ints) -> Iterator[slice]:
    """Runs of whole cells of about `_ROWS` rows."""
    first, end = 0, start.size - 1
    while first < end:
        last = int(np.searchsorted(start, start[first] + _ROWS, side="right")) - 1
        last = min(max(last, first + 1), end)
        yield slice(first, last)
        first = last


@dataclass(frozen=True)
class Recalibration:
    """Calibrates the weights of each replicate to the totals of the full sample, linearly.

    Attributes
    ----------
    auxiliaries
        What the weights were calibrated on.
    totals
        Weighted totals of the auxiliaries by unit, shape (units, columns).
    products
        ``w x x'`` summed by unit, shape (units, columns, columns).
    """

    auxiliaries: Auxiliaries
    totals: Floats
    products: Floats

    @classmethod
    def of(cls, sample: SampleDesign) -> Recalibration | None:
        """What a design's calibration asks for; None where its weights were not calibrated."""
        auxiliaries = sample.auxiliaries
        if auxiliaries is None:
            return None
        x = auxiliaries.matrix()
        weighted = x * sample.weights[:, None]
        columns = [
            by_group(sample.unit, weighted * x[:, [q]], sample.units) for q in range(x.shape[1])
        ]
        totals = by_group(sample.unit, weighted, sample.units)
        return cls(auxiliaries, totals, np.stack(columns, axis=2))

    def coefficients(self, factors: Floats) -> Floats:
        """Lambda of each replicate, shape (columns, replicates): w becomes w (1 + x lambda)."""
        units, columns = self.totals.shape
        missing = self.totals.sum(axis=0)[:, None] - self.totals.T @ factors
        flat = self.products.reshape(units, -1).T @ factors
        matrices = flat.T.reshape(-1, columns, columns)
        inverse = inverse_products(matrices)
        return np.asarray(np.einsum("rqp,pr->qr", inverse, missing))


@dataclass(frozen=True)
class _Block:
    """Whole cells of sorted rows under some replicate weights, shape (rows, replicates)."""

    start: Ints
    wage: Floats
    weights: Floats

    @cached_property
    def reached(self) -> Floats:
        """Weight before each row and, last, of all rows, shape (rows + 1, replicates)."""
        return _running(self.weights)

    @cached_property
    def amounts(self) -> Floats:
        """The same of weight x wage."""
        return _running(self.weights * self.wage[:, None])

    @property
    def before(self) -> Floats:
        """Weight before each cell, shape (cells, replicates)."""
        return self.reached[self.start[:-1]]

    @cached_property
    def total(self) -> Floats:
        """Weight of each cell; NaN where it is none."""
        total = self.reached[self.start[1:]] - self.before
        return np.where(total > 0, total, np.nan)

    def figures(self, question: Question, cuts: Floats | None) -> Floats:
        """Mean and tiers, shape (cells, 1 + tiers, replicates).

        With `cuts`, wages of shape (cells, quantile tiers), the shares of weight at or
        below them stand in the places of the quantiles.
        """
        tiers = question.scheme.tiers
        out = np.empty((self.start.size - 1, 1 + len(tiers), self.weights.shape[1]))
        weighted = self.weights * self.wage[:, None]
        with np.errstate(invalid="ignore"):
            out[:, 0] = np.add.reduceat(weighted, self.start[:-1], axis=0) / self.total
        quantiles = [i for i, t in enumerate(tiers) if t.kind == "quantile"]
        places = [1 + i for i in quantiles]
        if quantiles and cuts is not None:
            out[:, places] = self._shares(cuts)
        elif quantiles:
            shares = np.array([float(tiers[i].share) for i in quantiles])
            out[:, places] = self._quantiles(shares, question)
        for i, tier in enumerate(tiers):
            if tier.kind != "quantile":
                low, high = (float(b) for b in tier.bounds)
                amount = self._amount_upto(high) - self._amount_upto(low)
                out[:, 1 + i] = amount / ((high - low) * self.total)
        return out

    def _first(self, sums: Floats, goal: Floats) -> Ints:
        """First row of each cell behind which `sums` reach `goal`, (cells, K, replicates)."""
        width = self.weights.shape[1]
        flat, column = sums.ravel(), np.arange(width)
        low = np.broadcast_to(self.start[:-1, None, None], goal.shape).copy()
        high = np.broadcast_to(self.start[1:, None, None] - 1, goal.shape).copy()
        for _ in range(int(np.diff(self.start).max() - 1).bit_length()):
            middle = (low + high) >> 1
            short = flat.take((middle + 1) * width + column) < goal
            low = np.where(short & (low < high), middle + 1, low)
            high = np.where(short, high, middle)
        return low

    def _goals(self, shares: Floats, slack: float) -> Floats:
        share = shares[None, :, None]
        total = np.nan_to_num(self.total)[:, None]
        return self.before[:, None] + (share + slack) * total

    def _quantiles(self, shares: Floats, question: Question) -> Floats:
        rule = question.rule
        if rule.interpolates:
            found = self._linear(shares, question)
        else:
            found = self.wage[self._first(self.reached, self._goals(shares, -_HIT))]
            if rule.averages:
                after = self.wage[self._first(self.reached, self._goals(shares, _HIT))]
                found = (found + after) / 2
        return np.where(np.isnan(self.total)[:, None], np.nan, found)

    def _linear(self, shares: Floats, question: Question) -> Floats:
        """Rules that are linear between knots; rows without weight have none."""
        rule, width = question.rule, self.weights.shape[1]
        assert rule.beta is not None
        beta, gamma = rule.beta / KNOT_UNIT, rule.gamma / KNOT_UNIT
        out = np.full((self.start.size - 1, shares.size, width), np.nan)
        for cell, (first, last) in enumerate(pairwise(self.start)):
            for replicate in range(width):
                weight = self.weights[first:last, replicate]
                holds = weight > 0
                weight, wage = weight[holds], self.wage[first:last][holds]
                if weight.size:
                    reached = np.cumsum(weight)
                    goal = shares * (reached[-1] + gamma * weight[-1])
                    out[cell, :, replicate] = np.interp(goal, reached - beta * weight, wage)
        return out

    def _shares(self, cuts: Floats) -> Floats:
        """Share of weight at or below cuts, (cells, K, replicates)."""
        rows = np.empty(cuts.shape, np.int64)
        for cell, (first, last) in enumerate(pairwise(self.start)):
            upto = cuts[cell] * (1 + _ROUNDING)
            rows[cell] = first + np.searchsorted(self.wage[first:last], upto, side="right")
        return (self.reached[rows] - self.before[:, None]) / self.total[:, None]

    def _amount_upto(self, share: float) -> Floats:
        """Weight x wage of the lowest share of each cell, the row on the boundary in part."""
        before = self.amounts[self.start[:-1]]
        if share in (0.0, 1.0):
            return share * (self.amounts[self.start[1:]] - before)
        goal = self._goals(np.array([share]), 0.0)
        row = self._first(self.reached, goal)[:, 0]
        column = np.arange(self.weights.shape[1])
        part = goal[:, 0] - self.reached[row, column]
        return self.amounts[row, column] - before + part * self.wage[row]


def _running(values: Floats) -> Floats:
    sums = np.zeros((values.shape[0] + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=sums[1:])
    return sums
