"""The tree model against dense matrices, closed forms, a search by brute force and draws.

The code inverts covariances by sums over groups. Here they are matrices, inverted by numpy,
and the parts of the mean squared error come from the textbook forms with G = V - D, which
the code does not use.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from wageguide.analysis.eb import fit_tree
from wageguide.analysis.nested import reml, residuals, restricted_deviance, tree_inverse

#: Dense inverses of up to 14 cells, whose variances span three orders, round to this.
ROUNDING = 1e-8


def numbered(labels: list[int]) -> np.ndarray:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def random_tree(seed: int, cells: int, depth: int):
    """Cells, sampling variances, nested groups and variances of effects (one may be 0)."""
    rng = np.random.default_rng(seed)
    levels, below, count = [], np.arange(cells), cells
    for _ in range(depth):
        parents = rng.integers(0, max(count // 2, 1), count)
        below = numbered(list(parents[below]))
        count = int(below.max()) + 1
        levels.append(below)
    tau = rng.choice([0.0, 0.02, 0.3, 2.0], depth + 1)
    variance = rng.uniform(0.01, 3, cells)
    return rng.normal(11, 1, cells), variance, levels, tau


@st.composite
def trees(draw):
    cells = draw(st.integers(3, 14))
    return random_tree(draw(st.integers(0, 2**32 - 1)), cells, draw(st.integers(0, 3)))


def effects(cells: int, levels) -> list[np.ndarray]:
    """Z Z' of each effect, that of the cells first."""
    return [np.eye(cells), *((g[:, None] == g).astype(float) for g in levels)]


def dense(variance, levels, tau):
    """G and V."""
    shared = sum(t * z for t, z in zip(tau, effects(variance.size, levels), strict=True))
    return shared, shared + np.diag(variance)


def dense_deviance(direct, variance, levels, tau) -> float:
    _, v = dense(variance, levels, tau)
    w, ones = np.linalg.inv(v), np.ones(direct.size)
    mean = ones @ w @ direct / (ones @ w @ ones)
    off = direct - mean
    return float(np.linalg.slogdet(v)[1] + np.log(ones @ w @ ones) + off @ w @ off)


def projection(v):
    w, ones = np.linalg.inv(v), np.ones(len(v))
    return w - np.outer(w @ ones, ones @ w) / (ones @ w @ ones)


class TestInverse:
    @given(trees())
    def test_is_that_of_the_matrix(self, tree):
        direct, variance, levels, tau = tree
        inverse = tree_inverse(variance, levels, tau)
        _, v = dense(variance, levels, tau)
        w = np.linalg.inv(v)

        columns = np.stack([inverse.times(e) for e in np.eye(direct.size)])
        np.testing.assert_allclose(columns, w, rtol=ROUNDING, atol=ROUNDING)
        np.testing.assert_allclose(inverse.diagonal, np.diag(w), rtol=ROUNDING)
        np.testing.assert_allclose(inverse.ones, w.sum(1), rtol=ROUNDING, atol=ROUNDING)
        assert inverse.log_det == pytest.approx(np.linalg.slogdet(v)[1], rel=ROUNDING, abs=1e-9)
        every = [np.arange(direct.size), *levels]
        for groups, z in zip(every, effects(direct.size, levels), strict=True):
            assert inverse.trace(groups) == pytest.approx(np.trace(w @ z), rel=ROUNDING)

    @given(trees())
    def test_the_mean_and_the_residuals_are_those_of_least_squares(self, tree):
        direct, variance, levels, tau = tree
        _, v = dense(variance, levels, tau)
        mean, py = residuals(tree_inverse(variance, levels, tau), direct)

        weights = np.linalg.inv(v).sum(1)
        assert mean == pytest.approx(weights @ direct / weights.sum(), rel=ROUNDING)
        np.testing.assert_allclose(py, projection(v) @ direct, rtol=1e-6, atol=ROUNDING)


class TestLikelihood:
    @given(trees())
    def test_is_that_of_the_matrix(self, tree):
        found, _ = restricted_deviance(*tree)

        assert found == pytest.approx(dense_deviance(*tree), rel=ROUNDING, abs=ROUNDING)

    @given(trees())
    def test_its_slope_is_that_of_the_matrix(self, tree):
        direct, variance, levels, tau = tree
        _, gradient = restricted_deviance(*tree)
        p = projection(dense(variance, levels, tau)[1])
        slopes = [
            np.trace(p @ z) - direct @ p @ z @ p @ direct for z in effects(direct.size, levels)
        ]

        np.testing.assert_allclose(gradient, slopes, rtol=1e-6, atol=1e-6)

    @pytest.mark.parametrize("seed", range(12))
    @pytest.mark.parametrize("depth", [0, 1, 2])
    def test_no_search_finds_variances_that_are_more_likely(self, seed, depth):
        direct, variance, levels, tau = random_tree(seed, 14, depth)
        rng = np.random.default_rng([seed, depth])
        _, v = dense(variance, levels, tau)
        direct = rng.multivariate_normal(np.full(direct.size, 11.0), v)
        tau = reml(direct, variance, levels)

        def deviance(at) -> float:
            return dense_deviance(direct, variance, levels, np.abs(at))

        steps = np.r_[0, np.geomspace(1e-3, 20, 9)]
        best = min(product(steps, repeat=depth + 1), key=deviance)
        polished = minimize(deviance, best, method="Nelder-Mead", options={"fatol": 1e-10})
        assert (tau >= 0).all()
        assert deviance(tau) <= min(deviance(best), polished.fun) + 1e-6

    def test_equal_estimates_leave_nothing_to_explain(self):
        np.testing.assert_array_equal(reml(np.full(4, 11.0), np.ones(4), []), [0])


