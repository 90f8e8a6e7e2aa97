"""Consultation: ten thousand scenarios of five years, exact costs, and curves beside charts.

    python benchmarks/bargaining.py

Scenarios: each year bands, a percentage of its own, an amount and a floor, on 130,000 workers.
Peers: numpy over all workers, for a few scenarios and scaled; and a compiled loop over distinct
wages (numba, if it is installed).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from common import machine

from wageguide.bargaining.assumptions import Assumptions, Contribution
from wageguide.bargaining.cost import cost_offer
from wageguide.bargaining.curves import cost_curve
from wageguide.bargaining.months import month_number
from wageguide.bargaining.offer import offer
from wageguide.bargaining.piecewise import Maps, Sorted, after, amount, at_least, bands, percent
from wageguide.bargaining.roster_read import make_roster

WORKERS, SCENARIOS, YEARS = 130_000, 10_000, 5
FEW = 20
RUNS = 5


def drawn() -> dict[str, np.ndarray]:
    """Clause parameters by scenario and year."""
    rng = np.random.default_rng(1)
    return {
        "limit": np.full((SCENARIOS, YEARS), 6000.0),
        "low": rng.uniform(0.02, 0.08, (SCENARIOS, YEARS)),
        "high": rng.uniform(0.0, 0.04, (SCENARIOS, YEARS)),
        "rate": rng.normal(0.02, 0.01, (SCENARIOS, YEARS)),
        "flat": rng.uniform(0, 100, (SCENARIOS, YEARS)),
        "floor": rng.uniform(2600, 3400, (SCENARIOS, YEARS)),
    }


def ours(wages: Sorted, p: dict[str, np.ndarray]) -> np.ndarray:
    """Totals by scenario and year."""
    maps = Maps.identity(SCENARIOS)
    totals = np.empty((SCENARIOS, YEARS))
    for year in range(YEARS):
        rates = np.stack([p["low"][:, year], p["high"][:, year]], axis=1)
        maps = after(maps, bands(p["limit"][:, year : year + 1], rates))
        maps = after(maps, percent(p["rate"][:, year]))
        maps = after(maps, amount(p["flat"][:, year]))
        maps = after(maps, at_least(p["floor"][:, year]))
        totals[:, year] = wages.total(maps)
    return totals


def naive(wages: np.ndarray, p: dict[str, np.ndarray], scenarios: int) -> np.ndarray:
    """The same, over all workers."""
    totals = np.empty((scenarios, YEARS))
    for s in range(scenarios):
        now = wages
        for y in range(YEARS):
            own = np.where(now <= p["limit"][s, y], 1 + p["low"][s, y], 1 + p["high"][s, y])
            now = now * own * (1 + p["rate"][s, y]) + p["flat"][s, y]
            now = np.maximum(now, p["floor"][s, y])
            totals[s, y] = now.sum()
    return totals


def compiled() -> Callable[..., np.ndarray] | None:
    """A loop over distinct wages, compiled and on all cores; None without numba."""
    # numba looks for the package coverage, and coverage.py of this folder is another thing.
    here = sys.path.pop(0)
    try:
        from numba import njit, prange
    except ImportError:
        return None
    finally:
        sys.path.insert(0, here)

    @njit(parallel=True, fastmath=True)
    def run(wages, heads, limit, low, high, rate, flat, floor):  # type: ignore[no-untyped-def]
        totals = np.zeros((limit.shape[0], limit.shape[1]))
        for s in prange(limit.shape[0]):
            for n in range(wages.size):
                w = wages[n]
                for y in range(limit.shape[1]):
                    w *= 1 + (low[s, y] if w <= limit[s, y] else high[s, y])
                    w = max(w * (1 + rate[s, y]) + flat[s, y], floor[s, y])
                    totals[s, y] += heads[n] * w
        return totals

    return run


def timed(run: Callable[[], object], runs: int = RUNS) -> tuple[float, object]:
    """Median seconds, and the last result."""
    seconds: list[float] = []
    result: object = None
    for _ in range(runs):
        begin = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), result


def simulation() -> None:
    """Scenarios beside their peers."""
    rng = np.random.default_rng(2)
    # Whole yuan, so that there are some thousands of distinct wages.
    wages = np.round(rng.lognormal(8.7, 0.5, WORKERS))
    p = drawn()
    sort, own = timed(lambda: Sorted.of(wages, np.ones(WORKERS)))
    fast, totals = timed(lambda: ours(own, p))
    slow, few = timed(lambda: naive(wages, p, FEW), 3)
    slow *= SCENARIOS / FEW
    worst = float(np.abs(totals[:FEW] / few - 1).max())
    print(f"{SCENARIOS:,} scenarios x {YEARS} years x {WORKERS:,} workers")
    print(f"  sorting once          {sort:8.3f} s")
    print(f"  composed maps         {fast:8.3f} s   off numpy by {worst:.1e}")
    print(f"  numpy, all workers    {slow:8.1f} s   {slow / fast:.0f} times as long "
          f"({FEW} scenarios, scaled)")  # fmt: skip
    run = compiled()
    if run is None:
        print("  compiled loop         skipped: numba is not installed")
        return
    distinct, heads = np.unique(wages, return_counts=True)
    arguments = (distinct, heads.astype(float), *p.values())
    run(*[a[:2] if a.ndim == 2 else a for a in arguments])
    loop, again = timed(lambda: run(*arguments), 3)
    worst = float(np.abs(totals / again - 1).max())
    print(f"  compiled loop         {loop:8.2f} s   {loop / fast:.1f} times as long "
          f"({distinct.size:,} distinct wages; off by {worst:.1e})")  # fmt: skip


def costs() -> None:
    """Exact costs, and one move of a slider beside drawing the chart."""
    law = Contribution("社保", month_number("2020-01"), Fraction(24, 100), 487_900, 2_439_600)
    rest = Assumptions((law,))
    made = (
        offer("a", "2026-01", "2030-12")
        .percent("5%", "2026-07")
        .percent("4%", "2027-07")
        .floor(3300, "2028-01")
        .done()
    )
    rng = np.random.default_rng(3)
    for workers in (5_000, 130_000):
        rows = [
            {"post": f"p{n % 40}", "base": int(b), "overtime": 20_000}
            for n, b in enumerate(rng.lognormal(13.3, 0.4, workers))
        ]
        roster = make_roster(rows, name="x")
        seconds, cost = timed(lambda r=roster: cost_offer(r, made, rest), 3)
        print(f"exact cost, {workers:,} workers x 60 months: {seconds:.2f} s ({cost.more:,} fen)")
        if workers == 5_000:
            curve, _ = timed(
                lambda r=roster: cost_curve(r, made, rest, "1.rate", [Fraction(5, 100)]), 3
            )
            print(f"  a slider move: {curve:.3f} s; drawing its two charts: {charts():.3f} s")


def charts() -> float:
    """Seconds to draw a curve and bars with matplotlib, as a panel does."""
    from io import BytesIO

    from matplotlib.figure import Figure

    def draw() -> None:
        figure = Figure(figsize=(9, 3.5), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(range(20), range(20), marker="o")
        right.bar(range(40), range(40))
        figure.savefig(BytesIO(), format="png", dpi=110)

    return timed(draw)[0]


if __name__ == "__main__":
    print(machine())
    simulation()
    costs()
