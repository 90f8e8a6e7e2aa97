"""Inequality: by hand, by definition, by numeric derivatives, and against R.

The Gini coefficients and their errors under three designs are R's, in
tests/reference/gini.csv; how they were made is said in tests/reference/README.md.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wageguide.analysis import inequality_measures as measure
from wageguide.analysis.inequality import inequality
from wageguide.analysis.inequality_cells import MEASURES
from wageguide.errors import InputError
from wageguide.survey.design import Calibration, Design
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.sampling import sample_design

REFERENCE = Path(__file__).parents[1] / "reference"
SMOOTH = ["gini", "share_bottom_10", "share_bottom_50", "share_top_10", "theil", "std_log"]
FIGURES = ["mean", "p10", "p50", "p90", *MEASURES]
ERRORS = [f"{part}_{name}" for name in MEASURES for part in ("se", "low", "high")]
DESIGN = Design(
    weight="w", enterprise="firm", stratum="layer", population="frame", single_unit="certainty"
)


@st.composite
def samples(draw) -> pd.DataFrame:
    """Up to 60 workers of up to 14 enterprises in up to 4 strata, in 3 occupations."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(8, 60))
    firms = draw(st.integers(3, 14))
    layer_of = rng.integers(0, draw(st.integers(1, 4)), firms)
    firm = rng.integers(0, firms, n)
    sampled = np.bincount(layer_of[np.unique(firm)], minlength=4)
    steps = draw(st.sampled_from([1, 1000, 20_000]))
    return pd.DataFrame(
        {
            "annual_wage": (rng.lognormal(11, 0.5, n) // steps * steps + 10_000).round(2),
            "post": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]),
            "w": rng.integers(1, 400, n) / 8,
            "firm": firm,
            "layer": layer_of[firm],
            "frame": (sampled + rng.integers(0, 20, 4))[layer_of[firm]],
        }
    )


def rows_of(wages, weights=None) -> pd.DataFrame:
    weights = np.ones(len(wages)) if weights is None else weights
    return pd.DataFrame({"annual_wage": np.asarray(wages, float), "w": weights})


def figures(wages, weights=None) -> pd.Series:
    design = None if weights is None else Design(weight="w")
    return inequality(rows_of(wages, weights), design=design).frame.iloc[0]


def same(one: pd.DataFrame, other: pd.DataFrame, columns, rtol=1e-9) -> None:
    for name in columns:
        np.testing.assert_allclose(
            one[name].to_numpy(float), other[name].to_numpy(float), rtol, 1e-12, err_msg=name
        )


class TestByHand:
    def test_four_wages(self):
        got = figures([10_000, 20_000, 30_000, 40_000])

        # Lorenz ordinates .1 .3 .6 1: twice the area over the curve is a quarter.
        assert got["gini"] == pytest.approx(0.25, abs=1e-15)
        assert got["share_bottom_50"] == pytest.approx(0.3)
        assert got["share_bottom_10"] == pytest.approx(0.1 * 4 * 0.1)
        assert got["share_top_10"] == pytest.approx(0.1 * 4 * 0.4)
        assert [got["p90_p10"], got["p90_p50"], got["p50_p10"]] == [4, 2, 2]

    def test_one_of_five_has_everything(self):
        got = figures([0, 0, 0, 0, 50_000])

        assert got["gini"] == pytest.approx(1 - 1 / 5)
        assert got["theil"] == pytest.approx(np.log(5))
        assert np.isnan(got["std_log"])
        assert np.isnan(got["p90_p10"])
        assert got["share_top_10"] == pytest.approx(0.5)

    def test_equal_wages_have_no_inequality(self):
        got = figures([30_000] * 3)

        assert got["gini"] == got["theil"] == got["std_log"] == 0
        assert got["p90_p10"] == 1

    def test_all_wages_zero_have_no_measure(self):
        got = figures([0, 0])

        assert got[[*SMOOTH, "p90_p10"]].isna().all()