class TestClosedForms:
    #: Eight cells with one sampling variance, and no groups.
    DIRECT = np.array([10.2, 10.9, 11.4, 10.1, 11.9, 10.6, 11.1, 12.2])
    D = 0.2

    def test_one_level_of_equal_variances(self):
        # Fay and Herriot: the likelihood is that of n numbers of variance tau + D.
        n, d = self.DIRECT.size, self.D
        fit = fit_tree(self.DIRECT, np.full(n, d), [])
        tau = self.DIRECT.var(ddof=1) - d
        gamma, mean = tau / (tau + d), self.DIRECT.mean()

        assert tau > 0
        assert fit.tau == pytest.approx([tau], rel=1e-6)
        assert fit.mean == pytest.approx(mean, rel=1e-12)
        np.testing.assert_allclose(fit.gamma, gamma, rtol=1e-6)
        np.testing.assert_allclose(fit.parent, mean, rtol=1e-12)
        np.testing.assert_allclose(
            fit.estimate, gamma * self.DIRECT + (1 - gamma) * mean, rtol=1e-8
        )
        np.testing.assert_allclose(fit.g1, gamma * d, rtol=1e-6)
        np.testing.assert_allclose(fit.g2, (1 - gamma) ** 2 * (tau + d) / n, rtol=1e-6)
        # asymptotic variance of tau: 2 (tau + D)^2 / (n - 1)
        np.testing.assert_allclose(fit.g3, 2 * d**2 / (tau + d) / (n - 1), rtol=1e-6)
        np.testing.assert_allclose(fit.mse, fit.g1 + fit.g2 + 2 * fit.g3)

    def test_balanced_groups_have_the_variances_of_the_analysis_of_variance(self):
        rng = np.random.default_rng(5)
        groups, each, d = 6, 4, 0.1
        level = np.repeat(np.arange(groups), each)
        direct = 11 + rng.normal(0, 1, groups)[level] + rng.normal(0, 0.6, level.size)
        within = direct.reshape(groups, each).var(axis=1, ddof=1).mean()
        between = each * direct.reshape(groups, each).mean(axis=1).var(ddof=1)

        tau = reml(direct, np.full(direct.size, d), [level])
        assert tau == pytest.approx([within - d, (between - within) / each], rel=1e-6)

    def test_less_spread_than_sampling_is_no_spread_at_all(self):
        fit = fit_tree(self.DIRECT, np.full(8, 5.0), [])

        assert fit.tau == pytest.approx([0], abs=1e-9)
        np.testing.assert_allclose(fit.estimate, self.DIRECT.mean(), rtol=1e-9)


