"""The numbers of sorted cells: cuts, tiers and means, from exact integers.

Everything here works on a run of whole cells whose rows are sorted by cell and then by
wage. Cumulative weights are integers, so a cut is found by an integer comparison and an
exact hit is exact. A sum of weight x amount is an integer too; where one cell's could pass
63 bits it is kept in limbs. Each published figure is one division of such integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wageguide.errors import SchemeError
from wageguide.tiers.quantile import KNOT_UNIT, QuantileRule
from wageguide.tiers.scale import Floats, Ints, WageScale, WeightScale
from wageguide.tiers.scheme import Scheme

#: A product of floats under this is a product of integers under 2**63.
_SAFE = 2.0**62


@dataclass(frozen=True)
class Question:
    """What is asked of every cell.

    Attributes
    ----------
    scheme, rule
        Tiers, and the definition of their quantiles.
    wages, weights
        How the integers translate into yuan and workers.
    """

    scheme: Scheme
    rule: QuantileRule
    wages: WageScale
    weights: WeightScale

    @cached_property
    def quantile_shares(self) -> tuple[Fraction, ...]:
        """Shares of the quantile tiers, in scheme order."""
        return tuple(t.share for t in self.scheme.tiers if t.kind == "quantile")

    @cached_property
    def mean_bounds(self) -> tuple[Fraction, ...]:
        """Shares inside (0, 1) at which a tail or middle mean is cut, ascending."""
        tiers = (t for t in self.scheme.tiers if t.kind != "quantile")
        return tuple(sorted({b for t in tiers for b in t.bounds if 0 < b < 1}))

    @cached_property
    def worker_units(self) -> int:
        """Units in one whole worker; the whole-persons rule counts in them."""
        units = self.weights.units_per_worker
        if units is None:
            raise SchemeError(
                "Boundary whole_persons counts workers, but the weights are multiples of "
                f"{float(self.weights.unit):g} and a whole worker is no number of them. "
                "Use boundary fractional, or give weights as numbers of workers."
            )
        return units


class Rows(Protocol):
    """Rows sorted by cell and then by wage, however they are held.

    Attributes
    ----------
    unit_weights
        Whether every row weighs one unit.
    cumulative
        Weight up to and including each row, over all cells, shape (rows,).
    """

    unit_weights: bool

    @property
    def cumulative(self) -> Ints:
        """Weight up to and including each row, over all cells, shape (rows,)."""

    def code_at(self, index: Ints | slice) -> Ints:
        """Wage codes of some rows."""

    def weight_at(self, index: Ints | slice) -> Ints:
        """Integer weights of some rows."""

    def products(self, wages: WageScale, total: Ints, largest: Ints) -> tuple[list[Ints], int]:
        """Weight x amount of each row, in limbs of so many bits, lowest first.

        No sum of a limb over a cell may pass 63 bits; `total` is the weight of each cell
        and `largest` its largest amount. One limb has no bits to tell.
        """


@dataclass(frozen=True)
class SortedCells:
    """Whole cells of sorted rows.

    Attributes
    ----------
    start
        First row of each cell and, last, the number of rows; shape (cells + 1,). No cell
        is empty.
    rows
        The rows.
    """

    start: Ints
    rows: Rows

    @cached_property
    def before(self) -> Ints:
        """Weight before the first row of each cell, shape (cells,)."""
        return self.upto(self.start[:-1])

    @cached_property
    def total(self) -> Ints:
        """Weight of each cell, shape (cells,)."""
        return self.rows.cumulative[self.start[1:] - 1] - self.before

    def upto(self, row: Ints) -> Ints:
        """Weight of all rows before `row`."""
        if self.rows.unit_weights:
            return row
        return np.where(row > 0, self.rows.cumulative[row - 1], 0)


def fits_one_limb(total: Ints, largest: Ints) -> bool:
    """Whether weight x amount of every cell can be summed in 63 bits."""
    return float((total.astype(np.float64) * largest).max()) < _SAFE


def limb_bits(total: Ints) -> int:
    """Bits of an amount that can be summed over the heaviest cell in 63 bits."""
    return 63 - int(total.max()).bit_length()


def limb_of(amount: Ints, number: int, bits: int, *, last: bool) -> Ints:
    """Limb `number` of each amount; the last one takes all that is left."""
    piece = amount >> (bits * number)
    return piece if last else piece & ((1 << bits) - 1)


@dataclass(frozen=True)
class CellNumbers:
    """Figures of each cell, in yuan and workers: all of shape (cells,) or (cells, tiers)."""

    total: Ints
    mean: Floats
    tiers: Floats


def finish(cells: SortedCells, question: Question) -> CellNumbers:
    """Mean and tiers of every cell, the tiers in scheme order; NaN where there is none."""
    scheme, wages = question.scheme, question.wages
    bounds = question.mean_bounds
    cut = [_boundary(cells, b, question) for b in bounds]
    sums, bits = _segment_sums(cells, [c.row for c in cut], wages)
    whole = _to_float([s.sum(axis=1) for s in sums], bits)
    out = np.empty((cells.total.size, len(scheme.tiers)))
    quantiles = iter(_quantiles(cells, question).T)
    partial = {b: _Partial(i, c) for i, (b, c) in enumerate(zip(bounds, cut, strict=True))}
    for column, tier in enumerate(scheme.tiers):
        if tier.kind == "quantile":
            out[:, column] = next(quantiles)
            continue
        low, high = (partial.get(b) for b in tier.bounds)
        mean = _mean_between(cells, (sums, bits), low, high, wages)
        out[:, column] = mean / wages.per_yuan
    return CellNumbers(cells.total, whole / cells.total / wages.per_yuan, out)


@dataclass(frozen=True)
class _Cut:
    """Where a share of each cell's weight ends.

    It ends `into` units and `rest` / `per_unit` of a unit into row `row`, which is `at`
    whole units from the cell's first; arrays of shape (cells,).
    """

    row: Ints
    into: Ints
    rest: Ints
    per_unit: int
    at: Ints


@dataclass(frozen=True)
class _Partial:
    segment: int
    cut: _Cut


def _targets(total: Ints, share: Fraction) -> tuple[Ints, Ints]:
    """``share * total`` as whole units and a rest in `share.denominator` ths."""
    a, b = share.numerator, share.denominator
    over = a * (total % b)
    return a * (total // b) + over // b, over % b


def _row_reaching(cells: SortedCells, units: Ints) -> Ints:
    """First row of each cell at which its cumulative weight is at least `units` >= 1."""
    if cells.rows.unit_weights:
        row = cells.start[:-1].reshape(-1, *[1] * (units.ndim - 1)) + units - 1
    else:
        before = cells.before.reshape(-1, *[1] * (units.ndim - 1))
        row = np.searchsorted(cells.rows.cumulative, (before + units).ravel()).reshape(units.shape)
    return row


def cut_units(total: Ints, share: Fraction, question: Question) -> tuple[Ints, Ints]:
    """Where a mean's boundary lies: whole units of weight, and a rest in denominator ths."""
    units, rest = _targets(total, share)
    if question.scheme.boundary == "fractional":
        return units, rest
    worker = question.worker_units
    if share > Fraction(1, 2):  # the highest persons are counted from the top
        lower, _ = _targets(total, 1 - share)
        return total - lower // worker * worker, np.zeros_like(rest)
    return units // worker * worker, np.zeros_like(rest)


