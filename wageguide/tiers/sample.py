"""The sampling design of rows as arrays, and the variance of totals under it.

Units are enterprises, numbered stratum by stratum. All sampled units of a stratum count
in its n_h, those without a row in the cell too: a cell is a domain of the full design.

    V = sum_h (1 - f_h) n_h / (n_h - 1) sum_j (U_hj - mean_h U)^2,  f_h = n_h / N_h

and with a second stage, m of M workers in a unit:  + sum_h f_h sum_j (1 - m/M) m/(m - 1)
sum_i (u_ji - mean_j u)^2.

Source: K. M. Wolter, Introduction to Variance Estimation (2007), ch. 6; as R `survey`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wageguide.survey.design import ReplicateWeights, SingleUnit
from wageguide.tiers.calibrated import Auxiliaries
from wageguide.tiers.scale import Floats, Ints

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class SecondStage:
    """Workers drawn in each unit: both of shape (units,).

    Attributes
    ----------
    drawn, present
        Rows of the unit, and workers it has.
    """

    drawn: Ints
    present: Floats

    @property
    def factor(self) -> Floats:
        """``(1 - m/M) m / (m - 1)`` of each unit; NaN for one worker of several."""
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = (1 - self.drawn / self.present) * self.drawn / (self.drawn - 1)
        alone = np.where(self.present > 1, np.nan, 0.0)
        return np.asarray(np.where(self.drawn > 1, factor, alone))


@dataclass(frozen=True)
class SampleDesign:
    """A sampling design of rows.

    Attributes
    ----------
    weights
        Shape (rows,).
    unit
        Sampling unit of each row, shape (rows,).
    stratum_of
        Stratum of each unit, ascending, shape (units,).
    sampled
        Units sampled in each stratum, n_h, shape (strata,).
    share
        Share of its units that a stratum has in the sample, f_h; 0 without a population.
    single_unit
        What a stratum of one unit contributes. At the second stage a unit with one row of
        several workers contributes nothing, unless the choice is ``fail``.
    second
        Workers drawn within units, or None.
    auxiliaries
        What the weights were calibrated on, or None.
    unit_names, stratum_names
        As in the data, in the order of the codes.
    replicates
        Replicate weights that came with the data, over the weight of the row, shape
        (rows, R); or None.
    given
        How these are to be used.
    """

    weights: Floats
    unit: Codes
    stratum_of: Codes
    sampled: Ints
    share: Floats
    single_unit: SingleUnit
    second: SecondStage | None
    auxiliaries: Auxiliaries | None
    unit_names: pa.Array
    stratum_names: pa.Array
    replicates: Floats | None = None
    given: ReplicateWeights | None = None

    @property
    def units(self) -> int:
        """Number of sampling units."""
        return self.stratum_of.size

    @property
    def units_are_rows(self) -> bool:
        """Whether each row is a unit by itself."""
        return self.units == self.weights.size

    @cached_property
    def by_unit(self) -> Ints:
        """Row numbers in the order of the units, shape (rows,)."""
        return np.argsort(small(self.unit), kind="stable")

    @property
    def single(self) -> NDArray[np.bool_]:
        """Strata with one unit that is not all there is, shape (strata,)."""
        return np.asarray((self.sampled == 1) & (self.share < 1))

    @property
    def spread(self) -> Floats:
        """Factor of each stratum's sum of squares, ``(1 - f) n / (n - 1)``; 0 for one unit."""
        factor = (1 - self.share) * self.sampled / np.maximum(self.sampled - 1, 1)
        return np.asarray(np.where(self.sampled > 1, factor, 0.0))

    @property
    def single_inflation(self) -> float:
        """Factor by which ``average`` makes up for the strata of one unit."""
        alone = int(self.single.sum())
        if self.single_unit != "average" or not alone:
            return 1.0
        return self.sampled.size / (self.sampled.size - alone)

    def unit_totals(self, scores: Floats) -> Floats:
        """Sums of scores by unit: (rows, K) to (units, K)."""
        return by_group(self.unit, scores, self.units)

    def covariance(self, scores: Floats) -> Floats:
        """Covariance of the totals of linearised contributions.

        Parameters
        ----------
        scores
            ``w z`` of every row of the design, 0 outside the domain, shape (rows, K).

        Returns
        -------
        array, shape (K, K)
        """
        scores = np.asarray(scores, dtype=np.float64).reshape(self.weights.size, -1)
        if self.auxiliaries is not None:
            scores = self.auxiliaries.residuals(scores, self.weights)
        return self._covariance(scores)[1]

    def _covariance(self, scores: Floats) -> tuple[Floats, Floats]:
        """Totals by unit, centred and times their factor; and the covariance."""
        totals = self.unit_totals(scores)
        means = by_group(self.stratum_of, totals, self.sampled.size) / self.sampled[:, None]
        off = totals - means[self.stratum_of]
        if self.single_unit == "adjust" and self.single.any():
            alone = self.single[self.stratum_of]
            off[alone] = totals[alone] - totals.sum(axis=0) / self.units
        centred = off * self._spread_of_units()[:, None] * self.single_inflation
        first = centred.T @ off
        if self.second is not None:
            first = first + self._within(scores, totals)
        return centred, np.asarray(first)

    @cached_property
    def auxiliary_moments(self) -> AuxiliaryMoments:
        """What the variance of residuals needs of the auxiliaries."""
        assert self.auxiliaries is not None
        x = self.auxiliaries.matrix() * self.weights[:, None]
        centred, variance = self._covariance(x)
        rows = np.bincount(self.unit, minlength=self.units)
        return AuxiliaryMoments(centred, self.unit_totals(x) / rows[:, None], variance)

    def degrees_of_freedom(self, in_domain: NDArray[np.bool_]) -> int:
        """Units with a row in the domain, less strata with one."""
        units = np.unique(self.unit[in_domain])
        return int(units.size - np.unique(self.stratum_of[units]).size)

    def _spread_of_units(self) -> Floats:
        spread = self.spread
        if self.single_unit == "adjust":
            spread = np.where(self.single, 1 - self.share, spread)
        return spread[self.stratum_of]

    def _within(self, scores: Floats, totals: Floats) -> Floats:
        """Contribution of the second stage."""
        assert self.second is not None
        off = scores - (totals / self.second.drawn[:, None])[self.unit]
        factor = self.within_factor
        return np.asarray((off * factor[self.unit][:, None]).T @ off)

    @property
    def within_factor(self) -> Floats:
        """Factor of each unit's sum of squares at the second stage, shape (units,)."""
        assert self.second is not None
        factor = self.second.factor
        return np.asarray(np.where(np.isnan(factor), 0.0, factor) * self.share[self.stratum_of])


@dataclass(frozen=True)
class AuxiliaryMoments:
    """Weighted totals T of the auxiliaries by unit, and their variance.

    Attributes
    ----------
    centred
        T less the stratum's mean, times the stratum's factor, shape (units, columns): its
        product with other totals sums to their covariance.
    mean
        T over the rows of the unit, shape (units, columns).
    variance
        Shape (columns, columns), both stages.
    """

    centred: Floats
    mean: Floats
    variance: Floats


def small(codes: Codes | Ints) -> NDArray[Any]:
    """Codes in two bytes where they fit: numpy counts those instead of comparing them."""
    fits = codes.size == 0 or int(codes.max()) < 1 << 16
    return codes.astype(np.uint16) if fits else codes


def by_group(group: Codes | Ints, values: Floats, groups: int) -> Floats:
    """Sums of each column of `values` by group, shape (groups, K)."""
    sums = [np.bincount(group, values[:, k], minlength=groups) for k in range(values.shape[1])]
    return np.stack(sums, axis=1) if sums else np.empty((groups, 0))
