"""Bargaining solutions: the frontier, Nash with power, Kalai-Smorodinsky, egalitarian.

Two sides gain u1 and u2 from each package of clauses, d1 and d2 if there is no agreement. Of
the packages that give neither side less than that:

    frontier            no package gives one side more and the other no less
    Nash                largest (u1 - d1)^a (u2 - d2)^(1 - a), a the power of the first side
    Kalai-Smorodinsky   equal parts of what each could gain at best
    egalitarian         equal gains

Packages are points of a grid or of a curve; between neighbouring points of the frontier a
side may take either by lot or in time, so that the frontier is a broken line and, with
`convex`, its upper hull. Solutions are exact on that line.

Source: J. F. Nash, The bargaining problem, Econometrica 18 (1950); E. Kalai and
M. Smorodinsky, Other solutions to Nash's bargaining problem, Econometrica 43 (1975);
E. Kalai, Proportional solutions, Econometrica 45 (1977).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wageguide.errors import OfferError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frontier:
    """The frontier as a broken line, from the best for the second side to the best for the first.

    Attributes
    ----------
    first, second
        Gains above no agreement at its corners, ascending and descending, shape (corners,).
    package
        Package of each corner, shape (corners,).
    """

    first: Floats
    second: Floats
    package: NDArray[np.int64]


@dataclass(frozen=True)
class Solution:
    """A point of the frontier.

    Attributes
    ----------
    name
        ``nash``, ``kalai_smorodinsky`` or ``egalitarian``.
    first, second
        Gains of the two sides above no agreement.
    packages
        The corners beside it.
    part
        Part of the second of them; 0 is the first itself.
    """

    name: str
    first: float
    second: float
    packages: tuple[int, int]
    part: float


def frontier(
    first: Floats, second: Floats, *, breakdown: tuple[float, float] = (0.0, 0.0), convex: bool
) -> Frontier:
    """Find the frontier of packages.

    Parameters
    ----------
    first, second
        What each package gives the two sides, shape (packages,).
    breakdown
        What they have without agreement.
    convex
        Whether packages may be mixed, by lot or in time: the frontier is then the upper hull.

    Raises
    ------
    OfferError
        If no package gives both sides at least what they have without agreement.
    """
    u, v = first - breakdown[0], second - breakdown[1]
    inside = np.flatnonzero((u >= 0) & (v >= 0))
    if not inside.size:
        raise OfferError(
            "No package gives both sides at least what they have without agreement. See by how "
            "much, and which limit binds, in the zone of agreement."
        )
    order = inside[np.lexsort((-v[inside], -u[inside]))]
    # From the best for the first side down: what gives the second more than all before.
    best = np.maximum.accumulate(v[order])
    keep = np.ones(order.size, bool)
    keep[1:] = v[order][1:] > best[:-1]
    line = order[keep][::-1]
    if convex:
        line = _hull(u, v, line)
    return Frontier(u[line], v[line], line.astype(np.int64))


def _hull(u: Floats, v: Floats, line: NDArray[np.intp]) -> NDArray[np.intp]:
    """Corners of the upper hull of points that ascend in u and descend in v."""
    kept: list[int] = []
    for point in line.tolist():
        while len(kept) > 1:
            a, b = kept[-2], kept[-1]
            turn = (u[b] - u[a]) * (v[point] - v[a]) - (v[b] - v[a]) * (u[point] - u[a])
            if turn < 0:
                break
            kept.pop()
        kept.append(point)
    return np.array(kept, dtype=np.intp)


def nash(line: Frontier, power: float = 0.5) -> Solution:
    """The point of the largest weighted product of gains.

    Parameters
    ----------
    line
        The frontier.
    power
        Bargaining power of the first side, between 0 and 1, both excluded.
    """
    if not 0 < power < 1:
        raise OfferError(
            f"power = {power} should lie between 0 and 1: 0.5 is equal power, 0.6 favours the "
            "first side."
        )
    a, b = line.first, line.second
    best, found = -np.inf, (0, 0.0)
    for n in range(max(a.size - 1, 1)):
        m = min(n + 1, a.size - 1)
        for part in _stationary(a[n], b[n], a[m], b[m], power):
            u, v = a[n] + part * (a[m] - a[n]), b[n] + part * (b[m] - b[n])
            with np.errstate(divide="ignore"):
                value = power * np.log(max(u, 0.0)) + (1 - power) * np.log(max(v, 0.0))
            if value > best:
                best, found = value, (n, part)
    return _point("nash", line, *found)


def _stationary(a: float, b: float, c: float, d: float, power: float) -> list[float]:
    """Ends of a piece, and where the product is largest inside it."""
    du, dv = c - a, d - b
    parts = [0.0, 1.0]
    if du > 0 and dv < 0:
        inside = (power * du * b + (1 - power) * dv * a) / (-du * dv)
        parts.append(float(min(max(inside, 0.0), 1.0)))
    return parts


def kalai_smorodinsky(line: Frontier) -> Solution:
    """Where the line to the best of both meets the frontier, or comes nearest below it."""
    return _along("kalai_smorodinsky", line, float(line.first.max()), float(line.second.max()))


def egalitarian(line: Frontier) -> Solution:
    """Where gains are equal, or where the smaller of them is largest."""
    return _along("egalitarian", line, 1.0, 1.0)


def _along(name: str, line: Frontier, toward_first: float, toward_second: float) -> Solution:
    """The point that is farthest along a direction, by its smaller part."""
    a = line.first / toward_first if toward_first > 0 else np.zeros(line.first.size)
    b = line.second / toward_second if toward_second > 0 else np.zeros(line.second.size)
    if toward_first <= 0:
        a = b  # a side that can gain nothing does not hold the other back
    elif toward_second <= 0:
        b = a
    best, found = -np.inf, (0, 0.0)
    for n in range(max(a.size - 1, 1)):
        m = min(n + 1, a.size - 1)
        gap, other = a[n] - b[n], a[m] - b[m]
        parts = [0.0, 1.0]
        if gap < 0 < other:
            parts.append(float(-gap / (other - gap)))
        for part in parts:
            value = min(a[n] + part * (a[m] - a[n]), b[n] + part * (b[m] - b[n]))
            if value > best + 1e-15 * abs(best if np.isfinite(best) else 0.0):
                best, found = float(value), (n, part)
    return _point(name, line, *found)


def _point(name: str, line: Frontier, piece: int, part: float) -> Solution:
    end = min(piece + 1, line.first.size - 1)
    u = line.first[piece] + part * (line.first[end] - line.first[piece])
    v = line.second[piece] + part * (line.second[end] - line.second[piece])
    pair = (int(line.package[piece]), int(line.package[end]))
    return Solution(name, float(u), float(v), pair, float(part))
