"""Replicate weights: factors by sampling unit, made from the design or given.

The weight of a row in replicate r is its weight times the factor of its unit. With theta
the estimate, the variance is ``scale sum_r rscale_r (theta_r - c)^2``, c being the
full-sample estimate (`mse`) or the mean of the replicates.

    bootstrap  1 + sqrt(1 - f) (t n/(n - 1) - 1), t how often the unit was drawn in n - 1
               draws; scale 1/(R - 1). Without a population, t n/(n - 1).
    jackknife  (JKn) unit j of stratum h out, the others of h times n/(n - 1);
               rscale (1 - f)(n - 1)/n
    jk1        one stratum: the same over all units
    brr, fay   two units a stratum: 2 - rho and rho by a Hadamard matrix; scale
               1 / (R (1 - rho)^2), rho = 0 for brr

Source: J. N. K. Rao and C. F. J. Wu, Resampling inference with complex survey data, JASA
83 (1988); K. M. Wolter (2007), ch. 3-5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wageguide.errors import InputError
from wageguide.tiers.sample import Codes, SampleDesign
from wageguide.tiers.scale import Floats

_SHOWN = 10


@dataclass(frozen=True)
class Replicates:
    """Replicate factors of sampling units.

    Attributes
    ----------
    count
        Number of replicates, R.
    factors
        Factors of all units in some replicates: a slice to shape (units, replicates).
    scale, rscales
        Of the variance; `rscales` of shape (R,).
    mse
        Whether squares are taken about the full-sample estimate.
    """

    count: int
    factors: Callable[[slice], Floats]
    scale: float
    rscales: Floats
    mse: bool

    @classmethod
    def of(
        cls, factors: Floats, scale: float, rscales: Floats | float = 1.0, *, mse: bool = True
    ) -> Replicates:
        """Replicates from a matrix of factors, shape (units, R)."""
        factors = np.asarray(factors, dtype=np.float64)
        count = factors.shape[1]
        return cls(
            count,
            lambda part: factors[:, part],
            scale,
            np.broadcast_to(np.asarray(rscales, dtype=np.float64), (count,)),
            mse,
        )


def bootstrap(sample: SampleDesign, count: int, seed: int) -> Replicates:
    """Rao and Wu's rescaled bootstrap of units within strata, n - 1 draws each.

    A stratum of one unit keeps its factor of 1: it contributes nothing, so the design's
    choice must be ``certainty``.
    """
    _no_second_stage(sample)
    _only_certainty(sample, "bootstrap")
    rng = np.random.Generator(np.random.PCG64(seed))
    draws = np.ones((sample.units, count))
    ends = np.cumsum(sample.sampled)
    for first, last in zip(ends - sample.sampled, ends, strict=True):
        n = int(last - first)
        if n > 1:
            drawn = rng.integers(0, n, (count, n - 1)) + n * np.arange(count)[:, None]
            times = np.bincount(drawn.ravel(), minlength=n * count).reshape(count, n).T
            draws[first:last] = times * (n / (n - 1))
    root = np.sqrt(1 - sample.share)[sample.stratum_of][:, None]
    factors = draws if not sample.share.any() else 1 + root * (draws - 1)
    return Replicates.of(factors, 1 / (count - 1), mse=True)


def jackknife(sample: SampleDesign) -> Replicates:
    """One unit left out at a time, stratum by stratum (JKn)."""
    _no_second_stage(sample)
    _only_certainty(sample, "jackknife")
    n = sample.sampled[sample.stratum_of].astype(np.float64)
    fraction = 1 - sample.share[sample.stratum_of]
    return Replicates(
        sample.units,
        lambda part: _left_out(sample.stratum_of, n, part),
        1.0,
        fraction * (n - 1) / n,
        mse=False,
    )


def jk1(sample: SampleDesign) -> Replicates:
    """One unit left out at a time, of a design without strata."""
    _no_second_stage(sample)
    if sample.sampled.size > 1:
        raise InputError(
            f"jk1 is for a design without strata; this one has {sample.sampled.size:,}. "
            "Use jackknife, which leaves units out stratum by stratum."
        )
    n = sample.units
    if n < 2:
        raise InputError("jk1 needs two sampling units; there is one.")
    scale = (1 - float(sample.share[0])) * (n - 1) / n
    ones = np.full(n, float(n))
    return Replicates(
        n, lambda part: _left_out(sample.stratum_of, ones, part), scale, np.ones(n), mse=False
    )


def balanced(sample: SampleDesign, rho: float = 0.0) -> Replicates:
    """Balanced half samples (rho = 0) or Fay's variant of them (0 < rho < 1)."""
    from scipy.linalg import hadamard

    _no_second_stage(sample)
    if not 0 <= rho < 1:
        raise InputError(f"rho = {rho} of Fay's method should be at least 0 and below 1.")
    other = np.flatnonzero(sample.sampled != 2)
    if other.size:
        raise InputError(
            "Balanced replicates need exactly two units in every stratum:",
            [
                f"stratum {sample.stratum_names[int(s)]} has {sample.sampled[s]:,}"
                for s in other[:_SHOWN]
            ],
        )
    strata = sample.sampled.size
    count = 1 << int(strata).bit_length()  # a power of two above the number of strata
    signs = hadamard(count)[1 : strata + 1].astype(np.float64)
    factors = np.empty((sample.units, count))
    factors[0::2] = 1 + (1 - rho) * signs
    factors[1::2] = 1 - (1 - rho) * signs
    return Replicates.of(factors, 1 / (count * (1 - rho) ** 2), mse=True)


def _left_out(stratum_of: Codes, n: Floats, part: slice) -> Floats:
    out = np.arange(part.start, part.stop)
    with np.errstate(divide="ignore"):
        raised = np.where(n > 1, n / (n - 1), 1.0)
    same = stratum_of[:, None] == stratum_of[None, out]
    factors = np.where(same, raised[:, None], 1.0)
    factors[out, np.arange(out.size)] = np.where(n[out] > 1, 0.0, 1.0)
    return factors


def _no_second_stage(sample: SampleDesign) -> None:
    if sample.second is not None:
        raise InputError(
            "Replicates are made of enterprises and do not see the workers drawn within them. "
            "Use linearized errors, or leave out population and workers: then the enterprises "
            "count as drawn with replacement, which covers both stages."
        )


def _only_certainty(sample: SampleDesign, method: str) -> None:
    if sample.single.any() and sample.single_unit != "certainty":
        raise InputError(
            f"{int(sample.single.sum()):,} strata have one sampled enterprise; a {method} can only "
            "take them as certain (single_unit = certainty). Use linearized errors for "
            f"{sample.single_unit}, or merge these strata with others."
        )
