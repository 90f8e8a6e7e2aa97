"""A whole district: tiers after cleaning against those of the data before it was corrupted.

Rows that cleaning sets aside are missing from the cleaned tiers; apart from them nothing may
differ. Whether a difference is noise is seen on the scale of ranks: where the cleaned tier
stands among the uncorrupted wages, minus where it should stand, in units of the standard
deviation that the missing rows, enterprise by enterprise, would give if they were missing at
random. Outliers that cleaning only flags, for a person to ask about, are taken out first;
what they still do to the tiers is measured apart.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import wageguide as wg
from wageguide.provenance import data_dir

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("seed size")]

CHAPTER = "Cleaning a district of 1,700 enterprises and 130,000 workers"
GROUPINGS = [["occupation"], ["occupation", "enterprise_size"], ["industry"], ["education"], []]
TIERS = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}
LEAST_WORKERS = 30
#: Of independent normal deviations 4.6 per cent lie beyond two; few clusters make less.
BEYOND_TWO = 0.07
#: One in 1.7 million lies beyond five.
FARTHEST = 5.0
PLACE = ["file", "row"]


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> Path:
    """The returns of a whole district, with their truth."""
    out = tmp_path_factory.mktemp("district")
    command = [sys.executable, str(data_dir() / "sample" / "generate.py"), "--out", str(out)]
    command += ["--enterprises", "1700", "--workers", "130000", "--year", "2025"]
    subprocess.run(command, check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def truth(district) -> pd.DataFrame:
    rows = pd.read_parquet(next(district.rglob("2025_workers.parquet")))
    return rows[rows["months_worked"] == 12]


@pytest.fixture(scope="module")
def edited(district) -> wg.Survey:
    returns = next(p for p in district.rglob("2025") if p.is_dir())
    received = wg.read_survey(returns, reference_year=2025, progress=False)
    return wg.edit(received, wg.read_policy(data_dir() / "sample" / "policy.toml"))


@pytest.fixture(scope="module")
def unaffected(edited, truth) -> pd.Series:
    """Whether each true row is in the cleaned survey with its true wage and keys."""
    keys = sorted({k for g in GROUPINGS for k in g})
    columns = [*PLACE, "annual_wage", *keys]
    same = truth[columns].merge(edited.workers[columns].drop_duplicates(PLACE), on=columns)
    index = pd.MultiIndex.from_frame(truth[PLACE])
    return pd.Series(index.isin(pd.MultiIndex.from_frame(same[PLACE])), index=truth.index)


def test_most_rows_come_through(edited, truth, unaffected, compared):
    assert edited.account.closes
    assert len(truth) > 120_000
    share = float(unaffected.mean())
    compared(
        CHAPTER, "rows of the true data that cleaning keeps or restores", share, 0.93, at_least=True
    )


@pytest.fixture(scope="module")
def wrong(edited, truth) -> pd.DataFrame:
    """Places of rows that are used with a wage that is not the true one."""
    both = edited.workers.merge(truth, on=PLACE, suffixes=("", "_true"))
    return both.loc[both["annual_wage"] != both["annual_wage_true"], PLACE]


def test_rows_that_are_still_wrong_are_flagged_outliers(edited, wrong, compared):
    flagged = edited.findings.frame.query("reason == 'wage_outlier'")[PLACE]
    assert len(wrong.merge(flagged.astype({"row": "int64"}), on=PLACE)) == len(wrong)
    share = len(wrong) / len(edited.workers)
    compared(CHAPTER, "rows used that are wrong and flagged, share", share, 0.002)


@pytest.mark.parametrize("by", GROUPINGS[:1], ids=" x ".join)
def test_what_flagged_rows_do_to_the_tiers(edited, truth, compared, by):
    cleaned, true = (
        wg.estimate_tiers(rows, by, on_bad_rows="set_aside").frame.set_index(by)
        for rows in (edited.workers, truth)
    )
    true = true[true["workers"] >= LEAST_WORKERS]
    gap = (cleaned.loc[true.index, list(TIERS)] / true[list(TIERS)] - 1).abs().to_numpy()
    what = f"{gap.size:,} tiers by occupation, cells with 30 workers or more, flagged rows kept: "
    compared(CHAPTER, what + "mean relative difference", float(gap.mean()), 0.01)
    compared(CHAPTER, what + "share that differ by more than 5 %", float((gap > 0.05).mean()), 0.02)


@pytest.mark.parametrize("by", GROUPINGS, ids=lambda g: " x ".join(g) or "total")
def test_tiers_differ_by_no_more_than_noise(edited, truth, wrong, unaffected, compared, by):
    known = pd.MultiIndex.from_frame(edited.workers[PLACE]).isin(pd.MultiIndex.from_frame(wrong))
    cleaned = wg.estimate_tiers(edited.workers[~known], by, on_bad_rows="set_aside").frame
    groups = truth.groupby(by) if by else [((), truth)]
    deviations = []
    for key, cell in groups:
        if len(cell) < LEAST_WORKERS:
            continue
        mine = cleaned
        for name, value in zip(by, key, strict=True):
            mine = mine[mine[name] == value]
        assert len(mine) == 1, key
        wage = np.sort(cell["annual_wage"].to_numpy())
        hit = ~unaffected[cell.index].to_numpy()
        for tier, p in TIERS.items():
            got = float(mine[tier].iloc[0])
            low = np.searchsorted(wage, got, side="left") / wage.size
            high = np.searchsorted(wage, got, side="right") / wage.size
            # A tie spans ranks, and a step of one worker on either side is no difference.
            off = max(low - p - 1 / wage.size, p - high - 1 / wage.size, 0.0)
            below = (cell["annual_wage"].to_numpy() <= got)[hit] - p
            by_firm = pd.Series(below).groupby(cell["enterprise_id"].to_numpy()[hit]).sum()
            noise = np.sqrt((by_firm**2).sum()) / wage.size
            deviations.append(off / noise if noise else (0.0 if off == 0 else np.inf))
    deviations = np.array(deviations)
    assert deviations.size >= len(TIERS)
    name = " × ".join(by) or "total"
    where = f"{name}: {deviations.size:,} tiers of cells with 30 workers or more"
    far = float((deviations > 2).mean())
    compared(CHAPTER, f"{where}, share beyond two standard deviations", far, BEYOND_TWO)
    compared(CHAPTER, f"{where}, farthest (standard deviations)", float(deviations.max()), FARTHEST)
