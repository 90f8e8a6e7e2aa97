"""What the decompositions of a gap hand back: tables that say what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from wageguide.analysis.gap_rows import LEVEL
from wageguide.analysis.with_error import with_error
from wageguide.shown import Shown
from wageguide.tiers.arrow import to_arrow
from wageguide.tiers.intervals import about
from wageguide.tiers.scale import Floats
from wageguide.tiers.table import TierFacts

if TYPE_CHECKING:
    import pandas as pd

#: Parts in words.
PARTS_IN_WORDS = {
    "gap": "差距 gap",
    "explained": "可解释 explained",
    "unexplained": "不可解释 unexplained",
    "endowments": "特征 endowments",
    "coefficients": "回报 coefficients",
    "interaction": "交互 interaction",
}
#: A standard error or gap of log points under this is the rounding of a 0.
NOTHING = 1e-12


@dataclass(frozen=True, repr=False)
class GapTable(Shown):
    """What both kinds of decomposition say of themselves.

    Attributes
    ----------
    group
        Column that tells the groups apart.
    labels
        The first group and the second, in words: the gap is the first less the second.
    columns
        The parts of the gap; see the kinds.
    group_columns
        One row a group: ``side``, ``group``, ``workers`` (rows), ``enterprises`` (where the
        design names them), ``weight``, ``mean_log`` and ``geometric_mean`` (yuan).
    facts
        Year, unit and source.
    rows_received, left_out
        Rows that came in, and rows that are in neither group for a fault of theirs, by
        reason.
    how
        What is printed under the table.
    """

    group: str
    labels: tuple[str, str]
    columns: pa.Table
    group_columns: pa.Table
    facts: TierFacts
    rows_received: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    how: tuple[str, ...] = ()

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The two groups as a pandas frame."""
        frame: pd.DataFrame = self.group_columns.to_pandas()
        return frame

    @property
    def notes(self) -> tuple[str, ...]:
        """What is printed under the table."""
        source = (f"来源 Source: {self.facts.source}.",) if self.facts.source else ()
        return (*self._sizes(), *self.how, *source)

    def _sizes(self) -> list[str]:
        rows = self.groups.to_dict("records")
        each = "；".join(
            f"{r['group']}: {r['workers']:,} 行 rows, {r['geometric_mean']:,.0f}" for r in rows
        )
        return [f"几何平均工资 Geometric mean of wages, {self.facts.unit} · {each}."]

    def _heading(self, kind: str) -> str:
        year = f" · {self.facts.reference_year}年" if self.facts.reference_year else ""
        first, second = self.labels
        return f"{kind} · {self.group}: {first} − {second}{year}"


@dataclass(frozen=True, repr=False)
class GapDecomposition(GapTable):
    """A gap of mean log wages and its parts.

    `columns` holds ``fold`` (``two``, ``three``; empty for the gap), ``part``, ``term``
    (``constant`` and ``total`` besides those asked for), ``log_points``; ``percent``, which
    is ``100 (exp(log points) - 1)``; ``share_of_gap``; and with a design ``se``, ``low`` and
    ``high`` of the log points, ``percent_low``, ``percent_high`` and ``df``.

    Attributes
    ----------
    coefficient_columns
        One row a coefficient: ``column``, ``value`` (empty for a number), ``first``,
        ``second``, ``reference`` and with a design ``se_`` of each.
    reference
        Whose coefficients value the difference in characteristics.
    """

    coefficient_columns: pa.Table = None
    reference: str = ""

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """Coefficients of both groups and the reference as a pandas frame."""
        frame: pd.DataFrame = self.coefficient_columns.to_pandas()
        return frame

    @property
    def title(self) -> str:
        """What was decomposed, in one line."""
        return self._heading("工资差距分解 Wage gap, Oaxaca–Blinder")

    def total(self, part: str) -> float:
        """Log points of a whole part, or of the ``gap``."""
        frame = self.frame
        here = (frame["part"] == part) & (frame["term"] == "total")
        return float(frame.loc[here, "log_points"].iloc[0])

    def _display(self) -> pd.DataFrame:
        import pandas as pd

        frame = self.frame
        errors = frame.get("se", [None] * len(frame))
        pairs = zip(frame["log_points"], errors, strict=True)
        return pd.DataFrame(
            {
                "部分 part": [PARTS_IN_WORDS[p] for p in frame["part"]],
                "项 term": frame["term"],
                "对数点 log points": [with_error(value, se) for value, se in pairs],
                "%": [with_error(value, None, 1) for value in frame["percent"]],
                "占比 share": [with_error(value, None, 3) for value in frame["share_of_gap"]],
            }
        )


