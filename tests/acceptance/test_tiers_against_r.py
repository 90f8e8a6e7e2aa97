"""Points of tier tables against R's survey package on real and public microdata."""

from __future__ import annotations

import pandas as pd
import pytest
from reference import (
    LINEAR_RULES,
    MEAN,
    POINT,
    RULES,
    answers,
    by_cell,
    keys_of,
    largest_gap,
    rows_of,
    ties_in_row_order,
)

from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.scheme import load_scheme

pytestmark = pytest.mark.acceptance

CHAPTER = "Tiers against R (survey 4.5)"
WEIGHTS = {"ses": "weights", "cps2015": "weight"}
SETS = {"ses": "ses_A", "cps2015": "cps2015"}


def ours(rows: pd.DataFrame, name: str, domain: str, variable: str, **options) -> pd.DataFrame:
    table = estimate_tiers(
        rows, keys_of(domain), wage=variable, weight=WEIGHTS[name], **options
    ).frame
    return by_cell(table, domain)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["ses", "cps2015"])
def test_quantiles(shared, compared, name, rule):
    reference = answers(f"{name}_quantiles_point_all_rules", shared)
    reference = reference[reference["qrule"] == rule]
    rows = rows_of(SETS[name], shared)
    cells, worst = 0, 0.0
    for (domain, variable), part in reference.groupby(["domain", "variable"]):
        if rule in LINEAR_RULES:
            rows = rows.assign(told_apart=ties_in_row_order(rows[variable]))
            variable = "told_apart"  # noqa: PLW2901
        table = ours(rows, name, domain, variable, quantile=RULES[rule])
        wide = part.pivot_table(index="cell", columns="p", values="estimate_recommended")
        got = table.loc[wide.index, [f"p{100 * p:g}" for p in wide.columns]]
        worst = max(worst, largest_gap(got, wide))
        worst = max(worst, largest_gap(table.loc[part["cell"], "weight"], part["sum_w"]))
        assert (table.loc[part["cell"], "workers"].to_numpy() == part["n"].to_numpy()).all()
        cells += wide.size
    assert cells == len(reference) > 0
    compared(CHAPTER, f"{name}: {cells:,} quantiles, {rule}", worst, POINT)


@pytest.mark.parametrize("share", [0.05, 0.1])
@pytest.mark.parametrize("name", ["ses", "cps2015"])
def test_tail_means(shared, compared, name, share):
    reference = answers(f"{name}_tail_means", shared)
    reference = reference[reference["p"] == share]
    scheme = load_scheme("tail_means").with_shares([share])
    worst = 0.0
    for (domain, variable), part in reference.groupby(["domain", "variable"]):
        table = ours(rows_of(SETS[name], shared), name, domain, variable, scheme=scheme)
        for side, column in (("bottom", "lower_tail_mean"), ("top", "upper_tail_mean")):
            expected = part[part["side"] == side].set_index("cell")["tail_mean"]
            worst = max(worst, largest_gap(table.loc[expected.index, column], expected))
    what = f"{name}: {len(reference)} tail means of {share:.0%}"
    compared(CHAPTER, what, worst, MEAN)