def _boundary(cells: SortedCells, share: Fraction, question: Question) -> _Cut:
    units, rest = cut_units(cells.total, share, question)
    row = _row_reaching(cells, np.maximum(units + (rest > 0), 1))
    into = units - (cells.upto(row) - cells.before)
    return _Cut(row, into, rest, share.denominator, units)


def _segment_sums(
    cells: SortedCells, rows: Sequence[Ints], wages: WageScale
) -> tuple[list[Ints], int]:
    """Sums of weight x amount between cell starts and cuts, in limbs.

    Returns arrays of shape (cells, cuts + 1), lowest limb first, and the bits of a limb.
    """
    at = np.column_stack([cells.start[:-1], *rows])
    flat = at.ravel()
    largest = wages.amounts(cells.rows.code_at(cells.start[1:] - 1))
    limbs, bits = cells.rows.products(wages, cells.total, largest)
    empty = np.append(flat[1:] == flat[:-1], False)
    sums = []
    for limb in limbs:
        segment = np.add.reduceat(limb, flat)
        segment[empty] = 0  # reduceat gives the element itself where a segment is empty
        sums.append(segment.reshape(at.shape))
    return sums, bits


def _mean_between(
    cells: SortedCells,
    sums: tuple[Sequence[Ints], int],
    low: _Partial | None,
    high: _Partial | None,
    wages: WageScale,
) -> Floats:
    """Mean amount of each cell between two cuts; None is the cell's end. NaN of no weight."""
    parts, bits = sums
    # The segment with a cut's number is the last one before the cut's row.
    first = low.segment + 1 if low else 0
    last = high.segment if high else parts[0].shape[1] - 1
    limbs = [p[:, first : last + 1].sum(axis=1) for p in parts]
    units = cells.total.copy() if high is None else high.cut.at.copy()
    rest_amount, rest = np.zeros_like(units), np.zeros_like(units)
    per_unit = 1
    for partial, sign in ((high, 1), (low, -1)):
        if partial is None:
            continue
        cut = partial.cut
        amount = wages.amounts(cells.rows.code_at(cut.row))
        _add_product(limbs, bits, amount, sign * cut.into)
        rest_amount += sign * cut.rest * amount
        rest += sign * cut.rest
        per_unit = cut.per_unit  # the same for both cuts: they lie symmetrically
    if low is not None:
        units -= low.cut.at
    return _ratio(limbs, bits, rest_amount, units, rest, per_unit)