@pytest.mark.parametrize("case", range(20))
def test_measures_are_their_definitions(case):
    rng = np.random.default_rng([7, case])
    n = rng.integers(2, 40)
    x, w = rng.integers(20, 90, n) * 500.0, rng.integers(1, 60, n) / 4

    got = figures(x, w)

    mean = np.average(x, weights=w)
    apart = np.abs(x[:, None] - x[None, :])
    gini = (w[:, None] * w[None, :] * apart).sum() / (2 * w.sum() ** 2 * mean)
    assert got["gini"] == pytest.approx(gini, rel=1e-12, abs=1e-15)
    theil = np.average(x / mean * np.log(x / mean), weights=w)
    assert got["theil"] == pytest.approx(theil, rel=1e-10, abs=1e-15)
    logs = np.log(x)
    spread = np.sqrt(np.average((logs - np.average(logs, weights=w)) ** 2, weights=w))
    assert got["std_log"] == pytest.approx(spread, rel=1e-10, abs=1e-12)
    for name, p, ascending in (
        ("share_bottom_10", 0.1, True),
        ("share_bottom_50", 0.5, True),
        ("share_top_10", 0.1, False),
    ):
        order = np.argsort(x if ascending else -x, kind="stable")
        taken = np.diff(np.minimum(np.cumsum(w[order]), p * w.sum()), prepend=0)
        assert got[name] == pytest.approx((taken * x[order]).sum() / (w * x).sum(), rel=1e-12)
    tiers = estimate_tiers(rows_of(x, w), weight="w").frame.iloc[0]
    assert got["p90_p10"] == tiers["p90"] / tiers["p10"]
    assert got["p90_p50"] == tiers["p90"] / tiers["p50"]
    assert got["p50_p10"] == tiers["p50"] / tiers["p10"]


class TestScores:
    """A score is the derivative by the weight of a row."""

    rng = np.random.default_rng(5)
    X = rng.integers(20, 60, 37) * 1000
    UNITS = rng.integers(100, 900, 37)

    def cell(self, units):
        return measure.distribution(self.X, units, self.X.astype(float))

    def numeric(self, of) -> np.ndarray:
        """Central differences; a whole step of units of about 500 is a small one."""
        base = self.UNITS.astype(float) * 10_000
        out = []
        for i in range(base.size):
            step = np.zeros(base.size)
            step[i] = 1000
            out.append((of(self.cell(base + step)) - of(self.cell(base - step))) / 2000)
        return np.array(out) * 10_000

    @pytest.mark.parametrize("name", ["gini", "theil", "std_log"])
    def test_of_smooth_measures(self, name):
        cell = self.cell(self.UNITS)

        scores = getattr(measure, f"{name}_scores")(cell)[cell.place]

        assert np.allclose(scores, self.numeric(getattr(measure, name)), rtol=1e-5, atol=1e-11)
        assert abs((scores * self.UNITS).sum()) < 1e-12

    @pytest.mark.parametrize(("tail", "p"), [("lower", 0.1), ("lower", 0.5), ("upper", 0.1)])
    def test_of_tail_shares(self, tail, p):
        def share(cell):
            goal = p * cell.total
            order = slice(None) if tail == "lower" else slice(None, None, -1)
            taken = np.diff(np.minimum(np.cumsum(cell.weights[order]), goal), prepend=0)
            return (taken * cell.wages[order]).sum() / cell.amount

        cell = self.cell(self.UNITS)
        at = p if tail == "lower" else 1 - p
        cut = cell.wages[np.searchsorted(cell.upto, at * cell.total)]

        scores = measure.tail_share_scores(cell, share(cell), cut, p, tail)[cell.place]

        assert np.allclose(scores, self.numeric(share), rtol=1e-5, atol=1e-11)

    def test_of_a_share(self):
        cell = self.cell(self.UNITS)

        share, scores = measure.share_upto(cell, 40_000.0)

        assert share == self.UNITS[self.X <= 40_000].sum() / self.UNITS.sum()
        numeric = self.numeric(lambda c: measure.share_upto(c, 40_000.0)[0])
        assert np.allclose(scores[cell.place], numeric, rtol=1e-5, atol=1e-11)


STAGES = {
    "none": {},
    "enterprises": {"population": "enterprises_in_stratum"},
    "two_stages": {"population": "enterprises_in_stratum", "workers": "workers_in_enterprise"},
}


