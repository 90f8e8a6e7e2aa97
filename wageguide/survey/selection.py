"""Weights of the enterprises that were drawn, by how they were drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wageguide.errors import WeightError
from wageguide.survey.frame import Frame
from wageguide.survey.inclusion import inclusion_probabilities
from wageguide.survey.weight_settings import WeightSettings

#: Put after the name of a stratum: its enterprises that are drawn for certain.
CERTAIN = " 必抽"
JOINER = " / "


def selected_enterprises(frame: Frame, settings: WeightSettings) -> pd.DataFrame:
    """Strata and weights by design of the enterprises drawn.

    Parameters
    ----------
    frame
        All enterprises.
    settings
        `selection`, `strata` and `size` are read.

    Returns
    -------
    DataFrame
        Rows of the frame that were selected, with ``stratum``, ``stratum_enterprises``
        (those of the frame in the stratum; NaN where they were drawn with unequal
        probabilities, and errors go without finite population correction) and
        ``design_weight``.

    Raises
    ------
    WeightError
        If none was selected, a stratum has enterprises but none of them selected, or
        probabilities do not fit.
    """
    frame.require(settings.strata, "A stratum")
    table = frame.table.copy()
    table["stratum"] = joined(table, settings.strata)
    drawn = table.groupby("stratum")["selected"].agg(["size", "sum"])
    empty = drawn[drawn["sum"] == 0]
    if len(empty):
        raise WeightError(
            f"Every stratum of the frame {frame.source.name} needs an enterprise that was "
            "selected; merge strata, or correct the column selected:",
            [f"stratum {s}: {n:,} enterprises, none selected" for s, n in empty["size"].items()],
        )
    table["stratum_enterprises"] = table["stratum"].map(drawn["size"]).astype("float64")
    if settings.selection == "stratified":
        table["design_weight"] = table["stratum_enterprises"] / table["stratum"].map(drawn["sum"])
    else:
        _by_probability(table, frame, settings)
    return table[table["selected"]].reset_index(drop=True)


def joined(table: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """Values of columns as one text; of no column, one and the same."""
    if not names:
        return pd.Series("", index=table.index, dtype="str")
    parts = [table[n].astype("str") for n in names]
    text = parts[0]
    for part in parts[1:]:
        text = text + JOINER + part
    return text


def _by_probability(table: pd.DataFrame, frame: Frame, settings: WeightSettings) -> None:
    """Weights 1/pi; what is drawn for certain becomes a stratum of its own."""
    if settings.size is None:
        drawn = table["selected"]
        if "probability" not in table or table.loc[drawn, "probability"].isna().any():
            raise WeightError(
                f"selection = 'pps' needs the probability of every selected enterprise in the "
                f"frame {frame.source.name}, or size = a column to which it is proportional."
            )
        probability = table["probability"].to_numpy(dtype=np.float64)
    else:
        size = frame.numbers(settings.size)
        probability = np.zeros(len(table))
        for stratum, rows in table.groupby("stratum").indices.items():
            count = int(table["selected"].iloc[rows].sum())
            try:
                probability[rows] = inclusion_probabilities(size[rows], count)
            except WeightError as error:
                raise WeightError(f"Stratum {stratum}: {error}") from error
    with np.errstate(divide="ignore"):
        table["design_weight"] = 1 / probability
    certain = probability >= 1
    missed = table.loc[certain & ~table["selected"], "enterprise_id"]
    if len(missed):
        raise WeightError(
            f"{len(missed):,} enterprises of the frame {frame.source.name} are drawn for certain "
            f"(probability 1), but are not selected: {', '.join(missed.head(5))}."
        )
    unlikely = table.loc[table["selected"] & (probability == 0), "enterprise_id"]
    if len(unlikely):
        raise WeightError(
            f"{len(unlikely):,} selected enterprises have a size of 0, so that they cannot have "
            f"been drawn: {', '.join(unlikely.head(5))}."
        )
    table.loc[certain, "stratum"] += CERTAIN
    for_certain = table.loc[certain, "stratum"]
    table["stratum_enterprises"] = np.nan
    table.loc[certain, "stratum_enterprises"] = for_certain.map(for_certain.value_counts())
