"""Figures for cells too thin for their own: pooled along the classification, and marked.

A cell that misses the stated rule is offered the tiers of the lowest group above it whose
rows, its own and its neighbours', pass. The price table itself is not touched.

A pooled figure is a margin over its cells: with all its other cells published, its mean and
count give away the missing one's. Disclosure control takes it in like any other total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wageguide.errors import InputError
from wageguide.tiers.arrow import plain_array, to_arrow, to_floats
from wageguide.tiers.checks import OnBadRows
from wageguide.tiers.estimate import estimate_tables
from wageguide.analysis.levels import (
    OCCUPATION,
    Level,
    SmallCells,
    ancestors,
    columns_of,
    rows_of,
)
from wageguide.tiers.scheme import Scheme
from wageguide.tiers.table import TierFacts, TierTable

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey

#: Level of a cell for which no group is large enough.
NO_LEVEL = "none"

_COUNTS = ("workers", "enterprises")
_SIZES = (*_COUNTS, "weight")


@dataclass(frozen=True, repr=False)
class PooledTiers:
    """Tiers of cells, each at the lowest level that is large enough.

    Attributes
    ----------
    key
        The key column.
    columns
        One row a cell, sorted by key: the key; ``level_used`` (label of the level, or
        ``none``) and ``code`` (the group at that level); ``workers`` and ``enterprises`` of
        the cell itself, ``pooled_workers``, ``pooled_enterprises`` and ``pooled_weight`` of
        the group; the figures of the group (NaN for ``none``); ``mark_zh`` and ``mark_en``,
        which are to stand beside every figure.
    levels, rule
        What was tried, and what is large enough.
    tables
        The tier table of each level, the cells' own first.
    """

    key: str
    columns: pa.Table
    levels: tuple[Level, ...]
    rule: SmallCells
    tables: tuple[TierTable, ...]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The columns as a pandas frame with a plain row index."""
        frame: pd.DataFrame = self.columns.to_pandas()
        return frame

    @property
    def small(self) -> pd.DataFrame:
        """The cells that are too thin for their own figure."""
        own = self.frame["level_used"] == self.levels[0].label_zh
        return self.frame[~own].reset_index(drop=True)

    @property
    def title(self) -> str:
        """What it is, and the unit."""
        return f"小单元格合并价位 Pooled tiers of small cells · {self.key} · {self._own.facts.unit}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed under the table."""
        used = self.columns["level_used"].to_pylist()
        names = [level.label_zh for level in self.levels] + [NO_LEVEL]
        rule = self.rule
        return (
            f"规则：人数少于 {rule.min_workers} 人或企业少于 {rule.min_enterprises} 家的单元格，"
            "采用分类上最近一级达到要求的合并数据；合并数据不是该职业本身的价位 · "
            f"Rule: a cell under {rule.min_workers} workers or {rule.min_enterprises} enterprises "
            "is offered the nearest group above it that reaches both; a pooled figure is not the "
            "cell's own.",
            " · ".join(f"{name} {used.count(name):,}" for name in names),
            *self._own.notes[1:],
        )

    @property
    def _own(self) -> TierTable:
        return self.tables[0]

    def __repr__(self) -> str:
        import pandas as pd

        with pd.option_context("display.unicode.east_asian_width", True, "display.width", 160):
            body = self._display().to_string(index=False, max_rows=20)
        return "\n".join([self.title, "", body, "", *self.notes])

    def _repr_html_(self) -> str:
        from html import escape

        body = self._display().to_html(index=False, max_rows=20, border=0, escape=True)
        notes = "<br>".join(escape(line) for line in self.notes)
        return f"<p><strong>{escape(self.title)}</strong></p>{body}<p><small>{notes}</small></p>"

    def _display(self) -> pd.DataFrame:
        shown = self.small
        for name in ("mean", *self._own.tier_names):
            shown[name] = ["–" if np.isnan(v) else f"{v:,.2f}" for v in shown[name]]
        return shown[[self.key, *_COUNTS, "mean", *self._own.tier_names, "mark_zh", "mark_en"]]


