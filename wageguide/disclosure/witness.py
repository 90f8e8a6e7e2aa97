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
#: Deviations that are tried for many cells at once, before the rest are tried one by one.
_TOGETHER = 12


@dataclass(frozen=True)
class Freedom:
    """What a reader cannot rule out of one measure, as shares of the values.

    Attributes
    ----------
    matrix
        Relations, shape (relations, cells), with each column times the cell's value, so
        that a deviation of 1 is the value itself.
    hidden
        Share by which a cell may deviate if it is hidden, shape (cells,).
    printed
        Share by which it may deviate though it is printed: what rounding leaves.
    """

    matrix: sparse.csc_array
    hidden: Floats
    printed: Floats

    @classmethod
    def of(
        cls, matrix: sparse.csr_array, values: Floats, intruder_share: float, printed: Floats
    ) -> Freedom:
        """Freedom of a measure with the given values, shape (cells,)."""
        scaled = sparse.csc_array(matrix @ sparse.diags_array(values))
        return cls(scaled, np.full(values.size, intruder_share), printed)


def uncertain(freedom: Freedom, hidden: Flags, needed: Floats) -> Flags:
    """Cells that stay uncertain by their needed share, shape (cells,); True where 0 is needed.

    Parameters
    ----------
    freedom
        The measure.
    hidden
        Cells that are not printed, shape (cells,).
    needed
        Share of its value by which each cell must stay uncertain, shape (cells,).
    """
    shown = needed <= 0
    bound = np.where(hidden, freedom.hidden, freedom.printed)
    open_ = np.flatnonzero(bound > 0)
    done = shown.copy()
    rng = np.random.default_rng(0)
    for _ in range(_TOGETHER):
        left = np.flatnonzero(~done)
        if not left.size:
            return done
        sign = np.where(rng.random(left.size) < 0.5, -1.0, 1.0)
        moved = _furthest(freedom, open_, bound, left, sign, needed)
        fresh = np.abs(moved) >= needed * (1 - SLACK)
        if not (fresh & ~done).any():
            break
        done |= fresh
    for cell in np.flatnonzero(~done).tolist():
        if done[cell]:
            continue
        one = np.array([cell])
        moved = _furthest(freedom, open_, bound, one, np.ones(1), needed)
        done |= np.abs(moved) >= needed * (1 - SLACK)
    return done


def _furthest(
    freedom: Freedom, open_: Ints, bound: Floats, goals: Ints, sign: Floats, needed: Floats
) -> Floats:
    """The deviation that moves some cells as far as they need, as far as it can be had."""
    place = np.full(bound.size, -1)
    place[open_] = np.arange(open_.size)
    use = place[goals] >= 0
    goals, sign = goals[use], sign[use]
    deviation = np.zeros(bound.size)
    if not goals.size:
        return deviation
    low, high = -bound[open_], bound[open_].copy()
    objective = np.zeros(open_.size)
    objective[place[goals]] = -sign / needed[goals]
    # No cell need go further than it must: that leaves room for the others.
    reach = np.minimum(needed[goals], bound[goals])
    up, down = sign > 0, sign < 0
    high[place[goals[up]]] = reach[up]
    low[place[goals[down]]] = -reach[down]
    part = _scaled(freedom.matrix[:, open_])
    found = linprog(
        objective,
        A_eq=part,
        b_eq=np.zeros(part.shape[0]),
        bounds=np.column_stack([low, high]),
        method="highs",
    )
    if found.x is not None:
        deviation[open_] = found.x
    return deviation


def cheapest(
    freedom: Freedom, hidden: Flags, may_hide: Flags, cost: Floats, cell: int, share: float
) -> Flags | None:
    """Further cells to hide so that one cell stays uncertain by a share; None if none can.

    The linear relaxation of the fixed charge: what a cell costs is spread over how far it
    may move. All cells that move are to be hidden, so the deviation proves them enough.
    """
    usable = np.flatnonzero(hidden | may_hide | (freedom.printed > 0))
    bound = np.where(hidden | may_hide, freedom.hidden, freedom.printed)[usable]
    free = np.where(hidden, freedom.hidden, freedom.printed)[usable]
    extra = np.where(may_hide[usable], bound - free, 0.0)
    price = np.where(extra > 0, cost[usable] / np.where(bound > 0, bound, 1.0), 0.0)
    part = _scaled(freedom.matrix[:, usable])
    place = int(np.searchsorted(usable, cell))
    if place >= usable.size or usable[place] != cell or bound[place] < share:
        return None
    # d = free part + up - down, the last two at a price.
    low, high = -free, free.copy()
    low[place] = high[place] = share
    found = linprog(
        np.concatenate([np.full(usable.size, 0.0), price, price]),
        A_eq=sparse.hstack([part, part, -part], format="csc"),
        b_eq=np.zeros(part.shape[0]),
        bounds=np.column_stack(
            [np.concatenate([low, np.zeros(2 * usable.size)]), np.concatenate([high, extra, extra])]
        ),
        method="highs",
    )
    if found.x is None:
        return None
    _, up, down = np.split(found.x, 3)
    new = np.zeros(hidden.size, bool)
    new[usable] = (up + down > 1e-7) & (extra > 0)
    new[cell] = False
    return new


def _scaled(part: sparse.csc_array) -> sparse.csr_array:
    """Relations that say something, each over its largest part: small cells must not vanish."""
    rows = sparse.csr_array(part)
    rows = rows[np.flatnonzero(np.diff(rows.indptr))]
    largest = np.maximum(abs(rows).max(axis=1).toarray().ravel(), np.finfo(np.float64).tiny)
    return sparse.csr_array(sparse.diags_array(1 / largest) @ rows)
