"""Calibration against R, by hand, and by what must hold of any weights that meet totals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wageguide.errors import WeightError
from wageguide.survey.calibrate import linear, post_stratify, raking

REFERENCE = Path(__file__).parents[1] / "reference"
CHAPTER = "Weights"
#: What is promised of every margin.
MARGIN = 1e-10


def dummies(values: pd.Series, levels: pd.Series) -> np.ndarray:
    return (values.to_numpy()[:, None] == levels.to_numpy()).astype(float)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "rows.csv")


@pytest.fixture(scope="module")
def by_r() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "calibrated_weights.csv")


def worst(ours: np.ndarray, theirs: pd.Series) -> float:
    assert len(ours) == len(theirs) > 500
    return float(np.abs(ours / theirs.to_numpy() - 1).max())


class TestAgainstR:
    def test_post_stratification(self, rows, by_r, compared):
        known = pd.read_csv(REFERENCE / "poststrata.csv")
        code = pd.MultiIndex.from_frame(known[["group", "sex"]]).get_indexer(
            pd.MultiIndex.from_frame(rows[["group", "sex"]])
        )
        got = post_stratify(rows["weight"], code, known["workers"])
        what = "post-stratified weights of 558 workers, largest relative difference from R survey"
        compared(CHAPTER, what, worst(got.weights, by_r["poststratified"]), 1e-12)

    def test_raking(self, rows, by_r, compared):
        known = pd.read_csv(REFERENCE / "margins.csv")
        blocks = [
            dummies(rows[name], known.loc[known["variable"] == name, "level"])
            for name in ("stratum", "sex")
        ]
        got = raking(rows["weight"], np.concatenate(blocks, axis=1), known["workers"])
        what = "raked weights of 558 workers, largest relative difference from R survey"
        compared(CHAPTER, what, worst(got.weights, by_r["raked"]), 1e-10)
        compared(CHAPTER, "raking: largest relative gap of a margin", got.largest_gap, MARGIN)

    def test_linear(self, rows, by_r, compared):
        known = pd.read_csv(REFERENCE / "regression_totals.csv").set_index("auxiliary")["total"]
        columns = []
        for name in known.index:
            if name.startswith("stratum "):
                columns.append((rows["stratum"] == name.removeprefix("stratum ")).astype(float))
            else:
                columns.append((rows["sex"] == "f") * 1.0 if name != "hours" else rows["hours"])
        got = linear(rows["weight"], np.array(columns).T, known)
        what = "linear (GREG) weights of 558 workers, largest relative difference from R survey"
        compared(CHAPTER, what, worst(got.weights, by_r["linear"]), 1e-10)
        compared(CHAPTER, "GREG: largest relative gap of a margin", got.largest_gap, MARGIN)


class TestByHand:
    def test_linear_of_two_rows_and_one_total(self):
        # w = d (1 + x lambda), sum d x^2 = 50, missing 15: lambda = 0.3
        got = linear([10, 10], [[1], [2]], [45])

        np.testing.assert_allclose(got.weights, [13, 16], rtol=1e-12)

    def test_raking_a_table_of_two_by_two_is_proportional_fitting(self):
        base = np.array([10.0, 20.0, 30.0, 40.0])
        x = [[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]]
        fitted = base.reshape(2, 2)
        for _ in range(500):
            fitted = fitted * (np.array([40.0, 60.0]) / fitted.sum(axis=1))[:, None]
            fitted = fitted * (np.array([45.0, 55.0]) / fitted.sum(axis=0))
        got = raking(base, x, [40, 60, 45, 55])

        np.testing.assert_allclose(got.weights, fitted.ravel(), rtol=1e-10)

    def test_bounds_hold_and_margins_too(self):
        base, x = np.full(6, 10.0), np.array([[1, v] for v in (0, 1, 2, 3, 4, 5)], float)
        free = linear(base, x, [60, 190])
        held = linear(base, x, [60, 190], lower=0.5, upper=1.5)

        assert free.ratios.max() > 1.5
        assert held.ratios.min() >= 0.5
        assert held.ratios.max() <= 1.5
        assert held.at_bounds > 0
        np.testing.assert_allclose(x.T @ held.weights, [60, 190], rtol=1e-10)

    def test_bounds_too_narrow_are_told(self):
        with pytest.raises(WeightError, match=r"gap is at second: .* bounds are too narrow"):
            linear([10, 10], [[1, 0], [0, 1]], [10, 30], upper=2, lower=0.5, names=["a", "second"])

    def test_totals_that_contradict_each_other(self):
        with pytest.raises(WeightError, match="did not converge"):
            raking([1, 1], [[1, 1, 0], [1, 0, 1]], [10, 4, 5])

    @pytest.mark.parametrize("totals", [[10, 0], [0, 10]])
    def test_a_category_without_rows_or_total(self, totals):
        with pytest.raises(WeightError, match=r"has a total of 10|has a total of 0"):
            post_stratify([1, 1], [0, 0] if totals[0] == 0 else [0, 1], totals)

    @pytest.mark.parametrize(
        ("base", "x", "totals", "message"),
        [
            ([1, 0], [[1], [1]], [2], "weights above 0"),
            ([1, 1], [[1], [np.nan]], [2], "auxiliaries that are known"),
            ([1, 1], [[1], [1]], [np.nan], "totals that are known"),
            ([1, 1], [[1, 1]], [2], "of shape"),
        ],
    )
    def test_what_cannot_be_used(self, base, x, totals, message):
        with pytest.raises(WeightError, match=message):
            linear(base, x, totals)


@st.composite
def samples(draw):
    """Rows with two classifications, and totals that some weights of the rows meet."""
    n = draw(st.integers(6, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    base = rng.uniform(1, 20, n)
    codes = [np.r_[np.arange(k), rng.integers(0, k, n - k)] for k in (3, 2)]
    blocks = [(c[:, None] == np.arange(k)) * 1.0 for c, k in zip(codes, (3, 2), strict=True)]
    x = np.concatenate(blocks, axis=1)
    return base, x, x.T @ (base * rng.uniform(0.5, 2.0, n)), rng


class TestProperties:
    @pytest.mark.parametrize("method", [linear, raking])
    @given(sample=samples())
    def test_every_margin_is_met(self, method, sample):
        base, x, totals, _ = sample
        got = method(base, x, totals)

        np.testing.assert_allclose(x.T @ got.weights, totals, rtol=MARGIN)
        assert got.largest_gap <= MARGIN
        if method is raking:
            assert (got.weights > 0).all()

    @pytest.mark.parametrize("method", [linear, raking])
    @given(sample=samples())
    def test_order_and_scale_of_rows_do_not_matter(self, method, sample):
        base, x, totals, rng = sample
        order = rng.permutation(len(base))
        got = method(base, x, totals).weights

        np.testing.assert_allclose(method(base[order], x[order], totals).weights, got[order], 1e-8)
        np.testing.assert_allclose(method(base, x, totals * 3).weights.sum(), 3 * got.sum(), 1e-8)

    @pytest.mark.parametrize("method", [linear, raking])
    @given(sample=samples())
    def test_weights_that_meet_the_totals_stay(self, method, sample):
        base, x, _, _ = sample
        np.testing.assert_allclose(method(base, x, x.T @ base).weights, base, rtol=1e-9)

    @given(sample=samples())
    def test_linear_weights_are_the_nearest_that_meet_the_totals(self, sample):
        base, x, totals, rng = sample
        got = linear(base, x, totals).weights
        away = rng.normal(size=len(base))
        away -= x @ np.linalg.lstsq(x, away, rcond=None)[0]  # meets the totals as well
        distance = [((w - base) ** 2 / base).sum() for w in (got, got + 0.1 * away)]

        assert distance[0] <= distance[1] * (1 + 1e-9)

    @given(sample=samples())
    def test_cells_of_a_post_stratum_keep_their_proportions(self, sample):
        base, x, totals, _ = sample
        code, k = x[:, :3].argmax(axis=1), 3
        got = post_stratify(base, code, totals[:k])

        np.testing.assert_allclose(np.bincount(code, got.weights), totals[:k], rtol=MARGIN)
        for c in range(k):
            assert np.ptp(got.ratios[code == c]) <= 1e-12 * got.ratios.max()
