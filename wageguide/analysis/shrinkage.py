"""Model-assisted figures for cells too thin for their own: empirical Bayes on log wages.

The mean log wage of a cell is drawn towards that of its group in the classification, the
more the less the cell's own rows tell (`eb`, `nested`). What comes out is a typical wage,
the geometric level: the median, if wages are lognormal. It is an estimate from a model,
marked in every row, and stands in a table of its own.

What its interval includes: the sampling error of the cell, and the uncertainty of the
model's mean and variances. What it leaves out: that sampling variances are estimates too;
that one enterprise may be in several cells, whose errors are then related (each cell's are
taken as independent); strata and finite populations, which would make it shorter; and
that the model may not hold.

A cell of few enterprises still shows in its estimate: disclosure control takes it in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wageguide.analysis.eb import TreeFit, fit_tree
from wageguide.analysis.gap_rows import opened
from wageguide.analysis.levels import Level, columns_of, groups_above
from wageguide.analysis.log_means import LogMeans, log_means
from wageguide.analysis.nested import Groups
from wageguide.analysis.occupations import OCCUPATION
from wageguide.analysis.shrunk import CONFIDENCE, ShrunkCells
from wageguide.analysis.small_cells import SmallCells, cluster_design, with_key
from wageguide.errors import InputError
from wageguide.survey.design import Design
from wageguide.tiers.arrow import plain_array, to_arrow, to_flags
from wageguide.tiers.checks import Flags, OnBadRows, refuse_rows, row_faults, usable
from wageguide.tiers.keys import encode_key
from wageguide.tiers.scale import Floats
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey

#: Variances between cells cannot be told from fewer.
LEAST_CELLS = 3

#: Variances of log wages up to this are a zero that was rounded.
_NO_SPREAD = 1e-18

_SHOWN = 5

_MARKS = {
    "direct": ("直接估计", "direct estimate"),
    "eb": ("模型辅助估计（经验贝叶斯收缩）", "model-assisted estimate (empirical Bayes)"),
}


def shrink_small_cells(
    data: pd.DataFrame | pa.Table | Survey,
    key: str = "occupation",
    *,
    rule: SmallCells,
    levels: Sequence[Level] = OCCUPATION,
    wage: str = "annual_wage",
    weight: str | None = None,
    enterprise: str | None = None,
    design: Design | None = None,
    variance: Mapping[str, float] | None = None,
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> ShrunkCells:
    """Estimate a typical wage for every cell, by a model where the cell is too thin.

    Parameters
    ----------
    data
        One row a worker: a pandas frame, an Arrow table, or a survey. It is not changed.
    key
        Column of detailed codes.
    rule
        Which cells are large enough for their direct estimate, and from how many
        enterprises a cell's own sampling variance is used.
    levels
        The cells' own level first, then upwards.
    wage
        Column of wages, above 0.
    weight, enterprise, design
        Columns of weight and of enterprise (the clusters of sampling variances), by
        themselves or in a design; a survey brings its own. Of the design no more is used.
    variance
        Sampling variances of mean log wages from elsewhere, above 0, by the key's value;
        they take the place of a cell's own.
    facts
        Year and unit.
    on_bad_rows
        ``refuse`` or ``set_aside``, as for `estimate_tables`. A wage of 0 has no logarithm
        and cannot be used.

    Raises
    ------
    InputError
        If a column is missing or rows cannot be used; if there are fewer than
        `LEAST_CELLS` cells, or no two enterprises in any of them; if wages do not differ.
    """
    design = cluster_design(data, design, weight, enterprise)
    weight, enterprise = design.weight, str(design.enterprise)
    table = opened(data, [key, wage, weight, enterprise, *columns_of(levels)])
    above = groups_above(table, key, levels)
    wages, weights, use, left_out = _usable_rows(table, key, wage, weight, enterprise, on_bad_rows)
    cells = encode_key(key, table[key])
    present, cell = np.unique(cells.code[use], return_inverse=True)
    direct = log_means(
        np.log(wages[use]),
        weights[use],
        cell,
        encode_key("enterprise", table[enterprise]).code[use],
    )
    values = cells.values.take(to_arrow(present))
    codes = [str(v) for v in values.to_pylist()]
    if len(codes) < LEAST_CELLS:
        raise InputError(
            f"A cell borrows from others; {len(codes)} cells are too few, {LEAST_CELLS} needed."
        )
    sampling, origin = _sampling_variance(codes, direct, rule, variance)
    groups = _groups(codes, above)
    kept = _telling(groups)
    fit = fit_tree(direct.mean, sampling, [groups[k] for k in kept])
    return ShrunkCells(
        key=key,
        columns=_columns(key, values, direct, sampling, origin, fit, rule),
        levels=(levels[0], *(levels[k + 1] for k in kept)),
        dropped=tuple(level for k, level in enumerate(levels[1:]) if k not in kept),
        fit=fit,
        direct=direct,
        rule=rule,
        facts=facts or TierFacts(),
        rows_received=len(table),
        left_out=left_out,
    )


def _usable_rows(
    table: pa.Table,
    key: str,
    wage: str,
    weight: str | None,
    enterprise: str,
    on_bad_rows: OnBadRows,
) -> tuple[Floats, Floats, Flags, dict[str, int]]:
    """Wages and weights of all rows, which of them can be used, and how many cannot."""
    wages, weights, bad = row_faults(table, wage, weight, enterprise)
    bad[f"{wage} is zero"] = wages == 0
    bad[f"{key} is missing"] = to_flags(pc.is_null(plain_array(table[key])))
    bad = {reason: rows for reason, rows in bad.items() if rows.any()}
    refuse_rows({reason: [rows] for reason, rows in bad.items()}, on_bad_rows)
    weights = np.ones(wages.size) if weights is None else weights
    use, left_out = usable(bad) if bad else (np.ones(wages.size, bool), {})
    return wages, weights, use, left_out


def _sampling_variance(
    codes: Sequence[str],
    direct: LogMeans,
    rule: SmallCells,
    given: Mapping[str, float] | None,
) -> tuple[Floats, NDArray[np.str_]]:
    """Sampling variance of each direct estimate, and where it comes from."""
    if direct.between + direct.within <= _NO_SPREAD:
        raise InputError("Within every cell all wages are the same, so none has a sampling error.")
    own = (direct.enterprises >= rule.variance_enterprises) & (direct.own > _NO_SPREAD)
    variance = np.where(own, direct.own, direct.smoothed)
    origin = np.where(own, "own", "smoothed")
    given = given or {}
    problems = [f"{k}: there is no such cell" for k in sorted(set(given) - set(codes))]
    problems += [
        f"{k}: {v} should be a number above 0"
        for k, v in sorted(given.items())
        if not (np.isfinite(v) and v > 0)
    ]
    if problems:
        more = f" (the first {_SHOWN})" if len(problems) > _SHOWN else ""
        raise InputError(
            f"{len(problems)} of the sampling variances given cannot be used{more}:",
            problems[:_SHOWN],
        )
    at = np.array([c in given for c in codes])
    variance[at] = [given[c] for c in codes if c in given]
    return variance, np.where(at, "given", origin)


def _groups(codes: Sequence[str], above: Sequence[Mapping[str, str | None]]) -> list[Groups]:
    """Group of each cell at each level; without one, it stays the group of the level below."""
    names, groups = [f"only {c}" for c in codes], []
    for up in above:
        names = [f"in {up[c]}" if up[c] else f"only {n}" for c, n in zip(codes, names, strict=True)]
        groups.append(np.unique(names, return_inverse=True)[1].astype(np.int64))
    return groups


def _telling(groups: Sequence[Groups]) -> list[int]:
    """Levels whose groups are several, and not the same as those of the level below."""
    kept, below = [], groups[0].size if groups else 0
    for place, level in enumerate(groups):
        if 1 < level.max() + 1 < below:
            kept.append(place)
            below = level.max() + 1
    return kept


def _columns(
    key: str,
    values: pa.Array,
    direct: LogMeans,
    sampling: Floats,
    origin: NDArray[np.str_],
    fit: TreeFit,
    rule: SmallCells,
) -> pa.Table:
    large = rule.large_enough(direct.workers, direct.enterprises)
    method = np.where(large, "direct", "eb")
    level = np.where(large, direct.mean, fit.estimate)
    reach = _reach(direct, large & (origin == "own")) * np.sqrt(np.where(large, sampling, fit.mse))
    numbers = {
        "typical_wage": np.exp(level),
        "low_typical_wage": np.exp(level - reach),
        "high_typical_wage": np.exp(level + reach),
        "direct_log": direct.mean,
        "direct_variance": sampling,
        "gamma": fit.gamma,
        "parent_log": fit.parent,
        "eb_log": fit.estimate,
        "eb_mse": fit.mse,
    }
    columns = {
        "workers": to_arrow(direct.workers),
        "enterprises": to_arrow(direct.enterprises),
        "method": pa.array(method.tolist(), pa.string()),
        **{name: to_arrow(number) for name, number in numbers.items()},
        "variance_from": pa.array(origin.tolist(), pa.string()),
        "mark_zh": pa.array([_MARKS[m][0] for m in method], pa.string()),
        "mark_en": pa.array([_MARKS[m][1] for m in method], pa.string()),
    }
    return with_key(key, values, columns)


def _reach(direct: LogMeans, own: Flags) -> Floats:
    """Standard errors to a limit: Student's t where the variance is the cell's own."""
    from scipy.special import stdtrit

    upper = (1 + CONFIDENCE) / 2
    t = stdtrit(np.maximum(direct.enterprises - 1, 1), upper)
    return np.asarray(np.where(own, t, NormalDist().inv_cdf(upper)))
