"""The same exact kernel for rows that do not fit into memory: two scans over chunks.

Scan 1 adds up weights and sums by cell and wage bin. From those it is known in which bins
each cell's cuts lie; scan 2 keeps only the rows of these bins, a few per cent of all. The
figures are then read off as if all rows had been sorted: a bin that holds no cut stands as
one row with its sums. States add up in any order, so chunks may come from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wageguide.tiers.cells import Question, SortedCells, limb_bits, limb_of
from wageguide.tiers.finish import cut_units, finish
from wageguide.tiers.kernel import GroupedNumbers
from wageguide.tiers.scale import Ints, WageScale

#: Bins of all cells together; with the sums this is about 130 MB for one table.
_ALL_BINS = 1 << 22
_LEAST_BINS, _MOST_BINS = 8, 1 << 12


@dataclass(frozen=True)
class Chunk:
    """Coded rows of one table: cell, wage code and integer weight, each of shape (rows,)."""

    cell: Ints | NDArray[np.int32]
    code: Ints
    weight: Ints


@dataclass(frozen=True)
class Bins:
    """How wages fall into bins, and sums into limbs.

    Attributes
    ----------
    n_cells, per_cell
        Cells, and bins of each.
    first, shift
        A wage's bin is the upper bits of its floating-point pattern: ``(bits >> shift) -
        first``, which makes bins of about equal ratio.
    limb_bits, limbs
        Amounts are summed in so many limbs of so many bits.
    heaviest
        Largest weight of a row.
    """

    n_cells: int
    per_cell: int
    first: int
    shift: int
    limb_bits: int
    limbs: int
    heaviest: int

    @classmethod
    def of(
        cls, n_cells: int, codes: tuple[int, int], weights: tuple[int, int], wages: WageScale
    ) -> Bins:
        """Bins for codes between two bounds; `weights` is the largest one and the sum."""
        low, high = (int(_pattern(np.array([c]), wages)[0]) for c in codes)
        wanted = min(max(_ALL_BINS // max(n_cells, 1), _LEAST_BINS), _MOST_BINS)
        shift = max((high - low).bit_length() - (wanted.bit_length() - 1), 0)
        while (high >> shift) - (low >> shift) + 1 > wanted:
            shift += 1
        bits = limb_bits(np.array([weights[1]]))
        top = int(wages.amounts(np.array([codes[1]]))[0])
        return cls(
            n_cells,
            (high >> shift) - (low >> shift) + 1,
            low >> shift,
            shift,
            bits,
            max(-(-top.bit_length() // bits), 1),
            weights[0],
        )

    def place(self, chunk: Chunk, wages: WageScale) -> Ints:
        """Place of each row among all bins of all cells."""
        place = (_pattern(chunk.code, wages) >> self.shift) - self.first
        place += chunk.cell.astype(np.int64) * self.per_cell
        return place


@dataclass(frozen=True)
class Scan1:
    """Sums of the first scan: rows by cell; weight and weight x amount by cell and bin."""

    workers: Ints
    weight: Ints
    sums: tuple[Ints, ...]


@dataclass(frozen=True)
class Candidates:
    """Rows of the bins that hold a cut."""

    cell: Ints
    code: Ints
    weight: Ints


def empty_scan1(bins: Bins) -> Scan1:
    """A first scan that has seen nothing."""
    size = bins.n_cells * bins.per_cell
    sums = tuple(np.zeros(size, np.int64) for _ in range(bins.limbs))
    return Scan1(np.zeros(bins.n_cells, np.int64), np.zeros(size, np.int64), sums)


def scan1(chunk: Chunk, bins: Bins, wages: WageScale, into: Scan1 | None = None) -> Scan1:
    """Add a chunk's sums to `into`, in place, or to a new state."""
    state = into or empty_scan1(bins)
    place = bins.place(chunk, wages)
    amount = wages.amounts(chunk.code)
    state.workers[:] += np.bincount(chunk.cell, minlength=bins.n_cells)
    np.add.at(state.weight, place, chunk.weight)
    for j, total in enumerate(state.sums):
        limb = limb_of(amount, j, bins.limb_bits, last=j + 1 == bins.limbs)
        np.add.at(total, place, limb * chunk.weight)
    return state


def merge(states: Sequence[Scan1]) -> Scan1:
    """Add up first scans of different chunks."""
    return Scan1(
        np.sum([s.workers for s in states], axis=0),
        np.sum([s.weight for s in states], axis=0),
        tuple(np.sum(limbs, axis=0) for limbs in zip(*(s.sums for s in states), strict=True)),
    )


