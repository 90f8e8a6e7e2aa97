"""Code lists and the list of jobs, as arrays."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

_HERE = Path(__file__).resolve().parent
_REFERENCE = _HERE.parents[1] / "reference"


@cache
def code_list(key: str) -> pd.DataFrame:
    """A reference list, one row a code, all text."""
    return pd.read_csv(_REFERENCE / f"{key}.csv", dtype=str, keep_default_na=False)


@cache
def names(key: str) -> dict[str, str]:
    """Chinese name of every code of a reference list."""
    table = code_list(key)
    return dict(zip(table["code"], table["name_zh"], strict=True))


@cache
def jobs() -> pd.DataFrame:
    """Detailed occupations of the district: kind, typical annual wage in yuan, industries.

    `industries` lists section letters with a weight each, such as ``C2 E1``; ``*4`` is every
    industry. `kind` is M manager, P professional, C clerk, S service, K skilled worker or
    U unskilled worker.
    """
    table = pd.read_csv(_HERE / "jobs.csv", dtype={"typical_wage": np.int64})
    table["name"] = table["occupation"].map(names("occupation"))
    return table


@cache
def job_weights() -> tuple[tuple[str, ...], np.ndarray]:
    """Industries that have jobs of their own, and weights of shape (industries, jobs)."""
    parsed = [{p[0]: int(p[1:]) for p in text.split()} for text in jobs()["industries"]]
    letters = tuple(sorted({letter for p in parsed for letter in p} - {"*"}))
    weights = [[p.get(letter, p.get("*", 0)) for p in parsed] for letter in letters]
    return letters, np.array(weights, dtype=float)