@pytest.mark.parametrize("stages", STAGES)
def test_gini_and_its_error_agree_with_r(compared, stages):
    rows = pd.read_csv(REFERENCE / "rows.csv")
    expected = pd.read_csv(REFERENCE / "gini.csv").query("fpc == @stages").set_index("cell")
    design = Design(
        weight="weight",
        enterprise="enterprise",
        stratum="stratum",
        single_unit="certainty",
        **STAGES[stages],
    )
    whole = inequality(rows, wage="wage", design=design).frame.assign(occupation="all")
    cells = inequality(rows, ["occupation"], wage="wage", design=design).frame
    got = pd.concat([whole, cells]).set_index("occupation").loc[expected.index]

    assert got["workers"].tolist() == expected["workers"].tolist()
    assert got["enterprises"].tolist() == expected["enterprises"].tolist()
    assert got["df"].tolist() == expected["df"].tolist()
    chapter = "Inequality against R (laeken 0.5.2, survey 4.1.1)"
    worst = float(np.abs(got["gini"] / expected["gini"] - 1).max())
    compared(chapter, f"Gini coefficient, correction: {stages}", worst, 1e-12)
    estimable = expected["df"] > 0
    assert got.loc[~estimable, "se_gini"].isna().all()
    worst = float(np.abs(got["se_gini"] / expected["se"] - 1)[estimable].max())
    compared(chapter, f"Its standard error, correction: {stages}", worst, 1e-9)


class TestProperties:
    @given(rows=samples(), seed=st.integers(0, 1000))
    @settings(max_examples=25)
    def test_the_order_of_rows_changes_nothing(self, rows, seed):
        mixed = rows.sample(frac=1, random_state=seed)

        one, other = (inequality(r, ["post"], design=DESIGN).frame for r in (rows, mixed))

        same(one, other, [*FIGURES, *ERRORS, "df"])

    @given(rows=samples(), factor=st.sampled_from([0.5, 3, 1000]))
    @settings(max_examples=25)
    def test_the_scale_of_weights_changes_nothing(self, rows, factor):
        scaled = rows.assign(w=rows["w"] * factor)

        one, other = (inequality(r, ["post"], design=DESIGN).frame for r in (rows, scaled))

        same(one, other, [*FIGURES, *ERRORS, "df"])

    @given(rows=samples(), factor=st.sampled_from([2, 10]))
    @settings(max_examples=15)
    def test_the_unit_of_wages_changes_no_measure(self, rows, factor):
        scaled = rows.assign(annual_wage=rows["annual_wage"] * factor)

        one, other = (inequality(r, ["post"], design=DESIGN).frame for r in (rows, scaled))

        same(one, other, [*MEASURES, *ERRORS], rtol=1e-8)

    @given(rows=samples(), which=st.integers(0, 7))
    @settings(max_examples=25)
    def test_two_halves_of_a_row_in_its_enterprise_are_that_row(self, rows, which):
        halves = pd.concat([rows, rows.iloc[[which]]], ignore_index=True)
        halves.loc[[which, len(halves) - 1], "w"] /= 2

        one, other = (inequality(r, ["post"], design=DESIGN).frame for r in (rows, halves))

        same(one, other, [*FIGURES, *ERRORS, "df"])

    @given(rows=samples())
    @settings(max_examples=25)
    def test_a_cell_is_the_same_alone_and_among_others(self, rows):
        cells = inequality(rows, ["post"], design=DESIGN).frame.set_index("post")
        for post in cells.index:
            # The others keep their place in the design: they only have no wage.
            alone = rows.assign(annual_wage=rows["annual_wage"].where(rows["post"] == post))
            got = inequality(alone, design=DESIGN, on_bad_rows="set_aside").frame
            same(got, cells.loc[[post]], [*FIGURES, *ERRORS, "df"])

    @given(rows=samples())
    @settings(max_examples=25)
    def test_bounds(self, rows):
        got = inequality(rows, ["post"]).frame

        assert got["gini"].between(0, 1).all()
        assert (got["theil"] >= -1e-12).all()
        assert (got[["p90_p10", "p90_p50", "p50_p10"]] >= 1).all(axis=None)
        assert (got["share_bottom_50"] <= 0.5 + 1e-12).all()
        assert (got["share_top_10"] >= 0.1 - 1e-12).all()


DESIGNS = {
    "enterprises": DESIGN,
    "calibrated": replace(DESIGN, calibration=Calibration("w", (("post",), ("layer",)))),
    "two stages": replace(DESIGN, workers="present"),
    "rows": Design(weight="w"),
}


