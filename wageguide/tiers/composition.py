"""Change of a mean, split: wages of the same work, who does which work, work that came or went.

Over cells c (occupations, say) with shares s of the weight and means m in years 0 and 1, and
C the cells of both years, M^C the mean over C:

    M1 - M0 = wage + composition + turnover
    wage        = sum_C s0 (m1 - m0)          at last year's shares within C (Laspeyres)
    composition = sum_C (s1 - s0) m1
    turnover    = (M1 - M1^C) - (M0 - M0^C)   cells that are in one year only

The fixed-weight index is L = sum_C s0 m1 / sum_C s0 m0, with this year's shares P (Paasche),
and F = sqrt(L P) (Fisher). The standard error of L is by linearization over both samples, the
shares being estimates too; enterprises in both years count once (`overlap`).
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from wageguide.errors import ComparisonError
from wageguide.tiers.checks import Flags
from wageguide.tiers.intervals import estimable, t_quantile
from wageguide.tiers.overlap import YearRows
from wageguide.tiers.sample import SampleDesign, by_group
from wageguide.tiers.scale import Floats, Ints

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEVEL = 0.95


@dataclass(frozen=True)
class Split:
    """Change of the mean of all workers and its parts, in the unit of the wages.

    Attributes
    ----------
    by
        Keys of the cells.
    last, this
        Mean of all workers in each year.
    wage, composition, turnover
        Parts of the change; they add up to it.
    laspeyres, paasche, fisher
        Fixed-weight indices, 1 is no change.
    se, low, high
        Standard error and 95 % limits of the Laspeyres index; NaN where none can be
        estimated.
    cells, new, lost
        Number of cells in both years, in this one only, in the last one only.
    """

    by: tuple[str, ...]
    last: float
    this: float
    wage: float
    composition: float
    turnover: float
    laspeyres: float
    paasche: float
    fisher: float
    se: float
    low: float
    high: float
    cells: int
    new: int
    lost: int

    @property
    def growth(self) -> float:
        """Growth of the mean, a fraction."""
        return self.this / self.last - 1

    def lines(self) -> list[tuple[str, str, str]]:
        """What, 中文 and English, and its value as text."""
        base = self.last
        limits = f" ({100 * (self.low - 1):+.1f} … {100 * (self.high - 1):+.1f})"
        index = _percent(self.laspeyres - 1) + ("" if np.isnan(self.low) else limits)
        return [
            ("平均工资变化", "Change of the mean", _percent(self.growth)),
            ("其中：同岗工资", "of which wages of the same work", _percent(self.wage / base)),
            ("其中：人员结构", "of which composition", _percent(self.composition / base)),
            ("其中：新增和消失的类别", "of which classes that came or went",
             _percent(self.turnover / base)),
            ("固定权数指数", "Fixed-weight index", index),
        ]  # fmt: skip

    def __repr__(self) -> str:
        return "\n".join(f"{zh} {en}: {value}" for zh, en, value in self.lines())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(zh)} {escape(en)}</td><td>{escape(value)}</td></tr>"
            for zh, en, value in self.lines()
        )
        return f"<table>{rows}</table>"


def _percent(share: float) -> str:
    return f"{100 * share:+.1f} %"


def split_change(this: YearRows, last: YearRows, by: Sequence[str]) -> Split:
    """Split the change of the mean of all workers that have the keys.

    Parameters
    ----------
    this, last
        Rows of the two years with their designs.
    by
        Keys of the cells within which work counts as the same.

    Raises
    ------
    ComparisonError
        If no cell is in both years.
    """
    one, two = _coded(this, last, by)
    size = 1 + max(int(one.max(initial=-1)), int(two.max(initial=-1)))
    w1, m1 = _means(this, one, size)
    w0, m0 = _means(last, two, size)
    both = (w1 > 0) & (w0 > 0)
    if not both.any():
        raise ComparisonError(
            f"No cell by {', '.join(by)} is in both years, so wages of the same work cannot be "
            "compared. If the codes changed, name a correspondence of old and new codes."
        )
    s1, s0 = (np.where(both, w, 0.0) / w[both].sum() for w in (w1, w0))
    mean1, mean0 = (w1 * m1).sum() / w1.sum(), (w0 * m0).sum() / w0.sum()
    common1, common0 = (s1 * m1).sum(), (s0 * m0).sum()
    fixed = (s0 * m1).sum()
    laspeyres, paasche = fixed / common0, common1 / (s1 * m0).sum()
    # dL = [ sum_c s0c d(m1c) + sum_i w0i (m1c - L x0i) / W0 ] / D, D the denominator of L.
    to_share = np.divide(s0, w1, out=np.zeros(size), where=both)
    z1, in1 = _scores(this, one, to_share / common0, -m1, -1.0)
    z0, in0 = _scores(last, two, both / (w0[both].sum() * common0), m1, laspeyres)
    df = min(this.sample.degrees_of_freedom(in1), last.sample.degrees_of_freedom(in0))
    se = estimable(np.array([_error(this, last, z1, z0)]), np.array([laspeyres]))[0]
    se = se if df >= 1 else np.nan
    half = float(t_quantile(np.array([df]), _LEVEL)[0]) * se
    return Split(
        tuple(by),
        float(mean0),
        float(mean1),
        float(fixed - common0),
        float(common1 - fixed),
        float((mean1 - common1) - (mean0 - common0)),
        float(laspeyres),
        float(paasche),
        float(np.sqrt(laspeyres * paasche)),
        float(se),
        float(laspeyres - half),
        float(laspeyres + half),
        int(both.sum()),
        int(((w1 > 0) & ~both).sum()),
        int(((w0 > 0) & ~both).sum()),
    )


def _coded(this: YearRows, last: YearRows, by: Sequence[str]) -> tuple[Ints, Ints]:
    """Cell of each row of both years in one numbering, -1 without a key."""
    import pandas as pd

    frames = [pd.DataFrame({k: y.table[k].to_pandas() for k in by}) for y in (this, last)]
    every = pd.concat(frames, ignore_index=True)
    missing = every.isna().any(axis=1)
    number = every.astype("string").fillna("").groupby(list(by), sort=True).ngroup()
    code = np.where(missing, -1, number).astype(np.int64)
    return code[: len(frames[0])], code[len(frames[0]) :]


def _means(rows: YearRows, cell: Ints, cells: int) -> tuple[Floats, Floats]:
    """Weight and mean of each cell; the mean of none is 0."""
    use = cell >= 0
    weight: Floats = np.bincount(cell[use], rows.sample.weights[use], cells).astype(np.float64)
    payroll = np.bincount(cell[use], (rows.sample.weights * rows.wage)[use], cells)
    return weight, np.divide(payroll, weight, out=np.zeros(cells), where=weight > 0)


def _scores(
    rows: YearRows, cell: Ints, factor: Floats, level: Floats, index: float
) -> tuple[Floats, Flags]:
    """``w factor_c (level_c - index x)`` of every row, and which rows are in a cell that counts.

    Of this year's rows index is -1 and level minus the mean: their own distance from it.
    """
    inside = (cell >= 0) & (factor > 0)[cell]
    z = rows.sample.weights * factor[cell] * (level[cell] - index * rows.wage)
    return np.asarray(np.where(inside, z, 0.0)), np.asarray(inside)


def _error(this: YearRows, last: YearRows, z1: Floats, z0: Floats) -> float:
    """Standard error of a sum of scores over both samples."""
    v1 = float(this.sample.covariance(z1[:, None])[0, 0])
    v0 = float(last.sample.covariance(z0[:, None])[0, 0])
    t1, t0 = _centred(this.sample, z1), _centred(last.sample, z0)
    size = float(np.sqrt((t1**2).sum() * (t0**2).sum()))
    rho = _common(this.sample, last.sample, t1, t0) / size if size > 0 else 0.0
    return float(np.sqrt(max(v1 + v0 + 2 * rho * np.sqrt(v1 * v0), 0.0)))


def _centred(sample: SampleDesign, scores: Floats) -> Floats:
    """Scores by enterprise less their stratum's mean, times the root of its factor."""
    totals = sample.unit_totals(scores[:, None])
    means = by_group(sample.stratum_of, totals, sample.sampled.size) / sample.sampled[:, None]
    off: Floats = (
        ((totals - means[sample.stratum_of])[:, 0]) * np.sqrt(sample.spread)[sample.stratum_of]
    )
    return off


def _common(this: SampleDesign, last: SampleDesign, mine: Floats, its: Floats) -> float:
    """Sum of products over enterprises that are in both years."""
    place = {name: n for n, name in enumerate(last.unit_names.to_pylist())}
    return float(
        sum(
            mine[n] * its[place[name]]
            for n, name in enumerate(this.unit_names.to_pylist())
            if name in place
        )
    )
