"""The review of payroll plans: in memory, from workbooks, and from a large Parquet file.

`python benchmarks/review.py [rows of the large file]`. All contenders of a table run in turn in
one call. Peers that are not installed (pandera, openfisca-core, duckdb) are left out and named.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import python_calamine as calamine
from common import interleaved, machine, print_table, summary
from plan_data import ENTERPRISES, WORKERS, plan_frame, write_workbooks
from pyarrow import parquet

import wageguide as wg
from wageguide.publish.notices import write_notices
from wageguide.publish.review_files import write_review

ROUNDS = 3
PEERS = ("scan", "wageguide", "wageguide_all", "duckdb", "pandas", "pandera", "openfisca")
NEEDS = {"openfisca": "openfisca_core"}
_PART = 1_300_000


def in_memory(folder: Path) -> None:
    """130,000 rows with every rule, findings and sentences included."""
    path = folder / "plan.parquet"
    plan_frame(WORKERS, ENTERPRISES).to_parquet(path, index=False)
    plan = wg.read_plan(path, progress=False)
    seconds = interleaved(
        {
            "pyarrow reads the file": lambda: parquet.read_table(path),
            "review, all rules": lambda: wg.review(plan),
        },
        9,
    )
    heading = ("", "ms, median (min–max)", "x bare scan")
    print_table(f"{WORKERS:,} rows in memory", heading, summary(seconds, "pyarrow reads the file"))


def _plain(paths: list[Path]) -> int:
    cells = 0
    for path in paths:
        book = calamine.CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            cells += len(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
    return cells


def _plain_processes(paths: list[Path]) -> int:
    with ProcessPoolExecutor() as pool:
        return sum(pool.map(_plain, [paths[i::32] for i in range(32)]))


def workbooks(folder: Path) -> None:
    """From 1,700 workbooks to the review workbook and the notices."""
    books = folder / "books"
    write_workbooks(books, plan_frame(WORKERS, ENTERPRISES))
    paths = sorted(books.iterdir())
    notices = folder / "notices"
    small = [b"x" * 2_500] * (2 * len(paths))

    def reviewed() -> wg.Review:
        return wg.review(wg.read_plan(books, progress=False))

    def with_book() -> wg.Review:
        review = reviewed()
        write_review(review, folder / "review.xlsx")
        return review

    def files() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as empty:
            for number, data in enumerate(small):
                Path(empty, str(number)).write_bytes(data)

    contenders: dict[str, Callable[[], object]] = {
        "calamine, a plain loop": lambda: _plain(paths),
        "calamine, in processes": lambda: _plain_processes(paths),
        "read_plan": lambda: wg.read_plan(books, progress=False),
        "read_plan, review": reviewed,
        "read_plan, review, workbook": with_book,
        "and 1,700 notices in two forms": lambda: write_notices(
            with_book(), notices, progress=False
        ),
        "writing 3,400 empty forms of that size": files,
    }
    rows = summary(interleaved(contenders, ROUNDS), "calamine, a plain loop")
    title = f"{len(paths):,} workbooks, {WORKERS:,} workers, 20 columns"
    print_table(title, ("", "ms, median (min–max)", "x calamine alone"), rows)


def large(folder: Path, rows: int) -> None:
    """The shared rules beside peers, each in a process of its own, in turn."""
    path = folder / "large.parquet"
    part = pa.Table.from_pandas(plan_frame(min(rows, _PART), 17_000), preserve_index=False)
    writer = parquet.ParquetWriter(path, part.schema)
    for _ in range(max(1, rows // part.num_rows)):
        writer.write_table(part, row_group_size=1 << 18)
    writer.close()
    peers = [p for p in PEERS if p in ("scan", "wageguide", "wageguide_all")
             or find_spec(NEEDS.get(p, p))]  # fmt: skip
    found: dict[str, list[dict[str, object]]] = {p: [] for p in peers}
    for _ in range(ROUNDS):
        for peer in peers:
            found[peer].append(_run(peer, path))
    agreed = found["wageguide"][0]["counts"]
    base = statistics.median(float(str(r["seconds"])) for r in found["scan"])
    lines = []
    for peer, results in found.items():
        seconds = sorted(float(str(r["seconds"])) for r in results)
        peak = max(float(str(r["peak_gb"])) for r in results)
        same = "" if "minimum_wage" not in str(results[0]["counts"]) else (
            "yes" if results[0]["counts"] == agreed else "NO")  # fmt: skip
        middle = statistics.median(seconds)
        spread = f"{middle:.2f} ({seconds[0]:.2f}–{seconds[-1]:.2f})"
        lines.append((peer, spread, f"{middle / base:.1f}", f"{peak:.2f}", same))
    heading = ("process", "s, median (min–max)", "x scan", "peak GB", "same counts")
    print_table(f"{rows:,} rows of Parquet, shared rules", heading, lines)
    missing = [p for p in PEERS if p not in peers]
    if missing:
        print(f"\nNot installed and left out: {', '.join(missing)}")


def _run(peer: str, path: Path) -> dict[str, object]:
    script = Path(__file__).with_name("review_peers.py")
    command = [sys.executable, "-W", "ignore", str(script), peer, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Run all three."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 13_000_000
    print(machine("python-calamine"))
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        in_memory(folder)
        workbooks(folder)
        large(folder, rows)
    print(f"\n{time.perf_counter() - begin:.0f} s in all")


if __name__ == "__main__":
    main()
