"""Wages of one year and their parts, in whole fen.

The log of the annual wage is a sum of effects (occupation, industry, size, education, grade,
experience, enterprise, person) with a heavy upper tail; pay is then cut into parts as payrolls
do it: a monthly base at round figures and never under the minimum wage, allowances a month,
overtime by the hour, a 13th month inside the bonus. The parts add up exactly.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .enterprises import Enterprises
from .reference import jobs
from .settings import MINIMUM_WAGE, PARTIAL_YEAR, SAMPLE_YEAR, WAGE_GROWTH

_INDUSTRY = {"I": 0.08, "J": 0.10, "D": 0.08, "H": -0.08, "O": -0.08, "A": -0.10, "P": -0.04}
_SIZE = {"L": 0.16, "M": 0.06, "S": 0.0, "X": -0.10}
_EDUCATION = np.array([-0.10, -0.04, 0.0, 0.09, 0.22, 0.36])
_SKILL = np.array([-0.04, -0.16, -0.02, 0.05, 0.15, 0.27, 0.38, 0.55, 0.75])
_POST = np.array([0.75, 0.38, 0.14, 0.36, 0.12, -0.04, 0.0])
_BASE_SHARE = {"M": 0.55, "P": 0.62, "C": 0.70, "S": 0.58, "K": 0.56, "U": 0.66}

#: Divisors of the monthly base for an hour of overtime: 21.75 paid days of 8 hours.
_PAID_HOURS = 174
_WEEKS_PER_MONTH = 52 / 12
_FEN = 100

PARTS = ("pay_base", "pay_bonus", "pay_allowance", "pay_overtime", "pay_special")


def price_level(year: int) -> float:
    """General wage level of a year; the sample's own year is 1."""
    level = 1.0
    for later, growth in sorted(WAGE_GROWTH.items()):
        if year < later <= SAMPLE_YEAR:
            level /= 1 + growth
        elif SAMPLE_YEAR < later <= year:
            level *= 1 + growth
    return level


def _log_effects(workers: pd.DataFrame, enterprises: Enterprises, year: int) -> np.ndarray:
    """Sum of all lasting effects on the log wage, relative to the job's typical wage."""
    place = workers["enterprise"].to_numpy()
    industry = np.array([_INDUSTRY.get(i, 0.0) for i in enterprises.industry])
    size = np.array([_SIZE[s] for s in enterprises.size])
    shared = enterprises.effect + industry + size
    experience = np.clip(year - workers["birth_year"].to_numpy() - 20, 0, 40)
    tenure = np.clip(year - workers["start_year"].to_numpy(), 0, 25)
    return (
        shared[place]
        + _EDUCATION[workers["education"]]
        + _SKILL[workers["skill"]]
        + _POST[workers["post"]]
        + 0.020 * experience - 0.00042 * experience**2 - 0.13
        + 0.006 * tenure
        - 0.06 * workers["female"].to_numpy()
        + workers["person"].to_numpy()
        + workers["grows"].to_numpy() * (year - SAMPLE_YEAR)
    )  # fmt: skip


def _months(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.where(rng.random(n) < PARTIAL_YEAR, rng.integers(1, 12, n), 12)


def _heap(amount: np.ndarray, step: np.ndarray | int) -> np.ndarray:
    """Round to a step, as people set pay; whole yuan."""
    return (np.round(amount / step) * step).astype(np.int64)


def _monthly_base(
    rng: np.random.Generator, target: np.ndarray, kinds: np.ndarray, year: int
) -> np.ndarray:
    """Monthly base in yuan: heaped at 100, 500 and 1,000, with a spike at the minimum."""
    minimum = MINIMUM_WAGE[year]
    wanted = target / 12 * np.array([_BASE_SHARE[k] for k in kinds])
    pick = rng.random(len(target))
    step = np.select([pick < 0.45, pick < 0.75, pick < 0.88], [100, 500, 1_000], 10)
    base = _heap(wanted, step)
    at_minimum = np.isin(kinds, ["S", "U", "C", "K"]) & (rng.random(len(target)) < 0.10)
    return np.where(at_minimum, minimum, np.maximum(base, minimum))


def _overtime(
    rng: np.random.Generator, base: np.ndarray, hours: np.ndarray, kinds: np.ndarray,
    exact: np.ndarray, months: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Overtime pay of the year in fen: 150 % of the hourly base; managers get none."""
    monthly = np.maximum(hours - 40, 0) * _WEEKS_PER_MONTH
    rate = np.where(rng.random(len(base)) < 0.25, 2.0, 1.5)
    pay = base / _PAID_HOURS * rate * np.round(monthly) * months
    pay = np.where(np.isin(kinds, ["M"]), 0, pay)
    return np.where(exact, np.round(pay * _FEN), np.round(pay) * _FEN).astype(np.int64)


def pay(
    rng: np.random.Generator, workers: pd.DataFrame, enterprises: Enterprises, year: int
) -> pd.DataFrame:
    """Months worked, pay parts and annual wage of a year, in fen, one row a worker."""
    n = len(workers)
    job = workers["job"].to_numpy()
    kinds = jobs()["kind"].to_numpy(dtype=str)[job]
    place = workers["enterprise"].to_numpy()
    typical = jobs()["typical_wage"].to_numpy()[job] * price_level(year)
    noise = np.clip(rng.normal(0, 0.03, n), -0.1, 0.1)
    target = typical * np.exp(_log_effects(workers, enterprises, year) + noise)
    months = _months(rng, n)
    base = _monthly_base(rng, target, kinds, year)
    allowance = _heap(rng.gamma(2.0, 260, n), 50)
    # A third of the enterprises pay overtime to the fen; the number decides, so it lasts.
    exact = (enterprises.number % 3 == 0)[place]
    overtime = _overtime(rng, base, workers["weekly_hours"].to_numpy(), kinds, exact, months)
    special = np.where(rng.random(n) < 0.08, _heap(base * rng.random(n), 10), 0)
    rest = target / 12 * months - (base + allowance) * months - overtime / _FEN
    pick = rng.random(n)
    extra = _heap(np.maximum(rest, 0), np.where(pick < 0.6, 100, np.where(pick < 0.85, 1_000, 1)))
    thirteenth = np.where((months == 12) & (rng.random(n) < 0.55), base, 0)
    parts = {
        "pay_base": base * months * _FEN,
        "pay_bonus": np.maximum(extra, thirteenth) * _FEN,
        "pay_allowance": allowance * months * _FEN,
        "pay_overtime": overtime,
        "pay_special": special * _FEN,
    }
    total = np.sum(list(parts.values()), axis=0)
    return pd.DataFrame({"months_worked": months, **parts, "annual_wage": total})
