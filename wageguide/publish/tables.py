"""From tier tables to published tables: names beside codes, order, grades, rounding.

This is the only place where a wage is rounded, and where a figure that its grade does not
let through is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import numpy as np

from wageguide.disclosure.published import CONFIDENTIAL
from wageguide.publish.labels import KeyLabels, key_labels
from wageguide.publish.settings import Lang, TableSettings
from wageguide.publish.text import visible
from wageguide.tiers.grading import Grading
from wageguide.tiers.quality import COUNTED, Figure, grade_columns, relative_error, tail_share

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.tiers.scheme import Tier
    from wageguide.tiers.table import TierTable

#: Columns of counts, as far as a table has them.
COUNTS = ("workers", "enterprises", "weight")

#: Decimals of a relative standard error: hundredths of a per cent.
RSE_PLACES = 4

#: Name of the row of all workers, in print.
ALL_WORKERS = {"zh": "全部", "en": "All"}


@dataclass(frozen=True)
class PriceTable:
    """A table as it is printed.

    Attributes
    ----------
    settings
        Its id, keys and titles.
    tiers
        The tier table that the figures come from, unrounded.
    frame
        For each key its code and, after it, ``<key>_name``; ``mark`` (empty, or ``c`` for a
        confidential row, which shows no figure and no count); then ``workers``,
        ``enterprises``, ``weight`` (only where rows have weights other than 1), and for the
        mean and each tier five columns: the figure, ``grade_`` (its code), ``rse_``
        (relative standard error, a fraction), ``low_`` and ``high_`` (95 %). Figures and
        limits are whole multiples of the rounding unit in yuan a year (Int64). Missing
        where there is no figure, no error, or a grade that is not published. Sorted by the
        classification.
    grades
        Grade of each figure of `tiers`, in the order of its rows; for the office.
    total_rows
        Number of first rows that are the total of all workers (0 or 1).
    left_out
        Workers used in the release that have no key of this table.
    """

    settings: TableSettings
    tiers: TierTable
    frame: pd.DataFrame
    grades: Mapping[str, list[str]]
    total_rows: int
    left_out: int

    @property
    def labels(self) -> list[str]:
        """Columns of codes and names."""
        return [c for key in self.settings.by for c in (key, f"{key}_name")]

    @property
    def counts(self) -> list[str]:
        """Columns of counts."""
        return [c for c in COUNTS if c in self.frame.columns]

    @property
    def figures(self) -> list[str]:
        """Columns of figures."""
        return ["mean", *self.tiers.tier_names]

    def title(self, lang: Lang) -> str:
        """Printed title."""
        return visible(self.settings.title_zh if lang == "zh" else self.settings.title_en)


def round_half_up(yuan: float, unit: int) -> int | None:
    """The multiple of `unit` nearest to `yuan`, halves up; None for no figure.

    The value is taken exactly as it is held, so that 2.5 goes up and the number just
    below it goes down.

    >>> round_half_up(56325.0, 10), round_half_up(56324.99, 10)
    (56330, 56320)
    """
    if math.isnan(yuan):
        return None
    return int((Decimal(yuan) / unit).quantize(Decimal(1), ROUND_HALF_UP)) * unit


def price_table(
    settings: TableSettings,
    tiers: TierTable,
    total: TierTable,
    *,
    grading: Grading,
    rounding_yuan: int,
    weighted: bool,
    lang: Lang,
    confidential: Sequence[bool] | None = None,
    withheld: Mapping[str, Sequence[bool]] | None = None,
    total_confidential: bool = False,
    counts_multiple: int | None = 1,
) -> PriceTable:
    """Make the printed form of a tier table.

    Parameters
    ----------
    settings
        Its id, keys and titles.
    tiers
        Estimates by cell, unrounded.
    total
        The estimate of all workers; the first row of a table of one key.
    grading
        Grades of the figures; what they do not let through is left out.
    rounding_yuan
        Figures become multiples of this many yuan.
    weighted
        Whether the sum of weights is printed, in whole workers.
    lang
        Language of the names beside the codes.
    confidential
        Whether each row of ``tiers.frame`` is kept confidential; None for none of them.
    withheld
        By figure, the rows of ``tiers.frame`` that keep this figure alone confidential.
        Its grade is then ``c``.
    total_confidential
        Whether the row of all workers is confidential.
    counts_multiple
        Counts of workers become multiples of this; None prints no counts.
    """
    import pandas as pd

    labels = [key_labels(key) for key in settings.by]
    order = _order(tiers.frame, labels)
    frame = tiers.frame.iloc[order].reset_index(drop=True)
    with_total = len(settings.by) == 1
    source = pd.concat([total.frame, frame], ignore_index=True) if with_total else frame
    hidden = _printed_flags(confidential, order, with_total)
    hidden[:1] |= with_total and total_confidential
    counted = [not h and counts_multiple is not None for h in hidden]
    columns: dict[str, object] = {}
    for label in labels:
        codes = ["" if pd.isna(code) else str(code) for code in source[label.key]]
        names = [visible(label.name(c, lang)) if c else ALL_WORKERS[lang] for c in codes]
        columns[label.key] = pd.array(codes, dtype="string")
        columns[f"{label.key}_name"] = pd.array(names, dtype="string")
    columns["mark"] = pd.array(np.where(hidden, CONFIDENTIAL, ""), dtype="string")
    columns["workers"] = _rounded(source["workers"], counted, counts_multiple or 1)
    columns["enterprises"] = _rounded(source["enterprises"], counted, 1)
    if weighted:
        columns["weight"] = _rounded(source["weight"], counted, counts_multiple or 1)
    shown_grades = {c.code for c in grading.classes if c.published}
    for name, codes in grades_of(source, tiers.scheme.tiers, grading).items():
        secret = hidden | _printed_flags((withheld or {}).get(name), order, with_total)
        shown = np.array([code in shown_grades for code in codes], dtype=bool) & ~secret
        printed = [CONFIDENTIAL if h else c for c, h in zip(codes, secret, strict=True)]
        columns |= _figure_columns(source, name, printed, shown.tolist(), rounding_yuan)
    left_out = int(total.frame["workers"].sum()) - int(tiers.frame["workers"].sum())
    grades = grades_of(tiers.frame, tiers.scheme.tiers, grading)
    return PriceTable(settings, tiers, pd.DataFrame(columns), grades, int(with_total), left_out)


def grades_of(frame: pd.DataFrame, tiers: Sequence[Tier], grading: Grading) -> dict[str, list[str]]:
    """Code of the grade of the mean and each tier, by the figure's name.

    Parameters
    ----------
    frame
        Estimates with their errors, ``workers``, ``enterprises`` and ``df``.
    tiers
        The tiers of the scheme.
    grading
        Bounds of the grades.
    """
    df = frame["df"].to_numpy(dtype=np.float64)
    shares = {"mean": None, **{t.name: tail_share(t) for t in tiers}}
    figures = {
        name: Figure(
            frame[name].to_numpy(dtype=np.float64),
            frame[f"se_{name}"].to_numpy(dtype=np.float64),
            df,
            share,
        )
        for name, share in shares.items()
    }
    counts = {name: frame[column].to_numpy() for name, column in COUNTED.items()}
    graded = grade_columns(grading, figures, counts)
    return {name: [str(code) for code in codes] for name, codes in graded.items()}


def _printed_flags(
    flags: Sequence[bool] | None, order: Sequence[int], with_total: bool
) -> np.ndarray:
    """Flags of the rows of an estimate in printed order; the total in front has none."""
    mine = [False] * len(order) if flags is None else [bool(flags[row]) for row in order]
    return np.array([False] * with_total + mine, dtype=bool)


def _figure_columns(
    source: pd.DataFrame, name: str, grades: list[str], shown: list[bool], unit: int
) -> dict[str, object]:
    """A figure with its grade, error and limits, where it is shown."""
    import pandas as pd

    rse = relative_error(source[name].to_numpy(), source[f"se_{name}"].to_numpy())
    errors = [
        round(r, RSE_PLACES) if s and r > 0 else None for r, s in zip(rse, shown, strict=True)
    ]
    return {
        name: _rounded(source[name], shown, unit),
        f"grade_{name}": pd.array(grades, dtype="string"),
        f"rse_{name}": pd.array(errors, dtype="Float64"),
        **{
            f"{part}_{name}": _rounded(source[f"{part}_{name}"], shown, unit)
            for part in ("low", "high")
        },
    }


def _rounded(values: pd.Series, shown: Sequence[bool], unit: int) -> object:
    import pandas as pd

    rounded = [
        round_half_up(float(v), unit) if s else None for v, s in zip(values, shown, strict=True)
    ]
    return pd.array(rounded, dtype="Int64")


def _order(frame: pd.DataFrame, labels: Sequence[KeyLabels]) -> list[int]:
    """Row numbers in the order of the classifications, first key first."""
    places = [[label.place(str(code)) for code in frame[label.key]] for label in labels]
    return sorted(range(len(frame)), key=lambda row: tuple(p[row] for p in places))
