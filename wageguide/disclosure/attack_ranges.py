"""The range of every unknown number that equations and known ranges leave."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from wageguide.disclosure.nearby import nearby

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: From the lowest and highest value of each cell found so far, whether a cell is open
#: enough to need no further look.
Enough = Callable[[Floats, Floats], Flags]

_ROUNDS = 30
_TOGETHER = 16
#: Turns in which only cells near the wanted ones may move, one step further each turn.
_NEARBY = 4
_FAR = 1e15
#: What sums of floating point may miss, as part of the largest number.
_ROUNDING = 1e-9


def tightened(sums: sparse.csr_array, bounds: Floats) -> Floats:
    """Ranges after each equation has been solved for each of its cells, again and again.

    Parameters
    ----------
    sums
        Equations, each of which is 0, shape (equations, cells).
    bounds
        Lowest and highest value of each cell, shape (2, cells).

    Raises
    ------
    ArithmeticError
        If no numbers agree with the equations.
    """
    low, high = bounds.copy()
    table = sparse.coo_array(sums)
    row, column = table.coords
    sign = table.data
    for _ in range(_ROUNDS):
        # What each cell adds to its equation at least and at most.
        least = np.where(sign > 0, low[column], -high[column])
        most = np.where(sign > 0, high[column], -low[column])
        rest_least, rest_most = (
            _others(row, least, sums.shape[0]),
            _others(row, most, sums.shape[0]),
        )
        # The cell is minus what the others add.
        at_least = np.where(sign > 0, -rest_most, rest_least)
        at_most = np.where(sign > 0, -rest_least, rest_most)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, column, at_least)
        np.minimum.at(new_high, column, at_most)
        moved = np.nansum(np.abs(_finite(new_low) - _finite(low))) + np.nansum(
            np.abs(_finite(new_high) - _finite(high))
        )
        low, high = new_low, new_high
        if moved <= 1e-9 * max(1.0, float(np.nanmax(_finite(low), initial=1.0))):
            break
    # Rounding of sums may cross two ends that are one point; more is a contradiction.
    crossed = low > high
    size = float(np.max(low[np.isfinite(low)], initial=1.0))
    if (low[crossed] - high[crossed] > _ROUNDING * size).any():
        raise ArithmeticError("No numbers agree with all sums.")
    middle = (low + high) / 2
    return np.array([np.where(crossed, middle, low), np.where(crossed, middle, high)])


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, _FAR)


def _others(row: NDArray[np.int_], values: Floats, rows: int) -> Floats:
    """Sum of the other values of each entry's row; infinite if another one is."""
    endless = np.isinf(values)
    sums = np.bincount(row, np.where(endless, 0.0, values), rows)
    many = np.bincount(row, endless, rows)
    rest = sums[row] - np.where(endless, 0.0, values)
    sign = np.sign(values[endless][:1].sum()) if endless.any() else 1.0
    return np.where(many[row] - endless > 0, sign * np.inf, rest)


def ranges(
    sums: sparse.csr_array, bounds: Floats, targets: Flags, enough: Enough | None = None
) -> tuple[Floats, Flags]:
    """Lowest and highest value of each target, and whether that is the whole range.

    Parameters
    ----------
    sums, bounds
        As for `tightened`.
    targets
        Cells that are asked for, shape (cells,).
    enough
        Cells that are open enough are not looked at further; their range is then at least
        what is given. None looks at all to the end.

    Returns
    -------
    tuple
        Ranges of shape (2, cells), those of other cells as tightened; flags of shape (cells,).

    Raises
    ------
    ArithmeticError
        If no numbers agree with the equations and the ranges.
    """
    tight = tightened(sums, bounds)
    exact = np.isclose(tight[0], tight[1], rtol=1e-12, atol=1e-9) | ~targets
    found = tight.copy()
    left = np.flatnonzero(~exact)
    if not left.size:
        return found, exact
    seen = np.array([np.full(tight.shape[1], np.inf), np.full(tight.shape[1], -np.inf)])
    program = _Program(sums, tight)
    if enough is not None:
        left = _looked_at_together(program, sums, tight, left, enough, seen)
    open_ = ~exact
    open_[left] = False
    found[:, open_] = seen[:, open_]
    for cell in left.tolist():
        toward = np.zeros(tight.shape[1])
        toward[cell] = 1.0
        found[0, cell] = program.solve(toward)[cell]
        found[1, cell] = program.solve(-toward)[cell]
        exact[cell] = True
    return found, exact


