"""From tier tables to published tables: names beside codes, order, rounding.

This is the only place where a wage is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import numpy as np

from wageguide.publish.labels import KeyLabels, key_labels
from wageguide.publish.settings import Lang, TableSettings

if TYPE_CHECKING:
    import pandas as pd

    from wageguide.tiers.table import TierTable

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
        For each key its code and, after it, ``<key>_name``; then ``workers``,
        ``enterprises``, ``weight`` (only where rows have weights other than 1), ``mean``
        and one column a tier, whole multiples of the rounding unit in yuan a year
        (Int64; missing where there is no figure). Sorted by the classification.
    total_rows
        Number of first rows that are the total of all workers (0 or 1).
    left_out
        Workers used in the release that have no key of this table.
    """

    settings: TableSettings
    tiers: TierTable
    frame: pd.DataFrame
    total_rows: int
    left_out: int

    def title(self, lang: Lang) -> str:
        """Printed title."""
        return self.settings.title_zh if lang == "zh" else self.settings.title_en


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
    rounding_yuan: int,
    weighted: bool,
    lang: Lang,
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
    rounding_yuan
        Figures become multiples of this many yuan.
    weighted
        Whether the sum of weights is printed.
    lang
        Language of the names beside the codes.
    """
    import pandas as pd

    labels = [key_labels(key) for key in settings.by]
    frame = _ordered(tiers.frame, labels)
    with_total = len(settings.by) == 1
    source = pd.concat([total.frame, frame], ignore_index=True) if with_total else frame
    columns: dict[str, object] = {}
    for label in labels:
        codes = ["" if pd.isna(code) else str(code) for code in source[label.key]]
        names = [label.name(code, lang) if code else ALL_WORKERS[lang] for code in codes]
        columns[label.key] = pd.array(codes, dtype="string")
        columns[f"{label.key}_name"] = pd.array(names, dtype="string")
    for name in ("workers", "enterprises"):
        columns[name] = source[name].to_numpy(dtype=np.int64)
    if weighted:
        columns["weight"] = source["weight"].to_numpy()
    for name in ("mean", *tiers.tier_names):
        rounded = [round_half_up(float(v), rounding_yuan) for v in source[name]]
        columns[name] = pd.array(rounded, dtype="Int64")
    left_out = int(total.frame["workers"].sum()) - int(tiers.frame["workers"].sum())
    return PriceTable(settings, tiers, pd.DataFrame(columns), int(with_total), left_out)


def _ordered(frame: pd.DataFrame, labels: Sequence[KeyLabels]) -> pd.DataFrame:
    """Rows in the order of the classifications, first key first."""
    places = [[label.place(str(code)) for code in frame[label.key]] for label in labels]
    order = sorted(range(len(frame)), key=lambda row: tuple(p[row] for p in places))
    return frame.iloc[order].reset_index(drop=True)
