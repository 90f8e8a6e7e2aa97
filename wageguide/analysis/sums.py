"""Totals and ratios of columns by cell, with their sampling errors.

A total is ``sum w y`` over the rows of a cell, a ratio ``sum w y / sum w x``. Their scores
are ``w y`` and ``w (y - R x) / sum w x``, 0 outside the cell: a cell is a domain of the full
design.

Source: K. M. Wolter (2007), ch. 6; as R `svytotal` and `svyratio`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wageguide.analysis.gap_rows import opened
from wageguide.analysis.sums_errors import CellSums, Sum, sums_with_errors
from wageguide.analysis.with_error import with_error
from wageguide.errors import InputError
from wageguide.shown import Shown
from wageguide.survey.design import Design
from wageguide.tiers.arrow import from_flags, to_arrow, to_flags, to_floats
from wageguide.tiers.checks import Flags, OnBadRows, refuse_rows, usable
from wageguide.tiers.error_settings import ErrorSettings, error_facts, error_settings
from wageguide.tiers.keys import combine, encode_key
from wageguide.tiers.sampling import sample_design
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey

_RESULTS = ("workers", "enterprises", "df")


@dataclass(frozen=True, repr=False)
class SumTable(Shown):
    """Totals or ratios by cell.

    Attributes
    ----------
    by
        Key columns; empty for the total.
    columns
        One row a cell, sorted by key: the keys, ``workers`` (rows), ``enterprises``
        (sampling units), each figure with ``se_``, ``low_`` and ``high_`` (NaN where an
        error cannot be estimated), and ``df``.
    figures
        What each figure is, in words.
    facts
        Year, unit and source.
    rows_received, left_out
        Rows that came in, and rows that are in no cell, by reason.
    error_notes
        How sampling errors were computed; empty without them.
    """

    by: tuple[str, ...]
    columns: pa.Table
    figures: Mapping[str, str]
    facts: TierFacts
    rows_received: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    error_notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Figures, keys and year in one line."""
        year = f" · {self.facts.reference_year}年" if self.facts.reference_year else ""
        return f"{'、'.join(self.figures.values())} · {' × '.join(self.by) or '全部'}{year}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed under the table."""
        lost = "".join(f", {n:,} left out ({why})" for why, n in self.left_out.items())
        lines = [f"收到 {self.rows_received:,} 行 · {self.rows_received:,} rows received{lost}."]
        if self.error_notes:
            lines += ["括号内为标准误，– 为无法估计 · In brackets standard errors; – is none."]
        lines += self.error_notes
        if self.facts.source:
            lines.append(f"来源 Source: {self.facts.source}.")
        return tuple(lines)

    def _display(self) -> pd.DataFrame:
        counts = [n for n in _RESULTS if n in self.columns.column_names]
        shown = self.frame[[*self.by, *counts]].copy()
        for name in self.figures:
            errors = self.frame.get(f"se_{name}", [None] * len(shown))
            pairs = zip(self.frame[name], errors, strict=True)
            shown[name] = [with_error(value, se) for value, se in pairs]
        return shown