def _looked_at_together(
    program: _Program,
    sums: sparse.csr_array,
    tight: Floats,
    left: NDArray[np.intp],
    enough: Enough,
    seen: Floats,
) -> NDArray[np.intp]:
    """Widen what has been seen of many cells at once; the cells that are not open enough yet.

    After one answer of the whole program only what stands near such cells may move: what
    cells can do while the others stay where that answer has put them, they can do.
    """
    rng = np.random.default_rng(0)
    first: Floats | None = None
    asked = np.zeros(tight.shape[1], bool)
    asked[left] = True
    for turn in range(_TOGETHER):
        toward = np.zeros(tight.shape[1])
        toward[left] = rng.choice([-1.0, 1.0], left.size) / np.maximum(program.scale[left], 1e-9)
        try:
            if first is None:
                first = program.note(toward, seen)
            near = program
            if turn < _NEARBY:
                moves = nearby(sums, left, turn + 1) if turn else asked
                near = _Program(sums, np.where(moves, tight, first))
            for way in (toward, -toward) if turn else (-toward,):
                near.note(way, seen)
        except ArithmeticError:
            # Held cells agree with the sums only as far as the solver goes.
            if first is None:
                raise
        left = left[~enough(seen[0], seen[1])[left]]
        if not left.size:
            break
    return left


class _Program:
    """Linear programs over the same equations, in units that make all cells alike."""

    def __init__(self, sums: sparse.csr_array, bounds: Floats) -> None:
        self.scale = np.clip(np.where(np.isfinite(bounds[1]), bounds[1], 0.0), 0.0, None)
        fixed = bounds[1] - bounds[0] <= 1e-12 * np.maximum(self.scale, 1.0)
        self._fixed, self._open = np.flatnonzero(fixed), np.flatnonzero(~fixed)
        self._at = bounds[0]
        largest = float(self.scale.max(initial=1.0))
        self.scale[self.scale == 0] = largest
        matrix = sparse.csc_array(sums)
        part = sparse.csr_array(matrix[:, self._open] @ sparse.diags_array(self.scale[self._open]))
        right = -(matrix[:, self._fixed] @ bounds[0][self._fixed])
        use = np.flatnonzero(np.diff(part.indptr))
        part, right = part[use], right[use]
        size = abs(part).max(axis=1).toarray().ravel()
        self._left = sparse.csr_array(sparse.diags_array(1 / size) @ part)
        self._right = right / size
        ends = bounds[:, self._open] / self.scale[self._open]
        self._ends = np.column_stack([ends[0], np.where(np.isinf(ends[1]), 1e3, ends[1])])

    def solve(self, toward: Floats) -> Floats:
        """Values of all cells that make a weighted sum of them smallest."""
        goal = toward[self._open] * self.scale[self._open]
        found = linprog(
            goal / max(float(np.abs(goal).max(initial=0.0)), np.finfo(np.float64).tiny),
            A_eq=self._left,
            b_eq=self._right,
            bounds=self._ends,
            method="highs",
        )
        if found.x is None:
            raise ArithmeticError(found.message)
        values: Floats = self._at.copy()
        values[self._open] = found.x * self.scale[self._open]
        return values

    def note(self, toward: Floats, seen: Floats) -> Floats:
        """Widen what has been seen by the values that a program gives."""
        values = self.solve(toward)
        np.minimum(seen[0], values, out=seen[0])
        np.maximum(seen[1], values, out=seen[1])
        return values