def _ratio(
    limbs: Sequence[Ints], bits: int, rest_amount: Ints, units: Ints, rest: Ints, per_unit: int
) -> Floats:
    """``(sum + rest_amount / per_unit) / (units + rest / per_unit)``, rounded at the end.

    Where all fits 62 bits the fraction is made of whole numbers first, so that nothing
    cancels; elsewhere the rests are too small beside the sums for that to matter.
    """
    whole = _to_float(limbs, bits)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = (whole + rest_amount / per_unit) / (units + rest / per_unit)
        small = (np.abs(whole) < _SAFE / per_unit) & (units < _SAFE / per_unit)
        exact = np.zeros_like(units)
        for j, limb in enumerate(limbs):
            exact += limb << (bits * j)
        weight = per_unit * units + rest
        ratio = np.where(small, (per_unit * exact + rest_amount) / weight, ratio)
    return np.where((units > 0) | (rest > 0), ratio, np.nan)


def _add_product(limbs: list[Ints], bits: int, amount: Ints, units: Ints) -> None:
    """Add amount x units to sums in limbs, in place."""
    for j in range(len(limbs)):
        limbs[j] = limbs[j] + limb_of(amount, j, bits, last=j + 1 == len(limbs)) * units


def _to_float(limbs: Sequence[Ints], bits: int) -> Floats:
    """Nearest double to each integer; the same whatever the number of limbs."""
    if len(limbs) == 1:
        return limbs[0].astype(np.float64)
    rows = zip(*(limb.tolist() for limb in limbs), strict=True)
    return np.array([float(sum(v << (bits * j) for j, v in enumerate(row))) for row in rows])


def _quantiles(cells: SortedCells, question: Question) -> NDArray[np.float64]:
    """Quantile tiers of every cell, shape (cells, quantile tiers)."""
    shares, rule = question.quantile_shares, question.rule
    if not shares:
        return np.empty((cells.total.size, 0))
    if rule.interpolates:
        return np.column_stack([_interpolated(cells, s, question) for s in shares])
    pairs = [_targets(cells.total, s) for s in shares]
    units = np.column_stack([u for u, _ in pairs])
    rest = np.column_stack([r for _, r in pairs])
    row = _row_reaching(cells, np.maximum(units + (rest > 0), 1))
    value = question.wages.wages(cells.rows.code_at(row))
    if not rule.averages:
        return value
    reached = cells.rows.cumulative[row] - cells.before[:, None]
    hit = (rest == 0) & (reached == units) & (row + 1 < cells.start[1:, None])
    following = np.where(hit, row + 1, row)
    return (value + question.wages.wages(cells.rows.code_at(following))) / 2


def _interpolated(cells: SortedCells, share: Fraction, question: Question) -> Floats:
    """One quantile tier by a rule that is linear between knots."""
    rule = question.rule
    assert rule.beta is not None
    last = cells.start[1:] - 1
    weight = cells.rows.weight_at(slice(None))
    knots = KNOT_UNIT * cells.rows.cumulative - rule.beta * weight
    span = KNOT_UNIT * cells.total + rule.gamma * weight[last]
    whole, rest = _targets(span, share)
    target = KNOT_UNIT * cells.before + whole
    row = np.searchsorted(knots, target, side="right") - 1
    row = np.clip(row, cells.start[:-1], last)
    following = np.minimum(row + 1, last)
    gap = np.where(following > row, knots[following] - knots[row], 1)
    step = (target - knots[row] + rest / share.denominator) / gap
    step = np.clip(step, 0.0, 1.0)
    low = question.wages.wages(cells.rows.code_at(row))
    return low + step * (question.wages.wages(cells.rows.code_at(following)) - low)
