"""Empirical Bayes estimates on the tree, and what their mean squared error is made of.

With the variances tau known, the best predictor of theta_i = y_i - e_i is ``y - D P y``.
Its mean squared error has three parts (Prasad and Rao 1990; for REML and several variances
Datta and Lahiri 2000, recalled):

* g1, what stays unknown if mu and the variances were known: ``D - D V^-1 D``;
* g2, for estimating mu;
* g3, for estimating the variances: ``D^2 sum_kl I^kl (V^-1 V_k V^-1 V_l V^-1)_ii``, with
  V_k = Z_k Z_k' and I^-1 the inverse of the REML information ``tr(P V_k P V_l) / 2``.

The estimate of the mean squared error is ``g1 + g2 + 2 g3``: g1 at estimated variances is
too small by g3. It takes the sampling variances D and the model as given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wageguide.analysis.nested import Groups, TreeInverse, reml, residuals, tree_inverse
from wageguide.tiers.scale import Floats


@dataclass(frozen=True)
class TreeFit:
    """Estimates of all cells under the tree model.

    Attributes
    ----------
    mean
        mu.
    tau
        Variances of the effects, of the cells first, shape (levels + 1,).
    estimate
        Empirical Bayes estimate of each cell, shape (cells,).
    parent
        What the cell's group leads one to expect of it, shape (cells,): the estimate is
        ``gamma y + (1 - gamma) parent``.
    gamma
        Weight of a cell's own direct estimate, ``tau_0 / (tau_0 + D)``.
    g1, g2, g3
        Parts of the mean squared error; see the module.
    """

    mean: float
    tau: Floats
    estimate: Floats
    parent: Floats
    gamma: Floats
    g1: Floats
    g2: Floats
    g3: Floats

    @property
    def mse(self) -> Floats:
        """Estimate of the mean squared error, ``g1 + g2 + 2 g3``."""
        return self.g1 + self.g2 + 2 * self.g3


def fit_tree(
    direct: Floats, variance: Floats, levels: Sequence[Groups], tau: Floats | None = None
) -> TreeFit:
    """Fit the tree model to direct estimates.

    Parameters
    ----------
    direct, variance
        Direct estimates and their sampling variances (above 0), shape (cells,).
    levels
        Groups at each level above the cells; see `tree_inverse`.
    tau
        Variances of the effects, if they are known; g3 is then 0. None estimates them.
    """
    known = tau is not None
    tau = np.asarray(tau, np.float64) if known else reml(direct, variance, levels)
    inverse = tree_inverse(variance, levels, tau)
    mean, py = residuals(inverse, direct)
    none = np.zeros(direct.size)
    return TreeFit(
        mean=mean,
        tau=tau,
        estimate=direct - variance * py,
        parent=direct - (variance + tau[0]) * py,
        gamma=tau[0] / (tau[0] + variance),
        g1=np.maximum(variance - variance**2 * inverse.diagonal, 0),
        g2=variance**2 * inverse.ones**2 / inverse.ones.sum(),
        g3=none if known else _g3(inverse, variance, levels, tau),
    )


def _g3(inverse: TreeInverse, variance: Floats, levels: Sequence[Groups], tau: Floats) -> Floats:
    """g3 by dense algebra in each branch of the tree, between which V is 0."""
    effects = tau.size
    traces, crossed = np.zeros((effects, effects)), np.zeros((effects, effects))
    ones = np.zeros(effects)
    spread = np.zeros((effects, effects, variance.size))
    for branch in _branches(variance.size, levels):
        same = _same_group(branch, levels)
        w = np.linalg.inv(np.diag(variance[branch]) + np.tensordot(tau, same, 1))
        u = inverse.ones[branch]
        ws = w @ same
        ones += same @ u @ u
        for k in range(effects):
            for j in range(effects):
                product = ws[k] @ ws[j]
                traces[k, j] += np.trace(product)
                crossed[k, j] += u @ same[k] @ ws[j] @ u
                spread[k, j, branch] = np.einsum("ij,ji->i", product, w)
    total = inverse.ones.sum()
    information = (traces - 2 * crossed / total + np.outer(ones, ones) / total**2) / 2
    covariance = np.linalg.pinv(information, hermitian=True)
    return np.asarray(variance**2 * np.tensordot(covariance, spread, 2))


def _branches(cells: int, levels: Sequence[Groups]) -> Iterator[Groups]:
    """Cells of each group of the highest level; single cells where there is none."""
    top = levels[-1] if levels else np.arange(cells)
    order = np.argsort(top, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(top))[:-1])


def _same_group(branch: Groups, levels: Sequence[Groups]) -> Floats:
    """V_k of a branch for every effect, shape (effects, cells, cells)."""
    groups = [branch, *(level[branch] for level in levels)]
    return np.array([g[:, None] == g for g in groups], np.float64)
