"""A synthetic district of all enterprises and workers, and samples of its enterprises.

Strata are industries of unequal size by three sizes of enterprise. Every large enterprise is
taken, the others are drawn without replacement, and all workers of an enterprise report. A wage
has an effect of the occupation, the industry, the enterprise, the occupation within the
enterprise and the worker, whose spread differs by occupation. Some enterprises pay in steps of
ten yuan a month, others in steps of a hundred, and a minimum wage piles up the lowest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

SEED = 20261124
#: Size of each industry; it multiplies the numbers of enterprises below.
INDUSTRIES = (1.8, 1.4, 1.1, 0.8, 0.6, 0.3)


@dataclass(frozen=True)
class Size:
    """Enterprises of one size in an industry of size 1: present, drawn, workers from and to."""

    present: int
    drawn: int
    least: int
    most: int


SIZES = (Size(700, 80, 10, 50), Size(150, 45, 50, 300), Size(10, 10, 300, 1_000))
OCCUPATIONS = 120
#: Occupations of an enterprise, from and to.
MENU = (4, 20)
#: How much likelier an occupation is in its own industry, as a logarithm.
HOME = 2.5
#: Standard deviations of logarithms of wages.
BY_OCCUPATION, BY_INDUSTRY, BY_ENTERPRISE, BY_PAIR = 0.35, 0.12, 0.22, 0.10
BY_WORKER = (0.18, 0.42)
#: Steps of annual wages, yuan, and the share of enterprises that pay in the wider ones.
STEPS, WIDE = (120, 1_200), 0.4
#: Twelve times the lowest monthly wage, yuan.
MINIMUM = 29_880


@dataclass(frozen=True)
class District:
    """All workers, enterprise by enterprise.

    Attributes
    ----------
    rows
        Columns industry, size, stratum, population (enterprises of the stratum), base
        (weight by design), enterprise, occupation, annual_wage.
    first
        First row of each enterprise and the number of rows.
    strata
        Enterprises of each stratum, and how many are drawn.
    """

    rows: pa.Table
    first: np.ndarray
    strata: tuple[tuple[np.ndarray, int], ...]

    def sample(self, rng: np.random.Generator) -> pa.Table:
        """Workers of the enterprises drawn."""
        drawn = np.concatenate([rng.choice(units, n, replace=False) for units, n in self.strata])
        begin, size = self.first[drawn], np.diff(self.first)[drawn]
        ends = np.cumsum(size)
        rows = np.arange(ends[-1]) + np.repeat(begin - (ends - size), size)
        return self.rows.take(pa.array(rows))


def make_district(seed: int = SEED) -> District:
    """The district, the same every time."""
    rng = np.random.default_rng(seed)
    strata, stratum, staff = [], [], []
    for scale in INDUSTRIES:
        for size in SIZES:
            present, drawn = (round(n * scale) for n in (size.present, size.drawn))
            begin = len(stratum)
            strata.append((np.arange(begin, begin + present), drawn))
            stratum += [len(strata) - 1] * present
            staff.append(rng.uniform(np.log(size.least), np.log(size.most), present))
    of = np.array(stratum)
    workers = np.exp(np.concatenate(staff)).astype(np.int64)
    industry, size_class = of // len(SIZES), of % len(SIZES)
    occupation = _occupations(industry, workers, rng)
    enterprise = np.repeat(np.arange(of.size), workers)
    wage = _wages(industry, enterprise, occupation, rng)
    present, drawn = (np.array(n, dtype=float) for n in zip(*_counts(strata), strict=True))
    rows = pa.table(
        {
            "industry": industry[enterprise],
            "size": size_class[enterprise],
            "stratum": of[enterprise],
            "population": present[of][enterprise],
            "base": (present / drawn)[of][enterprise],
            "enterprise": enterprise,
            "occupation": occupation,
            "annual_wage": wage,
        }
    )
    return District(rows, np.r_[0, np.cumsum(workers)], tuple(strata))


def _counts(strata: list[tuple[np.ndarray, int]]) -> list[tuple[int, int]]:
    """Enterprises of each stratum and those drawn."""
    return [(units.size, drawn) for units, drawn in strata]


def _occupations(industry: np.ndarray, workers: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Occupation of each worker: the first ones of the enterprise's menu more often."""
    popular = np.log(rng.pareto(1.1, OCCUPATIONS) + 0.05)
    home = rng.integers(0, len(INDUSTRIES), OCCUPATIONS)
    score = popular + HOME * (home == industry[:, None])
    menu = np.argsort(-(score + rng.gumbel(size=score.shape)), axis=1)
    kinds = np.repeat(rng.integers(MENU[0], MENU[1] + 1, industry.size), workers)
    place = (rng.random(kinds.size) ** 2 * kinds).astype(np.int64)
    return menu[np.repeat(np.arange(industry.size), workers), place]


def _wages(
    industry: np.ndarray, enterprise: np.ndarray, occupation: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Annual wage of each worker, yuan."""
    level = rng.normal(11.1, BY_OCCUPATION, OCCUPATIONS)[occupation]
    level += rng.normal(0, BY_INDUSTRY, len(INDUSTRIES))[industry[enterprise]]
    level += rng.normal(0, BY_ENTERPRISE, industry.size)[enterprise]
    pair = np.unique(enterprise * OCCUPATIONS + occupation, return_inverse=True)[1]
    level += rng.normal(0, BY_PAIR, pair.max() + 1)[pair]
    level += rng.normal(0, rng.uniform(*BY_WORKER, OCCUPATIONS)[occupation])
    step = np.where(rng.random(industry.size) < WIDE, STEPS[1], STEPS[0])[enterprise]
    return np.maximum(np.rint(np.exp(level) / step) * step, MINIMUM)
