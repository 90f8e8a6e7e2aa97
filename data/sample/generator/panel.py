"""The district over the years: the same enterprises and workers, growing and changing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .enterprises import Enterprises, make_enterprises
from .reference import jobs
from .settings import (
    ENTERPRISE_TURNOVER,
    FIRST_YEAR,
    LAST_YEAR,
    SAMPLE_ENTERPRISES,
    SAMPLE_WORKERS,
    SAMPLE_YEAR,
    SEED,
    WORKER_TURNOVER,
)
from .wages import PARTS, pay
from .workers import STATE, hire, post_codes, staff

_FEN = 100


def _rng(*key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def _renew_enterprises(
    rng: np.random.Generator, enterprises: Enterprises, workers: pd.DataFrame, year: int
) -> pd.DataFrame:
    """Close some enterprises; new ones of the same size take their places."""
    closing = np.flatnonzero(rng.random(len(enterprises)) < ENTERPRISE_TURNOVER)
    if not len(closing):
        return workers
    first = int(enterprises.number.max()) + 1
    enterprises.number[closing] = np.arange(first, first + len(closing))
    enterprises.effect[closing] = np.clip(rng.normal(0, 0.13, len(closing)), -0.35, 0.35)
    new = staff(rng, enterprises, year, closing)
    new["start_year"] = np.maximum(new["start_year"], year)
    staying = workers[~workers["enterprise"].isin(closing)]
    together = pd.concat([staying, new])
    return together.sort_values(["enterprise", "worker"], ignore_index=True)


def _renew_workers(rng: np.random.Generator, workers: pd.DataFrame, year: int) -> pd.DataFrame:
    """Let workers leave or retire; new ones in the same job get the next free number."""
    age = year - workers["birth_year"]
    leaving = ((rng.random(len(workers)) < WORKER_TURNOVER) | (age > 64)).to_numpy()
    left = workers[leaving].reset_index(drop=True)
    highest = workers.groupby("enterprise")["worker"].max()
    number = left["enterprise"].map(highest) + left.groupby("enterprise").cumcount() + 1
    new = hire(rng, left["job"].to_numpy(), left["enterprise"].to_numpy(), number.to_numpy(), year)
    new["start_year"] = year
    together = pd.concat([workers[~leaving], new])
    return together.sort_values(["enterprise", "worker"], ignore_index=True)


def frame_of(
    workers: pd.DataFrame, enterprises: Enterprises, wages: pd.DataFrame, year: int
) -> pd.DataFrame:
    """The year's microdata under the names of the data dictionary; money in yuan."""
    place = workers["enterprise"].to_numpy()
    table = jobs()
    job = workers["job"].to_numpy()
    frame = pd.DataFrame(
        {
            "enterprise_id": enterprises.ids[place],
            "enterprise_name": enterprises.names[place],
            "reference_year": year,
            "place": "320115",
            "industry": enterprises.industry[place],
            "registration_type": enterprises.registration[place],
            "enterprise_size": enterprises.size[place],
            "headcount": enterprises.headcount[place],
            "revenue": enterprises.revenue[place],
            "worker_id": [f"{n:05d}" for n in workers["worker"]],
            "occupation": table["occupation"].to_numpy(dtype=object)[job],
            "occupation_name": table["name"].to_numpy(dtype=object)[job],
            "post_level": post_codes(workers["post"].to_numpy()),
            "skill_level": [f"S{n}" for n in workers["skill"]],
            "education": [f"E{n + 1}" for n in workers["education"]],
            "sex": np.where(workers["female"], "2", "1").astype(object),
            "age": year - workers["birth_year"].to_numpy(),
            "tenure_years": year - workers["start_year"].to_numpy(),
            "employment_form": workers["form"].to_numpy(dtype=object),
            "months_worked": wages["months_worked"].to_numpy(),
            "weekly_hours": workers["weekly_hours"].to_numpy(),
        }
    )
    for column in (*PARTS, "annual_wage"):
        frame[column] = wages[column].to_numpy() / _FEN
    return frame


def panel(
    enterprises: int = SAMPLE_ENTERPRISES,
    workers: int = SAMPLE_WORKERS,
    *,
    last_year: int = LAST_YEAR,
    seed: int = SEED,
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield (year, uncorrupted microdata) from the first year to `last_year`.

    A worker keeps `enterprise_id` and `worker_id` for as long as he or she stays.
    """
    if not FIRST_YEAR <= last_year <= LAST_YEAR:
        raise ValueError(f"year {last_year}: the panel covers {FIRST_YEAR} to {LAST_YEAR}")
    rng = _rng(seed, 0)
    firms = make_enterprises(rng, enterprises, workers)
    people = staff(rng, firms, FIRST_YEAR, np.arange(enterprises))[list(STATE)]
    for year in range(FIRST_YEAR, last_year + 1):
        if year > FIRST_YEAR:
            turnover = _rng(seed, year, 1)
            people = _renew_enterprises(turnover, firms, people, year)
            people = _renew_workers(turnover, people, year)
        wages = pay(_rng(seed, year, 2), people, firms, year)
        yield year, frame_of(people, firms, wages, year)


def district(
    enterprises: int = SAMPLE_ENTERPRISES,
    workers: int = SAMPLE_WORKERS,
    *,
    year: int = SAMPLE_YEAR,
    seed: int = SEED,
) -> pd.DataFrame:
    """The uncorrupted microdata of one year, one row a worker, in memory.

    Columns are those of the data dictionary, enterprise answers repeated on every row; money
    is yuan exact to the fen; rows are ordered by enterprise place and worker number.
    """
    *_, (_, frame) = panel(enterprises, workers, last_year=year, seed=seed)
    return frame
