"""One flat file of workers: CSV in UTF-8 or GBK, or Parquet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from wageguide.errors import SurveyError
from wageguide.provenance import hash_file
from wageguide.survey.cells import Cells
from wageguide.survey.encodings import decode
from wageguide.survey.form import Form
from wageguide.survey.layout import find_table
from wageguide.survey.sheets import Chunk, Gatherer, Return, note_headings, read_table


def read_csv(path: Path, form: Form) -> Chunk:
    """Read a CSV file whose headings are those of the data dictionary.

    Raises
    ------
    SurveyError
        If it is neither UTF-8 nor GBK/GB18030, or has no known headings.
    """
    rows = [list(r) for r in csv.reader(io.StringIO(_decode(path), newline=""))]
    width = max((len(r) for r in rows), default=0)
    rows = [r + [""] * (width - len(r)) for r in rows]
    layout = find_table(rows, form)
    if layout is None:
        raise SurveyError(_no_headings(path, [h for r in rows[:1] for h in r], form))
    result, gathered = Return(hash_file(path)), Gatherer()
    read_table(rows, layout, form, result, gathered)
    return gathered.chunk([result])


def _decode(path: Path) -> str:
    try:
        return decode(path.read_bytes())
    except ValueError as error:
        raise SurveyError(f"{path.name} {error}. Save it as CSV in UTF-8.") from error


def read_parquet(path: Path, form: Form) -> Chunk:
    """Read a Parquet file whose column names are headings of the data dictionary.

    Raises
    ------
    SurveyError
        If it is no Parquet file or has no known headings.
    """
    try:
        table = parquet.read_table(path)
    except pa.ArrowException as error:
        raise SurveyError(f"{path.name} cannot be read as Parquet: {error}.") from error
    layout = find_table([table.column_names], form)
    if layout is None:
        raise SurveyError(_no_headings(path, table.column_names, form))
    result = Return(hash_file(path), rows=table.num_rows)
    result.present, result.units = tuple(layout.columns), layout.units
    note_headings(result, layout, form)
    columns = {n: _cells(table.column(i)) for n, i in layout.columns.items()}
    extra = [
        (i, heading, str(value))
        for heading, place in layout.extra.items()
        for i, value in enumerate(table.column(place).to_pylist())
        if value is not None
    ]
    rows = list(range(1, table.num_rows + 1))
    return Chunk([result], table.num_rows, columns, rows, extra)


def _cells(column: pa.ChunkedArray) -> Cells:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        values = column.cast(pa.float64(), safe=False).to_numpy()
        missing = np.isnan(values)
        if not missing.any():
            return Cells(values, None)
        empty = pa.array(["" if m else None for m in missing.tolist()], pa.string())
        return Cells(values, empty)
    text = pc.fill_null(column.cast(pa.string()), "").combine_chunks()
    return Cells(None, text)


def _no_headings(path: Path, found: list[str], form: Form) -> str:
    shown = ", ".join(str(h) for h in found[:20]) or "nothing"
    return (
        f"{path.name} has no row of known headings; it begins with: {shown}. "
        f"At least {form.needed} are needed."
    )
