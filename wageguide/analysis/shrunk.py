"""Typical wages of cells from a model: what the result holds and says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from wageguide.analysis.eb import TreeFit
from wageguide.analysis.levels import Level
from wageguide.analysis.log_means import LogMeans
from wageguide.analysis.small_cells import SmallCells
from wageguide.shown import Shown
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    import pandas as pd

#: Intervals hold the true value in so many cases, as in every table of the package.
CONFIDENCE = 0.95


@dataclass(frozen=True, repr=False)
class ShrunkCells(Shown):
    """Typical wages of cells, direct where they are large enough and else from a model.

    Attributes
    ----------
    key
        The key column.
    columns
        One row a cell, sorted by key: the key, ``workers``, ``enterprises``; ``method``
        (``direct`` or ``eb``); ``typical_wage`` by that method, its ``low_`` and ``high_``
        limits (95 %), in the unit of the wages; on the log scale ``direct_log`` and
        ``direct_variance``, ``variance_from`` (``own``, ``smoothed`` or ``given``),
        ``gamma`` (weight of the cell's own estimate), ``parent_log`` (what its group leads
        one to expect), ``eb_log`` and ``eb_mse``; ``mark_zh`` and ``mark_en``.
    levels
        Levels whose groups have an effect of their own; the cells' own first.
    dropped
        Levels that the cells cannot tell from another, which have none.
    fit, direct
        The model's fit and the direct estimates, in the order of the rows.
    rule, facts
        What is large enough; year and unit.
    rows_received, left_out
        Rows that came in, and those not used, by reason.
    """

    key: str
    columns: pa.Table
    levels: tuple[Level, ...]
    dropped: tuple[Level, ...]
    fit: TreeFit
    direct: LogMeans
    rule: SmallCells
    facts: TierFacts
    rows_received: int
    left_out: Mapping[str, int]

    @property
    def title(self) -> str:
        """What it is, and the unit."""
        return f"小单元格模型估计 Shrunk small cells · {self.key} · {self.facts.unit}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed under the table."""
        rule, method = self.rule, self.columns["method"].to_pylist()
        effects = ", ".join(
            f"{level.label_zh} {tau:.4g}"
            for level, tau in zip(self.levels, self.fit.tau, strict=True)
        )
        smoothed = self.columns["variance_from"].to_pylist().count("smoothed")
        lines = [
            "method = eb 为模型辅助估计：对数工资均值沿职业分类收缩，"
            "非直接调查结果，不得与直接估计混用 · "
            "method = eb is a model-assisted estimate: the mean log wage drawn towards its group "
            "in the classification. It is no direct result of the survey and must not be mixed "
            "with one.",
            f"规则：人数少于 {rule.min_workers} 人或企业少于 {rule.min_enterprises} 家 · "
            f"Rule: under {rule.min_workers} workers or {rule.min_enterprises} enterprises. "
            f"direct {method.count('direct'):,}, eb {method.count('eb'):,}.",
            f"方差分量 Variances of log wages (REML): {effects}. 企业间 between enterprises "
            f"{self.direct.between:.4g}, 企业内 within {self.direct.within:.4g}.",
            f"抽样方差取自平滑函数 Sampling variance smoothed: {smoothed:,} 个单元格 cells.",
            "typical_wage 为几何水平（对数正态下的中位数） · the geometric level, the median if "
            f"wages are lognormal; {CONFIDENCE:.0%} limits; MSE = g1 + g2 + 2 g3.",
        ]
        if self.dropped:
            names = ", ".join(level.label_zh for level in self.dropped)
            lines.append(f"不能单独估计的层级 Levels not told apart: {names}.")
        if self.left_out:
            why = ", ".join(f"{n:,} ({reason})" for reason, n in self.left_out.items())
            lines.append(f"未用行 Rows left out of {self.rows_received:,}: {why}.")
        return tuple(lines)

    def _display(self) -> pd.DataFrame:
        wages = ["typical_wage", "low_typical_wage", "high_typical_wage"]
        shown = self.frame[
            [self.key, "workers", "enterprises", "method", *wages, "gamma", "mark_zh"]
        ].copy()
        for name in wages:
            shown[name] = [f"{v:,.2f}" for v in shown[name]]
        shown["gamma"] = [f"{v:.2f}" for v in shown["gamma"]]
        return shown