def estimate_totals(
    data: pd.DataFrame | pa.Table | Survey,
    of: Sequence[str],
    by: Sequence[str] = (),
    *,
    design: Design | None = None,
    se: str | ErrorSettings | None = "linearized",
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> SumTable:
    """Estimate population totals of columns, such as the payroll of an industry.

    Parameters
    ----------
    data
        One row a worker: a pandas frame, an Arrow table, or the `workers` of a survey. It
        is not changed.
    of
        Columns of finite numbers; each gives the columns ``total_<name>`` and its errors.
        Domain totals add up.
    by
        Key columns; none is the total.
    design
        How the rows were sampled; None takes a survey's own, or else every row by itself.
    se
        As for `estimate_tables`.
    facts
        What the table says about itself.
    on_bad_rows
        ``refuse`` or ``set_aside``, as for `estimate_tables`.

    Raises
    ------
    InputError
        If a column is missing, a row cannot be used, or the design does not fit the rows.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"w": [10, 10, 20], "wage": [5.0, 7.0, 6.0], "sex": ["f", "m", "f"]})
    >>> totals = estimate_totals(rows, ["wage"], ["sex"], design=Design(weight="w"))
    >>> totals.frame["total_wage"].tolist()
    [170.0, 70.0]
    """
    sums = {f"total_{c}": Sum(c, None) for c in dict.fromkeys(of)}
    words = {f"total_{c}": f"{c} 总额 total of {c}" for c in of}
    return _estimate(data, sums, words, by, design, se, facts, on_bad_rows)


def estimate_ratios(
    data: pd.DataFrame | pa.Table | Survey,
    ratios: Mapping[str, tuple[str, str]],
    by: Sequence[str] = (),
    *,
    design: Design | None = None,
    se: str | ErrorSettings | None = "linearized",
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> SumTable:
    """Estimate ratios of two population totals, such as wages over hours paid.

    Parameters
    ----------
    ratios
        Numerator and denominator columns, by the name of the ratio. A ratio whose
        denominator sums to 0 in a cell is NaN there.
    data, by, design, se, facts, on_bad_rows
        As for `estimate_totals`.

    Raises
    ------
    InputError
        As `estimate_totals`.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"w": [10, 10], "wage": [90.0, 30.0], "hours": [2.0, 4.0]})
    >>> by_hour = {"hourly": ("wage", "hours")}
    >>> estimate_ratios(rows, by_hour, design=Design(weight="w")).frame["hourly"].tolist()
    [20.0]
    """
    sums = {name: Sum(top, bottom) for name, (top, bottom) in ratios.items()}
    words = {name: f"{name} = {top} / {bottom}" for name, (top, bottom) in ratios.items()}
    return _estimate(data, sums, words, by, design, se, facts, on_bad_rows)


def _estimate(
    data: Any,
    sums: Mapping[str, Sum],
    words: Mapping[str, str],
    by: Sequence[str],
    design: Design | None,
    se: str | ErrorSettings | None,
    facts: TierFacts | None,
    on_bad_rows: OnBadRows,
) -> SumTable:
    settings = error_settings(se)
    design = design or getattr(data, "design", None) or Design()
    of_design = design.columns if settings else (design.weight,)
    values = list(dict.fromkeys(c for s in sums.values() for c in s.columns))
    _check_names(sums, by)
    table = opened(data, [*values, *by, *of_design])
    faults = _faults(table, values, by, design, settings is not None)
    use, left_out = np.ones(len(table), bool), dict[str, int]()
    if faults:
        refuse_rows({why: [rows] for why, rows in faults.items()}, on_bad_rows)
        use, left_out = usable(faults)
    sampled = _in_design(faults, design, len(table))
    rows, use = table.filter(from_flags(sampled)), use[sampled]
    sample = sample_design(rows, design if settings else Design(weight=design.weight))
    keys = [encode_key(k, rows[k]) for k in by]
    cells = combine(keys, len(rows))
    numbers = {c: np.where(use, to_floats(rows[c]), 0.0) for c in values}
    place = np.flatnonzero(use)
    present, cell = np.unique(np.asarray(cells.number, np.int64)[place], return_inverse=True)
    found = sums_with_errors(sums, numbers, cell.astype(np.int64), place, sample, settings)
    columns: dict[str, Any] = dict(cells.key_values(present))
    columns |= {name: to_arrow(v) for name, v in _columns(found, sums, design, settings).items()}
    return SumTable(
        tuple(by),
        pa.Table.from_arrays(list(columns.values()), list(columns)),
        words,
        facts or TierFacts(),
        len(table),
        left_out,
        error_facts(settings, design, sample),
    )


def _columns(
    found: CellSums, sums: Mapping[str, Sum], design: Design, settings: ErrorSettings | None
) -> dict[str, Any]:
    figures: dict[str, Any] = {"workers": found.rows}
    if design.enterprise and settings:
        figures["enterprises"] = found.enterprises
    for place, name in enumerate(sums):
        figures[name] = found.estimate[:, place]
        if settings is not None:
            figures[f"se_{name}"] = found.se[:, place]
            figures[f"low_{name}"] = found.low[:, place]
            figures[f"high_{name}"] = found.high[:, place]
    if settings is not None:
        figures["df"] = found.df
    return figures


def _check_names(sums: Mapping[str, Sum], by: Sequence[str]) -> None:
    results = {*_RESULTS, *(f"{p}{name}" for name in sums for p in ("", "se_", "low_", "high_"))}
    problems = [f"key column {k!r} has the name of a result; rename it" for k in by if k in results]
    problems += [
        f"key column {k!r} stands twice" for k in sorted({k for k in by if list(by).count(k) > 1})
    ]
    problems += [f"a figure cannot be called {n!r}" for n in sums if n in _RESULTS]
    if not sums:
        problems.append("no figure was asked for")
    if problems:
        raise InputError("The figures cannot be estimated as asked:", problems)


def _faults(
    table: pa.Table, values: Sequence[str], by: Sequence[str], design: Design, errors: bool
) -> dict[str, Flags]:
    """Rows that cannot be used, by reason."""
    bad: dict[str, Flags] = {}
    if design.weight is not None:
        weights = _numbers(table, design.weight)
        bad[f"{design.weight} is missing or not above 0"] = ~(weights > 0) | np.isinf(weights)
    for column in (design.enterprise, design.stratum) if errors else ():
        if column is not None:
            bad[f"{column} is missing"] = to_flags(pc.is_null(table[column]))
    for column in values:
        bad[f"{column} is missing or infinite"] = ~np.isfinite(_numbers(table, column))
    for column in by:
        bad[f"{column} is missing"] = to_flags(pc.is_null(table[column]))
    return {why: rows for why, rows in bad.items() if rows.any()}


def _in_design(faults: Mapping[str, Flags], design: Design, rows: int) -> Flags:
    """Rows that have a place in the sampling design: those without a value or key too."""
    inside = np.ones(rows, bool)
    for column in (design.weight, design.enterprise, design.stratum):
        for why, bad in faults.items():
            if column is not None and why.startswith(f"{column} is missing"):
                inside &= ~bad
    return inside


def _numbers(table: pa.Table, name: str) -> Any:
    kind = table[name].type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise InputError(f"Column {name!r} must hold numbers; it holds {kind}.")
    return to_floats(table[name])
