"""The consultations of many enterprises, interrupted and gone on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.errors import OfferError, WageguideError
from wageguide.publish.consultation_files import (
    ConsultationInputs,
    make_consultation,
    write_consultation,
)
from wageguide.publish.consultation_place import check_place, read_mark
from wageguide.publish.opendata import write_frame

if TYPE_CHECKING:
    import pandas as pd

_ROSTERS = ("roster.csv", "roster.xlsx", "名册.csv", "名册.xlsx")


def enterprises_in(folder: Path) -> list[tuple[str, Path]]:
    """Folders of enterprises and their rosters, by name.

    Raises
    ------
    OfferError
        If there is none.
    """
    found = []
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        roster = next((place / n for n in _ROSTERS if (place / n).is_file()), None)
        if roster is not None:
            found.append((place.name, roster))
    if not found:
        raise OfferError(
            f"{folder} holds no enterprise. Make a folder for each, with {_ROSTERS[0]} and "
            "offers.toml in it."
        )
    return found


def consult_folder(
    folder: Path,
    out: Path,
    inputs_of: Callable[[Path, Path], ConsultationInputs],
    *,
    processes: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Write the briefs of all enterprises of a folder.

    What is done and whose inputs are as they were is left alone, so that an interrupted run
    goes on where it was. A folder that cannot be used is told in the table and stops nobody
    else.

    Parameters
    ----------
    folder
        One folder for each enterprise; see `enterprises_in`.
    out
        Folder that gets one folder for each, and ``summary.csv``.
    inputs_of
        Inputs of an enterprise from its folder and roster.
    processes
        Processes; None takes one a core.
    progress
        Whether a bar is shown on standard error.

    Returns
    -------
    DataFrame
        One row an enterprise: ``enterprise``, ``state`` (``written``, ``kept``, ``failed``),
        ``heads``, ``offer`` and ``more`` (yuan, of the first offer), ``problem``.
    """
    import pandas as pd
    from tqdm import tqdm

    out.mkdir(parents=True, exist_ok=True)
    jobs = [(name, inputs_of(r.parent, r), out / name) for name, r in enterprises_in(folder)]
    lines: list[dict[str, Any]] = []
    bar: dict[str, Any] = {
        "desc": "协商 Consultations",
        "unit": "",
        "disable": not progress,
        "total": len(jobs),
    }
    if processes == 1 or len(jobs) < 4:
        lines = [_one(job) for job in tqdm(jobs, **bar)]
    else:
        size = max(1, len(jobs) // 64)
        with ProcessPoolExecutor(processes) as pool:
            lines = list(tqdm(pool.map(_one, jobs, chunksize=size), **bar))
    columns = ["enterprise", "state", "heads", "offer", "more", "problem"]
    summary = pd.DataFrame(lines, columns=columns)
    write_frame(out / "summary.csv", summary)
    return summary


def _one(job: tuple[str, ConsultationInputs, Path]) -> dict[str, Any]:
    """Write one enterprise's folder, or find it done."""
    name, inputs, out = job
    line: dict[str, Any] = {"enterprise": name, "problem": ""}
    try:
        digest = inputs.digest
        known = read_mark(out) or {}
        if known.get("inputs") == digest and all((out / n).is_file() for n in known["files"]):
            return {**line, **known["line"], "state": "kept"}
        check_place(out)
        found = make_consultation(inputs, name=name)
        line |= {
            "heads": found.roster.heads,
            "offer": found.costs[0].offer.name,
            "more": found.costs[0].more / 100,
        }
        mark = {"inputs": digest, "line": line}
        write_consultation(out, found, lang=inputs.lang, charts=inputs.charts, mark=mark)
    except (WageguideError, OSError) as error:
        return {**line, "state": "failed", "problem": " ".join(str(error).split())}
    return {**line, "state": "written"}


def first_existing(paths: Sequence[Path | None]) -> Path | None:
    """The first path that is there: an enterprise's own file before a common one."""
    return next((p for p in paths if p is not None and p.is_file()), None)
