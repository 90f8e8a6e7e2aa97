"""What each enterprise contributes to each cell of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.tiers.keys import Cells, KeyColumn, combine, encode_key
from wageguide.tiers.scheme import Tier

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SurveyRows:
    """The rows of a survey as protection needs them, each of shape (rows,).

    Attributes
    ----------
    keys
        Key columns by name.
    contributor
        Number of the enterprise, or of its owner.
    names
        Names of the contributors, in the order of their numbers.
    weight
        Workers that the row stands for.
    wage
        Yuan.
    """

    keys: Mapping[str, pa.Array]
    contributor: Ints
    names: tuple[str, ...]
    weight: Floats
    wage: Floats

    @cached_property
    def encoded(self) -> Mapping[str, KeyColumn]:
        """Numbers of the values of each key."""
        return {k: encode_key(k, v.cast(pa.string())) for k, v in self.keys.items()}

    @cached_property
    def by_contributor(self) -> Ints:
        """Rows in the order of their contributors."""
        return np.argsort(self.contributor, kind="stable")

    @cached_property
    def by_wage(self) -> Ints:
        """Rows in the order of their wages."""
        return np.argsort(self.wage, kind="stable")

    @classmethod
    def of(
        cls,
        rows: Any,
        keys: Sequence[str],
        *,
        enterprise: str,
        wage: str,
        weight: str | None = None,
        owner: str = "",
    ) -> SurveyRows:
        """Take what is needed from a frame or an Arrow table.

        An enterprise whose owner is not known is a contributor by itself.

        Raises
        ------
        InputError
            If a column is missing, or a row has no enterprise, wage or weight.
        """
        present = list(rows.column_names if isinstance(rows, pa.Table) else rows.columns)
        needed = [
            *keys,
            enterprise,
            wage,
            *([weight] if weight else []),
            *([owner] if owner else []),
        ]
        absent = sorted({n for n in needed if n not in present})
        if absent:
            raise InputError(
                f"Protection needs the columns {', '.join(absent)}, which the survey has not got."
            )

        def column(name: str) -> pa.Array:
            if isinstance(rows, pa.Table):
                return rows[name].combine_chunks()
            return pa.array(rows[name], from_pandas=True)

        who = encode_key(enterprise, column(enterprise).cast(pa.string()))
        numbers, names = who.code.astype(np.int64), who.values.to_pylist()
        if owner:
            numbers, names = _by_owner(numbers, names, column(owner).cast(pa.string()))
        pay = column(wage).cast(pa.float64()).to_numpy(zero_copy_only=False)
        weights = (
            column(weight).cast(pa.float64()).to_numpy(zero_copy_only=False)
            if weight
            else np.ones(len(pay))
        )
        bad = int(((numbers < 0) | ~np.isfinite(pay) | ~np.isfinite(weights)).sum())
        if bad:
            raise InputError(
                f"{bad:,} rows have no enterprise, wage or weight; protection would miss them."
            )
        return cls({k: column(k) for k in keys}, numbers, tuple(names), weights, pay)


def _by_owner(numbers: Ints, names: Sequence[str], owners: pa.Array) -> tuple[Ints, list[str]]:
    """Numbers of owners; enterprises without one keep a number of their own."""
    owner = encode_key("owner", owners)
    own = owner.code.astype(np.int64)
    merged = np.where(own >= 0, own, len(owner.values) + numbers)
    used, number = np.unique(merged, return_inverse=True)
    labels = [*owner.values.to_pylist(), *names]
    return number.astype(np.int64), [labels[u] for u in used.tolist()]


@dataclass(frozen=True)
class Contributions:
    """One line for each cell and contributor, by cell.

    Attributes
    ----------
    by
        Key columns of the table.
    codes
        Key values of the cells, shape (cells,) each; in the order of the table's rows.
    cell
        Cell of each survey row, -1 for one with a missing key, shape (rows,).
    line
        Line of each survey row, -1 for one with a missing key, shape (rows,).
    pair_cell, pair_who
        Cell and contributor of each line, shape (lines,).
    rows, weight, plain, payroll
        Of each line: rows; their weight; sum of wages; sum of wages by weight.
    """

    by: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]]
    cell: Ints
    line: Ints
    pair_cell: Ints
    pair_who: Ints
    rows: Ints
    weight: Floats
    plain: Floats
    payroll: Floats
    cells: int

    def total(self, values: NDArray[Any]) -> Floats:
        """Sums of a column of lines by cell, shape (cells,)."""
        return np.bincount(self.pair_cell, values, self.cells).astype(np.float64)

    @property
    def contributors(self) -> Ints:
        """Contributors of each cell, shape (cells,)."""
        return np.bincount(self.pair_cell, minlength=self.cells)


def contributions(rows: SurveyRows, by: Sequence[str]) -> Contributions:
    """Contributions to the cells of a table that hold rows, in the order of its rows."""
    numbered = combine([rows.encoded[k] for k in by], rows.contributor.size)
    number = np.asarray(numbered.number, dtype=np.int64)
    present = np.unique(number[number >= 0])
    cell = np.where(number >= 0, np.searchsorted(present, number), -1)
    use = in_order(cell, present.size, rows.by_contributor)
    pair = cell[use] * len(rows.names) + rows.contributor[use]
    first = np.diff(pair, prepend=-1) != 0
    lines, line = pair[first], np.cumsum(first) - 1
    size = len(rows.names)
    weight, wage = rows.weight[use], rows.wage[use]
    every = np.full(cell.size, -1, np.int64)
    every[use] = line
    return Contributions(
        tuple(by),
        _codes(numbered, present),
        cell,
        every,
        lines // size,
        lines % size,
        np.bincount(line, minlength=lines.size),
        _sums(line, weight, lines.size),
        _sums(line, wage, lines.size),
        _sums(line, weight * wage, lines.size),
        present.size,
    )


def in_order(cell: Ints, cells: int, rows: Ints) -> Ints:
    """Rows that have a cell, by cell, those of a cell in the order given."""
    rows = rows[cell[rows] >= 0]
    # Numbers of 16 bits are sorted in a few passes.
    number = cell.astype(np.uint16) if cells <= 2**16 else cell
    return rows[np.argsort(number[rows], kind="stable")]


def _sums(line: Ints, values: Floats, lines: int) -> Floats:
    return np.bincount(line, values, lines).astype(np.float64)


def _codes(cells: Cells, present: Ints) -> dict[str, tuple[str, ...]]:
    return {k: tuple(v.to_pylist()) for k, v in cells.key_values(present).items()}


def sides(rows: SurveyRows, found: Contributions, tiers: Sequence[Tier]) -> dict[str, Ints]:
    """Contributors that a tier rests on, by tier, each of shape (cells,).

    For a quantile the smaller number of those with a worker at or below it and at or above
    it; for a mean between two cuts those with a worker between them.
    """
    order = in_order(found.cell, found.cells, rows.by_wage)
    cell, line, weight = found.cell[order], found.line[order], rows.weight[order]
    total = np.bincount(cell, weight, found.cells)
    running = np.cumsum(weight)
    before = running - weight - (np.cumsum(total) - total)[cell]
    start, end = before / total[cell], (before + weight) / total[cell]

    def contributors(inside: NDArray[np.bool_]) -> Ints:
        present = np.zeros(found.pair_cell.size, bool)
        present[line[inside]] = True
        return np.bincount(found.pair_cell[present], minlength=found.cells)

    counts = {}
    for tier in tiers:
        low, high = (float(b) for b in tier.bounds) if tier.kind != "quantile" else (0.0, 0.0)
        if tier.kind == "quantile":
            share = float(tier.share)
            below, above = contributors(start < share), contributors(end > share)
            counts[tier.name] = np.minimum(below, above)
        else:
            counts[tier.name] = contributors((start < high) & (end > low))
    return counts
