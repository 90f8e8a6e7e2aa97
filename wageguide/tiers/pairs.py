"""Rows regrouped by cell and sampling unit: the sums that sampling errors are made of.

A variance is one of sums by enterprise. Rows are put in the order of cell and unit once,
by counting sorts; all sums of a pair of cell and unit are then sums of neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wageguide.tiers.cells import Question
from wageguide.tiers.replicated import SortedUnits, sorted_units
from wageguide.tiers.sample import Codes, SampleDesign, small
from wageguide.tiers.scale import Floats, Ints


@dataclass(frozen=True)
class PairRows:
    """Rows of all cells in the order of cell and sampling unit.

    Attributes
    ----------
    order
        Row numbers in that order, shape (rows of cells,).
    cell, code, weight, unit
        Of every row, shape (rows,); `weight` None is one each.
    place
        Row of the design of every row; None where they are the same rows.
    """

    order: Ints
    cell: Ints | Codes
    code: Ints
    weight: Ints | None
    unit: Codes
    place: Ints | None

    @classmethod
    def of(
        cls,
        cell: Ints | Codes,
        code: Ints,
        weight: Ints | None,
        sample: SampleDesign,
        place: Ints | None = None,
    ) -> PairRows:
        """Put rows in order.

        Parameters
        ----------
        cell, code, weight
            Cell, wage code and integer weight of each row, shape (rows,).
        sample
            The design.
        place
            Row of the design of each row; None where they are the same rows.
        """
        unit = sample.unit if place is None else sample.unit[place]
        order = sample.by_unit if place is None else np.argsort(small(unit), kind="stable")
        order = order[np.argsort(small(cell[order]), kind="stable")]
        return cls(order, cell, code, weight, unit, place)

    def run(self, start: Ints) -> PairRun:
        """Rows of some whole cells; `start` holds each cell's first row and the last's end."""
        row = self.order[start[0] : start[-1]]
        weight = None if self.weight is None else self.weight[row].astype(np.float64)
        place = row if self.place is None else self.place[row]
        return PairRun(start - start[0], place, self.code[row], weight, self.unit[row])

    def by_wage(self, question: Question, *, given: bool) -> SortedUnits:
        """The same rows by cell and wage; with `given` replicates each row is a unit."""
        place = np.arange(self.code.size) if self.place is None else self.place
        weight = np.ones_like(self.code) if self.weight is None else self.weight
        unit = place if given else self.unit
        return sorted_units(self.cell, self.code, weight, unit, place, question)


@dataclass(frozen=True)
class PairRun:
    """Rows of whole cells, by cell and unit.

    Attributes
    ----------
    start
        First row of each cell and the end of the last, shape (cells + 1,).
    row
        Row of the design of each row.
    code, weight, unit
        Of these rows; weights in integer units as floats, None is one each.
    """

    start: Ints
    row: Ints
    code: Ints
    weight: Floats | None
    unit: Codes

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.start.size - 1

    @cached_property
    def _begins(self) -> NDArray[np.bool_]:
        begins = np.empty(self.unit.size, bool)
        np.not_equal(self.unit[1:], self.unit[:-1], out=begins[1:])
        begins[self.start[:-1]] = True
        return begins

    @cached_property
    def pair_start(self) -> Ints:
        """First row of each pair, shape (pairs,)."""
        return np.flatnonzero(self._begins)

    @cached_property
    def pair_of(self) -> Ints:
        """Pair of each row, shape (rows,)."""
        return np.cumsum(self._begins, dtype=np.int64) - 1

    @cached_property
    def pair_unit(self) -> Codes:
        """Unit of each pair."""
        return self.unit[self.pair_start]

    @cached_property
    def cell_start(self) -> Ints:
        """First pair of each cell and the end of the last, shape (cells + 1,)."""
        return np.searchsorted(self.pair_start, self.start).astype(np.int64)

    @cached_property
    def pairs_in(self) -> Ints:
        """Pairs of each cell: its enterprises."""
        return np.diff(self.cell_start)

    def of_cells(self, values: Floats) -> Floats:
        """Values by cell repeated for their pairs, shape (pairs, …)."""
        return np.repeat(values, self.pairs_in, axis=0)

    def sums(self, values: Floats | None) -> Floats:
        """Sums over the rows of each pair; None counts the rows."""
        pairs = self.pair_start.size
        if values is None:
            return np.diff(self.pair_start, append=self.unit.size).astype(np.float64)
        return np.bincount(self.pair_of, values, minlength=pairs).astype(np.float64, copy=False)

    def bands(self, thresholds: Ints) -> Ints:
        """Band of each row: how many of its cell's thresholds its code is over.

        Parameters
        ----------
        thresholds
            Codes, ascending in each cell, shape (cells, T).
        """
        sizes = np.diff(self.start)
        band = np.zeros(self.code.size, np.int64)
        for t in range(thresholds.shape[1]):
            band += self.code > np.repeat(thresholds[:, t], sizes)
        return band

    @cached_property
    def weights(self) -> Floats:
        """Weight of each pair, in the units of `weight`, shape (pairs,)."""
        return self.sums(self.weight)

    @property
    def effective(self) -> Floats:
        """Enterprises of equal weight that would be as concentrated, shape (cells,).

        ``(sum W)^2 / sum W^2`` over the enterprises' weights in the cell.
        """
        total, squares = self.by_cell(self.weights), self.by_cell(self.weights**2)
        # Ten equal ones are ten, however their squares were rounded.
        return np.round(total**2 / squares, 9)

    def sums_upto(self, band: Ints, count: int, values: Floats | None) -> Floats:
        """Sums over the rows of each pair up to each of `count` thresholds, (pairs, count)."""
        pairs = self.pair_start.size
        slot = self.pair_of * (count + 1) + band
        whole = np.bincount(slot, values, minlength=pairs * (count + 1)).reshape(pairs, -1)
        return np.cumsum(whole[:, :count], axis=1, dtype=np.float64)

    def amounts(self, question: Question) -> Floats:
        """Wages of the rows, yuan."""
        return question.wages.wages(self.code)

    def by_cell(self, values: Floats) -> Floats:
        """Sums of values by pair, over the pairs of each cell, shape (cells, …)."""
        return np.add.reduceat(values, self.cell_start[:-1], axis=0)


def design_variance(run: PairRun, totals: Floats, sample: SampleDesign) -> Floats:
    """First-stage variance of sums over units, cell by cell.

    Parameters
    ----------
    run
        The pairs.
    totals
        Scores summed by pair, whose sum over a cell is 0 (or, for totals, is not), shape
        (pairs, K).
    sample
        The design.

    Returns
    -------
    array, shape (cells, K)
    """
    stratum = sample.stratum_of[run.pair_unit]
    begins = np.empty(stratum.size, bool)
    np.not_equal(stratum[1:], stratum[:-1], out=begins[1:])
    begins[run.cell_start[:-1]] = True
    first = np.flatnonzero(begins)
    sums = np.add.reduceat(totals, first, axis=0)
    squares = np.add.reduceat(totals * totals, first, axis=0)
    at = stratum[first]
    spread = sample.spread[at][:, None]
    part = spread * np.maximum(squares - sums * sums / sample.sampled[at][:, None], 0.0)
    cell_first = np.searchsorted(first, run.cell_start[:-1])
    variance = np.add.reduceat(part, cell_first, axis=0)
    if sample.single.any():
        variance = _with_single(run, sample, variance, (sums, at, cell_first))
    # What rounding leaves of sums that cancel is no variance.
    whole = np.add.reduceat(squares, cell_first, axis=0)
    return np.where(variance > _NOTHING * whole, variance, 0.0)


#: Part of a sum of squares that is only rounding.
_NOTHING = 1e-14


def _with_single(
    run: PairRun, sample: SampleDesign, variance: Floats, strata: tuple[Floats, Codes, Ints]
) -> Floats:
    """Add what strata of one unit contribute, by the design's choice."""
    if sample.single_unit != "adjust":
        return variance * sample.single_inflation
    sums, at, cell_first = strata
    alone = np.flatnonzero(sample.single)
    fraction = 1 - sample.share
    grand = np.add.reduceat(sums, cell_first, axis=0) / sample.units
    cells = np.repeat(np.arange(run.cells), np.diff(np.append(cell_first, at.size)))
    here = np.flatnonzero(sample.single[at])
    # A single unit outside the cell has a total of 0, and a distance from the mean all the same.
    squares = np.sum(fraction[alone]) * grand**2
    off = fraction[at[here]][:, None] * (
        (sums[here] - grand[cells[here]]) ** 2 - grand[cells[here]] ** 2
    )
    np.add.at(squares, cells[here], off)
    return variance + squares


def degrees_of_freedom(run: PairRun, sample: SampleDesign) -> Ints:
    """Units with a row in the cell, less strata with one, shape (cells,)."""
    stratum = sample.stratum_of[run.pair_unit]
    begins = np.ones(stratum.size, np.int64)
    begins[1:] = stratum[1:] != stratum[:-1]
    begins[run.cell_start[:-1]] = 1
    strata: Ints = np.add.reduceat(begins, run.cell_start[:-1])
    return run.pairs_in - strata
