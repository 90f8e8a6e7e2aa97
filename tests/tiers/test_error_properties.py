"""What must hold of sampling errors on any rows under any design."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wageguide.analysis.sums import estimate_totals
from wageguide.errors import InputError
from wageguide.survey.design import Calibration, Design, ReplicateWeights
from wageguide.tiers.error_settings import ErrorSettings
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.sampling import sample_design
from wageguide.tiers.scheme import load_scheme

FIGURES = ["mean", "p10", "p25", "p50", "p75", "p90"]
ERRORS = [f"{part}_{name}" for name in FIGURES for part in ("se", "low", "high")]
TAILS = load_scheme("tail_means")
DESIGN = Design(
    weight="w", enterprise="firm", stratum="layer", population="frame", single_unit="certainty"
)


@st.composite
def samples(draw) -> pd.DataFrame:
    """Up to 60 workers of up to 14 enterprises in up to 4 strata, in 3 occupations."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    n = draw(st.integers(8, 60))
    firms = draw(st.integers(3, 14))
    layer_of = rng.integers(0, draw(st.integers(1, 4)), firms)
    firm = rng.integers(0, firms, n)
    present = np.unique(firm)
    sampled = np.bincount(layer_of[present], minlength=4)
    frame = sampled + rng.integers(0, 20, 4)
    drawn = np.bincount(firm, minlength=firms)
    steps = draw(st.sampled_from([1, 1000, 20_000]))  # wages with few, many and very many ties
    return pd.DataFrame(
        {
            "annual_wage": (rng.lognormal(11, 0.5, n) // steps * steps + 10_000).round(2),
            "post": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]),
            "sex": rng.choice(["f", "m"], n),
            "hours": rng.integers(1000, 2500, n).astype(float),
            "w": rng.integers(1, 400, n) / 8,
            "firm": firm,
            "layer": layer_of[firm],
            "frame": frame[layer_of[firm]],
            "present": (drawn + rng.integers(0, 3, firms))[firm],
        }
    )


def table(rows: pd.DataFrame, by=("post",), design=DESIGN, se="linearized", **more):
    return estimate_tiers(rows, list(by), design=design, se=se, **more).frame


def assert_same(one: pd.DataFrame, other: pd.DataFrame, columns, rtol=1e-9) -> None:
    for name in columns:
        np.testing.assert_allclose(one[name], other[name], rtol=rtol, err_msg=name)


@pytest.mark.parametrize("se", ["linearized", "jackknife", "bootstrap:20"])
@given(rows=samples(), seed=st.integers(0, 1000))
@settings(max_examples=25)
def test_the_order_of_rows_changes_nothing(se, rows, seed):
    mixed = rows.sample(frac=1, random_state=seed)

    assert_same(table(rows, se=se), table(mixed, se=se), [*FIGURES, *ERRORS, "df"])


@pytest.mark.parametrize("se", ["linearized", "jackknife", "bootstrap:20"])
@given(rows=samples(), factor=st.sampled_from([0.5, 3, 10, 1000]))
@settings(max_examples=25)
def test_the_scale_of_weights_changes_nothing(se, rows, factor):
    scaled = rows.assign(w=rows["w"] * factor)

    assert_same(table(rows, se=se), table(scaled, se=se), [*FIGURES, *ERRORS, "df"])


@pytest.mark.parametrize("se", ["linearized", "jackknife", "bootstrap:20"])
@given(rows=samples(), which=st.integers(0, 7))
@settings(max_examples=25)
def test_two_halves_of_a_row_in_its_enterprise_are_that_row(se, rows, which):
    halves = pd.concat([rows, rows.iloc[[which]]], ignore_index=True)
    halves["w"] = halves["w"].astype(float)
    halves.loc[[which, len(halves) - 1], "w"] /= 2

    whole, split = table(rows, se=se), table(halves, se=se)

    assert_same(whole, split, [*FIGURES, *ERRORS, "df", "enterprises"])
    assert split["workers"].sum() == whole["workers"].sum() + 1


@given(rows=samples())
@settings(max_examples=25)
def test_domain_totals_add_up_and_their_errors_are_those_of_one_design(rows):
    whole = estimate_totals(rows, ["annual_wage"], [], design=DESIGN).frame
    parts = estimate_totals(rows, ["annual_wage"], ["post"], design=DESIGN).frame

    assert parts["total_annual_wage"].sum() == pytest.approx(whole["total_annual_wage"][0])
    # The variance of the sum is that of the parts and twice their covariances.
    sample = sample_design(pa.Table.from_pandas(rows), DESIGN)
    domains = pd.get_dummies(rows["post"]).to_numpy(float)
    scores = domains * (rows["w"] * rows["annual_wage"]).to_numpy()[:, None]
    covariance = sample.covariance(scores)
    se = np.sqrt(np.diag(covariance))
    known = parts["se_total_annual_wage"].notna().to_numpy()
    np.testing.assert_allclose(parts["se_total_annual_wage"][known], se[known], rtol=1e-9)
    if not np.isnan(whole["se_total_annual_wage"][0]):
        together = np.sqrt(covariance.sum())
        assert whole["se_total_annual_wage"][0] == pytest.approx(together, rel=1e-8)


