"""Mean log wages and their variances: by hand, as a survey's linearised, and on average."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wageguide.analysis.log_means import LogMeans, log_means, pooled_variances
from wageguide.errors import InputError
from wageguide.tiers.estimate import estimate_tiers

PARTS = ("mean", "own", "smoothed", "between", "within", "workers", "enterprises")

#: Two cells: enterprises 0 (1, 3) and 1 (5); enterprises 2 (2, 2, 4) and 0 (6, 8).
Y = np.array([1.0, 3, 5, 2, 2, 4, 6, 8])
CELL = np.array([0, 0, 0, 1, 1, 1, 1, 1])
FIRM = np.array([0, 0, 1, 2, 2, 2, 0, 0])


def rows(seed: int, n: int = 40) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    cell = np.r_[0, 0, 1, 1, rng.integers(0, 2, n - 4)]
    firm = np.r_[0, 1, 0, 1, rng.integers(0, 9, n - 4)]
    return rng.normal(11, 0.5, n).round(2), rng.integers(1, 40, n) / 4, cell, firm


class TestByHand:
    FOUND = log_means(Y, np.ones(8), CELL, FIRM)

    def test_means_and_counts(self):
        np.testing.assert_allclose(self.FOUND.mean, [3, 4.4], rtol=1e-15)
        assert self.FOUND.workers.tolist() == [3, 5]
        assert self.FOUND.enterprises.tolist() == [2, 2]

    def test_the_analysis_of_variance(self):
        # Within: 2 + 8/3 + 2 over 8 - 4. Between: the sum of squares is 6 + 22 8/15, twice
        # the variance within comes off, and 8 - 5/3 - 13/5 = 56/15 divides it.
        assert self.FOUND.within == pytest.approx(5 / 3, rel=1e-14)
        assert self.FOUND.between == pytest.approx(6.75, rel=1e-14)

    def test_a_cells_own_variance(self):
        # z is -2/3 and 2/3 in the first cell; -5.2/5 and 5.2/5 in the second.
        np.testing.assert_allclose(self.FOUND.own, [16 / 9, 4 * 1.04**2], rtol=1e-14)

    def test_the_variance_function(self):
        first = 6.75 * (4 / 9 + 1 / 9) + 5 / 3 * 3 / 9
        second = 6.75 * (9 / 25 + 4 / 25) + 5 / 3 * 5 / 25

        np.testing.assert_allclose(self.FOUND.smoothed, [first, second], rtol=1e-14)

    def test_weights_count(self):
        w = np.array([1.0, 1, 2, 1, 1, 1, 1, 1])
        found = log_means(Y, w, CELL, FIRM)

        assert found.mean[0] == pytest.approx(3.5, rel=1e-15)
        assert found.own[0] == pytest.approx(2 * 2 * (3 / 4) ** 2, rel=1e-14)
        assert found.smoothed[0] == pytest.approx(6.75 / 2 + 5 / 3 * 6 / 16, rel=1e-14)
        assert (found.between, found.within) == (self.FOUND.between, self.FOUND.within)


def test_a_cell_of_one_enterprise_has_no_variance_of_its_own():
    found = log_means(np.r_[Y, 9, 9.5], np.ones(10), np.r_[CELL, 2, 2], np.r_[FIRM, 3, 3])

    assert np.isnan(found.own).tolist() == [False, False, True]
    expected = found.between + found.within / 2
    assert found.smoothed[2] == pytest.approx(expected, rel=1e-14)


def test_without_a_second_enterprise_nothing_can_be_pooled():
    with pytest.raises(InputError, match="No cell has workers of two enterprises"):
        log_means(Y, np.ones(8), CELL, CELL)


@pytest.mark.parametrize("seed", range(6))
def test_the_own_variance_is_that_of_a_survey_of_the_cell(seed):
    y, w, cell, firm = rows(seed)
    found = log_means(y, w, cell, firm)
    frame = pd.DataFrame({"y": y, "w": w, "firm": firm})
    for c in (0, 1):
        table = estimate_tiers(
            frame[cell == c], wage="y", weight="w", enterprise="firm", se="linearized"
        ).frame

        assert found.mean[c] == pytest.approx(table["mean"].item(), rel=1e-12)
        assert found.own[c] == pytest.approx(table["se_mean"].item() ** 2, rel=1e-9)


def test_the_pooled_variances_are_right_on_average():
    rng = np.random.default_rng(20250808)
    cell = np.repeat([0, 1, 2], [4, 9, 14])
    firm = np.array([0, 1, 1, 2, *[0, 1, 2] * 3, *[0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 5]])
    pair = np.unique(np.stack([cell, firm]), axis=1, return_inverse=True)[1].ravel()
    of = cell[np.unique(pair, return_index=True)[1]]
    level = np.array([10, 11, 12])[cell]
    found = [
        pooled_variances(
            level + rng.normal(0, 1, pair.max() + 1)[pair] + rng.normal(0, 0.5, 27), cell, pair, of
        )
        for _ in range(4_000)
    ]
    between, within = np.mean(found, axis=0)

    # 4,000 draws: standard errors of about 0.009 and 0.002
    assert between == pytest.approx(1, abs=0.03)
    assert within == pytest.approx(0.25, abs=0.006)


class TestProperties:
    @given(st.integers(0, 2**32 - 1))
    def test_the_order_of_rows_does_not_matter(self, seed):
        data = rows(seed)
        order = np.random.default_rng(seed).permutation(40)
        one, other = log_means(*data), log_means(*(column[order] for column in data))

        for part in PARTS:
            np.testing.assert_array_equal(getattr(one, part), getattr(other, part))

    @given(st.integers(0, 2**32 - 1), st.sampled_from([0.125, 3.0, 1000.0]))
    def test_only_the_ratio_of_weights_matters(self, seed, times):
        y, w, cell, firm = rows(seed)
        one, other = log_means(y, w, cell, firm), log_means(y, times * w, cell, firm)

        for part in PARTS:
            np.testing.assert_allclose(getattr(one, part), getattr(other, part), rtol=1e-9)

    @given(st.integers(0, 2**32 - 1))
    def test_numbers_of_cells_and_enterprises_are_only_names(self, seed):
        y, w, cell, firm = rows(seed)
        one, other = log_means(y, w, cell, firm), log_means(y, w, 1 - cell, 17 - firm)

        assert isinstance(one, LogMeans)
        for part in ("mean", "own", "smoothed"):
            np.testing.assert_allclose(
                getattr(one, part), getattr(other, part)[::-1], rtol=1e-9, atol=1e-14
            )
