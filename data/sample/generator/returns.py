"""Write the returns of one or more years as an office receives them, with the truth beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from .broken import BROKEN, broken_bytes
from .forms import Return, make_return
from .frame import write_frame
from .mess import plan_faults, plant_lines, plant_rows
from .panel import panel
from .roles import allot, file_names, is_readable, play, single_faults_allowed
from .truth import Fault, write_faults
from .workbooks import workbook_bytes

_TWICE = "（再次报送）"


def write_returns(
    out: Path,
    years: Sequence[int],
    *,
    enterprises: int,
    workers: int,
    seed: int,
    progress: bool = True,
) -> None:
    """Write ``out/returns/<year>/*.xlsx``, ``frame_<year>.csv`` and ``truth/<year>_*``.

    Workbooks that an earlier run left in a year's folder are removed first.
    """
    for year, microdata in panel(enterprises, workers, last_year=max(years), seed=seed):
        if year in years:
            _write_year(out, year, microdata, seed, progress)


def _write_year(out: Path, year: int, microdata: pd.DataFrame, seed: int, progress: bool) -> None:
    folder = out / "returns" / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.xlsx")):
        old.unlink()
    faults: list[Fault] = []
    places = np.zeros(len(microdata), dtype=np.int64)
    files = np.full(len(microdata), "", dtype=object)
    forms = _forms(microdata, year, seed)
    total = microdata["enterprise_id"].nunique()
    for rows, form in tqdm(forms, total=total, desc=f"{year}", unit="file", disable=not progress):
        content, found, where = _content(form, year)
        (folder / form.file).write_bytes(content)
        faults += found
        files[rows] = form.file
        if is_readable(form.role):
            places[rows] = [where[i] for i in range(len(rows))]
        if form.role == "twice":
            again = form.file.replace(".xlsx", f"{_TWICE}.xlsx")
            (folder / again).write_bytes(content)
            identity = str(form.answers["enterprise_id"])
            faults.append(Fault(again, "", 0, "enterprise_id", "enterprise_duplicate", identity))
    truth = out / "truth"
    write_faults(faults, truth / f"{year}_faults.csv")
    row = pd.Series(places, dtype="Int64").where(places > 0)
    write_frame(out / f"frame_{year}.csv", microdata, seed=seed + year)
    frame = microdata.assign(file=files, row=row)
    frame.to_parquet(truth / f"{year}_workers.parquet", index=False, compression="zstd")


def _content(form: Return, year: int) -> tuple[bytes, list[Fault], dict[int, int]]:
    content, faults, where = workbook_bytes(form, year)
    if form.role in BROKEN:
        content = broken_bytes(form.role, form, content)
    if not is_readable(form.role):
        # Nothing inside such a file can be found; its only fault is the file's own.
        faults = [f for f in faults if f.reason in (form.role, "sheet_missing")]
    return content, faults, where


def _forms(microdata: pd.DataFrame, year: int, seed: int) -> Iterator[tuple[np.ndarray, Return]]:
    """Every return with its faults planted, and the positions of its workers."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, year, 3))))
    firms = microdata.drop_duplicates("enterprise_id").reset_index(drop=True)
    roles = allot(rng, firms["headcount"].to_numpy())
    names = file_names(firms["enterprise_id"], firms["enterprise_name"])
    open_to_faults = firms["enterprise_id"][[single_faults_allowed(r) for r in roles]]
    planned = plan_faults(rng, microdata, microdata["enterprise_id"].isin(open_to_faults))
    groups = microdata.groupby("enterprise_id", sort=False).indices
    for place, identity in enumerate(firms["enterprise_id"]):
        rows = groups[identity]
        form = make_return(microdata.iloc[rows], names[place], roles[place], rng)
        form.seed = (seed, year, 4, int(identity[-6:]))
        plant_rows(rng, form, planned[rows])
        play(form)
        if single_faults_allowed(form.role):
            plant_lines(rng, form)
        yield rows, form
