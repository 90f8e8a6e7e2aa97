"""Briefs of 1,400 enterprises from one folder, and what part of the time writing them takes.

    python benchmarks/consultations.py

Rosters are drawn from the sample's, 93 workers on average (130,000 in all); each enterprise has
the sample's three offers. Interrupted after a third, the second run goes on where the first was.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from common import machine

from wageguide.provenance import data_dir
from wageguide.publish.consultation_batch import consult_folder
from wageguide.publish.consultation_files import (
    ConsultationInputs,
    make_consultation,
    write_consultation,
)

ENTERPRISES, WORKERS = 1_400, 130_000
PART = 100
SAMPLE = data_dir() / "sample" / "consultation"


def inputs_of(folder: Path, roster: Path) -> ConsultationInputs:
    """Inputs of one enterprise: its roster and offers, and the common assumptions."""
    common = {n: SAMPLE / f"{n}.toml" for n in ("assumptions", "constraints", "facts")}
    return ConsultationInputs(
        roster, folder / "offers.toml", common["assumptions"], common["constraints"], None,
        common["facts"], None, None, "320115", dt.date(2026, 4, 1), None, None, (), False, "zh",
    )  # fmt: skip


def made(folder: Path) -> int:
    """Folders of all enterprises; gives the number of workers."""
    rng = np.random.default_rng(5)
    with (SAMPLE / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    sizes = rng.lognormal(0.0, 1.0, ENTERPRISES)
    sizes = np.maximum(8, np.round(sizes * WORKERS / sizes.sum())).astype(int)
    for number, size in enumerate(sizes.tolist()):
        place = folder / f"{number:04}"
        place.mkdir(parents=True)
        # Every post of the sample first, so that every clause finds its group.
        drawn = [rows[n] for n in rng.integers(0, len(rows), size).tolist()] + rows[-2:] + rows[:2]
        with (place / "roster.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *drawn])
        shutil.copy(SAMPLE / "offers.toml", place)
    return int(sizes.sum()) + 4 * ENTERPRISES


def shares(folder: Path, out: Path) -> tuple[float, float]:
    """Seconds of reading and reckoning, and of writing, of one enterprise; medians."""
    reckon, write = [], []
    for place in sorted(folder.iterdir())[:PART]:
        begin = time.perf_counter()
        found = make_consultation(inputs_of(place, place / "roster.csv"), name=place.name)
        middle = time.perf_counter()
        write_consultation(out / place.name, found, charts=False)
        reckon.append(middle - begin)
        write.append(time.perf_counter() - middle)
    return statistics.median(reckon), statistics.median(write)


def main() -> None:
    """Run and print."""
    print(machine())
    with tempfile.TemporaryDirectory() as kept:
        folder, out = Path(kept) / "in", Path(kept) / "out"
        workers = made(folder)
        reckon, write = shares(folder, Path(kept) / "one")
        print(f"one enterprise: reading and reckoning {1e3 * reckon:.0f} ms, writing "
              f"{1e3 * write:.0f} ms ({100 * write / (reckon + write):.0f} %)")  # fmt: skip
        begin = time.perf_counter()
        consult_folder(folder, out, inputs_of)
        whole = time.perf_counter() - begin
        print(f"{ENTERPRISES:,} enterprises, {workers:,} workers: {whole:.1f} s")
        for place in sorted(out.iterdir())[ENTERPRISES // 3 :]:
            if place.is_dir():
                shutil.rmtree(place)
        begin = time.perf_counter()
        states = (
            consult_folder(folder, out, inputs_of, progress=False)["state"].value_counts().to_dict()
        )
        print(f"gone on after a third: {time.perf_counter() - begin:.1f} s, {states}")
        begin = time.perf_counter()
        states = (
            consult_folder(folder, out, inputs_of, progress=False)["state"].value_counts().to_dict()
        )
        print(f"run again: {time.perf_counter() - begin:.1f} s, {states}")


if __name__ == "__main__":
    main()
