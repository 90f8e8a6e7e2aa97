"""Nested random effects: the tree model behind shrinkage, by sums over its groups.

A direct estimate y_i of cell i, with known sampling variance D_i, is modelled as

    y_i = mu + b_g2(i) + b_g1(i) + ... + v_i + e_i

with an effect v_i of variance tau_0 for the cell, one of variance tau_k for its group at
each level k, and e_i of variance D_i, all independent. The covariance V of y has the tree's
form, so its inverse is a diagonal less one rank a group (Sherman and Morrison), and the
likelihood costs one pass a level.

The variances are those of largest restricted likelihood (REML), none below zero.

Sources, all recalled: R. E. Fay and R. A. Herriot, JASA 74 (1979); N. G. N. Prasad and
J. N. K. Rao, JASA 85 (1990); G. S. Datta and P. Lahiri, Statistica Sinica 10 (2000);
J. N. K. Rao and I. Molina, Small Area Estimation, 2nd ed. (2015), ch. 5 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wageguide.tiers.scale import Floats

Groups = NDArray[np.int64]

#: The search for variances stops where the restricted likelihood is flat to this.
_FLAT = 1e-9


@dataclass(frozen=True)
class TreeInverse:
    """The inverse of ``V = diag(D + tau_0) + sum_k tau_k Z_k Z_k'``.

    Attributes
    ----------
    base
        ``1 / (D + tau_0)``, shape (cells,).
    ranks
        For each level the groups, shape (cells,), a vector u, shape (cells,), and a factor
        c a group: V^-1 is ``diag(base) - sum_k sum_g c_g u_g u_g'``.
    ones
        V^-1 1, shape (cells,).
    log_det
        Logarithm of the determinant of V.
    """

    base: Floats
    ranks: tuple[tuple[Groups, Floats, Floats], ...]
    ones: Floats
    log_det: float

    def times(self, x: Floats) -> Floats:
        """``V^-1 x``, shape (cells,)."""
        product = self.base * x
        for groups, u, c in self.ranks:
            product = product - c[groups] * u * np.bincount(groups, u * x)[groups]
        return product

    @property
    def diagonal(self) -> Floats:
        """Diagonal of V^-1, shape (cells,)."""
        diagonal = self.base
        for groups, u, c in self.ranks:
            diagonal = diagonal - c[groups] * u**2
        return diagonal

    def trace(self, level: Groups) -> float:
        """``tr(V^-1 Z Z')`` for the groups of one level of the tree."""
        trace = float(self.base.sum())
        for groups, u, c in self.ranks:
            finer = level if level.max() > groups.max() else groups
            first = np.unique(finer, return_index=True)[1]
            trace -= float((c[groups][first] * np.bincount(finer, u) ** 2).sum())
        return trace


def tree_inverse(variance: Floats, levels: Sequence[Groups], tau: Floats) -> TreeInverse:
    """Invert the covariance of the direct estimates.

    Parameters
    ----------
    variance
        D, shape (cells,), above 0.
    levels
        Groups of the cells at each level above them, the finest first, each nested in the
        next; numbers from 0 without gaps, shape (cells,).
    tau
        Variances of the effects, of the cells first, shape (levels + 1,).
    """
    base = 1 / (variance + tau[0])
    ones, log_det, ranks = base, -float(np.log(base).sum()), []
    for groups, t in zip(levels, tau[1:], strict=True):
        total = np.bincount(groups, ones)
        c = t / (1 + t * total)
        ranks.append((groups, ones, c))
        log_det += float(np.log1p(t * total).sum())
        ones = ones * (1 - c * total)[groups]
    return TreeInverse(base, tuple(ranks), ones, log_det)


def residuals(inverse: TreeInverse, direct: Floats) -> tuple[float, Floats]:
    """The mean mu by generalised least squares, and ``P y = V^-1 (y - mu)``."""
    mean = float((inverse.ones * direct).sum() / inverse.ones.sum())
    return mean, inverse.times(direct - mean)


def restricted_deviance(
    direct: Floats, variance: Floats, levels: Sequence[Groups], tau: Floats
) -> tuple[float, Floats]:
    """Minus twice the restricted log-likelihood, but for a constant, and its gradient."""
    inverse = tree_inverse(variance, levels, tau)
    mean, py = residuals(inverse, direct)
    information = float(inverse.ones.sum())
    deviance = inverse.log_det + np.log(information) + float((py * (direct - mean)).sum())
    gradient = []
    for groups in (np.arange(direct.size), *levels):
        ones, scores = np.bincount(groups, inverse.ones), np.bincount(groups, py)
        trace = inverse.trace(groups) - float((ones**2).sum()) / information
        gradient.append(trace - float((scores**2).sum()))
    return deviance, np.array(gradient)


def reml(direct: Floats, variance: Floats, levels: Sequence[Groups]) -> Floats:
    """Variances of the effects by restricted maximum likelihood, shape (levels + 1,)."""
    from scipy.optimize import minimize

    scale = float(np.var(direct))
    if scale == 0:
        return np.zeros(len(levels) + 1)

    def scaled(share: Floats) -> tuple[float, Floats]:
        deviance, gradient = restricted_deviance(direct, variance, levels, share * scale)
        return deviance, gradient * scale

    start = np.full(len(levels) + 1, 1 / (len(levels) + 1))
    bounds = [(0, None)] * start.size
    options = {"ftol": 0, "gtol": _FLAT, "maxiter": 1000}
    found = minimize(scaled, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(found.x * scale, np.float64)
