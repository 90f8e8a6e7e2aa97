"""The exact grouped kernel for rows in memory: one sort, then integers.

Cell, wage code and weight of a row are packed into one 64-bit key, the keys are sorted
once, and every figure of every cell is read off the sorted keys. Where the three do not
fit, wages and weights give way to their ranks among the distinct ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.tiers.cells import Question, SortedCells, fits_one_limb, limb_bits, limb_of
from wageguide.tiers.finish import CellNumbers, finish
from wageguide.tiers.scale import Floats, Ints, WageScale

#: Rows that are worked on at a time, so that what is read twice is still in the cache.
_BLOCK_ROWS = 1 << 15
_RUN_ROWS = 1 << 17
_KEY_BITS = 63


@dataclass(frozen=True)
class GroupedNumbers:
    """Figures of the cells that hold rows.

    Attributes
    ----------
    cell
        Cell codes, ascending, shape (cells,).
    workers
        Rows of each cell.
    weight
        Integer weight of each cell.
    mean, tiers
        Yuan; shapes (cells,) and (cells, tiers).
    """

    cell: Ints
    workers: Ints
    weight: Ints
    mean: Floats
    tiers: Floats


def grouped_numbers(
    cell: Ints | NDArray[np.int32],
    n_cells: int,
    code: Ints,
    weight: Ints | None,
    question: Question,
) -> GroupedNumbers:
    """Mean and tiers of every cell of rows in memory.

    Parameters
    ----------
    cell
        Cell of each row, 0 to `n_cells` - 1, shape (rows,), any integer type.
    n_cells
        Number of cells; those without rows are left out of the result.
    code
        Wage codes of `question.wages`, shape (rows,).
    weight
        Integer weights of `question.weights`, at least 1, shape (rows,); None is one each.
    question
        What is asked of each cell.
    """
    return sort_rows(cell, n_cells, code, weight).numbers(question)


@dataclass(frozen=True)
class SortedRows:
    """Rows sorted by cell and wage.

    Attributes
    ----------
    cell
        Cells that hold rows, ascending, shape (cells,).
    start
        First row of each of them, and the number of rows; shape (cells + 1,).
    """

    cell: Ints
    start: Ints
    _packed: _Packed

    def runs(self) -> Iterator[tuple[slice, SortedCells]]:
        """Runs of whole cells of about `_RUN_ROWS` rows, with the places of their cells."""
        first, end = 0, self.cell.size
        while first < end:
            reach = self.start[first] + _RUN_ROWS
            last = int(np.searchsorted(self.start, reach, side="right")) - 1
            last = min(max(last, first + 1), end)
            start = self.start[first : last + 1]
            rows = _PackedRows(self._packed, self._packed.keys[start[0] : start[-1]])
            yield slice(first, last), SortedCells(start - start[0], rows)
            first = last

    def numbers(self, question: Question) -> GroupedNumbers:
        """Mean and tiers of every cell."""
        parts = [finish(run, question) for _, run in self.runs()]
        return self.gather(parts, question)

    def gather(self, parts: Sequence[CellNumbers], question: Question) -> GroupedNumbers:
        """Figures of all cells from those of the runs."""
        tiers = np.empty((0, len(question.scheme.tiers)))
        return GroupedNumbers(
            cell=self.cell,
            workers=np.diff(self.start),
            weight=np.concatenate([np.empty(0, np.int64), *(p.total for p in parts)]),
            mean=np.concatenate([np.empty(0), *(p.mean for p in parts)]),
            tiers=np.concatenate([tiers, *(p.tiers for p in parts)]),
        )


def sort_rows(
    cell: Ints | NDArray[np.int32], n_cells: int, code: Ints, weight: Ints | None
) -> SortedRows:
    """Sort rows in memory by cell and wage; parameters as in `grouped_numbers`."""
    packed = _pack(cell, n_cells, code, weight)
    packed.keys.sort()
    edges = np.arange(n_cells, dtype=np.int64) << packed.cell_shift
    start = np.append(np.searchsorted(packed.keys, edges), packed.keys.size)
    filled = np.flatnonzero(start[1:] > start[:-1])
    return SortedRows(filled, np.append(start[filled], start[-1]), packed)


@dataclass(frozen=True)
class _Packed:
    """Keys of cell | wage | weight, and what the wage and weight fields stand for.

    `codes` and `weights` are tables of the distinct values where the fields hold ranks,
    otherwise None; `weight_bits` is 0 where every row has the same weight, `weights[0]`.
    """

    keys: Ints
    weight_bits: int
    code_bits: int
    codes: Ints | None
    weights: Ints | None
    unit_weights: bool

    @property
    def cell_shift(self) -> int:
        return self.weight_bits + self.code_bits


class _PackedRows:
    """Rows read off sorted keys."""

    def __init__(self, packed: _Packed, keys: Ints) -> None:
        self.unit_weights = packed.unit_weights
        self._packed = packed
        self._keys = keys

    @cached_property
    def cumulative(self) -> Ints:
        if self.unit_weights:
            return np.arange(1, self._keys.size + 1, dtype=np.int64)
        return np.cumsum(self.weight_at(slice(None)))

    def code_at(self, index: Ints | slice) -> Ints:
        packed = self._packed
        code = self._keys[index] >> packed.weight_bits
        code &= (1 << packed.code_bits) - 1
        return code if packed.codes is None else packed.codes[code]

    def weight_at(self, index: Ints | slice) -> Ints:
        packed = self._packed
        if packed.unit_weights:
            return np.ones_like(self._keys[index])
        weight = self._keys[index] & ((1 << packed.weight_bits) - 1)
        return weight if packed.weights is None else packed.weights[weight]

    def products(self, wages: WageScale, total: Ints, largest: Ints) -> tuple[list[Ints], int]:
        bits, number = 0, 1
        if not fits_one_limb(total, largest):
            bits = limb_bits(total)
            number = -(-int(largest.max()).bit_length() // bits)
        limbs = [np.empty(self._keys.size, np.int64) for _ in range(number)]
        for block in _blocks(self._keys.size):
            amount = wages.amounts(self.code_at(block))
            weight = None if self.unit_weights else self.weight_at(block)
            for j, limb in enumerate(limbs):
                piece = amount if number == 1 else limb_of(amount, j, bits, last=j + 1 == number)
                limb[block] = piece if weight is None else piece * weight
        return limbs, bits


def _blocks(rows: int) -> Iterator[slice]:
    for first in range(0, rows, _BLOCK_ROWS):
        yield slice(first, min(first + _BLOCK_ROWS, rows))


def _pack(cell: Ints | NDArray[np.int32], n_cells: int, code: Ints, weight: Ints | None) -> _Packed:
    codes = weights = None
    cell_bits = max(n_cells - 1, 0).bit_length()
    code_bits = _bits(code)
    weight_bits = 0 if weight is None else _bits(weight)
    if cell_bits + code_bits + weight_bits > _KEY_BITS:
        codes, code = np.unique(code, return_inverse=True)
        code_bits = _bits(code)
    if weight is not None and cell_bits + code_bits + weight_bits > _KEY_BITS:
        weights, weight = np.unique(weight, return_inverse=True)
        weight_bits = _bits(weight)
    if cell_bits + code_bits + weight_bits > _KEY_BITS:
        raise InputError(
            f"{n_cells:,} cells, {codes.size if codes is not None else 0:,} different wages and so "
            "many different weights do not fit one 64-bit key. Use coarser keys, or weights with "
            "at most six decimals."
        )
    keys = np.empty(code.size, np.int64)
    for block in _blocks(code.size):
        key = keys[block]
        key[...] = cell[block]
        key <<= code_bits
        key |= code[block]
        if weight is not None:
            key <<= weight_bits
            key |= weight[block]
    return _Packed(keys, weight_bits, code_bits, codes, weights, weight is None)


def _bits(values: Ints) -> int:
    return int(values.max()).bit_length() if values.size else 0
