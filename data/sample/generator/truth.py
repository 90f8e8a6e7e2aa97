"""What was planted where: the truth that cleaning is measured against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

#: Columns of the faults file, in order.
COLUMNS = ("file", "sheet", "row", "column", "reason", "planted", "true_value")


@dataclass(frozen=True)
class Fault:
    """One planted fault.

    `row` is the sheet's own row as a spreadsheet shows it, 0 for a whole file; `column` is a
    name of the data dictionary; `planted` and `true_value` are texts.
    """

    file: str
    sheet: str
    row: int
    column: str
    reason: str
    planted: str = ""
    true_value: str = ""


def text(value: object) -> str:
    """A cell's value as the truth file writes it: no trailing ``.0``."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def write_faults(faults: Iterable[Fault], path: Path) -> None:
    """Write faults sorted by file, row, column and reason; whole-file faults have no row."""
    ordered = sorted(faults, key=lambda f: (f.file, f.row, f.column, f.reason, f.planted))
    table = pd.DataFrame([vars(f) for f in ordered], columns=list(COLUMNS))
    table["row"] = table["row"].astype(str).where(table["row"] > 0, "")
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")
