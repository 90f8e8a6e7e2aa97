"""Inequality of all cells of a table: estimates, and errors where there is a design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from wageguide.analysis import inequality_measures as measure
from wageguide.analysis.gap_rows import LEVEL, DesignRows
from wageguide.tiers.arrow import to_arrow
from wageguide.tiers.cells import Question
from wageguide.tiers.intervals import about, quantiles_at, t_quantile
from wageguide.tiers.kernel import GroupedNumbers, SortedRows, sort_rows
from wageguide.tiers.keys import Cells, KeyColumn, distinct_in_cells
from wageguide.tiers.quantile import QuantileRule, quantile_rule
from wageguide.tiers.sample import SampleDesign, by_group
from wageguide.tiers.scale import Floats, Ints
from wageguide.tiers.scheme import Scheme, Tier

#: Measures with their headings, in the order of the columns.
MEASURES = {
    "gini": "基尼系数 Gini",
    "p90_p10": "P90/P10",
    "p90_p50": "P90/P50",
    "p50_p10": "P50/P10",
    "share_bottom_10": "最低10%占比 bottom 10 %",
    "share_bottom_50": "最低50%占比 bottom 50 %",
    "share_top_10": "最高10%占比 top 10 %",
    "theil": "泰尔指数 Theil",
    "std_log": "对数标准差 SD of logs",
}
_QUANTILES = {"p10": Fraction(1, 10), "p50": Fraction(1, 2), "p90": Fraction(9, 10)}
#: Ratios by the places of their two quantiles.
_RATIOS = {"p90_p10": (2, 0), "p90_p50": (2, 1), "p50_p10": (1, 0)}
#: Share of workers in each tail, and the place of the quantile that cuts it.
_TAILS = {
    "share_bottom_10": ("lower", 0.1, 0),
    "share_bottom_50": ("lower", 0.5, 1),
    "share_top_10": ("upper", 0.1, 2),
}
_SMOOTH = tuple(name for name in MEASURES if name not in _RATIOS)
#: What the kernel is asked for.
FIGURES = Scheme(
    "inequality",
    "工资差距",
    "Inequality",
    (
        *(Tier(name, "quantile", share, "", "") for name, share in _QUANTILES.items()),
        Tier("bottom_10", "lower_tail_mean", Fraction(1, 10), "", ""),
        Tier("bottom_50", "lower_tail_mean", Fraction(1, 2), "", ""),
        Tier("top_10", "upper_tail_mean", Fraction(1, 10), "", ""),
    ),
)
#: A standard error under this is the rounding of a 0: the measures are of the order of 1.
NO_ERROR = 1e-12


@dataclass(frozen=True)
class _CellErrors:
    """What the errors of one cell rest on.

    Attributes
    ----------
    below
        Shares at or below its quantiles.
    covariance
        Of those shares and, after them, of the smooth measures.
    df
        Degrees of freedom.
    """

    below: Floats
    covariance: Floats
    df: int


def cell_figures(
    rows: DesignRows, member: Ints, cells: Cells, enterprise: KeyColumn | None, rule: QuantileRule
) -> pa.Table:
    """Keys, counts and measures of every cell that holds rows.

    Parameters
    ----------
    rows
        Rows of the design.
    member
        Rows that are in a cell, shape (members,).
    cells
        Cell of every row of the design.
    enterprise
        Enterprise of every row, to be counted.
    rule
        Rule of the percentiles.
    """
    number = np.asarray(cells.number)[member].astype(np.int64)
    ordered = sort_rows(number, cells.count, rows.code[member], rows.units[member])
    question = Question(FIGURES, rule, rows.scale, rows.weights)
    found = ordered.numbers(question)
    cuts = ordered.numbers(Question(FIGURES, quantile_rule("hf1"), rows.scale, rows.weights))
    by_cell = np.split(member[np.argsort(number, kind="stable")], ordered.start[1:-1])
    in_cells = [
        measure.distribution(rows.code[m], rows.units[m], rows.wages[m])
        for m in by_cell[: found.cell.size]
    ]
    estimates = _estimates(found, in_cells)
    figures: dict[str, Any] = {"workers": found.workers}
    if enterprise is not None:
        size = len(enterprise.values)
        count = distinct_in_cells(number, cells.count, enterprise.code[member], size)
        figures["enterprises"] = count[found.cell]
    figures["weight"] = rows.weights.weights(found.weight)
    figures["mean"] = found.mean
    figures |= {name: found.tiers[:, i] for i, name in enumerate(_QUANTILES)}
    if rows.sample is None:
        figures |= estimates
    else:
        linearized = [
            _linearized(rows, by_cell[i], cell, found.tiers[i], cuts.tiers[i], estimates, i)
            for i, cell in enumerate(in_cells)
        ]
        figures |= _with_errors(estimates, linearized, found, ordered, question)
    columns: dict[str, Any] = dict(cells.key_values(found.cell))
    columns |= {name: to_arrow(values) for name, values in figures.items()}
    return pa.Table.from_arrays(list(columns.values()), list(columns))


def _estimates(
    found: GroupedNumbers, in_cells: Sequence[measure.Distribution]
) -> dict[str, Floats]:
    """Each measure of all cells, NaN where a cell has none."""
    out = {}
    with np.errstate(invalid="ignore", divide="ignore"):
        for name, (a, b) in _RATIOS.items():
            ratio = found.tiers[:, a] / found.tiers[:, b]
            out[name] = np.where(np.isfinite(ratio), ratio, np.nan)
        for place, (name, (_, p, _)) in enumerate(_TAILS.items(), len(_QUANTILES)):
            out[name] = p * found.tiers[:, place] / found.mean
    out["gini"] = np.array([measure.gini(c) for c in in_cells])
    out["theil"] = np.array([measure.theil(c) for c in in_cells])
    out["std_log"] = np.array([measure.std_log(c) for c in in_cells])
    return {name: out[name] for name in MEASURES}


def _linearized(
    rows: DesignRows,
    member: Ints,
    cell: measure.Distribution,
    quantiles: Floats,
    cuts: Floats,
    estimates: dict[str, Floats],
    place: int,
) -> _CellErrors:
    assert rows.sample is not None
    below, z = [], []
    for quantile in quantiles[: len(_QUANTILES)]:
        share, scores = measure.share_upto(cell, float(quantile))
        below.append(share)
        z.append(scores)
    for name in _SMOOTH:
        if name in _TAILS:
            tail, p, cut = _TAILS[name]
            value = float(estimates[name][place])
            z.append(measure.tail_share_scores(cell, value, float(cuts[cut]), p, tail))
        else:
            z.append(_SCORES[name](cell))
    scores = np.stack(z, axis=1)[cell.place] * rows.units[member, None]
    return _CellErrors(np.array(below), *_covariance(rows.sample, member, scores))


def _covariance(sample: SampleDesign, member: Ints, scores: Floats) -> tuple[Floats, int]:
    """Covariance of the totals of a cell's scores, and its degrees of freedom.

    Where only totals by enterprise count, a cell costs its own rows and not all of the
    design.
    """
    if sample.second is None and sample.auxiliaries is None:
        units = np.arange(sample.units, dtype=np.int32)
        scores = by_group(sample.unit[member], scores, sample.units)
        member = np.unique(sample.unit[member]).astype(np.int64)
        sample = replace(sample, weights=np.ones(units.size), unit=units, replicates=None)
        of_design = scores
    else:
        of_design = np.zeros((sample.weights.size, scores.shape[1]))
        of_design[member] = scores
    in_cell = np.zeros(sample.weights.size, bool)
    in_cell[member] = True
    return sample.covariance(of_design), sample.degrees_of_freedom(in_cell)


_SCORES = {
    "gini": measure.gini_scores,
    "theil": measure.theil_scores,
    "std_log": measure.std_log_scores,
}


def _with_errors(
    estimates: dict[str, Floats],
    linearized: Sequence[_CellErrors],
    found: GroupedNumbers,
    ordered: SortedRows,
    question: Question,
) -> dict[str, Any]:
    count, width = len(linearized), len(_QUANTILES)
    df = np.array([c.df for c in linearized], np.int64)
    below = np.array([c.below for c in linearized]).reshape(count, width)
    size = width + len(_SMOOTH)
    covariance = np.array([c.covariance for c in linearized]).reshape(count, size, size)
    spread = np.sqrt(np.maximum(np.einsum("ckk->ck", covariance), 0.0))
    se = dict(zip(_SMOOTH, spread[:, width:].T, strict=True))
    slope = _slopes(ordered, question, below, spread[:, :width], df)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = slope / found.tiers[:, :width]
        for name, (a, b) in _RATIOS.items():
            variance = (
                relative[:, a] ** 2 * covariance[:, a, a]
                + relative[:, b] ** 2 * covariance[:, b, b]
                - 2 * relative[:, a] * relative[:, b] * covariance[:, a, b]
            )
            se[name] = estimates[name] * np.sqrt(np.maximum(variance, 0.0))
    figures: dict[str, Any] = {"df": df}
    for name, estimate in estimates.items():
        error = np.where((df >= 1) & (se[name] > NO_ERROR), se[name], np.nan)
        low, high = about(estimate, error, df, LEVEL)
        figures |= {name: estimate, f"se_{name}": error, f"low_{name}": low, f"high_{name}": high}
    return figures


def _slopes(
    ordered: SortedRows, question: Question, below: Floats, error: Floats, df: Ints
) -> Floats:
    """Yuan by which each quantile moves with the share below it, shape (cells, quantiles).

    The width of Woodruff's interval over that of the interval of the share; NaN where it is
    a point or leaves (0, 1).
    """
    reach = t_quantile(df[:, None], LEVEL) * np.where(error > NO_ERROR, error, np.nan)
    low, high = below - reach, below + reach
    outside = ~((low > 0) & (high < 1))
    width = np.full(below.shape, np.nan)
    for place, run in ordered.runs():
        limits = (np.where(outside[place], np.nan, limit[place]) for limit in (low, high))
        lower, upper = (quantiles_at(run, limit, question) for limit in limits)
        width[place] = upper - lower
    return np.where(width > 0, width / (2 * reach), np.nan)