@given(rows=samples(), seed=st.integers(0, 1000))
@settings(max_examples=25)
def test_a_replicate_is_the_estimate_under_its_weights(rows, seed):
    """Of two replicates one has all factors 1; the error is the other's distance alone."""
    factors = np.random.default_rng(seed).integers(0, 4, rows["firm"].max() + 1) / 2
    rows = rows.assign(same=rows["w"], other=rows["w"] * factors[rows["firm"]])
    design = Design(
        weight="w", enterprise="firm", replicates=ReplicateWeights(("same", "other"), 0.25)
    )
    for scheme in (load_scheme("percentiles"), TAILS):
        figures = ["mean", *(t.name for t in scheme.tiers)]
        got = table(rows, design=design, se="replicates", scheme=scheme).set_index("post")
        there = rows[rows["other"] > 0]
        if there.empty:
            continue
        replicate = table(there, design=Design(weight="other"), se=None, scheme=scheme).set_index(
            "post"
        )
        for post in got.index.intersection(replicate.index):
            for name in figures:
                if got.loc[post, "df"] < 1:
                    continue
                distance = abs(replicate.loc[post, name] - got.loc[post, name])
                se = got.loc[post, f"se_{name}"]
                expected = 0.5 * distance
                if expected > 1e-6:
                    assert se == pytest.approx(expected, rel=1e-6)
                else:
                    assert np.isnan(se) or se < 1e-5


@given(rows=samples())
@settings(max_examples=10)
def test_replicates_that_change_nothing_are_no_error(rows):
    rows = rows.assign(r1=rows["w"], r2=rows["w"], r3=rows["w"])
    design = Design(
        weight="w", enterprise="firm", replicates=ReplicateWeights(("r1", "r2", "r3"), 1.0)
    )

    got = table(rows, design=design, se="replicates")

    assert got[[f"se_{name}" for name in FIGURES]].isna().all(axis=None)


DESIGNS = {
    "with replacement": Design(
        weight="w", enterprise="firm", stratum="layer", single_unit="certainty"
    ),
    "correction": DESIGN,
    "average": Design(weight="w", enterprise="firm", stratum="layer", single_unit="average"),
    "adjust": Design(
        weight="w", enterprise="firm", stratum="layer", population="frame", single_unit="adjust"
    ),
    "two stages": Design(
        weight="w", enterprise="firm", stratum="layer", population="frame", workers="present",
        single_unit="certainty",
    ),
    "calibrated": Design(
        weight="w", enterprise="firm", stratum="layer", population="frame",
        single_unit="certainty", calibration=Calibration("w", (("sex",), ("layer",)), ("hours",)),
    ),
    "calibrated, two stages": Design(
        weight="w", enterprise="firm", stratum="layer", population="frame", workers="present",
        single_unit="certainty", calibration=Calibration("w", (("sex",),), ("hours",)),
    ),
    "rows": Design(weight="w"),
}  # fmt: skip


