"""The sampling frame of a year: the enterprises that were drawn, and those that were not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from .enterprises import enterprise_id, enterprise_name

#: Enterprises of the frame for each one drawn; large enterprises are all drawn.
_TIMES = {"大型": 1, "中型": 2.5, "小微": 5}
_SIZE = {"L": "大型", "M": "中型", "S": "小微", "X": "小微"}
_SECOND_SECTOR = tuple("BCDE")

#: Numbers of enterprises that were not drawn begin here.
_FIRST_NUMBER = 500_001

_FULL_YEAR = 12


def write_frame(path: Path, microdata: pd.DataFrame, seed: int) -> None:
    """Write the frame as CSV under the headings of the returns.

    Parameters
    ----------
    path
        Of the file.
    microdata
        Workers of the enterprises drawn, uncorrupted.
    seed
        Of the enterprises that were not drawn.
    """
    drawn = _drawn(microdata)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, 5))))
    frame = pd.concat([drawn, _others(drawn, rng)], ignore_index=True)
    headings = {
        "enterprise_id": "统一社会信用代码",
        "enterprise_name": "企业名称",
        "industry": "行业门类",
        "enterprise_size": "企业规模",
        "sector": "产业",
        "stratum": "抽样层",
        "headcount": "从业人员期末人数",
        "full_year": "全年在岗人数",
        "selected": "是否抽中",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    named = frame[list(headings)].rename(columns=headings)
    named.to_csv(path, index=False, lineterminator="\n")


def _drawn(microdata: pd.DataFrame) -> pd.DataFrame:
    kept = ["enterprise_name", "industry", "enterprise_size", "headcount"]
    groups = microdata.groupby("enterprise_id", sort=True)
    frame = groups[kept].first().reset_index()
    full = microdata["months_worked"].eq(_FULL_YEAR).groupby(microdata["enterprise_id"]).sum()
    frame["full_year"] = frame["enterprise_id"].map(full)
    second = frame["industry"].isin(_SECOND_SECTOR)
    frame["sector"] = np.where(second, "第二产业", "第一、三产业")
    frame["stratum"] = frame["sector"] + frame["enterprise_size"].map(_SIZE)
    frame["selected"] = "是"
    return frame


def _others(drawn: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Enterprises like those drawn, of other sizes and names."""
    parts = []
    for _, group in drawn.groupby("stratum", sort=True):
        times = _TIMES[_SIZE[group["enterprise_size"].iloc[0]]]
        count = round(len(group) * (times - 1))
        like = group.iloc[rng.integers(0, len(group), count)].copy()
        size = np.exp(rng.normal(0, 0.15, count))
        like["headcount"] = np.maximum(np.rint(like["headcount"] * size), 5).astype(int)
        like["full_year"] = np.rint(like["headcount"] * rng.uniform(0.88, 1, count)).astype(int)
        parts.append(like)
    others = pd.concat(parts, ignore_index=True)
    numbers = range(_FIRST_NUMBER, _FIRST_NUMBER + len(others))
    others["enterprise_id"] = [enterprise_id(n) for n in numbers]
    others["enterprise_name"] = [
        enterprise_name(n, i) for n, i in zip(numbers, others["industry"], strict=True)
    ]
    others["selected"] = "否"
    return others
