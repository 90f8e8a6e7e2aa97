"""A grade for every figure of a table; see `grade_places` for how a figure gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from wageguide.errors import InputError
from wageguide.tiers.arrow import to_arrow, to_floats
from wageguide.tiers.grade_places import Places, Share, estimable, grades
from wageguide.tiers.grading import Grading
from wageguide.tiers.scale import Floats
from wageguide.tiers.scheme import Tier

if TYPE_CHECKING:
    from wageguide.tiers.table import TierTable

#: Columns of a table that hold what floors count.
COUNTED = {
    "workers": "workers",
    "enterprises": "enterprises",
    "effective": "effective_enterprises",
}


@dataclass(frozen=True)
class Figure:
    """One figure of every cell.

    Attributes
    ----------
    estimate, se, df
        Yuan, yuan and degrees of freedom, shape (cells,); NaN where there is none.
    share
        See `grade_places.grades`.
    """

    estimate: Floats
    se: Floats
    df: Floats
    share: Share = None


def tail_share(tier: Tier) -> Fraction | None:
    """Share to grade a tier at: a tail mean rests on as few workers as a quantile there."""
    return None if tier.kind == "middle_mean" else tier.share


def relative_error(estimate: ArrayLike, se: ArrayLike) -> Floats:
    """``se / |estimate|``; NaN where either is missing or the estimate is 0."""
    estimate, se = np.asarray(estimate, np.float64), np.asarray(se, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(estimate == 0, np.nan, se / np.abs(estimate)))


def grade_codes(grading: Grading, placed: Places) -> NDArray[np.str_]:
    """Codes of places, as they stand in a table."""
    return np.asarray(grading.codes, dtype=np.str_)[placed]


def grade_columns(
    grading: Grading, figures: Mapping[str, Figure], counts: Mapping[str, ArrayLike]
) -> dict[str, NDArray[np.str_]]:
    """Codes of all figures of a table, each of shape (cells,), by the figure's name.

    `counts` are the workers, enterprises and effective enterprises of the cells.
    """
    return {
        name: grade_codes(
            grading,
            grades(
                grading,
                rse=relative_error(figure.estimate, figure.se),
                df=figure.df,
                share=figure.share,
                **counts,
            ),
        )
        for name, figure in figures.items()
    }


def graded(table: TierTable, grading: Grading) -> pa.Table:
    """A tier table's columns, and after them the RSE and grade of every figure.

    Parameters
    ----------
    table
        Estimated with sampling errors and with an enterprise column.
    grading
        Classes, bounds and floors.

    Returns
    -------
    Table
        For the mean and each tier, in scheme order, ``rse_<name>`` (a fraction, NaN where
        no error can be estimated) and ``grade_<name>`` (a code of ``grading.codes``).
        Nothing is left out: what is not published is for the release to blank.

    Raises
    ------
    InputError
        If the table has no errors or no count of enterprises.

    >>> import pandas as pd
    >>> from wageguide.tiers.estimate import estimate_tiers
    >>> from wageguide.tiers.grade_files import load_grading
    >>> rows = pd.DataFrame({"annual_wage": range(50_000, 50_120), "firm": [*range(20)] * 6})
    >>> table = estimate_tiers(rows, enterprise="firm", se="linearized")
    >>> graded(table, load_grading("cn_enterprise")).to_pylist()[0]["grade_p10"]
    'A'
    """
    figures = table_figures(table)
    columns = table.columns
    codes = grade_columns(grading, figures, table_counts(table))
    for name, figure in figures.items():
        rse = relative_error(figure.estimate, figure.se)
        known = np.where(estimable(rse, figure.df), rse, np.nan)
        for column, values in (
            (f"rse_{name}", to_arrow(known)),
            (f"grade_{name}", pa.array(codes[name].tolist(), pa.string())),
        ):
            if column in columns.column_names:
                raise InputError(f"Key column {column!r} has the name of a result; rename it.")
            columns = columns.append_column(column, values)
    return columns


def table_figures(table: TierTable) -> dict[str, Figure]:
    """The mean and each tier of a table by name, in scheme order, ready to be graded.

    Raises
    ------
    InputError
        If the table has no errors or no count of enterprises.
    """
    shares = {"mean": None, **{t.name: tail_share(t) for t in table.scheme.tiers}}
    needed_columns = [*COUNTED.values(), "df", *(f"se_{name}" for name in shares)]
    absent = [n for n in needed_columns if n not in table.columns.column_names]
    if absent:
        raise InputError(
            f"The table cannot be graded; it lacks {', '.join(absent)}. Estimate it with "
            "sampling errors (se='linearized') and an enterprise column."
        )
    df = to_floats(table.columns["df"])
    return {
        name: Figure(
            to_floats(table.columns[name]), to_floats(table.columns[f"se_{name}"]), df, share
        )
        for name, share in shares.items()
    }


def table_counts(table: TierTable) -> dict[str, Floats]:
    """Workers, enterprises and effective enterprises of the cells of a table."""
    return {name: to_floats(table.columns[column]) for name, column in COUNTED.items()}