@pytest.mark.parametrize("name", DESIGNS)
@given(rows=samples())
@settings(max_examples=20)
def test_means_agree_with_the_textbook_formula_row_by_row(name, rows):
    """The sums by cell and enterprise against scores of all rows, 0 outside the cell."""
    design = DESIGNS[name]
    try:
        sample = sample_design(pa.Table.from_pandas(rows), design)
    except InputError:
        assert name == "average"  # every stratum has one enterprise
        return
    got = table(rows, design=design).set_index("post")
    for post in got.index:
        inside = (rows["post"] == post).to_numpy()
        w = rows["w"].to_numpy() * inside
        off = rows["annual_wage"].to_numpy() - got.loc[post, "mean"]
        variance = float(sample.covariance((w * off / w.sum())[:, None])[0, 0])
        assert got.loc[post, "df"] == sample.degrees_of_freedom(inside)
        if np.isnan(got.loc[post, "se_mean"]):
            assert variance < 1e-6 or got.loc[post, "df"] < 1
        else:
            assert got.loc[post, "se_mean"] == pytest.approx(variance**0.5, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("se", ["linearized", "jackknife", "bootstrap:20"])
@given(rows=samples())
@settings(max_examples=20)
def test_what_weights_were_calibrated_on_has_no_error(se, rows):
    """Residuals are 0; weights calibrated again in each replicate give the same total."""
    rows = rows.assign(one=1.0)
    # One row can keep one total, not two: every replicate has two rows of some enterprise.
    assume(rows.groupby("firm")["hours"].agg(np.ptp).min() > 10)
    calibration = Calibration("w", numbers=("one", "hours"))
    design = Design(weight="w", enterprise="firm", calibration=calibration)

    total = estimate_totals(rows, ["hours"], [], design=design, se=se).frame
    mean = estimate_tiers(rows, wage="hours", design=design, se=se).frame

    for error, size in (
        (total["se_total_hours"][0], total["total_hours"][0]),
        (mean["se_mean"][0], mean["mean"][0]),
    ):
        assert np.isnan(error) or error < 1e-7 * size


class TestNotEstimable:
    ROWS = pd.DataFrame(
        {
            "annual_wage": [50_000, 60_000, 70_000, 80_000, 55_000, 55_000],
            "post": ["one firm"] * 2 + ["spread"] * 2 + ["same wage"] * 2,
            "firm": [1, 1, 1, 2, 1, 2],
            "all": 2,
        }
    )

    def test_one_enterprise_or_one_wage_has_no_error(self):
        got = table(self.ROWS, design=Design(enterprise="firm")).set_index("post")

        assert got["df"].to_dict() == {"one firm": 0, "spread": 1, "same wage": 1}
        errors = [c for c in got if c.startswith(("se_", "low_", "high_"))]
        assert got.loc[["one firm", "same wage"], errors].isna().all(axis=None)
        assert got.loc["spread", "se_mean"] == pytest.approx(5_000)

    def test_a_census_has_no_sampling_error(self):
        got = table(self.ROWS, design=Design(enterprise="firm", population="all"))

        assert got[[c for c in got if c.startswith("se_")]].isna().all(axis=None)


def test_a_row_without_a_wage_keeps_its_enterprise_in_the_stratum():
    """Three enterprises were drawn; that one said nothing about wages makes them no two."""
    rows = pd.DataFrame({"annual_wage": [50_000.0, 70_000, np.nan], "firm": [1, 2, 3]})

    got = table(rows, by=(), design=Design(enterprise="firm"), on_bad_rows="set_aside")

    # scores -5000 and 5000 of three units: 3 / 2 (5000^2 + 5000^2)
    assert got["se_mean"][0] == pytest.approx((3 / 2 * 2 * 5_000**2) ** 0.5)
    assert got["workers"].tolist() == [2]
    assert got["df"].tolist() == [1]


def test_balanced_half_samples_of_totals_are_exact():
    """Under full balance the variance of a total is the textbook's, for pairs in strata."""
    rng = np.random.default_rng(3)
    rows = pd.DataFrame(
        {"pay": rng.integers(1, 99, 40) * 1000.0, "firm": np.repeat(np.arange(20), 2),
         "layer": np.repeat(np.arange(10), 4), "w": np.repeat(rng.integers(1, 9, 20), 2)}
    )  # fmt: skip
    design = Design(weight="w", enterprise="firm", stratum="layer")

    exact = estimate_totals(rows, ["pay"], design=design).frame["se_total_pay"][0]

    for se in ("brr", "fay:0.3"):
        got = estimate_totals(rows, ["pay"], design=design, se=se).frame["se_total_pay"][0]
        assert got == pytest.approx(exact, rel=1e-12)
    many = estimate_totals(rows, ["pay"], design=design, se=ErrorSettings("bootstrap", 20_000))
    assert many.frame["se_total_pay"][0] == pytest.approx(exact, rel=0.03)


def test_a_bootstrap_is_its_seed():
    rng = np.random.default_rng(4)
    rows = pd.DataFrame(
        {"annual_wage": rng.integers(4, 9, 90) * 10_000.0, "firm": np.arange(90) // 3}
    )
    design = Design(enterprise="firm")

    def se(seed: int) -> float:
        asked = ErrorSettings("bootstrap", 50, seed=seed)
        return table(rows, by=(), design=design, se=asked)["se_mean"][0]

    assert se(1) == se(1)
    assert se(1) != se(2)


class TestDesignsThatDoNotFit:
    ROWS = pd.DataFrame(
        {
            "annual_wage": [5e4, 6e4, 7e4, 8e4],
            "firm": [1, 1, 2, 3],
            "layer": ["x", "y", "x", "z"],
            "frame": [5, 6, 7, 0],
            "present": [1, 1, 4, 4],
        }
    )

    def said(self, **design) -> str:
        with pytest.raises(InputError) as caught:
            table(self.ROWS, by=(), design=Design(enterprise="firm", **design))
        return str(caught.value)

    def test_an_enterprise_in_two_strata(self):
        assert "enterprise 1 stands in strata x, y" in self.said(stratum="layer")

    def test_a_stratum_of_one(self):
        text = self.said(stratum="layer")
        assert "one sampled enterprise" in text
        assert "certainty, average or adjust" in text

    def test_populations(self):
        text = self.said(population="frame")
        assert "several populations: 0, 5, 6" in text

    def test_fewer_workers_than_rows(self):
        text = self.said(population="frame", workers="present", single_unit="adjust")
        assert "enterprise 1 has 1 workers, but 2 rows" in text

    def test_a_column_that_is_not_there(self):
        assert "layers" in self.said(stratum="layers")
