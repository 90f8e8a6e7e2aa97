"""Growth of every figure since the year before with its sampling error.

    g = y / x - 1,   se(g) = y/x sqrt(r_x^2 + r_y^2 - 2 rho r_x r_y)

with x, y the figures of last year and this, r their relative standard errors, and rho their
correlation (`overlap`), 0 for independent samples. The 95 % interval takes Student's t with
the smaller degrees of freedom of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from wageguide.errors import ComparisonError
from wageguide.shown import Shown
from wageguide.tiers.intervals import t_quantile
from wageguide.tiers.overlap import UnitScores, correlations
from wageguide.tiers.scale import Floats
from wageguide.tiers.table import TierTable

if TYPE_CHECKING:
    import pandas as pd

#: What becomes of a cell.
CELLS: dict[str, tuple[str, str]] = {
    "both": ("两年均有", "in both years"),
    "new": ("新增", "new"),
    "lost": ("本年没有", "not this year"),
}
#: What a change says.
READINGS: dict[str, tuple[str, str]] = {
    "up": ("上升", "rise"),
    "down": ("下降", "fall"),
    "noise": ("误差范围内", "within the error"),
    "": ("无误差，不判断", "no error, nothing can be said"),
}
_LEVEL = 0.95
#: Part of the two relative variances that is no more than rounding of their difference.
_NO_SPREAD = 1e-12


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """Growth of the figures of a table since the year before.

    Attributes
    ----------
    by
        Key columns.
    years
        Reference years: this one and the earlier one; None where one is not known.
    figures
        ``mean`` and the tiers.
    columns
        One row a cell of either year, sorted by key: the keys; ``cell`` (of `CELLS`);
        ``workers`` and ``workers_last``; for each figure its value, ``last_``, ``growth_`` (a
        fraction: 0.06 is six per cent), ``se_growth_``, ``low_growth_``, ``high_growth_``
        (95 %), ``rho_`` (correlation of the two years) and ``reading_`` (of `READINGS`).
        Missing where there is none.
    common
        Enterprises that are in both samples; None where the samples are taken as
        independent.
    breaks
        What is not as it was, and was made alike before comparing.
    """

    by: tuple[str, ...]
    years: tuple[int | None, int | None]
    figures: tuple[str, ...]
    columns: pa.Table
    common: int | None
    breaks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Keys and years in one line."""
        this, last = (f"{y}" if y else "?" for y in self.years)
        return f"变化 Change · {' × '.join(self.by) or '全部'} · {last}–{this}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed under the frame."""
        overlap = (
            "两年样本按独立处理 Samples taken as independent."
            if self.common is None
            else f"两年均有的企业 {self.common:,} 家 · {self.common:,} enterprises in both samples."
        )
        return (overlap, *(f"口径变化 Break: {text}" for text in self.breaks))

    def _display(self) -> pd.DataFrame:
        """Growth in per cent with its interval, and what it says."""
        shown = self.frame[[*self.by, "cell"]].copy()
        for name in self.figures:
            parts = self.frame[[f"growth_{name}", f"low_growth_{name}", f"high_growth_{name}"]]
            shown[name] = [
                _text(*values) + _mark(reading)
                for values, reading in zip(
                    parts.itertuples(index=False, name=None),
                    self.frame[f"reading_{name}"],
                    strict=True,
                )
            ]
        return shown

    def to_look_at(self, most: int = 20) -> pd.DataFrame:
        """The largest changes, to be looked at before anything is published.

        Returns
        -------
        DataFrame
            Keys, ``figure``, ``last``, ``this``, ``growth``, ``se_growth`` and ``times``: the
            change in standard errors, which sorts it. Without an error the size of the change
            sorts, below all that have one. New and lost cells are not in it.
        """
        import pandas as pd

        parts = []
        for name in self.figures:
            part = self.frame[list(self.by)].copy()
            part["figure"] = name
            part["last"], part["this"] = self.frame[f"last_{name}"], self.frame[name]
            part["growth"] = self.frame[f"growth_{name}"]
            part["se_growth"] = self.frame[f"se_growth_{name}"]
            parts.append(part)
        every = pd.concat(parts, ignore_index=True)
        every = every[every["growth"].notna()]
        every["times"] = every["growth"].abs() / every["se_growth"]
        every["size"] = every["growth"].abs()
        order = every.sort_values(
            ["times", "size"], ascending=False, kind="stable", na_position="last"
        )
        return order.drop(columns="size").head(most).reset_index(drop=True)


def _text(growth: float, low: float, high: float) -> str:
    if np.isnan(growth):
        return "–"
    inside = "" if np.isnan(low) else f" ({100 * low:+.1f} … {100 * high:+.1f})"
    return f"{100 * growth:+.1f} %{inside}"


def _mark(reading: str) -> str:
    return {"up": " ↑", "down": " ↓", "noise": " ≈"}.get(reading, "")


