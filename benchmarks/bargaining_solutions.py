"""Frontier and solutions of a consultation, in wageguide and in NegMAS 0.16.0.

    python benchmarks/bargaining_solutions.py [PYTHON]

Packages of two clauses of the sample, on finer and finer grids. PYTHON is an interpreter in
which negmas is installed; without it that half is skipped. NegMAS picks one package of the grid,
wageguide may stand between two: they come nearer to each other as the grid gets finer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
from common import machine

from wageguide.bargaining.assumptions import read_assumptions
from wageguide.bargaining.constraints import read_constraints
from wageguide.bargaining.offer import read_offers
from wageguide.bargaining.packages import packages
from wageguide.bargaining.roster_read import read_roster
from wageguide.bargaining.solutions import egalitarian, frontier, kalai_smorodinsky, nash
from wageguide.bargaining.zone import find_zone
from wageguide.provenance import data_dir

RUNS = 5
#: Run by the other interpreter: the gains of each package come in, the points go out.
NEGMAS = """
import json, statistics, sys, time
from negmas.outcomes import make_issue
from negmas.preferences import MappingUtilityFunction
from negmas.preferences.ops import kalai_points, ks_points, nash_points, pareto_frontier
gains = json.load(sys.stdin)
outcomes = [(n,) for n in range(len(gains))]
issue = make_issue(len(gains), "package")
ufuns = [
    MappingUtilityFunction({o: g[s] for o, g in zip(outcomes, gains)}, issues=[issue],
                           reserved_value=0.0)
    for s in (0, 1)
]
seconds = []
for _ in range(5):
    begin = time.perf_counter()
    front, _ = pareto_frontier(ufuns, outcomes)
    ranges = [(0.0, max(p[s] for p in front)) for s in (0, 1)]
    points = [f(ufuns, front, ranges=ranges, outcomes=outcomes)[0][0]
              for f in (nash_points, ks_points, kalai_points)]
    seconds.append(time.perf_counter() - begin)
print(json.dumps({"seconds": statistics.median(seconds), "frontier": sorted(front),
                  "points": points}))
"""
NAMES = ("Nash", "Kalai-Smorodinsky", "equal gains")


def gains(steps: int) -> np.ndarray:
    """What each package inside the zone gives the two sides, in thousand yuan."""
    folder = data_dir() / "sample" / "consultation"
    roster = read_roster(folder / "roster.csv")
    offer = read_offers(folder / "offers.toml")[-1]
    grid = packages(
        roster,
        offer,
        read_assumptions(folder / "assumptions.toml"),
        {
            "1.rate": [Fraction(12 * n, 100 * steps) for n in range(steps + 1)],
            "2.amount": [300_000 + 150_000 * n // steps for n in range(steps + 1)],
        },
    )
    zone = find_zone(grid, read_constraints(folder / "constraints.toml"))
    frame = zone.packages
    least = frame["gain"][frame["workers_short"] == 0].min()
    most = frame["outlay"][frame["enterprise_short"] == 0].max()
    inside = frame[frame["inside"]]
    return np.column_stack([inside["gain"] - least, most - inside["outlay"]]) / 1000


def ours(points: np.ndarray, *, convex: bool) -> tuple[float, object]:
    """Median seconds, frontier and the three solutions."""
    seconds = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        line = frontier(points[:, 0], points[:, 1], convex=convex)
        found = [nash(line), kalai_smorodinsky(line), egalitarian(line)]
        seconds.append(time.perf_counter() - begin)
    return float(np.median(seconds)), (line, [(s.first, s.second) for s in found])


def main(python: str | None) -> None:
    """Print both answers and how far they are apart."""
    print(machine())
    for steps in (10, 30, 60):
        points = gains(steps)
        seconds, (line, found) = ours(points, convex=False)
        _, (hull, mixed) = ours(points, convex=True)
        print(
            f"\n{(steps + 1) ** 2:,} packages, {len(points):,} in the zone, frontier of "
            f"{line.first.size} (hull {hull.first.size}); wageguide {1000 * seconds:.1f} ms"
        )
        for name, (u, v), (x, y) in zip(NAMES, found, mixed, strict=True):
            print(f"  {name:18} {u:9.3f} {v:9.3f}   with mixing {x:9.3f} {y:9.3f}")
        if python is None:
            print("  negmas: skipped, no interpreter with negmas was named")
            continue
        run = subprocess.run([python, "-c", NEGMAS], input=json.dumps(points.tolist()),
                             capture_output=True, text=True, check=True)  # fmt: skip
        theirs = json.loads(run.stdout)
        own = np.column_stack([line.first, line.second])
        same = own.shape == np.shape(theirs["frontier"]) and np.allclose(
            own, theirs["frontier"], rtol=1e-12
        )
        print(
            f"  negmas {1000 * theirs['seconds']:.1f} ms; {'the same' if same else 'ANOTHER'} "
            f"frontier of {len(theirs['frontier'])}"
        )
        gap = np.hypot(*np.diff(own, axis=0).T).max()
        for name, one, other in zip(NAMES, found, theirs["points"], strict=True):
            apart = np.hypot(*np.subtract(one, other))
            print(
                f"  {name:18} {other[0]:9.3f} {other[1]:9.3f}   {apart:.3f} apart; neighbours on "
                f"the frontier are up to {gap:.3f} apart"
            )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
