"""Wages and weights as integers, so that sums and cuts are exact and independent of order.

A wage becomes a *code*, an integer that keeps the order, and an *amount*, an integer that
can be summed. Wages that are whole yuan or whole fen are their own code and amount. Finer
values (hourly averages) keep all their digits as codes, so that cuts stay exact; their
amounts are rounded to a fixed point of at least 2**-46 of the largest value.

Weights become integers on a decimal scale, or in parts of the smallest weight where all
are simple multiples of it (weights normalised to a mean of 1); otherwise they are rounded
to a fixed point of 2**-46 of their sum. `WeightScale.exact` says which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Largest wage that is read: beyond it, fen would not fit the sums of one cell.
WAGE_LIMIT = 1e12
#: Bits that the largest fixed-point amount and the sum of fixed-point weights may fill.
_FIXED_BITS = 46
#: Sum of weights on a decimal scale must stay under this: exact as a float.
_WEIGHT_SUM_LIMIT = 2.0**52
_DECIMAL_PLACES = 6
#: A weight counts as a decimal when it is within this many ulp of one.
_ULPS = 4 * np.finfo(float).eps
#: The same for the bit pattern of a wage that was interpolated.
_CODE_ULPS = 4
_DISTINCT_LIMIT = 4096
_LARGEST_PART = 1000


@dataclass(frozen=True)
class WageScale:
    """How wages are held.

    Attributes
    ----------
    per_yuan
        Units of amount in one yuan: 1 (whole yuan), 100 (fen) or a power of two.
    is_money
        Whether the code is the amount itself; otherwise it is the bit pattern of the value.
    """

    per_yuan: int
    is_money: bool

    def codes(self, wages: Floats) -> Ints:
        """Order-preserving integers, at least 0, shape of `wages` (non-negative)."""
        if self.is_money:
            return np.rint(wages * self.per_yuan).astype(np.int64)
        return (np.asarray(wages, dtype=np.float64) + 0.0).view(np.int64)

    def codes_upto(self, wages: Floats) -> Ints:
        """Largest code that is not above each wage, up to its rounding; -1 for NaN."""
        known = np.where(np.isnan(wages), 0.0, wages)
        if self.is_money:
            upto = np.floor(known * self.per_yuan * (1 + _ULPS)).astype(np.int64)
        else:
            upto = self.codes(known) + _CODE_ULPS
        return np.where(np.isnan(wages), -1, upto)

    def amounts(self, codes: Ints) -> Ints:
        """Integers to be summed, in units of 1 / `per_yuan` yuan."""
        if self.is_money:
            return codes
        return np.rint(codes.view(np.float64) * self.per_yuan).astype(np.int64)

    def wages(self, codes: Ints) -> Floats:
        """Back to yuan."""
        if self.is_money:
            return np.true_divide(codes, self.per_yuan, dtype=np.float64)
        return codes.view(np.float64).copy()


@dataclass(frozen=True)
class WeightScale:
    """How weights are held.

    Attributes
    ----------
    unit
        Weight that the integer 1 stands for.
    exact
        Whether every weight is a whole number of units; otherwise it was rounded to one.
    """

    unit: Fraction
    exact: bool

    @property
    def units_per_worker(self) -> int | None:
        """Units that make up a weight of 1, or None if that is not a whole number."""
        return self.unit.denominator if self.unit.numerator == 1 else None

    def units(self, weights: Floats) -> Ints:
        """Whole numbers of units, at least 1, shape of `weights` (positive)."""
        unit = self.unit
        if unit.numerator == 1:
            held = np.rint(weights * unit.denominator)
        else:
            held = np.rint(weights / float(unit))
        return np.maximum(held, 1.0).astype(np.int64)

    def weights(self, units: Ints) -> Floats:
        """Back to weights."""
        if self.unit.numerator == 1:
            return np.true_divide(units, self.unit.denominator, dtype=np.float64)
        return np.multiply(units, float(self.unit), dtype=np.float64)

    @property
    def text(self) -> str:
        """The scale in a few words, for a table's notes."""
        if self.unit == 1 and self.exact:
            return "whole numbers"
        how = "exact" if self.exact else "rounded to the unit"
        return f"units of {float(self.unit):g}, {how}"


@dataclass
class WageCheck:
    """Finds the scale that holds all wages seen, chunk by chunk."""

    whole: bool = True
    fen: bool = True
    top: float = 0.0

    def see(self, wages: Floats) -> None:
        """Take note of a chunk of finite, non-negative wages (yuan)."""
        if wages.size == 0:
            return
        self.top = max(self.top, float(wages.max()))
        if self.whole:
            self.whole = bool((np.rint(wages) == wages).all())
        if not self.whole and self.fen:
            self.fen = bool((np.rint(wages * 100) / 100 == wages).all())

    def scale(self) -> WageScale:
        """The coarsest scale that keeps every value."""
        if self.whole:
            return WageScale(1, True)
        if self.fen:
            return WageScale(100, True)
        exponent = int(np.frexp(self.top)[1])
        return WageScale(1 << max(_FIXED_BITS - exponent, 0), False)


@dataclass
class WeightCheck:
    """Finds the scale that holds all weights seen, chunk by chunk."""

    places: int = 0
    total: float = 0.0
    distinct: Floats | None = field(default_factory=lambda: np.empty(0))

    def see(self, weights: Floats) -> None:
        """Take note of a chunk of finite, positive weights."""
        if weights.size == 0:
            return
        self.total += float(weights.sum())
        while self.places <= _DECIMAL_PLACES and not _are_whole(weights * 10**self.places):
            self.places += 1
        if self.distinct is not None:
            few = np.unique(weights)
            if few.size <= _DISTINCT_LIMIT:
                few = np.union1d(self.distinct, few)
            self.distinct = few if few.size <= _DISTINCT_LIMIT else None

    def scale(self) -> WeightScale:
        """The first that fits: decimal places, parts of the smallest, fixed point."""
        if self.places <= _DECIMAL_PLACES and self.total * 10**self.places < _WEIGHT_SUM_LIMIT:
            return WeightScale(Fraction(1, 10**self.places), True)
        unit = self._part_of_smallest()
        if unit is not None and self.total / float(unit) < _WEIGHT_SUM_LIMIT:
            return WeightScale(unit, True)
        exponent = _FIXED_BITS - int(np.frexp(self.total)[1])
        return WeightScale(Fraction(2) ** -exponent, False)

    def _part_of_smallest(self) -> Fraction | None:
        if self.distinct is None or self.distinct.size == 0:
            return None
        ratios = self.distinct / self.distinct[0]
        for parts in range(1, _LARGEST_PART + 1):
            if _are_whole(ratios * parts):
                return Fraction(float(self.distinct[0])) / parts
        return None


def _are_whole(values: Floats) -> bool:
    nearest = np.rint(values)
    return bool((np.abs(values - nearest) <= _ULPS * nearest).all())
