"""Weighted least squares and weighted logit, on arrays.

Regressions are run on columns less their means, so that the constant is the mean of what
is left and a decomposition of means adds up to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wageguide.analysis.gap_model import GapError
from wageguide.tiers.scale import Floats, Ints

#: A column whose part outside the others is under this share of it depends on them.
_DEPENDENT = 1e-9
_PARTNER = 1e-6
#: Newton steps of a logit, and the change of log odds at which it has converged.
_STEPS = 60
_CONVERGED = 1e-9
#: What is left of the likelihood to gain, per unit of weight, when only separated rows move.
_GAIN = 1e-14
#: Log odds beyond which a row is told apart for certain: one in five hundred million.
_CERTAIN = 20.0


@dataclass(frozen=True)
class Regression:
    """A weighted regression on centred columns.

    Attributes
    ----------
    slopes
        Shape (columns,).
    centred
        Columns less their means, shape (rows, columns).
    residuals
        Shape (rows,).
    weights
        Shape (rows,).
    inverse
        Inverse of ``sum w x x'`` of the centred columns, shape (columns, columns).
    """

    slopes: Floats
    centred: Floats
    residuals: Floats
    weights: Floats
    inverse: Floats

    def scores(self, gradient: Floats) -> Floats:
        """``w z`` of ``gradient' slopes``: (columns, K) to (rows, K)."""
        moved: Floats = self.centred @ (self.inverse @ gradient)
        return moved * (self.weights * self.residuals)[:, None]


def regression(x: Floats, y: Floats, w: Floats, group: Ints) -> Regression:
    """Regress y on x with a constant for each group.

    Parameters
    ----------
    x, y, w
        Shapes (rows, columns), (rows,), (rows,).
    group
        0, 1, … of each row; zeros for one constant.
    """
    total = np.bincount(group, w)[:, None]
    means = np.stack([np.bincount(group, w * column) for column in x.T], axis=1) / total
    centred = x - means[group]
    off = y - (np.bincount(group, w * y) / total[:, 0])[group]
    root = np.sqrt(w)
    q, r = np.linalg.qr(centred * root[:, None])
    slopes = np.linalg.solve(r, q.T @ (off * root))
    half = np.linalg.inv(r)
    return Regression(slopes, centred, off - centred @ slopes, w, half @ half.T)


def check_independent(x: Floats, w: Floats, source: Sequence[str], group: str) -> None:
    """Refuse columns that others of the same group determine.

    Raises
    ------
    GapError
        With every such regressor and those that determine it.
    """
    from scipy.linalg import qr

    root = np.sqrt(w)[:, None]
    columns = np.column_stack([np.ones(len(x)), x]) * root
    norms = np.sqrt((columns**2).sum(axis=0))
    empty = norms == 0
    r, order = qr(columns / np.where(empty, 1.0, norms), mode="r", pivoting=True)
    size = min(r.shape)
    rank = int((np.abs(np.diag(r)[:size]) > _DEPENDENT).sum())
    if rank == columns.shape[1]:
        return
    names = ["", *source]
    kept, lost = order[:rank], order[rank:]
    with_kept = np.linalg.solve(r[:rank, :rank], r[:rank, rank:])
    lines = []
    for place, column in enumerate(lost):
        on = [names[k] for k, c in zip(kept, with_kept[:, place], strict=True) if abs(c) > _PARTNER]
        partners = sorted({n for n in (*on, names[column]) if n})
        if len(partners) == 1:
            lines.append(f"{partners[0]} does not vary")
        else:
            lines.append(f"{', '.join(partners)} determine each other")
    raise GapError(
        f"In {group}, regressors say the same thing twice, so their parts cannot be told apart. "
        "Leave one out, or merge values:",
        list(dict.fromkeys(lines)),
    )


@dataclass(frozen=True)
class Logit:
    """A fitted logit.

    Attributes
    ----------
    log_odds
        Of each pattern, shape (patterns,).
    coefficients
        Constant and columns, shape (1 + columns,).
    converged
        Whether the likelihood is at its top, as near as doubles tell.
    certain
        Patterns that are told apart for certain, shape (patterns,).
    """

    log_odds: Floats
    coefficients: Floats
    converged: bool
    certain: Ints


def logit(x: Floats, yes: Floats, total: Floats, start: Floats | None = None) -> Logit:
    """Fit the log odds of `yes` among `total` by Newton's method (the likelihood's own weights).

    Parameters
    ----------
    x
        Columns with the constant first, one row a pattern, shape (patterns, columns).
    yes, total
        Weight of each pattern that is in the group, and in all, shape (patterns,).
    start
        Coefficients to start from, shape (columns,); None starts from equal odds.
    """
    from scipy.special import expit

    weight = float(total.sum())
    if start is None:
        coefficients = np.zeros(x.shape[1])
        coefficients[0] = np.log(yes.sum() / (weight - yes.sum()))
    else:
        coefficients = start
    log_odds = x @ coefficients
    reached = _likelihood(log_odds, yes, total)
    converged = False
    for _ in range(_STEPS):
        p = expit(log_odds)
        slope = x.T @ (yes - total * p)
        curve = (x * (total * p * (1 - p))[:, None]).T @ x
        step = np.linalg.lstsq(curve, slope, rcond=None)[0]
        gain = float(slope @ step) / weight
        size = 1.0
        while True:
            candidate = x @ (coefficients + size * step)
            value = _likelihood(candidate, yes, total)
            if value >= reached - _GAIN * weight or size < _CONVERGED:
                break
            size /= 2
        moved = float(np.abs(candidate - log_odds).max())
        coefficients, log_odds, reached = coefficients + size * step, candidate, value
        if moved < _CONVERGED or gain < _GAIN:
            converged = True
            break
    certain = np.flatnonzero((np.abs(log_odds) > _CERTAIN) & (total > 0))
    return Logit(log_odds, coefficients, converged, certain)


def _likelihood(log_odds: Floats, yes: Floats, total: Floats) -> float:
    return float((yes * log_odds - total * np.logaddexp(0.0, log_odds)).sum())
