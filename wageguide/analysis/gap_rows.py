"""Rows of an analysis: those of the whole design, and which of them can be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers.arrow import from_flags, to_flags
from wageguide.tiers.checks import Flags, OnBadRows, refuse_rows, row_faults, usable
from wageguide.tiers.sample import SampleDesign
from wageguide.tiers.sampling import sample_design
from wageguide.tiers.scale import Floats, Ints, WageCheck, WageScale, WeightCheck, WeightScale

#: Faults of rows besides those of wage, weight and enterprise, by reason.
Faults = Callable[[pa.Table], dict[str, Flags]]

#: Confidence of every interval, as under the tier tables.
LEVEL = 0.95


@dataclass(frozen=True)
class DesignRows:
    """Rows of the whole design, those that cannot be used among them.

    A row without a wage is outside every cell, but its enterprise was sampled all the same
    and counts in its stratum.

    Attributes
    ----------
    table
        The columns asked for.
    use
        Rows that can be used, shape (rows,).
    code, wages, scale
        Wage codes, wages in yuan (0 where they cannot be used), and how they are held.
    units, weights
        Integer weights, and how they are held.
    sample
        The design, or None.
    received, left_out
        Rows that came in; those not used, by reason.
    """

    table: pa.Table
    use: Flags
    code: Ints
    wages: Floats
    scale: WageScale
    units: Ints
    weights: WeightScale
    sample: SampleDesign | None
    received: int
    left_out: dict[str, int]


def design_of(data: Any, design: Design | None) -> Design | None:
    """The design that was named, or else a survey's own."""
    own = getattr(data, "design", None)
    return own if design is None and isinstance(own, Design) else design


def opened(data: Any, needed: Iterable[str | None]) -> pa.Table:
    """The needed columns of a frame, an Arrow table or the workers of a survey.

    Raises
    ------
    InputError
        If columns are absent (all of them are named), stand twice or hold mixed kinds.
    """
    source = data if isinstance(data, pa.Table) or hasattr(data, "columns") else data.workers
    arrow = isinstance(source, pa.Table)
    names = [str(c) for c in (source.column_names if arrow else source.columns)]
    wanted = list(dict.fromkeys(n for n in needed if n is not None))
    problems = [f"column {n!r} is not there" for n in wanted if n not in names]
    problems += [f"column {n!r} stands twice" for n in wanted if names.count(n) > 1]
    if problems:
        shown = ", ".join(names[:30]) + (" …" if len(names) > 30 else "")
        raise InputError(f"The columns do not fit what was asked. The data has: {shown}.", problems)
    if not len(source):
        raise InputError("There are no rows: the data has headings and nothing below them.")
    if arrow:
        return source.select(wanted)
    columns = {}
    for name in wanted:
        try:
            columns[name] = pa.array(source.iloc[:, names.index(name)], from_pandas=True)
        except pa.ArrowException as error:
            raise InputError(
                f"Column {name!r} holds values of different kinds: {error}. Make all of them "
                "numbers, or all of them text."
            ) from error
    return pa.table(columns)


def design_rows(
    table: pa.Table,
    wage: str,
    design: Design | None,
    on_bad_rows: OnBadRows,
    faults: Faults | None = None,
) -> DesignRows:
    """Find the rows of the design, and those of them that can be used.

    Raises
    ------
    BadRows
        With ``refuse``, if any row has no usable wage, weight, enterprise or stratum, or one
        of `faults`.
    InputError
        If the design does not fit the rows.
    """
    received = len(table)
    weight, enterprise = (design.weight, design.enterprise) if design else (None, None)
    stratum = design.stratum if design else None
    wages, weights, bad = row_faults(table, wage, weight, enterprise)
    if stratum is not None and table[stratum].null_count:
        bad[f"{stratum} is missing"] = to_flags(pc.is_null(table[stratum]))
    bad |= {why: rows for why, rows in (faults(table) if faults else {}).items() if rows.any()}
    use, left_out = np.ones(received, bool), dict[str, int]()
    if bad:
        refuse_rows({why: [rows] for why, rows in bad.items()}, on_bad_rows)
        use, left_out = usable(bad)
    inside = np.ones(received, bool)
    if weights is not None:
        inside &= np.isfinite(weights) & (weights > 0)
    for column in (enterprise, stratum):
        if column is not None:
            inside &= ~to_flags(pc.is_null(table[column]))
    table, use, wages = table.filter(from_flags(inside)), use[inside], wages[inside]
    wages = np.where(use, wages, 0.0)
    sample = sample_design(table, design) if design else None
    wage_check, weight_check = WageCheck(), WeightCheck()
    wage_check.see(wages[use])
    if weights is not None:
        weight_check.see(weights[inside])
    scale, held = wage_check.scale(), weight_check.scale()
    units = np.ones(use.size, np.int64) if weights is None else held.units(weights[inside])
    return DesignRows(
        table, use, scale.codes(wages), wages, scale, units, held, sample, received, left_out
    )


def notes_on_rows(
    received: int, left_out: Mapping[str, int], weights: WeightScale, design: Design | None
) -> list[str]:
    """Rows received and left out, and weights, for a result's notes."""
    lost = "".join(f", {n:,} left out ({why})" for why, n in left_out.items())
    lines = [f"收到 {received:,} 行 · {received:,} rows received{lost}."]
    if design is None or design.weight is None:
        lines.append("权数 Weights: every row counts once.")
    else:
        lines.append(f"权数 Weights: {design.weight}, {weights.text}.")
    if design is None:
        lines.append("未给出抽样设计，没有抽样误差 · No design given, so no sampling errors.")
    return lines
