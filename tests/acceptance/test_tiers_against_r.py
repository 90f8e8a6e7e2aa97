"""Points of tier tables against R's survey package on real and public microdata.

Reference: R 4.2.2, survey 4.5 (every value also from 4.1.1), with the definitions in
FORMULAS.md beside the files. Compared are `estimate_recommended`, which follows the
definitions where R departs from its own.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.scheme import load_scheme

pytestmark = pytest.mark.acceptance

#: Both sides print or hold 15 digits; interpolation adds a few roundings.
POINT_RTOL = 1e-9
TAIL_RTOL = 1e-8

CHAPTER = "Tiers against R (survey 4.5)"
STEP_RULES = {"math": "inverted_cdf", "hf1": "hf1", "school": "averaged_inverted_cdf", "hf2": "hf2"}
LINEAR_RULES = {f"hf{i}": f"hf{i}" for i in range(4, 10)}


def read(name: str, data: Path) -> pd.DataFrame:
    if name == "ses":
        rows = pd.read_csv(data / "ses_laeken.csv", dtype={"occ1": str, "IDunit": str})
        return rows.assign(stratum=rows["NACE1"].replace("C-Mining", "D-Manufactoring"))
    return pd.read_csv(data / "us_cps_asec_2015_wages.csv")


WEIGHTS = {"ses": "weights", "cps2015": "weight"}


def ours(rows: pd.DataFrame, name: str, domain: str, variable: str, **options) -> pd.DataFrame:
    by = [] if domain == "all" else domain.split("*")
    table = estimate_tiers(rows, by, wage=variable, weight=WEIGHTS[name], **options).frame
    cell = table[by].astype(str).agg("|".join, axis=1) if by else pd.Series(["all"])
    return table.assign(cell=cell).set_index("cell")


def largest_gap(got, expected) -> float:
    """Largest relative difference."""
    got, expected = np.asarray(got, float), np.asarray(expected, float)
    assert got.shape == expected.shape
    return float(np.max(np.abs(got / expected - 1)))


@pytest.mark.parametrize("rule", [*STEP_RULES, *LINEAR_RULES])
@pytest.mark.parametrize("name", ["ses", "cps2015"])
def test_quantiles(shared, compared, name, rule):
    reference = pd.read_csv(
        shared / f"acceptance/survey_reference/{name}_quantiles_point_all_rules.csv",
        dtype={"cell": str},
    )
    reference = reference[reference["qrule"] == rule]
    if rule in LINEAR_RULES:
        # R's interpolating rules depend on the order of tied rows: no reference there.
        reference = reference[~reference["has_ties"]]
        if name == "cps2015":
            assert reference.empty  # every cell of these wages has ties
            return
    rows = read(name, shared / "data")
    quantile = {**STEP_RULES, **LINEAR_RULES}[rule]
    cells, worst = 0, 0.0
    for (domain, variable), part in reference.groupby(["domain", "variable"]):
        table = ours(rows, name, domain, variable, quantile=quantile)
        wide = part.pivot_table(index="cell", columns="p", values="estimate_recommended")
        got = table.loc[wide.index, [f"p{100 * p:g}" for p in wide.columns]]
        worst = max(worst, largest_gap(got, wide))
        worst = max(worst, largest_gap(table.loc[part["cell"], "weight"], part["sum_w"]))
        assert (table.loc[part["cell"], "workers"].to_numpy() == part["n"].to_numpy()).all()
        cells += wide.size
    assert cells == len(reference) > 0
    compared(CHAPTER, f"{name}: {cells:,} quantiles, {rule}", worst, POINT_RTOL)


@pytest.mark.parametrize("share", [0.05, 0.1])
@pytest.mark.parametrize("name", ["ses", "cps2015"])
def test_tail_means(shared, compared, name, share):
    reference = pd.read_csv(
        shared / f"acceptance/survey_reference/{name}_tail_means.csv", dtype={"cell": str}
    )
    reference = reference[reference["p"] == share]
    rows = read(name, shared / "data")
    scheme = load_scheme("tail_means").with_shares([share])
    worst = 0.0
    for (domain, variable), part in reference.groupby(["domain", "variable"]):
        table = ours(rows, name, domain, variable, scheme=scheme)
        for side, column in (("bottom", "lower_tail_mean"), ("top", "upper_tail_mean")):
            expected = part[part["side"] == side].set_index("cell")["tail_mean"]
            assert len(expected) > 0
            worst = max(worst, largest_gap(table.loc[expected.index, column], expected))
    what = f"{name}: {len(reference)} tail means of {share:.0%}"
    compared(CHAPTER, what, worst, TAIL_RTOL)


@pytest.mark.parametrize("name", ["ses", "cps2015"])
def test_means(shared, compared, name):
    reference = pd.read_csv(
        shared / f"acceptance/survey_reference/{name}_means_taylor.csv", dtype={"cell": str}
    )
    rows = read(name, shared / "data")
    worst = 0.0
    for (domain, variable), part in reference.groupby(["domain", "variable"]):
        table = ours(rows, name, domain, variable)
        worst = max(worst, largest_gap(table.loc[part["cell"], "mean"], part["mean"]))
    assert len(reference) > 0
    compared(CHAPTER, f"{name}: {len(reference)} means", worst, TAIL_RTOL)
