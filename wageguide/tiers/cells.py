"""What is asked of cells, and sorted rows to read it off, however they are held."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import numpy as np

from wageguide.errors import SchemeError
from wageguide.tiers.quantile import QuantileRule
from wageguide.tiers.scale import Ints, WageScale, WeightScale
from wageguide.tiers.scheme import Scheme

#: A product of floats under this is a product of integers under 2**63.
SAFE = 2.0**62


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

    def row_reaching(self, weight: Ints) -> Ints:
        """First row of each cell at which its weight reaches `weight`, shape (cells, K).

        `weight` lies between 1 and the cell's total.
        """
        if self.rows.unit_weights:
            return self.start[:-1, None] + weight - 1
        reach = weight + self.before[:, None]
        rows: Ints = np.searchsorted(self.rows.cumulative, reach.ravel())
        return rows.reshape(reach.shape)

    def upto(self, row: Ints) -> Ints:
        """Weight of all rows before `row`."""
        if self.rows.unit_weights:
            return row
        return np.where(row > 0, self.rows.cumulative[row - 1], 0)


def fits_one_limb(total: Ints, largest: Ints) -> bool:
    """Whether weight x amount of every cell can be summed in 63 bits."""
    return float((total.astype(np.float64) * largest).max()) < SAFE


def limb_bits(total: Ints) -> int:
    """Bits of an amount that can be summed over the heaviest cell in 63 bits."""
    return 63 - int(total.max()).bit_length()


def limb_of(amount: Ints, number: int, bits: int, *, last: bool) -> Ints:
    """Limb `number` of each amount; the last one takes all that is left."""
    piece = amount >> (bits * number)
    return piece if last else piece & ((1 << bits) - 1)
