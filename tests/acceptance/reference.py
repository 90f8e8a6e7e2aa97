"""The files of R's answers, the data they are about, and the designs they assume.

Reference: R 4.2.2, survey 4.5 (every value also from 4.1.1), with the definitions in
FORMULAS.md beside the files. Compared are `estimate_recommended`, which follows the
definitions where R departs from its own, and limits where `ci_usable`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from wageguide.survey.design import Design, ReplicateWeights

#: Both sides print or hold 15 digits; interpolation adds a few roundings.
POINT = 1e-9
#: Standard errors and limits.
ERROR = 1e-7
#: Means, ratios and tail means.
MEAN = 1e-8

STEP_RULES = {"math": "inverted_cdf", "school": "averaged_inverted_cdf"}
SAME_STEP_RULES = {"hf1": "hf1", "hf2": "hf2"}
#: R's depend on the order of tied rows.
LINEAR_RULES = {f"hf{i}": f"hf{i}" for i in range(4, 10)}
RULES = {**STEP_RULES, **SAME_STEP_RULES, **LINEAR_RULES}

DESIGNS = {
    "ses_A": Design(weight="weights", enterprise="IDunit", stratum="stratum"),
    "cps2015": Design(weight="weight"),
    "apistrat": Design(weight="pw", stratum="stype", population="fpc"),
    "apiclus1": Design(weight="pw", enterprise="dnum", population="fpc"),
    "apiclus2": Design(
        weight="weight",
        enterprise="dnum",
        population="fpc1",
        workers="fpc2",
        single_unit="certainty",  # R's choice for districts with one sampled school
    ),
}


@cache
def rows_of(name: str, shared: Path) -> pd.DataFrame:
    """The rows of a set; schools without an enrolment stay in the design."""
    data = shared / "data"
    if name == "ses_A":
        rows = pd.read_csv(data / "ses_laeken.csv", dtype={"occ1": str, "IDunit": str})
        return rows.assign(stratum=rows["NACE1"].replace("C-Mining", "D-Manufactoring"))
    if name == "cps2015":
        return pd.read_csv(data / "us_cps_asec_2015_wages.csv")
    rows = pd.read_csv(data / f"api_{name}.csv")
    if name == "apiclus2":
        weights = pd.read_csv(shared / "acceptance/survey_reference/api_apiclus2_weights.csv")
        rows = rows.merge(weights[["row_id", "weight"]], on="row_id", validate="1:1")
    return rows


@cache
def answers(name: str, shared: Path, ending: str = ".csv") -> pd.DataFrame:
    """One file of answers; cells are text."""
    path = shared / f"acceptance/survey_reference/{name}{ending}"
    return pd.read_csv(path, dtype={"cell": str, "IDunit": str})


def with_factors(
    rows: pd.DataFrame, base: str, factors: np.ndarray, info: pd.DataFrame
) -> tuple[pd.DataFrame, Design]:
    """Rows with replicate weights as columns, and the design that names them.

    `factors` of shape (rows, replicates), `info` with scale, rscale and mse.
    """
    names = [f"r{i}" for i in range(1, factors.shape[1] + 1)]
    weights = pd.DataFrame(
        factors * rows[base].to_numpy()[:, None], columns=names, index=rows.index
    )
    given = ReplicateWeights(
        tuple(names), float(info["scale"][0]), tuple(info["rscale"]), mse=bool(info["mse"][0])
    )
    return pd.concat([rows, weights], axis=1), Design(weight=base, replicates=given)


def keys_of(domain: str) -> list[str]:
    return [] if domain == "all" else domain.split("*")


def by_cell(frame: pd.DataFrame, domain: str) -> pd.DataFrame:
    """The frame of a table, indexed by the text of its cells."""
    keys = keys_of(domain)
    cell = frame[keys].astype(str).agg("|".join, axis=1) if keys else pd.Series(["all"])
    return frame.assign(cell=cell).set_index("cell")


def largest_gap(got, expected) -> float:
    """Largest relative difference; nothing may be missing on one side."""
    got, expected = np.asarray(got, float), np.asarray(expected, float)
    assert got.shape == expected.shape
    assert got.size > 0
    assert np.isfinite(got).all()
    return float(np.max(np.abs(got / expected - 1)))


def ties_in_row_order(values: pd.Series) -> pd.Series:
    """Values told apart in the order of the rows by parts in 1e15: R's order of tied rows."""
    place = values.groupby(values).cumcount()
    return values * (1 + 1e-15 * place)
