"""CSV twins of the printed tables, and one tidy long file with every figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wageguide.publish.tables import PriceTable

if TYPE_CHECKING:
    import pandas as pd

#: With a byte order mark, so that Excel shows Chinese.
ENCODING = "utf-8-sig"

#: Name of the long file.
LONG_FILE = "prices_long.csv"

#: First characters that make a spreadsheet take a text for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_price_tables(folder: Path, tables: Sequence[PriceTable], year: int) -> None:
    """Write one CSV a table and the long file, figures rounded as published.

    Parameters
    ----------
    folder
        Existing folder.
    tables
        Rounded tables.
    year
        Reference year, a column of the long file.
    """
    for table in tables:
        write_frame(folder / f"{table.settings.id}.csv", table.frame)
    write_frame(folder / LONG_FILE, long_frame(tables, year))


def long_frame(tables: Sequence[PriceTable], year: int) -> pd.DataFrame:
    """Every figure of every table, one a row.

    Returns
    -------
    DataFrame
        ``reference_year``, ``table``, ``key1``, ``code1``, ``name1`` and so on for as many
        keys as the widest table has, ``measure`` (column of the table), ``unit``,
        ``value``, and for the mean and the tiers ``rse``, ``low``, ``high`` and ``grade``.
    """
    import pandas as pd

    widest = max(1, *(len(t.settings.by) for t in tables))
    parts = []
    for table in tables:
        by = table.settings.by
        for place, measure in enumerate([*table.counts, *table.figures]):
            part = pd.DataFrame({"row": range(len(table.frame)), "place": place})
            part["reference_year"], part["table"] = year, table.settings.id
            for number in range(1, widest + 1):
                key = by[number - 1] if number <= len(by) else ""
                part[f"key{number}"] = key
                part[f"code{number}"] = table.frame[key] if key else ""
                part[f"name{number}"] = table.frame[f"{key}_name"] if key else ""
            part["measure"] = measure
            part["unit"] = _unit(measure)
            part["value"] = [_shown(v) for v in table.frame[measure]]
            for beside in ("rse", "low", "high", "grade"):
                values = table.frame.get(f"{beside}_{measure}", [None] * len(table.frame))
                part[beside] = [_shown(v) for v in values]
            parts.append(part)
    stacked = pd.concat(parts, ignore_index=True)
    order = {t.settings.id: n for n, t in enumerate(tables)}
    stacked["order"] = stacked["table"].map(order)
    stacked = stacked.sort_values(["order", "row", "place"], ignore_index=True)
    return stacked.drop(columns=["order", "row", "place"])


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as CSV in which no text can become a formula."""
    import pandas as pd

    plain = frame.copy()
    for name in plain.columns:
        if not _is_number(plain[name]):
            plain[name] = pd.Series([_defused(v) for v in plain[name]], plain.index, dtype=object)
    plain.to_csv(path, index=False, encoding=ENCODING, lineterminator="\r\n")


def _is_number(column: pd.Series) -> bool:
    return getattr(column.dtype, "kind", "O") in "iufb"


def _defused(value: object) -> object:
    """Text that a spreadsheet would take for a formula, behind an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        try:
            float(value)
        except ValueError:
            return "'" + value
    return value


def _unit(measure: str) -> str:
    return {"workers": "人", "weight": "人", "enterprises": "户"}.get(measure, "元/年")


def _shown(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