def compare_tables(
    this: TierTable,
    last: TierTable,
    scores: tuple[UnitScores, UnitScores] | None = None,
    *,
    breaks: Sequence[str] = (),
) -> Comparison:
    """Growth of every figure of a table since the year before.

    Parameters
    ----------
    this, last
        Tables by the same keys, estimated by the same definitions. Without sampling errors
        growth has none either, and nothing is read from it.
    scores
        Scores of both (`unit_scores`), so that enterprises in both samples are counted once;
        None takes the samples as independent.
    breaks
        What is not as it was.

    Raises
    ------
    ComparisonError
        If the tables do not measure the same thing, with every difference.
    """
    this.check_comparable(last)
    years = (this.facts.reference_year, last.facts.reference_year)
    if None not in years and years[0] == years[1]:
        raise ComparisonError(
            f"Both tables are of {years[0]}: two editions of a year have no growth. Compare their "
            "figures instead, or name the table of another year."
        )
    both, frame = _joined(this, last)
    pairs = (both["_this"].to_numpy(), both["_last"].to_numpy())
    figures = ("mean", *this.tier_names)
    rho = np.zeros((len(both), len(figures)))
    common = None
    if scores is not None:
        rho = correlations(*scores, pairs)
        common = len({*scores[0].names} & {*scores[1].names})
    for k, name in enumerate(figures):
        found = growth(
            _values(this, name)[pairs[0]],
            _values(last, name)[pairs[1]],
            _values(this, f"se_{name}")[pairs[0]],
            _values(last, f"se_{name}")[pairs[1]],
            rho[:, k],
            np.minimum(_values(this, "df")[pairs[0]], _values(last, "df")[pairs[1]]),
        )
        for part, values in found.items():
            frame[f"{part}_{name}"] = _spread(values, both, len(frame))
        frame[f"rho_{name}"] = _spread(rho[:, k], both, len(frame))
        low, high = frame[f"low_growth_{name}"], frame[f"high_growth_{name}"]
        frame[f"reading_{name}"] = read(low.to_numpy(), high.to_numpy())
    ordered = ["cell", "workers", "workers_last"]
    for name in figures:
        ordered += [name, f"last_{name}"]
        ordered += [f"{p}_{name}" for p in ("growth", "se_growth", "low_growth", "high_growth")]
        ordered += [f"rho_{name}", f"reading_{name}"]
    columns = pa.Table.from_pandas(frame[[*this.by, *ordered]], preserve_index=False)
    return Comparison(this.by, years, figures, columns, common, tuple(breaks))


def growth(
    this: Floats, last: Floats, se_this: Floats, se_last: Floats, rho: Floats, df: Floats
) -> dict[str, Floats]:
    """Growth with standard error and 95 % limits, each of shape (cells,).

    NaN where a figure is missing or last year's is 0; the error is NaN where either is.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(last > 0, this / last, np.nan)
        a, b = se_this / this, se_last / last
        spread = a**2 + b**2 - 2 * rho * a * b
        # Where all pay moved alike, what rounding leaves of a zero is no error.
        spread = np.where(spread > _NO_SPREAD * (a**2 + b**2), spread, np.nan)
        se = np.where(df >= 1, ratio * np.sqrt(spread), np.nan)
        half = t_quantile(np.where(df >= 1, df, np.nan), _LEVEL) * se
    change = ratio - 1
    return {
        "growth": change,
        "se_growth": se,
        "low_growth": change - half,
        "high_growth": change + half,
    }


def read(low: Floats, high: Floats) -> list[str]:
    """What intervals say: a rise or a fall only beyond the error."""
    texts = np.where(low > 0, "up", np.where(high < 0, "down", "noise"))
    return [str(t) for t in np.where(np.isnan(low) | np.isnan(high), "", texts)]


def _values(table: TierTable, name: str) -> Floats:
    if name not in table.columns.column_names:
        return np.full(len(table.columns), np.nan)
    return np.asarray(table.columns[name].to_numpy(), dtype=np.float64)


def _joined(this: TierTable, last: TierTable) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells of both years with their places, and all cells with values of both."""
    import pandas as pd

    figures = ["mean", *this.tier_names]
    by = list(this.by)
    mine = this.frame[[*by, "workers", *figures]].assign(_this=np.arange(len(this.frame)))
    its = last.frame[[*by, "workers", *figures]].assign(_last=np.arange(len(last.frame)))
    its = its.rename(columns={"workers": "workers_last"} | {f: f"last_{f}" for f in figures})
    if by:
        frame = mine.merge(its, on=by, how="outer", validate="1:1", sort=True)
    else:
        frame = pd.concat([mine, its], axis=1)
    frame = frame.reset_index(drop=True)
    new, lost = frame["_last"].isna(), frame["_this"].isna()
    frame["cell"] = np.where(new, "new", np.where(lost, "lost", "both"))
    for column in ("workers", "workers_last"):
        frame[column] = frame[column].astype("Int64")
    both = frame.loc[~new & ~lost, ["_this", "_last"]].astype(np.int64)
    return both, frame.drop(columns=["_this", "_last"])


def _spread(values: Floats, both: pd.DataFrame, rows: int) -> Floats:
    """Values of the cells of both years among all cells."""
    every = np.full(rows, np.nan)
    every[both.index.to_numpy()] = values
    return every
