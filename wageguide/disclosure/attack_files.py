"""A release as a stranger reads it: the long file of open data and the public manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wageguide.disclosure.published import CONFIDENTIAL, PublishedTable
from wageguide.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_LONG = Path("tables") / "prices_long.csv"
_CHANGES = Path("tables") / "changes_long.csv"
_MANIFEST = "manifest.json"
_COUNTS = ("workers", "enterprises", "weight")
#: Id of the row of all workers.
TOTAL = "total"


def read_published(
    folder: Path | str, options: Mapping[str, Any] | None = None
) -> tuple[PublishedTable, ...]:
    """Read every table of a release from what is public in its folder.

    The row of all workers that a table of one key begins with becomes a table of its own,
    once.

    Parameters
    ----------
    folder
        Folder of the release.
    options
        Options of its manifest, where that is not written yet.

    Raises
    ------
    InputError
        If a file is missing or is not what a release holds.
    """
    folder = Path(folder)
    options = options if options is not None else _manifest(folder)["options"]
    long = _long(folder)
    changes = _changes(folder)
    unit = float(options["rounding_yuan"])
    multiple = float(options.get("counts_multiple") or 1)
    tables = []
    total = None
    for name, by in options["tables"].items():
        part = long[long["table"] == name]
        year = int(options["year"])
        frame = _with_growth(_wide(part, by), by, changes[changes["table"] == name])
        is_total = (frame[list(by)] == "").all(axis=1) & (len(by) == 1)
        rounding = {c: unit for c in frame.columns if c not in {*by, "mark", "mark_mean", *_COUNTS}}
        rounding |= {"workers": multiple if multiple > 1 else 0.0, "enterprises": 0.0}
        rounding["weight"] = multiple
        if total is None and is_total.any():
            whole = frame[is_total].drop(columns=list(by)).reset_index(drop=True)
            total = PublishedTable(TOTAL, year, (), whole, rounding)
        shown = frame[~is_total].reset_index(drop=True)
        tables.append(PublishedTable(name, year, tuple(by), shown, rounding))
    return tuple(tables) if total is None else (*tables, total)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["options"]["tables"], manifest["options"]["rounding_yuan"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: this is not the manifest of a release ({type(error).__name__}: {error}). "
            "Name the folder of a release."
        ) from error
    found: dict[str, Any] = manifest
    return found


def _long(folder: Path) -> pd.DataFrame:
    import pandas as pd

    path = folder / _LONG
    try:
        long = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: the long file of a release is missing ({error}).") from error
    absent = sorted({"table", "key1", "code1", "measure", "value", "mark"} - set(long.columns))
    if absent:
        raise InputError(f"{path} lacks the columns {', '.join(absent)}.")
    return long


def _changes(folder: Path) -> pd.DataFrame:
    """Printed growth rates; none where the release has no such file."""
    import pandas as pd

    path = folder / _CHANGES
    if not path.is_file():
        return pd.DataFrame(columns=["table", "measure", "growth"])
    changes = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    absent = sorted({"table", "code1", "measure", "growth"} - set(changes.columns))
    if absent:
        raise InputError(f"{path} lacks the columns {', '.join(absent)}.")
    return changes


def _with_growth(frame: pd.DataFrame, by: Sequence[str], changes: pd.DataFrame) -> pd.DataFrame:
    """A table with a ``growth_`` column for every figure of which changes are printed."""
    import pandas as pd

    codes = [f"code{n + 1}" for n in range(len(by))]
    for measure in dict.fromkeys(changes["measure"]):
        part = changes[changes["measure"] == measure]
        rates = pd.to_numeric(part["growth"], errors="coerce").to_numpy(dtype=float)
        own = part[codes].rename(columns=dict(zip(codes, by, strict=True)))
        own[f"growth_{measure}"] = rates
        frame = frame.merge(own, on=list(by), how="left")
    return frame


def _wide(part: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """One row a cell, with its figures as floats; NaN where none is shown."""
    import pandas as pd

    codes = [f"code{n + 1}" for n in range(len(by))]
    measures = list(dict.fromkeys(part["measure"]))
    first = part.drop_duplicates(codes)[codes].reset_index(drop=True)
    frame = first.rename(columns=dict(zip(codes, by, strict=True)))
    keyed = part.set_index([*codes, "measure"])
    index = pd.MultiIndex.from_frame(first) if len(codes) > 1 else pd.Index(first[codes[0]])
    # A row is confidential if nothing of it is shown; else a figure alone may be.
    shown = keyed["mark"].ne(CONFIDENTIAL).groupby(level=list(range(len(codes)))).any()
    frame["mark"] = np.where(shown.reindex(index), "", CONFIDENTIAL)
    if "mean" in measures:
        frame["mark_mean"] = keyed["mark"].xs("mean", level="measure").reindex(index).to_numpy()
    for measure in measures:
        values = pd.to_numeric(keyed["value"].xs(measure, level="measure"), errors="coerce")
        frame[measure] = values.reindex(index).to_numpy(dtype=float)
    if "weight" not in frame.columns:
        # Without weights every worker stands for one.
        frame["weight"] = frame["workers"]
    return frame
