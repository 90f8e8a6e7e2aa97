"""Reading 1,700 workbooks: `read_survey` against python-calamine alone.

Run: ``python benchmarks/reading.py [--files 1700] [--processes 2] [--rounds 5]``.

Figures on the same generated files, each the middle one of several rounds that take turns:

calamine, a plain loop
    Every sheet of every file to Python lists, in one process: calamine alone.
calamine, in processes
    The same in as many processes as `read_survey` has; the lists are dropped there.
calamine, handed over
    The same, and the lists are handed to the parent, as any reader must that returns data.
read_survey
    Everything: guards, hashes, headings, types, codes, findings.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import python_calamine as calamine
import xlsxwriter
from common import machine, print_table, summary

import wageguide as wg
from wageguide.survey.codes import codes
from wageguide.survey.columns import (
    ENTERPRISE_COLUMNS,
    ENTERPRISE_SHEET,
    PAY_PARTS,
    WORKER_COLUMNS,
    WORKER_SHEET,
)

ROWS = 76
ALONE = "calamine, a plain loop"
CHUNK = 64
COLUMNS = tuple(c for c in WORKER_COLUMNS if c.name != "weight")
FORM = {"reference_year": 2025, "place": "320115", "headcount": ROWS, "revenue": 500.5}


def write_return(path: Path, number: int) -> None:
    rng = random.Random(number)
    book = xlsxwriter.Workbook(str(path))
    form = book.add_worksheet(ENTERPRISE_SHEET)
    form.write(0, 0, "企业基本情况表")
    answers = FORM | {"enterprise_id": f"SAMPLE{number:012}", "enterprise_name": f"样例{number}"}
    for row, column in enumerate(ENTERPRISE_COLUMNS, 1):
        form.write(row, 0, column.label_zh)
        answer = answers.get(column.name) or _any(rng, column.codes)
        form.write(row, 1, answer)
    sheet = book.add_worksheet(WORKER_SHEET)
    sheet.write_row(0, 0, [c.label_zh for c in COLUMNS])
    for row in range(1, ROWS + 1):
        worker = _worker(rng, row)
        sheet.write_row(row, 0, [worker.get(c.name) or _any(rng, c.codes) for c in COLUMNS])
    book.close()


def _any(rng: random.Random, key: str) -> str:
    return rng.choice([e.name_zh for e in codes(key).entries.values()])


def _worker(rng: random.Random, row: int) -> dict[str, Any]:
    detailed = [e for e in codes("occupation").entries.values() if e.level == "detailed"]
    occupation = rng.choice(detailed)
    parts = {name: round(rng.lognormvariate(10, 0.4)) for name in PAY_PARTS}
    return {
        "worker_id": str(row),
        "occupation": occupation.code.replace("-", ""),
        "occupation_name": occupation.name_zh,
        "age": rng.randint(20, 59),
        "tenure_years": rng.randint(1, 20),
        "months_worked": 12,
        "weekly_hours": 40,
        "annual_wage": sum(parts.values()),
        **parts,
    }


def read_lists(paths: list[str]) -> list[list[list[Any]]]:
    sheets = []
    for path in paths:
        book = calamine.CalamineWorkbook.from_path(path)
        sheets += [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]
    return sheets


def read_and_drop(paths: list[str]) -> int:
    return len(read_lists(paths))


def in_processes(job: Callable[[list[str]], Any], paths: list[str], processes: int) -> None:
    parts = [paths[i : i + CHUNK] for i in range(0, len(paths), CHUNK)]
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(job, parts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1_700)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(asked.files):
            write_return(folder / f"{number:05}.xlsx", number)
        paths = sorted(str(p) for p in folder.iterdir())
        jobs: dict[str, Callable[[], Any]] = {
            ALONE: lambda: read_and_drop(paths),
            "calamine, in processes": lambda: in_processes(read_and_drop, paths, asked.processes),
            "calamine, handed over": lambda: in_processes(read_lists, paths, asked.processes),
            "read_survey": lambda: wg.read_survey(
                folder, processes=asked.processes, progress=False
            ),
        }
        seconds: dict[str, list[float]] = {job: [] for job in jobs}
        for _ in range(asked.rounds):
            for job, run in jobs.items():
                start = time.perf_counter()
                run()
                seconds[job].append(time.perf_counter() - start)
    print(f"\n## Reading workbooks\n\n{machine()}; python-calamine {version('python-calamine')}")
    title = f"{asked.files:,} workbooks, {ROWS} workers × {len(COLUMNS)} columns each"
    heading = ("reader", "ms, median (min–max)", "x calamine alone")
    print_table(f"{title}; {asked.processes} processes", heading, summary(seconds, ALONE))


if __name__ == "__main__":
    main()
