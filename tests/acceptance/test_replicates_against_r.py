"""Errors from replicates against R: with the factors that R saved, and the jackknives made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from reference import (
    DESIGNS,
    ERROR,
    MEAN,
    POINT,
    RULES,
    answers,
    by_cell,
    keys_of,
    largest_gap,
    rows_of,
    with_factors,
)

from wageguide.analysis.sums import estimate_ratios, estimate_totals
from wageguide.survey.design import Design
from wageguide.tiers.error_settings import ErrorSettings
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.intervals import t_quantile
from wageguide.tiers.replicates import jackknife
from wageguide.tiers.sampling import sample_design
from wageguide.tiers.scheme import load_scheme
from wageguide.tiers.uncertainty import replicates_for

pytestmark = pytest.mark.acceptance

CHAPTER = "Replicates against R (survey 4.5)"


@pytest.fixture
def ses_bootstrap(shared) -> tuple[pd.DataFrame, Design]:
    """The rows with the 200 bootstrap weights that R saved."""
    rows = rows_of("ses_A", shared)
    factors = answers("ses_bootstrap_psu_factors", shared, ".csv.gz")
    key = rows["stratum"] + "|" + rows["IDunit"]
    matrix = factors.set_index(factors.columns[0]).loc[key].to_numpy()
    return with_factors(rows, "weights", matrix, answers("ses_bootstrap_info", shared))


@pytest.fixture
def api_bootstrap(shared) -> tuple[pd.DataFrame, Design]:
    rows = rows_of("apiclus1", shared)
    factors = answers("api_apiclus1_bootstrap_psu_factors", shared, ".csv.gz")
    matrix = factors.set_index("dnum").loc[rows["dnum"]].to_numpy()
    return with_factors(rows, "pw", matrix, answers("api_apiclus1_bootstrap_info", shared))


def compare_means(compared, what, reference, rows, design, se) -> None:
    """Means and totals with their errors and limits.

    For given weights df is the rank of the factors, as in R. A jackknife that was made knows
    its design: df is enterprises less strata, where R takes the rank; limits are compared at
    R's df.
    """
    options = {"design": design, "se": se, "on_bad_rows": "set_aside"}
    worst, worst_se = 0.0, 0.0
    for (domain, variable), part in reference.groupby(["domain", "variable"]):
        got = by_cell(
            estimate_tiers(rows, keys_of(domain), wage=variable, **options).frame, domain
        ).loc[part["cell"]]
        total = by_cell(
            estimate_totals(rows, [variable], keys_of(domain), **options).frame, domain
        ).loc[part["cell"]]
        worst = max(worst, largest_gap(got["mean"], part["mean"]))
        worst = max(worst, largest_gap(total[f"total_{variable}"], part["total"]))
        worst_se = max(worst_se, largest_gap(got["se_mean"], part["se_mean"]))
        worst_se = max(worst_se, largest_gap(total[f"se_total_{variable}"], part["se_total"]))
        if se == "replicates":
            assert got["df"].tolist() == part["df"].tolist()
            limits = got[["low_mean", "high_mean"]].to_numpy()
        else:
            assert (got["df"].to_numpy() <= part["df"].to_numpy()).all()
            reach = t_quantile(part["df"].to_numpy(float), 0.95) * got["se_mean"].to_numpy()
            mean = got["mean"].to_numpy()
            limits = np.stack([mean - reach, mean + reach], axis=1)
        worst_se = max(worst_se, largest_gap(limits, part[["ci_low_t", "ci_high_t"]]))
    compared(CHAPTER, f"{what}: {len(reference)} means and totals", worst, MEAN)
    compared(CHAPTER, f"{what}: their standard errors and limits", worst_se, ERROR)


def test_bootstrap_means(shared, compared, ses_bootstrap):
    reference = answers("ses_means_bootstrap", shared)
    compare_means(compared, "ses, bootstrap", reference, *ses_bootstrap, "replicates")


def test_bootstrap_means_with_given_scale(shared, compared, api_bootstrap):
    reference = answers("api_apiclus1_means_bootstrap", shared)
    compare_means(compared, "apiclus1, bootstrap", reference, *api_bootstrap, "replicates")


def test_bootstrap_ratios(shared, compared, ses_bootstrap):
    reference = answers("ses_ratios_bootstrap", shared)
    rows, design = ses_bootstrap
    worst, worst_se = 0.0, 0.0
    for (domain, top, bottom), part in reference.groupby(["domain", "numerator", "denominator"]):
        table = estimate_ratios(
            rows, {"ratio": (top, bottom)}, keys_of(domain), design=design, se="replicates"
        )
        got = by_cell(table.frame, domain).loc[part["cell"]]
        worst = max(worst, largest_gap(got["ratio"], part["ratio"]))
        worst_se = max(worst_se, largest_gap(got["se_ratio"], part["se_ratio"]))
    compared(CHAPTER, f"ses, bootstrap: {len(reference)} ratios", worst, MEAN)
    compared(CHAPTER, "ses, bootstrap: their standard errors", worst_se, ERROR)


@pytest.mark.parametrize("interval", ["mean", "quantile"])
def test_bootstrap_quantiles(shared, compared, ses_bootstrap, interval):
    """`mean` is Woodruff on the replicates' variance, `quantile` the replicates' quantiles."""
    reference = answers("ses_quantiles_bootstrap", shared)
    reference = reference[reference["interval_type"] == interval]
    rows, design = ses_bootstrap
    settings = ErrorSettings(
        "replicates", quantiles={"mean": "woodruff", "quantile": "replicated"}[interval]
    )
    points, errors, cells = 0.0, 0.0, 0
    for (domain, variable, rule), part in reference.groupby(["domain", "variable", "qrule"]):
        table = by_cell(
            estimate_tiers(
                rows, keys_of(domain), wage=variable, design=design, se=settings,
                quantile=RULES[rule],
            ).frame, domain,
        )  # fmt: skip
        for row in part.itertuples():
            tier = f"p{100 * row.p:g}"
            points = max(
                points, largest_gap([table.loc[row.cell, tier]], [row.estimate_recommended])
            )
            if row.ci_usable:
                got = [table.loc[row.cell, f"{what}_{tier}"] for what in ("se", "low", "high")]
                errors = max(errors, largest_gap(got, [row.se, row.ci_low, row.ci_high]))
            cells += 1
    assert cells == len(reference) > 0
    compared(CHAPTER, f"ses, bootstrap: {cells} quantiles, interval {interval}", points, POINT)
    compared(CHAPTER, "ses, bootstrap: their standard errors and limits", errors, ERROR)


def test_tail_means(shared, compared, ses_bootstrap):
    reference = answers("ses_tail_means_replicate", shared)
    rows, bootstrapped = ses_bootstrap
    ways = {
        "subbootstrap200_mse_true": (bootstrapped, "replicates"),
        "JKn_mse_false": (DESIGNS["ses_A"], "jackknife"),
    }
    worst, cells = 0.0, 0
    for (domain, variable, method, p), part in reference.groupby(
        ["domain", "variable", "method", "p"]
    ):
        design, se = ways[method]
        scheme = load_scheme("tail_means").with_shares([p])
        table = by_cell(
            estimate_tiers(
                rows, keys_of(domain), wage=variable, design=design, se=se, scheme=scheme
            ).frame, domain,
        )  # fmt: skip
        for side, column in (("bottom", "lower_tail_mean"), ("top", "upper_tail_mean")):
            expected = part[part["side"] == side].set_index("cell")["se_replicate"]
            worst = max(worst, largest_gap(table.loc[expected.index, f"se_{column}"], expected))
            cells += len(expected)
    assert cells == len(reference) > 0
    compared(CHAPTER, f"ses: {cells} standard errors of tail means by replicates", worst, ERROR)


def test_jackknife_about_the_mean_of_replicates(shared, compared):
    reference = answers("ses_means_jkn", shared)
    reference = reference[reference["method"] == "JKn_mse_false"]
    rows, design = rows_of("ses_A", shared), DESIGNS["ses_A"]
    compare_means(compared, "ses, JKn", reference, rows, design, "jackknife")


@pytest.mark.slow
def test_jackknife_about_the_estimate(shared, compared):
    """The factors that were made, given back as replicate weights with mse."""
    reference = answers("ses_means_jkn", shared)
    reference = reference[reference["method"] == "JKn_mse_true"]
    rows = rows_of("ses_A", shared)
    sample = sample_design(pa.Table.from_pandas(rows), DESIGNS["ses_A"])
    made = jackknife(sample)
    factors = made.factors(slice(0, made.count))[sample.unit]
    info = pd.DataFrame({"scale": made.scale, "rscale": made.rscales, "mse": np.True_})
    rows, design = with_factors(rows, "weights", factors, info)
    compare_means(compared, "ses, JKn about the estimate", reference, rows, design, "replicates")


@pytest.mark.parametrize(("name", "se"), [("apistrat", "jackknife"), ("apiclus1", "jk1")])
def test_jackknife_of_finite_populations(shared, compared, name, se):
    reference = answers("api_means_jackknife", shared)
    reference = reference[reference["set"] == name]
    rows = rows_of(name, shared)
    compare_means(compared, f"{name}, {se}", reference, rows, DESIGNS[name], se)


@pytest.mark.parametrize(("name", "se"), [("apistrat", "jackknife"), ("apiclus1", "jk1")])
def test_jackknife_scales(shared, compared, name, se):
    """R's own scale and rscales, replicate by replicate."""
    info = answers(f"api_{name}_{'jkn' if se == 'jackknife' else 'jk1'}_info", shared)
    rows = rows_of(name, shared)
    sample = sample_design(pa.Table.from_pandas(rows), DESIGNS[name])
    made = replicates_for(sample, ErrorSettings(se))
    got = np.sort(made.scale * made.rscales)
    expected = np.sort(info["scale"] * info["rscale"])
    compared(CHAPTER, f"{name}: {len(info)} scales of replicates", largest_gap(got, expected), MEAN)
