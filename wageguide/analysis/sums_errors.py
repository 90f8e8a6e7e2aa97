"""Sums by cell and enterprise, and their errors by linearization or replicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wageguide.tiers.error_settings import ErrorSettings
from wageguide.tiers.intervals import about, estimable
from wageguide.tiers.linearized import Linearized, variance
from wageguide.tiers.pairs import PairRows, PairRun, degrees_of_freedom
from wageguide.tiers.replicated import Recalibration, Spread, replicate_df
from wageguide.tiers.replicates import Replicates
from wageguide.tiers.sample import Codes, SampleDesign
from wageguide.tiers.scale import Floats, Ints
from wageguide.tiers.uncertainty import replicates_for

#: Replicate weights that are worked on at a time: a few megabytes.
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Sum:
    """A total, or with a denominator the ratio of two."""

    numerator: str
    denominator: str | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it needs."""
        return tuple(c for c in (self.numerator, self.denominator) if c is not None)


@dataclass(frozen=True)
class CellSums:
    """Figures of every cell.

    Attributes
    ----------
    rows, enterprises, df
        Rows, sampling units and degrees of freedom, shape (cells,).
    estimate, se, low, high
        Shape (cells, figures); NaN where there is none.
    """

    rows: Ints
    enterprises: Ints
    df: Ints
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats


def sums_with_errors(
    sums: Mapping[str, Sum],
    values: Mapping[str, Floats],
    cell: Ints,
    place: Ints,
    sample: SampleDesign,
    settings: ErrorSettings | None,
) -> CellSums:
    """Estimate figures of every cell.

    Parameters
    ----------
    sums
        What is asked.
    values
        Column values of every row of the design, shape (rows of the design,).
    cell, place
        Cell, from 0 without gaps, and row of the design of each row used.
    sample
        The design.
    settings
        None leaves errors out.
    """
    start = np.concatenate([[0], np.cumsum(np.bincount(cell))]).astype(np.int64)
    pairs = PairRows.of(cell, np.zeros(cell.size, np.int64), None, sample, place)
    run = pairs.run(start)
    weight = sample.weights[run.row]
    top, bottom = _columns(sums, values, run)
    estimate = _figures(run, weight[:, None], top, bottom)[:, :, 0]
    df = degrees_of_freedom(run, sample)
    nothing = np.full(estimate.shape, np.nan)
    if settings is None:
        return CellSums(np.diff(start), run.pairs_in, df, estimate, nothing, nothing, nothing)
    if settings.method == "linearized":
        found = _linearized(run, weight, top, bottom, estimate, sample)
    else:
        made = replicates_for(sample, settings)
        unit = run.row if settings.method == "replicates" else run.unit
        again = None if settings.method == "replicates" else Recalibration.of(sample)
        found = _replicated(run, weight, top, bottom, estimate, made, unit, again)
        if settings.method == "replicates" and sample.units_are_rows:
            df = replicate_df(run.start, unit, made)
    se = estimable(np.sqrt(np.where(df[:, None] >= 1, found, np.nan)), estimate)
    low, high = about(estimate, se, df[:, None], settings.level)
    return CellSums(np.diff(start), run.pairs_in, df, estimate, se, low, high)


def _columns(
    sums: Mapping[str, Sum], values: Mapping[str, Floats], run: PairRun
) -> tuple[Floats, list[Floats | None]]:
    """Numerators, shape (rows, figures), and denominators where there are any."""
    top = np.stack([values[s.numerator][run.row] for s in sums.values()], axis=1)
    bottom = [
        None if s.denominator is None else values[s.denominator][run.row] for s in sums.values()
    ]
    return top, bottom


def _figures(run: PairRun, weights: Floats, top: Floats, bottom: list[Floats | None]) -> Floats:
    """Figures under weights of shape (rows, R): (cells, figures, R)."""
    out = np.empty((run.cells, top.shape[1], weights.shape[1]))
    for k, below in enumerate(bottom):
        out[:, k] = _by_cell(run, weights * top[:, k, None])
        if below is not None:
            total = _by_cell(run, weights * below[:, None])
            out[:, k] /= np.where(total == 0, np.nan, total)
    return out


def _by_cell(run: PairRun, values: Floats) -> Floats:
    return np.asarray(np.add.reduceat(values, run.start[:-1], axis=0))


def _linearized(
    run: PairRun,
    weight: Floats,
    top: Floats,
    bottom: list[Floats | None],
    estimate: Floats,
    sample: SampleDesign,
) -> Floats:
    sizes = np.diff(run.start)

    def rows(k: int) -> Floats:
        below = bottom[k]
        if below is None:
            return np.asarray(weight * top[:, k])
        total = _by_cell(run, (weight * below)[:, None])[:, 0]
        ratio = np.repeat(estimate[:, k], sizes)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(weight * (top[:, k] - ratio * below) / np.repeat(total, sizes))

    totals = np.stack([run.sums(rows(k)) for k in range(top.shape[1])], axis=1)
    with np.errstate(invalid="ignore"):
        return variance(run, Linearized(totals, rows), sample)


def _replicated(
    run: PairRun,
    weight: Floats,
    top: Floats,
    bottom: list[Floats | None],
    estimate: Floats,
    made: Replicates,
    unit: Ints | Codes,
    again: Recalibration | None,
) -> Floats:
    spread = Spread(made.scale, made.mse, estimate.shape)
    step = max(_BLOCK // weight.size, 1)
    for first in range(0, made.count, step):
        part = slice(first, min(first + step, made.count))
        factors = made.factors(part)
        weights = factors.take(unit, axis=0) * weight[:, None]
        if again is not None:
            weights *= 1 + again.auxiliaries.fitted(again.coefficients(factors), run.row)
        off = _figures(run, weights, top, bottom) - estimate[:, :, None]
        spread.add(slice(0, run.cells), off, made.rscales[part])
    return spread.variance(int((made.rscales > 0).sum()))
