"""What a reader of printed tables knows: a range for every cell, and sums that must agree.

Two tables, added up over the keys that they share, give the same numbers, class by class.
That holds for a table and its margin, for two tables that share some of their keys, and for
two levels of one classification. The reader needs nothing else to work out hidden cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from wageguide.disclosure.published import CONFIDENTIAL, PublishedTable

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

#: Levels of a classification: by the coarser key the next finer one, and how many characters
#: of a code its class has.
Levels = Mapping[str, tuple[str, int]]


@dataclass(frozen=True)
class Knowledge:
    """All cells of all tables, with what is known of them.

    Attributes
    ----------
    cells
        ``table`` and ``keys`` of each cell, as printed text, and whether it is ``hidden``
        (the row confidential) or its mean alone (``no_mean``).
    sums
        One row an equation: tables added up over shared keys, shape (equations, cells); each
        row times the cells is 0.
    weight, mean, payroll
        Lowest and highest value of each cell, shape (2, cells).
    """

    cells: pd.DataFrame
    sums: sparse.csr_array
    weight: Floats
    mean: Floats
    payroll: Floats


def known(
    tables: Sequence[PublishedTable], levels: Levels | None = None, *, complete: bool = True
) -> Knowledge:
    """What the tables of one release say.

    Parameters
    ----------
    tables
        Printed tables. A cell whose key is empty holds those without that key.
    levels
        For a coarser key, the finer one and the length of its codes' common beginning.
    complete
        Whether all workers are in every table. If not, those who lack a key are missing from
        it, nobody knows how many: a table is at most its margin, and two tables of which
        neither is the other's margin say nothing of each other.
    """
    import pandas as pd

    parts, weight, mean = [], [], []
    for table in tables:
        frame = table.frame
        hidden = (frame["mark"] == CONFIDENTIAL).to_numpy(dtype=bool)
        means = _column(frame, "mean")
        parts.append(
            pd.DataFrame(
                {
                    "table": table.id,
                    "keys": table.keys,
                    "hidden": hidden,
                    "no_mean": ~hidden & _marked(frame, "mark_mean"),
                }
            )
        )
        weight.append(_range(_column(frame, "weight"), table.rounding.get("weight", 0.0)))
        mean.append(_range(means, table.rounding.get("mean", 0.0)))
    sums = _equations(tables, levels or {}, complete)
    missing = sums.shape[1] - sum(len(p) for p in parts)
    unknown = np.array([np.zeros(missing), np.full(missing, np.inf)])
    weights, means = np.hstack([*weight, unknown]), np.hstack([*mean, unknown])
    cells = pd.concat(parts, ignore_index=True)
    # Workers who lack a key are cells of their own, and nobody's secret.
    rest = pd.DataFrame({"table": [""] * missing, "keys": "", "hidden": False, "no_mean": False})
    every = pd.concat([cells, rest], ignore_index=True) if missing else cells
    return Knowledge(every, sums, weights, means, _product(weights, means))


def _column(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    return frame[name].to_numpy(dtype=np.float64)


def _marked(frame: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    if name not in frame.columns:
        return np.zeros(len(frame), bool)
    return (frame[name] == CONFIDENTIAL).to_numpy(dtype=bool)


def _range(values: Floats, unit: float) -> Floats:
    """Numbers that are printed as the values, halves rounded up; all from 0 on if not shown."""
    shown = ~np.isnan(values)
    low = np.where(shown, np.maximum(values - unit / 2, 0.0), 0.0)
    return np.array([low, np.where(shown, values + unit / 2, np.inf)])


def _product(weight: Floats, mean: Floats) -> Floats:
    low = weight[0] * mean[0]
    with np.errstate(invalid="ignore"):
        high = weight[1] * mean[1]
    return np.array([low, np.where(np.isnan(high), np.inf, high)])


def _equations(
    tables: Sequence[PublishedTable], levels: Levels, complete: bool
) -> sparse.csr_array:
    """Every pair of tables added up over what they share."""
    start = np.concatenate([[0], np.cumsum([len(t.frame) for t in tables])]).astype(int)
    values: list[float] = []
    rows: list[int] = []
    columns: list[int] = []
    count, cells = 0, int(start[-1])
    for one, two in combinations(range(len(tables)), 2):
        shared = [k for k in _all_keys(tables[one], levels) if k in _all_keys(tables[two], levels)]
        margins = [t for t in (one, two) if set(tables[t].by) <= set(shared)]
        if not complete and len(margins) != 1:
            continue
        labels = [_classes(tables[t], shared, levels) for t in (one, two)]
        names = sorted({*labels[0], *labels[1]})
        number = {name: count + n for n, name in enumerate(names)}
        for table, classes in zip((one, two), labels, strict=True):
            rows += [number[c] for c in classes]
            columns += range(int(start[table]), int(start[table + 1]))
            values += [-1.0 if table in margins[:1] else 1.0] * len(classes)
        if not margins:
            values[-len(labels[1]) :] = [-1.0] * len(labels[1])
        if not complete:
            rows += range(count, count + len(names))
            columns += range(cells, cells + len(names))
            values += [1.0] * len(names)
            cells += len(names)
        count += len(names)
    return sparse.csr_array((values, (rows, columns)), shape=(count, cells))


def _all_keys(table: PublishedTable, levels: Levels) -> list[str]:
    """Keys of a table and the coarser ones that follow from them."""
    keys = list(table.by)
    while more := [c for c, (fine, _) in levels.items() if fine in keys and c not in keys]:
        keys += more
    return keys


def _classes(table: PublishedTable, shared: Sequence[str], levels: Levels) -> list[tuple[str, ...]]:
    """Class of each cell by shared keys."""
    columns: list[list[str]] = []
    for key in shared:
        own = key
        while own not in table.by:
            own = levels[own][0]
        length = levels[key][1] if own != key else None
        columns.append([code[:length] for code in table.frame[own].tolist()])
    return list(zip(*columns, strict=True)) if columns else [()] * len(table.frame)
