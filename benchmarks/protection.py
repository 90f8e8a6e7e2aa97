"""Protection and attack of five linked tables, beside the estimation of the same tables.

    python benchmarks/protection.py [5000 10000 100000]

Synthetic: 130,000 workers of 1,700 enterprises, ten times as many from 50,000 cells on;
occupations of unequal size, each enterprise with some of them. The arguments are the cells
that the tables are to have in all.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from common import machine

from wageguide.disclosure.audit import audit
from wageguide.disclosure.protect import Protection, protect
from wageguide.disclosure.published import CONFIDENTIAL, PublishedTable
from wageguide.disclosure.settings import DisclosureSettings
from wageguide.survey.design import Design
from wageguide.tiers.estimate import estimate_tables
from wageguide.tiers.table import TierTable

ROWS, ENTERPRISES = 130_000, 1_700
GROUPINGS = [
    ("occupation",),
    ("occupation", "level"),
    ("occupation", "skill"),
    ("occupation", "size"),
    ("industry",),
    (),
]
IDS = ["occupation", "level", "skill", "size", "industry", "total"]
RULES = DisclosureSettings(
    method="suppress",
    owner="",
    min_enterprises=3,
    min_workers=10,
    dominance_n=0,
    dominance_share=0.85,
    p_percent=10,
    weights_public=False,
    quantile_enterprises=3,
    quantile_rounding_yuan=100,
    top_code_yuan=0,
    counts_multiple=1,
    protect_share=0.1,
    intruder_share=0.5,
    cost="workers",
    exact_cells=0,
    revision_enterprises=3,
    audit_width=0.1,
)


def district(occupations: int, times: int = 1, seed: int = 1) -> pd.DataFrame:
    """Workers of enterprises; every enterprise has some of the occupations."""
    rng = np.random.default_rng(seed)
    rows, enterprises = ROWS * times, ENTERPRISES * times
    enterprise = np.sort(rng.choice(enterprises, rows, p=_shares(rng, enterprises)))
    own = rng.choice(occupations, (enterprises, 25), p=_shares(rng, occupations))
    occupation = own[enterprise, rng.integers(0, 25, rows)]
    wage = np.exp(11 + rng.normal(0, 0.4, occupations)[occupation] + rng.normal(0, 0.4, rows))
    return pd.DataFrame(
        {
            "occupation": np.char.add("o", occupation.astype(str)),
            "level": np.char.add("l", rng.integers(0, 5, rows).astype(str)),
            "skill": np.char.add("s", rng.integers(0, 6, rows).astype(str)),
            "size": np.char.add("z", (enterprise % 4).astype(str)),
            "industry": np.char.add("i", (enterprise % 20).astype(str)),
            "enterprise": np.char.add("e", enterprise.astype(str)),
            "wage": np.round(wage),
            "weight": np.round(rng.uniform(1, 5, rows), 2),
        }
    )


def _shares(rng: np.random.Generator, n: int) -> np.ndarray:
    share = rng.pareto(1.2, n) + 0.1
    return share / share.sum()


def printed(tables: tuple[TierTable, ...], found: Protection) -> list[PublishedTable]:
    """What a reader gets: whole workers, hundreds of yuan."""
    result = []
    for n, table in enumerate(tables):
        frame = table.frame[[*table.by, "workers", "enterprises", "weight", "mean"]].copy()
        figures = ["workers", "enterprises", "weight", "mean"]
        frame[figures] = frame[figures].astype(float)
        frame["weight"] = frame["weight"].round()
        frame["mean"] = (frame["mean"] / 100).round() * 100
        frame["mark"] = np.where(found.confidential(n), CONFIDENTIAL, "")
        frame.loc[found.confidential(n), figures] = np.nan
        units = {"weight": 1.0, "mean": 100.0}
        result.append(PublishedTable(IDS[n], 2025, table.by, frame, units))
    return result


def timed(run: Callable[[], object]) -> tuple[float, object]:
    """Seconds, the median of three runs unless one takes half a minute; and the result."""
    seconds: list[float] = []
    while len(seconds) < 3 and (not seconds or seconds[0] < 30):
        begin = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - begin)
    return sorted(seconds)[len(seconds) // 2], result


def main(goals: list[int]) -> None:
    """Print a table of seconds and of what stays published."""
    print(machine())
    design = Design(weight="weight", enterprise="enterprise")
    print(f"{'cells':>8} {'estimate':>9} {'protect':>9} {'attack':>9} {'ratio':>6} "
          f"{'cells shown':>12} {'workers shown':>14} {'peak GB':>8}")  # fmt: skip
    for goal in goals:
        rows = district(max(goal // 12, 50), 10 if goal >= 50_000 else 1)

        def estimate(rows: pd.DataFrame = rows) -> tuple[TierTable, ...]:
            return estimate_tables(rows, GROUPINGS, wage="wage", design=design, se="linearized")

        estimate()
        first, tables = timed(estimate)

        def secure(rows: pd.DataFrame = rows, tables: object = tables) -> Protection:
            return protect(rows, tables, ids=IDS, settings=RULES, enterprise="enterprise",
                           wage="wage", weight="weight")  # fmt: skip

        second, found = timed(secure)
        public = printed(tables, found)
        third, attacked = timed(
            lambda f=found, p=public: audit(p, width=0.1, few=1, needed=f.needed)
        )
        assert attacked.passed, attacked
        cells = int(found.summary["rows"].sum())
        shown = 1 - found.summary["confidential"].sum() / cells
        workers = found.summary["workers_shown"].mean()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"{cells:8,} {first:8.2f}s {second:8.2f}s {third:8.2f}s "
              f"{(second + third) / first:6.1f} {shown:11.1%} "
              f"{workers:13.1%} {peak:8.2f}")  # fmt: skip


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [5_000, 10_000])
