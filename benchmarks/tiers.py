"""Tier tables in memory: the kernel beside one bare sort and beside other libraries.

`python benchmarks/tiers.py` prints Markdown; `--sizes 130000,1000000` limits it.
Every contender's answers are checked against the kernel's before anything is timed.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import peers
from common import (
    DISPATCHES,
    INDUSTRIES,
    OCCUPATIONS,
    SIZES,
    SKILLS,
    Rows,
    interleaved,
    machine,
    make_rows,
    print_table,
    rerun,
    summary,
)

from wageguide.tiers.cells import Question
from wageguide.tiers.kernel import GroupedNumbers, grouped_numbers
from wageguide.tiers.quantile import quantile_rule
from wageguide.tiers.scale import WageScale, WeightScale
from wageguide.tiers.scheme import load_scheme

SIZES_OF_DATA = (130_000, 1_000_000, 10_000_000)
SORT = "np.sort of the packed keys"
KERNEL = "wageguide kernel"
_TAILS = load_scheme("tail_means").with_shares(["0.05"]).tiers
SCHEME = dataclasses.replace(
    load_scheme("percentiles"),
    tiers=(*load_scheme("percentiles").tiers, *(t for t in _TAILS if t.kind != "quantile")),
)
QUESTION = Question(
    SCHEME,
    quantile_rule("inverted_cdf"),
    WageScale(100, True),
    WeightScale(Fraction(1, 10_000), True),
)


def one_table(rows: Rows) -> GroupedNumbers:
    """Tiers by occupation."""
    return grouped_numbers(rows.occupation, OCCUPATIONS, rows.fen, rows.weight, QUESTION)


def five_tables(rows: Rows) -> list[GroupedNumbers]:
    """Occupation, occupation x size, occupation x skill, industry, total."""
    total = np.zeros(rows.fen.size, np.int8)
    return [
        grouped_numbers(cell, cells, rows.fen, rows.weight, QUESTION)
        for cell, cells in (
            (rows.occupation, OCCUPATIONS),
            (rows.occupation * np.int32(SIZES) + rows.size, OCCUPATIONS * SIZES),
            (rows.occupation * np.int32(SKILLS) + rows.skill, OCCUPATIONS * SKILLS),
            (rows.industry, INDUSTRIES),
            (total, 1),
        )
    ]


def packed_keys(rows: Rows) -> np.ndarray:
    """Cell, fen and weight of each row in one 64-bit key."""
    low = int(rows.weight.max()).bit_length()
    high = low + int(rows.fen.max()).bit_length()
    return (rows.occupation.astype(np.int64) << high) | (rows.fen << low) | rows.weight


def contenders(rows: Rows) -> dict[str, Callable[[], object]]:
    """Every way to the one table, on data prepared as each likes it."""
    import duckdb

    frame = peers.polars_frame(rows)
    connection = duckdb.connect()
    connection.execute("CREATE TABLE rows AS SELECT * FROM frame")
    keys = packed_keys(rows)
    return {
        SORT: lambda: np.sort(keys),
        KERNEL: lambda: one_table(rows),
        "numpy lexsort, floats": lambda: peers.numpy_lexsort(rows),
        "polars": lambda: peers.polars_table(frame),
        "DuckDB": lambda: peers.duckdb_table(connection),
        "pandas groupby.apply": lambda: peers.pandas_groupby(rows),
        "statsmodels DescrStatsW": lambda: peers.statsmodels_cells(rows),
    }


def check(every: dict[str, Callable[[], object]], rows: Rows) -> list[tuple[str, str, str]]:
    """Differences of each contender from the kernel: cells with another quantile, largest gap."""
    ours = one_table(rows)
    found = []
    for name, run in every.items():
        if name in (SORT, KERNEL):
            continue
        other = run()
        get = (
            (lambda k, o=other: o[k].to_numpy()) if name == "polars" else (lambda k, o=other: o[k])
        )
        # statsmodels averages exact ties: where it differs, that is the reason.
        differing = sum(
            int((np.abs(get(n) - ours.tiers[:, i]) > 0.004).sum())
            for i, n in enumerate(peers.NAMES)
        )
        gap = float(np.max(np.abs(get("mean") / ours.mean - 1)))
        if name != "statsmodels DescrStatsW":
            for i, tail in enumerate(("lower", "upper"), len(peers.NAMES)):
                gap = max(gap, float(np.max(np.abs(get(tail) / ours.tiers[:, i] - 1))))
        found.append(
            (name, f"{differing:,} of {len(peers.NAMES) * ours.cell.size:,}", f"{gap:.1e}")
        )
        if gap > 1e-6 or differing > 0.02 * ours.cell.size:
            raise SystemExit(f"{name} gives other answers: {found[-1]}")
    return found


def measure(size: int, with_peers: bool) -> None:
    """Time everything at one size."""
    rows = make_rows(size)
    rounds = 41 if size <= 200_000 else 15 if size <= 2_000_000 else 5
    keys = packed_keys(rows)
    fast: dict[str, Callable[[], object]] = {
        SORT: lambda: np.sort(keys),
        KERNEL: lambda: one_table(rows),
    }
    fast["wageguide kernel, five groupings"] = lambda: five_tables(rows)
    heading = ("method", "ms, median (min–max)", "x one sort")
    title = f"{size:,} rows, {OCCUPATIONS:,} cells"
    print_table(title, heading, summary(interleaved(fast, rounds), SORT))
    if with_peers:
        every = contenders(rows)
        found = check(every, rows)
        print_table(
            f"{title}: answers of the others against the kernel's",
            ("method", "quantiles that differ", "largest relative gap of means and tails"),
            found,
        )
        times = interleaved(every, 3)
        print_table(f"{title}: side by side", heading, summary(times, SORT))


def main() -> None:
    """Run in one process for each dispatch of np.sort."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES_OF_DATA)))
    parser.add_argument("--dispatch", choices=DISPATCHES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.dispatch is None:
        for dispatch in DISPATCHES:
            rerun(__file__, dispatch, "--sizes", options.sizes, "--dispatch", dispatch)
        return
    peer_names = ("polars", "duckdb", "statsmodels")
    print(f"\n## np.sort {options.dispatch}\n\n{machine(*peer_names)}")
    for size in map(int, options.sizes.split(",")):
        measure(size, with_peers=options.dispatch == "without AVX-512")


if __name__ == "__main__":
    main()
