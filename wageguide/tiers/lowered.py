"""Every grade of a table that needs a word of explanation, with that word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from wageguide.tiers.arrow import to_arrow
from wageguide.tiers.grade_places import grade_by_error, grades
from wageguide.tiers.grade_reasons import Why, why
from wageguide.tiers.grading import Grading
from wageguide.tiers.quality import relative_error, table_counts, table_figures

if TYPE_CHECKING:
    from wageguide.tiers.table import TierTable


def lowered(table: TierTable, grading: Grading) -> pa.Table:
    """Reasons of every grade that is not good, or is below what the RSE alone would earn.

    Parameters
    ----------
    table
        Estimated with sampling errors and with an enterprise column.
    grading
        Classes, bounds and floors.

    Returns
    -------
    Table
        One row a figure, in the order of cells and of the scheme: ``row`` (place of the
        cell in the table, from 0), the keys, ``figure``, ``grade``, ``why_zh``, ``why_en``.

    Raises
    ------
    InputError
        If the table has no errors or no count of enterprises.
    """
    figures = table_figures(table)
    counts = table_counts(table)
    good = np.array([c.good for c in grading.classes])
    found: list[tuple[int, int, str, str, Why]] = []
    for place, (name, figure) in enumerate(figures.items()):
        rse = relative_error(figure.estimate, figure.se)
        placed = grades(
            grading,
            rse=rse,
            df=figure.df,
            share=figure.share,
            **counts,
        )
        told = ~good[placed] | (placed > grade_by_error(grading, rse, figure.df))
        for row in np.flatnonzero(told):
            reason = why(
                grading,
                rse=float(rse[row]),
                df=float(figure.df[row]),
                share=figure.share,
                **{name: float(values[row]) for name, values in counts.items()},
            )
            found.append((int(row), place, name, grading.codes[placed[row]], reason))
    found.sort(key=lambda f: f[:2])
    rows = np.array([f[0] for f in found], np.int64)
    texts = {
        "figure": [f[2] for f in found],
        "grade": [f[3] for f in found],
        "why_zh": [f[4].zh for f in found],
        "why_en": [f[4].en for f in found],
    }
    columns = {"row": to_arrow(rows)}
    columns |= {k: table.columns[k].take(to_arrow(rows)) for k in table.by}
    columns |= {name: pa.array(values, pa.string()) for name, values in texts.items()}
    return pa.Table.from_arrays(list(columns.values()), list(columns))
