"""Whether hidden cells stay uncertain: other tables that a reader could not tell from ours.

A deviation d of all hidden cells that keeps every sum (A d = 0) and moves no cell further
than a reader can rule out beforehand (|d| <= share x value) is another table with the same
print. A cell stays uncertain by u if there is one with |d| >= u in it: both d and -d are
then possible. So the deviations found here are the proof that a release is safe.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from wageguide.disclosure.contributions import Floats, Ints

Flags = NDArray[np.bool_]

#: Deviations are found by floating point; a cell that moves so little less than it must
#: has moved as far.
SLACK = 1e-9
#: A deviation that is no more than the noise of the solver.
_MOVES = 1e-7
#: Deviations that are tried for many cells at once, before the rest are tried one by one.
_TOGETHER = 12


@dataclass(frozen=True)
class Freedom:
    """What a reader cannot rule out of one measure, as shares of the values.

    Nothing is made of the rounding of printed figures: it only adds to what is proven here.

    Attributes
    ----------
    matrix
        Relations, shape (relations, cells), with each column times the cell's value, so
        that a deviation of 1 is the value itself.
    share
        Share of its value by which a cell that is not printed may deviate.
    """

    matrix: sparse.csc_array
    share: float

    @classmethod
    def of(cls, matrix: sparse.csr_array, values: Floats, share: float) -> Freedom:
        """Freedom of a measure with the given values, shape (cells,)."""
        return cls(sparse.csc_array(matrix @ sparse.diags_array(values)), share)


def uncertain(freedom: Freedom, unseen: Flags, needed: Floats) -> Flags:
    """Cells that stay uncertain by their needed share, shape (cells,); True where 0 is needed.

    Parameters
    ----------
    freedom
        The measure.
    unseen
        Cells that are not printed, shape (cells,).
    needed
        Share of its value by which each cell must stay uncertain, shape (cells,).
    """
    done = needed <= 0
    open_ = np.flatnonzero(unseen)
    rng = np.random.default_rng(0)
    for _ in range(_TOGETHER):
        left = np.flatnonzero(~done)
        if not left.size:
            return done
        sign = np.where(rng.random(left.size) < 0.5, -1.0, 1.0)
        fresh = _reached(freedom, open_, left, sign, needed)
        if not (fresh & ~done).any():
            break
        done |= fresh
    for cell in np.flatnonzero(~done).tolist():
        if not done[cell]:
            done |= _reached(freedom, open_, np.array([cell]), np.ones(1), needed)
    return done


def _reached(freedom: Freedom, open_: Ints, goals: Ints, sign: Floats, needed: Floats) -> Flags:
    """Cells that one deviation, made for some of them, moves as far as they need."""
    place = np.full(needed.size, -1)
    place[open_] = np.arange(open_.size)
    use = place[goals] >= 0
    goals, sign = goals[use], sign[use]
    deviation = np.zeros(needed.size)
    if goals.size:
        low = np.full(open_.size, -freedom.share)
        high = -low
        objective = np.zeros(open_.size)
        objective[place[goals]] = -sign / needed[goals]
        # No cell need go further than it must: that leaves room for the others.
        reach = np.minimum(needed[goals], freedom.share)
        up, down = sign > 0, sign < 0
        high[place[goals[up]]] = reach[up]
        low[place[goals[down]]] = -reach[down]
        part = scaled(freedom.matrix[:, open_])
        found = linprog(
            objective,
            A_eq=part,
            b_eq=np.zeros(part.shape[0]),
            bounds=np.column_stack([low, high]),
            method="highs",
        )
        if found.x is not None:
            deviation[open_] = found.x
    return np.asarray((needed > 0) & (np.abs(deviation) >= needed * (1 - SLACK)))


def cheapest(
    freedom: Freedom, unseen: Flags, cost: Floats, cell: int, share: float
) -> Flags | None:
    """Further cells to hide so that one cell stays uncertain by a share; None if none can.

    The linear relaxation of the fixed charge: what a cell costs is spread over how far it
    may move. All cells that move are to be hidden, so the deviation proves them enough.
    """
    part = scaled(freedom.matrix)
    # The deviation is that of unseen cells, plus up, minus down; the last two at a price.
    free = np.where(unseen, freedom.share, 0.0)
    extra = freedom.share - free
    low, high = -free, free.copy()
    low[cell] = high[cell] = share
    none = np.zeros(cost.size)
    found = linprog(
        np.concatenate([none, cost, cost]),
        A_eq=sparse.hstack([part, part, -part], format="csc"),
        b_eq=np.zeros(part.shape[0]),
        bounds=np.column_stack(
            [np.concatenate([low, none, none]), np.concatenate([high, extra, extra])]
        ),
        method="highs",
    )
    if found.x is None:
        return None
    _, up, down = np.split(found.x, 3)
    new = (up + down > _MOVES) & (extra > 0)
    new[cell] = False
    return np.asarray(new)


def scaled(part: sparse.csc_array) -> sparse.csr_array:
    """Relations that say something, each over its largest part: small cells must not vanish."""
    rows = sparse.csr_array(part)
    rows = rows[np.flatnonzero(np.diff(rows.indptr))]
    largest = np.maximum(abs(rows).max(axis=1).toarray().ravel(), np.finfo(np.float64).tiny)
    return sparse.csr_array(sparse.diags_array(1 / largest) @ rows)
