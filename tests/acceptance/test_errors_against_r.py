"""Linearized errors and Woodruff intervals against R, under the designs of the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from reference import (
    DESIGNS,
    ERROR,
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

from wageguide.analysis.sums import estimate_ratios, estimate_totals
from wageguide.tiers.cells import Question
from wageguide.tiers.error_settings import ErrorSettings
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.intervals import quantiles_at, t_quantile
from wageguide.tiers.kernel import sort_rows
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.scale import WageCheck, WeightCheck
from wageguide.tiers.scheme import load_scheme

pytestmark = pytest.mark.acceptance

CHAPTER = "Sampling errors against R (survey 4.5)"
FILES = ["api", "ses", "cps2015"]


def options(name: str) -> dict:
    # Some schools of api have no enrolment; they stay in the design.
    return {"design": DESIGNS[name], "on_bad_rows": "set_aside"}


def tiers(shared, name, domain, variable, **more) -> pd.DataFrame:
    more = {"se": "linearized", **options(name), **more}
    table = estimate_tiers(rows_of(name, shared), keys_of(domain), wage=variable, **more)
    return by_cell(table.frame, domain)


@pytest.mark.parametrize("file", FILES)
def test_means_and_totals(shared, compared, file):
    reference = answers(f"{file}_means_taylor", shared)
    worst = dict.fromkeys(("mean", "se_mean", "limits", "total", "se_total"), 0.0)
    cells = 0
    for (name, domain, variable), part in reference.groupby(["set", "domain", "variable"]):
        got = tiers(shared, name, domain, variable).loc[part["cell"]]
        totals = estimate_totals(
            rows_of(name, shared), [variable], keys_of(domain), **options(name)
        )
        total = by_cell(totals.frame, domain).loc[part["cell"]]
        assert got["df"].tolist() == total["df"].tolist() == part["df"].tolist()
        worst["mean"] = max(worst["mean"], largest_gap(got["mean"], part["mean"]))
        worst["se_mean"] = max(worst["se_mean"], largest_gap(got["se_mean"], part["se_mean"]))
        limits = largest_gap(got[["low_mean", "high_mean"]], part[["ci_low_t", "ci_high_t"]])
        worst["limits"] = max(worst["limits"], limits)
        worst["total"] = max(worst["total"], largest_gap(total[f"total_{variable}"], part["total"]))
        # Missing where versions of R disagree.
        known = part["se_total"].notna().to_numpy()
        if known.any():
            gap = largest_gap(total[f"se_total_{variable}"][known], part["se_total"][known])
            worst["se_total"] = max(worst["se_total"], gap)
        cells += len(part)
    assert cells == len(reference) > 0
    bounds = {"mean": MEAN, "total": MEAN, "se_mean": ERROR, "limits": ERROR, "se_total": ERROR}
    for what, figure in worst.items():
        compared(CHAPTER, f"{file}: {cells} × {what}", figure, bounds[what])


@pytest.mark.parametrize("file", ["api", "ses"])
def test_ratios(shared, compared, file):
    reference = answers(f"{file}_ratios_taylor", shared)
    worst, worst_se, cells = 0.0, 0.0, 0
    for (name, domain, top, bottom), part in reference.groupby(
        ["set", "domain", "numerator", "denominator"]
    ):
        table = estimate_ratios(
            rows_of(name, shared), {"ratio": (top, bottom)}, keys_of(domain), **options(name)
        )
        got = by_cell(table.frame, domain).loc[part["cell"]]
        assert got["df"].tolist() == part["df"].tolist()
        worst = max(worst, largest_gap(got["ratio"], part["ratio"]))
        worst_se = max(worst_se, largest_gap(got["se_ratio"], part["se_ratio"]))
        cells += len(part)
    assert cells == len(reference) > 0
    compared(CHAPTER, f"{file}: {cells} ratios", worst, MEAN)
    compared(CHAPTER, f"{file}: {cells} standard errors of ratios", worst_se, ERROR)


@pytest.mark.parametrize("file", ["ses", "cps2015"])
def test_tail_means(shared, compared, file):
    reference = answers(f"{file}_tail_means", shared)
    worst, cells = 0.0, 0
    for (name, domain, variable, p), part in reference.groupby(["set", "domain", "variable", "p"]):
        scheme = load_scheme("tail_means").with_shares([p])
        table = tiers(shared, name, domain, variable, scheme=scheme)
        for side, column in (("bottom", "lower_tail_mean"), ("top", "upper_tail_mean")):
            expected = part[part["side"] == side].set_index("cell")["se_linearised"]
            worst = max(worst, largest_gap(table.loc[expected.index, f"se_{column}"], expected))
            cells += len(expected)
    assert cells == len(reference) > 0
    compared(CHAPTER, f"{file}: {cells} standard errors of tail means", worst, ERROR)


def usable(reference: pd.DataFrame) -> pd.DataFrame:
    return reference[reference["ci_usable"]]


@pytest.mark.parametrize(
    ("file", "interval"),
    [*((file, "mean") for file in FILES), ("api", "xlogit"), ("api", "asin"), ("api", "beta")],
)
def test_woodruff(shared, compared, file, interval):
    """Every interval of the rules that do not depend on the order of rows, as given."""
    reference = answers(f"{file}_quantiles_woodruff", shared)
    reference = reference[reference["interval_type"] == interval]
    offered = reference["qrule"].isin(RULES)
    depends = reference["qrule"].isin(LINEAR_RULES) & reference["has_ties"]
    reference = reference[offered & ~depends]
    points, errors, cells = 0.0, 0.0, 0
    for (name, domain, variable, rule), part in reference.groupby(
        ["set", "domain", "variable", "qrule"]
    ):
        table = tiers(
            shared, name, domain, variable, quantile=RULES[rule],
            se=ErrorSettings(interval=interval),
        )  # fmt: skip
        points = max(points, largest_gap(
            [table.loc[r.cell, f"p{100 * r.p:g}"] for r in part.itertuples()],
            part["estimate_recommended"],
        ))  # fmt: skip
        for column, prefix in (("se", "se_"), ("ci_low", "low_"), ("ci_high", "high_")):
            sure = usable(part)
            if len(sure):
                got = [table.loc[r.cell, f"{prefix}p{100 * r.p:g}"] for r in sure.itertuples()]
                errors = max(errors, largest_gap(got, sure[column]))
        cells += len(part)
    assert cells == len(reference)
    compared(CHAPTER, f"{file}: {cells} quantiles, interval {interval}", points, POINT)
    what = f"{file}: their standard errors and limits, {len(usable(reference))} usable"
    compared(CHAPTER, what, errors, ERROR)


def quantile_at(values: pd.Series, weights: pd.Series, shares: list[float], rule: str):
    """Quantiles of one cell at any shares, by the rule of the tables."""
    wages, held = WageCheck(), WeightCheck()
    wages.see(values.to_numpy(float))
    held.see(weights.to_numpy(float))
    question = Question(
        load_scheme("percentiles"), quantile_rule(rule), wages.scale(), held.scale()
    )
    rows = sort_rows(
        np.zeros(len(values), np.int64),
        1,
        question.wages.codes(values.to_numpy(float)),
        question.weights.units(weights.to_numpy(float)),
    )
    _, run = next(iter(rows.runs()))
    return quantiles_at(run, np.array([shares]), question)[0]


def test_woodruff_where_r_depends_on_the_order_of_tied_rows(shared, compared):
    """R's own intervals of hf4 to hf9, step by step: the share, its error, the two quantiles."""
    reference = usable(answers("api_quantiles_woodruff", shared))
    reference = reference[reference["qrule"].isin(LINEAR_RULES) & reference["has_ties"]]
    assert set(reference["interval_type"]) == {"mean"}
    worst, points = 0.0, 0.0
    for row in reference.itertuples():
        rows, design = rows_of(row.set, shared), DESIGNS[row.set]
        values = rows[row.variable]
        below = (values <= row.estimate * (1 + 1e-12)).where(values.notna())
        rows = rows.assign(below=below.astype(float), told_apart=ties_in_row_order(values))
        table = estimate_tiers(
            rows, keys_of(row.domain), wage="below", se="linearized", **options(row.set)
        )
        share = by_cell(table.frame, row.domain).loc[row.cell]
        t = float(t_quantile(np.array([share["df"]]), 0.95)[0])
        limits = [share["mean"] - t * share["se_mean"], share["mean"] + t * share["se_mean"]]
        keys = keys_of(row.domain)
        inside = rows["below"].notna()
        if keys:
            inside &= rows[keys].astype(str).agg("|".join, axis=1) == row.cell
        got = quantile_at(
            rows.loc[inside, "told_apart"], rows.loc[inside, design.weight],
            [row.p, *limits], RULES[row.qrule],
        )  # fmt: skip
        points = max(points, largest_gap(got[:1], [row.estimate_recommended]))
        worst = max(worst, largest_gap(got[1:], [row.ci_low, row.ci_high]))
        worst = max(worst, largest_gap([(got[2] - got[1]) / (2 * t)], [row.se]))
    what = f"api: {len(reference)} quantiles with ties, hf4 to hf9"
    compared(CHAPTER, what, points, POINT)
    compared(CHAPTER, f"{what}: standard errors and limits", worst, ERROR)


def test_no_row_is_passed_over(shared):
    """hf3 of R is not the third definition of Hyndman and Fan and is not offered; no other gap."""
    for file in FILES:
        reference = answers(f"{file}_quantiles_woodruff", shared)
        assert set(reference["qrule"]) - set(RULES) <= {"hf3"}
        tied = reference["qrule"].isin(LINEAR_RULES) & reference["has_ties"]
        assert not tied.any() or file == "api"


@pytest.mark.parametrize("file", FILES)
def test_where_r_departs_from_its_own_definition_the_definition_holds(shared, file):
    reference = answers(f"{file}_quantiles_woodruff", shared)
    reference = reference[
        reference["r_differs_from_recommended"]
        & reference["qrule"].isin(["math", "school"])
        & (reference["interval_type"] == "mean")
    ]
    if file == "api":
        assert len(reference) > 0
    for row in reference.itertuples():
        table = tiers(shared, row.set, row.domain, row.variable, quantile=RULES[row.qrule])
        got = table.loc[row.cell, f"p{100 * row.p:g}"]
        assert got == pytest.approx(row.estimate_recommended, rel=POINT)
        assert got != pytest.approx(row.estimate, rel=1e-6)
