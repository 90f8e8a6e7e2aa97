"""Writing the publication at the size of the seed, form by form.

    python benchmarks/publication.py [rows]

Five made-up tables of 1,500 rows, with changes since last year and a series of two years. The
workbook is also written by pandas, on either of its engines, with the same cells and nothing of
the look.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from common import machine

from wageguide.policy import read_policy
from wageguide.provenance import data_dir
from wageguide.publish.edition import Edition
from wageguide.publish.forms import FORMS
from wageguide.publish.notes import Note
from wageguide.publish.opendata import long_frame
from wageguide.publish.settings import read_release_plan
from wageguide.publish.tables import PriceTable
from wageguide.publish.workbook import write_price_workbook
from wageguide.survey.codes import codes
from wageguide.tiers.estimate import estimate_tables

RUNS = 3


def made(rows: int) -> Edition:
    """An edition of five tables; a third of the rows confidential."""
    policy = read_policy(data_dir() / "sample" / "policy.toml")
    plan = read_release_plan(policy)
    rng = np.random.default_rng(1)
    listed = [c for c in codes("occupation").entries if len(c) == 10][:rows]
    tables, changes = [], {}
    survey = pd.DataFrame({"occupation": listed, "annual_wage": 1.0, "e": listed})
    tiers = estimate_tables(survey, [("occupation",)], enterprise="e", se="linearized")[0]
    for n in range(5):
        frame = pd.DataFrame({"occupation": listed}, dtype="string")
        frame["occupation_name"] = [codes("occupation").name(c) for c in listed]
        hidden = rng.random(len(listed)) < 1 / 3
        frame["mark"] = np.where(hidden, "c", "")
        middle = rng.lognormal(11.3, 0.4, len(listed))
        for name in ("workers", "enterprises", "weight"):
            frame[name] = _whole(rng.integers(10, 900, len(listed)), hidden)
        for name, times in (("mean", 1.1), ("p10", 0.6), ("p25", 0.8), ("p50", 1.0), ("p75", 1.3),
                            ("p90", 1.7)):  # fmt: skip
            value = (middle * times / 100).round() * 100
            frame[name] = _whole(value, hidden)
            frame[f"grade_{name}"] = np.where(hidden, "c", rng.choice(list("ABCD"), len(listed)))
            frame[f"rse_{name}"] = np.where(hidden, np.nan, 0.05)
            frame[f"low_{name}"] = _whole(value * 0.9 // 100 * 100, hidden)
            frame[f"high_{name}"] = _whole(value * 1.1 // 100 * 100, hidden)
        settings = replace(plan.tables[0], id=f"occupation{n}", title_zh=f"分职业{n}")
        table = PriceTable(settings, tiers, frame, {}, 0, 0)
        tables.append(table)
        change = frame[["occupation"]].assign(cell="both")
        for name in table.figures:
            growth = np.where(hidden, np.nan, rng.normal(0.04, 0.05, len(listed)).round(3))
            change[f"growth_{name}"] = growth
            change[f"low_growth_{name}"], change[f"high_growth_{name}"] = (
                growth - 0.05,
                growth + 0.05,
            )
            change[f"reading_{name}"] = np.where(hidden, "", np.where(growth > 0.05, "up", "noise"))
        changes[settings.id] = change
    plan = replace(plan, tables=tuple(t.settings for t in tables))
    now = long_frame(tables, 2025)
    now = now[["reference_year", "table", "key1", "code1", "measure", "value", "mark"]]
    now = now.assign(scheme=plan.scheme.id, status="provisional")
    series = pd.concat([now.assign(reference_year=2024), now], ignore_index=True)
    notes = [Note("说明", "Note", "测试。", "Test.")]
    account = pd.DataFrame({"行": ["采用"], "元": ["1.00"]})
    return Edition(plan, 2025, "zh", tuple(tables), notes, account, "draft",
                   plan.settings.published_on, changes, series)  # fmt: skip


def _whole(values: np.ndarray, hidden: np.ndarray) -> pd.Series:
    return pd.Series(np.where(hidden, np.nan, values)).round().astype("Int64")


def timed(run: Callable[[], object]) -> float:
    """Seconds, median of several runs."""
    seconds = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def by_pandas(
    path: Path, sheets: dict[str, pd.DataFrame], engine: Literal["xlsxwriter", "openpyxl"]
) -> None:
    """The same cells by `to_excel`."""
    with pd.ExcelWriter(path, engine=engine) as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False, header=False)


def sheets_of(path: Path) -> dict[str, pd.DataFrame]:
    """Cells of every sheet of a workbook, as they are."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return {
        name: pd.DataFrame(book.get_sheet_by_name(name).to_python(), dtype=object)
        for name in book.sheet_names
    }


def main(rows: int) -> None:
    """Print seconds and sizes by form."""
    print(machine())
    edition = made(rows)
    total = 0.0
    with tempfile.TemporaryDirectory() as place:
        for number, form in enumerate(FORMS):
            seconds = []
            for run in range(RUNS):
                folder = Path(place) / f"{number}_{run}"
                folder.mkdir()
                begin = time.perf_counter()
                form.write(folder, edition)
                seconds.append(time.perf_counter() - begin)
            size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6
            total += statistics.median(seconds)
            print(f"{form.name_en:16} {statistics.median(seconds):7.2f} s {size:8.2f} MB")
        print(f"{'all':16} {total:7.2f} s")
        path = Path(place) / "a.xlsx"
        ours = timed(lambda: write_price_workbook(path, edition))
        sheets = sheets_of(path)
        cells = sum(frame.size for frame in sheets.values())
        print(f"workbook of {cells:,} cells: {ours:.2f} s")
        for engine in ("xlsxwriter", "openpyxl"):
            theirs = timed(lambda e=engine: by_pandas(Path(place) / "b.xlsx", sheets, e))
            print(f"  pandas on {engine} {theirs:.2f} s: {theirs / ours:.1f} times as long")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak {peak:.2f} GB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1500)
