"""Synthetic workers: occupation, education, grade, age, hours; what lasts over the years."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .enterprises import Enterprises, staff_plan
from .reference import jobs

_EDUCATION = {
    "M": (0.00, 0.04, 0.22, 0.52, 0.20, 0.02),
    "P": (0.00, 0.02, 0.22, 0.56, 0.18, 0.02),
    "C": (0.01, 0.10, 0.42, 0.44, 0.03, 0.00),
    "S": (0.12, 0.34, 0.34, 0.19, 0.01, 0.00),
    "K": (0.16, 0.52, 0.26, 0.06, 0.00, 0.00),
    "U": (0.52, 0.40, 0.07, 0.01, 0.00, 0.00),
}
_SKILL = {
    "K": (0.24, 0.05, 0.22, 0.25, 0.16, 0.055, 0.022, 0.002, 0.001),
    "S": (0.62, 0.03, 0.18, 0.11, 0.05, 0.010, 0.000, 0.000, 0.000),
    "U": (0.88, 0.00, 0.10, 0.02, 0.00, 0.000, 0.000, 0.000, 0.000),
}
_NO_SKILL = (1.0, 0, 0, 0, 0, 0, 0, 0, 0)
_POSTS = ("M1", "M2", "M3", "T1", "T2", "T3", "W0")
_POST = {
    "M": (0.32, 0.46, 0.22, 0, 0, 0, 0),
    "P": (0.01, 0.05, 0.09, 0.10, 0.27, 0.30, 0.18),
    "C": (0, 0.03, 0.10, 0, 0.03, 0.06, 0.78),
    "S": (0, 0.01, 0.06, 0, 0, 0, 0.93),
    "K": (0, 0, 0.05, 0, 0, 0, 0.95),
    "U": (0, 0, 0.02, 0, 0, 0, 0.98),
}
_FEMALE = {"M": 0.25, "P": 0.40, "C": 0.68, "S": 0.52, "K": 0.30, "U": 0.45}

#: Columns that follow a worker from year to year.
STATE = (
    "enterprise", "worker", "job", "education", "skill", "post", "female", "birth_year",
    "start_year", "form", "weekly_hours", "person", "grows",
)  # fmt: skip


def _draw(rng: np.random.Generator, kinds: np.ndarray, table: dict[str, tuple]) -> np.ndarray:
    """Draw a place in each kind's list of shares, one for every worker."""
    picks = rng.random(len(kinds)) * 0.999999
    result = np.zeros(len(kinds), dtype=np.int64)
    for kind in sorted(set(kinds)):
        mine = kinds == kind
        steps = np.cumsum(table.get(kind, _NO_SKILL))
        result[mine] = np.searchsorted(steps / steps[-1], picks[mine], side="right")
    return result


def _weekly_hours(rng: np.random.Generator, kinds: np.ndarray) -> np.ndarray:
    """Hours a week, overtime included: many at 40, more for workers in shifts."""
    long = {"M": 4, "P": 4, "C": 1.5, "S": 5, "K": 8, "U": 6}
    extra = rng.exponential(1.0, len(kinds)) * np.array([long[k] for k in kinds])
    extra = np.where(rng.random(len(kinds)) < 0.4, 0, extra)
    return np.minimum(np.round(40 + extra), 66).astype(np.int64)


def _heavy_tail(rng: np.random.Generator, n: int) -> np.ndarray:
    """Log effect of a person: normal, with a Pareto upper tail for one worker in thirty."""
    body = np.clip(rng.normal(0, 0.17, n), -0.5, 0.6)
    tail = np.where(rng.random(n) < 0.033, rng.exponential(0.42, n), 0)
    return body + np.minimum(tail, 1.9)


def hire(
    rng: np.random.Generator, job: np.ndarray, enterprise: np.ndarray, worker: np.ndarray, year: int
) -> pd.DataFrame:
    """New workers in given jobs and enterprises, with everything that lasts."""
    n = len(job)
    kinds = jobs()["kind"].to_numpy(dtype=str)[job]
    age = np.clip(np.round(rng.gamma(5.0, 3.1, n) + 19), 18, 62).astype(np.int64)
    age = np.where(kinds == "M", np.minimum(age + 6, 62), age)
    tenure = np.minimum(np.floor(rng.exponential(5.0, n)), age - 18).astype(np.int64)
    retired = (age >= 60) & (rng.random(n) < 0.8)
    agency = (rng.random(n) < 0.06) & np.isin(kinds, ["S", "K", "U"]) & ~retired
    return pd.DataFrame(
        {
            "enterprise": enterprise,
            "worker": worker,
            "job": job,
            "education": _draw(rng, kinds, _EDUCATION),
            "skill": _draw(rng, kinds, _SKILL),
            "post": _draw(rng, kinds, _POST),
            "female": rng.random(n) < np.array([_FEMALE[k] for k in kinds]),
            "birth_year": year - age,
            "start_year": year - tenure,
            "form": np.where(retired, "F4", np.where(agency, "F2", "F1")).astype(object),
            "weekly_hours": _weekly_hours(rng, kinds),
            "person": _heavy_tail(rng, n),
            "grows": rng.normal(0, 0.012, n),
        }
    )


def staff(
    rng: np.random.Generator, enterprises: Enterprises, year: int, places: np.ndarray
) -> pd.DataFrame:
    """Staff the enterprises at `places` from nothing, ordered by enterprise and number."""
    plans = [staff_plan(rng, enterprises.industry[p], enterprises.headcount[p]) for p in places]
    sizes = [len(plan) for plan in plans]
    worker = np.concatenate([np.arange(1, n + 1) for n in sizes])
    return hire(rng, np.concatenate(plans), np.repeat(places, sizes), worker, year)


def post_codes(post: np.ndarray) -> np.ndarray:
    """Post level codes from their places in the list."""
    return np.array(_POSTS, dtype=object)[post]
