"""What a reader can know at most, from the workers themselves and not from sums of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
from district import District
from random_districts import NESTED
from scipy.optimize import linprog


class Oracle:
    """Every combination of keys is a number of its own; every printed cell is a sum of them.

    How much of each cell of a margin lacks a key of a finer table is known, as protection
    assumes.
    """

    def __init__(self, district: District, measure: str, hidden, share: float | None) -> None:
        rows = district.rows
        keys = sorted({k for g in district.groupings for k in g})
        value = rows["weight"] * (rows["wage"] if measure == "payroll" else 1.0)
        text = rows[keys].astype(object).fillna("") if keys else pd.DataFrame(index=rows.index)
        text["value"] = value
        atoms = (
            _possible(text.groupby(keys, as_index=False)["value"].sum(), keys, district)
            if keys
            else pd.DataFrame({"value": [value.sum()]})
        )
        self.atoms = atoms
        self.low = np.zeros(len(atoms))
        self.high = np.full(len(atoms), np.inf)
        self.equal, self.right, self.under, self.limit = [], [], [], []
        self.rows: dict[tuple[int, int], np.ndarray] = {}
        for t, (by, table) in enumerate(zip(district.groupings, district.tables, strict=True)):
            for r in range(len(table.frame)):
                inside = np.ones(len(atoms), bool)
                for key in by:
                    inside &= (atoms[key] == table.frame[key].iloc[r]).to_numpy()
                row = inside.astype(float)
                self.rows[t, r] = row
                true = float(row @ atoms["value"].to_numpy(dtype=float))
                if not hidden[t][r]:
                    self.equal.append(row)
                    self.right.append(true)
                elif share is not None:
                    self.under += [row, -row]
                    self.limit += [true * (1 + share), -true * (1 - share)]

        for finer in district.groupings:
            lack = (atoms[list(finer)] == "").any(axis=1).to_numpy() if finer else None
            for t, by in enumerate(district.groupings):
                if lack is None or not lack.any() or not set(by) < {*finer, *_above(finer)}:
                    continue
                for r in range(len(district.tables[t].frame)):
                    row = self.rows[t, r] * lack
                    self.equal.append(row)
                    self.right.append(float(row @ atoms["value"].to_numpy(dtype=float)))

    def true(self, table: int, row: int) -> float:
        return float(self.rows[table, row] @ self.atoms["value"].to_numpy(dtype=float))

    def range(self, table: int, row: int) -> tuple[float, float]:
        """Least and most that a cell can be."""
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * self.rows[table, row],
                A_eq=np.array(self.equal) if self.equal else None,
                b_eq=self.right or None,
                A_ub=np.array(self.under) if self.under else None,
                b_ub=self.limit or None,
                bounds=np.column_stack([self.low, self.high]),
                method="highs",
            )
            assert found.status in (0, 3), found.message
            ends.append(sign * found.fun if found.status == 0 else np.inf)
        return ends[0], ends[1]


def _possible(atoms: pd.DataFrame, keys: list[str], district: District) -> pd.DataFrame:
    """All combinations that a reader cannot rule out: every table lists their cell."""
    every = pd.MultiIndex.from_product([sorted(set(atoms[k])) for k in keys], names=keys)
    full = atoms.set_index(keys)["value"].reindex(every, fill_value=0.0).reset_index()
    if {"a", "fine"} <= set(keys):
        full = full[[f[:2] == a for f, a in zip(full["fine"], full["a"], strict=True)]]
    for by, table in zip(district.groupings, district.tables, strict=True):
        if by:
            listed = set(table.frame[list(by)].itertuples(index=False, name=None))
            cells = full[list(by)].itertuples(index=False, name=None)
            full = full[[cell in listed or "" in cell for cell in cells]]
    return full.reset_index(drop=True)


def _above(keys) -> set[str]:
    """Coarser levels of the keys."""
    return {coarse for coarse, fine in NESTED.items() if fine in keys}
