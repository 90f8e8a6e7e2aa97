"""Taylor linearization: variances of means and of shares below a cut, cell by cell.

Each figure of a cell is linearised to scores z, and its variance is that of sum(w z) / W
over the full design, z = 0 outside the cell. With a cell's mean m, total weight W and
quantile q at share p:

    mean                 z = x - m
    share at or below q  z = 1(x <= q) - F(q)
    mean between a, b    z = (g_b - g_a) / (b - a) - m,  g_p = (x - q_p) 1(x <= q_p) + p q_p,
                         g_1 = x, g_0 = 0

Source: K. M. Wolter (2007), ch. 6; J.-C. Deville, Variance estimation for complex
statistics and estimators, Survey Methodology 25 (1999).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from wageguide.tiers.calibrated import Auxiliaries
from wageguide.tiers.cells import Question
from wageguide.tiers.pairs import PairRun, design_variance
from wageguide.tiers.sample import SampleDesign
from wageguide.tiers.scale import Floats, Ints


@dataclass(frozen=True)
class Linearized:
    """Scores of K figures of each cell, as sums over pairs and, on demand, row by row.

    Attributes
    ----------
    totals
        ``sum w z`` of each pair over the cell's weight, shape (pairs, K).
    rows
        ``w z`` over the cell's weight of figure k, shape (rows,).
    """

    totals: Floats
    rows: Callable[[int], Floats]


def below_cuts(run: PairRun, thresholds: Ints, total: Floats) -> tuple[Floats, Linearized]:
    """Shares of weight at or below cuts, and their scores.

    Parameters
    ----------
    run
        Rows by cell and unit.
    thresholds
        Largest code that is not above each cut, ascending in each cell, shape (cells, K).
    total
        Weight of each cell, in the units of `run.weight`.

    Returns
    -------
    tuple
        F at the cuts, shape (cells, K), and the scores.
    """
    band = run.bands(thresholds)
    below = run.sums_upto(band, thresholds.shape[1], run.weight)
    whole = run.weights[:, None]
    share = run.by_cell(below) / total[:, None]
    totals = (below - run.of_cells(share) * whole) / run.of_cells(total)[:, None]
    sizes = np.diff(run.start)

    def rows(k: int) -> Floats:
        z: Floats = (band <= k) - np.repeat(share[:, k], sizes)
        return weighted(run, z, total)

    return share, Linearized(totals, rows)


def share_below(run: PairRun, thresholds: Ints) -> Floats:
    """Shares of weight at or below cuts, as in `below_cuts`."""
    total = run.by_cell(run.weights)
    return below_cuts(run, thresholds, total)[0]


def of_mean(run: PairRun, question: Question, mean: Floats, total: Floats) -> Linearized:
    """Scores of the mean, K = 1; `mean` in yuan, shape (cells,)."""
    off = run.amounts(question) - np.repeat(mean, np.diff(run.start))
    row = weighted(run, off, total)
    return Linearized(run.sums(row)[:, None], lambda _: row)


def of_means_between(
    run: PairRun,
    question: Question,
    bounds: Sequence[tuple[float, float]],
    cuts: dict[float, Floats],
    means: Floats,
    total: Floats,
) -> Linearized:
    """Scores of tail and middle means.

    Parameters
    ----------
    bounds
        Shares between which each mean is taken.
    cuts
        Quantile of each cell at every share inside (0, 1), yuan.
    means
        The means, shape (cells, K).
    """
    sizes = np.diff(run.start)
    amounts = run.amounts(question)

    def part(share: float) -> Floats:
        if share in (0.0, 1.0):
            return amounts * share
        cut = np.repeat(cuts[share], sizes)
        return np.minimum(amounts - cut, 0.0) + share * cut

    def rows(k: int) -> Floats:
        low, high = bounds[k]
        z = (part(high) - part(low)) / (high - low) - np.repeat(means[:, k], sizes)
        return weighted(run, z, total)

    totals = np.stack([run.sums(rows(k)) for k in range(len(bounds))], axis=1)
    return Linearized(totals, rows)


def weighted(run: PairRun, z: Floats, total: Floats) -> Floats:
    """``w z / W`` row by row."""
    z = z if run.weight is None else z * run.weight
    return np.asarray(z / np.repeat(total, np.diff(run.start)))


def variance(run: PairRun, scores: Linearized, sample: SampleDesign) -> Floats:
    """Variance of each figure of each cell, shape (cells, K)."""
    found = design_variance(run, scores.totals, sample)
    if sample.second is not None:
        found = found + _within(run, scores, sample)
    if sample.auxiliaries is None:
        return found
    return np.maximum(found + _calibration(run, scores, sample), 0.0)


def _within(run: PairRun, scores: Linearized, sample: SampleDesign) -> Floats:
    """What workers drawn within units add."""
    assert sample.second is not None
    unit = run.pair_unit
    factor = sample.within_factor[unit][:, None]
    squares = np.stack(
        [run.sums(scores.rows(k) ** 2) for k in range(scores.totals.shape[1])], axis=1
    )
    off = squares - scores.totals**2 / sample.second.drawn[unit][:, None]
    return run.by_cell(factor * np.maximum(off, 0.0))


def _calibration(run: PairRun, scores: Linearized, sample: SampleDesign) -> Floats:
    """What taking residuals changes: ``- 2 B'C(x, z) + B'V(x) B``, shape (cells, K).

    C is the covariance under the design of the auxiliaries' weighted totals with the
    scores, V that of the auxiliaries with themselves.
    """
    x = sample.auxiliaries
    assert x is not None
    moments = sample.auxiliary_moments
    count = scores.totals.shape[1]
    out = np.empty((run.cells, count))
    cell_of_row = np.repeat(np.arange(run.cells), np.diff(run.start))
    for k in range(count):
        row = scores.rows(k)
        z_base = row / sample.weights[run.row] * x.base[run.row]
        coefficients = _by_cell(run, x, cell_of_row, z_base) @ x.inverse
        with_z = run.by_cell(scores.totals[:, k : k + 1] * moments.centred[run.pair_unit])
        if sample.second is not None:
            factor = sample.within_factor
            weighted_rows = row * factor[run.unit] * sample.weights[run.row]
            inside = _by_cell(run, x, cell_of_row, weighted_rows)
            mean_part = (
                scores.totals[:, k : k + 1] * (factor[:, None] * moments.mean)[run.pair_unit]
            )
            with_z = with_z + inside - run.by_cell(mean_part)
        both = np.einsum("cq,qr,cr->c", coefficients, moments.variance, coefficients)
        out[:, k] = both - 2 * np.einsum("cq,cq->c", coefficients, with_z)
    return out


def _by_cell(run: PairRun, x: Auxiliaries, cell_of_row: Ints, values: Floats) -> Floats:
    """Sums of ``x values`` over the rows of each cell, shape (cells, columns)."""
    parts = []
    for code, size in x.margins:
        slot = cell_of_row * size + code[run.row]
        sums = np.bincount(slot, values, minlength=run.cells * size)
        parts.append(sums.reshape(run.cells, size))
    for number in x.numbers:
        parts.append(
            np.bincount(cell_of_row, values * number[run.row], minlength=run.cells)[:, None]
        )
    return np.concatenate(parts, axis=1)
