"""The cheapest pattern there is, by integer programming; for releases of few cells.

A 0/1 variable says whether a cell is hidden. For each cell that must stay uncertain, and
each measure, a deviation proves it (see `witness`), and only hidden cells may move in it.
That hidden parts of a known sum must be safe as one cell is added where a solution breaks it.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from wageguide.disclosure.contributions import Ints
from wageguide.disclosure.secondary import Problem, unsafe_together
from wageguide.disclosure.witness import Flags, scaled


def cheapest_pattern(problem: Problem) -> Flags | None:
    """Cells to hide at the least cost, shape (cells,); None if the solver gives none.

    A cell without workers costs nothing; it is priced a little, so that it is not hidden in
    vain.
    """
    size = problem.relations.cells
    price = np.maximum(problem.cost, problem.cost.max() * 1e-9)
    price = np.where(problem.implied, 0.0, price)
    goals = np.flatnonzero(problem.needed > 0)
    proofs = [(m, int(cell)) for m in problem.measures for cell in goals]
    constraints = [_moves(problem, n, len(proofs)) for n in range(len(proofs))]
    constraints += [
        LinearConstraint(_sums(scaled(m.matrix), n, len(proofs), size), 0, 0)
        for n, (m, _) in enumerate(proofs)
    ]
    least = np.where(problem.primary | problem.implied, 1.0, 0.0)
    low = np.concatenate([least, *(np.full(size, -m.share) for m, _ in proofs)])
    high = np.concatenate([np.ones(size), *(np.full(size, m.share) for m, _ in proofs)])
    for n, (_, cell) in enumerate(proofs):
        low[size * (n + 1) + cell] = high[size * (n + 1) + cell] = problem.needed[cell]
    whole = np.zeros(low.size)
    whole[:size] = 1
    cost = np.concatenate([price, np.zeros(size * len(proofs))])
    while True:
        found = milp(cost, constraints=constraints, bounds=Bounds(low, high), integrality=whole)
        if found.x is None:
            return None
        hidden = (found.x[:size] > 0.5) & ~problem.implied
        cuts = [
            cut for r in range(problem.relations.parent.size) if (cut := _cut(problem, hidden, r))
        ]
        if not cuts:
            return np.asarray(hidden)
        constraints += [_at_least(members, inside, low.size) for members, inside in cuts]


def _moves(problem: Problem, n: int, proofs: int) -> LinearConstraint:
    """Only hidden cells move: ``|d| <= share x hidden``."""
    size = problem.relations.cells
    share = problem.measures[n // max(1, proofs // len(problem.measures))].share
    eye = sparse.eye_array(size, format="csr")
    zero = sparse.csr_array((size, size))
    blocks = [eye if k == n else zero for k in range(proofs)]
    over = sparse.hstack([-share * eye, *blocks])
    under = sparse.hstack([share * eye, *blocks])
    return LinearConstraint(
        sparse.vstack([over, under], format="csr"),
        np.concatenate([np.full(size, -np.inf), np.zeros(size)]),
        np.concatenate([np.zeros(size), np.full(size, np.inf)]),
    )


def _sums(matrix: sparse.csr_array, n: int, proofs: int, size: int) -> sparse.csr_array:
    zero = sparse.csr_array((matrix.shape[0], size))
    return sparse.csr_array(
        sparse.hstack([zero, *(matrix if k == n else zero for k in range(proofs))])
    )


def _cut(problem: Problem, hidden: Flags, relation: int) -> tuple[Ints, Ints] | None:
    """Members of a relation, and the hidden ones among them if they are unsafe as one cell."""
    members = problem.members[relation]
    members = members[~problem.implied[members]]
    inside = members[hidden[members]]
    if inside.size in (0, members.size) or not unsafe_together(problem, hidden, relation, inside):
        return None
    return members, inside


def _at_least(members: Ints, inside: Ints, variables: int) -> LinearConstraint:
    """One more is hidden, or one fewer: this set of hidden parts alone is unsafe."""
    row = np.zeros((1, variables))
    row[0, members] = 1
    row[0, inside] = -1
    return LinearConstraint(sparse.csr_array(row), 1 - inside.size, np.inf)
