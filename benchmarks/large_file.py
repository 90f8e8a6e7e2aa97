"""One Parquet file larger than memory allows: `wageguide tiers` in chunks, time and memory.

Beside it the physical limit: pyarrow reading the same three columns and doing nothing.
The answers of a smaller file are checked against the same command reading it whole.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from common import OCCUPATIONS, machine, make_rows, print_table
from pyarrow import parquet

CHUNK = 2_000_000
SCAN = """
import sys
from pyarrow import parquet
file, columns = parquet.ParquetFile(sys.argv[1]), ["occupation", "wage", "weight"]
for batch in file.iter_batches(1 << 20, columns=columns):
    pass
"""
IN_CHUNKS = """
import sys
from wageguide.tiers import microdata
microdata.MEMORY_ROWS = int(sys.argv.pop(1))
from wageguide.cli import main
main()
"""


def write_file(path: Path, rows: int) -> None:
    """Chunks of 2 million rows, each with its own seed."""
    writer = None
    for number, first in enumerate(range(0, rows, CHUNK)):
        part = make_rows(min(CHUNK, rows - first), seed=number)
        table = pa.table(
            {
                "occupation": part.occupation,
                "wage": part.fen / 100,
                "weight": part.weight / 1e4,
            }
        )
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def run(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in GB of a process."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(child.stderr.read().decode() if child.stderr else "failed")
    return time.perf_counter() - begin, usage.ru_maxrss / 1e6


def tiers(source: Path, out: Path, memory_rows: int) -> list[str]:
    """The command, with the size from which it reads in chunks."""
    options = ["--wage", "wage", "--weight", "weight", "--by", "occupation", "--out", str(out)]
    return [sys.executable, "-c", IN_CHUNKS, str(memory_rows), "tiers", str(source), *options]


def main() -> None:
    """Write, check on a small file, measure on the large one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"\n## A large file\n\n{machine()}")
    with tempfile.TemporaryDirectory() as folder:
        small, large, out = (Path(folder, n) for n in ("small.parquet", "large.parquet", "o.csv"))
        write_file(small, 3_000_000)
        whole = Path(folder, "whole.csv")
        run(tiers(small, whole, 10**9))
        run(tiers(small, out, 1))
        assert filecmp.cmp(whole, out, shallow=False), "chunks give another table"
        write_file(large, options.rows)
        rows = []
        for name, command in (
            ("pyarrow reads the columns", [sys.executable, "-c", SCAN, str(large)]),
            (f"wageguide tiers, {OCCUPATIONS:,} cells, two scans", tiers(large, out, 10_000_000)),
        ):
            runs = [run(command) for _ in range(options.rounds)]
            seconds = [s for s, _ in runs]
            rows.append(
                (
                    name,
                    f"{np.median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f})",
                    f"{max(gb for _, gb in runs):.2f}",
                )
            )
        size = large.stat().st_size / 1e9
        print_table(
            f"{options.rows:,} rows, {size:.2f} GB of Parquet",
            ("process", "s, median (min–max)", "peak GB"),
            rows,
        )


if __name__ == "__main__":
    main()
