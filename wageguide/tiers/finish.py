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

import numpy as np

from wageguide.tiers.cells import SAFE, Question, SortedCells, limb_of
from wageguide.tiers.quantile import KNOT_UNIT
from wageguide.tiers.scale import Floats, Ints, WageScale


@dataclass(frozen=True)
class CellNumbers:
    """Figures of each cell, in yuan and workers: all of shape (cells,) or (cells, tiers)."""

    total: Ints
    mean: Floats
    tiers: Floats


def finish(cells: SortedCells, question: Question) -> CellNumbers:
    """Mean and tiers of every cell, the tiers in scheme order; NaN where there is none."""
    scheme, wages = question.scheme, question.wages
    quantile_cuts, bounds = _cuts(cells, question)
    sums = _segment_sums(cells, [c.row for c in bounds], wages)
    whole = _to_float([limb.sum(axis=1) for limb in sums.limbs], sums.bits)
    segment_of = {c.share: (i, c) for i, c in enumerate(bounds)}
    out = np.empty((cells.total.size, len(scheme.tiers)))
    for column, tier in enumerate(scheme.tiers):
        if tier.kind != "quantile":
            low, high = (segment_of.get(b) for b in tier.bounds)
            out[:, column] = _mean_between(cells, sums, low, high, wages) / wages.per_yuan
        elif question.rule.interpolates:
            out[:, column] = _interpolated(cells, tier.share, question)
        else:
            out[:, column] = _step(cells, quantile_cuts[tier.share], question)
    return CellNumbers(cells.total, whole / cells.total / wages.per_yuan, out)


@dataclass(frozen=True)
class _Cut:
    """Where a share of each cell's weight ends: arrays of shape (cells,).

    It ends after `units` whole units and `rest` / share.denominator of a unit, in row
    `row`.
    """

    share: Fraction
    units: Ints
    rest: Ints
    row: Ints


@dataclass(frozen=True)
class _Sums:
    """Sums of weight x amount from each cell's start and cuts to the next of them.

    `limbs` are arrays of shape (cells, cuts + 1), lowest first, of `bits` each.
    """

    limbs: list[Ints]
    bits: int


def _cuts(cells: SortedCells, question: Question) -> tuple[dict[Fraction, _Cut], list[_Cut]]:
    """Cuts of the step quantiles by share, and of the means' bounds ascending: one search."""
    shares = () if question.rule.interpolates else tuple(sorted(set(question.quantile_shares)))
    targets = [(s, *_targets(cells.total, s)) for s in shares]
    targets += [(s, *cut_units(cells.total, s, question)) for s in question.mean_bounds]
    if not targets:
        return {}, []
    reach = np.column_stack([np.maximum(units + (rest > 0), 1) for _, units, rest in targets])
    rows = cells.row_reaching(reach)
    cuts = [_Cut(*target, rows[:, i]) for i, target in enumerate(targets)]
    return {c.share: c for c in cuts[: len(shares)]}, cuts[len(shares) :]


def _targets(total: Ints, share: Fraction) -> tuple[Ints, Ints]:
    """``share * total`` as whole units and a rest in `share.denominator` ths."""
    a, b = share.numerator, share.denominator
    whole = total // b
    over = a * (total - whole * b)
    more = over // b
    return a * whole + more, over - more * b


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


def _segment_sums(cells: SortedCells, rows: Sequence[Ints], wages: WageScale) -> _Sums:
    """Sums between cell starts and cuts."""
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
    return _Sums(sums, bits)


def _mean_between(
    cells: SortedCells,
    sums: _Sums,
    low: tuple[int, _Cut] | None,
    high: tuple[int, _Cut] | None,
    wages: WageScale,
) -> Floats:
    """Mean amount of each cell between two numbered cuts; None is the cell's end.

    NaN where there is no weight between them.
    """
    # The segment with a cut's number is the last one before the cut's row.
    first = low[0] + 1 if low else 0
    last = high[0] if high else sums.limbs[0].shape[1] - 1
    limbs = [limb[:, first : last + 1].sum(axis=1) for limb in sums.limbs]
    units = cells.total if high is None else high[1].units
    if low is not None:
        units = units - low[1].units
    rest_amount, rest = np.zeros_like(units), np.zeros_like(units)
    per_unit = 1
    for numbered, sign in ((high, 1), (low, -1)):
        if numbered is None:
            continue
        cut = numbered[1]
        amount = wages.amounts(cells.rows.code_at(cut.row))
        into = cut.units - (cells.upto(cut.row) - cells.before)
        _add_product(limbs, sums.bits, amount, sign * into)
        rest_amount += sign * cut.rest * amount
        rest += sign * cut.rest
        per_unit = cut.share.denominator  # the same for both cuts: they lie symmetrically
    return _ratio(limbs, sums.bits, rest_amount, units, rest, per_unit)


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
        small = (np.abs(whole) < SAFE / per_unit) & (units < SAFE / per_unit)
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


def _step(cells: SortedCells, cut: _Cut, question: Question) -> Floats:
    """One quantile tier by a step rule."""
    value = question.wages.wages(cells.rows.code_at(cut.row))
    if not question.rule.averages:
        return value
    reached = cells.upto(cut.row + 1) - cells.before
    hit = (cut.rest == 0) & (reached == cut.units) & (cut.row + 1 < cells.start[1:])
    following = np.where(hit, cut.row + 1, cut.row)
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
