"""Newton's method for calibration: the lambda at which all totals are met.

Minimises the convex function ``sum d G(x'lambda) - T'lambda``, whose gradient is what the
totals lack. Bounds cut g, the slope of G; rows at a bound keep a little slope, so that a
margin all of whose rows are there still moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: g, its slope and its integral at u.
Curve = Callable[[Floats], tuple[Floats, Floats, Floats]]

#: Newton doubles the right digits with each step, so it stops long before this.
MAX_ITERATIONS = 100

#: Halvings of a step; 2^-40 of a step is no step.
_HALVINGS = 40

#: Directions in which the auxiliaries vary by less than this share are collinear.
_COLLINEAR = 1e-11

#: Slope of a row at a bound, as a share of that inside.
_FLAT = 1e-4

#: Gap from which on the objective is lost in rounding and the gap itself must shrink.
_NEAR = 1e-6

#: Gap at which rounding is all that is left.
_MET = 1e-15

#: Share of the promised decrease that a step must bring (Armijo).
_ARMIJO = 1e-4


@dataclass(frozen=True, slots=True)
class Point:
    """A lambda and what comes of it.

    Attributes
    ----------
    place
        lambda, shape (columns,).
    ratios, slope
        g and its derivative, shape (rows,).
    objective
        Value of the function that is minimised.
    missing
        What the totals lack, shape (columns,).
    gap
        The largest of them, relative.
    """

    place: Floats
    ratios: Floats
    slope: Floats
    objective: float
    missing: Floats
    gap: float


@dataclass(frozen=True)
class Problem:
    """What is to be solved.

    Attributes
    ----------
    base, x, totals
        d of shape (rows,), auxiliaries of (rows, columns), T of (columns,).
    scale
        What the gap of each total is relative to, shape (columns,).
    curve
        g within its bounds.
    """

    base: Floats
    x: Floats
    totals: Floats
    scale: Floats
    curve: Curve

    def at(self, place: Floats) -> Point:
        """The point of a lambda."""
        with np.errstate(over="ignore", invalid="ignore"):
            ratios, slope, integral = self.curve(self.x @ place)
            objective = float(self.base @ integral) - float(self.totals @ place)
            missing = self.totals - self.x.T @ (self.base * ratios)
        gap = float((np.abs(missing) / self.scale).max(initial=0.0))
        return Point(place, ratios, slope, objective, missing, gap)

    def solve(self) -> tuple[Point, int]:
        """Newton's method from lambda = 0; the last point and the steps to it."""
        here = self.at(np.zeros(self.totals.size))
        for step in range(MAX_ITERATIONS):
            there = None if here.gap <= _MET else self._step(here)
            if there is None:
                return here, step
            here = there
        return here, MAX_ITERATIONS

    def _step(self, here: Point) -> Point | None:
        """The first halving of Newton's step that is nearer to the solution, or None."""
        move = self._direction(here)
        descent = float(here.missing @ move)
        for halving in range(_HALVINGS):
            share = 0.5**halving
            there = self.at(here.place + share * move)
            if here.gap < _NEAR:
                nearer = there.gap < here.gap * (1 - _ARMIJO * share)
            else:
                nearer = there.objective < here.objective - _ARMIJO * share * descent
            if nearer and np.isfinite(there.gap):
                return there
        return None

    def _direction(self, here: Point) -> Floats:
        """Newton's step, the shortest one where auxiliaries are collinear."""
        product = (self.x * (self.base * here.slope)[:, None]).T @ self.x
        size = np.sqrt(np.diag(product))
        size[size == 0] = 1.0
        scaled = product / np.outer(size, size)
        step = np.linalg.lstsq(scaled, here.missing / size, rcond=_COLLINEAR)[0]
        return np.asarray(step / size)


def linear_curve(lower: Floats, upper: Floats) -> Curve:
    """Curve of ``g = 1 + u``, cut at bounds of shape (rows,)."""

    def curve(u: Floats) -> tuple[Floats, Floats, Floats]:
        inside = np.clip(u, lower - 1, upper - 1)
        ratio = 1 + inside
        slope = np.where(inside == u, 1.0, _FLAT)
        return ratio, slope, inside + inside * inside / 2 + ratio * (u - inside)

    return curve


def raking_curve(lower: Floats, upper: Floats) -> Curve:
    """Curve of ``g = exp(u)``, cut at bounds of shape (rows,)."""
    with np.errstate(divide="ignore"):
        low, high = np.log(np.maximum(lower, 0.0)), np.log(upper)

    def curve(u: Floats) -> tuple[Floats, Floats, Floats]:
        inside = np.clip(u, low, high)
        ratio = np.exp(inside)
        slope = np.where(inside == u, ratio, _FLAT * ratio)
        return ratio, slope, ratio * (1 + u - inside)

    return curve
