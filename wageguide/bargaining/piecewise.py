"""Piecewise linear maps of a wage, one for each scenario, put one after the other.

A map is ``slope x w + shift`` on pieces that begin at `breaks`. Clauses are such maps, so what
several years of clauses make of a wage is one too, of a few pieces. Its total over a roster
needs no worker: with sorted wages and prefix sums it is two look-ups a piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Maps:
    """One map for each scenario; rows are padded with pieces that begin at infinity.

    A single row stands for all scenarios: what does not depend on them is reckoned once.

    Attributes
    ----------
    breaks
        Where each piece begins, ascending, the first at 0; a wage on a break is in the piece
        that begins there. Shape (scenarios, pieces).
    slope, shift
        Of each piece, the same shape.
    """

    breaks: Floats
    slope: Floats
    shift: Floats

    @classmethod
    def identity(cls, scenarios: int) -> Maps:
        """The map that leaves every wage as it is."""
        return cls(np.zeros((scenarios, 1)), np.ones((scenarios, 1)), np.zeros((scenarios, 1)))

    def repeated(self, scenarios: int) -> Maps:
        """A single row as the map of each of many scenarios."""
        shape = (scenarios, self.pieces)
        return Maps(*(np.broadcast_to(v, shape) for v in (self.breaks, self.slope, self.shift)))

    @property
    def pieces(self) -> int:
        """The most pieces of any scenario."""
        return int(self.breaks.shape[1])

    def __call__(self, wages: Floats) -> Floats:
        """Values at some wages, shape (scenarios, wages); for checks, not for speed."""
        place = (self.breaks[:, None, :] <= wages[None, :, None]).sum(axis=2) - 1
        rows = np.arange(self.breaks.shape[0])[:, None]
        return np.asarray(self.slope[rows, place] * wages + self.shift[rows, place])


def percent(rate: Floats) -> Maps:
    """Times 1 + rate, shape (scenarios,)."""
    one = rate[:, None]
    return Maps(np.zeros_like(one), 1 + one, np.zeros_like(one))


def amount(yuan: Floats) -> Maps:
    """Plus an amount, shape (scenarios,)."""
    one = yuan[:, None]
    return Maps(np.zeros_like(one), np.ones_like(one), one)


def at_least(yuan: Floats) -> Maps:
    """Not below an amount, shape (scenarios,)."""
    none, one = np.zeros_like(yuan), np.ones_like(yuan)
    return Maps(
        np.stack([none, yuan], axis=1),
        np.stack([none, one], axis=1),
        np.stack([yuan, none], axis=1),
    )


def between(low: Floats, high: Floats) -> Maps:
    """Between two amounts, each of shape (scenarios,): the base of a contribution."""
    none, one = np.zeros_like(low), np.ones_like(low)
    return Maps(
        np.stack([none, low, high], axis=1),
        np.stack([none, one, none], axis=1),
        np.stack([low, none, high], axis=1),
    )


def bands(limits: Floats, rates: Floats) -> Maps:
    """By band: up to a limit, that included, times 1 + its rate.

    Parameters
    ----------
    limits
        Ascending, shape (scenarios, bands - 1).
    rates
        Shape (scenarios, bands).
    """
    # The next number above a limit begins the next band.
    starts = np.nextafter(limits, np.inf)
    first = np.zeros((rates.shape[0], 1))
    return Maps(np.concatenate([first, starts], axis=1), 1 + rates, np.zeros_like(rates))


def after(first: Maps, then: Maps) -> Maps:
    """What `then` makes of what `first` has made.

    Neither need be continuous or rise; a piece of `first` is cut wherever it crosses a break
    of `then`.
    """
    first, then = _alike(first, then)
    scenarios, pieces = first.breaks.shape
    ends = np.concatenate([first.breaks[:, 1:], np.full((scenarios, 1), np.inf)], axis=1)
    cuts = then.breaks[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (cuts[:, None, :] - first.shift[:, :, None]) / first.slope[:, :, None]
        crossed = (at > first.breaks[:, :, None]) & (at < ends[:, :, None])
    new = np.where(crossed, at, np.inf).reshape(scenarios, -1)
    both = np.concatenate([first.breaks, new], axis=1)
    order = np.argsort(both, axis=1, kind="stable")
    starts = np.take_along_axis(both, order, axis=1)
    piece = np.cumsum(order < pieces, axis=1) - 1
    used = int(np.isfinite(starts).sum(axis=1).max(initial=1))
    starts, piece = starts[:, :used], piece[:, :used]
    slope, shift = (np.take_along_axis(v, piece, axis=1) for v in (first.slope, first.shift))
    # The middle of a piece says on which piece of `then` all of it lies.
    until = np.concatenate([starts[:, 1:], np.full((scenarios, 1), np.inf)], axis=1)
    with np.errstate(invalid="ignore"):
        middle = np.where(np.isfinite(until), (starts + until) / 2, starts + 1.0)
        value = np.where(np.isfinite(starts), slope * middle + shift, 0.0)
    on = (then.breaks[:, None, :] <= value[:, :, None]).sum(axis=2) - 1
    on = np.maximum(on, 0)
    outer, lift = (np.take_along_axis(v, on, axis=1) for v in (then.slope, then.shift))
    return _merged(starts, outer * slope, outer * shift + lift)


def _alike(*maps: Maps) -> list[Maps]:
    """Maps with as many rows each, if one of them has a row for each scenario."""
    most = max(m.breaks.shape[0] for m in maps)
    return [m if m.breaks.shape[0] == most else m.repeated(most) for m in maps]


def mean(maps: Sequence[Maps]) -> Maps:
    """Average of maps, each of the same scenarios: what a year's months are worth a month."""
    counts: dict[int, int] = {}
    for one in maps:
        counts[id(one)] = counts.get(id(one), 0) + 1
    different = {id(one): one for one in maps}
    if len(different) == 1:
        return maps[0]
    keys, ones = list(different), _alike(*different.values())
    breaks = np.sort(np.concatenate([m.breaks for m in ones], axis=1), axis=1)
    slope, shift = np.zeros_like(breaks), np.zeros_like(breaks)
    for key, one in zip(keys, ones, strict=True):
        on = (one.breaks[:, None, :] <= breaks[:, :, None]).sum(axis=2) - 1
        part = counts[key] / len(maps)
        slope = slope + part * np.take_along_axis(one.slope, on, axis=1)
        shift = shift + part * np.take_along_axis(one.shift, on, axis=1)
    return _merged(breaks, slope, shift)