@pytest.mark.parametrize("name", DESIGNS)
@given(rows=samples())
@settings(max_examples=15)
def test_errors_are_those_of_scores_of_all_rows(name, rows):
    rows["present"] = rows.groupby("firm")["firm"].transform("size") + 1
    sample = sample_design(pa.Table.from_pandas(rows), DESIGNS[name])

    got = inequality(rows, ["post"], design=DESIGNS[name]).frame.set_index("post")

    for post in got.index:
        inside = (rows["post"] == post).to_numpy()
        part = rows[inside]
        codes = part["annual_wage"].mul(100).round().astype(int).to_numpy()
        units = part["w"].mul(8).astype(int).to_numpy()
        cell = measure.distribution(codes, units, part["annual_wage"].to_numpy())
        scores = np.zeros(len(rows))
        scores[inside] = measure.gini_scores(cell)[cell.place] * units
        se = float(np.sqrt(max(sample.covariance(scores[:, None])[0, 0], 0)))
        if got.loc[post, "df"] >= 1 and se > 1e-12:
            assert got.loc[post, "se_gini"] == pytest.approx(se, rel=1e-9)
        else:
            assert np.isnan(got.loc[post, "se_gini"])


def test_a_ratio_moves_with_both_its_quantiles():
    """Against a bootstrap of enterprises by hand: the delta method is near it."""
    rng = np.random.default_rng(11)
    firms = 300
    firm = np.repeat(np.arange(firms), 5)
    wages = rng.lognormal(11, 0.4, firm.size) * np.exp(rng.normal(0, 0.25, firms))[firm]
    rows = pd.DataFrame({"annual_wage": wages.round(), "firm": firm, "w": 1.0})

    got = inequality(rows, design=Design(enterprise="firm")).frame.iloc[0]

    found = []
    for _ in range(300):
        times = np.bincount(rng.integers(0, firms, firms), minlength=firms)[firm]
        again = rows.loc[rows.index.repeat(times), ["annual_wage"]]
        found.append(inequality(again).frame.iloc[0])
    spread = pd.DataFrame(found).std()
    for name in MEASURES:
        assert got[f"se_{name}"] == pytest.approx(spread[name], rel=0.2), name


class TestWhatIsSaid:
    ROWS = pd.DataFrame(
        {"annual_wage": [3e4, 5e4, 4e4, 9e4], "firm": [1, 1, 2, 3], "sex": ["f", "m", "f", "m"]}
    )

    def test_without_a_design_there_are_no_errors(self):
        table = inequality(self.ROWS, ["sex"])

        assert not [c for c in table.frame if c.startswith(("se_", "low_", "high_"))]
        assert "No design given" in repr(table)
        assert "基尼系数" in repr(table)
        assert "<table" in table._repr_html_()

    def test_bad_rows_are_refused_or_counted(self):
        rows = pd.concat([self.ROWS, self.ROWS.iloc[[0]].assign(annual_wage=-1)])
        with pytest.raises(InputError, match="annual_wage is negative in 1 of 5 rows: row 5"):
            inequality(rows)

        table = inequality(rows, on_bad_rows="set_aside")

        assert table.left_out == {"annual_wage is negative": 1}
        assert "1 left out (annual_wage is negative)" in repr(table)

    def test_a_row_without_a_stratum_is_counted(self):
        rows = self.ROWS.assign(layer=["x", "x", None, "x"])
        design = Design(enterprise="firm", stratum="layer")
        with pytest.raises(InputError, match="layer is missing in 1 of 4 rows"):
            inequality(rows, design=design)

        table = inequality(rows, design=design, on_bad_rows="set_aside")

        assert table.left_out == {"layer is missing": 1}

    def test_arrow_and_pandas_agree_and_stay_as_they_are(self, unchanged):
        with unchanged(self.ROWS):
            one = inequality(self.ROWS, ["sex"], design=Design(enterprise="firm")).frame
        other = inequality(
            pa.Table.from_pandas(self.ROWS), ["sex"], design=Design(enterprise="firm")
        ).frame

        pd.testing.assert_frame_equal(one, other)

    @pytest.mark.parametrize(
        ("by", "said"), [(["nothing"], "nothing"), (["gini"], "gini"), (["sex", "sex"], "sex")]
    )
    def test_keys_that_cannot_be(self, by, said):
        with pytest.raises(InputError, match=said):
            inequality(self.ROWS.assign(gini=1), by)

    def test_a_surveys_own_design_is_used(self):
        class OfSurvey:
            workers = self.ROWS
            design = Design(enterprise="firm")

        assert "se_gini" in inequality(OfSurvey()).frame
