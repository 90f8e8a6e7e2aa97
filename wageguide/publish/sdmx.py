"""The prices as SDMX: one cube as SDMX-CSV 2.0, its structure as SDMX-JSON 2.0.

Written by hand: the two documents are short, their bytes are then ours, and a release needs
no library for them. A test reads them back with pysdmx.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.disclosure.published import CONFIDENTIAL
from wageguide.publish.sdmx_structure import (
    AGENCY,
    FLOW,
    NOT_APPLICABLE,
    TOTAL,
    VERSION,
    dimensions,
    structure_message,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wageguide.publish.edition import Edition
    from wageguide.publish.tables import PriceTable

DATA_FILE, STRUCTURE_FILE = "prices.csv", "structure.json"
#: Attributes after the value, in the order of the file.
ATTRIBUTES = (
    "UNIT_MEASURE",
    "OBS_STATUS",
    "CONF_STATUS",
    "RSE",
    "LOWER_LIMIT",
    "UPPER_LIMIT",
    "GRADE",
)
_UNITS = {"workers": "PERSONS", "weight": "PERSONS", "enterprises": "ENTERPRISES"}


def write_sdmx(folder: Path, edition: Edition) -> None:
    """Write the cube of all tables and its structure.

    Parameters
    ----------
    folder
        Existing folder.
    edition
        What the release says.
    """
    keys = dimensions(edition)
    heads = ["STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "PRICE_TABLE",
             *(k.upper() for k in keys), "FIGURE", "TIME_PERIOD", "OBS_VALUE",
             *ATTRIBUTES]  # fmt: skip
    with (folder / DATA_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        for table in edition.tables:
            writer.writerows(_observations(table, keys, edition))
    text = json.dumps(structure_message(edition), ensure_ascii=False, indent=1)
    (folder / STRUCTURE_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


def _observations(table: PriceTable, keys: list[str], edition: Edition) -> Iterator[list[str]]:
    """Lines of one table: where it is in the cube, the value, and what is known of it."""
    start = ["dataflow", f"{AGENCY}:{FLOW}({VERSION})", "I", "A", table.settings.id.upper()]
    good = {c.code: c.good for c in edition.plan.grading.classes}
    columns = {str(c): table.frame[c].tolist() for c in table.frame.columns}
    for row in range(len(table.frame)):
        place = [
            (columns[k][row] or TOTAL) if k in table.settings.by else NOT_APPLICABLE for k in keys
        ]
        for figure in (*table.counts, *table.figures):
            cell = {p: columns.get(f"{p}_{figure}", [None] * len(table.frame))[row]
                    for p in ("grade", "rse", "low", "high")}  # fmt: skip
            value = _shown(columns[figure][row])
            secret = columns["mark"][row] == CONFIDENTIAL or cell["grade"] == CONFIDENTIAL
            # A count is missing for no other reason than that it is kept back.
            secret |= figure in table.counts and not value
            grade = cell["grade"] or ""
            yield [
                *start,
                *place,
                figure.upper(),
                str(edition.year),
                value,
                _UNITS.get(figure, "YUAN_YEAR"),
                _status(value, grade, secret, good),
                "C" if secret else "F",
                _shown(cell["rse"]),
                _shown(cell["low"]),
                _shown(cell["high"]),
                "" if secret else grade,
            ]


def _status(value: str, grade: str, secret: bool, good: dict[str, bool]) -> str:
    """A: as it should be; U: of low reliability; Q: not shown; M: there is none."""
    if value:
        return "A" if good.get(grade, True) else "U"
    return "Q" if secret or not good.get(grade, True) else "M"


def _shown(value: Any) -> str:
    import pandas as pd

    return "" if value is None or pd.isna(value) else f"{value:.15g}"
