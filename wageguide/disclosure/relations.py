"""What adds up to what: the linear relations among the cells of all tables of a release.

A table whose keys are part of another's is its margin. Two tables that share keys imply the
margin over those, printed or not: such an implied margin is a set of cells of its own. Keys
may be levels of one classification: a table by the coarser is a margin of one by the finer.
Workers without a key are in a margin and in no cell below it; a reader is assumed to know
how much they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from wageguide.disclosure.contributions import (
    Contributions,
    Floats,
    Ints,
    SurveyRows,
    contributions,
)


@dataclass(frozen=True)
class Relations:
    """All cells of all tables in one row, and the sums that tie them together.

    Attributes
    ----------
    tables
        Contributions of the printed tables, then of implied margins.
    printed
        How many of them are printed.
    start
        Number of the first cell of each table, and one past the last, shape (tables + 1,).
    matrix
        One row a relation: 1 for each part and -1 for the sum, shape (relations, cells).
    parent
        Cell that is the sum of each relation, shape (relations,).
    weight, payroll, rows
        Of each cell, shape (cells,).
    """

    tables: tuple[Contributions, ...]
    printed: int
    start: Ints
    matrix: sparse.csr_array
    parent: Ints
    weight: Floats
    payroll: Floats
    rows: Floats

    @property
    def cells(self) -> int:
        """Number of all cells."""
        return int(self.start[-1])

    @property
    def shown(self) -> int:
        """Number of the cells that are printed; they come first."""
        return int(self.start[self.printed])


def relations(
    rows: SurveyRows, tables: Sequence[Contributions], nested: Mapping[str, str]
) -> Relations:
    """Find all relations among tables.

    Parameters
    ----------
    rows
        The survey.
    tables
        Contributions of the printed tables; no two of the same keys.
    nested
        Coarser key by finer: ``{"occupation_minor": "occupation"}``.
    """
    sets = [frozenset(t.by) for t in tables]
    implied = _implied(sets, nested)
    every = [*tables, *(contributions(rows, sorted(keys)) for keys in implied)]
    sets += implied
    start = np.concatenate([[0], np.cumsum([t.cells for t in every])]).astype(np.int64)
    parts: list[tuple[Ints, Ints]] = []
    sums: list[Ints] = []
    count = 0
    for child, keys in enumerate(sets):
        for parent in _next_coarser(keys, sets, nested):
            below, above = _up(every[child], every[parent])
            used, relation = np.unique(above, return_inverse=True)
            parts.append((relation + count, below + start[child]))
            sums.append(used + start[parent])
            count += used.size
    parent_cell = np.concatenate(sums) if sums else np.zeros(0, np.int64)
    return Relations(
        tuple(every),
        len(tables),
        start,
        _matrix(parts, parent_cell, int(start[-1])),
        parent_cell,
        *(np.concatenate([t.total(getattr(t, n)) for t in every])
          for n in ("weight", "payroll", "rows")),
    )  # fmt: skip


def _matrix(parts: list[tuple[Ints, Ints]], parent: Ints, cells: int) -> sparse.csr_array:
    rows = np.concatenate([*(r for r, _ in parts), np.arange(parent.size)])
    columns = np.concatenate([*(c for _, c in parts), parent])
    values = np.concatenate([np.ones(rows.size - parent.size), -np.ones(parent.size)])
    return sparse.csr_array((values, (rows, columns)), shape=(parent.size, cells))


def _up(child: Contributions, parent: Contributions) -> tuple[Ints, Ints]:
    """Cells of a table, and the cell of a coarser table that each lies in."""
    use = np.flatnonzero(child.cell >= 0)
    _, first = np.unique(child.cell[use], return_index=True)
    above = parent.cell[use[first]]
    inside = above >= 0
    return np.flatnonzero(inside), above[inside]


def closure(keys: frozenset[str], nested: Mapping[str, str]) -> frozenset[str]:
    """The keys and every coarser level of them."""
    found = set(keys)
    while more := {c for c, fine in nested.items() if fine in found and c not in found}:
        found |= more
    return frozenset(found)


def finest(keys: frozenset[str], nested: Mapping[str, str]) -> frozenset[str]:
    """The keys without levels that a finer one among them gives."""
    return frozenset(k for k in keys if not any(k in closure({o}, nested) - {o} for o in keys))  # type: ignore[arg-type]


def _implied(sets: Sequence[frozenset[str]], nested: Mapping[str, str]) -> list[frozenset[str]]:
    """Margins that two tables share and no table prints, in a fixed order."""
    known = {finest(s, nested) for s in sets}
    implied: list[frozenset[str]] = []
    waiting = list(dict.fromkeys(sets))
    while waiting:
        keys = waiting.pop(0)
        for other in [*sets, *implied]:
            shared = finest(closure(keys, nested) & closure(other, nested), nested)
            if shared not in known:
                known.add(shared)
                implied.append(shared)
                waiting.append(shared)
    return implied


def _next_coarser(
    keys: frozenset[str], sets: Sequence[frozenset[str]], nested: Mapping[str, str]
) -> list[int]:
    """Tables that are margins of `keys` with no other margin in between."""
    inside = closure(keys, nested)
    below = [n for n, s in enumerate(sets) if s != keys and s <= inside]

    def between(far: int, near: int) -> bool:
        return sets[far] != sets[near] and sets[far] <= closure(sets[near], nested)

    return [n for n in below if not any(between(n, m) for m in below)]