def plan(state: Scan1, bins: Bins, question: Question) -> NDArray[np.bool_]:
    """Bins whose rows must be seen again, shape (cells x bins,).

    They are the bins in which a cut lies, and those of the rows next to it that the
    quantile rule reads.
    """
    filled = np.flatnonzero(state.workers)
    cumulative = np.cumsum(state.weight)
    ends = cumulative.reshape(bins.n_cells, bins.per_cell)[:, -1]
    before = np.append(0, ends[:-1])[filled]
    total = ends[filled] - before
    edges = np.zeros(state.weight.size + 1, np.int64)
    reach = 3 * bins.heaviest if question.rule.interpolates else 0
    for share in question.quantile_shares:
        units = total * share.numerator // share.denominator
        _mark(edges, cumulative, before, total, units - reach, units + 1 + reach)
    for share in question.mean_bounds:
        units, rest = cut_units(total, share, question)
        _mark(edges, cumulative, before, total, units, units + (rest > 0))
    if reach:
        _mark(edges, cumulative, before, total, total, total)
    return np.cumsum(edges[:-1]) > 0


def _mark(edges: Ints, cumulative: Ints, before: Ints, total: Ints, low: Ints, high: Ints) -> None:
    """Mark the bins that hold units `low` to `high` of each cell."""
    first = np.searchsorted(cumulative, before + np.clip(low, 1, total))
    last = np.searchsorted(cumulative, before + np.clip(high, 1, total))
    np.add.at(edges, first, 1)
    np.add.at(edges, last + 1, -1)


def scan2(chunk: Chunk, bins: Bins, wanted: NDArray[np.bool_], wages: WageScale) -> Candidates:
    """The rows of a chunk that fall into wanted bins."""
    keep = wanted[bins.place(chunk, wages)]
    return Candidates(chunk.cell[keep].astype(np.int64), chunk.code[keep], chunk.weight[keep])


def finish_scans(
    state: Scan1,
    bins: Bins,
    wanted: NDArray[np.bool_],
    found: Sequence[Candidates],
    question: Question,
) -> GroupedNumbers:
    """Figures of all cells from both scans."""
    wages = question.wages
    whole = np.flatnonzero(~wanted & (state.weight > 0))
    row = Chunk(
        *(np.concatenate([getattr(f, a) for f in found]) for a in ("cell", "code", "weight"))
    )
    amount = wages.amounts(row.code)
    place = np.concatenate([whole, bins.place(row, wages)])
    code = np.concatenate([np.zeros(whole.size, np.int64), row.code])
    weight = np.concatenate([state.weight[whole], row.weight])
    order = np.lexsort((weight, code, place))
    sums = [
        np.concatenate(
            [
                total[whole],
                limb_of(amount, j, bins.limb_bits, last=j + 1 == bins.limbs) * row.weight,
            ]
        )[order]
        for j, total in enumerate(state.sums)
    ]
    filled = np.flatnonzero(state.workers)
    cell = place[order] // bins.per_cell
    start = np.append(np.searchsorted(cell, filled), cell.size)
    rows = _SummedRows(code[order], weight[order], sums, bins.limb_bits)
    if not filled.size:
        tiers = np.empty((0, len(question.scheme.tiers)))
        return GroupedNumbers(filled, filled, filled, np.empty(0), tiers)
    numbers = finish(SortedCells(start, rows), question)
    return GroupedNumbers(filled, state.workers[filled], numbers.total, numbers.mean, numbers.tiers)


class _SummedRows:
    """Sorted rows, some of which stand for a whole bin and bring its sums."""

    unit_weights = False

    def __init__(self, code: Ints, weight: Ints, sums: list[Ints], bits: int) -> None:
        self._code, self._weight, self._sums, self._bits = code, weight, sums, bits
        self.cumulative: Ints = np.cumsum(weight)

    def code_at(self, index: Ints | slice) -> Ints:
        return self._code[index]

    def weight_at(self, index: Ints | slice) -> Ints:
        return self._weight[index]

    def products(self, wages: WageScale, total: Ints, largest: Ints) -> tuple[list[Ints], int]:
        return self._sums, self._bits


def _pattern(code: Ints, wages: WageScale) -> Ints:
    """Floating-point bits of a wage code: their order is the order of the codes."""
    return code.astype(np.float64).view(np.int64) if wages.is_money else code