@dataclass(frozen=True, repr=False)
class QuantileGap(GapTable):
    """Gaps of quantiles and their parts.

    `columns` holds ``share`` (of workers), ``part`` (``gap``, ``explained``,
    ``unexplained``), ``log_points``, ``percent``, ``yuan``; and with errors ``se``, ``low``
    and ``high`` of the log points, ``percent_low``, ``percent_high``, ``se_yuan``,
    ``low_yuan``, ``high_yuan`` and ``df``.

    Attributes
    ----------
    quantile_columns
        One row a share: ``share``, ``first``, ``second`` and ``counterfactual``, yuan.
    reweighted
        Side whose rows were weighted to the characteristics of the other.
    """

    quantile_columns: pa.Table = None
    reweighted: str = ""

    @cached_property
    def quantiles(self) -> pd.DataFrame:
        """Quantiles of both groups and of the counterfactual as a pandas frame."""
        frame: pd.DataFrame = self.quantile_columns.to_pandas()
        return frame

    @property
    def title(self) -> str:
        """What was decomposed, in one line."""
        return self._heading("分位数工资差距分解 Gap of wage quantiles, reweighted")

    def _display(self) -> pd.DataFrame:
        import pandas as pd

        frame = self.frame
        errors = frame.get("se", [None] * len(frame))
        pairs = zip(frame["log_points"], errors, strict=True)
        yuan = zip(frame["yuan"], frame.get("se_yuan", [None] * len(frame)), strict=True)
        return pd.DataFrame(
            {
                "分位 share": frame["share"],
                "部分 part": [PARTS_IN_WORDS[p] for p in frame["part"]],
                "对数点 log points": [with_error(value, se) for value, se in pairs],
                "%": [with_error(value, None, 1) for value in frame["percent"]],
                self.facts.unit: [with_error(value, se, 0) for value, se in yuan],
            }
        )


def log_point_columns(log_points: Floats, se: Floats | None, df: int) -> dict[str, Floats]:
    """Columns of figures in log points: errors, limits and per cent.

    Parameters
    ----------
    log_points, se
        Shape (figures,); no errors are None.
    df
        Degrees of freedom; without one there is no error.
    """
    columns = {"log_points": log_points, "percent": percent(log_points)}
    if se is not None:
        se = known(se, df)
        low, high = about(log_points, se, np.full(se.size, df), LEVEL)
        columns |= {"se": se, "low": low, "high": high}
        columns |= {"percent_low": percent(low), "percent_high": percent(high)}
    return columns


def percent(log_points: Floats) -> Floats:
    """``100 (exp(x) - 1)``."""
    return np.asarray(100 * np.expm1(log_points))


def known(se: Floats, df: int) -> Floats:
    """Standard errors that can be estimated; NaN for the others."""
    return np.asarray(np.where((se > NOTHING) & (df >= 1), se, np.nan))


def as_table(columns: Mapping[str, Sequence[str] | Any]) -> pa.Table:
    """An Arrow table from columns of text (tuples and lists) and numbers (arrays)."""
    arrays = [
        to_arrow(v) if isinstance(v, np.ndarray) else pa.array(v, pa.string())
        for v in columns.values()
    ]
    return pa.Table.from_arrays(arrays, list(columns))
