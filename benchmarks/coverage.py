"""How often 95 % intervals hold the true value, by grade, in samples from a known district.

    python benchmarks/coverage.py                       # 2,000 samples, a few minutes
    python benchmarks/coverage.py --samples 200 --interval xlogit
    python benchmarks/coverage.py --district 2          # a district of the same kind, made anew

The district of `coverage_district.py` is fixed, its true figures are known. From each sample
of enterprises the tiers of all occupations are estimated with linearized errors and graded by
`cn_enterprise`; counted is whether the interval holds the true figure. Weights are those of the
design, or calibrated to the workers by industry and by size.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from common import machine, print_table
from coverage_district import OCCUPATIONS, SEED, District, make_district

from wageguide.survey.calibrate import linear
from wageguide.survey.design import Calibration, Design
from wageguide.tiers.error_settings import ErrorSettings
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.grade_files import load_grading
from wageguide.tiers.quality import COUNTED, Figure, grade_columns

FIGURES = {"mean": None, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}
GRADING = load_grading("cn_enterprise")
GOOD = [c.code for c in GRADING.classes if c.good]
#: Samples in which a figure must be graded good for its own coverage to be judged.
OFTEN = 0.5
#: Bands of the degrees of freedom, and of the effective enterprises, of a cell.
BANDS = (1, 2, 3, 5, 8, 10, 12, 15, 20, 30, 50, 10_000)
BY = ("degrees of freedom", "effective enterprises")

_DESIGN = {
    "weight": "weight",
    "enterprise": "enterprise",
    "stratum": "stratum",
    "population": "population",
}
MARGINS = ("industry", "size")


def _zeros() -> np.ndarray:
    return np.zeros((OCCUPATIONS, len(FIGURES), len(GRADING.classes)), int)


@dataclass
class Counts:
    """How often each figure of each cell had each grade, an interval, and the truth in it.

    Arrays of shape (occupations, figures, grades); `banded` of (intervals and hits, what is
    counted, figures, bands).
    """

    graded: np.ndarray = field(default_factory=_zeros)
    intervals: np.ndarray = field(default_factory=_zeros)
    hits: np.ndarray = field(default_factory=_zeros)
    banded: np.ndarray = field(
        default_factory=lambda: np.zeros((2, len(BY), len(FIGURES), len(BANDS) - 1), int)
    )


def calibrated(rows: pa.Table, district: District) -> pa.Table:
    """Rows with weights that meet the workers of the district by industry and by size."""
    blocks, totals = [], []
    for name in MARGINS:
        present, code = np.unique(rows[name].to_numpy(), return_inverse=True)
        blocks.append(code[:, None] == np.arange(present.size))
        everyone = district.rows[name].to_numpy()
        totals += [int((everyone == value).sum()) for value in present]
    found = linear(rows["base"].to_numpy(), np.concatenate(blocks, axis=1), totals)
    return rows.append_column("weight", pa.array(found.weights))


def count(
    counts: Counts, rows: pa.Table, design: Design, settings: ErrorSettings, truth: np.ndarray
) -> None:
    """Estimate one sample's table and count what its intervals hold."""
    table = estimate_tiers(rows, ["occupation"], design=design, se=settings).frame
    df = table["df"].to_numpy(float)
    figures = {
        name: Figure(table[name].to_numpy(), table[f"se_{name}"].to_numpy(), df, share)
        for name, share in FIGURES.items()
    }
    graded = grade_columns(GRADING, figures, {n: table[c] for n, c in COUNTED.items()})
    cell = table["occupation"].to_numpy()
    counted = np.array([df, table["effective_enterprises"]])
    band = np.searchsorted(BANDS, counted, side="right") - 1
    for k, name in enumerate(FIGURES):
        place = np.array([GRADING.place(code) for code in graded[name]])
        low, high = table[f"low_{name}"].to_numpy(), table[f"high_{name}"].to_numpy()
        there = np.isfinite(low) & np.isfinite(high)
        hit = there & (low <= truth[cell, k]) & (truth[cell, k] <= high)
        np.add.at(counts.graded, (cell, k, place), 1)
        np.add.at(counts.intervals, (cell, k, place), there)
        np.add.at(counts.hits, (cell, k, place), hit)
        for by in range(len(BY)):
            usable = there & (band[by] >= 0)
            np.add.at(counts.banded[0, by, k], band[by, usable], 1)
            np.add.at(counts.banded[1, by, k], band[by, usable], hit[usable])


