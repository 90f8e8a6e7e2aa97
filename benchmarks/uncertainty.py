"""Five quantiles and the mean by cell, with standard errors and intervals, against two peers.

    python benchmarks/uncertainty.py              # all of it: a quarter of an hour
    python benchmarks/uncertainty.py --no-peers   # wageguide and numpy alone: a minute

Enterprises are drawn in strata with replacement; every cell is a domain of the full design.
Compared are svy (Python, compiled) at 1 million rows and 1,000 cells, and R's survey package
at 130 thousand rows and 1,500 cells; `uncertainty_peers.py` says how to install them, and runs
each in a process of its own. wageguide is timed from Arrow columns in memory, with all checks
(`estimate_tiers`), and from codes and a made design (the kernel), which is where the peers'
clocks start; the unit is one `np.sort` of as many packed keys.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from common import DISPATCHES, STEADY_MALLOC, interleaved, machine, print_table, rerun, summary
from uncertainty_data import WEIGHT_UNIT, DesignRows, make_design_rows, write_rows

from wageguide.survey.design import Design
from wageguide.tiers.cells import Question
from wageguide.tiers.error_settings import error_settings
from wageguide.tiers.estimate import estimate_tiers
from wageguide.tiers.kernel import sort_rows
from wageguide.tiers.keys import encode_key
from wageguide.tiers.pairs import PairRows
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.replicated import replicate_variance, sorted_units
from wageguide.tiers.replicates import Replicates
from wageguide.tiers.sampling import sample_design
from wageguide.tiers.scale import WageCheck, WeightCheck
from wageguide.tiers.scheme import load_scheme
from wageguide.tiers.uncertainty import numbers_with_errors

SIZES = {
    "1,000,000 rows, 1,000 cells": (1_000_000, 1_000),
    "130,000 rows, 1,500 cells": (130_000, 1_500),
}
PROBS = (10, 25, 50, 75, 90)
SORT = "np.sort of the packed keys"
REPLICATES = 200
ROUNDS = 7
#: Rows, cells, whether cells are mixed over enterprises, whether codes are text, and who
#: else computes the table.
PEER_RUNS = (
    (1_000_000, 1_000, False, False, "svy"),
    (130_000, 1_500, True, False, "svy"),
    (130_000, 1_500, False, False, "R"),
    (130_000, 1_500, False, True, "R"),
    (130_000, 1_500, True, True, "R"),
    (130_000, 1_500, True, False, "bootstrap"),
    (1_000_000, 1_000, False, False, "bootstrap"),
)
HERE = Path(__file__).parent


def table_of(rows: DesignRows):
    """The rows as Arrow columns, as a file would give them."""
    import pyarrow as pa

    return pa.table(
        {
            "cell": rows.cell,
            "stratum": rows.stratum,
            "enterprise": rows.enterprise,
            "weight": rows.weight / WEIGHT_UNIT,
            "wage": rows.fen / 100,
        }
    )


DESIGN = Design(weight="weight", enterprise="enterprise", stratum="stratum")


def estimated(table, se: str | None):
    """The table of tiers by cell, its Arrow columns."""
    return estimate_tiers(table, ["cell"], wage="wage", design=DESIGN, se=se).columns


class Coded:
    """Rows in codes and their design: what the peers, too, have before they are timed."""

    def __init__(self, table) -> None:
        wage, weight = table["wage"].to_numpy(), table["weight"].to_numpy()
        wages, weights = WageCheck(), WeightCheck()
        wages.see(wage)
        weights.see(weight)
        scheme, rule = load_scheme("percentiles"), quantile_rule("inverted_cdf")
        self.question = Question(scheme, rule, wages.scale(), weights.scale())
        cells = encode_key("cell", table["cell"])
        self.cell, self.cells = cells.code, len(cells.values)
        self.code = self.question.wages.codes(wage)
        self.weight = self.question.weights.units(weight)
        self.sample = sample_design(table, DESIGN)

    def estimate(self, se: str):
        """Figures with errors of every cell."""
        rows = sort_rows(self.cell, self.cells, self.code, self.weight)
        pairs = PairRows.of(self.cell, self.code, self.weight, self.sample)
        return numbers_with_errors(rows, pairs, self.question, self.sample, error_settings(se))


def sorting(rows: DesignRows):
    """One sort of cell, wage and weight packed in eight bytes."""
    low = int(rows.weight.max()).bit_length()
    high = low + int(rows.fen.max()).bit_length()
    keys = (rows.cell.astype(np.int64) << high) | (rows.fen << low) | rows.weight
    return lambda: np.sort(keys)


def measure() -> None:
    """One dispatch: time everything of ours in turn."""
    print(f"\n{machine()}")
    for title, (n, cells) in SIZES.items():
        rows = make_design_rows(n, cells)
        table = table_of(rows)
        coded = Coded(table)
        contenders = {
            SORT: sorting(rows),
            "kernel with errors": lambda coded=coded: coded.estimate("linearized"),
            "estimate_tiers without errors": lambda table=table: estimated(table, None),
            "estimate_tiers with linearized errors": lambda table=table: estimated(
                table, "linearized"
            ),
        }
        seconds = interleaved(contenders, ROUNDS)
        print_table(title, ("method", "ms, median (min–max)", "x one sort"), summary(seconds, SORT))


def once(what: str) -> None:
    """One estimate in a fresh process: seconds and peak memory as JSON."""
    import resource
    import time

    import pyarrow.parquet as pq

    path, form = what.rsplit(":", 1)
    se = form.replace("=", ":")
    table = pq.read_table(path)
    coded = Coded(table)
    whole, kernel = [], []
    for _ in range(5):
        begin = time.perf_counter()
        columns = estimated(table, se)
        middle = time.perf_counter()
        coded.estimate(se)
        whole.append(middle - begin)
        kernel.append(time.perf_counter() - middle)
    pq.write_table(columns, f"{path}.{form.partition('=')[0]}.parquet")
    report = {
        "seconds": statistics.median(whole),
        "kernel": statistics.median(kernel),
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }
    print(json.dumps(report))


def run_once(path: Path, se: str) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, "--once", f"{path}:{se.replace(':', '=')}"],
        capture_output=True, text=True, check=True, env={**os.environ, **STEADY_MALLOC},
    )  # fmt: skip
    return json.loads(done.stdout)


def peer(path: Path, out: Path, *options: str) -> dict:
    """One peer in its own process; what it reports."""
    done = subprocess.run(
        [sys.executable, str(HERE / "uncertainty_peers.py"), str(path), str(out), *options],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(options)} failed:\n{done.stderr[-2000:]}")
    start = done.stdout.index("{")
    return json.loads(done.stdout[start:])


def against_peers(folder: Path) -> None:
    lines = []
    for rows, cells, mixed, text, what in PEER_RUNS:
        kind = ", mixed" * mixed + ", text codes" * text
        path = folder / f"rows{rows}{kind.replace(', ', '_').replace(' ', '_')}.parquet"
        write_rows(make_design_rows(rows, cells, mixed=mixed), path, text=text)
        title = f"{rows:,} × {cells:,}{kind}"
        if what == "R":
            report = peer(path, folder, "--what", "quantiles", "--peer", "survey")
            ours = run_once(path, "linearized")
            name, steps = f"R survey {report['versions']['survey']}", ("quantiles",)
            compare_r(title, folder, Path(f"{path}.linearized.parquet"))
        elif what == "svy":
            report = peer(path, folder, "--what", "quantiles")
            ours = run_once(path, "linearized")
            name, steps = f"svy {report['versions']['svy']}", ("quantiles",)
            compare_svy(title, folder / "svy_quantiles", Path(f"{path}.linearized.parquet"))
        else:
            report = peer(path, folder, "--what", "bootstrap")
            ours = run_once(path, f"bootstrap:{REPLICATES}")
            name = f"svy {report['versions']['svy']}, {REPLICATES} replicates"
            steps = ("replicates", "quantiles", "means")
            compare_bootstrap(title, folder, path)
        lines.append(line(title, name, report, ours, steps))
    print_table(
        "Against the peers, each in a process of its own",
        (
            "table",
            "peer",
            "peer, s",
            "peer, GB",
            "estimate_tiers, ms",
            "kernel, ms",
            "wageguide, GB",
            "times faster",
            "kernel, times",
        ),
        lines,
    )


def line(
    title: str, name: str, report: dict, ours: dict, steps: tuple[str, ...]
) -> tuple[str, ...]:
    seconds = sum(report["seconds"][s] for s in steps)
    return (
        title, name, f"{seconds:,.1f}", f"{report['peak_gb']:.2f}", f"{1e3 * ours['seconds']:,.0f}",
        f"{1e3 * ours['kernel']:,.1f}", f"{ours['peak_gb']:.2f}",
        f"{seconds / ours['seconds']:,.0f}", f"{seconds / ours['kernel']:,.0f}",
    )  # fmt: skip


def gaps(name: str, ours: np.ndarray, theirs: np.ndarray) -> tuple[str, ...]:
    """How far two columns are from each other where both have a figure."""
    both = np.isfinite(ours) & np.isfinite(theirs) & (theirs != 0)
    relative = np.abs(ours[both] / theirs[both] - 1)
    return (
        name, f"{both.sum():,} of {ours.size:,}", f"{np.mean(relative < 1e-7):.2%}",
        f"{np.median(relative):.1e}", f"{relative.max(initial=0):.1e}",
    )  # fmt: skip


_HEAD = ("figure", "both have one", "the same to 1e-7", "median gap", "largest gap")


def ours_by_cell(path: Path):
    import pandas as pd

    return pd.read_parquet(path).set_index("cell").sort_index()


def compare_svy(title: str, stem: Path, path: Path) -> None:
    import pandas as pd

    ours = ours_by_cell(path)
    means = pd.read_parquet(f"{stem}_means.parquet").set_index("cell").sort_index()
    theirs = pd.read_parquet(f"{stem}_quantiles.parquet").set_index("cell").sort_index()
    rows = [
        gaps("mean", ours["mean"].to_numpy(), means["est"].to_numpy()),
        gaps("its standard error", ours["se_mean"].to_numpy(), means["se"].to_numpy()),
    ]
    stacked: dict[str, list[np.ndarray]] = {}
    for p in PROBS:
        part = theirs[np.isclose(theirs["prob"], p / 100)]
        for what, mine in (
            ("est", f"p{p}"),
            ("se", f"se_p{p}"),
            ("lci", f"low_p{p}"),
            ("uci", f"high_p{p}"),
        ):
            stacked.setdefault(what, []).append(
                np.stack([ours[mine].to_numpy(), part[what].to_numpy(dtype=float)])
            )
    names = {
        "est": "quantiles",
        "se": "their standard errors",
        "lci": "lower limits",
        "uci": "upper limits",
    }
    rows += [gaps(names[what], *np.concatenate(parts, axis=1)) for what, parts in stacked.items()]
    print_table(f"{title}: wageguide and svy", _HEAD, rows)


def compare_r(title: str, folder: Path, path: Path) -> None:
    import pandas as pd

    ours = ours_by_cell(path)
    theirs = pd.read_csv(folder / "survey_quantiles_quantiles.csv").set_index("cell").sort_index()
    means = pd.read_csv(folder / "survey_quantiles_means.csv").set_index("cell").sort_index()
    rows = [
        gaps("mean", ours["mean"].to_numpy(), means["wage"].to_numpy()),
        gaps("its standard error", ours["se_mean"].to_numpy(), means["se"].to_numpy()),
    ]
    for what, mine, prefix in (
        ("quantiles", "p", ""), ("their standard errors", "se_p", "se."),
        ("lower limits", "low_p", "ci_l."), ("upper limits", "high_p", "ci_u."),
    ):  # fmt: skip
        one = np.concatenate([ours[f"{mine}{p}"] for p in PROBS])
        other = np.concatenate([theirs[f"{prefix}wage.{p / 100:g}"] for p in PROBS])
        rows.append(gaps(what, one, other))
    print_table(f"{title}: wageguide and R's survey", _HEAD, rows)


def compare_bootstrap(title: str, folder: Path, path: Path) -> None:
    """From svy's own replicate factors: the same replicates, the same errors."""
    import pandas as pd
    import pyarrow.parquet as pq

    coded = Coded(pq.read_table(path))
    sample, question = coded.sample, coded.question
    factors = pd.read_parquet(folder / "svy_bootstrap_factors.parquet").set_index("enterprise")
    matrix = factors.loc[sample.unit_names.to_pylist()].to_numpy(dtype=np.float64)
    # svy squares distances from the replicates' mean and divides by their number.
    made = Replicates.of(matrix, 1 / matrix.shape[1], mse=False)
    place = np.arange(coded.code.size)
    rows = sorted_units(coded.cell, coded.code, coded.weight, sample.unit, place, question)
    se = np.sqrt(replicate_variance(rows, question, made))
    means = pd.read_parquet(folder / "svy_bootstrap_means.parquet").sort_values("cell")
    theirs = pd.read_parquet(folder / "svy_bootstrap_quantiles.parquet").sort_values("cell")
    lines = [gaps("standard error of the mean", se[:, 0], means["se"].to_numpy())]
    for place, p in enumerate(PROBS, 1):
        part = theirs[np.isclose(theirs["prob"], p / 100)]
        lines.append(gaps(f"of p{p}", se[:, place], part["se"].to_numpy()))
    print_table(f"{title}, from svy's replicates: wageguide and svy", _HEAD, lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-peers", action="store_true", help="wageguide and numpy alone")
    parser.add_argument("--peers-only", action="store_true", help="without the sorts")
    parser.add_argument("--inside", choices=DISPATCHES, help=argparse.SUPPRESS)
    parser.add_argument("--once", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        once(options.once)
        return
    if options.inside:
        measure()
        return
    if not options.peers_only:
        for dispatch in DISPATCHES:
            print(f"\n## np.sort {dispatch}")
            sys.stdout.flush()
            rerun(__file__, dispatch, "--inside", dispatch)
    if not options.no_peers:
        with tempfile.TemporaryDirectory() as folder:
            against_peers(Path(folder))


if __name__ == "__main__":
    main()
