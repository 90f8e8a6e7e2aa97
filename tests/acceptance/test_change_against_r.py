"""Change between two years of public microdata against R's survey package."""

from __future__ import annotations

import pandas as pd
import pytest
from reference import ERROR, POINT, largest_gap

from wageguide.survey.design import Design
from wageguide.tiers.compare import compare_tables
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.table import TierFacts

pytestmark = pytest.mark.acceptance

CHAPTER = "Change between two years against R (survey 4.5)"


def test_men_of_the_cps(shared, compared):
    rows = pd.read_csv(shared / "data" / "us_cps_morg_men_1983_2005_sample10pct.csv")
    reference = pd.read_csv(shared / "acceptance" / "survey_reference" / "cps_morg_change.csv")
    reference = reference.set_index("cell")
    years = []
    for year, span in ((1984, "1983-1985"), (2004, "2003-2005")):
        years.append(
            estimate_tables(
                rows[rows["year"] == span],
                [(), ("education",)],
                wage="wage",
                design=Design(weight="weights"),
                se="linearized",
                facts=TierFacts(year),
                on_bad_rows="set_aside",
            )
        )
    total, parts = (compare_tables(this, last).frame for last, this in zip(*years, strict=True))
    ours = pd.concat([total.assign(education="all"), parts]).set_index("education")
    ours = ours.loc[reference.index]
    assert len(ours) == 7
    assert (ours["workers_last"].to_numpy() == reference["n1"].to_numpy()).all()

    pairs = {
        "means": (ours[["last_mean", "mean"]], reference[["mean1", "mean2"]], POINT),
        "growth of the mean": (100 * ours["growth_mean"], reference["pct_change_mean"], POINT),
        "its standard error": (
            100 * ours["se_growth_mean"],
            reference["se_pct_change_mean"],
            ERROR,
        ),
        "medians": (ours[["last_p50", "p50"]], reference[["median1", "median2"]], POINT),
    }
    for what, (got, expected, bound) in pairs.items():
        compared(CHAPTER, f"men's hourly pay, 1983–85 to 2003–05: {what}",
                 largest_gap(got, expected), bound)  # fmt: skip