class TestEstimates:
    @given(trees())
    def test_are_the_best_predictors(self, tree):
        direct, variance, levels, tau = tree
        fit = fit_tree(direct, variance, levels, tau)
        shared, v = dense(variance, levels, tau)
        w, ones = np.linalg.inv(v), np.ones(direct.size)
        b = shared @ w  # weights of y - mu
        estimate = fit.mean + b @ (direct - fit.mean)

        np.testing.assert_allclose(fit.estimate, estimate, rtol=ROUNDING)
        np.testing.assert_allclose(fit.g1, np.diag(shared - b @ shared), rtol=1e-6, atol=1e-9)
        g2 = (ones - b @ ones) ** 2 / (ones @ w @ ones)
        np.testing.assert_allclose(fit.g2, g2, rtol=1e-6, atol=1e-9)
        np.testing.assert_array_equal(fit.g3, 0)
        drawn = fit.gamma * direct + (1 - fit.gamma) * fit.parent
        np.testing.assert_allclose(fit.estimate, drawn, rtol=1e-10)

    @pytest.mark.parametrize("seed", range(8))
    @pytest.mark.parametrize("depth", [0, 1, 2])
    def test_what_estimated_variances_cost_is_the_textbook_form(self, seed, depth):
        direct, variance, levels, _ = random_tree(seed, 14, depth)
        fit = fit_tree(direct, variance, levels)
        z = effects(direct.size, levels)
        _, v = dense(variance, levels, fit.tau)
        p = projection(v)
        information = np.array([[np.trace(p @ a @ p @ c) / 2 for c in z] for a in z])
        covariance = np.linalg.pinv(information, hermitian=True)

        def weights(tau):
            shared, whole = dense(variance, levels, tau)
            return shared @ np.linalg.inv(whole)

        step = 1e-6
        slopes = [
            (weights(fit.tau + step * e) - weights(fit.tau - step * e)) / (2 * step)
            for e in np.eye(depth + 1)
        ]
        g3 = sum(
            covariance[k, j] * np.diag(slopes[k] @ v @ slopes[j].T)
            for k in range(depth + 1)
            for j in range(depth + 1)
        )
        np.testing.assert_allclose(fit.g3, g3, rtol=1e-4, atol=1e-9)

    @given(trees())
    def test_a_certain_cell_keeps_its_own_and_a_blank_one_takes_its_parent(self, tree):
        direct, variance, levels, tau = tree
        tau = np.maximum(tau, 0.02)
        sure, blank = variance.copy(), variance.copy()
        sure[0], blank[0] = 1e-12, 1e12
        kept, taken = (fit_tree(direct, d, levels, tau) for d in (sure, blank))

        assert kept.estimate[0] == pytest.approx(direct[0], abs=1e-9)
        assert kept.mse[0] < 1e-11
        assert taken.gamma[0] < 1e-10
        assert taken.estimate[0] == pytest.approx(taken.parent[0], abs=1e-6)
        # the others say what it is: nothing changes if its own estimate is another
        elsewhere = fit_tree(np.r_[direct[0] + 5, direct[1:]], blank, levels, tau)
        np.testing.assert_allclose(taken.estimate, elsewhere.estimate, atol=1e-6)

    def test_a_cell_is_drawn_to_its_own_group(self):
        direct = np.array([10.0, 10.1, 9.9, 12.0, 12.1, 11.9])
        variance = np.array([0.01, 0.01, 4.0, 0.01, 0.01, 4.0])
        level = np.array([0, 0, 0, 1, 1, 1])
        fit = fit_tree(direct, variance, [level], np.array([0.01, 1.0]))

        assert fit.parent[2] == pytest.approx(10.05, abs=0.02)
        assert fit.parent[5] == pytest.approx(12.05, abs=0.02)
        assert (fit.gamma[[2, 5]] < 0.01).all()


class TestProperties:
    @given(trees(), st.randoms(use_true_random=False))
    def test_the_order_of_cells_does_not_matter(self, tree, random):
        direct, variance, levels, tau = tree
        order = list(range(direct.size))
        random.shuffle(order)
        one = fit_tree(direct, variance, levels, tau)
        other = fit_tree(direct[order], variance[order], [g[order] for g in levels], tau)

        for part in ("estimate", "parent", "gamma", "g1", "g2"):
            np.testing.assert_allclose(
                getattr(one, part)[order], getattr(other, part), rtol=1e-9, atol=1e-9
            )

    @given(trees(), st.sampled_from([0.01, 0.5, 100.0]), st.sampled_from([-9.0, 0.0, 4.0]))
    def test_another_unit_gives_the_same_in_that_unit(self, tree, scale, shift):
        direct, variance, levels, tau = tree
        one = fit_tree(direct, variance, levels, tau)
        other = fit_tree(
            scale * direct + shift, scale**2 * variance, levels, scale**2 * np.asarray(tau)
        )

        np.testing.assert_allclose(other.estimate, scale * one.estimate + shift, rtol=1e-8)
        np.testing.assert_allclose(other.mse, scale**2 * one.mse, rtol=1e-6, atol=1e-12)

    @given(trees())
    def test_an_estimate_is_never_less_certain_than_the_direct_one(self, tree):
        direct, variance, levels, tau = tree
        fit = fit_tree(direct, variance, levels, tau)

        assert (fit.g1 + fit.g2 <= variance * (1 + 1e-9)).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("levels", "tau"),
    [([], [1.0]), ([np.repeat(np.arange(8), 3)], [0.5, 1.0])],
    ids=["one level", "groups"],
)
def test_the_mean_squared_error_is_that_of_many_draws(levels, tau):
    # 24 cells, whose sampling variances span a factor of eight; variances estimated anew in
    # each draw. The mean over cells of 2,000 draws is known to about 1 %.
    cells, draws = 24, 2_000
    rng = np.random.default_rng(20250808)
    variance = np.tile([0.25, 0.5, 2.0], cells // 3)
    shared, _ = dense(variance, levels, np.array(tau))
    truth = rng.multivariate_normal(np.full(cells, 11.0), shared, draws)
    direct = truth + rng.normal(0, np.sqrt(variance), (draws, cells))
    fits = [fit_tree(y, variance, levels) for y in direct]
    squared = np.mean([(f.estimate - t) ** 2 for f, t in zip(fits, truth, strict=True)])
    said = np.mean([f.mse for f in fits])
    naive = np.mean([f.g1 + f.g2 for f in fits])

    assert said == pytest.approx(squared, rel=0.05)
    assert naive < 0.97 * squared
    assert squared < 0.8 * variance.mean()