def simulate(samples: int, interval: str, seed: int, *, with_calibration: bool) -> Counts:
    """Draw samples and count."""
    district = make_district(seed)
    frame = estimate_tiers(district.rows, ["occupation"]).frame.set_index("occupation")
    truth = np.full((OCCUPATIONS, len(FIGURES)), np.nan)
    truth[frame.index] = frame[list(FIGURES)]
    settings = ErrorSettings(interval=interval)
    design = Design(**_DESIGN, single_unit="fail")
    if with_calibration:
        calibration = Calibration("base", tuple((m,) for m in MARGINS))
        design = Design(**_DESIGN, calibration=calibration)
    rng = np.random.default_rng(20261125)
    counts, begin = Counts(), time.perf_counter()
    for number in range(1, samples + 1):
        rows = district.sample(rng)
        if with_calibration:
            rows = calibrated(rows, district)
        else:
            rows = rows.append_column("weight", rows["base"])
        count(counts, rows, design, settings, truth)
        if number % 50 == 0 or number == samples:
            passed = time.perf_counter() - begin
            sys.stderr.write(f"\r{number:,} of {samples:,} samples, {passed:.0f} s ")
    sys.stderr.write("\n")
    return counts


def rate(hits: np.ndarray | int, of: np.ndarray | int) -> str:
    return f"{100 * hits / of:.1f} %" if of else "–"


def report(title: str, counts: Counts, samples: int) -> None:
    """Coverage by figure and grade, cell by cell, and by what the errors rest on."""
    good = [GRADING.place(code) for code in GOOD]
    lines = []
    for k, name in enumerate(FIGURES):
        hits, of = (a[:, k, good].sum() for a in (counts.hits, counts.intervals))
        by_grade = [
            rate(counts.hits[:, k, g].sum(), counts.intervals[:, k, g].sum())
            for g in range(len(GRADING.classes))
        ]
        lines.append((name, rate(hits, of), f"{of:,}", *by_grade))
    codes = [c.code for c in GRADING.classes]
    print_table(f"{title}: coverage by grade", ("figure", "good", "of", *codes), lines)
    lines = []
    for k, name in enumerate(FIGURES):
        hits, of = (a[:, k, good].sum(axis=1) for a in (counts.hits, counts.graded))
        often = of >= OFTEN * samples
        cover = 100 * hits[often] / of[often]
        inside = ((cover >= 93) & (cover <= 97)).sum()
        noise = 100 * 2 * np.sqrt(0.05 * 0.95 / of[often])
        near = ((cover >= 93 - noise) & (cover <= 97 + noise)).sum()
        lines.append(
            (name, f"{often.sum()}", f"{inside}", f"{near}", f"{cover.min(initial=100):.1f} %",
             f"{np.median(cover):.1f} %", f"{cover.max(initial=0):.1f} %")
        )  # fmt: skip
    print_table(
        f"{title}: occupations graded good in at least {OFTEN:.0%} of the samples",
        ("figure", "occupations", "93–97 %", "within noise of it", "lowest", "median", "highest"),
        lines,
    )
    bands = [
        f"from {a} to under {b}" if b < BANDS[-1] else f"{a} and more"
        for a, b in itertools.pairwise(BANDS)
    ]
    for by, counted in enumerate(BY):
        of, hits = counts.banded[0, by], counts.banded[1, by]
        lines = [
            (band, *(rate(hits[k, b], of[k, b]) for k in range(len(FIGURES))))
            for b, band in enumerate(bands)
        ]
        print_table(f"{title}: coverage by {counted}, any grade", (counted, *FIGURES), lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=2_000)
    parser.add_argument("--interval", default="mean", help="mean, xlogit, asin or beta")
    parser.add_argument("--district", type=int, default=SEED, help="seed of the district")
    options = parser.parse_args()
    print(f"\n{machine('scipy')}")
    print(
        f"\n{options.samples:,} samples, interval {options.interval}, district {options.district}"
    )
    for title, with_calibration in (("design weights", False), ("calibrated weights", True)):
        counts = simulate(
            options.samples, options.interval, options.district, with_calibration=with_calibration
        )
        report(title, counts, options.samples)


if __name__ == "__main__":
    main()
