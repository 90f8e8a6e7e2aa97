"""The tier table: figures of every cell, and all that a reader needs to check them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from wageguide.errors import ComparisonError
from wageguide.shown import Shown
from wageguide.tiers.output import write_tables
from wageguide.tiers.quantile import QuantileRule
from wageguide.tiers.scheme import Scheme

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TierFacts:
    """What a table says about itself.

    Attributes
    ----------
    reference_year
        Year in which the wages were paid; None where it is not known.
    unit
        Unit of the figures.
    source
        Where the rows came from.
    """

    reference_year: int | None = None
    unit: str = "元/年"
    source: str = ""


@dataclass(frozen=True, repr=False)
class TierTable(Shown):
    """Wage tiers by cell.

    Attributes
    ----------
    by
        Key columns; empty for the total.
    columns
        One row a cell, sorted by key: the keys, ``workers`` (rows), ``enterprises`` (where
        counted), ``weight`` (sum), ``mean`` and one column a tier, unrounded, NaN where a
        tier has no value. With sampling errors, for the mean and each tier ``se_``,
        ``low_`` and ``high_`` (95 %), NaN where none can be estimated, then
        ``effective_enterprises`` and last ``df``.
    scheme, quantile
        What the tiers are, and the rule of their quantiles.
    facts
        Year, unit and source.
    rows_received, left_out
        Rows that came in, and rows that are in no cell, by reason. The workers of all
        cells and the rows left out add up to the rows received.
    weights_held
        How the weights are held: exact, or rounded to which unit.
    error_notes
        How sampling errors were computed; empty without them.
    """

    by: tuple[str, ...]
    columns: pa.Table
    scheme: Scheme
    quantile: QuantileRule
    facts: TierFacts
    rows_received: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    weights_held: str = ""
    error_notes: tuple[str, ...] = ()

    @property
    def tier_names(self) -> tuple[str, ...]:
        """Names of the tier columns, in scheme order."""
        return tuple(t.name for t in self.scheme.tiers)

    def check_comparable(self, other: TierTable) -> None:
        """Refuse to compare tables that do not measure the same thing.

        Raises
        ------
        ComparisonError
            With every difference of scheme, boundary, quantile rule, unit or keys.
        """
        mine, its = self._measures(), other._measures()
        different = [
            f"{what}: {mine[what]} here, {its[what]} there"
            for what in mine
            if mine[what] != its[what]
        ]
        if different:
            raise ComparisonError(
                "The two tables do not measure the same thing, so no change can be read from "
                "them. Estimate both from their surveys with the same settings:",
                different,
            )

    def _measures(self) -> dict[str, object]:
        return {
            "scheme": self.scheme.id,
            "tiers": ", ".join(
                f"{t.name} ({t.kind} {float(t.share):g})" for t in self.scheme.tiers
            ),
            "boundary": self.scheme.boundary,
            "quantile rule": self.quantile.name,
            "unit": self.facts.unit,
            "keys": ", ".join(self.by) or "(total)",
        }

    @property
    def title(self) -> str:
        """Scheme, keys and year in one line."""
        by = " × ".join(self.by) or "全部"
        year = f" · {self.facts.reference_year}年" if self.facts.reference_year else ""
        return f"{self.scheme.title_zh} {self.scheme.title_en} · {by}{year} · {self.facts.unit}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed under the table."""
        lines = [
            f"{len(self.columns):,} 个单元格，收到 {self.rows_received:,} 行 · "
            f"{len(self.columns):,} cells, {self.rows_received:,} rows received"
            + "".join(f", {n:,} left out ({why})" for why, n in self.left_out.items()),
            f"分位数：{self.quantile.label_zh} · Quantile: {self.quantile.name}, "
            f"{self.quantile.label_en}. 边界 Boundary of means: {self.scheme.boundary}.",
        ]
        if self.weights_held:
            lines.append(f"权数 Weights: {self.weights_held}.")
        lines += self.error_notes
        if self.facts.source:
            lines.append(f"来源 Source: {self.facts.source}.")
        return tuple(lines)

    def _display(self) -> pd.DataFrame:
        """Figures with thousands separated, each with its relative standard error."""
        figures = ["mean", *self.tier_names]
        beside = {f"{part}_{name}" for name in figures for part in ("se", "low", "high")}
        shown = self.frame[[c for c in self.frame if c not in beside]].copy()
        for name in figures:
            if f"se_{name}" in beside.intersection(self.frame.columns):
                rse = self.frame[f"se_{name}"] / self.frame[name].abs()
                place = list(shown.columns).index(name) + 1
                shown.insert(place, f"rse {name}", [_text(100 * r, "{:.1f} %") for r in rse])
            shown[name] = [_text(v, "{:,.2f}") for v in shown[name]]
        return shown

    def to_csv(self, path: Path | str) -> None:
        """Write the columns, unrounded, as CSV in UTF-8."""
        write_tables([self], Path(path), "csv")

    def to_parquet(self, path: Path | str) -> None:
        """Write the columns, unrounded, as Parquet."""
        write_tables([self], Path(path), "parquet")

    def to_excel(self, path: Path | str) -> None:
        """Write the columns, unrounded, with the notes below; text never becomes a formula."""
        write_tables([self], Path(path), "xlsx")


def _text(value: float, form: str) -> str:
    return "–" if math.isnan(value) else form.format(value)
