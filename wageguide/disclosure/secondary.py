"""Further cells to hide, so that no hidden cell can be worked out from what is printed.

First relation by relation: the hidden parts of every sum must be able to make up for each
other, and together must be as safe as one cell, or one enterprise could take itself off.
Then the whole release at once by linear programming, which finds what single relations do
not show and proves the rest; last, what turned out not to be needed is printed again. All
choices are by cost, then by number of the cell, so the same release has the same pattern.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from wageguide.disclosure.contributions import Floats, Ints
from wageguide.disclosure.relations import Relations
from wageguide.disclosure.together import together
from wageguide.disclosure.witness import Flags, Freedom, cheapest, uncertain

#: Whether cells, taken as one, are unsafe.
Together = Callable[[Ints], bool]


@dataclass
class Problem:
    """What is to be hidden, and what must hold.

    Attributes
    ----------
    relations
        Cells and sums.
    measures
        Freedom of each measure that must stay uncertain (weight, payroll).
    values
        Payroll of each cell, shape (cells,).
    needed
        Share by which each cell must stay uncertain, 0 for one that need not, shape (cells,).
    primary
        Cells that are hidden for themselves, shape (cells,).
    cost
        What it costs to hide a cell, shape (cells,).
    together
        Whether several cells of one table are unsafe as one.
    members
        Cells of each relation, its sum included.
    of
        Relations of each cell.
    """

    relations: Relations
    measures: tuple[Freedom, ...]
    values: Floats
    needed: Floats
    primary: Flags
    cost: Floats
    together: Together
    members: list[Ints] = field(init=False)
    of: list[Ints] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.relations.matrix
        self.members = [
            np.sort(rows.indices[a:b]) for a, b in zip(rows.indptr, rows.indptr[1:], strict=False)
        ]
        columns = sparse.csc_array(rows)
        self.of = [
            np.sort(columns.indices[a:b])
            for a, b in zip(columns.indptr, columns.indptr[1:], strict=False)
        ]

    @property
    def implied(self) -> Flags:
        """Cells of margins that no table prints, shape (cells,)."""
        return np.arange(self.relations.cells) >= self.relations.shown


def hide(problem: Problem) -> Flags:
    """Cells to keep confidential, primary ones included, shape (cells,)."""
    hidden = problem.primary.copy()
    reach = problem.needed.copy()
    waiting = set(np.flatnonzero(hidden).tolist())
    doubted = [problem.needed] * len(problem.measures)
    while True:
        _close(problem, hidden, reach, waiting)
        # What has been proven stays so when more is hidden.
        doubted = _unproven(problem, hidden, doubted)
        before = hidden.copy()
        for measure, needed in zip(problem.measures, doubted, strict=True):
            for cell in np.flatnonzero(needed).tolist():
                hidden |= _made_uncertain(problem, hidden, measure, cell)
        if not any(needed.any() for needed in doubted):
            return _printed_again(problem, hidden)
        waiting = set(np.flatnonzero(hidden & ~before).tolist())


def _unproven(problem: Problem, hidden: Flags, doubted: list[Floats]) -> list[Floats]:
    """By measure, the needed shares of those doubted cells that are not so uncertain."""
    unseen = hidden | problem.implied
    pairs = list(zip(problem.measures, doubted, strict=True))
    found = together(lambda pair: uncertain(pair[0], unseen, pair[1]), pairs)
    return [np.where(done, 0.0, needed) for done, needed in zip(found, doubted, strict=True)]


def _made_uncertain(problem: Problem, hidden: Flags, measure: Freedom, cell: int) -> Flags:
    """Cells to hide for the sake of one that is not uncertain enough."""
    unseen = hidden | problem.implied
    share = float(problem.needed[cell])
    new = cheapest(measure, unseen, problem.cost, cell, share)
    if new is not None and new.any():
        return new
    # Arithmetic has failed, since the sums above a cell can always move with it.
    above = np.zeros(hidden.size, bool)
    queue = [cell]
    while queue:
        one = queue.pop()
        above[one] = True
        sums = problem.relations.parent[problem.of[one]]
        queue += [int(c) for c in sums.tolist() if not above[c]]
    return above & ~problem.implied


def safe(problem: Problem, hidden: Flags, among: Flags | None = None) -> bool:
    """Whether all cells, or those among some, stay as uncertain as they must."""
    unseen = hidden | problem.implied
    needed = problem.needed
    if among is not None:
        unseen, needed = unseen & among, np.where(among, needed, 0.0)
    return all(
        done.all() for done in together(lambda m: uncertain(m, unseen, needed), problem.measures)
    )


def _tied(problem: Problem, hidden: Flags, cell: int) -> Flags:
    """Cells that are tied to one by sums of cells that are not printed, shape (cells,)."""
    loose = hidden | problem.implied
    loose[cell] = True
    part = abs(problem.relations.matrix) @ sparse.diags_array(loose.astype(np.float64))
    size = problem.relations.cells
    graph = sparse.block_array([[None, part], [part.T, None]], format="csr")
    _, label = csgraph.connected_components(graph, directed=False)
    own = label[-size:]
    return np.asarray(loose & (own == own[cell]))


def _close(problem: Problem, hidden: Flags, reach: Floats, waiting: set[int]) -> None:
    """Hide what single relations ask for, starting from cells that were just hidden."""
    queue = sorted({r for c in waiting for r in problem.of[c].tolist()})
    seen = set(queue)
    while queue:
        relation = queue.pop(0)
        seen.discard(relation)
        while (cell := _wanted(problem, hidden, reach, relation)) is not None:
            hidden[cell] = True
            for other in problem.of[cell].tolist():
                if other != relation and other not in seen:
                    seen.add(other)
                    queue.append(other)


def _wanted(problem: Problem, hidden: Flags, reach: Floats, relation: int) -> int | None:
    """The cell to hide next in a relation, with how far it must be able to move; or None."""
    members = problem.members[relation]
    inside = members[hidden[members]]
    if not inside.size:
        return None
    short = _shortfall(problem, hidden, reach, members, inside)
    if short <= 0 and not unsafe_together(problem, hidden, relation, inside):
        return None
    parent = int(problem.relations.parent[relation])
    open_ = members[~hidden[members] & ~problem.implied[members]]
    if not open_.size:
        return None
    most = problem.measures[-1].share
    room = most * problem.values[open_]
    enough = open_[room >= short] if (room >= short).any() else open_[room == room.max()]
    price = np.array([_price(problem, hidden, int(c), relation) for c in enough])
    price[enough == parent] += problem.cost[parent] * (short <= 0)
    cell = int(enough[np.lexsort((enough, price))[0]])
    if problem.values[cell] > 0:
        share = min(short / problem.values[cell], most)
        reach[cell] = max(reach[cell], share, 0.0)
    return cell


def _shortfall(
    problem: Problem, hidden: Flags, reach: Floats, members: Ints, inside: Ints
) -> float:
    """How much the others of a relation lack to make up for one of its hidden cells."""
    most = problem.measures[-1].share
    unseen = members[hidden[members] | problem.implied[members]]
    room = most * float(problem.values[unseen].sum())
    own = problem.values[inside]
    return float((reach[inside] * own - (room - most * own)).max())


def unsafe_together(problem: Problem, hidden: Flags, relation: int, inside: Ints) -> bool:
    """Whether the hidden parts of a known sum are unsafe as one cell."""
    parent = int(problem.relations.parent[relation])
    if hidden[parent]:
        return False
    return problem.together(inside[inside != parent])


def _price(problem: Problem, hidden: Flags, cell: int, relation: int) -> float:
    """Cost of hiding a cell, and at least what its other relations will ask for then."""
    price = float(problem.cost[cell])
    for other in problem.of[cell].tolist():
        if other == relation:
            continue
        members = problem.members[other]
        rest = members[members != cell]
        if (hidden[rest] | problem.implied[rest]).any():
            continue
        price += float(problem.cost[rest].min()) if rest.size else np.inf
    return price


def _printed_again(problem: Problem, hidden: Flags) -> Flags:
    """Print again, the dearest first, what the others do without."""
    extra = np.flatnonzero(hidden & ~problem.primary)
    for cell in extra[np.lexsort((extra, -problem.cost[extra]))].tolist():
        hidden[cell] = False
        if not _still_safe(problem, hidden, cell):
            hidden[cell] = True
    return hidden


def _still_safe(problem: Problem, hidden: Flags, cell: int) -> bool:
    """Whether relations of a cell that is printed again, and then all cells, are still safe."""
    for relation in problem.of[cell].tolist():
        members = problem.members[relation]
        inside = members[hidden[members]]
        if not inside.size:
            continue
        if _shortfall(problem, hidden, problem.needed, members, inside) > 0:
            return False
        if unsafe_together(problem, hidden, relation, inside):
            return False
    return safe(problem, hidden, _tied(problem, hidden, cell))