def pool_small_cells(
    data: pd.DataFrame | pa.Table | Survey,
    key: str = "occupation",
    *,
    rule: SmallCells,
    enterprise: str,
    levels: Sequence[Level] = OCCUPATION,
    wage: str = "annual_wage",
    weight: str | None = None,
    scheme: Scheme | Path | str = "percentiles",
    quantile: str = "inverted_cdf",
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> PooledTiers:
    """Offer every cell the tiers of the lowest group that is large enough.

    Parameters
    ----------
    data
        One row a worker, as for `estimate_tables`. It is not changed.
    key
        Column of detailed codes.
    rule
        What is large enough; counts are unweighted.
    enterprise
        Column of enterprise identifiers.
    levels
        The cells' own level first, then upwards. A group's rows are all rows of the codes
        that belong to it, the thin cell's and those of cells with a figure of their own.
    wage, weight, scheme, quantile, facts, on_bad_rows
        As for `estimate_tables`.

    Raises
    ------
    InputError
        As `estimate_tables`; or if a code does not fit the classification.
    """
    if len(levels) < 2:
        raise InputError("Pooling needs the cells' own level and at least one above it.")
    names = [key, wage, enterprise, *([weight] if weight else []), *columns_of(levels)]
    table = rows_of(data, names)
    above = [ancestors(table, key, level) for level in levels[1:]]
    groups = [f"{key} at level {n}" for n in range(1, len(levels))]
    encoded = plain_array(table[key]).dictionary_encode()
    values = [str(v) for v in encoded.dictionary.to_pylist()]
    for name, up in zip(groups, above, strict=True):
        column = pa.array([up[v] or "" for v in values], pa.string())
        table = table.append_column(name, column.take(encoded.indices))
    tables = estimate_tables(
        table,
        [[key], *([name] for name in groups)],
        wage=wage,
        weight=weight,
        enterprise=enterprise,
        scheme=scheme,
        quantile=quantile,
        facts=facts,
        on_bad_rows=on_bad_rows,
    )
    columns = _columns(key, groups, tables, above, levels, rule)
    return PooledTiers(key, columns, tuple(levels), rule, tables)


def _columns(
    key: str,
    groups: Sequence[str],
    tables: Sequence[TierTable],
    above: Sequence[dict[str, str | None]],
    levels: Sequence[Level],
    rule: SmallCells,
) -> pa.Table:
    own = tables[0].columns
    cells = [str(v) for v in own[key].to_pylist()]
    codes: list[list[str | None]] = [list(cells), *([up[c] for c in cells] for up in above)]
    rows = [
        _rows_for(codes_at, table.columns[name])
        for codes_at, table, name in zip(codes, tables, [key, *groups], strict=True)
    ]
    used = _lowest([_enough(t.columns, r, rule) for t, r in zip(tables, rows, strict=True)])
    figures = [n for n in own.column_names if n not in {key, *_COUNTS}]
    columns: dict[str, Any] = {
        key: own[key],
        "level_used": pa.array([levels[u].label_zh if u >= 0 else NO_LEVEL for u in used]),
        "code": pa.array([codes[u][i] if u >= 0 else "" for i, u in enumerate(used)], pa.string()),
        **{n: own[n] for n in _COUNTS},
    }
    for name in (*_COUNTS, *figures):
        values = np.full(len(cells), 0.0 if name in _COUNTS else np.nan)
        for place, (table, row) in enumerate(zip(tables, rows, strict=True)):
            here = used == place
            values[here] = to_floats(table.columns[name])[row[here]]
        counted = name in _COUNTS
        columns[f"pooled_{name}" if name in _SIZES else name] = to_arrow(
            values.astype(np.int64) if counted else values
        )
    marks = [_mark(levels, u, codes[u][i]) for i, u in enumerate(used)]
    columns["mark_zh"] = pa.array([zh for zh, _ in marks], pa.string())
    columns["mark_en"] = pa.array([en for _, en in marks], pa.string())
    return pa.Table.from_arrays(list(columns.values()), list(columns))


def _rows_for(codes: Sequence[str | None], column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Row of each code in a table; -1 for none."""
    places = {str(v): row for row, v in enumerate(column.to_pylist())}
    return np.array([-1 if c is None else places[c] for c in codes], np.int64)


def _enough(columns: pa.Table, rows: NDArray[np.int64], rule: SmallCells) -> NDArray[np.bool_]:
    workers, enterprises = (to_floats(columns[n])[rows] for n in _COUNTS)
    large = (workers >= rule.min_workers) & (enterprises >= rule.min_enterprises)
    return np.asarray(large & (rows >= 0))


def _lowest(enough: Sequence[NDArray[np.bool_]]) -> NDArray[np.int64]:
    """Place of the first level that is large enough; -1 for none."""
    by_level = np.array(enough)
    return np.where(by_level.any(axis=0), by_level.argmax(axis=0), -1)


def _mark(levels: Sequence[Level], used: int, code: str | None) -> tuple[str, str]:
    if used < 0:
        top = levels[-1]
        return (
            f"样本不足：合并至{top.label_zh}仍未达到要求，无数据",
            f"too thin: no figure even pooled to the {top.label_en}",
        )
    level = levels[used]
    if used == 0:
        return f"本{level.label_zh}数据", f"the {level.label_en}'s own figure"
    return f"合并数据：{level.label_zh} {code}", f"pooled: {level.label_en} {code}"
