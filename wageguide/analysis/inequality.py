"""Inequality of wages by cell: Gini, ratios of percentiles, shares of the tails.

Gini, shares and the other smooth measures have errors by Taylor linearization
(`inequality_measures`). A quantile q moves with the share F at or below it by
``-(1(x <= q) - F) / f(q)``; the density is the one that Woodruff's interval implies,
``f = (F_high - F_low) / (q_high - q_low)``. Ratios of quantiles follow by the delta method
from the covariance of the two shares. Enterprises are the sampling units, and a cell is a
domain of the full design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from wageguide.analysis.gap_rows import design_of, design_rows, notes_on_rows, opened
from wageguide.analysis.inequality_cells import FIGURES, MEASURES, cell_figures
from wageguide.analysis.with_error import with_error
from wageguide.errors import InputError
from wageguide.shown import Shown
from wageguide.survey.design import Design
from wageguide.tiers.checks import OnBadRows, require_columns
from wageguide.tiers.estimate import with_keys
from wageguide.tiers.keys import combine, encode_key
from wageguide.tiers.quantile import QuantileRule, quantile_rule
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.survey.survey import Survey


@dataclass(frozen=True, repr=False)
class InequalityTable(Shown):
    """Inequality by cell.

    Attributes
    ----------
    by
        Key columns; empty for the total.
    columns
        One row a cell, sorted by key: the keys, ``workers`` (rows), ``enterprises`` (where
        the design names them), ``weight``, ``mean``, ``p10``, ``p50``, ``p90`` (yuan), and
        the measures of `MEASURES`. Shares are fractions of the cell's wages. With a design
        each measure has ``se_``, ``low_`` and ``high_`` (95 %), NaN where an error cannot
        be estimated, and the cell its ``df``.
    quantile
        Rule of the percentiles.
    facts
        Year, unit and source.
    design
        The design of the errors; None where none was given.
    rows_received, left_out
        Rows that came in, and rows that are in no cell, by reason.
    row_notes
        What is said of the rows under the table.
    """

    by: tuple[str, ...]
    columns: pa.Table
    quantile: QuantileRule
    facts: TierFacts
    design: Design | None
    rows_received: int
    left_out: dict[str, int] = field(default_factory=dict)
    row_notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Keys and year in one line."""
        year = f" · {self.facts.reference_year}年" if self.facts.reference_year else ""
        return f"工资差距 Inequality · {' × '.join(self.by) or '全部'}{year} · {self.facts.unit}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed under the table."""
        lines = [
            *self.row_notes,
            f"分位数：{self.quantile.label_zh} · Quantile: {self.quantile.name}, "
            f"{self.quantile.label_en}.",
            "基尼系数按加权分布计算，不作 n/(n−1) 修正 · Gini of the weighted distribution, "
            "population form.",
        ]
        if self.design is not None:
            unit = self.design.enterprise or "row"
            lines.append(
                "括号内为标准误：泰勒线性化，分位数之比用 Woodruff 隐含密度；– 为无法估计 · In "
                "brackets standard errors by Taylor linearization, ratios with the density that "
                f"Woodruff's interval implies; sampling unit {unit}; – cannot be estimated."
            )
        if self.facts.source:
            lines.append(f"来源 Source: {self.facts.source}.")
        return tuple(lines)

    def _display(self) -> pd.DataFrame:
        counts = [n for n in ("workers", "enterprises") if n in self.columns.column_names]
        shown = self.frame[[*self.by, *counts]].copy()
        for name, heading in MEASURES.items():
            errors = self.frame[f"se_{name}"] if self.design else [None] * len(shown)
            pairs = zip(self.frame[name], errors, strict=True)
            shown[heading] = [with_error(value, se) for value, se in pairs]
        return shown


def inequality(
    data: pd.DataFrame | pa.Table | Survey,
    by: Sequence[str] = (),
    *,
    wage: str = "annual_wage",
    design: Design | None = None,
    quantile: str = "inverted_cdf",
    facts: TierFacts | None = None,
    on_bad_rows: OnBadRows = "refuse",
) -> InequalityTable:
    """Measure how unequal wages are in each cell, with sampling errors.

    Parameters
    ----------
    data
        One row a worker: a pandas frame, an Arrow table, or the `workers` of a survey: all
        rows of the sample, since a cell is a domain of the full design. It is not changed.
    by
        Key columns; none is the total.
    wage
        Column of wages, finite and not negative. A cell with a wage of 0 has no `std_log`.
    design
        Columns of weight, enterprise, stratum and population. None takes a survey's own;
        without that every row counts once and there are no errors.
    quantile
        Rule of P10, P50 and P90, by numpy's name or ``hf1`` …; the tails of the shares are
        always cut at the exact share of workers, the worker on the boundary counting in
        part.
    facts
        What the table says about itself.
    on_bad_rows
        ``refuse`` stops with a list of all rows that cannot be used; ``set_aside`` leaves
        them out and states how many and why.

    Raises
    ------
    InputError
        If a column is missing, a row cannot be used (with ``refuse``), or the design does
        not fit the rows.

    Notes
    -----
    A standard error of 0, of fewer than one degree of freedom, or of a quantile inside a
    long tie (its Woodruff interval is a point) cannot be estimated: NaN.

    References
    ----------
    Deville (1999) and Langel and Tillé (2013), see `inequality_measures`; R. S. Woodruff,
    JASA 47 (1952). Gini as R `laeken::gini` / 100.

    Examples
    --------
    >>> import pandas as pd
    >>> four = pd.DataFrame({"annual_wage": [10_000, 20_000, 30_000, 40_000]})
    >>> inequality(four).frame[["gini", "p90_p10"]].values.tolist()
    [[0.25, 4.0]]
    """
    keys = tuple(by)
    rule = quantile_rule(quantile)
    design = design_of(data, design)
    table = opened(data, [*keys, wage, *(design.columns if design else ())])
    require_columns(table.column_names, [keys], wage, None, None, FIGURES)
    results = {f"{part}{name}" for name in MEASURES for part in ("", "se_", "low_", "high_")}
    taken = sorted(set(keys) & {*results, "df"})
    if taken:
        raise InputError(f"Key columns have names of results: {', '.join(taken)}; rename them.")
    rows = design_rows(table, wage, design, on_bad_rows)
    cells = combine([encode_key(k, rows.table[k]) for k in keys], rows.use.size)
    use, left_out = rows.use, dict(rows.left_out)
    keyed = with_keys(cells, on_bad_rows)
    if keyed is not None:
        left_out["key missing"] = int((use & ~keyed).sum())
        use = use & keyed
    who = design.enterprise if design else None
    enterprise = None if who is None else encode_key(who, rows.table[who])
    columns = cell_figures(rows, np.flatnonzero(use), cells, enterprise, rule)
    notes = notes_on_rows(rows.received, left_out, rows.weights, design)
    return InequalityTable(
        keys, columns, rule, facts or TierFacts(), design, rows.received, left_out, tuple(notes)
    )