def _merged(breaks: Floats, slope: Floats, shift: Floats) -> Maps:
    """Without pieces that go on as the one before them."""
    same = np.zeros(breaks.shape, bool)
    same[:, 1:] = (slope[:, 1:] == slope[:, :-1]) & (shift[:, 1:] == shift[:, :-1])
    gone = same | ~np.isfinite(breaks)
    if not gone.any():
        return Maps(breaks, slope, shift)
    starts = np.where(gone, np.inf, breaks)
    order = np.argsort(starts, axis=1, kind="stable")
    used = int((~gone).sum(axis=1).max(initial=1))
    taken = [np.take_along_axis(v, order, axis=1)[:, :used] for v in (starts, slope, shift)]
    return Maps(taken[0], taken[1], taken[2])


@dataclass(frozen=True)
class Sorted:
    """Wages in ascending order with sums up to each, so that totals need no worker.

    Attributes
    ----------
    wages
        Ascending, shape (workers,).
    heads, payroll
        Sums of weights, and of weights times wages, of the first n, shape (workers + 1,).
    """

    wages: Floats
    heads: Floats
    payroll: Floats

    @classmethod
    def of(cls, wages: Floats, weights: Floats) -> Sorted:
        """Sort wages, with the workers that each stands for."""
        order = np.argsort(wages, kind="stable")
        own, weight = wages[order], weights[order]
        sums = [np.concatenate([[0.0], np.cumsum(v)]) for v in (weight, weight * own)]
        return cls(own, sums[0], sums[1])

    def lowest(self, maps: Maps) -> Floats:
        """Lowest of the mapped wages in each scenario, shape (scenarios,); no piece may fall."""
        place = np.searchsorted(self.wages, maps.breaks, side="left")
        last = np.full((place.shape[0], 1), self.wages.size)
        filled = np.diff(np.concatenate([place, last], axis=1), axis=1) > 0
        first = self.wages[np.minimum(place, self.wages.size - 1)]
        with np.errstate(invalid="ignore"):
            values = np.where(filled, maps.slope * first + maps.shift, np.inf)
        return np.asarray(values.min(axis=1))

    def total(self, maps: Maps) -> Floats:
        """Total of the mapped wages in each scenario, shape (scenarios,)."""
        place = np.searchsorted(self.wages, maps.breaks, side="left")
        last = np.full((place.shape[0], 1), self.wages.size)
        edges = np.concatenate([place, last], axis=1)
        heads = np.diff(self.heads[edges], axis=1)
        payroll = np.diff(self.payroll[edges], axis=1)
        with np.errstate(invalid="ignore"):
            parts = maps.slope * payroll + maps.shift * heads
        return np.asarray(np.where(heads != 0, parts, 0.0).sum(axis=1))
