"""Tier tables as plain files: CSV, Parquet and a bare workbook, unrounded."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wageguide.errors import InputError
from wageguide.tiers.arrow import repeated_text

if TYPE_CHECKING:
    from wageguide.tiers.table import TierTable

#: Forms in which tables can be written, by file ending.
FORMS = {".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}

#: Name of the table of all rows, in the column that tells tables apart.
TOTAL = "total"

_XLSX_ROWS = 1_048_576


def form_of(path: Path) -> str:
    """Form that a file ending asks for.

    Raises
    ------
    InputError
        If the ending is none of `FORMS`.
    """
    try:
        return FORMS[path.suffix.lower()]
    except KeyError:
        raise InputError(
            f"Output {path.name!r} ends in {path.suffix or 'nothing'!r}; "
            f"tables can be written as {', '.join(FORMS)}."
        ) from None


def write_tables(tables: Sequence[TierTable], path: Path, form: str) -> None:
    """Write tables to one file, whole or not at all; several get a column ``table``."""
    columns = stacked(tables)
    beside = path.with_name(f".{path.name}.partial")
    try:
        if form == "csv":
            from pyarrow import csv

            csv.write_csv(columns, beside, csv.WriteOptions(quoting_style="needed"))
        elif form == "parquet":
            from pyarrow import parquet

            parquet.write_table(columns, beside)
        else:
            _write_workbook(columns, [n for t in tables for n in (t.title, *t.notes)], beside)
        os.replace(beside, path)
    except OSError as error:
        raise InputError(f"Output {path} cannot be written: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)


def stacked(tables: Sequence[TierTable]) -> pa.Table:
    """One table's columns as they are; several below each other, told apart by ``table``."""
    if len(tables) == 1:
        return tables[0].columns
    keys = dict.fromkeys(key for t in tables for key in t.by)
    parts = []
    for t in tables:
        rows = len(t.columns)
        columns: dict[str, Any] = {"table": repeated_text(",".join(t.by) or TOTAL, rows)}
        columns |= {
            k: _text(t.columns[k]) if k in t.by else pa.nulls(rows, pa.string()) for k in keys
        }
        figures = (c for c in t.columns.column_names if c not in t.by)
        columns |= {name: t.columns[name] for name in figures}
        parts.append(pa.Table.from_arrays(list(columns.values()), list(columns)))
    return pa.concat_tables(parts)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _write_workbook(columns: pa.Table, notes: Sequence[str], path: Path) -> None:
    import xlsxwriter

    if len(columns) + len(notes) + 2 > _XLSX_ROWS:
        raise InputError(
            f"The table has {len(columns):,} rows; a worksheet holds {_XLSX_ROWS:,}. "
            "Write .csv or .parquet."
        )
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with path.open("wb") as file, xlsxwriter.Workbook(file, {**plain, "in_memory": True}) as book:
        from datetime import datetime

        book.set_properties({"created": datetime(2000, 1, 1)})  # the same bytes every time
        sheet = book.add_worksheet("tiers")
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(columns.column_names):
            sheet.write_string(0, place, name)
            for row, value in enumerate(columns[name].to_pylist(), 1):
                if value is None or (isinstance(value, float) and math.isnan(value)):
                    continue
                if isinstance(value, str):
                    sheet.write_string(row, place, value)
                else:
                    sheet.write(row, place, value)
        for row, note in enumerate(notes, len(columns) + 2):
            sheet.write_string(row, 0, note)
