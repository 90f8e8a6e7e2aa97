"""Quantiles and means with standard errors by other programs: svy (Python) and survey (R).

    python uncertainty_peers.py rows.parquet out_dir --what quantiles
    python uncertainty_peers.py rows.parquet out_dir --what bootstrap
    python uncertainty_peers.py rows.parquet out_dir --what quantiles --peer survey

`rows.parquet` has the columns cell, stratum, enterprise, weight and wage; `uncertainty_data.py`
writes such files, and the CSV beside them that R reads. Each run is a process of its own and
leaves in `out_dir`

* `<peer>_<what>.json`: seconds of each step, peak memory, versions, load of the machine;
* `<peer>_<what>_quantiles` and `_means`: the answers, `.parquet` from svy and `.csv` from R;
* `svy_bootstrap_factors.parquet`: replicate weight over weight by enterprise, so that others
  can answer from the same replicates.

What is asked: p10, p25, p50, p75, p90 and the mean by cell, enterprises sampled in strata, with
replacement, the whole design kept for each cell. "quantiles": standard errors and intervals
after Woodruff, and those of the mean by linearisation. "bootstrap": 200 replicates after Rao
and Wu, n - 1 enterprises of each stratum (svy only).

Neither program is needed by wageguide, nor installed with it:

* svy has requirements of its own, so give it an environment of its own:
  `python -m venv peers && peers/bin/pip install "svy==0.35.*"`, and name the interpreter in
  WAGEGUIDE_PEERS_PYTHON or `--python` (else: the one that runs this file).
* R with the packages survey, data.table and jsonlite (on Debian and Ubuntu `apt install
  r-base-core r-cran-survey r-cran-data.table r-cran-jsonlite`); name Rscript in
  WAGEGUIDE_PEERS_RSCRIPT or `--rscript` (else: the one on the path).

svy is called as its guide says: one `Sample`, `by=` for the cells, all probabilities in one call.
Reading and the making of the design are timed apart. It centres replicates on their mean and
divides by their number; R's subbootstrap divides by one less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TypeVar

PROBS = (0.10, 0.25, 0.50, 0.75, 0.90)
REPLICATES = 200
SEED = 20260101
#: Set in the process that does the work.
INSIDE = "WAGEGUIDE_PEERS_INSIDE"
T = TypeVar("T")


class Clock:
    """Seconds of each named step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, step: str, run: Callable[[], T]) -> T:
        """Run a step and note how long it takes."""
        begin = time.perf_counter()
        result = run()
        self.seconds[step] = time.perf_counter() - begin
        return result


def peak_gb() -> float:
    """Largest resident size of this process so far, in GB."""
    import resource

    unit = 1e9 if sys.platform == "darwin" else 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def svy_sample(path: Path, clock: Clock):
    """The rows with their design."""
    import polars as pl
    import svy

    frame = clock.time("read", lambda: pl.read_parquet(path))
    design = svy.Design(stratum="stratum", psu="enterprise", wgt="weight")
    return clock.time("design", lambda: svy.Sample(frame, design))


def svy_answers(sample, clock: Clock, method: str | None) -> dict:
    """Both tables as frames."""
    ask = sample.estimation
    quantiles = clock.time(
        "quantiles", lambda: ask.quantile("wage", p=PROBS, by="cell", method=method)
    )
    # The largest resident size only grows: this one is the quantiles' alone.
    clock.seconds["peak_gb_after_quantiles"] = peak_gb()
    means = clock.time("means", lambda: ask.mean("wage", by="cell", method=method))
    return {"quantiles": quantiles.to_polars(), "means": means.to_polars()}


def svy_quantiles(path: Path, clock: Clock) -> dict:
    """Woodruff and linearisation."""
    return svy_answers(svy_sample(path, clock), clock, None)


def svy_bootstrap(path: Path, clock: Clock) -> dict:
    """Replicates, made and used by svy's compiled code."""
    import polars as pl

    sample = svy_sample(path, clock)
    before = set(sample.data.columns)
    sample = clock.time(
        "replicates",
        lambda: sample.weighting.create_bs_wgts(n_reps=REPLICATES, rstate=SEED),
    )
    answers = svy_answers(sample, clock, "replication")
    columns = [c for c in sample.data.columns if c not in before]
    by_number = sorted(columns, key=lambda c: int("".join(filter(str.isdigit, c))))
    if len(by_number) != REPLICATES:
        raise SystemExit(f"{len(by_number)} columns of replicate weights, {REPLICATES} wanted.")
    first = sample.data.unique("enterprise", keep="first").sort("enterprise")
    factors = [(pl.col(c) / pl.col("weight")).alias(f"r{i}") for i, c in enumerate(by_number, 1)]
    answers["factors"] = first.select("enterprise", *factors)
    return answers


def run_svy(path: Path, out: Path, what: str) -> None:
    """Do the work in this process."""
    clock = Clock()
    load = os.getloadavg()
    answers = {"quantiles": svy_quantiles, "bootstrap": svy_bootstrap}[what](path, clock)
    after_quantiles = clock.seconds.pop("peak_gb_after_quantiles")
    report = {
        "peer": "svy",
        "what": what,
        "rows_file": path.name,
        "cells": answers["means"].height,
        "seconds": clock.seconds,
        "peak_gb_after_quantiles": after_quantiles,
        "peak_gb": peak_gb(),
        "load_before": load,
        "load_after": os.getloadavg(),
        "versions": {p: metadata.version(p) for p in ("svy", "svy-rs", "polars", "numpy")},
    }
    for name, frame in answers.items():
        frame.write_parquet(out / f"svy_{what}_{name}.parquet")
    (out / f"svy_{what}.json").write_text(json.dumps(report, indent=1), encoding="utf-8")


def main() -> None:
    """Start the peer in a process of its own, and print what it reports."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=Path)
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--what", choices=("quantiles", "bootstrap"), required=True)
    parser.add_argument("--peer", choices=("svy", "survey"), default="svy")
    parser.add_argument("--cells", type=int, help="only the first of the cells (survey only)")
    parser.add_argument(
        "--python", default=os.environ.get("WAGEGUIDE_PEERS_PYTHON", sys.executable)
    )
    parser.add_argument("--rscript", default=os.environ.get("WAGEGUIDE_PEERS_RSCRIPT", "Rscript"))
    options = parser.parse_args()
    options.out_dir.mkdir(parents=True, exist_ok=True)
    if os.environ.get(INSIDE):
        run_svy(options.rows, options.out_dir, options.what)
        return
    arguments = [str(options.rows), str(options.out_dir), "--what", options.what]
    if options.peer == "svy":
        if options.cells:
            parser.error("--cells is for --peer survey: svy is fast enough for all of them.")
        command = [options.python, __file__, *arguments]
    else:
        if options.what != "quantiles":
            parser.error("--peer survey answers --what quantiles only.")
        csv = options.rows.with_suffix(".csv")
        if not csv.exists():
            parser.error(f"R reads {csv}, which is not there: uncertainty_data.py writes it.")
        script = Path(__file__).with_suffix(".R")
        cells = str(options.cells or 0)
        command = [options.rscript, "--vanilla", str(script), str(csv), str(options.out_dir), cells]
    subprocess.run(command, env={**os.environ, INSIDE: "1"}, check=True)
    print((options.out_dir / f"{options.peer}_{options.what}.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
