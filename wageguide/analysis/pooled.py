"""Tiers of cells, each at a level that is large enough: what the result holds and says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from wageguide.analysis.levels import Level
from wageguide.analysis.small_cells import SmallCells
from wageguide.shown import Shown
from wageguide.tiers.table import TierTable

if TYPE_CHECKING:
    import pandas as pd

#: Level of a cell for which no group is large enough.
NO_LEVEL = "none"

#: Counts of a cell, by which it is large enough.
COUNTS = ("workers", "enterprises")


@dataclass(frozen=True, repr=False)
class PooledTiers(Shown):
    """Tiers of cells, each at the lowest level that is large enough.

    Attributes
    ----------
    key
        The key column.
    columns
        One row a cell, sorted by key: the key; ``level_used`` (label of the level, or
        ``none``) and ``code`` (the group at that level); ``workers`` and ``enterprises`` of
        the cell itself, ``pooled_workers``, ``pooled_enterprises`` and ``pooled_weight`` of
        the group; the figures of the group (NaN for ``none``), with their errors and
        ``df`` if errors were asked for; ``mark_zh`` and ``mark_en``, which are to stand
        beside every figure.
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
            *self._own.notes,
        )

    @property
    def _own(self) -> TierTable:
        return self.tables[0]

    def _display(self) -> pd.DataFrame:
        shown = self.small
        for name in ("mean", *self._own.tier_names):
            shown[name] = ["–" if np.isnan(v) else f"{v:,.2f}" for v in shown[name]]
        return shown[[self.key, *COUNTS, "mean", *self._own.tier_names, "mark_zh", "mark_en"]]
