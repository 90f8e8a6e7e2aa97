"""Respondents stand in for the enterprises of their class that did not answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wageguide.errors import WeightError
from wageguide.survey.selection import JOINER
from wageguide.survey.weight_settings import Nonresponse

#: Stands for all values of a column that a merged class does not go by.
ALL = "*"


def respondents(selected: pd.DataFrame, asked: Nonresponse | None) -> pd.DataFrame:
    """Classes of enterprises and the factors of their respondents.

    A class with fewer respondents than the minimum is merged with the classes that share
    all but its last column; those still too small, with all that share all but the last
    two; and so on to the whole. Classes in which all answered need nobody to stand in and
    keep the factor 1, unless only they can make up the minimum.

    Parameters
    ----------
    selected
        Enterprises drawn: ``design_weight``, ``responded`` (bool), the columns of the
        classes and, where workers are counted, ``headcount``; gets ``class``.
    asked
        None asks that all have answered.

    Returns
    -------
    DataFrame
        One row a class, indexed by its name: ``selected``, ``responded`` (enterprises),
        ``rate`` (of what is counted, by design weights), ``factor`` = 1/rate, ``merged``.

    Raises
    ------
    WeightError
        If enterprises are silent and no adjustment is asked for, or nobody answered.
    """
    silent = selected.loc[~selected["responded"], "enterprise_id"]
    if selected["responded"].sum() == 0:
        raise WeightError("No selected enterprise has a row that can be used.")
    if asked is None:
        if len(silent):
            raise WeightError(
                f"{len(silent):,} of {len(selected):,} selected enterprises have no row that can "
                f"be used, and nothing stands in for them: {', '.join(silent.head(5))}. Say how "
                "in [weights.nonresponse]: classes, count, min_respondents."
            )
        asked = Nonresponse((), "enterprises", 1)
    depth = _depths(selected, asked)
    kept = np.arange(len(asked.classes))[None, :] < depth[:, None]
    parts = selected[list(asked.classes)].astype("str").to_numpy(dtype=object)
    parts = np.where(kept, parts, ALL)
    selected["class"] = [JOINER.join(row) for row in parts]
    size = selected["headcount"] if asked.count == "workers" else 1.0
    counted = selected["design_weight"] * size
    groups = selected.assign(counted=counted, answered=counted * selected["responded"])
    table = groups.groupby("class").agg(
        selected=("responded", "size"),
        responded=("responded", "sum"),
        rate=("answered", "sum"),
        counted=("counted", "sum"),
    )
    table["rate"] /= table.pop("counted")
    table["factor"] = 1 / table["rate"]
    table["merged"] = [name.split(JOINER)[-1] == ALL for name in table.index]
    return table


def _depths(selected: pd.DataFrame, asked: Nonresponse) -> NDArray[np.int64]:
    """How many columns each enterprise's class goes by, shape (enterprises,)."""
    columns = list(asked.classes)
    depth = np.full(len(selected), len(columns), np.int64)
    if not columns:
        return depth
    silent = ~selected["responded"]
    open_ = silent.groupby([selected[c] for c in columns]).transform("any").to_numpy()
    for level in range(len(columns), 0, -1):
        here = selected[open_ & (depth == level)]
        answered = here.groupby(columns[:level])["responded"].transform("sum")
        thin = here[answered < asked.min_respondents]
        above = columns[: level - 1]
        if above:
            keys = pd.MultiIndex.from_frame(thin[above])
            sharing = pd.MultiIndex.from_frame(selected[above]).isin(keys)
        else:
            sharing = np.full(len(selected), len(thin) > 0)
        depth[sharing & open_] = np.minimum(depth[sharing & open_], level - 1)
    whole = depth == 0
    if whole.any() and selected.loc[whole, "responded"].sum() < asked.min_respondents:
        depth[:] = 0
    return depth
