"""Figures for cells too thin for their own: pooled along the classification, and marked.

A cell that misses the stated rule is offered the tiers of the lowest group above it whose
rows, its own and its neighbours', pass. The price table itself is not touched.

A pooled figure is a margin over its cells: with all its other cells published, its mean and
count give away the missing one's. Disclosure control takes it in like any other total.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wageguide.analysis.gap_rows import opened
from wageguide.analysis.levels import Level, columns_of, groups_above
from wageguide.analysis.occupations import OCCUPATION
from wageguide.analysis.pooled import COUNTS, NO_LEVEL, PooledTiers
from wageguide.analysis.small_cells import SmallCells, cluster_design, with_key
from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers.arrow import plain_array, to_arrow, to_floats
from wageguide.tiers.checks import OnBadRows
from wageguide.tiers.error_settings import ErrorSettings, error_settings
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.scheme import Scheme
from wageguide.tiers.table import TierFacts, TierTable

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey

_SIZES = (*COUNTS, "weight")


def pool_small_cells(
    data: pd.DataFrame | pa.Table | Survey,
    key: str = "occupation",
    *,
    rule: SmallCells,
    levels: Sequence[Level] = OCCUPATION,
    wage: str = "annual_wage",
    weight: str | None = None,
    enterprise: str | None = None,
    scheme: Scheme | Path | str = "percentiles",
    quantile: str = "inverted_cdf",
    design: Design | None = None,
    se: str | ErrorSettings | None = None,
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> PooledTiers:
    """Offer every cell the tiers of the lowest group that is large enough.

    Parameters
    ----------
    data
        One row a worker: a pandas frame, an Arrow table, or a survey. It is not changed.
    key
        Column of detailed codes.
    rule
        What is large enough; counts are unweighted.
    levels
        The cells' own level first, then upwards. A group's rows are all rows of the codes
        that belong to it, the thin cell's and those of cells with a figure of their own.
    wage, scheme, quantile, se, facts, on_bad_rows
        As for `estimate_tables`.
    weight, enterprise, design
        Columns of weight and enterprise, by themselves or in a design; a survey brings its
        own. Enterprises are counted, so there must be a column of them.

    Raises
    ------
    InputError
        As `estimate_tables`; or if a code does not fit the classification, or no column of
        enterprises is named.

    Examples
    --------
    Two workers of one occupation are too few, and its small group has eight of both:

    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "occupation": ["6-18-01-01"] * 6 + ["6-18-01-02"] * 2,
    ...     "firm": ["a", "b", "c", "a", "b", "c", "a", "d"],
    ...     "annual_wage": [50e3, 52e3, 54e3, 56e3, 58e3, 60e3, 90e3, 99e3],
    ... })
    >>> rule = SmallCells(min_workers=5, min_enterprises=3, variance_enterprises=3)
    >>> pooled = pool_small_cells(rows, rule=rule, enterprise="firm")
    >>> pooled.small[["workers", "pooled_workers", "p50", "mark_en"]].values.tolist()
    [[2, 8, 56000.0, 'pooled: small group 6-18-01']]
    """
    if len(levels) < 2:
        raise InputError("Pooling needs the cells' own level and at least one above it.")
    if NO_LEVEL in {level.label_zh for level in levels}:
        raise InputError(f"A level cannot be called {NO_LEVEL!r}: it stands for no level at all.")
    design = cluster_design(data, design, weight, enterprise)
    needed = design.columns if error_settings(se) else (design.weight, design.enterprise)
    table = opened(data, [key, wage, *columns_of(levels), *needed])
    above = groups_above(table, key, levels)
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
        scheme=scheme,
        quantile=quantile,
        design=design,
        se=se,
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
    figures = [n for n in own.column_names if n not in {key, *COUNTS}]
    columns: dict[str, Any] = {
        "level_used": pa.array([levels[u].label_zh if u >= 0 else NO_LEVEL for u in used]),
        "code": pa.array([codes[u][i] if u >= 0 else "" for i, u in enumerate(used)], pa.string()),
        **{n: own[n] for n in COUNTS},
    }
    for name in (*COUNTS, *figures):
        values = np.full(len(cells), 0.0 if name in COUNTS else np.nan)
        for place, (table, row) in enumerate(zip(tables, rows, strict=True)):
            here = used == place
            values[here] = to_floats(table.columns[name])[row[here]]
        counted = name in COUNTS
        columns[f"pooled_{name}" if name in _SIZES else name] = to_arrow(
            values.astype(np.int64) if counted else values
        )
    marks = [_mark(levels, u, codes[u][i]) for i, u in enumerate(used)]
    columns["mark_zh"] = pa.array([zh for zh, _ in marks], pa.string())
    columns["mark_en"] = pa.array([en for _, en in marks], pa.string())
    return with_key(key, own[key], columns)


def _rows_for(codes: Sequence[str | None], column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Row of each code in a table; -1 for none."""
    places = {str(v): row for row, v in enumerate(column.to_pylist())}
    return np.array([-1 if c is None else places[c] for c in codes], np.int64)


def _enough(columns: pa.Table, rows: NDArray[np.int64], rule: SmallCells) -> NDArray[np.bool_]:
    workers, enterprises = (to_floats(columns[n])[rows] for n in COUNTS)
    return rule.large_enough(workers, enterprises) & (rows >= 0)


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
