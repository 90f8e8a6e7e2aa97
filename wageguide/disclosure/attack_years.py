"""Attacks that need no sums: other editions, growth rates, figures of one enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wageguide.disclosure.published import CONFIDENTIAL, PublishedTable

if TYPE_CHECKING:
    import pandas as pd

Line = dict[str, object]


def between_editions(
    now: Sequence[PublishedTable], then: Sequence[PublishedTable], few: int
) -> list[Line]:
    """Rows of two editions of one year that differ by a few enterprises, or hide too late."""
    lines: list[Line] = []
    for table, frame in _joined(now, then):
        for row in frame.to_dict("records"):
            hidden, was_hidden = row["mark"] == CONFIDENTIAL, row["mark_then"] == CONFIDENTIAL
            if hidden and not was_hidden:
                mean = row["mean_then"]
                lines.append(
                    _line(
                        table, row["keys"], "edition", "mean", mean, mean,
                        "本版保密，但同年度其他版本已公布。",
                        "Confidential here, but printed in another edition of the year.",
                    )
                )  # fmt: skip
            elif not hidden and not was_hidden:
                more = row["enterprises"] - row["enterprises_then"]
                if 0 < abs(more) < few:
                    payroll = row["weight"] * row["mean"]
                    rest = abs(payroll - row["weight_then"] * row["mean_then"])
                    lines.append(
                        _line(
                            table, row["keys"], "edition", "payroll", rest, rest,
                            f"两版相差{abs(more):.0f}家企业，相减即得其工资总额。",
                            f"The editions differ by {abs(more):.0f} enterprises, whose payroll "
                            "is the difference.",
                        )
                    )  # fmt: skip
    return lines


def from_growth(now: Sequence[PublishedTable], then: Sequence[PublishedTable]) -> list[Line]:
    """Confidential figures of one year that a growth rate and the other year's figure give."""
    lines: list[Line] = []
    for table, frame in _joined(now, then):
        rates = [c for c in frame.columns if c.startswith("growth_") and not c.endswith("_then")]
        for column in rates:
            measure = column.removeprefix("growth_")
            for row in frame[frame[column].notna()].to_dict("records"):
                rate, figure, before = row[column], row[measure], row[f"{measure}_then"]
                if np.isnan(figure) and not np.isnan(before):
                    value, year = before * (1 + rate), table.year
                elif np.isnan(before) and not np.isnan(figure):
                    value, year = figure / (1 + rate), then[0].year
                else:
                    continue
                lines.append(
                    _line(
                        table, row["keys"], "growth", measure, value, value,
                        f"{year}年未公布的数值可由增长率和另一年的数值推出。",
                        f"The figure of {year} that is not shown follows from a growth rate and "
                        "the other year.",
                    )
                )  # fmt: skip
    return lines


def one_person(tables: Sequence[PublishedTable], few: int) -> list[Line]:
    """Printed rows that are one enterprise's, or too few enterprises'."""
    lines: list[Line] = []
    for table in tables:
        if "enterprises" not in table.frame:
            continue
        frame = table.frame
        own = (frame["mark"] != CONFIDENTIAL) & (frame["enterprises"] < few)
        for n in np.flatnonzero(own).tolist():
            row = frame.iloc[n]
            lines.append(
                _line(
                    table, table.keys[n], "one", "mean", row["mean"], row["mean"],
                    f"该行仅有{row['enterprises']:.0f}家企业，未予保密。",
                    f"The row is printed, though of {row['enterprises']:.0f} enterprises only.",
                )
            )  # fmt: skip
    return lines


def _joined(
    now: Sequence[PublishedTable], then: Sequence[PublishedTable]
) -> list[tuple[PublishedTable, pd.DataFrame]]:
    """Tables of the same id and keys, with the rows that both have."""
    old = {(t.id, t.by): t for t in then}
    joined = []
    for table in now:
        other = old.get((table.id, table.by))
        if other is None:
            continue
        left = table.frame.drop(columns=list(table.by)).assign(keys=table.keys)
        right = other.frame.drop(columns=list(other.by)).assign(keys=other.keys)
        joined.append((table, left.merge(right, on="keys", suffixes=("", "_then"))))
    return joined


def _line(
    table: PublishedTable,
    keys: str,
    kind: str,
    measure: str,
    low: float,
    high: float,
    why_zh: str,
    why_en: str,
) -> Line:
    return {
        "table": table.id,
        "keys": keys,
        "kind": kind,
        "measure": measure,
        "low": float(low),
        "high": float(high),
        "why_zh": why_zh,
        "why_en": why_en,
    }
