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

from wageguide.errors import InputError
from wageguide.survey.design import Design, SingleUnit
from wageguide.tiers.arrow import to_arrow, to_floats
from wageguide.tiers.calibrated import Auxiliaries, auxiliaries
from wageguide.tiers.keys import encode_key
from wageguide.tiers.scale import Floats, Ints

Codes = NDArray[np.int32]
_SHOWN = 10


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

    @property
    def units(self) -> int:
        """Number of sampling units."""
        return self.stratum_of.size

    @cached_property
    def by_unit(self) -> Ints:
        """Row numbers in the order of the units, shape (rows,)."""
        return np.argsort(small(self.unit), kind="stable")

    @property
    def single(self) -> NDArray[np.bool_]:
        """Strata with one unit that is not all there is, shape (strata,)."""
        return (self.sampled == 1) & (self.share < 1)

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


def sample_design(table: pa.Table, design: Design) -> SampleDesign:
    """Turn the columns of a design into arrays.

    Parameters
    ----------
    table
        Rows with the design's columns; every sampled row, those of no cell too.
    design
        Names of the columns.

    Raises
    ------
    InputError
        If a column is absent, or the design contradicts itself: an enterprise in two
        strata, a population that varies within a stratum or is smaller than the sample, a
        stratum of one unit where the design says ``fail``. All of them at once.
    """
    missing = [c for c in design.columns if c not in table.column_names]
    if missing:
        raise InputError(
            f"The design names columns that are not there: {', '.join(missing)}. The data has "
            f"{', '.join(table.column_names[:30])}."
        )
    rows = len(table)
    weights = to_floats(table[design.weight]) if design.weight else np.ones(rows)
    problems: list[str] = []
    stratum, stratum_names = _codes(table, design.stratum, rows, problems)
    enterprise, names = _codes(table, design.enterprise, rows, problems, own=True)
    if problems:
        raise InputError("The design does not fit the rows:", problems)
    unit, first = _units(enterprise, stratum, len(names))
    stratum_of = stratum[first]
    problems += _in_two_strata(enterprise, stratum, names, stratum_names)
    sampled = np.bincount(stratum_of, minlength=len(stratum_names)).astype(np.int64)
    share = np.zeros(sampled.size)
    if design.population:
        population = to_floats(table[design.population])
        share = _shares(population, stratum, sampled, stratum_names, problems)
    second = _second_stage(table, design, unit, names.take(to_arrow(enterprise[first])), problems)
    made = SampleDesign(
        weights=weights,
        unit=unit,
        stratum_of=stratum_of,
        sampled=sampled,
        share=share,
        single_unit=design.single_unit,
        second=second,
        auxiliaries=auxiliaries(table, design.calibration) if design.calibration else None,
        unit_names=names.take(to_arrow(enterprise[first])),
        stratum_names=stratum_names,
    )
    problems += _alone(made)
    if problems:
        raise InputError("The design does not fit the rows:", problems)
    return made


def _codes(
    table: pa.Table, column: str | None, rows: int, problems: list[str], *, own: bool = False
) -> tuple[Codes, pa.Array]:
    """Codes and names of a column; without one, a code for all rows or each its own."""
    if column is None:
        if own:
            return np.arange(rows, dtype=np.int32), to_arrow(np.arange(1, rows + 1))
        return np.zeros(rows, np.int32), pa.array(["all"])
    key = encode_key(column, table[column])
    absent = np.flatnonzero(key.code < 0)
    if absent.size:
        first = ", ".join(map(str, absent[:5] + 1))
        problems.append(f"{column} is missing in {absent.size:,} rows: row {first}")
    return key.code, key.values


def _units(enterprise: Codes, stratum: Codes, enterprises: int) -> tuple[Codes, Ints]:
    """Units numbered by stratum and enterprise, and the first row of each."""
    first = np.full(enterprises, -1, np.int64)
    first[enterprise[::-1]] = np.arange(enterprise.size - 1, -1, -1)
    order = np.argsort(stratum[first], kind="stable")
    number = np.empty(enterprises, np.int32)
    number[order] = np.arange(enterprises, dtype=np.int32)
    return number[enterprise], first[order]


def _in_two_strata(
    enterprise: Codes, stratum: Codes, names: pa.Array, strata: pa.Array
) -> list[str]:
    home = np.empty(len(names), np.int32)
    home[enterprise] = stratum
    astray = np.flatnonzero(home[enterprise] != stratum)
    found: dict[int, set[int]] = {}
    for row in astray[:1000]:
        found.setdefault(int(enterprise[row]), set()).update({int(stratum[row])})
    lines = []
    for member, others in list(found.items())[:_SHOWN]:
        all_of = sorted({int(home[member]), *others})
        named = ", ".join(str(strata[s]) for s in all_of)
        lines.append(
            f"enterprise {names[member]} stands in strata {named}; an enterprise is drawn in one"
        )
    return lines


def _shares(
    population: Floats, stratum: Codes, sampled: Ints, names: pa.Array, problems: list[str]
) -> Floats:
    strata = sampled.size
    total = np.full(strata, np.nan)
    total[stratum] = population
    same = (population == total[stratum]) | (np.isnan(population) & np.isnan(total[stratum]))
    for s in np.unique(stratum[~same])[:_SHOWN]:
        found = ", ".join(f"{v:g}" for v in np.unique(population[stratum == s])[:3])
        problems.append(f"stratum {names[int(s)]} has several populations: {found}")
    for s in np.flatnonzero(total < sampled)[:_SHOWN]:
        problems.append(
            f"stratum {names[int(s)]} has a population of {total[s]:g} enterprises, but "
            f"{sampled[s]:,} were sampled"
        )
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.isnan(total), 0.0, np.minimum(sampled / total, 1.0)))


def _second_stage(
    table: pa.Table, design: Design, unit: Codes, names: pa.Array, problems: list[str]
) -> SecondStage | None:
    if design.workers is None:
        return None
    workers = to_floats(table[design.workers])
    drawn = np.bincount(unit, minlength=len(names)).astype(np.int64)
    present = np.full(len(names), np.nan)
    present[unit] = workers
    wrong = np.unique(unit[~(workers == present[unit])])
    problems += [
        f"enterprise {names[int(u)]} has several numbers of workers, or none"
        for u in wrong[:_SHOWN]
    ]
    few = np.flatnonzero(present < drawn)
    problems += [
        f"enterprise {names[int(u)]} has {present[u]:g} workers, but {drawn[u]:,} rows"
        for u in few[:_SHOWN]
    ]
    second = SecondStage(drawn, present)
    alone = np.flatnonzero(np.isnan(second.factor))
    if alone.size and design.single_unit == "fail":
        shown = ", ".join(str(names[int(u)]) for u in alone[:_SHOWN])
        problems.append(
            f"{alone.size:,} enterprises have one row of several workers ({shown}), from which no "
            "spread within the enterprise can be seen; name a choice for single_unit"
        )
    return second


def _alone(design: SampleDesign) -> list[str]:
    alone = np.flatnonzero(design.single)
    if not alone.size:
        return []
    if design.single_unit == "fail":
        shown = ", ".join(str(design.stratum_names[int(s)]) for s in alone[:_SHOWN])
        return [
            f"{alone.size:,} strata have one sampled enterprise ({shown}), from which no variance "
            "can be seen. Merge them with strata like them, or name a choice for single_unit: "
            "certainty, average or adjust"
        ]
    if design.single_unit == "average" and alone.size == design.sampled.size:
        return ["every stratum has one sampled enterprise, so there is no average to take"]
    return []
